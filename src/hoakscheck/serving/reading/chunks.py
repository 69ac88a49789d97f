"""Where texts are cut into chunks, and which chunk has been met before: over bytes, many at once.

A chunk of up to 16 bytes of UTF-8, and 19 of 20 are no longer, is two 64-bit numbers. They are looked up in a hash table of arrays,
which costs a third of cutting strings out and looking each up in a dictionary.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from operator import methodcaller
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hoakscheck.serving.reading.inventory import Column, Numbers
from hoakscheck.text.tokens import LONGEST_CHUNK

Words = NDArray[np.uint64]

#: Bytes of a chunk that two numbers hold.
LONGEST: Final = 16
_HALF: Final = 8

#: By the length of a chunk in bytes, up to 16: keeps what of its first eight bytes, and of its second, belongs to it.
_FIRST_BYTES: Final = np.array([(1 << 8 * min(size, _HALF)) - 1 for size in range(LONGEST + 1)], dtype=np.uint64)
_SECOND_BYTES: Final = np.array([(1 << 8 * max(size - _HALF, 0)) - 1 for size in range(LONGEST + 1)], dtype=np.uint64)
_FOUR_BYTES, _SEVEN_BYTES = np.uint64((1 << 32) - 1), np.uint64((1 << 56) - 1)
_HTTPS, _HTTP_SLASHES, _HTTP = (np.uint64(int.from_bytes(beginning, "little")) for beginning in (b"https://", b"http://", b"http"))
_NOTHING: Final = -1
_ENCODE: Final = methodcaller("encode", "utf-8", "surrogatepass")

#: White space outside of ASCII, in bytes.
_LONG_BLANKS: Final = [
    character.encode() for character in ("\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B))))
]


@dataclass(frozen=True, slots=True)
class Cut:
    """A text and where its chunks lie.

    Attributes:
        content: UTF-8, with at least 16 zero bytes behind.
        starts, ends: of the chunks, in bytes, shape (n_chunks,).
    """

    content: bytes
    starts: Numbers
    ends: Numbers

    def contents(self, which: Numbers) -> list[bytes]:
        """Return some of the chunks."""
        content = self.content
        return [content[start:end] for start, end in zip(self.starts[which].tolist(), self.ends[which].tolist(), strict=True)]

    def addresses(self, first: Words) -> Numbers:
        """Return which chunks are an address and nothing else, whatever it is; ``first`` as :meth:`halves` gives it."""
        found: Numbers = np.flatnonzero(first & _FOUR_BYTES == _HTTP)
        first, lengths = first[found], self.ends[found] - self.starts[found]
        is_address = (first == _HTTPS) | (first & _SEVEN_BYTES == _HTTP_SLASHES)
        found = found[is_address & (lengths > _HALF) & (lengths <= LONGEST_CHUNK)]  # longer ones are read in slices
        entities = np.flatnonzero(np.frombuffer(self.content, np.uint8) == ord("&"))
        if len(entities):
            found = found[np.searchsorted(entities, self.starts[found]) == np.searchsorted(entities, self.ends[found])]
        return found

    def halves(self) -> tuple[Words, Words, NDArray[np.bool_]]:
        """Return the first and the second 8 bytes of every chunk, and which chunks these do not tell from every other one."""
        # a view, since a copy would take eight times the memory of the text
        at_every_byte: Words = np.ndarray(len(self.content) - _HALF + 1, "<u8", self.content, strides=(1,))
        lengths = self.ends - self.starts
        first = at_every_byte[self.starts] & _FIRST_BYTES.take(lengths, mode="clip")
        second = at_every_byte[_HALF:][self.starts] & _SECOND_BYTES.take(lengths, mode="clip")
        unclear = lengths > LONGEST
        if b"\0" in self.content[:-LONGEST]:
            unclear |= (
                np.add.reduceat(np.frombuffer(self.content, np.uint8) == 0, np.stack([self.starts, self.ends], 1).ravel())[::2] > 0
            )
        return first, second, unclear


def cut(*texts: str, between: str = " ") -> Cut:
    r"""Cut texts, put together with something between them, where :meth:`str.split` cuts them.

    >>> found = cut("Ayo\u3000ke  TPS")
    >>> found.contents(np.arange(3))
    [b'Ayo', b'ke', b'TPS']
    """
    # each by itself: one emoji would make four bytes of every character of all of them together
    content = between.encode().join(map(_ENCODE, texts)) + bytes(LONGEST)
    codes = np.frombuffer(content, np.uint8)
    blank = np.ones(len(codes) - LONGEST + 2, dtype=bool)
    inner, asked = blank[1:-1], codes[:-LONGEST]
    # unsigned bytes wrap around: two comparisons stand for 9 to 13 and 28 to 32, the white space of ASCII
    np.logical_or(asked - np.uint8(9) <= 4, asked - np.uint8(28) <= 4, out=inner)
    suspects = np.flatnonzero(asked >= 0xC2)
    leading = asked[suspects]
    suspects = suspects[(leading == 0xC2) | (leading - np.uint8(0xE1) <= 2)]
    if len(suspects):
        for long_blank in _LONG_BLANKS:
            found = suspects
            for place, code in enumerate(long_blank):
                found = found[codes[found + place] == code]
            for place in range(len(long_blank)):
                inner[found + place] = True
    edges = np.flatnonzero(blank[1:] != blank[:-1])
    return Cut(content, edges[::2], edges[1::2])


class ChunkTable:
    """Chunk -> number of its reading, for chunks that two numbers hold.

    An open-addressing table of arrays. Its multipliers are drawn for each process: nobody can write texts whose chunks all fall
    into one place. No answer depends on them, since what is found is compared in full.
    """

    def __init__(self, most: int) -> None:
        self._shift = np.uint64(64 - (2 * most - 1).bit_length())
        self._multipliers = np.frombuffer(os.urandom(16), np.uint64) | np.uint64(1)
        self._most = most
        self._now = 0
        empty = np.zeros(1, dtype=np.uint64)
        self._fill(empty, empty, np.array([_NOTHING], dtype=np.intp))

    def _fill(self, first: Words, second: Words, readings: Numbers) -> None:
        """Start with some chunks; number 0 stands for none, and no chunk is nothing but zero bytes."""
        self._slots = np.zeros(1 << (64 - int(self._shift)), dtype=np.int32)
        self._first, self._second, self._readings = Column(np.uint64), Column(np.uint64), Column(np.intp)
        self._used = Column(np.uint32)
        self._append(first, second, readings)
        self._place(np.arange(1, len(first)))

    def _append(self, first: Words, second: Words, readings: Numbers) -> None:
        self._first.extend(first)
        self._second.extend(second)
        self._readings.extend(readings)
        self._used.extend(np.full(len(first), self._now, dtype=np.uint32))

    def find(self, first: Words, second: Words) -> Numbers:
        """Return the reading of each chunk, -1 for chunks that are not in the table."""
        slots = self._slot(first, second)
        entries = self._slots.take(slots)
        settled = (self._first.values.take(entries) == first) & (self._second.values.take(entries) == second)
        unsettled = np.flatnonzero(~settled)
        going = unsettled[entries[unsettled] > 0]
        entries[unsettled] = 0
        at = slots[going]
        while len(going):
            at = (at + 1) & (len(self._slots) - 1)
            found = self._slots.take(at)
            is_it = (self._first.values[found] == first[going]) & (self._second.values[found] == second[going])
            entries[going[is_it]] = found[is_it]
            on = ~is_it & (found > 0)
            going, at = going[on], at[on]
        self._now += 1
        if len(self._used) > self._most // 2:
            self._used.values[entries] = self._now
        return self._readings.values.take(entries)

    def add(self, first: Words, second: Words, readings: Numbers) -> None:
        """Put chunks into the table that are not there yet, each once.

        Where there is no room the half goes that was not met for longest.
        """
        count = len(self._first)
        if count + len(first) > self._most:
            used = self._used.values
            kept = np.flatnonzero(used > np.partition(used, count // 2)[count // 2])
            kept = np.concatenate([[0], kept[kept > 0]])
            self._fill(self._first.values[kept], self._second.values[kept], self._readings.values[kept])
            count = len(kept)
        room = self._most - count
        self._append(first[:room], second[:room], readings[:room])
        self._place(np.arange(count, len(self._first)))

    def _place(self, entries: Numbers) -> None:
        slots = self._slot(self._first.values[entries], self._second.values[entries])
        while len(entries):
            free = self._slots[slots] == 0
            self._slots[slots[free]] = entries[free]  # of several for one slot the last stays
            left = self._slots[slots] != entries
            entries, slots = entries[left], (slots[left] + 1) & (len(self._slots) - 1)

    def _slot(self, first: Words, second: Words) -> Numbers:
        slots: Numbers = ((first * self._multipliers[0] + second * self._multipliers[1]) >> self._shift).view(np.intp)
        return slots
