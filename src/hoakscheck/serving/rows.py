"""What each feature adds to both log-odds, laid out to be looked up: the one place where a model's numbers are multiplied.

Every row is rounded to a multiple of 2^-38. Sums of such numbers are exact in double precision as long as they stay below 2^15, so
they are the same in any order: one text or many at a time, on any machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from hoakscheck.model.features import LONGEST_NGRAM, LONGEST_WORD, SHORTEST_NGRAM, character_ngrams
from hoakscheck.model.tables import END, Tables
from hoakscheck.serving.reading.lookup import KeyIndex, Keys

#: Both log-odds as one number, hoax its real and ad its imaginary part: half as many steps over an array.
Rows = NDArray[np.complex128]
Numbers = NDArray[np.intp] | NDArray[np.int32]

_GRAIN: Final = 2.0**38

#: Nearly all words hold no other characters. They have codes of six bits, from 1 on, so that five of them are a number of 32 bits,
#: which is found in two thirds of the time of one of 64.
_PLAIN: Final = " abcdefghijklmnopqrstuvwxyz0123456789-'*@$!"
_CODES: Final = bytes(_PLAIN.find(chr(code)) + 1 for code in range(256))
_CODE_BITS: Final = 6


class RowTable:
    """The rows of a model.

    Attributes:
        numbers: stem -> its number.
        words: row of each stem, zero where only pairs name it and at the end for unknown ones, shape (n_stems + 1,).
        neighbours, skips: rows of the pairs, in the order of their indices.
        opening, closing: row of each stem near the beginning and near the end of a text, shape (n_stems + 1,).
        ngrams: rows of the character n-grams.
        known: number of stems with a row of their own; they come first.
    """

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        values = tables.weights.astype(np.float64)
        values *= tables.idf.astype(np.float64)[:, None]
        values *= _GRAIN
        np.rint(values, out=values)
        values /= _GRAIN
        rows = values.view(np.complex128)[:, 0]
        sizes = [len(part) for part in (tables.words, tables.neighbours, tables.skips, tables.edges, tables.together)]
        own, self.neighbours, self.skips, edges, self._together, self.ngrams = np.split(rows, np.cumsum(sizes))
        stems = (*tables.words, *tables.stems)
        self.numbers = {stem: number for number, stem in enumerate(stems)}
        self.known = len(tables.words)
        self.words, self.opening, self.closing = np.zeros((3, len(stems) + 1), dtype=np.complex128)
        self.words[: self.known] = own
        at_start = tables.edges[:, 0] == END
        self.opening[tables.edges[at_start, 1]] = edges[at_start]
        self.closing[tables.edges[~at_start, 0]] = edges[~at_start]

    @cached_property
    def _by_first_stem(self) -> tuple[NDArray[np.intp], NDArray[np.int32], Rows]:
        """Where the pairs of each stem begin; the other stem of each pair, or that and :attr:`skip`; and the row of each."""
        kinds = (self.tables.neighbours, self.tables.skips)
        left, right = (np.concatenate([codes[:, side] for codes in kinds]) for side in (0, 1))
        right[len(kinds[0]) :] += self.skip
        order = np.argsort(left, kind="stable")
        rows = np.concatenate([self.neighbours, self.skips])[order]
        return np.searchsorted(left[order], np.arange(len(self.words) + 1)), right[order], rows

    @property
    def skip(self) -> int:
        """What is added to the number of a stem that stands behind another with one token between."""
        return len(self.words)

    def pairs_of(self, stem: int) -> dict[int, complex]:
        """Return the pairs that a stem begins: number of the other stem, or that and :attr:`skip`, -> row."""
        starts, others, rows = self._by_first_stem
        own = slice(starts[stem], starts[stem + 1])
        return dict(zip(others[own].tolist(), rows[own].tolist(), strict=True))

    @cached_property
    def neighbour_index(self) -> KeyIndex:
        """Where a pair of neighbours has its row, by :meth:`pair_keys`."""
        return KeyIndex(self.pair_keys(*self.tables.neighbours.T))

    @cached_property
    def skip_index(self) -> KeyIndex:
        """Where a pair with one token between has its row, by :meth:`pair_keys`."""
        return KeyIndex(self.pair_keys(*self.tables.skips.T))

    @property
    def unknown(self) -> int:
        """Number of all stems that the model has never met; no pair has it."""
        return len(self.words) - 1

    def pair_keys(self, left: NDArray[Any], right: NDArray[Any]) -> Keys:
        """Return one number for each pair of stems, in 32 bits where they are enough, shape (n_pairs,)."""
        count = len(self.words)
        keys: Keys = left.astype(np.int32 if count * count < 2**31 else np.int64) * count + right
        return keys

    def add_up_ngrams(self, word: str) -> complex:
        """Return what the character n-grams of a word add."""
        known = self.tables.characters
        return complex(self.ngrams[[known[ngram] for ngram in character_ngrams(word) if ngram in known]].sum())

    @cached_property
    def ngram_index(self) -> KeyIndex:
        """Where an n-gram has its row in ``ngrams``, by the keys of :func:`ngram_keys`."""
        padded = "".join([ngram.ljust(LONGEST_NGRAM, "\0") for ngram in self.tables.characters]).encode("ascii", "replace")
        codes = np.frombuffer(padded.translate(_CODES), np.uint8).reshape(-1, LONGEST_NGRAM)
        keys = (codes << _CODE_BITS * np.arange(LONGEST_NGRAM)).sum(axis=1, dtype=np.int32)
        strange = [place for place, ngram in enumerate(self.tables.characters) if ngram.strip(_PLAIN)]
        # numbers that no n-gram of plain characters has
        keys[strange] = (1 << _CODE_BITS * LONGEST_NGRAM) + np.arange(len(strange))
        return KeyIndex(keys)

    @cached_property
    def cues(self) -> NDArray[np.intp]:
        """Number of each stem among the cues, from 1 on; 0 for other stems; shape (n_stems + 1,)."""
        is_cue = np.bincount(self.tables.together.ravel(), minlength=len(self.words)) > 0
        return np.where(is_cue, np.cumsum(is_cue), 0)

    @cached_property
    def together(self) -> Rows:
        """What two cues add together, the lower number first, and zero elsewhere; shape (n_cues + 1, n_cues + 1)."""
        numbers = self.cues[self.tables.together]  # the lower first, as the stems are
        square = np.zeros((numbers.max(initial=0) + 1,) * 2, dtype=np.complex128)
        square[numbers[:, 0], numbers[:, 1]] = self._together
        return square


def ngram_keys(words: Sequence[str]) -> tuple[Numbers, Keys, Numbers]:
    """Return the character n-grams of words, as :func:`hoakscheck.model.features.character_ngrams` yields them.

    Args:
        words: none with a blank.

    Returns:
        Which word an n-gram is of, and its characters as one number, the first the lowest, shape (n_ngrams,) each; and the words
        that hold a character without a code, whose n-grams are not to be told by these numbers.
    """
    joined = f" {' '.join([word[:LONGEST_WORD] for word in words])} ".encode("ascii", "replace")
    codes = np.frombuffer(joined.translate(_CODES), np.uint8).astype(np.int32)
    is_blank = codes == _CODES[ord(" ")]
    owners = np.cumsum(is_blank, dtype=np.int32) - 1
    found_owners, found_keys = [], []
    keys, whole = codes, ~is_blank
    for size in range(2, LONGEST_NGRAM + 1):
        keys = keys[:-1] | codes[size - 1 :] << _CODE_BITS * (size - 1)
        if size >= SHORTEST_NGRAM:
            # only its first and last character may be a blank
            whole = whole[1:-1] if size == SHORTEST_NGRAM else whole[:-1] & whole[1:]
            places = np.flatnonzero(whole)
            found_owners.append(owners.take(places))
            found_keys.append(keys.take(places))
    strange = np.unique(owners[codes == 0])
    return np.concatenate(found_owners), np.concatenate(found_keys), strange
