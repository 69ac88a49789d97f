"""The rows of the suite's table, and the report that holds them."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from hoakscheck.training.suite.judged import Judged
from hoakscheck.training.suite.measures import Measure, interval


@dataclass(frozen=True)
class Goal:
    """What a figure should reach: at least, or at most, a bound."""

    sense: Literal[">=", "<="]
    bound: float

    def is_reached(self, value: float) -> bool:
        """Tell whether a value reaches the goal; what is not a number does not."""
        return value >= self.bound if self.sense == ">=" else value <= self.bound

    def __str__(self) -> str:
        return f"{self.sense} {self.bound:g}"


@dataclass(frozen=True)
class Row:
    """One figure.

    Attributes:
        block: heading that it stands under.
        measure: what was measured.
        split: on what, and what the model had not seen.
        n: number of texts.
        value: the figure.
        low, high: ends of its 95% bootstrap interval; not a number where none was taken.
        goal: what it should reach; None for figures that only inform.
    """

    block: str
    measure: str
    split: str
    n: int
    value: float
    low: float = math.nan
    high: float = math.nan
    goal: Goal | None = None

    @property
    def reached(self) -> bool | None:
        """Whether the goal is reached; None without a goal."""
        return None if self.goal is None else self.goal.is_reached(self.value)


@dataclass(frozen=True)
class SuiteReport:
    """All figures of one model.

    Attributes:
        model: its name and version.
        rows: the figures in the order of the table.
        judged: name of a set -> what was said of it, for plots.
        left_out: what could not be asked, and why.
        digest: of the model.
        data: fingerprint of the corpus that it was asked on.
    """

    model: str
    rows: tuple[Row, ...]
    judged: dict[str, Judged] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    digest: str = ""
    data: str = ""

    def row(self, block: str, measure: str) -> Row:
        """Return one row.

        Raises:
            KeyError: there is none of that name.
        """
        for row in self.rows:
            if (row.block, row.measure) == (block, measure):
                return row
        raise KeyError(f"{block}: {measure}")

    def to_dict(self) -> dict[str, Any]:
        """Return plain types, ready for JSON; figures that are not a number become null."""
        rows = [
            {key: None if isinstance(value, float) and math.isnan(value) else value for key, value in asdict(row).items()}
            | {"goal": str(row.goal) if row.goal else None, "reached": row.reached}
            for row in self.rows
        ]
        return {"model": self.model, "digest": self.digest, "data": self.data, "rows": rows, "left_out": list(self.left_out)}

    def __str__(self) -> str:
        lines = [f"{self.model}", ""]
        block = ""
        for row in self.rows:
            if row.block != block:
                block = row.block
                lines.append(block)
            lines.append(f"  {row.measure:<46} {_figure(row):<22} {_goal(row):<14} n={row.n:,}; {row.split}")
        asked = [row.reached for row in self.rows if row.goal]
        lines += ["", f"{sum(map(bool, asked))} of {len(asked)} goals reached"]
        return "\n".join(lines + [f"not asked: {reason}" for reason in self.left_out])


def measured(block: str, measure: str, *, split: str, judged: Judged, function: Measure, goal: Goal | None = None) -> Row:
    """Return the row of a measure with its interval."""
    low, high = interval(function, judged)
    return Row(block, measure, split, len(judged), function(judged), low, high, goal)


def _figure(row: Row) -> str:
    spread = "" if math.isnan(row.low) else f" [{row.low:.3f}, {row.high:.3f}]"
    return f"{row.value:.3f}{spread}"


def _goal(row: Row) -> str:
    return "" if row.goal is None else f"{'ok' if row.reached else 'SHORT'} {row.goal}"
