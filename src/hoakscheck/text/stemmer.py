"""Stems are Sastrawi's, word by word, except where the override list says otherwise.

PySastrawi compiles each word as a regular expression and keeps every result for ever. So only clean words reach it here
(ASCII letters and inner hyphens), and results are kept in a bounded cache. It is imported when the first word needs it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from importlib import metadata
from typing import Final, Protocol

from hoakscheck.errors import SastrawiError

#: Longer "words" are keyboard noise. The longest real type of 67,785 seen has 38 letters; a word of PySastrawi's costs
#: 0.3 to 0.7 ms, so an unbounded length would be a cheap denial of service.
LONGEST_WORD: Final = 40

#: Distinct words whose stems are kept; about 10 MB when full.
CACHE_SIZE: Final = 65_536

_STEMMABLE = re.compile(r"[a-z]+(?:-[a-z]+)*\Z")
_OLDEST: Final = (1, 2, 1)


class Stemmer(Protocol):
    """What the normaliser asks of a stemmer."""

    @property
    def name(self) -> str:
        """Name and version, recorded by every model."""

    def stem(self, word: str) -> str:
        """Return the stem of one lower-case word."""

    def is_root(self, word: str) -> bool:
        """Whether the word is in the root dictionary."""


class SastrawiStemmer:
    """PySastrawi behind an override table and a bounded cache.

    >>> SastrawiStemmer().stem("memenangkan")
    'menang'
    >>> SastrawiStemmer({"pemilu": "pemilu"}).stem("pemilu")  # Sastrawi alone says "milu"
    'pemilu'
    """

    def __init__(self, overrides: Mapping[str, str] | None = None) -> None:
        self._overrides = dict(overrides or {})
        self._stem_cached = lru_cache(maxsize=CACHE_SIZE)(_sastrawi_stem)

    @property
    def name(self) -> str:
        """Distribution and version, as ``PySastrawi 1.2.1``."""
        return f"PySastrawi {installed_version()}"

    def stem(self, word: str) -> str:
        """Return the stem of one lower-case word; anything that is no plain word comes back as it is.

        >>> SastrawiStemmer().stem("menulis(")
        'menulis('
        """
        overridden = self._overrides.get(word)
        if overridden is not None:
            return overridden
        if len(word) > LONGEST_WORD or not _STEMMABLE.match(word):
            return word
        return self._stem_cached(word)

    def is_root(self, word: str) -> bool:
        """Whether Sastrawi's dictionary holds the word.

        >>> SastrawiStemmer().is_root("menang"), SastrawiStemmer().is_root("kpu")
        (True, False)
        """
        return word in _roots()


@lru_cache(maxsize=1)
def installed_version() -> str:
    """Return the version of PySastrawi.

    Raises:
        SastrawiError: PySastrawi is missing or too old, or the legacy ``Sastrawi`` distribution is installed, which puts
            its files in the same place and is 290 times slower.
    """
    legacy = _version_of("Sastrawi")
    if legacy is not None:
        raise SastrawiError(
            "the legacy distribution 'Sastrawi' is installed; it overwrites files of PySastrawi and is 290 times slower",
            found=f"Sastrawi {legacy}",
        )
    version = _version_of("PySastrawi")
    if version is None:
        raise SastrawiError("PySastrawi is not installed", found=None)
    if tuple(int(part) for part in re.findall(r"\d+", version)[:3]) < _OLDEST:
        raise SastrawiError(f"PySastrawi {version} is too old", found=f"PySastrawi {version}")
    return version


def _version_of(distribution: str) -> str | None:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None


@lru_cache(maxsize=1)
def _roots() -> frozenset[str]:
    installed_version()
    from Sastrawi.Stemmer.StemmerFactory import StemmerFactory  # 27 ms, and only needed for unknown words

    return frozenset(StemmerFactory().get_words())


@lru_cache(maxsize=1)
def _sastrawi() -> object:
    from Sastrawi.Dictionary.ArrayDictionary import ArrayDictionary
    from Sastrawi.Stemmer.Stemmer import Stemmer as Rules

    return Rules(ArrayDictionary(_roots()))


def _sastrawi_stem(word: str) -> str:
    return str(_sastrawi().stem_word(word))  # type: ignore[attr-defined]  # PySastrawi has no type hints
