"""The columns that scoring adds: the one list from which files, frames and clusters take names and types.

A further part of the verdict (facets, fact-check matches) is a further tuple of columns with a function that gives their values,
and a line in :func:`columns_of` and in :func:`hoakscheck.scoring.verdicts.verdict_values`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hoakscheck.civic.context import Context
from hoakscheck.labels import Label
from hoakscheck.model.decision import Decision
from hoakscheck.serving.decisions import Decisions, Floats
from hoakscheck.verdict import Basis, Verdict


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


#: What several rows hold in some columns: for each column one value a row.
Values = tuple[Sequence[Any], ...]

#: Numbers are whole millionths: sums may differ in their last bits between machines, and no decision hangs on the seventh digit.
_MILLION: Final = 1_000_000

_THREE_DIGITS: Final = np.array([list(b"%03d" % number) for number in range(1_000)], dtype=np.uint8)

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


def decision_values(decisions: Decisions) -> Values:
    """Return the values of :data:`DECISION`.

    >>> from hoakscheck import Classifier
    >>> values = decision_values(Classifier.load().decide_block(["Ayo coblos nomor 3, pilih Bu Ratih!"]))
    >>> values[0], values[5], values[1] == values[3]
    (['political_ad'], [False], True)
    """
    labels = decisions.labels.tolist()
    rounded = np.rint(decisions.probabilities * _MILLION) / _MILLION
    return _values([_LABELS[label] for label in labels], rounded, decisions.labels, decisions.review_reasons())


def ruled_values(decisions: Sequence[Decision], contexts: Iterable[Context | None]) -> Values:
    """Return the values of :data:`DECISION` and of :data:`CONTEXT` for decisions with what is known beside the texts."""
    names = [decision.label.value for decision in decisions]
    places = np.array([_LABELS.index(name) for name in names], dtype=np.intp)
    rounded = np.rint(np.array([d.probabilities for d in decisions]).reshape(-1, len(_LABELS)) * _MILLION) / _MILLION
    bases = [Basis.TEXT_ONLY if context is None or context.is_empty else Basis.TEXT_AND_CONTEXT for context in contexts]
    return (
        *_values(names, rounded, places, [decision.review_reasons for decision in decisions]),
        [basis.value for basis in bases],
        [" ".join(decision.rules) for decision in decisions],
        [" ".join(decision.flags) for decision in decisions],
    )


def _values(labels: list[str], rounded: Floats, places: NDArray[np.intp], reasons: Sequence[Sequence[str]]) -> Values:
    return (
        labels,
        rounded[np.arange(len(labels)), places].tolist(),
        *rounded.T.tolist(),
        [bool(some) for some in reasons],
        [" ".join(some) for some in reasons],
    )


_LABELS: Final = [label.value for label in Label]


def written(kind: Kind, values: Sequence[Any], write: Callable[[Any], bytes]) -> Iterable[bytes]:
    """Return the values of a column that scoring adds as files of text hold them; ``write`` gives what no number is."""
    match kind:
        case Kind.NUMBER:
            return decimals(values, nothing=write(None))
        case Kind.WORDS:
            return map(write, values)
        case _:  # a few, again and again
            known = {value: write(value) for value in set(values)}
            return map(known.__getitem__, values)


def decimals(values: Sequence[float | None], *, nothing: bytes) -> list[bytes]:
    """Return the values of a column of numbers, 0 to 1, with six digits each, as they stand in files of text.

    Args:
        values: the numbers.
        nothing: what stands for None.

    >>> decimals([0.5, 1.0, None, 1e-06], nothing=b"null")
    [b'0.500000', b'1.000000', b'null', b'0.000001']
    """
    numbers = np.array(values, dtype=np.float64)  # None becomes NaN
    missing = np.flatnonzero(np.isnan(numbers))
    numbers[missing] = 0
    millionths = np.rint(numbers * _MILLION).astype(np.int64)
    digits = np.empty((len(millionths), 8), dtype=np.uint8)
    digits[:, 0], digits[:, 1] = ord("0") + millionths // _MILLION, ord(".")
    digits[:, 2:5], digits[:, 5:] = _THREE_DIGITS[millionths // 1_000 % 1_000], _THREE_DIGITS[millionths % 1_000]
    written: list[bytes] = digits.view("S8").ravel().tolist()
    for place in missing.tolist():
        written[place] = nothing
    return written


def explanation_values(verdicts: Iterable[Verdict]) -> Values:
    """Return the values of :data:`EXPLANATION`."""
    return ([_strongest(verdict) for verdict in verdicts],)


def _strongest(verdict: Verdict) -> list[dict[str, Any]]:
    return [
        {"word": item.word, "start": item.start, "end": item.end, "contribution": round(item.contribution * _MILLION) / _MILLION}
        for item in verdict.strongest()
    ]
