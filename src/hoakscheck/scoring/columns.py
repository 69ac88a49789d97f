"""The columns that scoring adds: the one list from which files, frames and clusters take names and types.

A further part of the verdict (facets, fact-check matches) is a further tuple of columns with a function that gives its cells,
and a line in :func:`columns_of` and in :func:`hoakscheck.scoring.verdicts.verdict_cells`.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import Any, Final, NamedTuple

from hoakscheck.labels import Label
from hoakscheck.model.decision import Decision
from hoakscheck.verdict import Verdict


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


#: The cells of one row, in the order of its columns.
Cells = tuple[Any, ...]

#: Digits of a number: sums may differ in their last bits between machines, and no decision hangs on the seventh digit.
DIGITS: Final = 6

DECISION: Final = (
    Column("label", Kind.TEXT),
    Column("probability", Kind.NUMBER),
    *(Column(f"p_{label}", Kind.NUMBER) for label in Label),
    Column("needs_review", Kind.FLAG),
    Column("review_reasons", Kind.TEXT),
)
EXPLANATION: Final = (Column("evidence", Kind.WORDS),)

#: So many digits of its digest name a model in every row; :meth:`hoakscheck.Classifier.load` takes them for the whole.
DIGEST_DIGITS: Final = 12

#: Last, whatever parts there are: the model and which one of that name, and why a row has no verdict.
ORIGIN: Final = (Column("model", Kind.TEXT), Column("model_digest", Kind.TEXT), Column("error", Kind.TEXT))


def columns_of(*, explain: bool = False, prefix: str = "") -> tuple[Column, ...]:
    """Return the columns that scoring adds, in order.

    Args:
        explain: add the words that speak most for the label.
        prefix: what every name begins with.

    >>> [column.name for column in columns_of(prefix="hc_")][:2]
    ['hc_label', 'hc_probability']
    """
    parts = (*DECISION, *(EXPLANATION if explain else ()), *ORIGIN)
    return tuple(column._replace(name=prefix + column.name) for column in parts)


def taken(names: Iterable[str], columns: Iterable[Column]) -> str:
    """Return the first name that scoring would add although it is there already; empty when there is none.

    >>> taken(["id", "label"], columns_of())
    'label'
    """
    added = {column.name for column in columns}
    return next((name for name in names if name in added), "")


def decision_cells(decision: Decision) -> Cells:
    """Return the cells of :data:`DECISION`."""
    hoax, political_ad, benign = decision.probabilities
    reasons = decision.review_reasons
    return (
        decision.label.value,
        round(decision.probability, DIGITS),
        round(hoax, DIGITS),
        round(political_ad, DIGITS),
        round(benign, DIGITS),
        bool(reasons),
        " ".join(reasons),
    )


def explanation_cells(verdict: Verdict) -> Cells:
    """Return the cells of :data:`EXPLANATION`."""
    return (
        [
            {"word": item.word, "start": item.start, "end": item.end, "contribution": round(item.contribution, DIGITS)}
            for item in verdict.strongest()
        ],
    )


#: The cells of :data:`DECISION` and :data:`EXPLANATION` where there is no verdict: a person has to look.
NO_DECISION: Final[Cells] = tuple(True if column.kind is Kind.FLAG else None for column in DECISION)
NO_EXPLANATION: Final[Cells] = (None,)
