"""Steps that look at neighbours: letters spelled out one by one, days, names of several words, numbers, runs of the same mark."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final

from hoakscheck.text.lexicon import Lexicon
from hoakscheck.text.numbers.ballots import NUMERIC_MARKS, tell_numbers
from hoakscheck.text.numbers.days import tell_days
from hoakscheck.text.tokens import Token

#: Gives the tokens of a word with a span.
Reader = Callable[[str, int, int], Iterable[Token]]

#: So many letters that stand alone may spell a word.
SHORTEST_SPELLED: Final = 3

# What a chunk holds that a step across chunks must look at; most chunks hold nothing of the kind. Plain numbers, since an
# enum's `|` costs as much as the rest of a chunk.
MARKS: Final = 1
LETTERS: Final = 2
NUMBERS: Final = 4
NAMES: Final = 8
DAYS: Final = 16


def concerns(found: Iterable[Token], lexicon: Lexicon) -> int:
    """Return which of the steps across chunks these tokens may concern, as the sum of their numbers."""
    seen = 0
    for _, _, stem, surface in found:
        if stem[:1] == "<":
            if surface.isdecimal():
                seen |= MARKS | NUMBERS | DAYS
                continue
            seen |= MARKS | (NAMES if surface else NUMBERS if stem in NUMERIC_MARKS else 0)
        if surface:
            seen |= (LETTERS if len(surface) == 1 else 0) | (NAMES | MARKS if surface in lexicon.name_lengths else 0)
    return seen


def read_across(
    found: list[Token], seen: int, lexicon: Lexicon, is_spelled_out: Callable[[str], bool], read: Reader
) -> list[Token]:
    """Return the tokens after all steps that look across chunks.

    Args:
        found: the tokens of the chunks, one after another.
        seen: which of the steps they concern, as :func:`concerns` tells of each chunk.
        lexicon: names and days.
        is_spelled_out: as in :func:`join_spelled`.
        read: the same.
    """
    if seen & LETTERS:
        found = list(join_spelled(found, is_spelled_out, read))
    if seen & DAYS:
        found = tell_days(found, lexicon.days)
    if seen & (LETTERS | NAMES):
        found = mark_names(found, lexicon)
    if seen & NUMBERS:
        found = tell_numbers(found)
    return merge_marks(found) if seen & MARKS else found


def join_spelled(found: Iterable[Token], is_spelled_out: Callable[[str], bool], read: Reader) -> Iterator[Token]:
    """Yield the tokens with letters that blanks keep apart joined where they make a word: ``k p u``.

    Args:
        found: the tokens.
        is_spelled_out: whether letters make a word.
        read: gives the tokens of a word.
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
