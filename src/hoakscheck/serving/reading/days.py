"""Marks of days and hours for many numbers at once: the rules of :mod:`hoakscheck.text.numbers.days`, in arrays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from hoakscheck.serving.reading.lookup import KeyIndex
from hoakscheck.text.numbers.ballots import HOUR_CUES, NUMBER_CUES, SPAN_CUES
from hoakscheck.text.numbers.days import (
    DATE,
    DAYTIME,
    DOUBTFUL_MONTHS,
    LAST_HOUR_OF_DAY,
    LAST_OF_MONTH,
    MONTHS,
    PARTS_OF_DAY,
    UNITS,
    Day,
    hour_mark,
)

Numbers = NDArray[np.intp]

#: What hours with minutes say, beyond other short numbers; years say more.
CLOCKS: Final = 100
_BEYOND_CLOCKS: Final = CLOCKS + LAST_HOUR_OF_DAY + 1
#: Neither a day nor an hour; no token that means something has this number.
NO_DAY: Final = 0

_HOUR_CUE: Final = 1 + NUMBER_CUES.index(HOUR_CUES)
_SPAN_CUE: Final = 1 + NUMBER_CUES.index(SPAN_CUES)
_FIRST_PART_OF_DAY: Final = 16
_UNIT: Final = 24
_DOUBTFUL: Final = 32
_PARTS_AND_UNITS: Final = {
    **{stem: number for number, stem in enumerate(PARTS_OF_DAY, start=_FIRST_PART_OF_DAY)},
    **dict.fromkeys(UNITS, _UNIT),
}


def entry_behind(stem: str, surface: str) -> int:
    """Return what a token says behind a number, or 0.

    A month from 1 on, 32 more where only a year behind makes it one; a part of the day from 16 on; 24 for a unit of time.

    >>> [entry_behind(word, word) for word in ("nov", "jan", "siang", "menit", "pilih")]
    [11, 33, 17, 24, 0]
    """
    return MONTHS.get(surface, 0) + _DOUBTFUL * (surface in DOUBTFUL_MONTHS) or _PARTS_AND_UNITS.get(stem, 0)


class DayMarks:
    """Marks of days and hours, by day and by hour.

    Args:
        days: day -> its mark.
        number_mark: gives the number of a mark.
    """

    def __init__(self, days: Mapping[Day, str], number_mark: Callable[[str], int]) -> None:
        self._index = KeyIndex(np.array([_day_key(*day) for day in days], dtype=np.int64))
        self._marks = np.array([number_mark(mark) for mark in days.values()], dtype=np.intp)
        self._date = number_mark(DATE)
        self._hours = np.array(
            [[number_mark(hour_mark(hour, part)) for part in ("", *PARTS_OF_DAY)] for hour in range(LAST_HOUR_OF_DAY + 1)]
        )

    def marks(self, digits: Numbers, following: Numbers, years: Numbers, cues: Numbers) -> Numbers:
        """Return the number of the mark that each number becomes, or :data:`NO_DAY`.

        Args:
            digits: what the number says.
            following: what the word behind says, see :func:`entry_behind`.
            years: what the number behind that says, or 0.
            cues: kind of number cue that the word before is, from 1 on, or 0.
        """
        years = np.where(years >= _BEYOND_CLOCKS, years, 0)
        months = np.where((following > _DOUBTFUL) & (years > 0), following - _DOUBTFUL, following)
        parts = np.where((following < _FIRST_PART_OF_DAY) | (following >= _UNIT), 0, following - _FIRST_PART_OF_DAY + 1)
        is_clock = (digits >= CLOCKS) & (digits < _BEYOND_CLOCKS)
        is_hour = (cues == _HOUR_CUE) & (following != _UNIT) | (cues == _SPAN_CUE) & (parts > 0) & (parts <= len(DAYTIME))
        hours = self._hours[np.minimum(np.where(is_clock, digits - CLOCKS, digits), LAST_HOUR_OF_DAY), parts]
        found = np.where(is_clock | is_hour & (digits <= LAST_HOUR_OF_DAY), hours, NO_DAY)
        is_day = (months > 0) & (months < _FIRST_PART_OF_DAY) & (digits >= 1) & (digits <= LAST_OF_MONTH)
        found[is_day] = self._date
        where, which = self._index.find(_day_key(years, months, digits))
        marked = is_day[where]
        found[where[marked]] = self._marks[which[marked]]
        return found


def _day_key(year: Any, month: Any, day: Any) -> Any:
    return (year * 16 + month) * 32 + day
