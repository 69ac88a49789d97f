"""Dates as sources write them, brought to one form, so that texts can be split by time."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

#: First three letters of a month in English and Indonesian -> its number.
_MONTHS: Final = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "mei": 5, "jun": 6, "jul": 7, "aug": 8, "agu": 8, "agt": 8, "ags": 8,
    "sep": 9, "oct": 10, "okt": 10, "nov": 11, "dec": 12, "des": 12,
}  # fmt: skip
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DAY_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_NAMED_MONTH = re.compile(r"(\d{1,2})[\s-]+([A-Za-z]{3})[a-z]*[\s,-]+(\d{4}|\d{2})(?!\d)")
_MONTH_FIRST = re.compile(r"([A-Za-z]{3})[a-z]*\s+(\d{1,2})(?:,?\s+\d{2}:\S+\s+\S+)?,?\s+(\d{4})")
_OLDEST = 2000


def iso_date(written: str) -> str:
    """Return a date as ``YYYY-MM-DD``, or an empty text where none can be read.

    >>> iso_date("Sun Sep 29 23:55:02 +0000 2024"), iso_date("Sabtu, 21 Des 2024 22:30 WIB"), iso_date("15/11/2023")
    ('2024-09-29', '2024-12-21', '2023-11-15')
    >>> iso_date("2019-05-27 14:31:55+00:00"), iso_date("10-Sep-19"), iso_date("Desember 28, 2023"), iso_date("1 hari lalu")
    ('2019-05-27', '2019-09-10', '2023-12-28', '')
    """
    if match := _YEAR_FIRST.search(written):
        return _iso(match[1], match[2], match[3])
    if match := _DAY_FIRST.search(written):
        return _iso(match[3], match[2], match[1])
    if match := _NAMED_MONTH.search(written):
        return _iso(match[3], _MONTHS.get(match[2].lower(), 0), match[1])
    if match := _MONTH_FIRST.search(written):
        return _iso(match[3], _MONTHS.get(match[1].lower(), 0), match[2])
    return ""


def _iso(year: str, month: str | int, day: str) -> str:
    full_year = int(year) + (_OLDEST if len(year) == 2 else 0)
    try:
        found = date(full_year, int(month), int(day))
    except ValueError:
        return ""
    return found.isoformat() if full_year >= _OLDEST else ""
