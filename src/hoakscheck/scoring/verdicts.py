"""Texts to verdicts: the one place where bulk scoring asks the classifier, whatever engine the texts come from."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from hoakscheck.civic.context import Context
from hoakscheck.classifier import Classifier
from hoakscheck.inputs import blocks
from hoakscheck.scoring.columns import (
    DECISION,
    DIGEST_DIGITS,
    Kind,
    Values,
    columns_of,
    decision_values,
    explanation_values,
    ruled_values,
)


@dataclass(frozen=True, slots=True)
class Unusable:
    """Stands in the place of a text that cannot be scored.

    Attributes:
        reason: why, as the end of a sentence that begins with its row: "has no 'text'".
    """

    reason: str


#: What a row gives to be scored.
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
    if is_nothing(value):
        return Unusable(f"has no {column!r}")
    return Unusable(f"has {type(value).__name__} instead of a text in {column!r}")


def is_nothing(value: Any) -> bool:
    """Whether a cell holds no value, as Python or pandas have it."""
    return value is None or type(value).__name__ in {"NAType", "NaTType"} or (isinstance(value, float) and math.isnan(value))


def verdict_values(
    classifier: Classifier, texts: Sequence[Scorable], contexts: Sequence[Context | None] | None = None, *, explain: bool
) -> Values:
    """Return the values of all columns that scoring adds, in the order of :func:`hoakscheck.scoring.columns.columns_of`.

    A row without a usable text asks for review and says why in its last value.

    Args:
        classifier: what decides.
        texts: the texts, or why there is none.
        contexts: what is known beside each text; None where no columns hold it.
        explain: whether the words that speak most are asked for.
    """
    usable = [text for text in texts if isinstance(text, str)]
    known = None if contexts is None else [c for c, text in zip(contexts, texts, strict=True) if isinstance(text, str)]
    if known is None:
        parts = [_decisions(classifier, usable)]
    else:
        parts = [ruled_values(list(classifier.decide_many(usable, known)), known)]
    if explain:
        parts.append(explanation_values(classifier.classify_many(usable, known)))
    values = tuple(chain.from_iterable(parts))
    errors = [None if isinstance(text, str) else text.reason for text in texts]
    if len(usable) < len(texts):
        columns = columns_of(context=contexts is not None, explain=explain)
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
