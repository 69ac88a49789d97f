"""Batches in, batches out: Arrow record batches, or plain rows from any engine that maps over partitions."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from hoakscheck.classifier import Classifier
from hoakscheck.errors import FrameError
from hoakscheck.scoring.arrow import column_texts, with_columns
from hoakscheck.scoring.columns import columns_of, taken
from hoakscheck.scoring.identity import identify
from hoakscheck.scoring.verdicts import scorable, verdict_values

if TYPE_CHECKING:
    import pyarrow


#: Rows of a partition taken at a time.
CHUNK_ROWS: Final = 2_000


def score_batches(
    batches: Iterable[pyarrow.RecordBatch],
    *,
    text_column: str = "text",
    model: str | os.PathLike[str] | None = None,
    explain: bool = False,
    prefix: str = "",
) -> Iterator[pyarrow.RecordBatch]:
    """Yield each batch with the columns of scoring behind its own: same rows, same order, nothing gathered.

    Needs the extra ``parquet``. A row without a usable text says why in ``error`` and stops nothing.

    Args:
        batches: record batches, such as those of ``pyarrow.dataset`` or ``ParquetFile.iter_batches``.
        text_column: column that holds the text; any string type, dictionary-encoded or not.
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
    classifier = identify(model).classifier()
    for batch in batches:
        yield score_batch(batch, classifier, text_column=text_column, explain=explain, prefix=prefix)


def score_batch(
    batch: pyarrow.RecordBatch, classifier: Classifier, *, text_column: str, explain: bool, prefix: str
) -> pyarrow.RecordBatch:
    """Return one batch with the columns of scoring behind its own; errors as in :func:`score_batches`."""
    columns = columns_of(explain=explain, prefix=prefix)
    check_names(batch.schema.names, text_column, explain=explain, prefix=prefix)
    texts = column_texts(batch.column(text_column), text_column)
    return with_columns(batch, columns, verdict_values(classifier, texts, explain=explain))


def check_names(names: Iterable[str], text_column: str, *, explain: bool, prefix: str) -> None:
    """Refuse a table that scoring cannot add its columns to.

    Raises:
        FrameError: it lacks the text column, has it twice, or has a column of a name that scoring adds.
    """
    found = list(names)
    if text_column not in found:
        raise FrameError(f"has no column {text_column!r}; it has {', '.join(map(repr, found)) or 'none'}")
    if found.count(text_column) > 1:
        raise FrameError(f"has the column {text_column!r} more than once; rename one of them")
    if name := taken(found, columns_of(explain=explain, prefix=prefix)):
        raise FrameError(_advice(name))


def score_partition(
    rows: Iterable[Mapping[str, Any]],
    *,
    text_column: str = "text",
    model: str | os.PathLike[str] | None = None,
    explain: bool = False,
    prefix: str = "",
) -> Iterator[dict[str, Any]]:
    """Yield each row with the columns of scoring added, in order; nothing is gathered but a chunk at a time.

    A row without a usable text says why in ``error`` and stops nothing.

    Args:
        rows: mappings from column to value.
        text_column: column that holds the text.
        model: name, ``name@version`` or folder; loaded once per process.
        explain: add the words that speak most for the label.
        prefix: what the names of the added columns begin with.

    Raises:
        FrameError: a row has a column of a name that scoring adds.

    >>> rows = score_partition([{"id": 7, "text": None}])
    >>> [(row["id"], row["needs_review"], row["error"]) for row in rows]
    [(7, True, "has no 'text'")]
    """
    classifier = identify(model).classifier()
    columns = columns_of(explain=explain, prefix=prefix)
    names = [column.name for column in columns]
    iterator = iter(rows)
    while chunk := list(islice(iterator, CHUNK_ROWS)):
        for row in chunk:
            if name := taken(row, columns):
                raise FrameError(_advice(name))
        values = verdict_values(classifier, [scorable(row.get(text_column), text_column) for row in chunk], explain=explain)
        for row, *added in zip(chunk, *values, strict=True):
            yield {**row, **dict(zip(names, added, strict=True))}


def _advice(name: str) -> str:
    """Return what to say when a column of a name that scoring adds is there already."""
    return f"has a column {name!r}, which scoring adds; rename it, or give the added columns a prefix"
