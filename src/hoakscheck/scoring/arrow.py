"""Arrow: texts out of a column, and the columns of scoring onto a batch."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from hoakscheck.errors import MissingExtraError
from hoakscheck.scoring.columns import Column, Kind
from hoakscheck.scoring.values.choices import Choices, ColumnValues, Values
from hoakscheck.scoring.verdicts import Scorable, Unusable, scorable

if TYPE_CHECKING:
    import pyarrow


def arrow() -> Any:
    """Return the module pyarrow.

    Raises:
        MissingExtraError: it is not installed.
    """
    try:
        import pyarrow
    except ImportError as error:
        raise MissingExtraError("Parquet and Arrow need pyarrow: pip install 'hoakscheck[parquet]'") from error
    return pyarrow


def arrow_fields(columns: Sequence[Column]) -> list[Any]:
    """Return the fields of the columns that scoring adds."""
    return [arrow().field(column.name, _type(column.kind)) for column in columns]


def _type(kind: Kind) -> Any:
    pa = arrow()
    word = pa.struct([("word", pa.string()), ("start", pa.int32()), ("end", pa.int32()), ("contribution", pa.float64())])
    return {Kind.TEXT: pa.string(), Kind.NUMBER: pa.float64(), Kind.FLAG: pa.bool_(), Kind.WORDS: pa.list_(word)}[kind]


def column_texts(column: pyarrow.Array[Any], name: str, *, longest: int | None = None) -> list[Scorable]:
    """Return the texts of a column of any string type, dictionary-encoded or not, or of bytes that are UTF-8."""
    try:
        values = column.to_pylist()
    except UnicodeDecodeError:  # Parquet of some writers calls bytes a string without having looked
        values = column.cast(arrow().large_binary()).to_pylist()
    most = sys.maxsize if longest is None else longest
    return [value if value.__class__ is str and len(value) <= most else _text(value, name, longest) for value in values]


def _text(value: Any, name: str, longest: int | None) -> Scorable:
    if isinstance(value, bytes):
        try:
            value = value.decode()
        except UnicodeDecodeError:
            return Unusable("is no valid UTF-8")
    if longest is not None and isinstance(value, str) and len(value) > longest:
        return Unusable(f"has {len(value):,} characters in {name!r}, {longest:,} are the most")
    return scorable(value, name)


def with_columns(batch: pyarrow.RecordBatch, columns: Sequence[Column], values: Values) -> pyarrow.RecordBatch:
    """Return a batch with the columns of scoring behind its own."""
    pa = arrow()
    fields = arrow_fields(columns)
    arrays = [_array(some, field.type) for some, field in zip(values, fields, strict=True)]
    schema = pa.schema([*batch.schema, *fields], metadata=batch.schema.metadata)
    return pa.RecordBatch.from_arrays([*batch.columns, *arrays], schema=schema)


def _array(values: ColumnValues, kind: Any) -> Any:
    pa = arrow()
    if isinstance(values, Choices):
        return pa.array(values.values, kind).take(pa.array(values.places))
    return pa.array(values, kind, from_pandas=True)  # which takes NaN for nothing
