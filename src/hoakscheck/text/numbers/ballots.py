"""Ballot numbers, amounts of money and other numbers, told apart by how they are written and by the word before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from hoakscheck.text.tokens import BALLOT, MONEY, NUMBER, SHORT_NUMBER, YEAR, Token

_YEAR = re.compile(r"(?:19|20)\d\d\Z")
_LEADING_ZERO = re.compile(r"0\d\Z")
LONGEST_SHORT: Final = 2

#: A short number after one of these stems is a ballot number, a leading zero after one of the others is not.
_BALLOT_CUES: Final = frozenset({"no", "nomor", "urut", "paslon", "pasang", "coblos", "pilih", "tusuk", "cucuk"})
_COUNTED: Final = frozenset({"tps", "rt", "rw", "tanggal", "dapil", "hari", "bulan"})
#: After these a short number is an hour, see :mod:`hoakscheck.text.numbers.days`, and no ballot number either.
HOUR_CUES: Final = frozenset({"jam", "pukul"})
#: After these it may be an hour, if a part of the day follows: "sampai 1 siang".
SPAN_CUES: Final = frozenset({"mulai", "dari", "sampai", "hingga", "buka", "tutup"})
_MONEY_CUES: Final = frozenset({"rp", "idr"})
NUMERIC_MARKS: Final = frozenset({NUMBER, SHORT_NUMBER, BALLOT})

#: Words that tell what a number after them means; after all others it means the same.
NUMBER_CUES: Final = (_MONEY_CUES, _BALLOT_CUES, _COUNTED, HOUR_CUES, SPAN_CUES)


def number_mark(digits: str) -> str:
    """Return the mark of a number, before its neighbours tell more.

    >>> [number_mark(digits) for digits in ("2024", "03", "3", "1000")]
    ['<year>', '<ballot_number>', '<short_number>', '<number>']
    """
    if _YEAR.match(digits):
        return YEAR
    if _LEADING_ZERO.match(digits):
        return BALLOT
    return SHORT_NUMBER if len(digits) <= LONGEST_SHORT else NUMBER


def tell_numbers(found: Sequence[Token]) -> list[Token]:
    """Tell ballot numbers, amounts of money and other numbers apart by the word before.

    >>> def stems(*tokens): return [token.stem for token in tell_numbers([Token(0, 1, stem, "") for stem in tokens])]
    >>> stems("nomor", "<short_number>"), stems("tps", "<ballot_number>"), stems("rp", "<number>"), stems("<short_number>", "kali")
    (['nomor', '<ballot_number>'], ['tps', '<number>'], ['rp', '<money>'], ['<number>', 'kali'])
    """
    told = list(found)
    for place in [place for place, token in enumerate(found) if token[2] in NUMERIC_MARKS]:
        before = told[place - 1][2] if place else ""
        told[place] = found[place]._replace(stem=number_after(before, found[place][2]))
    return told


def number_after(before: str, number: str) -> str:
    """Return the mark of a number, or of a short number, after a stem.

    >>> number_after("nomor", "<short_number>"), number_after("", "<short_number>")
    ('<ballot_number>', '<number>')
    """
    if before in _MONEY_CUES:
        return MONEY
    if number == SHORT_NUMBER:
        return BALLOT if before in _BALLOT_CUES else NUMBER
    return NUMBER if number == BALLOT and (before in _COUNTED or before in HOUR_CUES) else number
