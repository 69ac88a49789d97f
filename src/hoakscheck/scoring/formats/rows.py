"""Rows: what was read of a record, and which of its columns mean something to scoring."""

from __future__ import annotations

import re
from typing import Any, Final, NamedTuple

from hoakscheck.scoring.verdicts import Scorable, Unusable, scorable

NO_UTF8: Final = "is no valid UTF-8"

#: What stands for a byte that is no UTF-8, with the error handler "surrogateescape".
_STRAY_BYTE: Final = re.compile("[\udc80-\udcff]")


class Fields(NamedTuple):
    """Names of the columns that scoring reads.

    Attributes:
        text: column that holds the text.
        id: column that tells rows apart for a reader of the quarantine; empty when there is none.
        context: fields of :class:`hoakscheck.Context`, each with the column that holds it.
    """

    text: str = "text"
    id: str = ""
    context: tuple[tuple[str, str], ...] = ()


class Row(NamedTuple):
    """One row of input.

    Attributes:
        number: 1-based number within its file, the header and blank lines left out.
        line: 1-based number of its first line; of the row itself in Parquet.
        values: column -> value, as read; in CSV bytes that are no UTF-8 stand as lone surrogates.
        text: the text to score, or None when there is none.
        problem: why there is none; empty otherwise.
        raw: the bytes it was read from; empty in Parquet.
    """

    number: int
    line: int
    values: dict[str, Any]
    text: str | None
    problem: str
    raw: bytes = b""

    @property
    def scorable(self) -> Scorable:
        """The text, or why there is none."""
        return Unusable(f"row {self.number} {self.problem}") if self.text is None else self.text


def checked(number: int, line: int, values: dict[str, Any], column: str, raw: bytes) -> Row:
    """Return a row with its text, or with the reason why it has none."""
    text = values.get(column)
    if text.__class__ is str and text.isascii():  # most are, and need not be asked further
        return Row(number, line, values, text, "", raw)
    text = scorable(text, column)
    if isinstance(text, Unusable):
        return Row(number, line, values, None, text.reason, raw)
    if not text.isascii() and _STRAY_BYTE.search(text):
        return Row(number, line, values, None, NO_UTF8, raw)
    return Row(number, line, values, text, "", raw)
