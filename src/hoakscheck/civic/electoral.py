"""Whether a text is about an election, its organisers, its participants or office-holders: question Q0 of the guideline.

A rough answer by a word list, ``electoral.tsv``, and by the marks that stand for names. It never decides a label on its own; the
rules on paid content need it, and the corpus gives figures apart by it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from importlib import resources
from typing import Final

from hoakscheck.text.tokens import BALLOT, Token

_MARKS: Final = frozenset({"<candidate>", "<party>", "<ticket>", "<organiser>", BALLOT})


def is_electoral(tokens: Iterable[Token]) -> bool:
    """Tell whether any token is an electoral word or stands for a participant.

    >>> from hoakscheck.text.normaliser import packaged_normaliser
    >>> [is_electoral(packaged_normaliser().tokens(text)) for text in ("Gubernur meresmikan jembatan", "Resep rendang")]
    [True, False]
    """
    return any(is_electoral_stem(token.stem) for token in tokens)


def is_electoral_stem(stem: str) -> bool:
    """Tell whether a stem or mark makes a text electoral.

    >>> is_electoral_stem("pemilu"), is_electoral_stem("<party>"), is_electoral_stem("suara")
    (True, True, False)
    """
    return stem in electoral_words() or stem in _MARKS


@lru_cache(maxsize=1)
def electoral_words() -> frozenset[str]:
    """Return the stems that hardly stand in a text about anything else.

    Ambiguous ones (suara, calon, kampanye, relawan, pilih) are left out: they count only beside a name, a party or another
    electoral word.
    """
    content = resources.files("hoakscheck.civic").joinpath("electoral.tsv").read_text(encoding="utf-8")
    return frozenset(line for line in content.split("\n") if line and not line.startswith("#"))
