"""What scoring adds to rows as it stands in files of text: the end of each row, all rows of a chunk at once.

Rows that have the same texts differ in their numbers alone, which are of the same width: their bytes are those of one row with
other digits in some places. To write and join them cell by cell takes longer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from hoakscheck.scoring.values.choices import Choices, ColumnValues
from hoakscheck.scoring.values.decided import MILLION
from hoakscheck.serving.decisions import Floats

Bytes = NDArray[np.uint8]

_THREE_DIGITS: Final = np.array([list(b"%03d" % number) for number in range(1_000)], dtype=np.uint8)
_WIDTH: Final = len(b"0.000000")

#: What gives a value that is no number as bytes, such as ``"hoax"`` with its quotes; None, too.
Write = Callable[[Any], bytes]


def endings(columns: Sequence[ColumnValues], before: Sequence[bytes], write: Write, *, end: bytes) -> list[bytes]:
    """Return what is put behind each row.

    Args:
        columns: the values of each column, one column at least.
        before: what stands before the cells of each column.
        write: see :data:`Write`.
        end: what stands behind the last cell.

    >>> columns = [Choices(("hoax", "benign"), np.array([0, 1])), np.array([0.5, np.nan])]
    >>> endings(columns, [b",", b","], lambda value: str(value).encode(), end=b";")
    [b',hoax,0.500000;', b',benign,None;']
    """
    parts: list[list[bytes]] = []
    run: list[tuple[bytes, Choices | Floats]] = []
    for values, start in zip(columns, before, strict=True):
        if isinstance(values, list):
            parts += [_folded(run, write), [start + write(value) for value in values]]
            run = []
        else:
            run.append((start, values))
    parts.append(_folded(run, write, end=end) if run else [end] * len(columns[0]))
    return parts[0] if len(parts) == 1 else [b"".join(row) for row in zip(*(part for part in parts if part), strict=True)]


def _folded(run: Sequence[tuple[bytes, Choices | Floats]], write: Write, end: bytes = b"") -> list[bytes]:
    """Return the cells of columns that follow one another, with what stands before each and behind the last."""
    if not run:
        return []
    alike = np.zeros(len(run[0][1]), dtype=np.int64)  # rows with the same texts have the same number
    for _, values in run:
        count, places = (len(values.values), values.places) if isinstance(values, Choices) else (2, np.isnan(values))
        alike = alike * count + places
    _, first, which, counts = np.unique(alike, return_index=True, return_inverse=True, return_counts=True)
    order = np.argsort(which, kind="stable")
    digits = [None if isinstance(values, Choices) else _digits(values) for _, values in run]
    rows: list[bytes] = []
    for one, count in zip(first.tolist(), counts.tolist(), strict=True):
        form, slots = _form(run, one, write)
        own = order[len(rows) : len(rows) + count]
        table = np.empty((count, len(form) + len(end)), dtype=np.uint8)
        table[:] = np.frombuffer(form + end, dtype=np.uint8)
        for start, written in zip(slots, digits, strict=True):
            if start >= 0 and written is not None:
                table[:, start : start + _WIDTH] = written.take(own, axis=0)
        rows += _cut(table)
    place_of = np.empty_like(order)
    place_of[order] = np.arange(len(order))
    return [rows[place] for place in place_of.tolist()]


def _form(run: Sequence[tuple[bytes, Choices | Floats]], one: int, write: Write) -> tuple[bytes, list[int]]:
    """Return the cells of one row with room for its numbers, and where those begin; -1 for cells that are no numbers."""
    form, slots = b"", []
    for start, values in run:
        form += start
        is_number = not isinstance(values, Choices) and not np.isnan(values[one])
        slots.append(len(form) if is_number else -1)
        form += bytes(_WIDTH) if is_number else write(values[one] if isinstance(values, Choices) else None)
    return form, slots


def _cut(table: Bytes) -> list[bytes]:
    content, width = table.tobytes(), table.shape[1]
    return [content[start : start + width] for start in range(0, len(content), width)]


def _digits(numbers: Floats) -> Bytes:
    """Return numbers, 0 to 1, as they stand in files of text, shape (n_rows, 8).

    >>> _digits(np.array([0.5, 1.0, 1e-06])).tobytes()
    b'0.5000001.0000000.000001'
    """
    millionths = np.rint(np.nan_to_num(numbers) * MILLION).astype(np.int64)
    digits = np.empty((len(millionths), _WIDTH), dtype=np.uint8)
    digits[:, 0], digits[:, 1] = ord("0") + millionths // MILLION, ord(".")
    digits[:, 2:5], digits[:, 5:] = _THREE_DIGITS[millionths // 1_000 % 1_000], _THREE_DIGITS[millionths % 1_000]
    return digits
