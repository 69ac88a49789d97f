"""Data frames in, data frames of the same kind out: pandas, polars, pyarrow, and whatever else narwhals reads."""

from __future__ import annotations

import os
from typing import Any, Final, TypeVar

from hoakscheck.errors import FrameError, MissingExtraError
from hoakscheck.scoring.batches import check_names
from hoakscheck.scoring.columns import Kind, columns_of
from hoakscheck.scoring.contexts import ContextColumns, beside, check_fields
from hoakscheck.scoring.identity import identify
from hoakscheck.scoring.values.choices import ColumnValues, plain
from hoakscheck.scoring.verdicts import scorable, verdict_values

Frame = TypeVar("Frame")

_LAZY: Final = "collect it first, or let its engine map score_frame over its partitions (docs/scoring.md)"


def score_frame(
    df: Frame,
    *,
    text_column: str = "text",
    context_columns: ContextColumns | None = None,
    model: str | os.PathLike[str] | None = None,
    explain: bool = False,
    prefix: str = "",
) -> Frame:
    """Return a data frame of the same kind with the columns of scoring behind its own; the one given stays as it is.

    Needs the extra ``frames``. A row without a usable text says why in ``error``, asks for review, and stops nothing. It can be
    mapped over the partitions of Dask and the batches of Ray, see ``docs/scoring.md``.

    Args:
        df: a data frame in memory: pandas, polars, a pyarrow table, or any other that narwhals reads.
        text_column: column that holds the text.
        context_columns: field of :class:`hoakscheck.Context` -> column that holds it; adds what its rules did.
        model: name, ``name@version`` or folder; loaded once per process.
        explain: add the words that speak most for the label.
        prefix: what the names of the added columns begin with.

    Raises:
        FrameError: it is no data frame in memory, lacks the text column, or has a column of a name that scoring adds.

    >>> import pandas as pd
    >>> posts = pd.DataFrame({"text": ["Ayo coblos nomor 3, pilih Bu Ratih!", None]}, index=[7, 9])
    >>> score_frame(posts)["error"].fillna("").to_dict()
    {7: '', 9: "has no 'text'"}
    """
    nw = _narwhals()
    try:
        frame = nw.from_native(df, eager_only=True)
    except TypeError as error:
        raise FrameError(f"{type(df).__module__}.{type(df).__name__} is no data frame in memory: {_LAZY}") from error
    except ValueError as error:  # pandas allows two columns of one name, nobody else does
        raise FrameError(str(error).splitlines()[0]) from error
    context = check_fields(context_columns)
    columns = columns_of(context=bool(context), explain=explain, prefix=prefix)
    check_names(frame.columns, [text_column, *context.values()], columns)
    texts = [scorable(value, text_column) for value in frame.get_column(text_column).to_list()]
    cells = {name: frame.get_column(name).to_list() for name in context.values()}
    values = verdict_values(identify(model).classifier(), *beside(texts, cells, context), explain=explain)
    added = [_series(nw, frame, column.name, column.kind, some) for column, some in zip(columns, values, strict=True)]
    scored: Frame = frame.with_columns(*added).to_native()
    return scored


def _series(nw: Any, frame: Any, name: str, kind: Kind, values: ColumnValues) -> Any:
    word = {"word": nw.String, "start": nw.Int32, "end": nw.Int32, "contribution": nw.Float64}
    types = {Kind.TEXT: nw.String, Kind.NUMBER: nw.Float64, Kind.FLAG: nw.Boolean, Kind.WORDS: nw.List(nw.Struct(word))}
    nested_in_pandas = kind is Kind.WORDS and frame.implementation.is_pandas_like()  # which has no type for it but object
    return nw.new_series(name, plain(values), None if nested_in_pandas else types[kind], backend=frame.implementation)


def _narwhals() -> Any:
    try:
        import narwhals
    except ImportError as error:
        raise MissingExtraError("data frames need narwhals: pip install 'hoakscheck[frames]'") from error
    return narwhals
