"""The word lists written for this project, read from the package.

Each list is a tab-separated file in ``words/`` whose first line, a comment, names its columns. Sastrawi's own root list
is not among them: it comes from Kateglo under CC BY-NC-SA 3.0, so it stays where PySastrawi installs it.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hoakscheck.text.numbers.days import Day, marked_days

if TYPE_CHECKING:
    from hoakscheck.text.stemmer import Stemmer

#: Roles whose names are replaced by a mark. Organisers keep their names: they are what a text is about, not whom it favours.
PARTICIPANTS: Final = frozenset({"CANDIDATE", "PARTY", "TICKET"})

_WORDS: Final = Path(__file__).parent / "words"
#: Each list with the number of its columns.
LISTS: Final = {"slang": 2, "overrides": 3, "roles": 4, "hashtag_words": 1, "leet_exempt": 1, "english": 2, "voting_days": 2}
#: Lists that each version of the normaliser reads, see :data:`hoakscheck.text.normaliser.VERSION`; a later list is in none of
#: these.
_LISTS_OF: Final = {
    1: ("slang", "overrides", "roles", "hashtag_words", "leet_exempt"),
    2: ("slang", "overrides", "roles", "hashtag_words", "leet_exempt", "english"),
    3: ("slang", "overrides", "roles", "hashtag_words", "leet_exempt", "english", "voting_days"),
}
#: Stands in ``english`` for words that Indonesian has none for, such as articles.
_NOTHING: Final = "-"

#: So many letters tell 40,000 listed words apart well enough: three in five beginnings have words of at most three lengths.
BEGINNING: Final = 3


@dataclass(frozen=True)
class Lexicon:
    """What the normaliser knows about words.

    Attributes:
        slang: informal or English form -> standard words, separated by a blank; or empty, where Indonesian needs no word.
        overrides: word -> stem, where Sastrawi's own answer is wrong in this field.
        roles: name of an election participant, one or more words -> the mark of its role.
        name_lengths: first word of the names in ``roles`` that have several words -> their lengths in words, longest first.
        hashtag_words: words that a run-together hashtag is split into.
        leet_exempt: tokens whose digits are meant as digits or as a brand.
        days: day -> its mark, for days of voting and those around, see :mod:`hoakscheck.text.numbers.days`.
        fingerprint: SHA-256 over all lists, in hexadecimal.
    """

    slang: dict[str, str]
    overrides: dict[str, str]
    roles: dict[str, str]
    name_lengths: dict[str, tuple[int, ...]]
    hashtag_words: frozenset[str]
    leet_exempt: frozenset[str]
    days: dict[Day, str]
    fingerprint: str

    def __contains__(self, word: str) -> bool:
        """Whether any list holds the word, as a key or as a hashtag word."""
        return word in self.words

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word that a list holds, as a key or as a hashtag word."""
        return self.hashtag_words.union(self.slang, self.overrides, self.roles)


@cache
def packaged(version: int = 3) -> Lexicon:
    """Return the lists that a version of the normaliser reads; each read once."""
    columns, digest = {}, hashlib.sha256()
    for name in _LISTS_OF[version]:
        width = LISTS[name]
        content = "\n".join([line for line in _read(name) if line and line[0] != "#"])
        digest.update(name.encode())
        digest.update(content.encode())
        cells = content.replace("\n", "\t").split("\t")  # a list of 12,000 rows is parted in a fifth of the time of row by row
        columns[name] = [cells[column::width] for column in range(width)]
    marks = {role: f"<{role.lower()}>" for role in PARTICIPANTS}
    roles = {name: marks[role] for name, role in zip(*columns["roles"][:2], strict=True) if role in marks}
    english = {form: standard.removeprefix(_NOTHING) for form, standard in zip(*columns.get("english", ((), ())), strict=True)}
    return Lexicon(
        slang=english | dict(zip(*columns["slang"], strict=True)),
        overrides=dict(zip(*columns["overrides"][:2], strict=True)),
        roles=roles,
        name_lengths=_name_lengths(roles),
        hashtag_words=frozenset(columns["hashtag_words"][0]),
        leet_exempt=frozenset(columns["leet_exempt"][0]),
        days=marked_days(map(date.fromisoformat, columns.get("voting_days", ((),))[0])),
        fingerprint=digest.hexdigest(),
    )


def _name_lengths(names: Iterable[str]) -> dict[str, tuple[int, ...]]:
    lengths: dict[str, set[int]] = defaultdict(set)
    for name in names:
        first, *rest = name.split(" ")
        if rest:
            lengths[first].add(1 + len(rest))
    return {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()}


def _read(name: str) -> list[str]:
    return (_WORDS / f"{name}.tsv").read_text(encoding="utf-8").split("\n")


#: Lengths of the words that begin with three letters, see :meth:`Beginnings.lengths`; it may name more than there are.
Lengths = Callable[[str], Sequence[int]]


class Beginnings:
    """Lengths of words, by their first three letters: rules out most candidates without asking for each.

    Two steps try many readings of one word: run-together hashtags every way to cut them, words with stars every vowel. Words made
    to be slow took 65 and 41 microseconds there, where others take 8, nearly all of it for asking about words that do not exist.

    Args:
        words: the words; some 10 ms and .4 MB for 40,000 of them.

    >>> Beginnings(["coblos", "cobalah", "kpu"]).lengths("cob")
    (6, 7)
    """

    def __init__(self, words: Iterable[str]) -> None:
        bits: dict[str, int] = {}
        known = bits.get
        for word in words:
            beginning = word[:BEGINNING]
            bits[beginning] = known(beginning, 0) | 1 << len(word)
        self._lengths = {beginning: _set_bits(own) for beginning, own in bits.items()}

    def lengths(self, beginning: str) -> tuple[int, ...]:
        """Return how long the words are that begin with these three letters, the shortest first."""
        return self._lengths.get(beginning, ())


@cache
def _set_bits(bits: int) -> tuple[int, ...]:
    """Return which bits are set."""
    return tuple(place for place in range(bits.bit_length()) if bits >> place & 1)


class KnownWords:
    """Tells words that the lists of this project or the stemmer's roots hold from others; the roots are not read before they must.

    Args:
        lexicon: word lists.
        stemmer: with its list of roots.
    """

    def __init__(self, lexicon: Lexicon, stemmer: Stemmer) -> None:
        self._lexicon, self._stemmer = lexicon, stemmer

    @cached_property
    def _listed(self) -> tuple[Set[str], Set[str]]:
        return self._lexicon.words, self._stemmer.roots()  # one set of both would take 2 MB more

    def is_listed(self, word: str) -> bool:
        """Whether a list holds the word as it is: for steps that try many candidates."""
        words, roots = self._listed
        return word in words or word in roots

    def is_word(self, word: str) -> bool:
        """Whether a list holds the word or what it is derived from."""
        words, roots = self._listed
        if word in words or word in roots:
            return True
        stem = self._stemmer.stem(word)
        return stem != word and stem in roots

    @cached_property
    def _beginnings(self) -> Beginnings:
        words, roots = self._listed
        return Beginnings(words | roots)

    def lengths(self, beginning: str) -> tuple[int, ...]:
        """Return how long the listed words are that begin with these three letters."""
        return self._beginnings.lengths(beginning)
