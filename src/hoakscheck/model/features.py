"""The feature space, in one place for training and for serving: words, pairs of words, characters within words, cues together.

A text is the sum of what its words give. A word gives its stem and the character n-grams of how it was written; two words
beside each other give a pair, and so do two with one between them, and a word with the near end of the text. Cues, the most
frequent stems, give a pair wherever they stand in the same text: what a claim becomes beside a denial, or a name beside an appeal.
That makes the score of a text a sum over words and pairs, so that it can be looked up instead of computed.
"""

from __future__ import annotations

import math
from collections.abc import Container, Iterable, Sequence
from itertools import combinations, pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hoakscheck.text.tokens import Token

Counts = NDArray[np.intp]
Floats = NDArray[np.float64]

#: Lengths of the character n-grams, counted with the blanks that stand for the edges of a word.
SHORTEST_NGRAM: Final = 3
LONGEST_NGRAM: Final = 5

#: Only this much of a word gives n-grams; 10 MB of one letter must not give 30 million of them.
LONGEST_WORD: Final = 40


def word_features(tokens: Sequence[Token]) -> list[str]:
    """Return the stem or mark of every token."""
    return [token.stem for token in tokens]


#: How many words from an end of a text pair with it: how a text opens and closes tells a report from an appeal.
EDGE: Final = 3


def pair_features(tokens: Sequence[Token]) -> list[str]:
    """Return the pairs: neighbours, words with one between them (``_``), and words with an end of the text (``^``, ``$``).

    >>> pair_features([Token(0, 1, stem, stem) for stem in ("ayo", "coblos", "dua")])
    ['ayo coblos', 'coblos dua', 'ayo _ dua', '^ ayo', '^ coblos', '^ dua', 'ayo $', 'coblos $', 'dua $']
    """
    stems = [token.stem for token in tokens]
    return [
        *(f"{left} {right}" for left, right in pairwise(stems)),
        *(f"{left} _ {right}" for left, right in zip(stems, stems[2:], strict=False)),
        *(f"^ {stem}" for stem in stems[:EDGE]),
        *(f"{stem} $" for stem in stems[-EDGE:]),
    ]


#: Between two cues of the same text; no token holds a blank or an ampersand.
TOGETHER: Final = " & "
#: So many cues a model may have; what two of them add together is laid out as a square, 16 MB for as many as these.
MOST_CUES: Final = 1_000
#: Up to so many cues in a text each pair of them counts in full, see :func:`cooccurrence_scale`.
_CUES_IN_FULL: Final = 20


def cooccurrence_features(tokens: Sequence[Token], cues: Container[str]) -> list[str]:
    """Return the pairs of different cues that a text holds, each once, the earlier by alphabet first.

    >>> cooccurrence_features([Token(0, 1, stem, stem) for stem in ("pilih", "hoaks", "di", "hoaks")], {"hoaks", "pilih"})
    ['hoaks & pilih']
    """
    return [TOGETHER.join(pair) for pair in combinations(sorted({token.stem for token in tokens if token.stem in cues}), 2)]


def cue_pairs(pairs: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Return those among the pairs that stand for two cues anywhere in a text, with the two.

    Raises:
        ValueError: one names no two different cues in the order of the alphabet, or they name more than :data:`MOST_CUES`.

    >>> cue_pairs(["ayo coblos", "hoaks & pilih"])
    {'hoaks & pilih': ('hoaks', 'pilih')}
    """
    found = {}
    for feature in pairs:
        if TOGETHER in feature:
            left, _, right = feature.partition(TOGETHER)
            if TOGETHER in right or not "" < left < right:
                raise ValueError(f"names no two cues in order: {ascii(feature)[:80]}")
            found[feature] = (left, right)
    count = len({cue for pair in found.values() for cue in pair})
    if count > MOST_CUES:
        raise ValueError(f"names {count:,} cues, {MOST_CUES:,} are the most")
    return found


def cooccurrence_scale(cues: int) -> float:
    """Return the factor on pairs of cues in a text that holds so many different ones.

    Their pairs grow with the square of their number. Beyond 20 the factor keeps the sum growing with the number alone, or long
    articles would be decided by what stands far apart.

    >>> cooccurrence_scale(12), cooccurrence_scale(40)
    (1.0, 0.5)
    """
    return min(1.0, _CUES_IN_FULL / max(cues, 1))


def cooccurrence_scales(cues: Counts) -> Floats:
    """Return :func:`cooccurrence_scale` of several texts, shape (n_texts,)."""
    scales: Floats = np.minimum(1.0, _CUES_IN_FULL / np.maximum(cues, 1))
    return scales


def character_features(tokens: Sequence[Token]) -> list[str]:
    """Return the character n-grams of all words; marks have none."""
    return [ngram for token in tokens for ngram in character_ngrams(token.surface)]


def character_ngrams(word: str) -> list[str]:
    """Return the n-grams of one word with its edges.

    >>> character_ngrams("kpu")
    [' kp', 'kpu', 'pu ', ' kpu', 'kpu ', ' kpu ']
    """
    if not word:
        return []
    edged = f" {word[:LONGEST_WORD]} "
    sizes = range(SHORTEST_NGRAM, min(LONGEST_NGRAM, len(edged)) + 1)
    return [edged[start : start + size] for size in sizes for start in range(len(edged) - size + 1)]


def length_scale(tokens: int, window: int, *, grows: bool) -> float:
    """Return the factor by which the sum over a text of so many tokens is multiplied.

    Up to ``window`` tokens it is ``1 / sqrt(n)``, as an L2 norm would have it for words of equal weight. A longer text is the mean
    of its windows, ``sqrt(window) / n``, times the eighth root of their number where evidence grows: as a mean alone, one false
    sentence in a long letter came to nothing, and with greater roots long articles end up sure of something.

    Args:
        tokens: how many there are.
        window: length up to which evidence adds up.
        grows: whether it grows on beyond.

    >>> length_scale(4, 1, grows=False), length_scale(1024, 4, grows=False), length_scale(1024, 4, grows=True)
    (0.25, 0.001953125, 0.00390625)
    """
    if tokens <= window:
        return 1.0 / math.sqrt(max(tokens, 1))
    mean = math.sqrt(window) / tokens
    return mean * math.sqrt(math.sqrt(math.sqrt(tokens / window))) if grows else mean  # powers differ in their last bits


def length_scales(tokens: Counts, window: int, *, grows: bool) -> Floats:
    """Return :func:`length_scale` of several texts, shape (n_texts,).

    >>> scales = length_scales(np.array([0, 4, 200]), 50, grows=True).tolist()
    >>> scales == [length_scale(tokens, 50, grows=True) for tokens in (0, 4, 200)]
    True
    """
    at_least_one = np.maximum(tokens, 1)
    means = math.sqrt(window) / at_least_one
    beyond = means * np.sqrt(np.sqrt(np.sqrt(at_least_one / window))) if grows else means
    scales: Floats = np.where(tokens <= window, 1.0 / np.sqrt(at_least_one), beyond)
    return scales
