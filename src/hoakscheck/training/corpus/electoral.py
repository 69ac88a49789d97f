"""Which examples are about an election, its participants or office-holders.

Where a reader named the civic facet, that decides. For other texts a word list does, and it is a rough one: it marks the corpus
so that figures can be given apart, and it decides no label.
"""

from __future__ import annotations

from hoakscheck.civic import electoral
from hoakscheck.labels import Facet
from hoakscheck.text.normaliser import packaged_normaliser
from hoakscheck.training.data.example import Example


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
