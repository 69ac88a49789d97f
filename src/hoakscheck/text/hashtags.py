"""Hashtags carry whole sentences without blanks: ``#2019GantiPresiden`` is three words."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from hoakscheck.text.lexicon import BEGINNING, Lengths

#: Capitals, digits and underscores mark the seams of a hashtag that its author wrote with care.
_SEAM = re.compile(r"[A-Z]{2,}(?=[A-Z][a-z]|\b|\d|_)|[A-Z]?[a-z]+|[A-Z]+|\d+|[^\W\d_]+")

#: A tag without seams is split only up to this length; the longest of 4,812 slogan tags seen has 34 letters.
LONGEST_SPLIT: Final = 40

#: A longer tag is one word: no platform links it (X stops at 280 characters, Instagram at 100), and splitting it would ask for
#: the stem of every part.
LONGEST_TAG: Final = 100
_SHORTEST_WORD: Final = 3
_SHORT_WORDS: Final = frozenset({"di", "ke", "ku"})


def split_hashtag(tag: str, is_word: Callable[[str], bool], lengths: Lengths) -> list[tuple[int, int]]:
    """Split a hashtag (without its ``#``) into the spans of its words.

    Args:
        tag: the hashtag.
        is_word: whether a word is known.
        lengths: how long the known words are that begin with three letters; it may name more lengths than there are.

    >>> known = {"coblos", "nomor", "satu", "indonesia", "maju"}.__contains__
    >>> def words(tag): return [tag[start:end] for start, end in split_hashtag(tag, known, lambda _: range(3, 12))]
    >>> words("2019GantiPresiden"), words("coblosnomorsatu"), words("INDONESIAMAJU"), words("xyzzy")
    (['2019', 'Ganti', 'Presiden'], ['coblos', 'nomor', 'satu'], ['INDONESIA', 'MAJU'], ['xyzzy'])
    """
    if len(tag) > LONGEST_TAG:
        return [(0, len(tag))]
    spans = []
    for match in _SEAM.finditer(tag):
        part = match.group().lower()
        if part.isalpha() and part.isascii() and len(part) <= LONGEST_SPLIT and not is_word(part):
            cuts = _cut(part, is_word, lengths)
        else:
            cuts = [len(match.group())]  # not of the part: some capitals have two small letters
        spans += [(match.start() + start, match.start() + end) for start, end in zip([0, *cuts], cuts, strict=False)]
    return spans


def _cut(part: str, is_word: Callable[[str], bool], lengths: Lengths) -> list[int]:
    """Return the ends of the fewest known words that make up ``part`` exactly, or the end of ``part`` alone."""
    best: list[list[int] | None] = [[], *[None] * len(part)]
    for start in range(len(part)):
        before = best[start]
        if before is None:  # nearly everywhere
            continue
        for end in _ends(part, start, lengths):
            known = best[end]
            if (known is None or len(before) + 1 < len(known)) and is_word(part[start:end]):
                best[end] = [*before, end]
    return best[-1] or [len(part)]


def _ends(part: str, start: int, lengths: Lengths) -> list[int]:
    """Return where a word that begins at ``start`` may end."""
    found = [start + length for length in lengths(part[start : start + BEGINNING]) if _SHORTEST_WORD <= length <= len(part) - start]
    short = part[start : start + _SHORTEST_WORD - 1]
    return [start + len(short), *found] if short in _SHORT_WORDS else found
