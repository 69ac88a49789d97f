"""Texts to verdicts: the one place where bulk scoring asks the classifier, whatever engine the texts come from."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from hoakscheck.civic.context import Context
from hoakscheck.classifier import Classifier
from hoakscheck.inputs import blocks
from hoakscheck.labels import Label
from hoakscheck.scoring.columns import DIGEST_DIGITS, Column, Kind, columns_of
from hoakscheck.scoring.values.choices import Choices, Values, joined, spread
from hoakscheck.scoring.values.decided import decision_values, explanation_values, ruled_values
from hoakscheck.serving.decisions import Decisions

_NONE: Final = Decisions(np.empty((0, len(Label))), np.empty(0, dtype=np.intp), np.empty(0, dtype=np.intp))


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
    values = _decisions(classifier, usable) if known is None else ruled_values(list(classifier.decide_many(usable, known)), known)
    if explain:
        values += explanation_values(classifier.classify_many(usable, known))
    errors = Choices.same(None, len(texts))
    if len(usable) < len(texts):
        errors = Choices.of([text.reason if isinstance(text, Unusable) else None for text in texts])
        values = _spread(values, errors, columns_of(context=contexts is not None, explain=explain))
    return (*values, *(Choices.same(name, len(texts)) for name in (classifier.model_id, classifier.digest[:DIGEST_DIGITS])), errors)


def _decisions(classifier: Classifier, texts: Sequence[str]) -> Values:
    found = [decision_values(classifier.decide_block(block)) for block in blocks(texts)] or [decision_values(_NONE)]
    return tuple(joined(parts) for parts in zip(*found, strict=True))


def _spread(values: Values, errors: Choices, columns: Sequence[Column]) -> Values:
    """Give every value the place of its row; a row without a verdict has none, and a person has to look."""
    places = np.array([place for place, error in enumerate(errors) if error is None], dtype=np.intp)
    return tuple(
        spread(some, places, len(errors), nothing=True if column.kind is Kind.FLAG else None)
        for some, column in zip(values, columns, strict=False)
    )
