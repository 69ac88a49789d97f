"""Batches in, batches out: Arrow record batches, or plain rows from any engine that maps over partitions."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from hoakscheck.classifier import Classifier
from hoakscheck.errors import FrameError
from hoakscheck.scoring.arrow import column_texts, with_columns
from hoakscheck.scoring.columns import Column, columns_of, taken
from hoakscheck.scoring.contexts import ContextColumns, beside, check_fields
from hoakscheck.scoring.identity import identify
from hoakscheck.scoring.values.choices import plain
from hoakscheck.scoring.verdicts import scorable, verdict_values

if TYPE_CHECKING:
    import pyarrow


#: Rows of a partition taken at a time.
CHUNK_ROWS: Final = 2_000


def score_batches(
    batches: Iterable[pyarrow.RecordBatch],
    *,
    text_column: str = "text",
    context_columns: ContextColumns | None = None,
    model: str | os.PathLike[str] | None = None,
    explain: bool = False,
    prefix: str = "",
) -> Iterator[pyarrow.RecordBatch]:
    """Yield each batch with the columns of scoring behind its own: same rows, same order, nothing gathered.

    Needs the extra ``parquet``. A row without a usable text says why in ``error`` and stops nothing.

    Args:
        batches: record batches, such as those of ``pyarrow.dataset`` or ``ParquetFile.iter_batches``.
        text_column: column that holds the text; any string type, dictionary-encoded or not.
        context_columns: field of :class:`hoakscheck.Context` -> column that holds it; adds what its rules did.
        model: name, ``name@version`` or folder; loaded once per process.
        explain: add the words that speak most for the label.
        prefix: what the names of the added columns begin with.

    Raises:
        FrameError: a batch lacks the text column, or has a column of a name that scoring adds.

    >>> import pyarrow as pa
    >>> posts = pa.RecordBatch.from_pylist([{"id": 1, "text": "Ayo coblos nomor 3, pilih Bu Ratih!"}])
    >>> [batch.column("label").to_pylist() for batch in score_batches([posts])]
    [['political_ad']]
    """
    classifier, context = identify(model).classifier(), check_fields(context_columns)
    for batch in batches:
        yield score_batch(batch, classifier, text_column=text_column, context=context, explain=explain, prefix=prefix)


def score_batch(
    batch: pyarrow.RecordBatch, classifier: Classifier, *, text_column: str, context: ContextColumns, explain: bool, prefix: str
) -> pyarrow.RecordBatch:
    """Return one batch with the columns of scoring behind its own; errors as in :func:`score_batches`."""
    columns = columns_of(context=bool(context), explain=explain, prefix=prefix)
    check_names(batch.schema.names, [text_column, *context.values()], columns)
    texts = column_texts(batch.column(text_column), text_column)
    cells = {name: batch.column(name).to_pylist() for name in context.values()}
    return with_columns(batch, columns, verdict_values(classifier, *beside(texts, cells, context), explain=explain))


def check_names(names: Iterable[str], wanted: Iterable[str], columns: Sequence[Column]) -> None:
    """Refuse a table that scoring cannot add its columns to.

    Raises:
        FrameError: it lacks a wanted column, has it twice, or has a column of a name that scoring adds.
    """
    found = list(names)
    for name in wanted:
        if name not in found:
            raise FrameError(f"has no column {name!r}; it has {', '.join(map(repr, found)) or 'none'}")
        if found.count(name) > 1:
            raise FrameError(f"has the column {name!r} more than once; rename one of them")
    if name := taken(found, columns):
        raise FrameError(_advice(name))


def score_partition(
    rows: Iterable[Mapping[str, Any]],
    *,
    text_column: str = "text",
    context_columns: ContextColumns | None = None,
    model: str | os.PathLike[str] | None = None,
    explain: bool = False,
    prefix: str = "",
) -> Iterator[dict[str, Any]]:
    """Yield each row with the columns of scoring added, in order; nothing is gathered but a chunk at a time.

    A row without a usable text says why in ``error`` and stops nothing.

    Args:
        rows: mappings from column to value.
        text_column: column that holds the text.
        context_columns: field of :class:`hoakscheck.Context` -> column that holds it; adds what its rules did.
        model: name, ``name@version`` or folder; loaded once per process.
        explain: add the words that speak most for the label.
        prefix: what the names of the added columns begin with.

    Raises:
        FrameError: a row has a column of a name that scoring adds.

    >>> rows = score_partition([{"id": 7, "text": None}])
    >>> [(row["id"], row["needs_review"], row["error"]) for row in rows]
    [(7, True, "has no 'text'")]
    """
    classifier, context = identify(model).classifier(), check_fields(context_columns)
    columns = columns_of(context=bool(context), explain=explain, prefix=prefix)
    names = [column.name for column in columns]
    iterator = iter(rows)
    while chunk := list(islice(iterator, CHUNK_ROWS)):
        for row in chunk:
            if name := taken(row, columns):
                raise FrameError(_advice(name))
        texts = [scorable(row.get(text_column), text_column) for row in chunk]
        cells = {name: [row.get(name) for row in chunk] for name in context.values()}
        values = verdict_values(classifier, *beside(texts, cells, context), explain=explain)
        for row, *added in zip(chunk, *map(plain, values), strict=True):
            yield {**row, **dict(zip(names, added, strict=True))}


def _advice(name: str) -> str:
    """Return what to say when a column of a name that scoring adds is there already."""
    return f"has a column {name!r}, which scoring adds; rename it, or give the added columns a prefix"
