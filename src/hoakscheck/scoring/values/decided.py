"""Decisions and verdicts as the values of columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np

from hoakscheck.civic.context import Context
from hoakscheck.labels import Label
from hoakscheck.model.decision import Decision
from hoakscheck.scoring.values.choices import Choices, Values
from hoakscheck.serving.decisions import REASONS, Decisions, Floats
from hoakscheck.verdict import Basis, Verdict

#: Numbers are whole millionths: sums may differ in their last bits between machines, and no decision hangs on the seventh digit.
MILLION: Final = 1_000_000

_LABELS: Final = tuple(label.value for label in Label)
_REASONS: Final = tuple(" ".join(reasons) for reasons in REASONS)


def decision_values(decisions: Decisions) -> Values:
    """Return the values of :data:`hoakscheck.scoring.columns.DECISION`.

    >>> from hoakscheck import Classifier
    >>> values = decision_values(Classifier.load().decide_block(["Ayo coblos nomor 3, pilih Bu Ratih!"]))
    >>> values[0][0], values[5][0], values[1] == values[3]
    ('political_ad', False, array([ True]))
    """
    return _values(Choices(_LABELS, decisions.labels), decisions.probabilities, Choices(_REASONS, decisions.reasons))


def ruled_values(decisions: Sequence[Decision], contexts: Iterable[Context | None]) -> Values:
    """Return the values of ``DECISION`` and ``CONTEXT`` in :mod:`hoakscheck.scoring.columns`, of decisions with contexts."""
    places = np.array([_LABELS.index(decision.label) for decision in decisions], dtype=np.intp)
    probabilities = np.array([decision.probabilities for decision in decisions]).reshape(-1, len(_LABELS))
    reasons = Choices.of([" ".join(decision.review_reasons) for decision in decisions])
    bases = [Basis.TEXT_ONLY if context is None or context.is_empty else Basis.TEXT_AND_CONTEXT for context in contexts]
    return (
        *_values(Choices(_LABELS, places), probabilities, reasons),
        Choices.of([basis.value for basis in bases]),
        Choices.of([" ".join(decision.rules) for decision in decisions]),
        Choices.of([" ".join(decision.flags) for decision in decisions]),
    )


def _values(labels: Choices, probabilities: Floats, reasons: Choices) -> Values:
    rounded = np.rint(probabilities * MILLION) / MILLION
    asks = np.array([bool(some) for some in reasons.values], dtype=np.intp)
    review = Choices((False, True), asks.take(reasons.places))
    return labels, rounded[np.arange(len(labels)), labels.places], *rounded.T, review, reasons


def explanation_values(verdicts: Iterable[Verdict]) -> Values:
    """Return the values of :data:`hoakscheck.scoring.columns.EXPLANATION`."""
    return ([_strongest(verdict) for verdict in verdicts],)


def _strongest(verdict: Verdict) -> list[dict[str, Any]]:
    return [
        {"word": item.word, "start": item.start, "end": item.end, "contribution": round(item.contribution * MILLION) / MILLION}
        for item in verdict.strongest()
    ]
