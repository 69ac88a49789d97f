"""What is said of one text: a triage, never a ruling."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from hoakscheck.labels import Label
from hoakscheck.model.decision import Decision, ReviewReason

if TYPE_CHECKING:
    from hoakscheck.civic.rules import Rule

_SHOWN: Final = 3
_COLOURS: Final = {True: "194, 65, 12", False: "3, 105, 161"}  # for and against, apart for colour-blind readers too


class Basis(StrEnum):
    """What a verdict rests on."""

    TEXT_ONLY = "text_only"
    TEXT_AND_CONTEXT = "text_and_context"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one word of the author's adds to the score.

    Attributes:
        word: the word as written.
        start, end: its span, so that ``text[start:end] == word``.
        contribution: log-odds that it adds; positive speaks for the label, negative against it.
    """

    word: str
    start: int
    end: int
    contribution: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of one text.

    A hoax label means "resembles checked hoaxes", not "false"; benign means "neither of the other two", not "safe".

    Attributes:
        text: the text as given.
        label: what it resembles.
        probability: calibrated probability of the label, 0 to 1.
        probabilities: probability of every label, context taken in; they sum to 1.
        needs_review: whether a person should look before anything follows from it.
        review_reasons: why; empty when the verdict can stand.
        evidence: every word of the text in order.
        base: log-odds of the label in a text without words.
        score: log-odds of the label against its strongest rival by the text alone: ``base`` plus all contributions.
        model: name and version of the model.
        digest: SHA-256 that identifies the model whatever it is called.
        basis: whether context was given.
        rules: rules on context that applied.
        flags: what those rules say beside the label, for instance ``"silence_period"``.
    """

    text: str
    label: Label
    probability: float
    probabilities: Mapping[Label, float]
    needs_review: bool
    review_reasons: tuple[ReviewReason, ...]
    evidence: tuple[Evidence, ...]
    base: float
    score: float
    model: str
    digest: str = ""
    basis: Basis = Basis.TEXT_ONLY
    rules: tuple[Rule, ...] = ()
    flags: tuple[str, ...] = ()

    def strongest(self, count: int = _SHOWN) -> tuple[Evidence, ...]:
        """Return the words that speak most for the label, strongest first; fewer when fewer do."""
        speaking = [item for item in self.evidence if item.contribution > 0]
        return tuple(sorted(speaking, key=lambda item: -item.contribution)[:count])

    def to_dict(self) -> dict[str, Any]:
        """Return plain types, ready for JSON; the text itself is left out."""
        return {
            "label": self.label.value,
            "probability": self.probability,
            "probabilities": {label.value: value for label, value in self.probabilities.items()},
            "needs_review": self.needs_review,
            "review_reasons": [reason.value for reason in self.review_reasons],
            "evidence": [
                {"word": item.word, "start": item.start, "end": item.end, "contribution": item.contribution}
                for item in self.evidence
            ],
            "base": self.base,
            "score": self.score,
            "model": self.model,
            "digest": self.digest,
            "basis": self.basis.value,
            "rules": [{"id": rule.id, "says": rule.says, "source": rule.source} for rule in self.rules],
            "flags": list(self.flags),
        }

    def __str__(self) -> str:
        words = ", ".join(f"{item.word!r} {item.contribution:+.2f}" for item in self.strongest())
        review = f"; needs review: {', '.join(self.review_reasons)}" if self.needs_review else ""
        rules = f"; rules: {', '.join(rule.id for rule in self.rules)}" if self.rules else ""
        return f"{self.label.value} {self.probability:.2f}{review}{rules}" + (f" ({words})" if words else "")

    def _repr_html_(self) -> str:
        """Return the text with its evidence highlighted, for notebooks."""
        import html  # 1 ms, and only notebooks show it

        largest = max((abs(item.contribution) for item in self.evidence), default=0.0) or 1.0
        pieces, position = [], 0
        for item in self.evidence:
            if item.start < position:  # several words can share a span: one slang form, two standard words
                continue
            colour, strength = _COLOURS[item.contribution > 0], min(abs(item.contribution) / largest, 1.0) * 0.5
            pieces.append(html.escape(self.text[position : item.start]))
            pieces.append(
                f'<mark style="background: rgba({colour}, {strength:.2f}); color: inherit" '
                f'title="{item.contribution:+.3f}">{html.escape(item.word)}</mark>'
            )
            position = item.end
        pieces.append(html.escape(self.text[position:]))
        head = html.escape(str(self).split(" (", 1)[0])
        return f"<div><strong>{head}</strong> <small>{html.escape(self.model)}</small><p>{''.join(pieces)}</p></div>"


def asked_question(decision: Decision) -> tuple[int, float]:
    """Return which question explains a decision, 0 hoax or 1 ad, and the sign that speaks for the label.

    Benign is explained against its stronger rival.
    """
    if decision.label is Label.HOAX:
        return 0, 1.0
    if decision.label is Label.POLITICAL_AD:
        return 1, 1.0
    hoax, political_ad, _ = decision.probabilities
    return (0 if hoax > political_ad else 1), -1.0
