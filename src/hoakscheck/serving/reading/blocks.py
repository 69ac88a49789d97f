"""The way from many texts to tokens at once: the same answers as :mod:`hoakscheck.text.normaliser`, in arrays.

A chunk, a run without blanks, is looked up in a table of those met before; what the normaliser does across chunks is done here on
numbers of tokens. Where a step is rare (letters spelled out one by one) the text goes to the normaliser itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

import numpy as np

from hoakscheck.serving.reading.chunks import LONGEST, ChunkTable, Cut, cut
from hoakscheck.serving.reading.days import NO_DAY
from hoakscheck.serving.reading.inventory import (
    DIGITS,
    GAP,
    LETTER,
    MARK,
    NAME_START,
    NUMERIC,
    SPELLED_ROLE,
    Column,
    Inventory,
    Numbers,
    Pair,
)
from hoakscheck.text.neighbours import SHORTEST_SPELLED
from hoakscheck.text.normaliser import Normaliser
from hoakscheck.text.tokens import LONGEST_CHUNK, Token, chunks, plain_word

#: Stands between two texts while they are cut into chunks. Of private use characters: it means nothing in any text.
_GAP_CHUNK: Final = "\ue0a7\uf41e"
_GAP_BETWEEN: Final = f" {_GAP_CHUNK} "

#: Chunks remembered; and tokens numbered before a reader is full. A process that reads ten million posts, each with a new word,
#: takes 110 MB with these; 40,960 tokens take 7 MB more, and a tenth less time on such posts.
MOST_CHUNKS: Final = 81_920
MOST_LONG_CHUNKS: Final = 20_480
MOST_TOKENS: Final = 28_672
_LONGEST_REMEMBERED: Final = 256
#: Chunks that are read at once: what stands beside them while they are read takes a kilobyte each.
_READ_AT_ONCE: Final = 2_048

_UNKNOWN: Final = -1


@dataclass(frozen=True, slots=True)
class Block:
    """The tokens of several texts.

    Attributes:
        tokens: number of each token, with two gaps behind every text, shape (n_tokens + 2 * n_texts,).
        starts: place of the first token of each text, shape (n_texts,).
        lengths: tokens of each text, shape (n_texts,).
    """

    tokens: Numbers
    starts: Numbers
    lengths: Numbers


class BlockReader:
    """Reads many texts at once and remembers their chunks.

    Args:
        normaliser: reads the chunks.
    """

    def __init__(self, normaliser: Normaliser) -> None:
        self._normaliser = normaliser
        self.inventory = Inventory(normaliser.lexicon)
        self._table, self._long, self._words = ChunkTable(MOST_CHUNKS), dict[bytes, int](), dict[str, int]()
        self._first, self._count, self._tokens = Column(np.intp), Column(np.intp), Column(np.intp)
        self._readings = self._end = 0  # how many there are, and where the tokens of the last end
        self._address_reading, self._gap_reading = self._read_all([self._read_chunk("https://example.org"), [("", ""), ("", "")]])
        self._long[_GAP_CHUNK.encode()] = self._gap_reading

    @property
    def is_full(self) -> bool:
        """Whether it remembers so much that another should take its place."""
        return len(self.inventory) > MOST_TOKENS or max(len(self._tokens), self._readings) > MOST_TOKENS * 8

    def read(self, texts: Sequence[str]) -> Block:
        """Return the tokens of one text or more."""
        if len(self._long) > MOST_LONG_CHUNKS:
            self._long = {_GAP_CHUNK.encode(): self._gap_reading}
        tokens = self._across_chunks(self._expand(self._look_up(texts)), texts)
        gaps = np.flatnonzero(tokens == GAP)[1::2]
        starts = np.concatenate([[0], gaps[:-1] + 1])
        return Block(tokens, starts, gaps - 1 - starts)

    # --- chunks

    def _look_up(self, texts: Sequence[str]) -> Numbers:
        """Return the number of the reading of every chunk."""
        found = cut(*texts, "", between=_GAP_BETWEEN)
        first, second, unclear = found.halves()
        readings = self._table.find(first, second)
        readings[unclear] = _UNKNOWN
        readings[found.addresses(first)] = self._address_reading
        missing = np.flatnonzero(readings == _UNKNOWN)
        self._read_missing(found, missing[unclear[missing]], readings)
        missing = missing[~unclear[missing]]
        while len(missing):
            # the table tells which of the rest are the same: of 80,000 chunks of a cold block 16,000 are different, and all of them
            # as strings took 9 MB. An eighth of what is left: any fixed number would be quadratic in a long text of new words
            some = max(_READ_AT_ONCE, len(missing) // 8)
            new = self._read_missing(found, missing[:some], readings)
            self._table.add(first[new], second[new], readings[new])
            missing = missing[some:]
            readings[missing] = self._table.find(first[missing], second[missing])
            missing = missing[readings[missing] == _UNKNOWN]
        if np.count_nonzero(readings == self._gap_reading) != len(texts):  # a text holds the chunk that stands for the gap
            return self._look_up([" ".join(chunk for chunk in text.split() if chunk != _GAP_CHUNK) for text in texts])
        return readings

    def _read_missing(self, found: Cut, missing: Numbers, readings: Numbers) -> Numbers:
        """Fill in the readings of some chunks; return where each different one among them stands."""
        contents = found.contents(missing)
        places = dict(zip(contents, missing.tolist(), strict=True))
        recalled: dict[bytes, int] = {}
        asked = iter(places)
        while some := list(islice(asked, _READ_AT_ONCE)):
            recalled.update(zip(some, self._recall(some), strict=True))
        readings[missing] = [recalled[content] for content in contents]
        return np.array(list(places.values()), dtype=np.intp)

    def _recall(self, contents: Sequence[bytes]) -> list[int]:
        """Return the reading of each of several different chunks that the table does not hold."""
        found = [content.decode("utf-8", "surrogatepass") for content in contents]
        words = [plain_word(chunk) if len(chunk) <= LONGEST_CHUNK else "" for chunk in found]  # longer ones are read in slices
        new = [word for word in dict.fromkeys(words) if word not in self._words and 0 < len(word) <= _LONGEST_REMEMBERED]
        self._words.update(zip(new, self._read_all([self._read_word(word) for word in new]), strict=True))
        known, long = self._words, self._long
        others = {
            content: chunk
            for content, chunk, word in zip(contents, found, words, strict=True)
            if word not in known and content not in long
        }
        read = dict(zip(others, self._read_all([self._read_chunk(chunk) for chunk in others.values()]), strict=True))
        long.update((content, reading) for content, reading in read.items() if LONGEST < len(content) <= _LONGEST_REMEMBERED)
        return [
            known[word] if word in known else read[content] if content in read else long[content]
            for content, word in zip(contents, words, strict=True)
        ]

    def _read_word(self, word: str) -> list[Pair]:
        stem = self._normaliser.stem_of(word)
        return [(stem, word)] if stem else _pairs(self._normaliser.read_word(word))

    def _read_chunk(self, chunk: str) -> list[Pair]:
        if len(chunk) <= LONGEST_CHUNK:
            return _pairs(self._normaliser.read_pieces(chunk))
        return [pair for _, piece in chunks(chunk) for pair in _pairs(self._normaliser.read_pieces(piece))]

    def _read_all(self, tokens: Sequence[Sequence[Pair]]) -> range:
        """Return the numbers of new readings, of several chunks at once: one by one, each cost as much again as its stem."""
        counts = np.array([len(own) for own in tokens], dtype=np.intp)
        self._tokens.extend(self.inventory.number_all([pair for own in tokens for pair in own]))
        self._first.extend(self._end + np.cumsum(counts) - counts)
        self._count.extend(counts)
        self._end += int(counts.sum())
        first, self._readings = self._readings, self._readings + len(tokens)
        return range(first, self._readings)

    def _expand(self, readings: Numbers) -> Numbers:
        """Return the tokens of all chunks, one after another."""
        counts = self._count.values.take(readings)
        ends = np.cumsum(counts)
        shifts = self._first.values.take(readings) - ends + counts
        tokens: Numbers = self._tokens.values.take(np.arange(ends[-1]) + np.repeat(shifts, counts))
        return tokens

    # --- across chunks

    def _across_chunks(self, tokens: Numbers, texts: Sequence[str]) -> Numbers:
        flags = self.inventory.flags.values.take(tokens)
        places = np.flatnonzero(flags & (LETTER | NAME_START | SPELLED_ROLE | NUMERIC | DIGITS))
        flags = flags.take(places)
        spelled = np.flatnonzero(flags & DIGITS)
        self._tell_days(tokens, places[spelled])
        flags[spelled] = self.inventory.flags.values[tokens[places[spelled]]]
        spelled_out = self._spelled_out(tokens, places[flags & LETTER > 0])
        self._mark_names(tokens, places[flags & NAME_START > 0])
        roles = places[flags & SPELLED_ROLE > 0]
        tokens[roles] = self.inventory.bare.values[tokens[roles]]
        numbers = places[flags & NUMERIC > 0]
        cues = self.inventory.cue.values[tokens[numbers - 1]]
        tokens[numbers] = self.inventory.number_marks[tokens[numbers], cues]
        tokens = self._merge_marks(tokens)
        return self._read_one_by_one(tokens, texts, spelled_out) if len(spelled_out) else tokens

    def _tell_days(self, tokens: Numbers, numbers: Numbers) -> None:
        """Put its mark in the place of every number that is a day or an hour; the others lose their digits."""
        inventory = self.inventory
        marks = inventory.days.marks(
            inventory.digits.values[tokens[numbers]].astype(np.intp),
            inventory.calendar.values[tokens[numbers + 1]].astype(np.intp),
            inventory.digits.values[tokens[numbers + 2]].astype(np.intp),
            inventory.cue.values[tokens[numbers - 1]],
        )
        tokens[numbers] = np.where(marks == NO_DAY, inventory.bare.values[tokens[numbers]], marks)

    def _spelled_out(self, tokens: Numbers, letters: Numbers) -> Numbers:
        """Return which texts hold a word whose letters stand alone."""
        threes = np.flatnonzero(letters[2:] - letters[:-2] == 2)
        if not len(threes):
            return threes
        found = []
        for run in np.split(threes, np.flatnonzero(np.diff(threes) > 1) + 1):
            places = letters[run[0] : run[-1] + SHORTEST_SPELLED]
            if self._normaliser.is_spelled_out("".join(self.inventory.surfaces[token] for token in tokens[places].tolist())):
                found.append(places[0])
        return np.unique(np.searchsorted(np.flatnonzero(tokens == GAP)[::2], found))

    def _mark_names(self, tokens: Numbers, starts: Numbers) -> None:
        """Put the mark of its role in the place of every word of a name; of names that overlap the earlier wins."""
        names = self.inventory.names
        starts, lengths, found = names.find(tokens, self.inventory.name_word.values, starts)
        if (starts[1:] < (starts + lengths)[:-1]).any():
            kept, last = [], 0
            for index, (start, length) in enumerate(zip(starts.tolist(), lengths.tolist(), strict=True)):
                if start >= last:
                    kept.append(index)
                    last = start + length
            starts, lengths, found = starts[kept], lengths[kept], found[kept]
        marks, step = names.roles[found], 0
        while len(starts):
            tokens[starts + step] = marks
            step += 1
            longer = lengths > step
            if not longer.all():
                starts, lengths, marks = starts[longer], lengths[longer], marks[longer]

    def _merge_marks(self, tokens: Numbers) -> Numbers:
        repeated = np.flatnonzero(tokens[1:] == tokens[:-1]) + 1
        repeated = repeated[self.inventory.flags.values[tokens[repeated]] & MARK > 0]
        kept = np.ones(len(tokens), dtype=bool)
        kept[repeated] = False
        return tokens[kept]

    def _read_one_by_one(self, tokens: Numbers, texts: Sequence[str], which: Numbers) -> Numbers:
        """Put what the normaliser reads in the place of the tokens of some texts."""
        gaps = np.flatnonzero(tokens == GAP)[::2]
        parts, end = [], 0
        for index in which.tolist():
            read = self.inventory.number_all(_pairs(self._normaliser.unplaced_tokens(texts[index])))
            parts += [tokens[end : gaps[index - 1] + 2 if index else 0], np.array(read, dtype=np.intp)]
            end = gaps[index]
        return np.concatenate([*parts, tokens[end:]])


def _pairs(tokens: Iterable[Token]) -> list[Pair]:
    return [(stem, surface) for _, _, stem, surface in tokens]
