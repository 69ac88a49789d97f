"""Reading raw tables as they were published: odd separators, encodings, broken lines."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from hoakscheck.errors import DatasetError

Row = dict[str, str]

_LARGEST_FIELD = 64 * 1024 * 1024
_INSTALL = "reading .xlsx needs openpyxl: pip install 'hoakscheck[data]'"


def read_csv(
    path: Path, *, delimiter: str = ",", encoding: str = "utf-8-sig", quoting: Literal[0, 1, 2, 3] = csv.QUOTE_MINIMAL
) -> Iterator[Row]:
    """Yield the rows of a delimited file; undecodable bytes become U+FFFD, missing cells become empty.

    Raises:
        DatasetError: the file is missing.
    """
    csv.field_size_limit(_LARGEST_FIELD)
    content = _read(path).decode(encoding, "replace").replace("\0", "")
    for row in csv.DictReader(io.StringIO(content, newline=""), delimiter=delimiter, quoting=quoting):
        yield {(name or "").strip(): value or "" for name, value in row.items() if isinstance(value, str) or value is None}


def read_json(path: Path) -> Any:
    """Return the content of a JSON file.

    Raises:
        DatasetError: the file is missing or no JSON.
    """
    try:
        return json.loads(_read(path))
    except ValueError as error:
        raise DatasetError(path, f"no valid JSON ({error})") from error


def read_jsonl(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a JSON-lines file.

    Raises:
        DatasetError: the file is missing, or a line is no JSON object; the message names the line.
    """
    for number, line in enumerate(_read(path).decode("utf-8").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise DatasetError(path, f"line {number} is no valid JSON ({error})") from error
        if not isinstance(row, dict):
            raise DatasetError(path, f"line {number} is no JSON object")
        yield row


def read_sheet(path: Path, sheet: str, *, header: int = 0) -> Iterator[Row]:
    """Yield the rows of a sheet of an Excel workbook; ``header`` is the number of rows before the one with names.

    Raises:
        DatasetError: the file is missing, or openpyxl is.
    """
    yield from _sheets(path, {sheet}, header)


def read_sheets(path: Path) -> Iterator[Row]:
    """Yield the rows of every sheet of an Excel workbook, one after the other."""
    yield from _sheets(path, None, 0)


def _sheets(path: Path, wanted: set[str] | None, header: int) -> Iterator[Row]:
    try:
        import openpyxl
    except ImportError as error:
        raise DatasetError(path, _INSTALL) from error
    workbook = openpyxl.load_workbook(io.BytesIO(_read(path)), read_only=True, data_only=True)
    try:
        for sheet in workbook.worksheets:
            if wanted is not None and sheet.title not in wanted:
                continue
            rows = sheet.iter_rows(min_row=1 + header, values_only=True)
            names = [str(cell) if cell is not None else "" for cell in next(rows, ())]
            for cells in rows:
                yield {name: "" if cell is None else str(cell) for name, cell in zip(names, cells, strict=False)}
    finally:
        workbook.close()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise DatasetError(path, "not found; is the folder the mirror of the raw sources?") from error
