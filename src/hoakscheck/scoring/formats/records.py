"""Records cut off a stream of lines: the raw bytes of each row, before anything is made of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count, repeat
from typing import Final, NamedTuple

from hoakscheck.scoring.formats.lines import Line, Lines

#: Lines that a quoted cell may reach over; beyond, the quote is taken for one gone astray.
MOST_LINES: Final = 100_000

UNCLOSED: Final = "opens a quote that is never closed"


class Record(NamedTuple):
    """The raw bytes of one row.

    Attributes:
        number: 1-based number of the row within its file, blank lines left out; the header of CSV is number 0.
        line: 1-based number of its first line.
        raw: its bytes; only the beginning of a row that is too long.
        problem: why nothing can be made of it, such as "is longer than 16,777,216 bytes"; mostly empty.
    """

    number: int
    line: int
    raw: bytes
    problem: str = ""


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
        return map(Record, count(self._first), self._lines, self.contents, problems)

    def append(self, record: Record) -> None:
        """Take the next record."""
        if record.problem:
            self._problems[len(self)] = record.problem
        self._lines.append(record.line)
        self.contents.append(record.raw)


def json_records(lines: Lines, longest: int) -> Iterator[Record]:
    """Yield one record for each line that is not blank."""
    number = 0
    for line, content, length in lines:
        is_whole = len(content) == length
        if is_whole and content.isspace():
            continue
        number += 1
        yield Record(number, line, content, "" if is_whole else too_long(length, longest))


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
        return b'"' in line and self._opens.match(line) is not None

    def goes_on(self, line: bytes) -> bool:
        """Whether the cell that was open where a line begins, or a later one of it, is open where it ends."""
        return self._stays_open.match(line) is not None or self._reopens.match(line) is not None

    def closes(self, line: bytes) -> bool:
        """Whether the cell that was open where a line begins ends properly."""
        return self._closes.match(line) is not None


def quoted_records(lines: Lines, delimiter: str, longest: int) -> Iterator[Record]:
    """Yield one record for each row, which may reach over several lines within quotes.

    When a quote is never closed, its line alone is bad; the lines behind it are read as rows of their own.
    """
    quoting = Quoting(delimiter)
    waiting: list[Line] = []  # lines that an unclosed quote had swallowed, last first
    number = -1
    while (line := _next(waiting, lines)) is not None:
        if not line.is_whole:
            number += 1
            yield Record(number, line.number, line.content, too_long(line.length, longest))
            continue
        if not line.content.strip(b"\r\n"):
            continue
        number += 1
        if not quoting.opens(line.content):
            yield Record(number, line.number, line.content)
            continue
        taken, closed = _gather(line, waiting, lines, quoting, longest)
        if closed:
            yield Record(number, line.number, b"".join(part.content for part in taken))
        else:
            waiting += reversed(taken[1:])
            yield Record(number, line.number, line.content, UNCLOSED)


def _next(waiting: list[Line], lines: Lines) -> Line | None:
    return waiting.pop() if waiting else next(iter(lines), None)


def _gather(first: Line, waiting: list[Line], lines: Lines, quoting: Quoting, longest: int) -> tuple[list[Line], bool]:
    """Return the lines from one that opens a quote to the one that closes it, and whether there was one."""
    taken, length = [first], first.length
    while (line := _next(waiting, lines)) is not None:
        taken.append(line)
        length += line.length
        if length > longest or len(taken) > MOST_LINES or not line.is_whole:
            break
        if quoting.goes_on(line.content):
            continue
        return taken, quoting.closes(line.content)
    return taken, False
