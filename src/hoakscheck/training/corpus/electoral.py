"""Whether a text is about an election, its organisers, its participants or office-holders: question Q0 of the guideline.

Where a reader named the civic facet, that decides. For other texts a word list does, and it is a rough one: it marks the corpus
so that figures can be given apart, and it decides no label.
"""

from __future__ import annotations

from typing import Final

from hoakscheck.labels import Facet
from hoakscheck.text.normaliser import packaged_normaliser
from hoakscheck.training.data.example import Example

#: Stems that hardly stand in a text about anything else. Ambiguous ones (suara, calon, kampanye, relawan, pilih) are left out:
#: they count only beside a name, a party or another electoral word.
_CLEAR: Final = frozenset(
    {
        "pemilu", "pilkada", "pilpres", "pileg", "pilgub", "pilbup", "pilwali", "pilwalkot", "pilkades", "kpu", "bawaslu",
        "panwaslu", "panwascam", "dkpp", "kpps", "ppk", "pps", "tps", "dpt", "capres", "cawapres", "cagub", "cawagub", "cabup",
        "cawabup", "cawalkot", "caleg", "bacaleg", "capim", "paslon", "cakada", "bacapres", "bacawapres", "petahana",
        "elektabilitas", "coblos", "sirekap", "situng", "golput", "presiden", "wapres", "gubernur", "wagub", "bupati", "wabup",
        "walikota", "menteri", "dpr", "dprd", "dpd", "mpr", "mk", "kpk", "polri", "tni", "politik", "politisi", "politikus",
        "partai", "parpol", "koalisi", "oposisi", "kabinet", "istana", "mahkamah", "konstitusi", "ketum", "timses", "jurkam",
    }
)  # fmt: skip
_MARKS: Final = frozenset({"<candidate>", "<party>", "<ticket>", "<organiser>", "<ballot_number>"})


def is_electoral(example: Example) -> bool:
    """Tell whether an example is about an election, its participants or office-holders.

    >>> is_electoral(Example("Gubernur meresmikan jembatan di Rawit", None, "a", "g"))
    True
    >>> is_electoral(Example("Resep rendang tanpa santan", None, "a", "g"))
    False
    """
    if example.facet:
        return example.facet != Facet.NON_ELECTORAL
    return any(token.stem in _CLEAR or token.stem in _MARKS for token in packaged_normaliser().unplaced_tokens(example.text))
