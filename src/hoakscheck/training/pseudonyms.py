"""Names that no list holds, in the place of those that one does: the next election brings other candidates.

A model that is only ever shown the mark for a candidate leans on it, and a name that the lexicon does not know has none. So some
texts are learnt under invented names, and appeals, claims and reports must be told by the words around them.
"""

from __future__ import annotations

import re
from random import Random
from typing import Final

from hoakscheck.text.normaliser import VERSION, packaged_normaliser

_CANDIDATE: Final = "<candidate>"
_TICKET: Final = "<ticket>"
_PART: Final = re.compile(r"[^\s-]+")
#: Put together they give 448 names.
_BEGINNINGS: Final = (
    "Har", "Sur", "Wid", "Dar", "Kus", "Ratn", "Lest", "Mul", "Nug", "Pram", "Sap", "Tri", "Yud", "Bag", "Cand", "Ek", "Fit", "Gal",
    "Ind", "Jat", "Krisn", "Lut", "Mah", "Nov", "Pan", "Rah", "Sat", "Tan",
)  # fmt: skip
_ENDINGS: Final = (
    "anto", "iyono", "awan", "ika", "asari", "ono", "adi", "ana", "uddin", "aputra", "aningrum", "asti", "iman", "oko", "iya",
    "esa",
)  # fmt: skip


def is_drawn(sha256: str, share: float) -> bool:
    """Tell whether a text is among the share that is learnt under other names; its hash decides.

    >>> is_drawn("00" * 32, 0.3), is_drawn("ff" * 32, 0.3), is_drawn("00" * 32, 0.0)
    (True, False, False)
    """
    return int(sha256[:8], 16) < share * 16**8


def under_other_names(text: str, *, seed: str, version: int = VERSION) -> str:
    """Return a text with an invented name wherever the lexicon finds a candidate's, or those of a ticket; one name stays one name.

    Accounts stay as they are: an account is a mention to the normaliser whoever holds it.

    Args:
        text: any text.
        seed: the same seed gives the same names.
        version: of the normaliser that finds the names.

    >>> under_other_names("Prabowo unggul. Kata PRABOWO: terima kasih", seed="1")
    'Ekesa unggul. Kata EKESA: terima kasih'
    >>> under_other_names("KPU membuka pendaftaran", seed="1")
    'KPU membuka pendaftaran'
    """
    random, names = Random(seed), dict[str, str]()  # noqa: S311  # not for secrets
    written, end = [], 0
    for token in packaged_normaliser(version).tokens(text):
        name = text[token.start : token.end]
        is_name = token.stem == _CANDIDATE or (token.stem == _TICKET and "-" in name)
        if is_name and not name.startswith("@"):
            if name.lower() not in names:
                names[name.lower()] = _PART.sub(lambda _: random.choice(_BEGINNINGS) + random.choice(_ENDINGS), name)
            written += [text[end : token.start], _cased(names[name.lower()], name)]
            end = token.end
    return "".join([*written, text[end:]])


def _cased(name: str, like: str) -> str:
    if like.isupper():
        return name.upper()
    return name if like[:1].isupper() else name.lower()
