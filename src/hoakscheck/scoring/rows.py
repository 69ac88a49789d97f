"""Rows of one file, one at a time; what cannot be read becomes a row with its reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from hoakscheck.scoring.formats.lines import LONGEST_ROW
from hoakscheck.scoring.formats.names import kind_of
from hoakscheck.scoring.formats.reader import check_columns, open_reader, read_rows
from hoakscheck.scoring.formats.rows import Fields, Row

_CHUNK: Final = 500


@contextmanager
def open_rows(path: Path, text_column: str) -> Iterator[tuple[Sequence[str], Iterator[Row]]]:
    """Open a file of any format and give its columns (empty for JSON lines) and its rows.

    Raises:
        InputError: the file cannot be opened, has no header, or lacks the text column.
    """
    kind = kind_of(path)
    with open_reader(path, kind, rows=_CHUNK, longest=LONGEST_ROW) as reader:
        if reader.columns:
            check_columns(reader.name, reader.columns, [text_column])
        fields = Fields(text_column)
        chunks = (read_rows(chunk, kind, fields, longest=LONGEST_ROW) for chunk in reader.chunks)
        yield reader.columns, (row for rows in chunks for row in rows)
