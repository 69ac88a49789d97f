"""A file of any format, cut into chunks that can be read elsewhere: the cutting is cheap, the reading is shared out."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final, NamedTuple

from hoakscheck.errors import InputError
from hoakscheck.scoring.arrow import arrow
from hoakscheck.scoring.formats import delimited, jsonlines, parquet
from hoakscheck.scoring.formats.compression import damage_named, decompressed
from hoakscheck.scoring.formats.lines import LONGEST_ROW, Lines
from hoakscheck.scoring.formats.names import DELIMITERS, FileKind, kind_of
from hoakscheck.scoring.formats.records import JsonRecords, QuotedRecords, Records, RecordSource
from hoakscheck.scoring.formats.rows import Fields, Row, Rows

#: The name that stands for standard input and standard output.
STANDARD: Final = Path("-")

#: Bytes from which a chunk is closed although it has fewer rows, so that long rows cost no more memory than short ones.
CHUNK_BYTES: Final = 8 * 1024 * 1024

_ROWS_AT_ONCE: Final = 500


class Chunk(NamedTuple):
    """Some rows of one file, not read yet.

    Attributes:
        source: the file, as it was named.
        columns: names of its columns; empty in JSON lines.
        first: number of rows before it in its file.
        content: raw records, or a record batch.
        position: bytes of the file that were read until then, compressed as they are.
    """

    source: str
    columns: tuple[str, ...]
    first: int
    content: Any
    position: int


class Reader:
    """A file that is open.

    Args:
        name: the file, as it was named.
        columns: names of its columns; empty in JSON lines.
        chunks: what gives its chunks; at least one, which is empty when the file has no rows.
        lines: what hashes its lines, where it has any.
        types: types of the columns, in Parquet.
    """

    def __init__(
        self, name: str, columns: Sequence[str], chunks: Iterator[Chunk], lines: Lines | None, types: Sequence[str] = ()
    ) -> None:
        self.name = name
        self.columns = tuple(columns)
        self.types = tuple(types)
        self.chunks = chunks
        self._lines = lines

    def digest(self) -> str:
        """Return a hash over what was read so far; empty for Parquet, whose pages have their own."""
        return self._lines.digest() if self._lines else ""


@contextmanager
def open_reader(path: Path, kind: FileKind, *, rows: int, longest: int) -> Iterator[Reader]:
    """Open a file, or standard input, to be cut into chunks of at most so many rows.

    Raises:
        InputError: it cannot be opened or read on, or has no header.
    """
    if not kind.is_text:
        yield _parquet_reader(path, rows)
        return
    try:
        raw: IO[bytes] = sys.stdin.buffer if path == STANDARD else path.open("rb")
    except OSError as error:
        raise InputError(path, error.strerror or str(error)) from error
    try:
        yield _text_reader(path, kind, raw, rows=rows, longest=longest)
    finally:
        if path != STANDARD:
            raw.close()


def _parquet_reader(path: Path, rows: int) -> Reader:
    if path == STANDARD:
        raise InputError(path, "Parquet cannot be read from a pipe; save it to a file")
    file = parquet.open_parquet(path)
    columns = file.schema_arrow.names
    repeated = sorted({name for name in columns if columns.count(name) > 1})
    if repeated:
        raise InputError(path, f"names the column {repeated[0]!r} more than once; rename one of them")
    return Reader(str(path), columns, _batches(path, file, rows), None, list(map(str, file.schema_arrow.types)))


def _batches(path: Path, file: Any, rows: int) -> Iterator[Chunk]:
    columns, size, total = tuple(file.schema_arrow.names), path.stat().st_size, max(file.metadata.num_rows, 1)
    first = 0
    try:
        for batch in file.iter_batches(batch_size=rows):
            yield Chunk(str(path), columns, first, batch, size * (first + batch.num_rows) // total)
            first += batch.num_rows
        if not first:
            yield Chunk(str(path), columns, first, parquet.empty(file.schema_arrow), size)
    except (OSError, arrow().ArrowException) as error:
        raise InputError(path, f"is damaged after {first:,} rows ({str(error).splitlines()[0]})") from error


def _text_reader(path: Path, kind: FileKind, raw: IO[bytes], *, rows: int, longest: int) -> Reader:
    name, delimiter = str(path), DELIMITERS.get(kind.format, "")
    lines = Lines(decompressed(raw, kind.compression), longest=longest, any_end=bool(delimiter))
    source = QuotedRecords(lines, delimiter, longest) if delimiter else JsonRecords(lines, longest)
    columns = _header(name, kind, source, delimiter) if delimiter else ()
    chunks = _filled(name, kind.compression, source, rows)
    found = (Chunk(name, columns, one.first - 1, one, 0 if path == STANDARD else raw.tell()) for one in chunks)
    return Reader(name, columns, found, lines)


def _header(name: str, kind: FileKind, source: RecordSource, delimiter: str) -> tuple[str, ...]:
    header = Records(0)
    with damage_named(name, kind.compression, lambda: 0):
        source.fill(header, 1, CHUNK_BYTES)
    return tuple(delimited.read_header(name, header, delimiter))


def _filled(name: str, compression: str, source: RecordSource, rows: int) -> Iterator[Records]:
    """Yield records in chunks, one at least."""
    records = Records(1)
    with damage_named(name, compression, lambda: records.first - 1 + len(records)):
        while True:
            source.fill(records, rows, CHUNK_BYTES)
            if len(records) or records.first == 1:
                yield records
            if not len(records):
                return
            records = Records(records.first + len(records))


def read_rows(chunk: Chunk, kind: FileKind, fields: Fields, *, longest: int, added: Sequence[str] = ()) -> Rows:
    """Return the rows of a chunk."""
    if not kind.is_text:
        return parquet.decode(chunk.content, chunk.first, fields, longest)
    if kind.format in DELIMITERS:
        return delimited.decode(chunk.content, chunk.columns, DELIMITERS[kind.format], fields)
    return jsonlines.decode(chunk.content, fields, added)


def check_columns(name: str, columns: Sequence[str], wanted: Iterable[str]) -> None:
    """Refuse a file that lacks a column.

    Raises:
        InputError: naming those that it has.
    """
    for column in wanted:
        if column not in columns:
            raise InputError(name, f"has no column {column!r}; it has {', '.join(map(repr, columns))}", row=1)


@contextmanager
def open_rows(path: Path, text_column: str) -> Iterator[tuple[Sequence[str], Iterator[Row]]]:
    """Open a file of any format and give its columns (empty for JSON lines) and its rows.

    Raises:
        InputError: the file cannot be opened, has no header, or lacks the text column.
    """
    kind = kind_of(path)
    with open_reader(path, kind, rows=_ROWS_AT_ONCE, longest=LONGEST_ROW) as reader:
        if reader.columns:
            check_columns(reader.name, reader.columns, [text_column])
        fields = Fields(text_column)
        chunks = (read_rows(chunk, kind, fields, longest=LONGEST_ROW) for chunk in reader.chunks)
        yield reader.columns, (row for rows in chunks for row in rows)
