"""Which examples are about an election, its participants or office-holders.

Where a reader named the civic facet, that decides. For other texts a word list does, and it is a rough one: it marks the corpus
so that figures can be given apart, and it decides no label.
"""

from __future__ import annotations

from typing import Final

from hoakscheck.civic import electoral
from hoakscheck.labels import Facet, Label
from hoakscheck.text.normaliser import packaged_normaliser
from hoakscheck.training.data.example import Example

#: Kinds of texts that fact-check desks file.
_CLAIMS: Final = frozenset({"headline", "narrative"})
_READ: Final = frozenset({"read", "selected"})
#: Labels on the word of a source or its publisher.
UNREAD: Final = frozenset({"source", "published"})


def is_electoral(example: Example) -> bool:
    """Tell whether an example is about an election, its participants or office-holders.

    >>> is_electoral(Example("Gubernur meresmikan jembatan di Rawit", None, "a", "g"))
    True
    >>> is_electoral(Example("Resep rendang tanpa santan", None, "a", "g"))
    False
    """
    if example.facet:
        return example.facet != Facet.NON_ELECTORAL
    return electoral.is_electoral(packaged_normaliser().unplaced_tokens(example.text))


def is_general_claim(example: Example) -> bool:
    """Tell whether an example is a claim of a fact-check desk about no election and no office-holder, read or not.

    Such claims are benign by the guideline, and most are false and told as electoral ones are: 1,470 of them in training brought
    the electoral headlines that are found at 5% false alarms from .79 to .75 (cross-fitted).

    >>> claim = Example("Air kelapa menyembuhkan semua penyakit", Label.HOAX, "a", "g", kind="headline", provenance="source")
    >>> is_general_claim(claim)
    True
    """
    if example.kind not in _CLAIMS:
        return False
    if example.provenance in UNREAD:
        return example.label is Label.HOAX and not is_electoral(example)
    return example.provenance in _READ and example.label is Label.BENIGN and example.facet == Facet.NON_ELECTORAL
