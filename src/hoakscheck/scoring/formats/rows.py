"""Rows: what was read of a record, and which of its columns mean something to scoring."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final, NamedTuple

from hoakscheck.scoring.verdicts import Scorable, Unusable, scorable

NO_UTF8: Final = "is no valid UTF-8"

#: Rows whose values are held at a time: a few hundred stay in the processor's cache, thousands take a third longer.
AT_ONCE: Final = 256

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

    @property
    def names(self) -> set[str]:
        """All of them."""
        return {self.text, *filter(None, [self.id]), *dict(self.context).values()}


class Row(NamedTuple):
    """One row of input.

    Attributes:
        number: 1-based number within its file, the header and blank lines left out.
        values: column -> value, as read; in CSV bytes that are no UTF-8 stand as lone surrogates.
        text: the text to score, or None when there is none.
        problem: why there is none; empty otherwise.
    """

    number: int
    values: Mapping[str, Any]
    text: str | None
    problem: str


@dataclass(frozen=True)
class Rows:
    """Some rows of one file that follow one another, by column.

    Attributes:
        first: number of the first.
        lines: 1-based number of the first line of each; of the row itself in Parquet.
        texts: text of each, or None where there is none.
        problems: place of each that has no text -> why.
        columns: the values of the columns that scoring reads.
        read_values: returns what ``values`` holds.
        raws: the bytes that each was read from; none in Parquet.
    """

    first: int
    lines: Sequence[int]
    texts: Sequence[str | None]
    problems: Mapping[int, str]
    columns: Mapping[str, Sequence[Any]]
    read_values: Callable[[], Sequence[Mapping[str, Any]]]
    raws: Sequence[bytes] = ()

    @cached_property
    def values(self) -> Sequence[Mapping[str, Any]]:
        """Column -> value, all columns, for each; they are dear, and mostly rows go out as they came and nobody asks."""
        return self.read_values()

    def __len__(self) -> int:
        return len(self.texts)

    def __getitem__(self, place: int) -> Row:
        """Return one of them."""
        return Row(self.first + place, self.values[place], self.texts[place], self.problems.get(place, ""))

    def __iter__(self) -> Iterator[Row]:
        return map(self.__getitem__, range(len(self)))

    @property
    def scorable(self) -> list[Scorable]:
        """The texts, or why there is none."""
        if not self.problems:
            return list[Scorable](self.texts)  # type: ignore[arg-type]  # each is one
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
    with suppress(TypeError, UnicodeEncodeError):
        "".join(found).encode()  # nothing but texts, and no stray byte in any: so it is mostly
        return found
    for place, text in enumerate(found):
        read = scorable(text, column)
        if isinstance(read, Unusable):
            found[place] = None
            problems.setdefault(place, read.reason)
        elif _STRAY_BYTE.search(read):
            found[place] = None
            problems[place] = NO_UTF8
    return found
