"""Lines of a stream of bytes, many at a time, however long: what is too long is skipped and told, never held."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import IO, Any, Final, NamedTuple

#: Bytes read at a time.
BLOCK: Final = 1024 * 1024

#: A row may hold 16 MB; a hundred times the longest article.
LONGEST_ROW: Final = 16 * 1024 * 1024

#: What is kept of a line that is too long, to recognise it by.
KEPT: Final = 1_024


class Run(NamedTuple):
    """Lines that follow one another.

    Attributes:
        first: 1-based number of the first in its stream.
        contents: the lines, with their ends; of one that is too long only the beginning.
        lengths: place of each line that is too long -> bytes that it has in the stream.
    """

    first: int
    contents: list[bytes]
    lengths: Mapping[int, int]


class Lines:
    r"""The lines of a stream, with a hash over all that were taken so far.

    Args:
        stream: what is read.
        longest: bytes that a line may have.
        any_end: whether a lone carriage return ends a line too, as it does in CSV.

    >>> lines = Lines(io.BytesIO(b"a\nb\nc"), longest=9, any_end=False)
    >>> lines.take(2, 100), lines.take(2, 100).contents, lines.take(2, 100).contents
    (Run(first=1, contents=[b'a\n', b'b\n'], lengths={}), [b'c'], [])
    """

    def __init__(self, stream: IO[bytes], *, longest: int, any_end: bool) -> None:
        self._read = getattr(stream, "read1", stream.read)
        self._longest = max(longest, len(b"\r\n"))  # a blank line is none that is too long
        self._kept = min(KEPT, longest)
        self._any_end = any_end
        self._digest = hashlib.blake2b(digest_size=16)
        self._number = 0  # of the last line that was taken
        self._unhashed: list[bytes] = []  # what was taken, as far as it may be given back
        self._coming: list[bytes] = []
        self._at = 0  # place of the next of the coming
        self._held = b""  # a line whose end was not read yet
        self._is_read = False
        self._long: dict[int, _Long] = {}  # by number

    def take(self, most: int, size: int) -> Run:
        """Return the next lines, at least one unless there are no more.

        Args:
            most: lines to take at most; how many of them come at once depends on how the stream was read.
            size: bytes after which no further line is taken.
        """
        while self._at == len(self._coming) and not self._is_read:
            self._read_on()
        contents = self._coming[self._at : self._at + most]
        if sum(map(len, contents)) > size:
            ends = accumulate(map(len, contents))
            contents = contents[: next(count for count, end in enumerate(ends, 1) if end >= size)]
        first = self._number + 1
        self._at += len(contents)
        self._number += len(contents)
        self._unhashed += contents
        return Run(first, contents, self._lengths(first) if self._long else {})

    def give_back(self, contents: Sequence[bytes]) -> None:
        """Take back lines, the last that were taken since the last :meth:`digest`; they come again."""
        if contents:
            del self._unhashed[-len(contents) :]
            self._coming[: self._at] = contents
            self._at, self._number = 0, self._number - len(contents)

    def digest(self) -> str:
        """Return the hash over every line taken so far."""
        first = self._number - len(self._unhashed) + 1
        for place in self._lengths(first) if self._long else ():
            self._unhashed[place] = self._long.pop(first + place).digest
        self._digest.update(b"".join(self._unhashed))  # one line at a time would cost as much again as cutting them
        self._unhashed.clear()
        return self._digest.hexdigest()

    def _lengths(self, first: int) -> dict[int, int]:
        numbers = range(first, self._number + 1)
        return {number - first: self._long[number].length for number in numbers if number in self._long}

    def _read_on(self) -> None:
        """Read a block, and cut it into lines."""
        block = self._read(BLOCK)
        self._is_read = not block
        self._coming, self._held, self._at = self._split(self._held + block), b"", 0
        if block and not self._coming[-1].endswith(b"\n"):  # after a carriage return a line feed may follow in the next block
            self._held = self._coming.pop()
        if self._coming and max(map(len, self._coming)) > self._longest:
            self._coming = [self._shortened(place, content) for place, content in enumerate(self._coming)]
        if len(self._held) > self._longest:
            self._skip()

    def _split(self, block: bytes) -> list[bytes]:
        return block.splitlines(keepends=True) if self._any_end else io.BytesIO(block).readlines()

    def _shortened(self, place: int, content: bytes) -> bytes:
        if len(content) <= self._longest:
            return content
        self._long[self._number + 1 + place] = _Long(len(content), _hash(content).digest())
        return content[: self._kept]

    def _skip(self) -> None:
        """Read to the end of a line without keeping it; its beginning comes, and what was read behind it is held."""
        start, length, found = self._held[: self._kept], len(self._held), _hash(self._held)
        is_ended = self._any_end and self._held.endswith(b"\r")
        self._held = b""
        while block := self._read(BLOCK):
            if block.endswith(b"\r"):
                block += self._read(BLOCK)
            rest = self._split(block)[0] if not is_ended else block[: block.startswith(b"\n")]
            found.update(rest)
            length += len(rest)
            if is_ended or rest.endswith((b"\n", b"\r") if self._any_end else b"\n"):
                self._held = block[len(rest) :]
                break
        self._long[self._number + 1 + len(self._coming)] = _Long(length, found.digest())
        self._coming.append(start)


class _Long(NamedTuple):
    """What is known of a line that is too long."""

    length: int
    digest: bytes


def _hash(content: bytes) -> Any:
    return hashlib.blake2b(content, digest_size=16)
