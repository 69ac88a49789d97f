"""The columns that scoring adds: the one list from which files, frames and clusters take names and types.

A further part of the verdict (facets, fact-check matches) is a further tuple of columns, a function in
:mod:`hoakscheck.scoring.values.decided` that gives their values, and a line in :func:`columns_of` and in
:func:`hoakscheck.scoring.verdicts.verdict_values`.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import Final, NamedTuple

from hoakscheck.labels import Label


class Kind(Enum):
    """What a column holds; every format and every engine has a type for each."""

    TEXT = "text"
    NUMBER = "number"
    FLAG = "flag"
    WORDS = "words"  # a list of {word, start, end, contribution}


class Column(NamedTuple):
    """A column that scoring adds."""

    name: str
    kind: Kind


DECISION: Final = (
    Column("label", Kind.TEXT),
    Column("probability", Kind.NUMBER),
    *(Column(f"p_{label}", Kind.NUMBER) for label in Label),
    Column("needs_review", Kind.FLAG),
    Column("review_reasons", Kind.TEXT),
)
#: Where columns hold what is known beside the texts: what that did.
CONTEXT: Final = (Column("basis", Kind.TEXT), Column("rules", Kind.TEXT), Column("flags", Kind.TEXT))
EXPLANATION: Final = (Column("evidence", Kind.WORDS),)

#: So many digits of its digest name a model in every row; :meth:`hoakscheck.Classifier.load` takes them for the whole.
DIGEST_DIGITS: Final = 12

#: Last, whatever parts there are: the model and which one of that name, and why a row has no verdict.
ORIGIN: Final = (Column("model", Kind.TEXT), Column("model_digest", Kind.TEXT), Column("error", Kind.TEXT))


def columns_of(*, context: bool = False, explain: bool = False, prefix: str = "") -> tuple[Column, ...]:
    """Return the columns that scoring adds, in order.

    Args:
        context: add what the rules on context did.
        explain: add the words that speak most for the label.
        prefix: what every name begins with.

    >>> [column.name for column in columns_of(prefix="hc_")][:2]
    ['hc_label', 'hc_probability']
    """
    parts = (*DECISION, *(CONTEXT if context else ()), *(EXPLANATION if explain else ()), *ORIGIN)
    return tuple(column._replace(name=prefix + column.name) for column in parts)


def taken(names: Iterable[str], columns: Iterable[Column]) -> str:
    """Return the first name that scoring would add although it is there already; empty when there is none.

    >>> taken(["id", "label"], columns_of())
    'label'
    """
    added = {column.name for column in columns}
    return next((name for name in names if name in added), "")
