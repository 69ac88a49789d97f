"""Texts to cells: the one place where bulk scoring asks the classifier, whatever engine the texts come from."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from hoakscheck.classifier import Classifier
from hoakscheck.inputs import BLOCK_TEXTS
from hoakscheck.model.decision import Decision
from hoakscheck.scoring.columns import (
    DIGEST_DIGITS,
    NO_DECISION,
    NO_EXPLANATION,
    Cells,
    decision_cells,
    explanation_cells,
)


@dataclass(frozen=True, slots=True)
class Unusable:
    """Stands in the place of a text that cannot be scored.

    Attributes:
        reason: why, as the end of a sentence that begins with its row: "has no 'text'".
    """

    reason: str


#: What a row gives to be scored. Further inputs of a verdict would stand beside the text here.
Scorable = str | Unusable


def scorable(value: Any, column: str) -> Scorable:
    """Return a value as a text to score, or why it is none.

    >>> scorable("halo", "text"), scorable(None, "text")
    ('halo', Unusable(reason="has no 'text'"))
    >>> scorable(float("nan"), "text").reason, scorable(5, "text").reason
    ("has no 'text'", "has int instead of a text in 'text'")
    """
    if isinstance(value, str):
        return value
    if value is None or type(value).__name__ == "NAType" or (isinstance(value, float) and math.isnan(value)):  # as pandas has them
        return Unusable(f"has no {column!r}")
    return Unusable(f"has {type(value).__name__} instead of a text in {column!r}")


def verdict_cells(classifier: Classifier, texts: Iterable[Scorable], *, explain: bool) -> Iterator[Cells]:
    """Yield the cells of each text, in the order of :func:`hoakscheck.scoring.columns.columns_of`.

    A row without a usable text asks for review and says why in its last cell.
    """
    origin = classifier.model_id, classifier.digest[:DIGEST_DIGITS]
    if explain:
        for text in texts:
            yield _explained(classifier, text, origin)
        return
    rows = iter(texts)
    while some := list(islice(rows, BLOCK_TEXTS)):
        decisions = classifier.decide_many([text for text in some if isinstance(text, str)])
        for text in some:
            if isinstance(text, Unusable):
                yield (*NO_DECISION, *origin, text.reason)
            else:
                yield (*decision_cells(next(decisions)), *origin, None)


def _explained(classifier: Classifier, text: Scorable, origin: tuple[str, str]) -> Cells:
    if isinstance(text, Unusable):
        return (*NO_DECISION, *NO_EXPLANATION, *origin, text.reason)
    verdict = classifier.classify(text)
    probabilities = tuple(verdict.probabilities.values())
    decision = Decision(verdict.label, verdict.probability, probabilities, verdict.review_reasons)
    return (*decision_cells(decision), *explanation_cells(verdict), *origin, None)
