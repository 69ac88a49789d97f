"""Days and hours of voting, told by their numbers: where all of them carry the same mark, a wrong day reads like the right one.

The days are those of ``words/voting_days.tsv``. Polls are open from 07.00 to 13.00 local time, and who is on no list votes in the
last hour: PKPU 25/2023 for general elections, PKPU 17/2024 for regional ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from hoakscheck.text.numbers.ballots import HOUR_CUES, LONGEST_SHORT, number_mark
from hoakscheck.text.tokens import CLOCK, YEAR, Token

VOTING_DAY: Final = "<voting_day>"
SILENCE_DAY: Final = "<silence_day>"  # one of the three days before
NEAR_DAY: Final = "<day_near_voting>"
DATE: Final = "<date>"
OPENING: Final = "<opening>"
CLOSING: Final = "<closing>"
LAST_HOUR: Final = "<last_hour>"

#: Year (0 where none is written), month and day.
Day = tuple[int, int, int]

_SILENT: Final = 3
_NEAR: Final = 7

_SPELLINGS: Final = (
    "januari jan", "februari feb febuari pebruari", "maret mar", "april apr", "mei", "juni jun", "juli jul",
    "agustus agu agt agust", "september sep sept", "oktober okt", "november nov nopember nop", "desember des",
)  # fmt: skip
MONTHS: Final = {name: month for month, names in enumerate(_SPELLINGS, start=1) for name in names.split()}
LAST_OF_MONTH: Final = 31
LAST_HOUR_OF_DAY: Final = 24

#: Words behind an hour; "jam 1 siang" is one o'clock in the afternoon.
PARTS_OF_DAY: Final = ("pagi", "siang", "sore", "malam")
_EVENING: Final = frozenset({"sore", "malam"})

_IN_FIGURES = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](20\d\d)\Z", re.ASCII)
_IN_CLOCK = re.compile(r"\d+")
#: An hour with punctuation behind it, which is cut as a number.
_CLOSED_CLOCK = re.compile(r"(?:[01]?\d|2[0-4])[.:][0-5]\d\Z", re.ASCII)


def marked_days(voting_days: Iterable[date]) -> dict[Day, str]:
    """Return the marks of the days of voting and of those around, with their year and without; all other days are a date.

    >>> days = marked_days([date(2024, 2, 14)])
    >>> days[2024, 2, 14], days[0, 2, 14], days[2024, 2, 12], days[2024, 2, 15], (2019, 2, 14) in days
    ('<voting_day>', '<voting_day>', '<silence_day>', '<day_near_voting>', False)
    """
    marks = {0: VOTING_DAY, **dict.fromkeys(range(-_SILENT, 0), SILENCE_DAY)}
    by_strength = sorted(range(-_NEAR, _NEAR + 1), key=lambda shift: (shift in marks, shift))
    days: dict[Day, str] = {}
    voting_days = list(voting_days)
    for shift in by_strength:  # a day of voting stays one where another election is near
        for voting_day in voting_days:
            day = voting_day + timedelta(days=shift)
            days[day.year, day.month, day.day] = days[0, day.month, day.day] = marks.get(shift, NEAR_DAY)
    return days


def number_token(written: str, start: int, end: int, days: Mapping[Day, str]) -> Token:
    """Return the token of a number; one of which :func:`tell_days` needs the digits carries them as its surface.

    Args:
        written: the number.
        start: where it stands.
        end: where it ends.
        days: their marks; where there are none, no number is told to be a day.

    >>> days = marked_days([date(2024, 11, 27)])
    >>> [number_token(written, 0, 1, days)[2:] for written in ("27/11/2024", "28.11.2024", "1/1/2023", "31/31/2024", "01/02/03")]
    [('<voting_day>', ''), ('<day_near_voting>', ''), ('<date>', ''), ('<number>', ''), ('<number>', '')]
    >>> [number_token(written, 0, 1, days)[2:] for written in ("7", "2024", "1000", "07.00")]
    [('<short_number>', '07'), ('<year>', '2024'), ('<number>', ''), ('<opening>', '')]
    """
    mark = number_mark(written)
    if not days:
        return Token(start, end, mark, "")
    if written.isdecimal():
        is_needed = len(written) <= LONGEST_SHORT or mark == YEAR
        return Token(start, end, mark, f"{int(written):02d}" if is_needed else "")
    if _CLOSED_CLOCK.match(written):
        return Token(start, end, clock_mark(written, days), "")
    return Token(start, end, _day_in_figures(written, days) or mark, "")


def _day_in_figures(written: str, days: Mapping[Day, str]) -> str:
    found = _IN_FIGURES.match(written)
    if not found:
        return ""
    day, month, year = (int(part) for part in found.groups())
    is_day = 1 <= day <= LAST_OF_MONTH and 1 <= month <= len(_SPELLINGS)
    return days.get((year, month, day), DATE) if is_day else ""


def clock_mark(written: str, days: Mapping[Day, str]) -> str:
    """Return the mark of an hour with its minutes; of any the same where days have no marks.

    >>> days = marked_days([date(2024, 11, 27)])
    >>> [clock_mark(written, days) for written in ("07.00", "13:00", "12.00", "13.30")], clock_mark("07.00", {})
    (['<opening>', '<closing>', '<last_hour>', '<clock>'], '<clock>')
    """
    hour, minutes = (int(part) for part in _IN_CLOCK.findall(written))
    return CLOCK if minutes or not days else hour_mark(hour)


def hour_mark(hour: int, part_of_day: str = "") -> str:
    """Return the mark of a full hour, with the word behind it that tells the part of the day.

    >>> hour_mark(7), hour_mark(7, "malam"), hour_mark(1, "siang"), hour_mark(1)
    ('<opening>', '<clock>', '<closing>', '<clock>')
    """
    if hour == 7 and part_of_day not in _EVENING:
        return OPENING
    if hour == 13 or (hour == 1 and part_of_day == "siang"):
        return CLOSING
    return LAST_HOUR if hour == 12 and part_of_day not in _EVENING else CLOCK


def tell_days(found: Sequence[Token], days: Mapping[Day, str]) -> list[Token]:
    """Tell days before a month and hours behind *jam* or *pukul* from other numbers.

    Numbers of which this step needs the digits carry them as their surface; they leave it without.

    >>> days = marked_days([date(2024, 2, 14)])
    >>> number, year = Token(0, 2, "<short_number>", "14"), Token(12, 16, "<year>", "2024")
    >>> [token.stem for token in tell_days([number, Token(3, 11, "februari", "februari"), year], days)]
    ['<voting_day>', 'februari', '<year>']
    """
    told = list(found)
    for place in [place for place, token in enumerate(found) if token[2][:1] == "<" and token[3].isdecimal()]:
        mark = _mark_among_neighbours(found, place, days) if len(found[place][3]) <= LONGEST_SHORT else ""
        told[place] = found[place]._replace(stem=mark or found[place][2], surface="")
    return told


def _mark_among_neighbours(found: Sequence[Token], place: int, days: Mapping[Day, str]) -> str:
    """Return the mark of a day or an hour, empty where the number is neither."""
    number = int(found[place][3])
    following, after_next = (found[at] if at < len(found) else None for at in (place + 1, place + 2))
    month = MONTHS.get(following[3], 0) if following else 0
    if month and 1 <= number <= LAST_OF_MONTH:
        digits = after_next[3] if after_next and after_next[2] == YEAR else ""
        year = int(digits) if digits else 0
        return days.get((year, month, number), DATE)
    if place and found[place - 1][2] in HOUR_CUES and number <= LAST_HOUR_OF_DAY:
        return hour_mark(number, following[2] if following else "")
    return ""
