"""Score files: what is asked, checked and looked up before the rows flow."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import astuple, replace
from itertools import chain
from pathlib import Path
from typing import IO, Any, Final

from hoakscheck.errors import InputError, OutputExistsError, ResumeError
from hoakscheck.inputs import BLOCK_TEXTS
from hoakscheck.scoring.columns import columns_of
from hoakscheck.scoring.contexts import ContextColumns, check_fields
from hoakscheck.scoring.formats import parquet
from hoakscheck.scoring.formats.lines import LONGEST_ROW
from hoakscheck.scoring.formats.names import kind_named, kind_of
from hoakscheck.scoring.formats.reader import STANDARD
from hoakscheck.scoring.formats.rows import Fields
from hoakscheck.scoring.identity import identify
from hoakscheck.scoring.local import journal
from hoakscheck.scoring.local.inputs import Input, check_inputs, find_inputs, fingerprint, json_kinds
from hoakscheck.scoring.local.journal import Commit
from hoakscheck.scoring.local.lock import locked
from hoakscheck.scoring.local.output import FileOutput, Places, StreamOutput, check_grown, finish, places_of
from hoakscheck.scoring.local.stream import Progress, Stream
from hoakscheck.scoring.local.summary import Summary, summarise
from hoakscheck.scoring.local.task import Task

#: Rows that are read, scored and written at a time: as many as are best scored at once.
CHUNK_ROWS: Final = BLOCK_TEXTS


def score_files(
    inputs: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
    output: str | os.PathLike[str],
    *,
    model: str | os.PathLike[str] | None = None,
    text_column: str = "text",
    id_column: str = "",
    columns: Sequence[str] | None = None,
    context_columns: ContextColumns | None = None,
    explain: bool = False,
    prefix: str = "",
    guard_formulas: bool = False,
    input_format: str | None = None,
    output_format: str | None = None,
    jobs: int = 1,
    chunk_size: int = CHUNK_ROWS,
    longest_row: int = LONGEST_ROW,
    max_bad: int | None = None,
    quarantine: str | os.PathLike[str] | None = None,
    overwrite: bool = False,
    resume: bool = False,
    progress: Progress | None = None,
) -> Summary:
    """Score files of one format into one file: all rows in the order of the inputs, all columns, those of scoring behind them.

    A row that cannot be scored keeps its place and what could be read of it, says why in ``error``, and goes whole to the
    quarantine. Whatever ends the run, the output is not there or whole, and ``resume=True`` gives the same bytes as a run that
    nothing ended.

    Args:
        inputs: files, globs, folders, or ``-`` for standard input. CSV, TSV, JSON lines or Parquet; plain, gzip or zstd.
        output: file to write, of any of these formats, or ``-`` for standard output.
        model: name, ``name@version`` or folder.
        text_column: column that holds the text.
        id_column: column that names a row in the quarantine.
        columns: columns of the input to keep, in order; by default all.
        context_columns: field of :class:`hoakscheck.Context` -> column that holds it; adds what its rules did.
        explain: add the words that speak most for the label.
        prefix: what the names of the added columns begin with.
        guard_formulas: in CSV and TSV, put an apostrophe before cells that a spreadsheet would take for a formula.
        input_format: such as ``csv.gz``, where the name does not tell.
        output_format: likewise.
        jobs: processes; -1 for one per core.
        chunk_size: rows that are read, scored and written at a time.
        longest_row: bytes that a row may have (characters of the text, in Parquet); a longer one is bad and never held whole.
        max_bad: bad rows that are allowed; by default any number.
        quarantine: file for the bad rows; by default ``OUTPUT.quarantine.jsonl``, made when there are any.
        overwrite: replace an output that exists, and forget an unfinished run.
        resume: continue an unfinished run where there is one.
        progress: called after every chunk, see :data:`Progress`.

    Raises:
        InputError: an input, a column or the output cannot be used.
        OutputExistsError: the output is there and neither ``overwrite`` nor ``resume`` was asked for.
        OutputBusyError: another run writes it now.
        ResumeError: there is an unfinished run and it cannot be continued: input, model or options have changed.
        TooManyBadRowsError: more than ``max_bad``; what was scored is kept to be resumed.
        ModelError: the model cannot be loaded.
        InvalidContextError: ``context_columns`` names no field.
        OSError: the disk is full or fails; what was scored is kept to be resumed.
    """
    began = time.monotonic()
    path = Path(output)
    target = kind_of(path) if output_format is None and path != STANDARD else kind_named(output_format or "jsonl")
    places = places_of(path, Path(quarantine) if quarantine is not None else None)
    names = [inputs] if isinstance(inputs, (str, os.PathLike)) else inputs
    found = find_inputs(names, kind=input_format, besides=(places.output, places.quarantine))
    kept = tuple(columns) if columns is not None else None
    task = Task(
        identify(model), found[0].kind, target, Fields(text_column, id_column, tuple(check_fields(context_columns).items())), kept,
        explain=explain, prefix=prefix, guard_formulas=guard_formulas, longest_row=longest_row,
    )  # fmt: skip
    wanted = [name for name in (text_column, id_column, *dict(task.fields.context).values(), *(kept or ())) if name]
    added = [column.name for column in columns_of(context=bool(task.fields.context), explain=explain, prefix=prefix)]
    first = check_inputs(found, wanted, added, longest=longest_row)
    task = replace(task, kept=first if kept is None else kept)
    stream = Stream(found, _with_columns(task, found, added), wanted, added, chunk_size, jobs, max_bad, progress)
    about = {"model": task.model.model_id, "output": str(path)}
    if path == STANDARD:
        done = _to_pipe(stream, path, quarantine)
        place = str(quarantine or "") if done.tally.bad else ""
        return summarise(done.tally, **about, resumed=0, quarantine=place, seconds=time.monotonic() - began)
    if path.is_dir():
        raise InputError(path, "is a folder; name a file")
    if not places.quarantine.parent.is_dir() and quarantine is not None:
        raise InputError(places.quarantine, "cannot be written (there is no such folder)")
    options = {"chunk_size": chunk_size, "quarantine": str(places.quarantine), **_options(stream.task)}
    with locked(places.lock, path):
        request = {
            "inputs": [fingerprint(one) for one in found],
            "model": {"id": task.model.model_id, "digest": task.model.digest},
            "options": options,
        }
        start = _start(places, request, path, found, overwrite=overwrite, resume=resume)
        if start is None:
            return summarise(Commit().tally, **about, resumed=0, quarantine="", seconds=0.0, complete_before=True)
        done = _to_file(stream, places, request, start, path)
    place = str(places.quarantine) if done.tally.bad else ""
    seconds = time.monotonic() - began
    return summarise(done.tally, **about, resumed=start.tally.rows, quarantine=place, seconds=seconds)


def _with_columns(task: Task, inputs: Sequence[Input], added: Sequence[str]) -> Task:
    """Return the task with the columns of JSON lines, where a table needs to know them beforehand."""
    if task.source.format != "jsonl" or task.target.format == "jsonl":
        return task
    if task.kept is not None and task.target.is_text:
        return task
    kinds = json_kinds(inputs, added, longest=task.longest_row)
    kept = tuple(kinds) if task.kept is None else task.kept
    schema = None if task.target.is_text else parquet.schema_of({name: kinds.get(name, set()) for name in kept})
    return replace(task, kept=kept, schema=schema)


def _options(task: Task) -> dict[str, Any]:
    """Return what else decides about the bytes of the output, in types of JSON."""
    return {
        "format": [*astuple(task.source), *astuple(task.target)],
        "text_column": task.fields.text,
        "id_column": task.fields.id,
        "context_columns": dict(task.fields.context),
        "columns": None if task.kept is None else list(task.kept),
        "explain": task.explain,
        "prefix": task.prefix,
        "guard_formulas": task.guard_formulas,
        "longest_row": task.longest_row,
    }


def _start(
    places: Places, request: dict[str, Any], path: Path, inputs: Sequence[Input], *, overwrite: bool, resume: bool
) -> Commit | None:
    """Return the commit to start from; None when the output is complete already.

    Raises:
        OutputExistsError, ResumeError: as :func:`score_files` says.
    """
    begun = journal.read(places.journal)
    if begun and begun[1].chunks:
        if resume:
            journal.check_same(path, begun[0], request)
            return begun[1]
        if not overwrite:
            reason = f"an unfinished run of {begun[1].tally.rows:,} rows is there; continue it with --resume (resume=True)"
            raise ResumeError(path, reason)
    elif not overwrite and places.output.exists():
        if not resume or begun:
            raise OutputExistsError(path)
        _check_newer(places.output, path, inputs)
        return None
    if places.quarantine.exists() and not overwrite:
        raise OutputExistsError(places.quarantine)
    return Commit()


def _check_newer(output: Path, path: Path, inputs: Sequence[Input]) -> None:
    """Refuse to take an output for complete when an input is newer than it."""
    for one in inputs:
        if one.path != STANDARD and one.path.stat().st_mtime_ns > output.stat().st_mtime_ns:
            raise ResumeError(path, f"is complete, but the input {one.path} is newer", changed="input")


def _to_file(stream: Stream, places: Places, request: dict[str, Any], start: Commit, path: Path) -> Commit:
    transform = None if stream.task.target.is_text else _as_parquet
    if start.complete:
        finish(places, start, transform)
        return start
    if start.chunks:
        check_grown(places, start)
        record = journal.go_on(places.journal)
    else:
        for left in (places.partial, places.rejected, places.finishing):
            left.unlink(missing_ok=True)
        record = journal.begin(places.journal, request)
    return stream.into(FileOutput(places, record, start, transform), path)


def _as_parquet(grown: IO[bytes], last: IO[bytes]) -> None:
    batches: Iterator[Any] = parquet.messages(grown)
    first = next(batches)
    parquet.write(chain([first], batches), first.schema, last)


def _to_pipe(stream: Stream, path: Path, quarantine: str | os.PathLike[str] | None) -> Commit:
    if not stream.task.target.is_text:
        raise InputError(path, "Parquet cannot be written to a pipe; name a file")
    return stream.into(StreamOutput(Path(quarantine) if quarantine is not None else None), path)
