"""What is done with one chunk, in whatever process: read, score, write as bytes."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from hoakscheck.civic.context import Context
from hoakscheck.garbage import collector_paused
from hoakscheck.scoring.arrow import arrow, with_columns
from hoakscheck.scoring.columns import Column, columns_of
from hoakscheck.scoring.contexts import beside
from hoakscheck.scoring.formats import delimited, jsonlines, parquet
from hoakscheck.scoring.formats.compression import compress
from hoakscheck.scoring.formats.names import FileKind
from hoakscheck.scoring.formats.reader import Chunk, read_rows
from hoakscheck.scoring.formats.rows import Fields, Rows
from hoakscheck.scoring.identity import ModelIdentity
from hoakscheck.scoring.local.summary import Tally, tally
from hoakscheck.scoring.values.choices import Values
from hoakscheck.scoring.verdicts import Unusable, verdict_values

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

    @collector_paused()
    def __call__(self, chunk: Chunk, *, leads: bool) -> Scored:
        """Score a chunk; the one that leads brings the header."""
        names = [column.name for column in self._added]
        rows, contexts = read_rows(chunk, self.source, self.fields, longest=self.longest_row, added=names), None
        if self.fields.context:
            rows, contexts = self._with_contexts(rows)
        values = verdict_values(self.model.classifier(), rows.scorable, contexts, explain=self.explain)
        content = compress(self._encoded(chunk, rows, values, leads=leads), self.target.compression)
        rejected = [self._reject(chunk.source, rows, place) for place in sorted(rows.problems)]
        return Scored(content, b"".join(rejected), tally(values))

    @property
    def _added(self) -> tuple[Column, ...]:
        return columns_of(context=bool(self.fields.context), explain=self.explain, prefix=self.prefix)

    def _with_contexts(self, rows: Rows) -> tuple[Rows, list[Context | None] | None]:
        """Return the rows with what is known beside each; one whose context cannot be read becomes a bad one."""
        columns = dict(self.fields.context)
        cells = {name: rows.columns[name] for name in columns.values()}
        texts, contexts = beside(rows.scorable, cells, columns)
        unusable = {place: text.reason for place, text in enumerate(texts) if isinstance(text, Unusable)}
        return rows.without({place: why for place, why in unusable.items() if place not in rows.problems}), contexts

    def _encoded(self, chunk: Chunk, rows: Rows, values: Values, *, leads: bool) -> bytes:
        added = self._added
        if not self.target.is_text:
            return parquet.message(with_columns(self._batch(chunk, rows), added, values))
        if self.target.format == "jsonl":
            return jsonlines.encode(rows, added, values, self.kept, as_read=self.source.format == "jsonl")
        kept = chunk.columns if self.kept is None else self.kept
        form = delimited.Form(self.target.format, self.source.format, chunk.columns, kept, self.guard_formulas)
        return (form.header(added) if leads else b"") + form.encode(rows, values)

    def _batch(self, chunk: Chunk, rows: Rows) -> pyarrow.RecordBatch:
        """Return the kept columns of a chunk as a batch."""
        if not self.source.is_text:
            return chunk.content if self.kept is None else chunk.content.select(list(self.kept))
        kept = chunk.columns if self.kept is None else self.kept
        schema = self.schema or arrow().schema([(name, arrow().string()) for name in kept])
        return parquet.table_of(rows, schema)

    def _reject(self, source: str, rows: Rows, place: int) -> bytes:
        """Return a bad row as a line of the quarantine: where it stands, why it is bad, and all that was read of it."""
        reason = rows.problems[place]
        entry: dict[str, Any] = {"source": source, "row": rows.first + place, "line": rows.lines[place], "reason": reason}
        if self.fields.id:
            entry["id"] = rows.columns[self.fields.id][place]
        raw = rows.raws[place] if rows.raws else b""
        try:
            entry["raw"] = raw.decode()
        except UnicodeDecodeError:
            entry["raw_base64"] = base64.b64encode(raw).decode()
        return json.dumps(entry).encode() + b"\n"
