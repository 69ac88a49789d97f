"""Rows of CSV and JSON-lines files, read one at a time; what cannot be read becomes a row with its reason."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from hoakscheck.errors import InputError

FORMATS: Final = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl"}

#: A cell or a line may hold 64 MB; the csv module's own limit of 128 kB is shorter than some articles.
LARGEST_FIELD: Final = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Row:
    """One row of input.

    Attributes:
        number: 1-based; the line in JSON lines, the record after the header in CSV.
        values: column -> value, as read; bytes that are no UTF-8 stand as lone surrogates.
        text: the text to score, or None when there is none.
        problem: why there is none; empty otherwise.
    """

    number: int
    values: dict[str, Any]
    text: str | None
    problem: str


def format_of(path: Path) -> str:
    """Return ``csv`` or ``jsonl`` by the ending of a file name.

    Raises:
        InputError: the ending is unknown.

    >>> format_of(Path("posts.JSONL"))
    'jsonl'
    """
    try:
        return FORMATS[path.suffix.lower()]
    except KeyError:
        raise InputError(path, f"cannot tell its format; name it with one of {', '.join(FORMATS)}") from None


@contextmanager
def open_rows(path: Path, text_column: str) -> Iterator[tuple[Sequence[str], Iterator[Row]]]:
    """Open a file and give its columns (empty for JSON lines) and its rows.

    Raises:
        InputError: the file cannot be opened, has no header, or lacks the text column.
    """
    kind = format_of(path)
    try:
        stream = path.open("rb") if kind == "jsonl" else path.open(encoding="utf-8-sig", errors="surrogateescape", newline="")
    except OSError as error:
        raise InputError(path, error.strerror or str(error)) from error
    with stream:
        yield ((), _json_rows(stream, text_column)) if kind == "jsonl" else _open_csv(path, stream, text_column)


def json_columns(path: Path, text_column: str) -> list[str]:
    """Return every key of a JSON-lines file, in the order of their first appearance; reads the file once.

    Raises:
        InputError: the file cannot be opened.
    """
    with open_rows(path, text_column) as (_, rows):
        return list(dict.fromkeys(name for row in rows for name in row.values))


def _open_csv(path: Path, stream: IO[Any], text_column: str) -> tuple[Sequence[str], Iterator[Row]]:
    csv.field_size_limit(min(LARGEST_FIELD, sys.maxsize))
    reader = csv.reader(stream)
    try:
        header = next(reader, None)
    except csv.Error as error:
        raise InputError(path, f"is no valid CSV ({error})", row=1) from error
    if not header:
        raise InputError(path, "is empty; the first row must name the columns")
    repeated = sorted({name for name in header if header.count(name) > 1})
    if repeated:
        raise InputError(path, f"names the column {repeated[0]!r} more than once; rename one of them", row=1)
    if text_column not in header:
        raise InputError(path, f"has no column {text_column!r}; it has {', '.join(map(repr, header))}", row=1)
    return header, _csv_rows(reader, header, text_column)


def _csv_rows(reader: Iterator[list[str]], header: Sequence[str], text_column: str) -> Iterator[Row]:
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Row(number, {}, None, f"no valid CSV ({error})")
            continue
        if not cells:
            number -= 1  # a blank line is no record
            continue
        values = dict(zip(header, cells, strict=False))
        if len(cells) != len(header):
            yield Row(number, values, None, f"has {len(cells)} cells, the header {len(header)}")
        else:
            yield _checked(number, values, text_column)


def _json_rows(stream: IO[Any], text_column: str) -> Iterator[Row]:
    for number, line in enumerate(stream, start=1):
        if not line.strip():
            continue
        try:
            values = json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8"))
        except UnicodeDecodeError:
            yield Row(number, {}, None, "is no valid UTF-8")
        except (ValueError, RecursionError) as error:
            yield Row(number, {}, None, f"is no valid JSON ({error or 'nested too deeply'})")
        else:
            if isinstance(values, dict):
                yield _checked(number, values, text_column)
            else:
                yield Row(number, {}, None, "is no JSON object")


def _checked(number: int, values: dict[str, Any], text_column: str) -> Row:
    text = values.get(text_column)
    if not isinstance(text, str):
        missing = "has no" if text is None else f"has {type(text).__name__} instead of a text in"
        return Row(number, values, None, f"{missing} {text_column!r}")
    if any("\udc80" <= character <= "\udcff" for character in text) and not text.isascii():
        return Row(number, values, None, "is no valid UTF-8")
    return Row(number, values, text, "")
