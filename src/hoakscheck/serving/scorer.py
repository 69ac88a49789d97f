"""The compiled model on one text: rows looked up and added, the same probabilities as the scikit-learn pipeline."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np

from hoakscheck.model.features import EDGE, cooccurrence_scale, length_scale
from hoakscheck.model.tables import Floats, Tables
from hoakscheck.serving.rows import RowTable
from hoakscheck.text.tokens import Token

#: What is added to both log-odds.
Row = tuple[float, float]

_NO_PAIRS: Final[dict[int, complex]] = {}
_ONE_CUE: Final = 2  # with the 0 that stands for none

#: Distinct words whose rows are kept ready; about 20 MB when full.
CACHE_SIZE: Final = 65_536


#: What the scorer knows of a stem and how it was written: what both add, as in :data:`hoakscheck.serving.rows.Rows`; the number of
#: the stem; the pairs that it begins, see :meth:`hoakscheck.serving.rows.RowTable.pairs_of`; its number among the cues, or 0; 1 if
#: it is a word, and :data:`KNOWN` more if the model has met it; and what it adds near the beginning and near the end of a text.
#: A plain tuple: names would cost a third of the time of a text.
Word = tuple[complex, int, dict[int, complex], int, int, complex, complex]
_OPENING: Final = 5
_CLOSING: Final = 6
#: A word and a known word are counted as one number.
KNOWN: Final = 1 << 32


class Score(NamedTuple):
    """What a decision on one text needs.

    Attributes:
        log_odds: of both questions.
        words: number of words, marks left out.
        known: how many of them the model has met in training.
    """

    log_odds: Row
    words: int
    known: int


class Scorer:
    """Scores token lists by looking words up.

    A score answers two questions in log-odds: is it a hoax; and, if it is none, is it a political ad. Everything that
    depends on a single word is added up once per word and remembered.
    """

    def __init__(self, tables: Tables) -> None:
        self.rows = RowTable(tables)
        hoax, ad = tables.intercept.tolist()
        self.intercept: Row = (hoax, ad)
        self.window, self.grows = tables.window, tables.grows
        self._word = lru_cache(maxsize=CACHE_SIZE)(self._look_up)
        self._pairs_of = lru_cache(maxsize=CACHE_SIZE)(self.rows.pairs_of)

    def score(self, tokens: Sequence[Token]) -> Score:
        """Return the score of one text."""
        look_up = self._word
        both = 0j
        met = 0
        words, cues, skip = [], {0}, self.rows.skip
        last = before = _NO_PAIRS
        for _, _, stem, surface in tokens:
            word = look_up(stem, surface)
            value, number, pairs, cue, counted, _, _ = word
            both += value
            row = before.get(number)
            if row:
                both += row
            row = last.get(number + skip)
            if row:
                both += row
            met += counted
            words.append(word)
            if cue:
                cues.add(cue)
            last, before = before, pairs
        for word in words[:EDGE]:
            both += word[_OPENING]
        for word in words[-EDGE:]:
            both += word[_CLOSING]
        if len(cues) > _ONE_CUE:
            together, factor = self._add_up_cues(cues), cooccurrence_scale(len(cues) - 1)
            both += complex(together.real * factor, together.imag * factor)
        scale = length_scale(len(tokens), self.window, grows=self.grows)
        log_odds = both.real * scale + self.intercept[0], both.imag * scale + self.intercept[1]
        return Score(log_odds, met & (KNOWN - 1), met // KNOWN)

    def _add_up_cues(self, cues: set[int]) -> complex:
        """Return what every two of the cues add together; 0 is none, and adds nothing."""
        chosen = np.fromiter(cues, dtype=np.intp, count=len(cues))
        square = self.rows.together
        return complex(square.take(chosen[:, np.newaxis] * len(square) + chosen).sum())

    def contributions(self, tokens: Sequence[Token]) -> Floats:
        """Return what each token adds to both log-odds, shape (n_tokens, 2).

        Half of a pair goes to each of its two words. The column sums and the intercept make up the log-odds of :meth:`score`.
        """
        words = [self._word(token.stem, token.surface) for token in tokens]
        numbers = np.array([word[1] for word in words], dtype=np.intp)
        added = np.array([word[0] for word in words], dtype=np.complex128)
        for distance, index, rows in (
            (1, self.rows.neighbour_index, self.rows.neighbours),
            (2, self.rows.skip_index, self.rows.skips),
        ):
            if len(words) > distance:
                found, which = index.find(self.rows.pair_keys(numbers[:-distance], numbers[distance:]))
                halves = rows[which] * 0.5
                added[found] += halves
                added[found + distance] += halves
        for place, word in enumerate(words[:EDGE]):
            added[place] += word[_OPENING]
        for place, word in enumerate(words[-EDGE:], start=max(len(words) - EDGE, 0)):
            added[place] += word[_CLOSING]
        cues = np.array([word[3] for word in words], dtype=np.intp)
        chosen, first = np.unique(cues, return_index=True)
        chosen, first = chosen[chosen > 0], first[chosen > 0]
        halves = self.rows.together[chosen][:, chosen] * (0.5 * cooccurrence_scale(len(chosen)))
        added[first] += halves.sum(axis=0) + halves.sum(axis=1)
        added *= length_scale(len(tokens), self.window, grows=self.grows)
        return added.view(np.float64).reshape(-1, 2)

    def _look_up(self, stem: str, surface: str) -> Word:
        rows, number = self.rows, self.rows.numbers.get(stem, self.rows.unknown)
        row = rows.add_up_ngrams(surface) + complex(rows.words[number])
        counted = 0 if not surface else KNOWN + 1 if number < rows.known else 1
        edges = complex(rows.opening[number]), complex(rows.closing[number])
        return row, number, self._pairs_of(number), int(rows.cues[number]), counted, *edges


def probabilities(log_odds: Row) -> tuple[float, float, float]:
    """Return the probability of each label, in the order of :class:`hoakscheck.Label`, from the log-odds of both questions.

    >>> probabilities((0.0, 0.0))
    (0.5, 0.25, 0.25)
    """
    # numpy's exponential, not that of the standard library: they differ in the last bit, and a text must get the same among many
    hoax_power, ad_power = np.exp([-abs(log_odds[0]), -abs(log_odds[1])]).tolist()
    hoax, ad = _sigmoid(log_odds[0], hoax_power), _sigmoid(log_odds[1], ad_power)
    return hoax, (1.0 - hoax) * ad, (1.0 - hoax) * (1.0 - ad)


def _sigmoid(value: float, power: float) -> float:
    return power / (1.0 + power) if value < 0 else 1.0 / (1.0 + power)


def all_probabilities(log_odds: Floats) -> Floats:
    """Return :func:`probabilities` of several texts, shape (n_texts, 3).

    Args:
        log_odds: shape (n_texts, 2).
    """
    powers = np.exp(-np.abs(log_odds))
    hoax, ad = (np.where(log_odds < 0, powers, 1.0) / (1.0 + powers)).T
    return np.stack([hoax, (1.0 - hoax) * ad, (1.0 - hoax) * (1.0 - ad)], axis=1)
