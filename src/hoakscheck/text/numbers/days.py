"""Days and hours of voting, told by their numbers: where all of them carry the same mark, a wrong day reads like the right one.

The days are those of ``words/voting_days.tsv``. Polls are open from 07.00 to 13.00 local time, and who is on no list votes in the
last hour: PKPU 25/2023 for general elections, PKPU 17/2024 for regional ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from hoakscheck.text.numbers.ballots import HOUR_CUES, LONGEST_SHORT, SPAN_CUES, number_mark
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
    "januari jan january", "februari feb febuari pebruari february", "maret mar march", "april apr", "mei may", "juni jun june",
    "juli jul july", "agustus agu agt agust august aug", "september sep sept", "oktober okt october oct",
    "november nov nopember nop", "desember des december dec",
)  # fmt: skip
MONTHS: Final = {name: month for month, names in enumerate(_SPELLINGS, start=1) for name in names.split()}
#: Words beside that (*jan* is *jangan*): months only with a year behind.
DOUBTFUL_MONTHS: Final = frozenset({"jan", "mar", "march", "may"})
LAST_OF_MONTH: Final = 31
LAST_HOUR_OF_DAY: Final = 24

#: Between a word such as *sampai* and one of these a number is an hour; elsewhere "no 2, siang ini" would be one, too.
DAYTIME: Final = ("pagi", "siang")
_EVENING: Final = ("sore", "malam")
#: Words behind an hour; "jam 1 siang" is one o'clock in the afternoon.
PARTS_OF_DAY: Final = (*DAYTIME, *_EVENING)
#: With one of these behind a number is no hour: "3 jam 13 menit". Not *hari*: "jam 7 hari Rabu".
UNITS: Final = ("detik", "menit", "bulan", "tahun")

#: With a year, which has two figures from 2020 on: before, scores and versions look the same.
_IN_FIGURES = re.compile(
    r"(?P<day>\d{1,2})(?:[/.-](?P<month>\d{1,2})[/.-]20|[/-](?P<short>\d{1,2})[/-](?=2))(?P<year>\d\d)\Z", re.ASCII
)
_AS_COMPUTERS_WRITE = re.compile(r"20(?P<year>\d\d)-(?P<month>\d\d)-(?P<day>\d\d)\Z", re.ASCII)
#: Without a year, as news has it, "Rabu (14/2)"; fractions have less above.
_WITHOUT_YEAR = re.compile(r"(1[3-9]|2\d|3[01])/(\d{1,2})\Z", re.ASCII)
_IN_CLOCK = re.compile(r"\d+")
#: An hour with punctuation behind it, which is cut as a number.
_CLOSED_CLOCK = re.compile(r"(?:[01]?\d|2[0-4])[.:][0-5]\d\Z", re.ASCII)


def marked_days(voting_days: Iterable[date]) -> dict[Day, str]:
    """Return the marks of the days of voting and of those around, with their year and without; all other days are a date.

    Without a year the latest election near a day is meant; with one a day of voting stays one where another election is near.

    >>> days = marked_days([date(2024, 2, 14)])
    >>> days[2024, 2, 14], days[0, 2, 14], days[2024, 2, 12], days[2024, 2, 15], (2019, 2, 14) in days
    ('<voting_day>', '<voting_day>', '<silence_day>', '<day_near_voting>', False)
    """
    marks = {0: VOTING_DAY, **dict.fromkeys(range(-_SILENT, 0), SILENCE_DAY)}
    by_strength = sorted(range(-_NEAR, _NEAR + 1), key=lambda shift: (shift in marks, shift))
    days: dict[Day, str] = {}
    voting_days = sorted(voting_days)
    for shift in by_strength:
        for day in (voting_day + timedelta(days=shift) for voting_day in voting_days):
            days[day.year, day.month, day.day] = marks.get(shift, NEAR_DAY)
    for voting_day in voting_days:
        for shift in by_strength:
            day = voting_day + timedelta(days=shift)
            days[0, day.month, day.day] = marks.get(shift, NEAR_DAY)
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
    >>> [number_token(written, 0, 1, days)[2:] for written in ("7", "2024", "1000", "07.00", "07.30")]
    [('<short_number>', '07'), ('<year>', '2024'), ('<number>', ''), ('<clock>', '07'), ('<clock>', '')]
    """
    mark = number_mark(written)
    if not days:
        return Token(start, end, mark, "")
    if written.isdecimal():
        is_needed = len(written) <= LONGEST_SHORT or mark == YEAR
        return Token(start, end, mark, f"{int(written):02d}" if is_needed else "")
    if _CLOSED_CLOCK.match(written):
        return clock_token(written, start, end, days)
    return Token(start, end, day_in_figures(written, days) or mark, "")


def day_in_figures(written: str, days: Mapping[Day, str]) -> str:
    """Return the mark of a day that is written in figures; empty for what is none, and where days have no marks.

    >>> days = marked_days([date(2024, 11, 27)])
    >>> [day_in_figures(written, days) for written in ("27-11-2024", "28/11/24", "2024-11-27", "27/11", "1.2.24", "24/7")]
    ['<voting_day>', '<day_near_voting>', '<voting_day>', '<voting_day>', '', '']
    """
    if not days:
        return ""
    if found := _WITHOUT_YEAR.match(written):
        return days.get((0, int(found[2]), int(found[1])), "")
    found = _AS_COMPUTERS_WRITE.match(written) or _IN_FIGURES.match(written)
    if not found:
        return ""
    parts = found.groupdict()
    year, month, day = 2000 + int(parts["year"]), int(parts["month"] or parts["short"]), int(parts["day"])
    return days.get((year, month, day), DATE) if 1 <= day <= LAST_OF_MONTH and 1 <= month <= len(_SPELLINGS) else ""


def clock_token(written: str, start: int, end: int, days: Mapping[Day, str]) -> Token:
    """Return the token of an hour with its minutes; a full hour carries its number for :func:`tell_days`.

    >>> days = marked_days([date(2024, 11, 27)])
    >>> [clock_token(written, 0, 5, days)[2:] for written in ("07.00", "13:30")], clock_token("07.00", 0, 5, {})[2:]
    ([('<clock>', '07'), ('<clock>', '')], ('<clock>', ''))
    """
    hour, minutes = (int(part) for part in _IN_CLOCK.findall(written))
    return Token(start, end, CLOCK, "" if minutes or not days else f"{hour:02d}")


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


_NOTHING: Final = Token(0, 0, "", "")


def _mark_among_neighbours(found: Sequence[Token], place: int, days: Mapping[Day, str]) -> str:
    """Return the mark of a day or an hour, empty where the number is neither."""
    number = int(found[place][3])
    before, (_, _, following, spelled), (_, _, after_next, digits) = (
        found[at] if 0 <= at < len(found) else _NOTHING for at in (place - 1, place + 1, place + 2)
    )
    if found[place][2] == CLOCK:
        return hour_mark(number, following)
    year = int(digits) if after_next == YEAR and digits else 0
    month = MONTHS.get(spelled, 0) if year or spelled not in DOUBTFUL_MONTHS else 0
    if month and 1 <= number <= LAST_OF_MONTH:
        return days.get((year, month, number), DATE)
    is_hour = (before[2] in HOUR_CUES and following not in UNITS) or (before[2] in SPAN_CUES and following in DAYTIME)
    return hour_mark(number, following) if is_hour and number <= LAST_HOUR_OF_DAY else ""
