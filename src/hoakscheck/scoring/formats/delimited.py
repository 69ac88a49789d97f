"""CSV and TSV: cells under a header, quoted as in RFC 4180."""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import chain, repeat
from typing import Any, Final

from hoakscheck.errors import InputError
from hoakscheck.scoring.columns import Column
from hoakscheck.scoring.formats.names import DELIMITERS
from hoakscheck.scoring.formats.records import Records
from hoakscheck.scoring.formats.rows import AT_ONCE, Fields, Rows, usable
from hoakscheck.scoring.values.cells import endings
from hoakscheck.scoring.values.choices import Values

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


def read_header(name: str, header: Records, delimiter: str) -> list[str]:
    """Return the names of the columns, which the first record of a file holds.

    Raises:
        InputError: there are none, one of them twice, or the file is in another encoding.
    """
    raw = header.contents[0] if header.contents else b""
    if raw.startswith(_OTHER_MARKS):
        raise InputError(name, "is UTF-16; save it as UTF-8, for instance with iconv -f UTF-16 -t UTF-8")
    if header.problems:
        raise InputError(name, f"has a header that {header.problems[0]}", row=1)
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    if not raw.strip():
        raise InputError(name, "is empty; the first row must name the columns")
    (columns,) = _table([raw], delimiter)
    if isinstance(columns, csv.Error):
        raise InputError(name, f"has a header that is no valid CSV ({columns})", row=1)
    if any(_HALF_PAIR.search(column) for column in columns):
        raise InputError(name, "has a header that is no valid UTF-8; save it as UTF-8", row=1)
    repeated = sorted({column for column in columns if columns.count(column) > 1})
    if repeated:
        raise InputError(name, f"names the column {repeated[0]!r} more than once; rename one of them", row=1)
    return columns


def decode(records: Records, columns: Sequence[str], delimiter: str, fields: Fields) -> Rows:
    """Return the rows of records."""
    problems = dict(records.problems)
    known = {name: list[str | None]() for name in fields.names}
    places = {name: columns.index(name) if name in columns else len(columns) for name in known}
    for some in _rows_of_cells(records, len(columns), problems, delimiter):
        for name, column in known.items():
            column += [row[places[name]] if places[name] < len(row) else None for row in some]
    found = (
        [None if place in problems else text for place, text in enumerate(known[fields.text])] if problems else known[fields.text]
    )
    texts = usable(found, fields.text, problems)
    values = partial(_mappings, records, columns, delimiter)
    return Rows(records.first, records.lines, texts, problems, known, values, records.contents)


def _mappings(records: Records, columns: Sequence[str], delimiter: str) -> list[dict[str, str]]:
    rows = chain.from_iterable(_rows_of_cells(records, len(columns), dict(records.problems), delimiter))
    return [dict(zip(columns, row, strict=False)) for row in rows]


def _rows_of_cells(records: Records, count: int, problems: dict[int, str], delimiter: str) -> Iterator[list[list[str]]]:
    """Yield the cells of records, some at a time, and add to the problems why others are not so many cells, or none."""
    for start in range(0, len(records), AT_ONCE):
        table = _table(records.contents[start : start + AT_ONCE], delimiter)
        rows = [[] if isinstance(row, csv.Error) or place in records.problems else row for place, row in enumerate(table, start)]
        if set(map(len, rows)) != {count}:
            for place, row in enumerate(table, start):
                if isinstance(row, csv.Error):
                    problems.setdefault(place, f"is no valid CSV ({row})")
                elif len(row) != count:
                    problems.setdefault(place, f"has {len(row)} cells, the header {count}")
        yield rows


def _table(records: Sequence[bytes], delimiter: str) -> Sequence[list[str] | csv.Error]:
    """Return the cells of each record, or why it has none."""
    csv.field_size_limit(sys.maxsize)  # rows are bounded already
    lines = list(map(bytes.decode, records, repeat("utf-8"), repeat("surrogateescape")))
    with suppress(csv.Error):
        table = list(csv.reader(lines, delimiter=delimiter))
        if len(table) == len(lines):  # else a quote has swallowed a record
            return table
    return [_cells_or_error(line, delimiter) for line in lines]


def _cells_or_error(line: str, delimiter: str) -> list[str] | csv.Error:
    try:
        return next(csv.reader((line,), delimiter=delimiter))
    except csv.Error as error:
        return error


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

    def encode(self, rows: Rows, values: Values) -> bytes:
        """Return one line for each row. What was read in the same form, with proper quotes, goes out as it came in.

        Args:
            rows: the rows.
            values: what the columns hold that scoring adds.
        """
        separator = _SEPARATORS[self.target]
        added = endings(values, [b"", *repeat(separator, len(values) - 1)], self._cell, end=b"\n")
        return b"".join(chain.from_iterable(zip(self._bodies(rows, separator), added, strict=True)))

    def _bodies(self, rows: Rows, separator: bytes) -> Iterable[bytes]:
        """Return what was read of each row, up to the first cell that is added."""
        if self.source != self.target or self.columns != self.kept or self.guard:
            return self._kept_cells(map(found.get, self.kept) for found in rows.values)
        proper = _PROPER[self.target]
        passes = [
            text is not None and (b'"' not in raw or proper(raw) is not None)
            for text, raw in zip(rows.texts, rows.raws, strict=True)
        ]
        places = [place for place, as_is in enumerate(passes) if not as_is]
        others = iter(self._kept_cells([map(rows.values[place].get, self.kept) for place in places]) if places else ())
        return [raw.rstrip(b"\r\n") + separator if as_is else next(others) for raw, as_is in zip(rows.raws, passes, strict=True)]

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
