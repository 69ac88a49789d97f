"""Columns of values: most of them hold a few values again and again, or numbers."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hoakscheck.serving.decisions import Floats, Places


class Choices:
    """A column that holds a few values again and again.

    Attributes:
        values: the values that there are.
        places: place among them of the value of each row, shape (n_rows,).

    >>> column = Choices(("benign", "hoax"), np.array([0, 1, 0]))
    >>> list(column), column[1], len(column)
    (['benign', 'hoax', 'benign'], 'hoax', 3)
    """

    def __init__(self, values: Sequence[Any], places: Places) -> None:
        self.values, self.places = tuple(values), places

    @classmethod
    def of(cls, values: Sequence[Hashable]) -> Choices:
        """Return a column of given values.

        >>> Choices.of(["b", "a", "b"]).values
        ('b', 'a')
        """
        place_of = {value: place for place, value in enumerate(dict.fromkeys(values))}
        return cls(tuple(place_of), np.array([place_of[value] for value in values], dtype=np.intp))

    @classmethod
    def same(cls, value: Any, count: int) -> Choices:
        """Return a column of one value, so many times."""
        return cls((value,), np.zeros(count, dtype=np.intp))

    def __len__(self) -> int:
        return len(self.places)

    def __getitem__(self, row: int) -> Any:
        """Return the value of one row."""
        return self.values[self.places[row]]

    def __iter__(self) -> Iterator[Any]:
        return map(self.values.__getitem__, self.places.tolist())


#: A column of values: choices, numbers (NaN where there is none), or what differs from row to row.
ColumnValues = Choices | Floats | list[Any]

#: What several rows hold in some columns: for each column one value a row.
Values = tuple[ColumnValues, ...]


def plain(values: ColumnValues) -> list[Any]:
    """Return the values of a column as a list.

    >>> plain(np.array([0.5, np.nan])), plain(Choices.same("benign", 2))
    ([0.5, None], ['benign', 'benign'])
    """
    if not isinstance(values, np.ndarray):
        return list(values)
    found: list[Any] = values.tolist()
    for place in np.flatnonzero(np.isnan(values)).tolist():
        found[place] = None
    return found


def joined(parts: Sequence[ColumnValues]) -> ColumnValues:
    """Return several parts of one column, at least one, as one.

    >>> list(joined([Choices(("a", "b"), np.array([1])), Choices(("c",), np.array([0]))]))
    ['b', 'c']
    """
    if len(parts) == 1:
        return parts[0]
    numbers = [part for part in parts if isinstance(part, np.ndarray)]
    if numbers:
        return np.concatenate(numbers)
    rows = list(chain.from_iterable(parts))
    return Choices.of(rows) if isinstance(parts[0], Choices) else rows


def spread(values: ColumnValues, places: NDArray[np.intp], count: int, *, nothing: Any) -> ColumnValues:
    """Return the values of some rows among so many, with nothing in the others.

    Args:
        values: the values.
        places: which rows they belong to.
        count: of all rows.
        nothing: what the others hold; in a column of numbers NaN stands for it.

    >>> list(spread(Choices(("hoax",), np.array([0])), np.array([1]), 3, nothing=None))
    [None, 'hoax', None]
    """
    if isinstance(values, Choices):
        found = np.full(count, len(values.values), dtype=np.intp)
        found[places] = values.places
        return Choices((*values.values, nothing), found)
    if isinstance(values, np.ndarray):
        numbers = np.full(count, np.nan)
        numbers[places] = values
        return numbers
    others = [nothing] * count
    for place, value in zip(places.tolist(), values, strict=True):
        others[place] = value
    return others
