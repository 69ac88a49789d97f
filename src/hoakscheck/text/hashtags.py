"""Hashtags carry whole sentences without blanks: ``#2019GantiPresiden`` is three words."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

#: Capitals, digits and underscores mark the seams of a hashtag that its author wrote with care.
_SEAM = re.compile(r"[A-Z]{2,}(?=[A-Z][a-z]|\b|\d|_)|[A-Z]?[a-z]+|[A-Z]+|\d+|[^\W\d_]+")

#: A tag without seams is split only up to this length; the longest of 4,812 slogan tags seen has 34 letters.
LONGEST_SPLIT: Final = 40

#: A longer tag is one word: no platform links it (X stops at 280 characters, Instagram at 100), and splitting it would ask for
#: the stem of every part.
LONGEST_TAG: Final = 100
_SHORTEST_WORD: Final = 3
_SHORT_WORDS: Final = frozenset({"di", "ke", "ku"})


def split_hashtag(tag: str, is_word: Callable[[str], bool]) -> list[tuple[int, int]]:
    """Split a hashtag (without its ``#``) into the spans of its words.

    >>> known = {"coblos", "nomor", "satu", "indonesia", "maju"}.__contains__
    >>> def words(tag): return [tag[start:end] for start, end in split_hashtag(tag, known)]
    >>> words("2019GantiPresiden"), words("coblosnomorsatu"), words("INDONESIAMAJU"), words("xyzzy")
    (['2019', 'Ganti', 'Presiden'], ['coblos', 'nomor', 'satu'], ['INDONESIA', 'MAJU'], ['xyzzy'])
    """
    if len(tag) > LONGEST_TAG:
        return [(0, len(tag))]
    spans = []
    for match in _SEAM.finditer(tag):
        part = match.group().lower()
        if part.isalpha() and part.isascii() and len(part) <= LONGEST_SPLIT and not is_word(part):
            cuts = _cut(part, is_word)
        else:
            cuts = [len(match.group())]  # not of the part: some capitals have two small letters
        spans += [(match.start() + start, match.start() + end) for start, end in zip([0, *cuts], cuts, strict=False)]
    return spans


def _cut(part: str, is_word: Callable[[str], bool]) -> list[int]:
    """Return the ends of the fewest known words that make up ``part`` exactly, or the end of ``part`` alone."""
    best: list[list[int] | None] = [[], *[None] * len(part)]
    reached = [0]  # where a word may begin; most places are reached by none
    for end in range(1, len(part) + 1):
        for start in reached:
            before = best[start]
            if before is None or (best[end] is not None and len(before) + 1 >= len(best[end] or ())):
                continue
            piece = part[start:end]
            if (len(piece) >= _SHORTEST_WORD or piece in _SHORT_WORDS) and is_word(piece):
                best[end] = [*before, end]
        if best[end] is not None:
            reached.append(end)
    return best[-1] or [len(part)]
