"""De-obfuscation of single words: leet, digits that mean themselves, stars, separators, stretched letters. Pure steps.

Each takes a lower-case word, and where the answer depends on the language a test ``is_word``. Hiding a word is not a sign
of a hoax (advertisers and ordinary users dodge filters too), so nothing here leaves a mark.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from hoakscheck.text.lexicon import BEGINNING, Lengths

WordTest = Callable[[str], bool]

#: With all of ASCII: what a table lacks takes :meth:`str.translate` three times as long.
_LEET: Final = {code: chr(code) for code in range(128)} | str.maketrans("4@83961!05$72", "aabeggiiosstz")
#: A digit or sign with a letter on both sides, or a single one before at least two letters, stands for a letter.
_INNER = re.compile(r"(?<=[a-z])[0-9@$!](?:[0-9@$!](?![0-9@$!]))?(?=[a-z])|^[0-9@$](?=[a-z]{2})")
#: There are no others in the word.
_ALL_INNER = re.compile(r"(?:[0-9@$](?=[a-z]{2}))?[a-z]++(?:[0-9@$!]{1,2}+[a-z]++)*+")
_TRAILING = re.compile(r"(?<=[a-z])[0-9$]$")
#: Two letters at least, or one between digits or among three: ``4d4``, but neither ``c1`` nor ``10k``.
_MAY_BE_LEET = re.compile(r"(?=.*[0-9@$!])(?:.*[a-z].*[a-z].*|[0-9@$!]+[a-z][0-9@$!]+|(?=.{4}).*[a-z].*)")
#: So many signs in a row are a number.
_LONG_RUN = re.compile(r"[0-9@$!]{5}")
_AT_END = re.compile(r"([a-z-]+)[0-9@$!]+\Z")
#: A word cut off before its last letter may be another word: ``lup4``.
_VOWEL_AT_END = re.compile(r"[a-z]{2,3}[430]")
_SHORTEST_BEFORE: Final = 3
#: A digit between letters that are three or more, and no amount or count at the end: ``alb4b``, not ``print130k``.
_HIDDEN = re.compile(r"(?!.*[0-9](?:jt|juta|rb|ribu|k|m|x)\Z)(?=(?:[^a-z]*[a-z]){3})(?=.*[a-z-][43105$]+[a-z])[a-z43105$-]+")
_STRETCH = re.compile(r"(.)\1{2,}")
_STRETCHED = re.compile(r"(.)\1\1")  # of no further use, and in half the time
_SEPARATED = re.compile(r"[^\W_](?:([.\-_*·~|])[^\W_])(?:\1[^\W_])+\Z")
_DIGITS_THEN_LETTERS = re.compile(r"(\d+)([a-z]{2,})\Z")
_LETTERS_THEN_DIGITS = re.compile(r"(no|[a-z]{3,})(\d+)\Z")
_DOUBLED = re.compile(r"([a-z]{2,})2([a-z]{0,3})\Z")
_VOWELS: Final = "aiueo"
_STARS_TRIED: Final = 2


def fold_leet(word: str, is_word: WordTest, is_listed: WordTest, exempt: frozenset[str] = frozenset()) -> str:
    """Read digits as letters wherever they stand in a word, and leave numbers, codes and doublings alone.

    Known words are read so whatever the digits, unless these merely follow another word (``tahun1``). A word that nobody knows is
    read so where a digit stands between letters.

    >>> known = {"ada", "suara", "satu", "nomor", "dua"}.__contains__
    >>> derived = {"suaranya", "nomori", "ada", "suara", "satu", "nomor", "dua"}.__contains__
    >>> [fold_leet(word, derived, known) for word in ("4d4", "5u4r4", "54tu", "suarany4", "c1k0pin4")]
    ['ada', 'suara', 'satu', 'suaranya', 'cikopina']
    >>> [fold_leet(word, derived, known) for word in ("nomor1", "c1", "dua2", "2periode", "5jt", "g30s", "win7x")]
    ['nomor1', 'c1', 'dua2', '2periode', '5jt', 'g30s', 'win7x']
    """
    # long runs first: the pattern after them would take their square
    if word in exempt or _LONG_RUN.search(word) or not _MAY_BE_LEET.fullmatch(word):
        return word
    before = _AT_END.match(word)
    if before is not None and (len(before[1]) < _SHORTEST_BEFORE or is_word(before[1])):
        whole = _as_letters(word)
        return whole if _VOWEL_AT_END.fullmatch(word) and is_listed(whole) else word
    readings = [_as_letters(word), _as_letters(word.replace("1", "l"))] if "1" in word else [_as_letters(word)]
    for whole in readings:
        if is_word(whole):
            return whole
    if not _ALL_INNER.fullmatch(word):  # else they make the first of the readings
        inner = _fold_inside(word, is_word)
        if inner not in readings and inner != word and is_word(inner):
            return inner
    return readings[0] if _HIDDEN.fullmatch(word) else word


def fold_inner_leet(word: str, is_word: WordTest, exempt: frozenset[str] = frozenset()) -> str:
    """Read digits inside a word as letters: the way of normalisers of version 1.

    Only digits between letters count, or a leading one when that makes a known word; a trailing one only when an inner
    one gave the trick away. So forms (``C1``), doublings (``masing2``), amounts and years stay.

    >>> known = {"pemilu", "coblos", "hoax", "anies", "kecurangan"}.__contains__
    >>> [fold_inner_leet(word, known) for word in ("p3milu", "c0bl0s", "h04x", "4nies", "k3cur4ng4n")]
    ['pemilu', 'coblos', 'hoax', 'anies', 'kecurangan']
    >>> [fold_inner_leet(word, known) for word in ("c1", "masing2", "2periode", "capres2024", "5jt", "g30s")]
    ['c1', 'masing2', '2periode', 'capres2024', '5jt', 'g30s']
    >>> fold_inner_leet("8ener", {"bener"}.__contains__, frozenset({"8ener"}))  # a party's slogan: 8 is its number
    '8ener'
    """
    folded = word if word in exempt else _fold_inside(word, is_word)
    return folded if folded != word and is_word(folded) else word


def _fold_inside(word: str, is_word: WordTest) -> str:
    folded = _INNER.sub(_match_as_letters, word)
    if folded != word and _TRAILING.search(folded) and _INNER.search(word, 1):
        candidate = _TRAILING.sub(_match_as_letters, folded)
        return candidate if is_word(candidate) else folded
    return folded


def _as_letters(signs: str) -> str:
    return signs.translate(_LEET)


def _match_as_letters(match: re.Match[str]) -> str:
    return match[0].translate(_LEET)


def spell_doubling_out(word: str, is_word: WordTest) -> str:
    """Return a word whose 2 doubles what stands before it in full; empty where it does not.

    >>> [spell_doubling_out(word, {"anak"}.__contains__) for word in ("anak2", "anak2nya", "xyz2")]
    ['anak-anak', 'anak-anaknya', '']
    """
    found = _DOUBLED.match(word) if "2" in word else None
    return f"{found[1]}-{found[1]}{found[2]}" if found and is_word(found[1]) else ""


def part_digits(word: str) -> tuple[str, ...] | None:
    """Return the letters and the digits of a word that is both, one behind the other; None where it is anything else.

    >>> part_digits("tahun1"), part_digits("5jt"), part_digits("c1")
    (('tahun', '1'), ('5', 'jt'), None)
    """
    found = _DIGITS_THEN_LETTERS.match(word) or _LETTERS_THEN_DIGITS.match(word)
    return None if found is None else found.groups()


def fill_stars(word: str, is_word: WordTest, lengths: Lengths) -> str:
    """Put the vowels back where stars censor them, if that makes a known word.

    Args:
        word: the word.
        is_word: whether a word is known.
        lengths: how long the known words are that begin with three letters, see
            :meth:`hoakscheck.text.lexicon.Beginnings.lengths`; it may name more lengths than there are.

    >>> known = {"coblos"}.__contains__
    >>> fill_stars("c*bl*s", known, lambda _: [6]), fill_stars("a*b*c*d", known, lambda _: [6])
    ('coblos', 'a*b*c*d')
    """
    if not 1 <= word.count("*") <= _STARS_TRIED:
        return word
    first, *others = word.split("*")
    read = [first]
    for part in others:
        longer = [f"{before}{vowel}{part}" for before in read for vowel in _VOWELS]
        read = [one for one in longer if len(one) < BEGINNING or len(word) in lengths(one[:BEGINNING])]
    return next(filter(is_word, read), word)


def join_separated(word: str) -> str:
    """Join letters that the same sign keeps apart.

    >>> join_separated("p.e.m.i.l.u"), join_separated("K-P-U"), join_separated("anak-anak")
    ('pemilu', 'KPU', 'anak-anak')
    """
    match = _SEPARATED.match(word)
    return word.replace(match.group(1), "") if match else word


def is_stretched(word: str) -> bool:
    """Whether a letter is held down three times or more."""
    return _STRETCHED.search(word) is not None


def unstretch(word: str, is_word: WordTest) -> str:
    """Shorten letters held down three times or more, to two where that makes a word.

    >>> known = {"curang", "saat", "sat"}.__contains__
    >>> unstretch("curaaaang", known), unstretch("saaaat", known), unstretch("saat", known)
    ('curang', 'saat', 'saat')
    """
    if not is_stretched(word):
        return word
    double = _STRETCH.sub(lambda run: run[1] * 2, word)
    return double if is_word(double) else _STRETCH.sub(lambda run: run[1], word)
