"""CSV and TSV: cells under a header, quoted as in RFC 4180."""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any, Final

from hoakscheck.errors import InputError
from hoakscheck.scoring.columns import Column, Kind, Values
from hoakscheck.scoring.formats.records import Record, Records
from hoakscheck.scoring.formats.rows import Fields, Row, checked

_HALF_PAIR: Final = re.compile("[\ud800-\udfff]")
_OTHER_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")

#: What a spreadsheet takes for a formula (https://owasp.org/www-community/attacks/CSV_Injection), unless it is a number.
_FORMULA: Final = re.compile(r"\s*[=+\-@\t\r]")
_NUMBER: Final = re.compile(r"[+-]?\d+(?:[.,]\d+)*\Z")

#: The csv module quotes a cell that holds a character of the line terminator, so a lone carriage return in a cell is only safe
#: if the terminator has one; the lines of the file itself end as lines do in the shell.
_QUOTED_ENDS: Final = "\r\n"


def read_header(name: str, record: Record | None, delimiter: str) -> list[str]:
    """Return the names of the columns.

    Raises:
        InputError: there are none, one of them twice, or the file is in another encoding.
    """
    raw = record.raw if record else b""
    if raw.startswith(_OTHER_MARKS):
        raise InputError(name, "is UTF-16; save it as UTF-8, for instance with iconv -f UTF-16 -t UTF-8")
    if record and record.problem:
        raise InputError(name, f"has a header that {record.problem}", row=1)
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
    for record, cells in zip(records, _table(records.contents, delimiter), strict=True):
        yield _row(record, cells, columns, fields)


def _row(record: Record, cells: list[str] | csv.Error, columns: Sequence[str], fields: Fields) -> Row:
    number, line, raw, problem = record
    if problem:
        return Row(number, line, {}, None, problem, raw)
    if isinstance(cells, csv.Error):
        return Row(number, line, {}, None, f"is no valid CSV ({cells})", raw)
    values = dict(zip(columns, cells, strict=False))
    if len(cells) != len(columns):
        return Row(number, line, values, None, f"has {len(cells)} cells, the header {len(columns)}", raw)
    return checked(number, line, values, fields.text, raw)


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
        self.lines.append(line.removesuffix(_QUOTED_ENDS) + "\n")


def encode(table: Iterable[Sequence[Any]], delimiter: str, *, as_read: bool = True) -> bytes:
    """Return one line for each row of cells.

    Args:
        table: the cells, as :func:`joined` gives them.
        delimiter: what parts them.
        as_read: lone surrogates stand for bytes that were no UTF-8, and go out as they came; otherwise they are halves of
            surrogate pairs, for which there are no bytes, and become replacement characters.
    """
    written = _Lines()
    csv.writer(written, delimiter=delimiter, lineterminator=_QUOTED_ENDS).writerows(table)
    text = "".join(written.lines)
    if as_read:
        return text.encode("utf-8", "surrogateescape")
    return _HALF_PAIR.sub("\ufffd", text).encode()


def joined(
    rows: Sequence[Row], kept: Sequence[str], columns: Sequence[Column], values: Values, *, guard: bool
) -> Iterator[list[Any]]:
    """Yield the kept cells of each row with those that scoring adds.

    Args:
        rows: the rows.
        kept: columns to keep.
        columns: columns that scoring adds.
        values: what they hold.
        guard: put an apostrophe before what a spreadsheet would take for a formula.
    """
    added = zip(*(_added(column.kind, some) for column, some in zip(columns, values, strict=True)), strict=True)
    for row, cells in zip(rows, added, strict=True):
        found = [cell if cell.__class__ is str else _text(cell) for cell in map(row.values.get, kept)]
        yield [*(guarded(found) if guard else found), *cells]


def guarded(cells: Iterable[Any]) -> list[Any]:
    """Put an apostrophe before each cell that a spreadsheet would take for a formula.

    >>> guarded(["=1+1", "-7", "halo"])
    ["'=1+1", '-7', 'halo']
    """
    return [f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) and not _NUMBER.match(cell) else cell for cell in cells]


def _added(kind: Kind, values: Sequence[Any]) -> Iterable[Any]:
    match kind:
        case Kind.FLAG | Kind.WORDS:
            return map(_text, values)
        case _:
            return values


def _text(cell: Any) -> Any:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return json.dumps(cell, ensure_ascii=False) if isinstance(cell, (dict, list)) else cell
