"""Many machines: the rows of a Spark data frame, scored by the same cells as everywhere else."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from hoakscheck.errors import FrameError, MissingExtraError
from hoakscheck.scoring.batches import check_names, score_batch
from hoakscheck.scoring.columns import Column, Kind, columns_of
from hoakscheck.scoring.contexts import ContextColumns, check_fields
from hoakscheck.scoring.identity import identify, pack

if TYPE_CHECKING:
    import pyarrow
    from pyspark.sql import DataFrame
    from pyspark.sql.types import StructType


def score(
    df: DataFrame,
    text_column: str = "text",
    *,
    context_columns: ContextColumns | None = None,
    model: str | os.PathLike[str] | None = None,
    explain: bool = False,
    prefix: str = "",
    partitions: int | None = None,
) -> DataFrame:
    """Return a Spark data frame with the columns of scoring behind its own; like every transformation, it runs when it is asked.

    Needs the extra ``spark`` here and hoakscheck with pyarrow on the workers. The model is read here, broadcast once, written to
    each machine once under the hash of its content, and loaded once per Python worker. A row without a usable text says why in
    ``error`` and fails nothing. A lost worker costs its tasks alone: scoring depends on nothing but the row, so Spark does
    them again with the same result.

    Args:
        df: a data frame of Spark 3.5 or later, not of Spark Connect.
        text_column: column that holds the text, of type string or binary.
        context_columns: field of :class:`hoakscheck.Context` -> column that holds it; adds what its rules did.
        model: name, ``name@version`` or folder, on the driver.
        explain: add the words that speak most for the label, as an array of structs.
        prefix: what the names of the added columns begin with.
        partitions: deal the rows out evenly over so many partitions first, which mends skew and small files at the price of a
            shuffle and of the order of rows; None leaves partitions and order as they are.

    Raises:
        FrameError: the text column is missing or no text, or there is a column of a name that scoring adds.
        ModelError: the model cannot be found or read.
        MissingExtraError: pyspark, pyarrow or pandas is not installed.
    """
    context = check_fields(context_columns)
    columns = columns_of(context=bool(context), explain=explain, prefix=prefix)
    schema = _schema(df, columns)
    check_names(df.columns, [text_column, *context.values()], columns)
    kind = df.schema[text_column].dataType.typeName()
    if kind not in {"string", "varchar", "char", "binary"}:
        raise FrameError(f"has {kind} instead of texts in {text_column!r}")
    packed = df.sparkSession.sparkContext.broadcast(pack(identify(model)))
    even = df if partitions is None else df.repartition(partitions)
    return even.mapInArrow(_scorer(packed, text_column, context, explain=explain, prefix=prefix), schema)


def _scorer(
    packed: Any, text_column: str, context: ContextColumns, *, explain: bool, prefix: str
) -> Callable[..., Iterator[pyarrow.RecordBatch]]:
    """Return the function that goes to the workers; it carries the handle of the broadcast, not the model."""

    def scored(batches: Iterable[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
        classifier = packed.value.classifier()
        for batch in batches:
            yield score_batch(batch, classifier, text_column=text_column, context=context, explain=explain, prefix=prefix)

    return scored


def _schema(df: DataFrame, columns: Sequence[Column]) -> StructType:
    missing = [name for name in ("pyspark", "pyarrow", "pandas") if find_spec(name) is None]
    if missing:  # Spark's mapInArrow asks for pandas, too, without using it
        raise MissingExtraError(f"Spark needs {' and '.join(missing)}: pip install 'hoakscheck[spark]'")
    from pyspark.sql import types

    word = types.StructType(
        [
            types.StructField("word", types.StringType()),
            types.StructField("start", types.IntegerType()),
            types.StructField("end", types.IntegerType()),
            types.StructField("contribution", types.DoubleType()),
        ]
    )
    kinds: dict[Kind, types.DataType] = {
        Kind.TEXT: types.StringType(),
        Kind.NUMBER: types.DoubleType(),
        Kind.FLAG: types.BooleanType(),
        Kind.WORDS: types.ArrayType(word),
    }
    added = [types.StructField(column.name, kinds[column.kind]) for column in columns]
    return types.StructType([*df.schema.fields, *added])
