"""Records cut off a stream of lines: the raw bytes of each row, before anything is made of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import count, repeat
from typing import Final

from hoakscheck.scoring.formats.lines import Line, is_whole

#: Lines that a quoted cell may reach over; beyond, the quote is taken for one gone astray.
MOST_LINES: Final = 100_000

UNCLOSED: Final = "opens a quote that is never closed"


#: The raw bytes of one row, as (number, line, raw, problem); as named tuples they took twice the time to cut.
#:
#: - number: 1-based number of the row within its file, blank lines left out; the header of CSV is number 0.
#: - line: 1-based number of its first line.
#: - raw: its bytes; only the beginning of a row that is too long.
#: - problem: why nothing can be made of it, such as "has 20,000,000 bytes, 16,777,216 are the most"; mostly empty.
Record = tuple[int, int, bytes, str]


class Records:
    """Records one after another, by column: so they go to another process in a quarter of the time.

    Args:
        first: number of the first.
    """

    def __init__(self, first: int) -> None:
        self._first = first
        self._lines: list[int] = []
        self.contents: list[bytes] = []
        self._problems: dict[int, str] = {}

    def __len__(self) -> int:
        return len(self.contents)

    def __iter__(self) -> Iterator[Record]:
        problems = map(self._problems.get, range(len(self)), repeat("")) if self._problems else repeat("")
        return zip(count(self._first), self._lines, self.contents, problems)

    def append(self, record: Record) -> None:
        """Take the next record."""
        _, line, raw, problem = record
        if problem:
            self._problems[len(self.contents)] = problem
        self._lines.append(line)
        self.contents.append(raw)


def json_records(lines: Iterable[Line], longest: int) -> Iterator[Record]:
    """Yield one record for each line that is not blank."""
    number = 0
    for line, content, length in lines:
        if len(content) != length:
            number += 1
            yield number, line, content, too_long(length, longest)
        elif not content.isspace():
            number += 1
            yield number, line, content, ""


def too_long(length: int, longest: int) -> str:
    """Return the problem of a row of so many bytes."""
    return f"has {length:,} bytes, {longest:,} are the most"


class Quoting:
    r"""Where quoted cells begin and end, as the csv module reads them.

    A quote opens a cell only at its beginning. Within a cell two quotes are one. What follows a closing quote belongs to
    the cell up to the next delimiter, unless the cell has reached over a line: then it is taken for a quote gone astray, which
    must not swallow the rows up to the next one.

    >>> quoting = Quoting(",")
    >>> quoting.opens(b'1,"halo\n'), quoting.opens(b'1,5" layar\n')
    (True, False)
    """

    def __init__(self, delimiter: str) -> None:
        part = re.escape(delimiter.encode())
        inside = rb'(?:[^"]++|"")*+'
        cells = rb'(?:(?:"' + inside + rb'"[^P]*+|[^P"][^P]*+)?+P)*+'
        opened = cells + rb'"' + inside + rb"\Z"
        self._opens = re.compile(opened.replace(b"P", part))
        self._stays_open = re.compile(inside + rb"\Z")
        self._closes = re.compile((inside + rb'"(?:[\r\n]*\Z|P)').replace(b"P", part))
        self._reopens = re.compile((inside + rb'"P' + opened).replace(b"P", part))

    def opens(self, line: bytes) -> bool:
        """Whether a quoted cell is open where a line ends that began outside of any."""
        return self._opens.match(line) is not None

    def goes_on(self, line: bytes) -> bool:
        """Whether the cell that was open where a line begins, or a later one of it, is open where it ends."""
        return self._stays_open.match(line) is not None or self._reopens.match(line) is not None

    def closes(self, line: bytes) -> bool:
        """Whether the cell that was open where a line begins ends properly."""
        return self._closes.match(line) is not None


def quoted_records(lines: Iterable[Line], delimiter: str, longest: int) -> Iterator[Record]:
    """Yield one record for each row, which may reach over several lines within quotes.

    When a quote is never closed, its line alone is bad; the lines behind it are read as rows of their own.
    """
    quoting, coming = Quoting(delimiter), iter(lines)
    waiting: list[Line] = []  # lines that an unclosed quote had swallowed, last first
    number = -1
    while (first := waiting.pop() if waiting else next(coming, None)) is not None:
        line, content, length = first
        if not is_whole(first):
            number += 1
            yield number, line, content, too_long(length, longest)
            continue
        if not content.strip(b"\r\n"):
            continue
        number += 1
        if b'"' not in content or not quoting.opens(content):
            yield number, line, content, ""
            continue
        taken, closed = _gather(first, waiting, coming, quoting, longest)
        if closed:
            yield number, line, b"".join(content for _, content, _ in taken), ""
        else:
            waiting += reversed(taken[1:])
            yield number, line, content, UNCLOSED


def _gather(first: Line, waiting: list[Line], lines: Iterator[Line], quoting: Quoting, longest: int) -> tuple[list[Line], bool]:
    """Return the lines from one that opens a quote to the one that closes it, and whether there was one."""
    taken, total = [first], 0
    while (line := waiting.pop() if waiting else next(lines, None)) is not None:
        _, content, length = line
        taken.append(line)
        total += length
        if total + first[2] > longest or len(taken) > MOST_LINES or not is_whole(line):
            break
        if quoting.goes_on(content):
            continue
        return taken, quoting.closes(content)
    return taken, False
