"""Near-duplicates: the same message, sent again with other links, mentions or a few other words.

They leave before any split, or a test set holds what training has seen. Exact ones are found by a key of the letters
alone, near ones by MinHash over word 3-grams (Broder 1997) with every candidate pair checked on the real sets.
"""

from __future__ import annotations

import re
import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

#: Two texts are near-duplicates when they share at least this part of their word 3-grams.
SIMILARITY: Final = 0.6

_PERMUTATIONS: Final = 60
_BAND: Final = 3  # rows a band; 20 bands of 3 find a pair of similarity .6 with probability .99, one of .3 with .42
_SHINGLE: Final = 3
_NOISE = re.compile(r"https?://\S+|@\w+|&\w+;|<\w+>")
_WORD = re.compile(r"[^\W_]+")
_LARGEST_BUCKET: Final = 200


def words(text: str) -> list[str]:
    """Return the words that count when texts are compared: no links, no mentions, no case, no punctuation.

    >>> words("@a Ayo pilih No.2! https://t.co/x")
    ['ayo', 'pilih', 'no', '2']
    """
    return _WORD.findall(_NOISE.sub(" ", text).lower())


def clusters(texts: Sequence[str], *, similarity: float = SIMILARITY, seed: int = 0) -> list[int]:
    """Give each text the index of the first text of its cluster of near-duplicates.

    >>> clusters(["Satu dua tiga empat lima", "satu dua tiga EMPAT lima!", "enam tujuh delapan sembilan"])
    [0, 0, 2]
    """
    parent = list(range(len(texts)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    shingles = []
    first_of: dict[str, int] = {}
    for index, text in enumerate(texts):
        found = words(text)
        first = first_of.setdefault(" ".join(found), index)
        parent[index] = first
        shingles.append(_shingles(found) if first == index else np.empty(0, np.uint64))
    for left, right in _candidates(shingles, seed):
        first, second = sorted((root(left), root(right)))
        if first != second and _jaccard(shingles[first], shingles[second]) >= similarity:
            parent[second] = first
    return [root(index) for index in range(len(texts))]


def _shingles(found: list[str]) -> np.ndarray:
    runs = {" ".join(found[start : start + _SHINGLE]) for start in range(len(found) - _SHINGLE + 1)}
    return np.unique(np.fromiter((zlib.crc32(run.encode()) for run in runs), np.uint64, len(runs)))


def _candidates(shingles: Sequence[np.ndarray], seed: int) -> Iterator[tuple[int, int]]:
    """Yield pairs of indices that agree in a whole band of their signatures."""
    random = np.random.default_rng(seed)
    # multiply-shift (Dietzfelbinger et al. 1997): the product must wrap around 2**64, or its order is that of the shingles
    # and all permutations are one; the high half of the bits is the well-mixed one
    factors = random.integers(1 << 63, 1 << 64, _PERMUTATIONS, dtype=np.uint64) | np.uint64(1)
    offsets = random.integers(0, 1 << 64, _PERMUTATIONS, dtype=np.uint64)
    signatures = {
        index: ((own[:, None] * factors + offsets) >> np.uint64(32)).min(axis=0) for index, own in enumerate(shingles) if len(own)
    }
    for band in range(0, _PERMUTATIONS, _BAND):
        buckets: dict[bytes, list[int]] = defaultdict(list)
        for index, signature in signatures.items():
            buckets[signature[band : band + _BAND].tobytes()].append(index)
        for members in buckets.values():
            for position, right in enumerate(members[1:_LARGEST_BUCKET], start=1):
                yield members[0], right
                if position > 1:
                    yield members[position - 1], right


def _jaccard(left: np.ndarray, right: np.ndarray) -> float:
    shared = len(np.intersect1d(left, right, assume_unique=True))
    return shared / (len(left) + len(right) - shared) if shared else 0.0
