"""Records cut off a stream of lines: the raw bytes of each row, before anything is made of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain
from typing import Final, Protocol

from hoakscheck.scoring.formats.lines import Lines, Run

#: Lines that a quoted cell may reach over; beyond, the quote is taken for one gone astray.
MOST_LINES: Final = 100_000

UNCLOSED: Final = "opens a quote that is never closed"

#: Lines taken at a time to find the end of a quoted cell.
_LINES_AT_ONCE: Final = 1_000


class Records:
    """Records one after another, by column.

    Attributes:
        first: 1-based number of the first within its file, blank lines left out; the header of CSV is number 0.
        contents: the raw bytes of each; only the beginning of one that is too long.
        problems: place of each of which nothing can be made -> why, such as "has 20,000,000 bytes, 16,777,216 are the most".
    """

    def __init__(self, first: int) -> None:
        self.first = first
        self.contents: list[bytes] = []
        self.problems: dict[int, str] = {}
        self._lines: list[Sequence[int]] = []
        self.size = 0

    def __len__(self) -> int:
        return len(self.contents)

    @property
    def lines(self) -> list[int]:
        """The 1-based number of the first line of each."""
        return list(chain.from_iterable(self._lines))

    def append(self, line: int, content: bytes, problem: str = "") -> None:
        """Take the next record."""
        if problem:
            self.problems[len(self)] = problem
        self.extend(range(line, line + 1), [content])

    def extend(self, lines: Sequence[int], contents: Sequence[bytes]) -> None:
        """Take the next records, of one line each, that have no problem."""
        self._lines.append(lines)
        self.contents += contents
        self.size += sum(map(len, contents))


class RecordSource(Protocol):
    """What cuts records off a stream of lines."""

    def fill(self, records: Records, most: int, size: int) -> None:
        """Take the next records, as long as there are fewer than so many, of fewer bytes in all."""


class JsonRecords:
    r"""One record for each line that is not blank.

    >>> import io
    >>> source = JsonRecords(Lines(io.BytesIO(b'{"a": 1}\n\n{}'), longest=9, any_end=False), 9)
    >>> records = Records(first=1)
    >>> source.fill(records, 10, 1_000)
    >>> records.contents, records.lines
    ([b'{"a": 1}\n', b'{}'], [1, 3])
    """

    def __init__(self, lines: Lines, longest: int) -> None:
        self._lines, self._longest = lines, longest

    def fill(self, records: Records, most: int, size: int) -> None:
        """Take the next records, see :meth:`RecordSource.fill`."""
        while len(records) < most and records.size < size:
            run = self._lines.take(most - len(records), size - records.size)
            if not run.contents:
                break
            if run.lengths or any(map(bytes.isspace, run.contents)):
                self._extend(records, run)
            else:
                records.extend(range(run.first, run.first + len(run.contents)), run.contents)

    def _extend(self, records: Records, run: Run) -> None:
        for place, content in enumerate(run.contents):
            if place in run.lengths:
                records.append(run.first + place, content, too_long(run.lengths[place], self._longest))
            elif not content.isspace():
                records.append(run.first + place, content)


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


class QuotedRecords:
    """One record for each row, which may reach over several lines within quotes.

    When a quote is never closed, its line alone is bad; the lines behind it are read as rows of their own.
    """

    def __init__(self, lines: Lines, delimiter: str, longest: int) -> None:
        self._lines, self._longest, self._quoting = lines, longest, Quoting(delimiter)

    def fill(self, records: Records, most: int, size: int) -> None:
        """Take the next records, see :meth:`RecordSource.fill`."""
        while len(records) < most and records.size < size:
            run = self._lines.take(most - len(records), size - records.size)
            if not run.contents:
                break
            self._extend(records, run)

    def _extend(self, records: Records, run: Run) -> None:
        """Take the records that begin in a run, and give back the lines that are left."""
        contents, lengths, place, own = list(run.contents), dict(run.lengths), 0, len(run.contents)
        odd = [place for place, line in enumerate(contents) if place in lengths or self._quoting.opens(line) or _is_blank(line)]
        for stop in (*odd, own):
            if stop < place:
                continue  # within a record that has begun before
            records.extend(range(run.first + place, run.first + stop), contents[place:stop])
            place = stop
            if stop < own:
                place += self._take_odd(records, run.first, contents, lengths, place)
        self._lines.give_back(contents[place:])

    def _take_odd(self, records: Records, first: int, contents: list[bytes], lengths: dict[int, int], place: int) -> int:
        """Take the record that begins with a line that is too long, blank, or opens a quote; return how many lines it has."""
        count, problem = 1, ""
        if place in lengths:
            problem = too_long(lengths[place], self._longest)
        elif _is_blank(contents[place]):
            return 1
        else:
            closed = self._closed(contents, lengths, place)
            count, problem = closed or 1, "" if closed else UNCLOSED
        records.append(first + place, b"".join(contents[place : place + count]), problem)
        return count

    def _closed(self, contents: list[bytes], lengths: dict[int, int], start: int) -> int:
        """Return over how many lines a record reaches that opens a quote, 0 when it is never closed; takes more lines for it."""
        total, place = len(contents[start]), start + 1
        while place < len(contents) or self._take_more(contents, lengths):
            total += lengths.get(place, len(contents[place]))
            if total > self._longest or place - start >= MOST_LINES or place in lengths:
                break
            if not self._quoting.goes_on(contents[place]):
                return place - start + 1 if self._quoting.closes(contents[place]) else 0
            place += 1
        return 0

    def _take_more(self, contents: list[bytes], lengths: dict[int, int]) -> bool:
        more = self._lines.take(_LINES_AT_ONCE, self._longest)
        lengths.update((len(contents) + place, length) for place, length in more.lengths.items())
        contents += more.contents
        return bool(more.contents)


def _is_blank(line: bytes) -> bool:
    return len(line) <= len(b"\r\n") and not line.strip(b"\r\n")
