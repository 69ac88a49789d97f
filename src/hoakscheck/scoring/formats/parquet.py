"""Parquet: read batch by batch, whatever the size of its row groups; written from batches that were kept on the way."""

from __future__ import annotations

import base64
import datetime
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from hoakscheck.errors import InputError
from hoakscheck.scoring.arrow import arrow, column_texts
from hoakscheck.scoring.formats.rows import Fields, Rows
from hoakscheck.scoring.verdicts import Unusable

if TYPE_CHECKING:
    import pyarrow

#: Rows of a row group that is written, and bytes from which one is written though it has fewer.
GROUP_ROWS: Final = 64 * 1024
GROUP_BYTES: Final = 128 * 1024 * 1024

_READ_AHEAD: Final = 1024 * 1024


def open_parquet(path: Path) -> Any:
    """Return a ``pyarrow.parquet.ParquetFile`` that reads pages as they are needed and never a whole row group ahead.

    Raises:
        InputError: it cannot be opened, or is no Parquet.
    """
    from pyarrow import parquet

    try:
        return parquet.ParquetFile(path, buffer_size=_READ_AHEAD, pre_buffer=False, memory_map=False)
    except OSError as error:
        raise InputError(path, error.strerror or str(error)) from error
    except arrow().ArrowException as error:
        raise InputError(path, f"is no Parquet ({str(error).splitlines()[0]})") from error


def empty(schema: pyarrow.Schema) -> pyarrow.RecordBatch:
    """Return a batch without rows."""
    return arrow().RecordBatch.from_arrays([arrow().array([], kind) for kind in schema.types], schema=schema)


def decode(batch: pyarrow.RecordBatch, first: int, fields: Fields, longest: int) -> Rows:
    """Return the rows of a batch, with values that JSON can hold.

    Args:
        batch: the batch.
        first: number of rows before it in its file.
        fields: columns that are read.
        longest: characters that a text may have.
    """
    found = column_texts(batch.column(fields.text), fields.text, longest=longest)
    problems = {place: text.reason for place, text in enumerate(found) if isinstance(text, Unusable)}
    texts = [None if isinstance(text, Unusable) else text for text in found]
    columns = {name: _values(batch.column(name)) for name in fields.names - {fields.text}}
    lines = range(first + 1, first + 1 + len(texts))
    return Rows(first + 1, lines, texts, problems, columns | {fields.text: texts}, lambda: _mappings(batch))


def _mappings(batch: pyarrow.RecordBatch) -> list[dict[str, Any]]:
    names, columns = batch.schema.names, [_values(values) for values in batch.columns]
    return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]


def _values(column: pyarrow.Array[Any]) -> list[Any]:
    try:
        return [_plain(value) for value in column.to_pylist()]
    except UnicodeDecodeError:
        return [_plain(_decoded(value)) for value in column.cast(arrow().large_binary()).to_pylist()]


def _decoded(value: bytes | None) -> str | bytes | None:
    try:
        return None if value is None else value.decode()
    except UnicodeDecodeError:
        return value


def _plain(value: Any) -> Any:
    """Return a value as JSON can hold it: dates in ISO form, bytes in base64, what is no number as null."""
    plain: Any
    match value:
        case str() | bool() | int() | None:
            plain = value
        case float():
            plain = value if math.isfinite(value) else None
        case bytes():
            plain = base64.b64encode(value).decode()
        case datetime.date() | datetime.time():
            plain = value.isoformat()
        case Mapping():
            plain = {str(key): _plain(item) for key, item in value.items()}
        case list() | tuple():
            plain = [_plain(item) for item in value]
        case _:  # decimals, durations
            plain = str(value)
    return plain


def table_of(rows: Rows, schema: pyarrow.Schema) -> pyarrow.RecordBatch:
    """Return rows of another format as a batch: texts stay texts, and what is nested becomes JSON."""
    pa = arrow()
    values = list(rows.values)
    arrays = [pa.array([_fitting(row.get(field.name), field.type) for row in values], field.type) for field in schema]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _fitting(value: Any, kind: Any) -> Any:
    if value is None or kind != arrow().string():
        return float(value) if isinstance(value, int) and kind == arrow().float64() else value
    if not isinstance(value, str):
        value = json.dumps(value, ensure_ascii=False)
    return value.encode("utf-8", "replace").decode() if not value.isascii() else value


def kind_of_value(value: Any) -> str:
    """Return what :func:`schema_of` tells JSON values apart by.

    >>> [kind_of_value(value) for value in (None, True, 7, 2**60, 2**70, 0.5, [])]
    ['null', 'bool', 'int', 'wide', 'other', 'float', 'other']
    """
    match value:
        case None:
            return "null"
        case bool():
            return "bool"
        case int():
            return "int" if abs(value) <= _EXACT else "wide" if -_LARGEST <= value < _LARGEST else "other"
        case float():
            return "float"
        case _:
            return "other"


_EXACT: Final = 2**53  # up to here a float holds every whole number
_LARGEST: Final = 2**63


def schema_of(kinds: Mapping[str, set[str]]) -> pyarrow.Schema:
    """Return the schema of columns with the kinds of JSON values that occur in each; mixed ones become texts.

    >>> schema_of({"id": {"int"}, "score": {"int", "float"}, "tags": {"other"}}).types
    [DataType(int64), DataType(double), DataType(string)]
    """
    pa = arrow()
    types = [({"bool"}, pa.bool_()), ({"int", "wide"}, pa.int64()), ({"int", "float"}, pa.float64())]
    fields = []
    for name, found in kinds.items():
        seen = found - {"null"}
        fitting = (kind for allowed, kind in types if seen and seen <= allowed)
        fields.append((name, next(fitting, pa.string())))
    return pa.schema(fields)


def message(batch: pyarrow.RecordBatch) -> bytes:
    """Return a batch as an Arrow stream of its own; such pieces one after the other can be read back."""
    pa = arrow()
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as stream:
        stream.write_batch(batch)
    content: bytes = sink.getvalue().to_pybytes()
    return content


def messages(file: IO[bytes]) -> Iterator[pyarrow.RecordBatch]:
    """Yield the batches of a file of pieces as :func:`message` makes them."""
    pa = arrow()
    while file.peek(1):  # type: ignore[attr-defined]  # a buffered reader has it
        yield from pa.ipc.open_stream(file)


def write(batches: Iterable[pyarrow.RecordBatch], schema: pyarrow.Schema, file: IO[bytes]) -> None:
    """Write a Parquet file of batches, in row groups of a size that depends on nothing but the batches."""
    from pyarrow import parquet

    pa = arrow()
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        waiting: list[Any] = []
        for batch in batches:
            waiting.append(batch)
            if _is_full(waiting):
                writer.write_table(pa.Table.from_batches(waiting, schema).unify_dictionaries())
                waiting = []
        if waiting:
            writer.write_table(pa.Table.from_batches(waiting, schema).unify_dictionaries())


def _is_full(batches: Sequence[Any]) -> bool:
    rows, size = sum(batch.num_rows for batch in batches), sum(batch.nbytes for batch in batches)
    return bool(rows >= GROUP_ROWS or size >= GROUP_BYTES)
