"""Score a file: every input row gives one output row, in order, and the output appears whole or not at all."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, TextIO

from hoakscheck.classifier import Classifier
from hoakscheck.errors import InputError, OutputExistsError
from hoakscheck.labels import Label
from hoakscheck.model.decision import Decision
from hoakscheck.scoring.rows import Row, format_of, json_columns, open_rows

#: Columns that scoring adds; an input column of the same name would be lost, so it is refused.
COLUMNS: Final = ("label", "probability", *(f"p_{label}" for label in Label), "needs_review", "review_reasons", "model", "error")


@dataclass(frozen=True)
class Summary:
    """What scoring a file came to.

    Attributes:
        rows: rows read and written.
        labels: label -> number of rows.
        needs_review: number of rows that ask for review.
        bad: number of rows that could not be scored; each is in the output with its reason.
    """

    rows: int
    labels: dict[str, int]
    needs_review: int
    bad: int


def score_file(
    source: Path,
    output: Path,
    classifier: Classifier,
    *,
    text_column: str = "text",
    overwrite: bool = False,
    progress: Callable[[Iterable[Row]], Iterable[Row]] = iter,
) -> Summary:
    """Score a CSV or JSON-lines file.

    All columns of the input are kept and those of :data:`COLUMNS` added. A row that cannot be scored keeps what could be
    read of it, and the column ``error`` says why.

    Args:
        source: file to read; its ending tells the format.
        output: file to write; its ending tells the format, which may be another one.
        classifier: the model.
        text_column: column that holds the text.
        overwrite: replace an output that exists.
        progress: wrapper around the iteration over rows, such as ``tqdm``.

    Raises:
        InputError: the input cannot be read, or a column of it has a name that scoring adds.
        OutputExistsError: the output exists and ``overwrite`` is false.
    """
    if output.is_dir():
        raise InputError(output, "is a folder; name a file")
    if output.exists() and not overwrite:
        raise OutputExistsError(output)
    as_csv = format_of(output) == "csv"
    with open_rows(source, text_column) as (columns, rows), _whole_or_nothing(output) as stream:
        _refuse_taken(source, columns, row=1)
        scored = _score_rows(source, progress(rows), classifier)
        if not as_csv:
            return _write_jsonl(scored, stream)
        if not columns:
            return _write_csv(_without_half_pairs(scored), stream, json_columns(source, text_column))
        return _write_csv(scored, stream, columns)


def _score_rows(source: Path, rows: Iterable[Row], classifier: Classifier) -> Iterator[tuple[Row, dict[str, Any]]]:
    for row in rows:
        _refuse_taken(source, row.values, row=row.number)
        if row.text is None:
            yield row, dict.fromkeys(COLUMNS) | {"error": f"row {row.number} {row.problem}"}
        else:
            (decision,) = classifier.decide_many([row.text])
            yield row, _cells(decision, classifier.model_id)


def _refuse_taken(source: Path, names: Iterable[str], *, row: int) -> None:
    taken = next((name for name in names if name in COLUMNS), None)
    if taken is not None:
        raise InputError(source, f"has a column {taken!r}, which scoring adds; rename it", row=row)


def _cells(decision: Decision, model_id: str) -> dict[str, Any]:
    return {
        "label": decision.label.value,
        "probability": round(decision.probability, 6),
        **{f"p_{label}": round(value, 6) for label, value in zip(Label, decision.probabilities, strict=True)},
        "needs_review": decision.needs_review,
        "review_reasons": " ".join(decision.review_reasons),
        "model": model_id,
        "error": None,
    }


class _Tally:
    """Counts what passes."""

    def __init__(self) -> None:
        self.labels: Counter[str] = Counter()
        self.rows = self.needs_review = self.bad = 0

    def add(self, cells: dict[str, Any]) -> None:
        self.rows += 1
        self.bad += cells["error"] is not None
        self.needs_review += bool(cells["needs_review"])
        if cells["label"]:
            self.labels[cells["label"]] += 1

    def summary(self) -> Summary:
        return Summary(self.rows, {label.value: self.labels[label.value] for label in Label}, self.needs_review, self.bad)


def _write_jsonl(scored: Iterable[tuple[Row, dict[str, Any]]], stream: TextIO) -> Summary:
    tally = _Tally()
    for row, cells in scored:
        tally.add(cells)
        line = json.dumps(row.values | cells, ensure_ascii=False)
        if not _encodable(line):
            line = json.dumps(row.values | cells)  # half a surrogate pair has no UTF-8, but it has a JSON escape
        stream.write(line + "\n")
    return tally.summary()


def _write_csv(scored: Iterable[tuple[Row, dict[str, Any]]], stream: TextIO, columns: Sequence[str]) -> Summary:
    tally = _Tally()
    line = io.StringIO()
    writer = csv.DictWriter(line, [*columns, *COLUMNS], extrasaction="ignore", lineterminator=_QUOTED_ENDS)
    writer.writeheader()
    _move(line, stream)
    for row, cells in scored:
        tally.add(cells)
        writer.writerow({name: _csv_cell(value) for name, value in (row.values | cells).items()})
        _move(line, stream)
    return tally.summary()


#: The csv module quotes a cell that holds a character of the line terminator, so a lone carriage return in a cell is only safe
#: if the terminator has one; lines of the file itself end as lines do in the shell.
_QUOTED_ENDS: Final = "\r\n"


def _move(line: io.StringIO, stream: TextIO) -> None:
    stream.write(line.getvalue().removesuffix(_QUOTED_ENDS) + "\n")
    line.seek(0)
    line.truncate()


def _csv_cell(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else value


def _without_half_pairs(scored: Iterable[tuple[Row, dict[str, Any]]]) -> Iterator[tuple[Row, dict[str, Any]]]:
    """Replace half surrogate pairs, which a JSON escape can give and no CSV can hold, by the replacement character.

    In rows of CSV such characters stand for bytes that are no UTF-8, and go back to the output as they came.
    """
    for row, cells in scored:
        values = {name: _csv_cell(value) for name, value in row.values.items()}
        mended = {name: _HALF_PAIR.sub("\ufffd", value) if isinstance(value, str) else value for name, value in values.items()}
        yield replace(row, values=mended), cells


_HALF_PAIR = re.compile("[\ud800-\udfff]")


def _encodable(line: str) -> bool:
    try:
        line.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


@contextmanager
def _whole_or_nothing(output: Path) -> Iterator[TextIO]:
    """Give a stream to a temporary file beside the output, which takes the output's name once all is on disk."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{output.name}-", dir=output.parent)
    except OSError as error:
        raise InputError(output, f"cannot be written ({error.strerror})") from error
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="surrogateescape", newline="") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(output)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
