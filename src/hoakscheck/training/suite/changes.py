"""Changes to a text that must not change its label: other names and numbers, hidden and stretched spellings."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from random import Random
from typing import Final

#: Share of the words that a spelling change touches.
SHARE: Final = 0.3
_SHORTEST: Final = 4

_LEET: Final = str.maketrans({"a": "4", "e": "3", "i": "1", "o": "0", "s": "5"})
_LOOK_ALIKE: Final = str.maketrans({"a": "а", "e": "е", "o": "о", "c": "с", "p": "р"})  # Cyrillic
_VOWEL: Final = re.compile(r"[aiueo]")
_PLAIN_WORD: Final = re.compile(r"[A-Za-z]{4,}\Z")


def leet(word: str) -> str:
    """Write letters as digits.

    >>> leet("coblos")
    'c0bl05'
    """
    return word.translate(_LEET)


def look_alike(word: str) -> str:
    """Write letters as Cyrillic ones that look the same.

    >>> look_alike("pemilu") == "pemilu", len(look_alike("pemilu"))
    (False, 6)
    """
    return word.translate(_LOOK_ALIKE)


def zero_width(word: str) -> str:
    r"""Put an invisible blank into the middle.

    >>> zero_width("suara")
    'su\u200bara'
    """
    middle = len(word) // 2
    return f"{word[:middle]}\u200b{word[middle:]}"


def spaced(word: str) -> str:
    """Put a full stop between all letters.

    >>> spaced("suara")
    's.u.a.r.a'
    """
    return ".".join(word)


def stretched(word: str) -> str:
    """Draw the last vowel out.

    >>> stretched("curang")
    'curaaaang'
    """
    places = [match.start() for match in _VOWEL.finditer(word)]
    return f"{word[: places[-1]]}{word[places[-1]] * 4}{word[places[-1] + 1 :]}" if places else word


SPELLINGS: Final[Mapping[str, Callable[[str], str]]] = {
    "leet": leet,
    "homoglyphs": look_alike,
    "zero-width": zero_width,
    "spacing": spaced,
    "stretching": stretched,
}


def misspell(text: str, change: Callable[[str], str], *, seed: str = "") -> str:
    """Change three words in ten, chosen by the text and the seed; links, mentions, numbers and short words stay.

    >>> misspell("jangan lupa coblos nomor tiga di tps", spaced, seed="1")
    'jangan lupa c.o.b.l.o.s n.o.m.o.r tiga di tps'
    """
    random = Random(f"{seed}/{text}")  # noqa: S311  # not for secrets
    words = text.split(" ")
    able = [place for place, word in enumerate(words) if _PLAIN_WORD.match(word)]
    for place in random.sample(able, min(len(able), round(SHARE * len(words)))):
        words[place] = change(words[place])
    return " ".join(words)


#: Tickets of 2024 as they are named in posts; a swap puts one in the other's place, name by name.
TICKETS: Final = (
    ("anies baswedan", "anies", "muhaimin iskandar", "muhaimin", "cak imin", "anies-muhaimin"),
    ("prabowo subianto", "prabowo", "gibran rakabuming", "gibran", "mas gibran", "prabowo-gibran"),
    ("ganjar pranowo", "ganjar", "mahfud md", "mahfud", "prof mahfud", "ganjar-mahfud"),
)
#: Names that no word list holds, as the next election will bring them.
UNKNOWN: Final = ("wiryawan hadikusumo", "wiryawan", "candrika lesmana", "candrika", "mas candra", "wiryawan-candrika")
PARTIES: Final = (("gerindra", "golkar", "pan"), ("pdip", "ppp", "hanura"), ("nasdem", "pkb", "pks"))
_NUMBER: Final = re.compile(r"(?i)\b(nomor(?: urut)?|no\.?|paslon|capres)\s?(0?)([1-3])\b")


def swap_ticket(text: str, target: tuple[str, ...]) -> str:
    """Name another ticket wherever one of :data:`TICKETS` is named.

    >>> swap_ticket("Ganjar Pranowo unggul, kata Mahfud", TICKETS[0])
    'Anies Baswedan unggul, kata Muhaimin'
    """
    return _swap(text, {name: target[place] for ticket in TICKETS for place, name in enumerate(ticket)})


def swap_party(text: str, target: tuple[str, ...]) -> str:
    """Name another camp's parties wherever one of :data:`PARTIES` is named.

    >>> swap_party("kader PKB dan PDIP", PARTIES[0])
    'kader GOLKAR dan GERINDRA'
    """
    return _swap(text, {name: target[place] for camp in PARTIES for place, name in enumerate(camp)})


def swap_number(text: str, target: int) -> str:
    """Write another ballot number.

    >>> swap_number("coblos nomor 3 atau paslon 01", 2)
    'coblos nomor 2 atau paslon 02'
    """
    return _NUMBER.sub(lambda match: f"{match[1]} {match[2]}{target}", text)


def _swap(text: str, other: Mapping[str, str]) -> str:
    names = sorted(other, key=len, reverse=True)
    pattern = re.compile(rf"(?<![\w@#/])(?:{'|'.join(map(re.escape, names))})(?!\w)", re.IGNORECASE)
    return pattern.sub(lambda match: _cased(other[match[0].lower()], match[0]), text)


def _cased(name: str, like: str) -> str:
    if like.isupper():
        return name.upper()
    return name.title() if like[:1].isupper() else name
