"""Stems are Sastrawi's, word by word, except where the override list says otherwise.

PySastrawi takes 0.3 ms for a word, compiles each as a regular expression and keeps every result for ever. Its rules are therefore
followed in :mod:`hoakscheck.text.affixes`, with its own list of roots, which is read from where it is installed when the first word
needs it. A version whose rules were not compared does the work itself. Only clean words get there (ASCII letters and inner
hyphens), and results are kept in a bounded cache.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Mapping, Set
from contextlib import suppress
from functools import lru_cache, partial
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Protocol

from hoakscheck.errors import SastrawiError
from hoakscheck.text import affixes

#: Longer "words" are keyboard noise. The longest real type of 67,785 seen has 38 letters; a word of PySastrawi's costs
#: 0.3 to 0.7 ms, so an unbounded length would be a cheap denial of service.
LONGEST_WORD: Final = 40

#: Distinct words whose stems are kept, about 4 MB when full; what chunks become is remembered besides.
CACHE_SIZE: Final = 16_384

_STEMMABLE = re.compile(r"[a-z]+(?:-[a-z]+)*\Z")
_OLDEST: Final = (1, 2, 1)
#: Versions of PySastrawi whose rules :mod:`hoakscheck.text.affixes` follows: equal stems on every real and synthetic word tried.
SAME_RULES: Final = frozenset({"1.2.1"})
_METADATA = re.compile(r"(pysastrawi|sastrawi)-([^-]+?)(?:-py\d.*)?\.(?:dist|egg)-info", re.IGNORECASE)


class Stemmer(Protocol):
    """What the normaliser asks of a stemmer."""

    @property
    def name(self) -> str:
        """Name and version, recorded by every model."""

    def stem(self, word: str) -> str:
        """Return the stem of one lower-case word."""

    def is_root(self, word: str) -> bool:
        """Whether the word is in the root dictionary."""

    def roots(self) -> Set[str]:
        """Return the root dictionary: every word that :meth:`is_root` says yes to."""


class SastrawiStemmer:
    """PySastrawi behind an override table and a bounded cache.

    >>> SastrawiStemmer().stem("memenangkan")
    'menang'
    >>> SastrawiStemmer({"pemilu": "pemilu"}).stem("pemilu")  # Sastrawi alone says "milu"
    'pemilu'
    """

    def __init__(self, overrides: Mapping[str, str] | None = None) -> None:
        self._overrides = dict(overrides or {})
        self._stem_cached = lru_cache(maxsize=CACHE_SIZE)(_stem)

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
        if len(word) > LONGEST_WORD:
            return word
        is_stemmable = (word.isascii() and word.isalpha() and word.islower()) or _STEMMABLE.match(word)
        return self._stem_cached(word) if is_stemmable else word

    def is_root(self, word: str) -> bool:
        """Whether Sastrawi's dictionary holds the word.

        >>> SastrawiStemmer().is_root("menang"), SastrawiStemmer().is_root("kpu")
        (True, False)
        """
        return word in _roots()

    def roots(self) -> frozenset[str]:
        """Return Sastrawi's dictionary."""
        return _roots()


@lru_cache(maxsize=1)
def installed_version() -> str:
    """Return the version of PySastrawi.

    Raises:
        SastrawiError: PySastrawi is missing or too old, or the legacy ``Sastrawi`` distribution is installed, which puts
            its files in the same place and is 290 times slower.
    """
    found = _distributions()
    legacy = found.get("sastrawi")
    if legacy is not None:
        raise SastrawiError(
            "the legacy distribution 'Sastrawi' is installed; it overwrites files of PySastrawi and is 290 times slower",
            found=f"Sastrawi {legacy}",
        )
    version = found.get("pysastrawi")
    if version is None:
        raise SastrawiError("PySastrawi is not installed", found=None)
    if tuple(int(part) for part in re.findall(r"\d+", version)[:3]) < _OLDEST:
        raise SastrawiError(f"PySastrawi {version} is too old", found=f"PySastrawi {version}")
    return version


def _distributions() -> dict[str, str]:
    """Return the version of each installed distribution that brings the package ``Sastrawi``, by its name in small letters."""
    found: dict[str, str] = {}
    for folder in sys.path:
        with suppress(OSError):
            for match in filter(None, map(_METADATA.fullmatch, os.listdir(folder or os.curdir))):  # noqa: PTH208  # names are all it takes
                found.setdefault(match[1].lower(), match[2])
    if "pysastrawi" not in found:  # it may lie in an archive, or be found by a hook: then the 11 ms of importlib.metadata are due
        from importlib import metadata

        for name in ("pysastrawi", "sastrawi"):
            with suppress(metadata.PackageNotFoundError):
                found.setdefault(name, metadata.version(name))
    return found


@lru_cache(maxsize=1)
def _roots() -> frozenset[str]:
    installed_version()
    spec = find_spec("Sastrawi")
    path = Path(spec.origin or "").parent / "Stemmer" / "data" / "kata-dasar.txt" if spec else None
    if path is None or not path.is_file():
        from Sastrawi.Stemmer.StemmerFactory import StemmerFactory  # 27 ms

        return frozenset(filter(None, StemmerFactory().get_words()))
    return frozenset(filter(None, path.read_text(encoding="utf-8").split("\n")))


@lru_cache(maxsize=1)
def _rules() -> Callable[[str], str]:
    """Return the rules of the installed version: our own where they are known to be the same, else those of PySastrawi itself."""
    if installed_version() in SAME_RULES:
        return partial(affixes.stem, roots=_roots())
    from Sastrawi.Dictionary.ArrayDictionary import ArrayDictionary
    from Sastrawi.Stemmer.Stemmer import Stemmer as Rules

    stem: Callable[[str], str] = Rules(ArrayDictionary(_roots())).stem_word
    return stem


def _stem(word: str) -> str:
    return _rules()(word)
