"""Taking turns, so that a machine that slows down slows all of them; and fresh processes."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Spread:
    """Several measurements of one thing.

    Attributes:
        median, least, most: of them.
    """

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """Return the spread of some values."""
        return cls(statistics.median(values), min(values), max(values))

    @classmethod
    def single(cls, value: float) -> Spread:
        """Return what was measured once."""
        return cls(value, value, value)

    def scaled(self, factor: float) -> Spread:
        """Return the spread in another unit."""
        return Spread(self.median * factor, self.least * factor, self.most * factor)


def in_turns(plans: Mapping[str, Callable[[], Any]], rounds: int) -> dict[str, list[float]]:
    """Return the seconds of each plan, round by round; one round before them is not counted."""
    seconds: dict[str, list[float]] = {name: [] for name in plans}
    for turn in range(rounds + 1):
        for name, run in plans.items():
            spent = timed(run)
            if turn:
                seconds[name].append(spent)
    return seconds


def ratio(seconds: Mapping[str, Sequence[float]], over: str, under: str) -> Spread:
    """Return by how much one plan takes longer than another, round by round."""
    return Spread.of([one / other for one, other in zip(seconds[over], seconds[under], strict=True)])


def run_python(*arguments: str) -> str:
    """Run Python in a fresh process and return what it prints; compiled modules are kept, as an installer keeps them."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.run([sys.executable, *arguments], check=True, capture_output=True, text=True, env=environment).stdout


def timed(run: Callable[[], Any]) -> float:
    """Return the seconds that something takes."""
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def each(run: Callable[[str], Any], texts: Sequence[str]) -> list[float]:
    """Return the seconds that each text takes."""
    found = []
    for text in texts:
        began = time.perf_counter()
        run(text)
        found.append(time.perf_counter() - began)
    return found
