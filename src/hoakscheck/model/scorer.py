"""The compiled model: tables read with numpy alone, the same probabilities as the scikit-learn pipeline."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hoakscheck.model.features import EDGE, character_ngrams, cooccurrence_scale, cue_pairs, length_scale
from hoakscheck.text.tokens import Token

Floats = NDArray[np.float64]
Row = tuple[float, float]

#: What a word adds that the model has never met, and a pair that it does not hold.
NOTHING: Final[Row] = (0.0, 0.0)

#: Distinct words whose rows are kept ready; about 20 MB when full.
CACHE_SIZE: Final = 65_536


@dataclass(frozen=True)
class Tables:
    """What a model is made of.

    Attributes:
        words, pairs, characters: feature -> row of ``idf`` and ``weights``; pairs of cues stand among the pairs.
        idf: weight of a feature in a text, shape (n_features,).
        weights: weight of a feature for each question, shape (n_features, 2).
        intercept: log-odds of a text without words, shape (2,).
        window: length up to which evidence adds up, in tokens.
    """

    words: Mapping[str, int]
    pairs: Mapping[str, int]
    characters: Mapping[str, int]
    idf: NDArray[np.float32]
    weights: NDArray[np.float32]
    intercept: Floats
    window: int


class Scorer:
    """Scores token lists by looking words up.

    A score answers two questions in log-odds: is it a hoax; and, if it is none, is it a political ad. Everything that
    depends on a single word is added up once per word and remembered.
    """

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._rows: Floats = tables.idf.astype(np.float64)[:, None] * tables.weights.astype(np.float64)
        pair_rows = self._rows[list(tables.pairs.values())].tolist()
        self._pairs: dict[str, Row] = dict(zip(tables.pairs, map(tuple, pair_rows), strict=True))
        self._cues, self._together = self._lay_out_cues()
        self._word_row = lru_cache(maxsize=CACHE_SIZE)(self._add_up_word)

    def log_odds(self, tokens: Sequence[Token]) -> Row:
        """Return the log-odds of both questions for one text."""
        word_row, pairs = self._word_row, self._pairs
        hoax = ad = 0.0
        last = before = ""
        for _, _, stem, surface in tokens:
            word_hoax, word_ad = word_row(stem, surface)
            pair_hoax, pair_ad = pairs.get(f"{before} {stem}", NOTHING)
            over_hoax, over_ad = pairs.get(f"{last} _ {stem}", NOTHING)
            hoax += word_hoax + pair_hoax + over_hoax
            ad += word_ad + pair_ad + over_ad
            last, before = before, stem
        for _, (edge_hoax, edge_ad) in self._edges(tokens):
            hoax += edge_hoax
            ad += edge_ad
        if self._cues:
            together_hoax, together_ad = self._add_up_cues(tokens)[1].sum(axis=0).tolist()
            hoax += together_hoax
            ad += together_ad
        scale = length_scale(len(tokens), self._tables.window)
        base_hoax, base_ad = self.intercept
        return hoax * scale + base_hoax, ad * scale + base_ad

    def contributions(self, tokens: Sequence[Token]) -> Floats:
        """Return what each token adds to both log-odds, shape (n_tokens, 2).

        Half of a pair goes to each of its two words. The column sums and the intercept make up :meth:`log_odds`.
        """
        added = np.array([self._word_row(token.stem, token.surface) for token in tokens], dtype=np.float64).reshape(-1, 2)
        stems = [token.stem for token in tokens]
        for distance, between in ((1, " "), (2, " _ ")):
            if len(stems) > distance:
                found = zip(stems, stems[distance:], strict=False)
                halves = np.array([self._pairs.get(f"{left}{between}{right}", NOTHING) for left, right in found]) * 0.5
                added[:-distance] += halves
                added[distance:] += halves
        for place, row in self._edges(tokens):
            added[place] += row
        places, shares = self._add_up_cues(tokens)
        added[places] += shares
        return added * length_scale(len(tokens), self._tables.window)

    def _add_up_cues(self, tokens: Sequence[Token]) -> tuple[list[int], Floats]:
        """Return the places of the cues of a text, each at its first, and half of what its pairs add, shape (n_cues, 2)."""
        first: dict[int, int] = {}
        for place, (_, _, stem, _) in enumerate(tokens):
            cue = self._cues.get(stem)
            if cue is not None and cue not in first:
                first[cue] = place
        cues = sorted(first)
        halves = self._together[cues][:, cues].sum(axis=1) * (0.5 * cooccurrence_scale(len(cues)))
        return [first[cue] for cue in cues], halves

    def _lay_out_cues(self) -> tuple[dict[str, int], Floats]:
        """Return the row of each cue, and what every two of them add together, shape (n_cues, n_cues, 2)."""
        pairs = cue_pairs(self._pairs)
        cues = {cue: row for row, cue in enumerate(sorted({cue for pair in pairs.values() for cue in pair}))}
        together = np.zeros((len(cues), len(cues), 2))
        for feature, (left, right) in pairs.items():
            together[cues[left], cues[right]] = together[cues[right], cues[left]] = self._pairs[feature]
        return cues, together

    def _edges(self, tokens: Sequence[Token]) -> Iterator[tuple[int, Row]]:
        """Yield what the first and the last tokens add for standing there, with their places."""
        count = len(tokens)
        for place in range(min(EDGE, count)):
            yield place, self._pairs.get(f"^ {tokens[place].stem}", NOTHING)
        for place in range(max(count - EDGE, 0), count):
            yield place, self._pairs.get(f"{tokens[place].stem} $", NOTHING)

    @cached_property
    def intercept(self) -> Row:
        """Log-odds of a text without words."""
        hoax, ad = self._tables.intercept.tolist()
        return hoax, ad

    def count_words(self, tokens: Sequence[Token]) -> tuple[int, int]:
        """Return how many words there are, marks left out, and how many of them the model has met in training."""
        known = self._tables.words
        found = [stem in known for _, _, stem, surface in tokens if surface]
        return len(found), sum(found)

    def _add_up_word(self, stem: str, surface: str) -> Row:
        found = [self._tables.words.get(stem)]
        found += [self._tables.characters.get(ngram) for ngram in character_ngrams(surface)]
        rows = [row for row in found if row is not None]
        if not rows:
            return NOTHING
        hoax, ad = self._rows[rows].sum(axis=0).tolist()
        return hoax, ad


def probabilities(log_odds: Row) -> tuple[float, float, float]:
    """Return the probability of each label, in the order of :class:`hoakscheck.Label`, from the log-odds of both questions.

    >>> probabilities((0.0, 0.0))
    (0.5, 0.25, 0.25)
    """
    hoax, ad = (_sigmoid(value) for value in log_odds)
    return hoax, (1.0 - hoax) * ad, (1.0 - hoax) * (1.0 - ad)


def _sigmoid(value: float) -> float:
    if value < 0:  # exp of a large positive number would overflow
        power = math.exp(value)
        return power / (1.0 + power)
    return 1.0 / (1.0 + math.exp(-value))
