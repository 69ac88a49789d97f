"""CSV and TSV: cells under a header, quoted as in RFC 4180."""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from hoakscheck.errors import InputError
from hoakscheck.scoring.columns import Column, Values, written
from hoakscheck.scoring.formats.names import DELIMITERS
from hoakscheck.scoring.formats.records import Record, Records
from hoakscheck.scoring.formats.rows import Fields, Row, checked

_HALF_PAIR: Final = re.compile("[\ud800-\udfff]")
_OTHER_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")

#: What a spreadsheet takes for a formula (https://owasp.org/www-community/attacks/CSV_Injection), unless it is a number.
_FORMULA: Final = re.compile(r"\s*[=+\-@\t\r]")
_NUMBER: Final = re.compile(r"[+-]?\d+(?:[.,]\d+)*\Z")

#: Rows in which quotes stand as RFC 4180 has them, so that cells can be added behind: any reader finds the end of the last one.
_CELL: Final = rb'(?:"(?:[^"]++|"")*+"|[^P"\r\n]*+)'
_PROPER: Final = {
    name: re.compile((_CELL + rb"(?:P" + _CELL + rb")*+\r?\n?\Z").replace(b"P", re.escape(delimiter.encode()))).match
    for name, delimiter in DELIMITERS.items()
}
_SEPARATORS: Final = {name: delimiter.encode() for name, delimiter in DELIMITERS.items()}

#: The csv module quotes a cell that holds a character of the line terminator, so a lone carriage return in a cell is only safe
#: if the terminator has one; the lines of the file itself end as lines do in the shell.
_QUOTED_ENDS: Final = "\r\n"


def read_header(name: str, record: Record | None, delimiter: str) -> list[str]:
    """Return the names of the columns.

    Raises:
        InputError: there are none, one of them twice, or the file is in another encoding.
    """
    _, _, raw, problem = record or (0, 1, b"", "")
    if raw.startswith(_OTHER_MARKS):
        raise InputError(name, "is UTF-16; save it as UTF-8, for instance with iconv -f UTF-16 -t UTF-8")
    if problem:
        raise InputError(name, f"has a header that {problem}", row=1)
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    if not raw.strip():
        raise InputError(name, "is empty; the first row must name the columns")
    header = _cells(raw, delimiter)
    if any(_HALF_PAIR.search(column) for column in header):
        raise InputError(name, "has a header that is no valid UTF-8; save it as UTF-8", row=1)
    repeated = sorted({column for column in header if header.count(column) > 1})
    if repeated:
        raise InputError(name, f"names the column {repeated[0]!r} more than once; rename one of them", row=1)
    return header


def decode(records: Records, columns: Sequence[str], delimiter: str, fields: Fields) -> Iterator[Row]:
    """Yield the rows of records."""
    for (number, line, raw, problem), cells in zip(records, _table(records.contents, delimiter), strict=True):
        if problem or isinstance(cells, csv.Error):
            yield Row(number, line, {}, None, problem or f"is no valid CSV ({cells})", raw)
            continue
        values = dict(zip(columns, cells, strict=False))
        if len(cells) == len(columns):
            yield checked(number, line, values, fields.text, raw)
        else:
            yield Row(number, line, values, None, f"has {len(cells)} cells, the header {len(columns)}", raw)


def _table(records: Sequence[bytes], delimiter: str) -> Sequence[list[str] | csv.Error]:
    """Return the cells of each record, or why it has none."""
    csv.field_size_limit(sys.maxsize)  # rows are bounded already
    with suppress(csv.Error):
        table = list(csv.reader(map(_decoded, records), delimiter=delimiter))
        if len(table) == len(records):  # else a quote has swallowed a record
            return table
    return [_cells_or_error(record, delimiter) for record in records]


def _cells_or_error(raw: bytes, delimiter: str) -> list[str] | csv.Error:
    try:
        return _cells(raw, delimiter)
    except csv.Error as error:
        return error


def _cells(raw: bytes, delimiter: str) -> list[str]:
    csv.field_size_limit(sys.maxsize)
    return next(csv.reader((_decoded(raw),), delimiter=delimiter))


def _decoded(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


class _Lines:
    """What the csv module writes to: it hands over one line at a time."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def write(self, line: str) -> None:
        self.lines.append(line.removesuffix(_QUOTED_ENDS))


@dataclass(frozen=True)
class Form:
    """How rows are written.

    Attributes:
        target: format to write, ``csv`` or ``tsv``.
        source: format that was read.
        columns: columns that were read.
        kept: columns to keep.
        guard: put an apostrophe before what a spreadsheet would take for a formula.
    """

    target: str
    source: str
    columns: tuple[str, ...]
    kept: tuple[str, ...]
    guard: bool = False

    def header(self, added: Sequence[Column]) -> bytes:
        """Return the line with the names of the columns, kept and added."""
        names: Sequence[str] = [column.name for column in added]
        names = guarded(names) if self.guard else names
        return self._kept_cells([self.kept])[0] + _SEPARATORS[self.target].join(map(self._cell, names)) + b"\n"

    def encode(self, rows: Sequence[Row], added: Sequence[Column], values: Values) -> Iterator[bytes]:
        """Yield one line for each row. What was read in the same form, with proper quotes, goes out as it came in.

        Args:
            rows: the rows.
            added: columns that scoring adds.
            values: what they hold.
        """
        separator = _SEPARATORS[self.target]
        texts = zip(*(written(column.kind, some, self._cell) for column, some in zip(added, values, strict=True)), strict=True)
        for body, cells in zip(self._bodies(rows, separator), texts, strict=True):
            yield body + separator.join(cells) + b"\n"

    def _bodies(self, rows: Sequence[Row], separator: bytes) -> Iterator[bytes]:
        """Yield what was read of each row, up to the first cell that is added."""
        as_read = self.source == self.target and self.columns == self.kept and not self.guard
        proper = _PROPER[self.target]
        passes = [as_read and row.text is not None and (b'"' not in row.raw or proper(row.raw) is not None) for row in rows]
        others = iter(
            self._kept_cells([map(row.values.get, self.kept) for row, as_is in zip(rows, passes, strict=True) if not as_is])
        )
        for row, as_is in zip(rows, passes, strict=True):
            yield row.raw.rstrip(b"\r\n") + separator if as_is else next(others)

    def _kept_cells(self, table: Iterable[Iterable[Any]]) -> list[bytes]:
        """Return rows of kept cells as beginnings of lines, to which others can be added."""
        if not self.kept:
            return [b"" for _ in table]
        cells = ([cell if cell.__class__ is str else _text(cell) for cell in row] for row in table)
        return [self._bytes(line) for line in self._lines([*(guarded(row) if self.guard else row), ""] for row in cells)]

    def _cell(self, value: Any) -> bytes:
        (line,) = self._lines([[_text(value), ""]])  # a cell that is empty and alone would be quoted
        return self._bytes(line).removesuffix(_SEPARATORS[self.target])

    def _lines(self, table: Iterable[Iterable[Any]]) -> list[str]:
        written = _Lines()
        csv.writer(written, delimiter=DELIMITERS[self.target], lineterminator=_QUOTED_ENDS).writerows(table)
        return written.lines

    def _bytes(self, line: str) -> bytes:
        # Lone surrogates stand for bytes that were no UTF-8 where such were read, and go out as they came; elsewhere they are
        # halves of surrogate pairs, for which there are no bytes.
        if self.source in DELIMITERS:
            return line.encode("utf-8", "surrogateescape")
        return _HALF_PAIR.sub("\ufffd", line).encode()


def guarded(cells: Iterable[Any]) -> list[Any]:
    """Put an apostrophe before each cell that a spreadsheet would take for a formula.

    >>> guarded(["=1+1", "-7", "halo"])
    ["'=1+1", '-7', 'halo']
    """
    return [f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) and not _NUMBER.match(cell) else cell for cell in cells]


def _text(cell: Any) -> Any:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return json.dumps(cell, ensure_ascii=False) if isinstance(cell, (dict, list)) else cell
