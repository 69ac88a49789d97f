"""CSV and TSV: cells under a header, quoted as in RFC 4180."""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from hoakscheck.errors import InputError
from hoakscheck.scoring.columns import Cells
from hoakscheck.scoring.formats.records import Record
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


def decode(records: Iterable[Record], columns: Sequence[str], delimiter: str, fields: Fields) -> Iterator[Row]:
    """Yield the rows of records."""
    for record in records:
        yield _row(record, columns, delimiter, fields)


def _row(record: Record, columns: Sequence[str], delimiter: str, fields: Fields) -> Row:
    number, line, raw, problem = record
    if problem:
        return Row(number, line, {}, None, problem, raw)
    try:
        cells = _cells(raw, delimiter)
    except csv.Error as error:
        return Row(number, line, {}, None, f"is no valid CSV ({error})", raw)
    values = dict(zip(columns, cells, strict=False))
    if len(cells) != len(columns):
        return Row(number, line, values, None, f"has {len(cells)} cells, the header {len(columns)}", raw)
    return checked(number, line, values, fields.text, raw)


def _cells(raw: bytes, delimiter: str) -> list[str]:
    csv.field_size_limit(sys.maxsize)  # rows are bounded already
    return next(csv.reader((raw.decode("utf-8", "surrogateescape"),), delimiter=delimiter))


class _Lines:
    """What the csv module writes to: it hands over one line at a time."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def write(self, line: str) -> None:
        self.lines.append(line.removesuffix(_QUOTED_ENDS) + "\n")


def encode(rows: Iterable[Sequence[Any]], delimiter: str, *, guard: bool, as_read: bool = True) -> bytes:
    """Return one line for each row of cells.

    Args:
        rows: the cells.
        delimiter: what parts them.
        guard: put an apostrophe before what a spreadsheet would take for a formula.
        as_read: lone surrogates stand for bytes that were no UTF-8, and go out as they came; otherwise they are halves of
            surrogate pairs, for which there are no bytes, and become replacement characters.
    """
    written = _Lines()
    writer = csv.writer(written, delimiter=delimiter, lineterminator=_QUOTED_ENDS)
    writer.writerows(_plain(row, guard=guard) for row in rows)
    text = "".join(written.lines)
    if as_read:
        return text.encode("utf-8", "surrogateescape")
    return _HALF_PAIR.sub("\ufffd", text).encode()


def joined(scored: Iterable[tuple[Row, Cells]], kept: Sequence[str]) -> Iterator[list[Any]]:
    """Yield the kept cells of each row with those that scoring adds."""
    for row, added in scored:
        yield [*map(row.values.get, kept), *added]


def _plain(row: Iterable[Any], *, guard: bool) -> list[Any]:
    cells = [cell if cell.__class__ is str else _text(cell) for cell in row]
    return [_guarded(cell) for cell in cells] if guard else cells


def _text(cell: Any) -> Any:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return json.dumps(cell, ensure_ascii=False) if isinstance(cell, (dict, list)) else cell


def _guarded(cell: Any) -> Any:
    if isinstance(cell, str) and _FORMULA.match(cell) and not _NUMBER.match(cell):
        return f"'{cell}"
    return cell
