"""Texts to verdicts: the one place where bulk scoring asks the classifier, whatever engine the texts come from."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from hoakscheck.classifier import Classifier
from hoakscheck.inputs import blocks
from hoakscheck.scoring.columns import DECISION, DIGEST_DIGITS, Kind, Values, columns_of, decision_values, explanation_values


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


def verdict_values(classifier: Classifier, texts: Sequence[Scorable], *, explain: bool) -> Values:
    """Return the values of all columns that scoring adds, in the order of :func:`hoakscheck.scoring.columns.columns_of`.

    A row without a usable text asks for review and says why in its last value.
    """
    usable = [text for text in texts if isinstance(text, str)]
    parts = [_decisions(classifier, usable)]
    if explain:
        parts.append(explanation_values(map(classifier.classify, usable)))
    values = tuple(chain.from_iterable(parts))
    errors = [None if isinstance(text, str) else text.reason for text in texts]
    if len(usable) < len(texts):
        columns = columns_of(explain=explain)
        values = tuple(_spread(some, errors, column.kind is Kind.FLAG) for some, column in zip(values, columns, strict=False))
    origin = classifier.model_id, classifier.digest[:DIGEST_DIGITS]
    return (*values, *([name] * len(texts) for name in origin), errors)


def _decisions(classifier: Classifier, texts: Sequence[str]) -> Values:
    found = [decision_values(classifier.decide_block(block)) for block in blocks(texts)]
    if len(found) == 1:
        return found[0]
    return tuple(list(chain.from_iterable(parts)) for parts in zip(*found, strict=True)) or ((),) * len(DECISION)


def _spread(values: Sequence[Any], errors: Sequence[str | None], asks_for_review: bool) -> list[Any]:
    """Give every value the place of its row; a row without a verdict has none, and a person has to look."""
    following = iter(values)
    nothing = True if asks_for_review else None
    return [next(following) if error is None else nothing for error in errors]
