"""Steps that look at neighbouring tokens: names of several words, ballot numbers, runs of the same mark."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from hoakscheck.text.lexicon import Lexicon
from hoakscheck.text.tokens import BALLOT, MONEY, NUMBER, SHORT_NUMBER, Token

#: A short number after one of these stems is a ballot number, a leading zero after one of the others is not.
_BALLOT_CUES: Final = frozenset({"no", "nomor", "urut", "paslon", "pasang", "coblos", "pilih", "tusuk", "cucuk"})
_COUNTED: Final = frozenset({"tps", "rt", "rw", "tanggal", "jam", "pukul", "dapil", "hari", "bulan"})
_MONEY_CUES: Final = frozenset({"rp", "idr"})
_NUMBERS: Final = frozenset({NUMBER, SHORT_NUMBER, BALLOT})


def mark_names(found: Sequence[Token], lexicon: Lexicon) -> Iterator[Token]:
    """Replace names of several words by the mark of their role; the longest wins.

    Single words that name somebody carry the mark as their stem already, and their spelling for this step; it goes here.
    """
    words = [token.surface for token in found]
    last = 0
    for position, token in enumerate(found):
        if position < last:
            continue
        for length in lexicon.name_lengths.get(token.surface, ()):
            name = words[position : position + length]
            role = lexicon.roles.get(" ".join(name))
            if role is not None:
                last = position + len(name)
                yield Token(token.start, found[last - 1].end, role, "")
                break
        else:
            yield token._replace(surface="") if token.surface and token.stem[0] == "<" else token


def tell_numbers(found: Iterable[Token]) -> Iterator[Token]:
    """Tell ballot numbers, amounts of money and other numbers apart by the word before.

    >>> def stems(*tokens): return [token.stem for token in tell_numbers(Token(0, 1, stem, "") for stem in tokens)]
    >>> stems("nomor", "<short_number>"), stems("tps", "<ballot_number>"), stems("rp", "<number>"), stems("<short_number>", "kali")
    (['nomor', '<ballot_number>'], ['tps', '<number>'], ['rp', '<money>'], ['<number>', 'kali'])
    """
    before = ""
    for token in found:
        stem = token.stem
        if stem in _NUMBERS:
            if before in _MONEY_CUES:
                stem = MONEY
            elif stem == SHORT_NUMBER:
                stem = BALLOT if before in _BALLOT_CUES else NUMBER
            elif stem == BALLOT and before in _COUNTED:
                stem = NUMBER
        before = stem
        yield token if stem is token.stem else token._replace(stem=stem)


def merge_marks(found: Iterable[Token]) -> Iterator[Token]:
    """Count a run of the same mark once: five mentions in a row address, they do not say more than one.

    >>> list(merge_marks([Token(0, 3, "<mention>", ""), Token(4, 8, "<mention>", "")]))
    [Token(start=0, end=8, stem='<mention>', surface='')]
    """
    waiting: Token | None = None
    for token in found:
        if waiting is not None and token.is_mark and token.stem == waiting.stem:
            waiting = waiting._replace(end=token.end)
            continue
        if waiting is not None:
            yield waiting
        waiting = token
    if waiting is not None:
        yield waiting
