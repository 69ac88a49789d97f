"""What is done with one chunk, in whatever process: read, score, write as bytes."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, tee
from typing import TYPE_CHECKING, Any, NamedTuple

from hoakscheck.scoring.arrow import arrow, with_columns
from hoakscheck.scoring.columns import Cells, Column, columns_of
from hoakscheck.scoring.formats import delimited, jsonlines, parquet
from hoakscheck.scoring.formats.compression import compress
from hoakscheck.scoring.formats.names import DELIMITERS, FileKind
from hoakscheck.scoring.formats.reader import Chunk, read_rows
from hoakscheck.scoring.formats.rows import Fields, Row
from hoakscheck.scoring.identity import ModelIdentity
from hoakscheck.scoring.local.summary import Counting, Tally
from hoakscheck.scoring.verdicts import verdict_cells

if TYPE_CHECKING:
    import pyarrow


class Scored(NamedTuple):
    """What came of a chunk.

    Attributes:
        content: its rows, as they go to the output.
        rejected: its bad rows, as they go to the quarantine.
        tally: counts.
    """

    content: bytes
    rejected: bytes
    tally: Tally


@dataclass(frozen=True)
class Task:
    """How chunks are scored; the same chunk gives the same bytes in any process.

    Attributes:
        model: the model.
        source, target: what is read and what is written.
        fields: columns that are read.
        kept: columns of the input to keep, in order; None for all.
        schema: types of the kept columns, where JSON lines become Parquet.
        explain, prefix, guard_formulas, longest_row: as for :func:`hoakscheck.scoring.local.run.score_files`.
    """

    model: ModelIdentity
    source: FileKind
    target: FileKind
    fields: Fields
    kept: tuple[str, ...] | None = None
    schema: pyarrow.Schema | None = None
    explain: bool = False
    prefix: str = ""
    guard_formulas: bool = False
    longest_row: int = 0

    def __call__(self, chunk: Chunk, *, leads: bool) -> Scored:
        """Score a chunk; the one that leads brings the header."""
        counting, rejected = Counting(), []
        classifier = self.model.classifier()

        def scored() -> Iterator[tuple[Row, Cells]]:
            rows, again = tee(self._rows(chunk))
            cells = verdict_cells(classifier, (row.scorable for row in again), explain=self.explain)
            for row, added in zip(rows, cells, strict=True):
                counting.add(added)
                if row.text is None:
                    rejected.append(_reject(chunk.source, row, self.fields))
                yield row, added

        content = compress(self._encoded(chunk, scored(), leads=leads), self.target.compression)
        return Scored(content, b"".join(rejected), counting.tally())

    @property
    def _added(self) -> tuple[Column, ...]:
        return columns_of(explain=self.explain, prefix=self.prefix)

    def _rows(self, chunk: Chunk) -> Iterator[Row]:
        if not self.source.is_text and not self.target.is_text and not self.fields.id:
            return parquet.texts(chunk.content, chunk.first, self.fields.text, self.longest_row)
        names = [column.name for column in self._added]
        return read_rows(chunk, self.source, self.fields, longest=self.longest_row, added=names)

    def _encoded(self, chunk: Chunk, scored: Iterator[tuple[Row, Cells]], *, leads: bool) -> bytes:
        if not self.target.is_text:
            pairs = list(scored)
            batch = self._batch(chunk, [row for row, _ in pairs])
            return parquet.message(with_columns(batch, self._added, [cells for _, cells in pairs]))
        names = [column.name for column in self._added]
        if self.target.format == "jsonl":
            return jsonlines.encode(scored, names, self.kept, as_read=self.source.format == "jsonl")
        kept = chunk.columns if self.kept is None else self.kept
        table: Iterable[Sequence[Any]] = delimited.joined(scored, kept)
        if leads:
            table = chain([[*kept, *names]], table)
        delimiter = DELIMITERS[self.target.format]
        return delimited.encode(table, delimiter, guard=self.guard_formulas, as_read=self.source.format in DELIMITERS)

    def _batch(self, chunk: Chunk, rows: Sequence[Row]) -> pyarrow.RecordBatch:
        """Return the kept columns of a chunk as a batch."""
        if not self.source.is_text:
            return chunk.content if self.kept is None else chunk.content.select(list(self.kept))
        kept = chunk.columns if self.kept is None else self.kept
        schema = self.schema or arrow().schema([(name, arrow().string()) for name in kept])
        return parquet.table_of(rows, schema)


def _reject(source: str, row: Row, fields: Fields) -> bytes:
    """Return a bad row as a line of the quarantine: where it stands, why it is bad, and all that was read of it."""
    entry: dict[str, Any] = {"source": source, "row": row.number, "line": row.line, "reason": row.problem}
    if fields.id:
        entry["id"] = row.values.get(fields.id)
    try:
        entry["raw"] = row.raw.decode()
    except UnicodeDecodeError:
        entry["raw_base64"] = base64.b64encode(row.raw).decode()
    return json.dumps(entry).encode() + b"\n"
