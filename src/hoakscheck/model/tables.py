"""What a model is made of: lists of features and arrays of numbers, nothing that runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hoakscheck.model.features import MOST_CUES, cue_pairs

Floats = NDArray[np.float64]
Codes = NDArray[np.int32]

#: Stands for the end of the text in an edge.
END: Final = -1
#: The kinds of pairs, in the order of their rows.
PAIRS: Final = ("neighbours", "skips", "edges", "together")


@dataclass(frozen=True)
class Tables:
    """What a model is made of. The rows of ``idf`` and ``weights`` are those of words, the four kinds of pairs, and characters.

    Pairs are numbers of stems, words first; each kind is in ascending order and holds a pair once.

    Attributes:
        words: stems with a row of their own.
        stems: further stems, which only pairs name.
        neighbours: pairs of stems beside each other, shape (n_neighbours, 2).
        skips: pairs with one token between, shape (n_skips, 2).
        edges: ``(END, stem)`` for a stem near the beginning of a text, ``(stem, END)`` near its end, shape (n_edges, 2).
        together: pairs of cues anywhere in a text, the lower number first, shape (n_together, 2).
        characters: n-gram -> its place among them.
        idf: weight of a feature in a text, shape (n_features,).
        weights: weight of a feature for each question, shape (n_features, 2).
        intercept: log-odds of a text without words, shape (2,).
        window: length up to which evidence adds up, in tokens.
        grows: whether it grows on beyond, see :func:`hoakscheck.model.features.length_scale`.
    """

    words: tuple[str, ...]
    stems: tuple[str, ...]
    neighbours: Codes
    skips: Codes
    edges: Codes
    together: Codes
    characters: Mapping[str, int]
    idf: NDArray[np.float32]
    weights: NDArray[np.float32]
    intercept: Floats
    window: int
    grows: bool

    def __post_init__(self) -> None:
        """Refuse pairs that cannot be.

        Raises:
            ValueError: they name no stem, are not in order, or there are too many cues.
        """
        count = len(self.words) + len(self.stems)
        for kind in PAIRS:
            left, right = getattr(self, kind).astype(np.int64).T
            lowest = END if kind == "edges" else 0
            are_stems = (left >= lowest) & (right >= lowest) & (left < count) & (right < count)
            if kind == "edges":
                are_stems &= (left == END) != (right == END)
            if not are_stems.all() or (np.diff(left * (count + 1) + right) <= 0).any():
                raise ValueError(f"holds {kind} that name no stems, or are not in order")
        if (self.together[:, 0] >= self.together[:, 1]).any():
            raise ValueError("holds cues together with themselves, or not in order")
        cues = np.count_nonzero(np.bincount(self.together.ravel()))
        if cues > MOST_CUES:
            raise ValueError(f"names {cues:,} cues, {MOST_CUES:,} are the most")

    @property
    def pairs(self) -> Codes:
        """The pairs of all kinds, shape (n_pairs, 2)."""
        return np.concatenate([self.neighbours, self.skips, self.edges, self.together])

    @classmethod
    def from_features(
        cls,
        words: Sequence[str],
        pairs: Iterable[str],
        characters: Sequence[str],
        *,
        idf: NDArray[np.float32],
        weights: NDArray[np.float32],
        intercept: Floats,
        window: int,
        grows: bool,
    ) -> Tables:
        """Return the tables of features as :mod:`hoakscheck.model.features` writes them.

        Args:
            words: in the order of the rows of ``idf`` and ``weights``; behind them
            pairs: of all kinds, and behind them
            characters: n-grams.
            idf: shape (n_features,).
            weights: shape (n_features, 2).
            intercept: shape (2,).
            window: length up to which evidence adds up, in tokens.
            grows: whether it grows on beyond.

        Raises:
            ValueError: a pair is none.
        """
        pairs = list(pairs)
        cues = cue_pairs(pairs)
        parts = [(*cues[pair], "together") if pair in cues else _parse(pair) for pair in pairs]
        named = dict.fromkeys(stem for left, right, _ in parts for stem in (left, right) if stem is not None)
        stems = tuple(sorted(named.keys() - set(words)))
        numbers: dict[str | None, int] = {stem: number for number, stem in enumerate([*words, *stems])} | {None: END}
        codes = np.array([(numbers[left], numbers[right]) for left, right, _ in parts], dtype=np.int32).reshape(-1, 2)
        kinds = np.array([PAIRS.index(kind) for _, _, kind in parts], dtype=np.intp)
        codes[kinds == PAIRS.index("together")] = np.sort(codes[kinds == PAIRS.index("together")], axis=1)
        by_code = np.lexsort((codes[:, 1], codes[:, 0], kinds))
        of_kind = np.split(by_code, np.cumsum(np.bincount(kinds, minlength=len(PAIRS)))[:-1])
        before, after = np.arange(len(words)), np.arange(len(words) + len(pairs), len(idf))
        order = np.concatenate([before, *(len(words) + rows for rows in of_kind), after])
        neighbours, skips, edges, together = (codes[rows] for rows in of_kind)
        return cls(
            tuple(words),
            stems,
            neighbours,
            skips,
            edges,
            together,
            {ngram: place for place, ngram in enumerate(characters)},
            idf[order],
            weights[order],
            intercept,
            window,
            grows,
        )


def _parse(pair: str) -> tuple[str | None, str | None, str]:
    """Return the stems of a pair, None for an end of the text, and its kind.

    >>> _parse("ayo _ dua"), _parse("^ ayo")
    (('ayo', 'dua', 'skips'), (None, 'ayo', 'edges'))
    """
    match pair.split(" "):
        case ["^", stem]:
            return None, stem, "edges"
        case [stem, "$"]:
            return stem, None, "edges"
        case [left, "_", right]:
            return left, right, "skips"
        case [left, right]:
            return left, right, "neighbours"
    raise ValueError(f"names no pair: {ascii(pair)[:80]}")
