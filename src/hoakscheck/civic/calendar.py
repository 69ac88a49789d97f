"""Which elections there were, and when campaigning had to stop: the dated calendar in ``calendar.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Election:
    """One day of voting and the silence period before it.

    Attributes:
        name: for instance ``"Pemilu 2024"``.
        voting_day: the day of voting at home.
        silence_from, silence_to: first and last day without campaigning.
        area: where it was held.
        source: the law or regulation that set the days.
    """

    name: str
    voting_day: date
    silence_from: date
    silence_to: date
    area: str
    source: str


@lru_cache(maxsize=1)
def elections() -> tuple[Election, ...]:
    """Return the elections of the calendar, by date."""
    content = resources.files("hoakscheck.civic").joinpath("calendar.toml").read_text(encoding="utf-8")
    return tuple(sorted((Election(**entry) for entry in tomllib.loads(content)["election"]), key=lambda each: each.voting_day))


def silenced_by(day: date) -> Election | None:
    """Return the election in whose silence period a day falls, None in any other time.

    >>> silenced_by(date(2024, 2, 12)).name
    'Pemilu 2024'
    >>> silenced_by(date(2024, 2, 14)) is None
    True
    """
    return next((election for election in elections() if election.silence_from <= day <= election.silence_to), None)
