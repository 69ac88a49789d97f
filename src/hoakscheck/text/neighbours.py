"""Steps that look at neighbours: letters spelled out one by one, names of several words, ballot numbers, runs of the same mark."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final

from hoakscheck.text.lexicon import Lexicon
from hoakscheck.text.tokens import BALLOT, MONEY, NUMBER, SHORT_NUMBER, Token

#: A short number after one of these stems is a ballot number, a leading zero after one of the others is not.
_BALLOT_CUES: Final = frozenset({"no", "nomor", "urut", "paslon", "pasang", "coblos", "pilih", "tusuk", "cucuk"})
_COUNTED: Final = frozenset({"tps", "rt", "rw", "tanggal", "jam", "pukul", "dapil", "hari", "bulan"})
_MONEY_CUES: Final = frozenset({"rp", "idr"})
_NUMBERS: Final = frozenset({NUMBER, SHORT_NUMBER, BALLOT})

#: Words that tell what a number after them means; after all others it means the same.
NUMBER_CUES: Final = (_MONEY_CUES, _BALLOT_CUES, _COUNTED)


# What a chunk holds that a step across chunks must look at; most chunks hold nothing of the kind. Plain numbers, since an
# enum's `|` costs as much as the rest of a chunk.
MARKS: Final = 1
LETTERS: Final = 2
NUMBERS: Final = 4
NAMES: Final = 8


def concerns(found: Iterable[Token], lexicon: Lexicon) -> int:
    """Return which of the steps across chunks these tokens may concern, as the sum of their numbers."""
    seen = 0
    for _, _, stem, surface in found:
        if stem[:1] == "<":
            seen |= MARKS | (NAMES if surface else NUMBERS if stem in _NUMBERS else 0)
        if surface:
            seen |= (LETTERS if len(surface) == 1 else 0) | (NAMES | MARKS if surface in lexicon.name_lengths else 0)
    return seen


def join_spelled(
    found: Iterable[Token], is_spelled_out: Callable[[str], bool], read: Callable[[str, int, int], Iterable[Token]]
) -> Iterator[Token]:
    """Yield the tokens with letters that blanks keep apart joined where they make a word: ``k p u``.

    Args:
        found: the tokens.
        is_spelled_out: whether letters make a word.
        read: gives the tokens of a word with a span.
    """
    run: list[Token] = []
    for token in [*found, None]:
        if token is not None and len(token.surface) == 1:
            run.append(token)
            continue
        word = "".join(letter.surface for letter in run)
        yield from read(word, run[0].start, run[-1].end) if is_spelled_out(word) else run
        run = []
        if token is not None:
            yield token


def mark_names(found: Sequence[Token], lexicon: Lexicon) -> list[Token]:
    """Replace names of several words by the mark of their role; the longest wins.

    Single words that name somebody carry the mark as their stem already, and their spelling for this step; it goes here.
    """
    starts = lexicon.name_lengths
    concerned = [place for place, (_, _, stem, word) in enumerate(found) if word and (word in starts or stem[0] == "<")]
    marked: list[Token] = []
    done = 0
    for place in concerned:
        if place < done:
            continue
        marked += found[done:place]
        start, _, stem, word = found[place]
        role, length = _longest_name(found, place, lexicon) if word in starts else ("", 1)
        done = place + length
        mark = role or (stem if stem[0] == "<" else "")
        marked.append(Token(start, found[done - 1].end, mark, "") if mark else found[place])
    return [*marked, *found[done:]]


def _longest_name(found: Sequence[Token], position: int, lexicon: Lexicon) -> tuple[str, int]:
    """Return the role of the longest name that begins at a token, and its length in tokens; no role and 1 where there is none."""
    for length in lexicon.name_lengths[found[position].surface]:
        words = [token.surface for token in found[position : position + length]]
        role = lexicon.roles.get(" ".join(words))
        if role is not None:
            return role, len(words)
    return "", 1


def tell_numbers(found: Sequence[Token]) -> list[Token]:
    """Tell ballot numbers, amounts of money and other numbers apart by the word before.

    >>> def stems(*tokens): return [token.stem for token in tell_numbers([Token(0, 1, stem, "") for stem in tokens])]
    >>> stems("nomor", "<short_number>"), stems("tps", "<ballot_number>"), stems("rp", "<number>"), stems("<short_number>", "kali")
    (['nomor', '<ballot_number>'], ['tps', '<number>'], ['rp', '<money>'], ['<number>', 'kali'])
    """
    told = list(found)
    for place in [place for place, token in enumerate(found) if token[2] in _NUMBERS]:
        before = told[place - 1][2] if place else ""
        told[place] = found[place]._replace(stem=number_after(before, found[place][2]))
    return told


def number_after(before: str, number: str) -> str:
    """Return the mark of a number, or of a short number, after a stem.

    >>> number_after("nomor", "<short_number>"), number_after("", "<short_number>")
    ('<ballot_number>', '<number>')
    """
    if before in _MONEY_CUES:
        return MONEY
    if number == SHORT_NUMBER:
        return BALLOT if before in _BALLOT_CUES else NUMBER
    return NUMBER if number == BALLOT and before in _COUNTED else number


def merge_marks(found: Sequence[Token]) -> list[Token]:
    """Count a run of the same mark once: five mentions in a row address, they do not say more than one.

    >>> merge_marks([Token(0, 3, "<mention>", ""), Token(4, 8, "<mention>", "")])
    [Token(start=0, end=8, stem='<mention>', surface='')]
    """
    repeated = [place for place, (last, token) in enumerate(pairwise(found), start=1) if token[2] == last[2] and not token[3]]
    merged: list[Token] = []
    done = 0
    for place in repeated:
        merged += found[done:place]
        merged[-1] = merged[-1]._replace(end=found[place].end)
        done = place + 1
    return [*merged, *found[done:]]
