"""Lines of a stream of bytes, one at a time, however long: what is too long is skipped and told, never held."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from typing import IO, Final

#: Bytes read at a time.
BLOCK: Final = 1024 * 1024

#: A row may hold 16 MB; a hundred times the longest article.
LONGEST_ROW: Final = 16 * 1024 * 1024

#: What is kept of a line that is too long, to recognise it by.
KEPT: Final = 1_024


#: A physical line, as (number, content, length); as named tuples they took twice the time to cut.
#:
#: - number: 1-based.
#: - content: with its end; only its beginning when it was too long.
#: - length: bytes that it has in the stream.
Line = tuple[int, bytes, int]


def is_whole(line: Line) -> bool:
    """Whether all of a line is there."""
    _, content, length = line
    return len(content) == length


class Lines:
    r"""The lines of a stream, with a hash over all that was taken so far.

    Args:
        stream: what is read.
        longest: bytes that a line may have.
        any_end: whether a lone carriage return ends a line too, as it does in CSV.

    >>> [content for _, content, _ in Lines(io.BytesIO(b"a\nb"), longest=9, any_end=False)]
    [b'a\n', b'b']
    """

    def __init__(self, stream: IO[bytes], *, longest: int, any_end: bool) -> None:
        self._read = getattr(stream, "read1", stream.read)
        self._longest = max(longest, len(b"\r\n"))  # a blank line is none that is too long
        self._kept = min(KEPT, longest)
        self._any_end = any_end
        self._digest = hashlib.blake2b(digest_size=16)
        self._unhashed: list[bytes] = []
        self.number = 0
        self._lines = self._cut()

    def __iter__(self) -> Iterator[Line]:
        return self._lines

    def digest(self) -> str:
        """Return the hash over every line given so far."""
        self._hash()
        return self._digest.hexdigest()

    def _hash(self) -> None:
        self._digest.update(b"".join(self._unhashed))  # one line at a time would cost as much again as cutting them
        self._unhashed.clear()

    def _cut(self) -> Iterator[Line]:
        held = b""
        while block := self._read(BLOCK):
            pieces = self._split(held + block)
            # After a carriage return a line feed may follow in the next block.
            held = b"" if pieces[-1].endswith(b"\n") else pieces.pop()
            for piece in pieces:
                yield self._line(piece)
            self._hash()
            if len(held) > self._longest:
                line, held = self._skip(held)
                yield line
        for piece in self._split(held):
            yield self._line(piece)

    def _split(self, block: bytes) -> list[bytes]:
        return block.splitlines(keepends=True) if self._any_end else io.BytesIO(block).readlines()

    def _line(self, content: bytes) -> Line:
        self.number += 1
        self._unhashed.append(content)
        length = len(content)
        return self.number, content if length <= self._longest else content[: self._kept], length

    def _skip(self, held: bytes) -> tuple[Line, bytes]:
        """Read to the end of a line without keeping it; return its beginning and what was read behind it."""
        self.number += 1
        self._digest.update(held)
        start, length = held[: self._kept], len(held)
        while block := self._read(BLOCK):
            if block.endswith(b"\r"):
                block += self._read(BLOCK)
            rest_of_line = self._split(block)[0]
            self._digest.update(rest_of_line)
            length += len(rest_of_line)
            if rest_of_line.endswith((b"\n", b"\r") if self._any_end else b"\n"):
                return (self.number, start, length), block[len(rest_of_line) :]
        return (self.number, start, length), b""
