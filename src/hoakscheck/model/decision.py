"""From probabilities to a decision: a label, or a label with the reason why a person should look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hoakscheck.labels import Label


class ReviewReason(StrEnum):
    """Why a decision should not stand on its own."""

    LOW_CONFIDENCE = "low_confidence"
    NO_WORDS = "no_words"
    FEW_WORDS = "few_words"
    UNKNOWN_WORDS = "unknown_words"
    CONTEXT_CONFLICT = "context_conflict"


@dataclass(frozen=True)
class Thresholds:
    """Where decisions change; all but the word counts are chosen on validation data.

    Attributes:
        hoax: probability from which a text is called a hoax.
        political_ad: probability, among what is no hoax, from which a text is called a political ad.
        review: a label less probable than this asks for review.
        fewest_words: with fewer words a text asks for review: three words seldom carry a claim.
        known_share: with a smaller part of known words a text asks for review: another language, or noise.
    """

    hoax: float = 0.5
    political_ad: float = 0.5
    review: float = 0.6
    fewest_words: int = 3
    known_share: float = 0.35


@dataclass(frozen=True, slots=True)
class Decision:
    """What is said of one text.

    Attributes:
        label: the label.
        probability: its probability, 0 to 1.
        probabilities: probability of each label, in the order of :class:`hoakscheck.Label`.
        review_reasons: why a person should look; empty when the decision can stand.
        rules: short names of the rules on context that applied.
        flags: what those rules say beside the label.
    """

    label: Label
    probability: float
    probabilities: tuple[float, ...]
    review_reasons: tuple[ReviewReason, ...]
    rules: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()

    @property
    def needs_review(self) -> bool:
        """Whether a person should look before anything follows from the label."""
        return bool(self.review_reasons)


_POSITIONS: Final = {label: position for position, label in enumerate(Label)}


def choose_label(probabilities: Sequence[float], thresholds: Thresholds) -> Label:
    """Return the label by precedence HOAX > POLITICAL_AD > BENIGN (annotation guideline, section 6).

    A hoax inside an ad is still a hoax (rule R1), so an ad is only considered among what is no hoax.

    >>> choose_label((0.2, 0.5, 0.3), Thresholds()), choose_label((0.55, 0.44, 0.01), Thresholds())
    (<Label.POLITICAL_AD: 'political_ad'>, <Label.HOAX: 'hoax'>)
    """
    hoax, political_ad, benign = probabilities
    if hoax >= thresholds.hoax:
        return Label.HOAX
    if political_ad >= thresholds.political_ad * (political_ad + benign):
        return Label.POLITICAL_AD
    return Label.BENIGN


def decide(probabilities: Sequence[float], *, words: int, known: int, thresholds: Thresholds) -> Decision:
    """Return the decision for a text of so many words, of which so many are known to the model.

    >>> decide((0.1, 0.1, 0.8), words=0, known=0, thresholds=Thresholds()).review_reasons
    (<ReviewReason.NO_WORDS: 'no_words'>,)
    """
    label = choose_label(probabilities, thresholds)
    probability = probabilities[_POSITIONS[label]]
    reasons = []
    if words == 0:
        reasons.append(ReviewReason.NO_WORDS)
    elif words < thresholds.fewest_words:
        reasons.append(ReviewReason.FEW_WORDS)
    if known < words * thresholds.known_share:
        reasons.append(ReviewReason.UNKNOWN_WORDS)
    if probability < thresholds.review:
        reasons.append(ReviewReason.LOW_CONFIDENCE)
    return Decision(label, probability, tuple(probabilities), tuple(reasons))
