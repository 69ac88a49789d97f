"""What scoring came to: counts that add up over chunks and over runs."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from hoakscheck.labels import Label
from hoakscheck.scoring.columns import DECISION
from hoakscheck.scoring.values.choices import Choices, ColumnValues, Values

_NAMES = [column.name for column in DECISION]
_LABEL, _REVIEW = _NAMES.index("label"), _NAMES.index("needs_review")


@dataclass(frozen=True)
class Tally:
    """Counts of rows.

    Attributes:
        rows: rows read and written.
        needs_review: those with a verdict that asks for review.
        bad: those that could not be scored; each is in the output with its reason, and in the quarantine.
        labels: label -> rows.
    """

    rows: int = 0
    needs_review: int = 0
    bad: int = 0
    labels: dict[str, int] = field(default_factory=dict)

    def __add__(self, other: Tally) -> Tally:
        labels = Counter(self.labels) + Counter(other.labels)
        return Tally(self.rows + other.rows, self.needs_review + other.needs_review, self.bad + other.bad, dict(labels))


def tally(values: Values) -> Tally:
    """Count rows by what scoring adds to them."""
    labels = _counts(values[_LABEL])
    bad = labels.pop(None, 0)
    reviews = _counts(values[_REVIEW])[True] - bad  # who cannot be scored asks for review too
    return Tally(len(values[_LABEL]), reviews, bad, dict(labels))


def _counts(column: ColumnValues) -> Counter[Any]:
    if not isinstance(column, Choices):
        return Counter(column)
    found: Counter[Any] = Counter()
    for value, count in zip(column.values, np.bincount(column.places, minlength=len(column.values)).tolist(), strict=True):
        found[value] += count
    return +found


@dataclass(frozen=True)
class Summary:
    """What scoring files came to.

    Attributes:
        rows: rows read and written, those of an earlier run that was resumed among them.
        labels: label -> rows.
        needs_review: rows with a verdict that asks for review.
        bad: rows that could not be scored; each is in the output with its reason.
        resumed: rows that an earlier run had done.
        seconds: time that this run took.
        model: name and version of the model.
        output: the file written; ``-`` for standard output.
        quarantine: file with the bad rows; empty when there is none.
        complete_before: the output was complete already, and nothing was done or counted.
    """

    rows: int
    labels: dict[str, int]
    needs_review: int
    bad: int
    resumed: int
    seconds: float
    model: str
    output: str
    quarantine: str
    complete_before: bool = False

    @property
    def review_rate(self) -> float:
        """Share of the rows with a verdict that ask for review, 0 to 1."""
        return self.needs_review / max(self.rows - self.bad, 1)

    @property
    def rows_per_second(self) -> float:
        """Rows that this run did in a second."""
        return (self.rows - self.resumed) / self.seconds if self.seconds else 0.0

    def to_dict(self) -> dict[str, Any]:
        """Return plain types, ready for JSON."""
        rates = {"review_rate": round(self.review_rate, 4), "rows_per_second": round(self.rows_per_second, 1)}
        return asdict(self) | {"seconds": round(self.seconds, 3)} | rates

    def __str__(self) -> str:
        if self.complete_before:
            return f"{self.output}: complete already, nothing to resume"
        labels = ", ".join(f"{count:,} {label}" for label, count in self.labels.items())
        resumed = f" ({self.resumed:,} of an earlier run)" if self.resumed else ""
        bad = f"; {self.bad:,} bad" + (f", kept in {self.quarantine}" if self.quarantine else "")
        return (
            f"{self.rows:,} rows{resumed}: {labels}; {self.needs_review:,} need review ({self.review_rate:.1%}){bad}; "
            f"{self.rows_per_second:,.0f} rows/s -> {self.output}"
        )


def summarise(counted: Tally, **about: Any) -> Summary:
    """Return the summary of counts; every label is in it, in the order of :class:`hoakscheck.Label`."""
    labels = {label.value: counted.labels.get(label.value, 0) for label in Label}
    return Summary(rows=counted.rows, labels=labels, needs_review=counted.needs_review, bad=counted.bad, **about)
