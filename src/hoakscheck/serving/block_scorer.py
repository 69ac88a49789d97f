"""The compiled model on many texts at once: the sums of :mod:`hoakscheck.serving.scorer`, bit for bit, over arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from hoakscheck.model.features import EDGE, cooccurrence_scales, length_scales
from hoakscheck.model.tables import Floats
from hoakscheck.serving.reading.blocks import Block
from hoakscheck.serving.reading.inventory import Column, Inventory, Numbers
from hoakscheck.serving.reading.lookup import KeyIndex, Keys
from hoakscheck.serving.rows import Rows, ngram_keys
from hoakscheck.serving.scorer import KNOWN, Scorer

#: Tokens whose rows are added up at once: their character n-grams take some 2 kB each meanwhile.
_LEARNT_AT_ONCE: Final = 2_048


@dataclass(frozen=True, slots=True)
class Scores:
    """What a decision on several texts needs.

    Attributes:
        log_odds: of both questions, shape (n_texts, 2).
        words: number of words of each text, marks left out, shape (n_texts,).
        known: how many of them the model has met in training, shape (n_texts,).
    """

    log_odds: Floats
    words: Numbers
    known: Numbers


class BlockScorer:
    """Scores blocks of texts.

    Args:
        scorer: whose answers it gives.
        inventory: the tokens that the blocks are made of.
    """

    def __init__(self, scorer: Scorer, inventory: Inventory) -> None:
        self._rows, self._intercept = scorer.rows, scorer.intercept
        self._window, self._grows = scorer.window, scorer.grows
        self.inventory = inventory
        none = np.zeros(0, dtype=np.int32)
        key = self._rows.pair_keys(none, none).dtype  # of the indices: any other would be cast at every look-up
        self._numbers, self._left, self._values = Column(key), Column(key), Column(np.complex128)
        self._counts, self._cues = Column(np.int64), Column(np.int16)

    def score(self, block: Block) -> Scores:
        """Return the scores of the texts of a block, one or more."""
        self._learn_new_tokens()
        together = self._add_cues(block)  # first: beside the values of all tokens it would take 3 MB more
        tokens, starts, lengths = block.tokens, block.starts, block.lengths
        values = self._values.values.take(tokens)
        left, right = self._left.values.take(tokens), self._numbers.values.take(tokens)
        self._add_pairs(values, left[:-1] + right[1:], self._rows.neighbour_index, self._rows.neighbours)
        self._add_pairs(values, left[:-2] + right[2:], self._rows.skip_index, self._rows.skips)
        sums = np.add.reduceat(values, starts)
        for distance in range(EDGE):
            inside = lengths > distance
            sums[inside] += self._rows.opening.take(right[starts[inside] + distance])
            sums[inside] += self._rows.closing.take(right[starts[inside] + lengths[inside] - 1 - distance])
        scales = length_scales(lengths, self._window, grows=self._grows)
        counts = np.add.reduceat(self._counts.values.take(tokens), starts)
        hoax = (sums.real + together.real) * scales + self._intercept[0]
        ad = (sums.imag + together.imag) * scales + self._intercept[1]
        return Scores(np.stack([hoax, ad], axis=1), counts & (KNOWN - 1), counts >> 32)

    def _add_pairs(self, values: Rows, keys: Keys, index: KeyIndex, rows: Rows) -> None:
        places, which = index.find(keys)
        values[places] += rows.take(which)

    def _add_cues(self, block: Block) -> Rows:
        """Return what the cues of each text add together, shape (n_texts,)."""
        cues = self._cues.values.take(block.tokens)
        places = np.flatnonzero(cues > 0)
        size = len(self._rows.together)
        kind = np.dtype(np.int32 if len(block.starts) * size < 2**31 else np.int64)  # of 32 bits they are sorted in half the time
        firsts = (np.arange(len(block.starts)) * size).astype(kind)
        marked = np.sort(np.repeat(firsts, block.lengths + 2).take(places) + cues.take(places).astype(kind))
        marked = marked[np.concatenate([[True], marked[1:] != marked[:-1]])[: len(marked)]]
        texts = marked // size
        found = marked - texts * size
        counts = np.bincount(texts, minlength=len(block.starts))
        behind = np.repeat(np.cumsum(counts), counts) - np.arange(1, len(found) + 1)  # cues of the same text that follow
        order = np.argsort(-behind.astype(np.int16), kind="stable")  # those with many in front, a radix sort
        square, rows = self._rows.together.ravel(), found.take(order) * size
        sums = np.zeros(len(found), dtype=np.complex128)
        so_many = len(found) - np.cumsum(np.bincount(behind))  # have more cues behind them than the place says
        for distance, count in enumerate(so_many.tolist(), start=1):
            # one distance at a time: all pairs of a thousand long articles would take gigabytes
            sums[:count] += square.take(rows[:count] + found.take(order[:count] + distance))
        texts = texts.take(order)
        factors = cooccurrence_scales(counts)
        return (np.bincount(texts, sums.real, len(block.starts)) * factors) + 1j * (
            np.bincount(texts, sums.imag, len(block.starts)) * factors
        )

    def _learn_new_tokens(self) -> None:
        """Add up what every token adds that has come to the inventory since the last time."""
        while len(self.inventory) > len(self._values):
            self._learn_next_tokens()

    def _learn_next_tokens(self) -> None:
        first = len(self._values)
        last = first + _LEARNT_AT_ONCE
        stems, surfaces = self.inventory.stems[first:last], self.inventory.surfaces[first:last]
        known, unknown = self._rows.numbers, self._rows.unknown
        numbers = np.array([known.get(stem, unknown) for stem in stems], dtype=np.intp)
        is_word = np.array(list(map(bool, surfaces)))
        self._numbers.extend(numbers)
        self._left.extend(self._rows.pair_keys(numbers, np.zeros_like(numbers)))
        self._values.extend(self._rows.words[numbers] + self._add_up_characters(surfaces))
        self._cues.extend(self._rows.cues[numbers])
        self._counts.extend(is_word + (KNOWN * (is_word & (numbers < self._rows.known))))

    def _add_up_characters(self, words: Sequence[str]) -> Rows:
        """Return what the character n-grams of each word add, shape (n_words,)."""
        owners, keys, strange = ngram_keys(words)
        places, which = self._rows.ngram_index.find(keys)
        owners, rows = owners.take(places), self._rows.ngrams.take(which)
        sums = np.bincount(owners, rows.real, len(words)) + 1j * np.bincount(owners, rows.imag, len(words))
        for place in strange.tolist():
            sums[place] = self._rows.add_up_ngrams(words[place])
        return sums
