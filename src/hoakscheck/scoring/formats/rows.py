"""Rows: what was read of a record, and which of its columns mean something to scoring."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

from hoakscheck.scoring.verdicts import Scorable, Unusable, scorable

NO_UTF8: Final = "is no valid UTF-8"

#: What stands for a byte that is no UTF-8, with the error handler "surrogateescape".
_STRAY_BYTE: Final = re.compile("[\udc80-\udcff]")


class Fields(NamedTuple):
    """Names of the columns that scoring reads.

    Attributes:
        text: column that holds the text.
        id: column that tells rows apart for a reader of the quarantine; empty when there is none.
        context: fields of :class:`hoakscheck.Context`, each with the column that holds it.
    """

    text: str = "text"
    id: str = ""
    context: tuple[tuple[str, str], ...] = ()


class Row(NamedTuple):
    """One row of input.

    Attributes:
        number: 1-based number within its file, the header and blank lines left out.
        line: 1-based number of its first line; of the row itself in Parquet.
        values: column -> value, as read; in CSV bytes that are no UTF-8 stand as lone surrogates.
        text: the text to score, or None when there is none.
        problem: why there is none; empty otherwise.
        raw: the bytes it was read from; empty in Parquet.
    """

    number: int
    line: int
    values: Mapping[str, Any]
    text: str | None
    problem: str
    raw: bytes = b""


@dataclass(frozen=True)
class Rows:
    """Some rows of one file that follow one another, by column.

    Attributes:
        first: number of the first.
        lines: line of each.
        texts: text of each, or None where there is none.
        problems: place of each that has no text -> why.
        values: column -> value, for each; where they are dear they are made when they are asked for.
        raws: the bytes that each was read from; none in Parquet.
    """

    first: int
    lines: Sequence[int]
    texts: Sequence[str | None]
    problems: Mapping[int, str]
    values: Sequence[Mapping[str, Any]]
    raws: Sequence[bytes] = ()

    def __len__(self) -> int:
        return len(self.texts)

    def __getitem__(self, place: int) -> Row:
        """Return one of them."""
        raw = self.raws[place] if self.raws else b""
        values, problem = self.values[place], self.problems.get(place, "")
        return Row(self.first + place, self.lines[place], values, self.texts[place], problem, raw)

    def __iter__(self) -> Iterator[Row]:
        return map(self.__getitem__, range(len(self)))

    def column(self, name: str) -> list[Any]:
        """Return the values of one column, None where there is none."""
        return [values.get(name) for values in self.values]

    @property
    def scorable(self) -> list[Scorable]:
        """The texts, or why there is none."""
        return [
            Unusable(f"row {self.first + place} {self.problems[place]}") if text is None else text
            for place, text in enumerate(self.texts)
        ]

    def without(self, unusable: Mapping[int, str]) -> Rows:
        """Return the same rows, some of which cannot be used for further reasons, by place."""
        texts = [None if place in unusable else text for place, text in enumerate(self.texts)]
        return replace(self, texts=texts, problems={**self.problems, **unusable})


def usable(values: Iterable[Any], column: str, problems: dict[int, str]) -> list[str | None]:
    """Return the texts among values, None elsewhere, and add to the problems why they are none.

    Args:
        values: what a column holds.
        column: its name.
        problems: place of each value that is known to be none -> why.

    >>> problems = {0: "is no JSON object"}
    >>> usable([None, "halo", 5], "text", problems), problems
    ([None, 'halo', None], {0: 'is no JSON object', 2: "has int instead of a text in 'text'"})
    """
    found = list(values)
    for place, text in enumerate(found):
        if text.__class__ is str and text.isascii():  # most are, and need not be asked further
            continue
        read = scorable(text, column)
        if isinstance(read, Unusable):
            found[place] = None
            problems.setdefault(place, read.reason)
        elif _STRAY_BYTE.search(read):
            found[place] = None
            problems[place] = NO_UTF8
    return found
