"""De-obfuscation of single words: leet, stars, separators, stretched letters. Pure ``str -> str`` steps.

Each takes a lower-case word, and where the answer depends on the language a test ``is_word``. Hiding a word is not a sign
of a hoax (advertisers and ordinary users dodge filters too), so nothing here leaves a mark.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from typing import Final

WordTest = Callable[[str], bool]

_LEET: Final = str.maketrans({"4": "a", "@": "a", "8": "b", "3": "e", "9": "g", "6": "g", "1": "i", "!": "i", "0": "o"})
_LEET_SIBILANT: Final = str.maketrans({"5": "s", "$": "s", "7": "t", "2": "z"})
#: A digit or sign with a letter on both sides, or a single one before at least two letters, stands for a letter.
_INNER = re.compile(r"(?<=[a-z])[0-9@$!](?:[0-9@$!](?![0-9@$!]))?(?=[a-z])|^[0-9@$](?=[a-z]{2})")
_TRAILING = re.compile(r"(?<=[a-z])[0-9$]$")
_STRETCH = re.compile(r"(.)\1{2,}")
_SEPARATED = re.compile(r"[^\W_](?:([.\-_*·~|])[^\W_])(?:\1[^\W_])+\Z")
_VOWELS: Final = "aiueo"
_STARS_TRIED: Final = 2


def fold_leet(word: str, is_word: WordTest, exempt: frozenset[str] = frozenset()) -> str:
    """Read digits inside a word as letters, and leave numbers, codes and doublings alone.

    Only digits between letters count, or a leading one when that makes a known word; a trailing one only when an inner
    one gave the trick away. So forms (``C1``), doublings (``masing2``), amounts and years stay.

    >>> known = {"pemilu", "coblos", "hoax", "anies", "kecurangan"}.__contains__
    >>> [fold_leet(word, known) for word in ("p3milu", "c0bl0s", "h04x", "4nies", "k3cur4ng4n")]
    ['pemilu', 'coblos', 'hoax', 'anies', 'kecurangan']
    >>> [fold_leet(word, known) for word in ("c1", "masing2", "2periode", "capres2024", "5jt", "g30s")]
    ['c1', 'masing2', '2periode', 'capres2024', '5jt', 'g30s']
    >>> fold_leet("8ener", {"bener"}.__contains__, frozenset({"8ener"}))  # a party's slogan: 8 is its number
    '8ener'
    """
    if word in exempt or not _INNER.search(word):
        return word
    folded = _INNER.sub(lambda match: _as_letters(match.group()), word)
    hidden_inside = _INNER.search(word, 1) is not None
    if hidden_inside and _TRAILING.search(folded):
        candidate = _TRAILING.sub(lambda match: _as_letters(match.group()), folded)
        folded = candidate if is_word(candidate) else folded
    return folded if is_word(folded) else word


def _as_letters(signs: str) -> str:
    return signs.translate(_LEET).translate(_LEET_SIBILANT)


def fill_stars(word: str, is_word: WordTest) -> str:
    """Put the vowels back where stars censor them, if that makes a known word.

    >>> fill_stars("c*bl*s", {"coblos"}.__contains__), fill_stars("a*b*c*d", {"coblos"}.__contains__)
    ('coblos', 'a*b*c*d')
    """
    stars = word.count("*")
    if not 1 <= stars <= _STARS_TRIED:
        return word
    parts = word.split("*")
    for vowels in itertools.product(_VOWELS, repeat=stars):
        candidate = parts[0] + "".join(vowel + part for vowel, part in zip(vowels, parts[1:], strict=True))
        if is_word(candidate):
            return candidate
    return word


def join_separated(word: str) -> str:
    """Join letters that the same sign keeps apart.

    >>> join_separated("p.e.m.i.l.u"), join_separated("K-P-U"), join_separated("anak-anak")
    ('pemilu', 'KPU', 'anak-anak')
    """
    match = _SEPARATED.match(word)
    return word.replace(match.group(1), "") if match else word


def unstretch(word: str, is_word: WordTest) -> str:
    """Shorten letters held down three times or more, to two where that makes a word.

    >>> known = {"curang", "saat", "sat"}.__contains__
    >>> unstretch("curaaaang", known), unstretch("saaaat", known), unstretch("saat", known)
    ('curang', 'saat', 'saat')
    """
    if not _STRETCH.search(word):
        return word
    double = _STRETCH.sub(r"\1\1", word)
    return double if is_word(double) else _STRETCH.sub(r"\1", word)
