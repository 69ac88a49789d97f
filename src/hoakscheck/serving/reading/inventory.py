"""Distinct tokens by number, so that the tokens of many texts are one array of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from hoakscheck.serving.reading.days import CLOCKS, DayMarks, entry_behind
from hoakscheck.serving.reading.lookup import KeyIndex
from hoakscheck.text.lexicon import Lexicon
from hoakscheck.text.numbers.ballots import NUMBER_CUES, NUMERIC_MARKS, number_after
from hoakscheck.text.tokens import CLOCK

Numbers = NDArray[np.intp]
#: What a token is but for its place: stem and surface.
Pair = tuple[str, str]

#: What stands twice behind every text: a token that is none, so that no step and no pair reaches into the next text.
GAP: Final = 0

# What the steps across tokens look for; bits.
LETTER: Final = 1
NUMERIC: Final = 2
NAME_START: Final = 4
SPELLED_ROLE: Final = 8
MARK: Final = 16
DIGITS: Final = 32

_CUE_KINDS: Final = {stem: kind for kind, cues in enumerate(NUMBER_CUES, start=1) for stem in cues}

#: Numbers of name words and of beginnings of names stay below two to this power.
_WORD_BITS: Final = 20


class Column:
    """One number for each entry; grows by half, and into memory that is not touched before it is used.

    >>> column = Column(np.uint8)
    >>> column.extend([7, 9])
    >>> column.values
    array([7, 9], dtype=uint8)
    """

    def __init__(self, dtype: Any) -> None:
        self._room = np.zeros(1_024, dtype)
        self._length = 0

    def __len__(self) -> int:
        return self._length

    @property
    def values(self) -> NDArray[Any]:
        """The numbers, as an array that may be written to and is of use until the next are added."""
        return self._room[: self._length]

    def extend(self, values: Sequence[Any] | NDArray[Any]) -> None:
        """Add numbers at the end."""
        end = self._length + len(values)
        if end > len(self._room):
            room = np.empty(max(end, self._length * 3 // 2), self._room.dtype)
            room[: self._length] = self.values
            self._room = room
        self._room[self._length : end] = values
        self._length = end


class Inventory:
    """The distinct tokens met so far, numbered from 1 on.

    Attributes:
        stems, surfaces: of each token, as in :class:`hoakscheck.text.tokens.Token`.
        flags: what the steps across tokens look for, bits.
        bare: number of the token with the same stem and without a surface.
        cue: which kind of number cue it is, from 1 on, or 0.
        name_word: number of its surface among the words of names of several words, or 0.
        digits: what a mark of a number says that carries its digits, or 0; hours with minutes say :data:`CLOCKS` more.
        calendar: what it says behind a number, see :func:`entry_behind`.
        names: names of several words.
        days: marks of days and hours.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._numbers: dict[tuple[str, str], int] = {}
        self._name_starts = lexicon.name_lengths
        self.names = _Names([name.split(" ") for name in lexicon.roles if " " in name])
        self.stems: list[str] = []
        self.surfaces: list[str] = []
        self.flags, self.bare, self.cue, self.name_word = Column(np.uint8), Column(np.intp), Column(np.uint8), Column(np.intp)
        self.digits, self.calendar = Column(np.int16), Column(np.uint8)
        self._add([("", "")], [0])  # the gap
        roles = [lexicon.roles[name] for name in lexicon.roles if " " in name]
        self.names.roles = np.array([GAP, *(self._number_mark(role) for role in roles)])
        self.number_marks = self._lay_out_numbers()
        self.days = DayMarks(lexicon.days, self._number_mark)

    def __len__(self) -> int:
        return len(self.stems)

    def number_all(self, tokens: Sequence[Pair]) -> list[int]:
        """Return the numbers of several tokens; new ones get the next."""
        numbers = self._numbers
        new = [token for token in dict.fromkeys(tokens) if token not in numbers]
        self._add_words([token for token in new if token[1] and token[0][:1] != "<"])
        for stem, surface in [token for token in new if not token[1] or token[0][:1] == "<"]:
            self._number_mark(stem, surface)
        return [numbers[token] for token in tokens]

    def _number_mark(self, stem: str, surface: str = "") -> int:
        """Return the number of a mark, with the spelling of a name that it stands for; a new one gets the next."""
        known = self._numbers.get((stem, surface))
        if known is not None:
            return known
        bare = self._number_mark(stem) if surface else None
        if surface.isdecimal():
            flags = DIGITS
        else:
            flags = NAME_START if surface in self._name_starts else 0
            flags |= MARK if not surface else LETTER if len(surface) == 1 else 0
            flags |= NUMERIC if stem in NUMERIC_MARKS else 0
            flags |= SPELLED_ROLE if bare is not None else 0
        self._add([(stem, surface)], [flags])
        number = self._numbers[stem, surface]
        if bare is not None:
            self.bare.values[number] = bare
        return number

    def _add_words(self, words: Sequence[Pair]) -> None:
        starts = self._name_starts
        self._add(words, [(NAME_START if word in starts else 0) | (LETTER if len(word) == 1 else 0) for _, word in words])

    def _add(self, tokens: Sequence[Pair], flags: Sequence[int]) -> None:
        """Give new tokens their numbers and fill their columns."""
        places = np.arange(len(self), len(self) + len(tokens))
        self._numbers.update(zip(tokens, places.tolist(), strict=True))
        self.stems += [stem for stem, _ in tokens]
        self.surfaces += [surface for _, surface in tokens]
        self.flags.extend(flags)
        self.bare.extend(places)
        self.cue.extend([_CUE_KINDS.get(stem, 0) for stem, _ in tokens])
        self.name_word.extend([self.names.words.get(surface, 0) for _, surface in tokens])
        self.digits.extend(
            [int(surface) + CLOCKS * (stem == CLOCK) if stem[:1] == "<" and surface.isdecimal() else 0 for stem, surface in tokens]
        )
        self.calendar.extend([entry_behind(stem, surface) for stem, surface in tokens])

    def _lay_out_numbers(self) -> Numbers:
        """Return the number of the mark that a numeric mark becomes after a kind of cue, shape (n_tokens so far, n_kinds + 1)."""
        befores = ["", *(min(cues) for cues in NUMBER_CUES)]
        found = {
            self._number_mark(mark): [self._number_mark(number_after(before, mark)) for before in befores]
            for mark in sorted(NUMERIC_MARKS)
        }
        table = np.zeros((max(found) + 1, len(befores)), dtype=np.intp)
        table[list(found)] = list(found.values())
        return table


class _Names:
    """Names of several words as paths from word to word.

    Attributes:
        words: word -> its number, from 1 on; a name that is no more than this word begun has the same number.
        ends: which name ends with a beginning of a name, from 1 on, or 0, shape (n_beginnings,).
        roles: number of the mark of each name, shape (n_names + 1,).
    """

    roles: Numbers

    def __init__(self, names: list[list[str]]) -> None:
        words = sorted({word for name in names for word in name})
        self.words = {word: number for number, word in enumerate(words, start=1)}
        beginnings: dict[tuple[str, ...], int] = {(word,): number for word, number in self.words.items()}
        steps: dict[int, int] = {}
        ends: dict[int, int] = {}
        for number, name in enumerate(names, start=1):
            for length in range(2, len(name) + 1):
                before, begun = tuple(name[: length - 1]), tuple(name[:length])
                state = beginnings.setdefault(begun, len(beginnings) + 1)
                steps[beginnings[before] << _WORD_BITS | self.words[name[length - 1]]] = state
            ends[beginnings[tuple(name)]] = number
        self._steps = KeyIndex(np.array(list(steps), dtype=np.int64))
        self._states = np.array(list(steps.values()), dtype=np.intp)
        self.ends = np.zeros(len(beginnings) + 1, dtype=np.intp)
        self.ends[list(ends)] = list(ends.values())

    def find(self, tokens: Numbers, words: Numbers, starts: Numbers) -> tuple[Numbers, Numbers, Numbers]:
        """Return the start, the length and the number of the longest name from each start that has one.

        Args:
            tokens: of which the last is none of a name, shape (n_places,).
            words: number of the name word that a token is, or 0, shape (n_distinct_tokens,).
            starts: places where a name may start.
        """
        starts = starts[words.take(tokens.take(starts + 1)) > 0]  # most are followed by no word of a name
        length, name = np.zeros(len(starts), dtype=np.intp), np.zeros(len(starts), dtype=np.intp)
        going, states, step = np.arange(len(starts)), words[tokens[starts]], 0
        while len(going):
            step += 1
            at, which = self._steps.find(states << _WORD_BITS | words[tokens[starts[going] + step]])
            going, states = going[at], self._states[which]
            ended = self.ends[states] > 0
            length[going[ended]] = step + 1
            name[going[ended]] = self.ends[states[ended]]
        found = np.flatnonzero(length)
        return starts[found], length[found], name[found]
