"""The word lists written for this project, read from the package.

Each list is a tab-separated file in ``words/`` whose first line, a comment, names its columns. Sastrawi's own root list
is not among them: it comes from Kateglo under CC BY-NC-SA 3.0, so it stays where PySastrawi installs it.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

#: Roles whose names are replaced by a mark. Organisers keep their names: they are what a text is about, not whom it favours.
PARTICIPANTS: Final = frozenset({"CANDIDATE", "PARTY", "TICKET"})

_WORDS: Final = Path(__file__).parent / "words"
LISTS: Final = ("slang", "overrides", "roles", "hashtag_words", "leet_exempt")


@dataclass(frozen=True)
class Lexicon:
    """What the normaliser knows about words.

    Attributes:
        slang: informal form -> standard words, separated by a blank.
        overrides: word -> stem, where Sastrawi's own answer is wrong in this field.
        roles: name of an election participant, one or more words -> the mark of its role.
        name_lengths: first word of the names in ``roles`` that have several words -> their lengths in words, longest first.
        hashtag_words: words that a run-together hashtag is split into.
        leet_exempt: tokens whose digits are meant as digits or as a brand.
        fingerprint: SHA-256 over all lists, in hexadecimal.
    """

    slang: dict[str, str]
    overrides: dict[str, str]
    roles: dict[str, str]
    name_lengths: dict[str, tuple[int, ...]]
    hashtag_words: frozenset[str]
    leet_exempt: frozenset[str]
    fingerprint: str

    def __contains__(self, word: str) -> bool:
        """Whether any list holds the word, as a key or as a hashtag word."""
        return word in self.hashtag_words or word in self.slang or word in self.overrides or word in self.roles


@lru_cache(maxsize=1)
def packaged() -> Lexicon:
    """Return the lists shipped with this version; read once."""
    lines = {name: _read(name) for name in LISTS}
    digest = hashlib.sha256()
    for name in LISTS:
        digest.update(name.encode())
        digest.update("\n".join(lines[name]).encode())
    marks = {role: f"<{role.lower()}>" for role in PARTICIPANTS}
    roles = {name: marks[role] for name, role in _columns(lines["roles"]) if role in marks}
    return Lexicon(
        slang=dict(_columns(lines["slang"])),
        overrides=dict(_columns(lines["overrides"])),
        roles=roles,
        name_lengths=_name_lengths(roles),
        hashtag_words=frozenset(word for word, _ in _columns(lines["hashtag_words"])),
        leet_exempt=frozenset(word for word, _ in _columns(lines["leet_exempt"])),
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
    content = (_WORDS / f"{name}.tsv").read_text(encoding="utf-8")
    return [line for line in content.split("\n") if line and line[0] != "#"]


def _columns(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the first two columns of each line, the second empty where there is none."""
    for line in lines:
        first, _, rest = line.partition("\t")
        yield first, rest.partition("\t")[0]
