"""Tokens: what a text is cut into, with the place of each in the original."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from hoakscheck.text.characters import INVISIBLE

#: Marks stand for things whose exact wording must not matter: neutrality and transfer to the next election.
URL: Final = "<url>"
MENTION: Final = "<mention>"
HASHTAG: Final = "<hashtag>"
NUMBER: Final = "<number>"
SHORT_NUMBER: Final = "<short_number>"  # one or two digits, until its neighbours tell what they mean
YEAR: Final = "<year>"
MONEY: Final = "<money>"
PERCENT: Final = "<percent>"
CLOCK: Final = "<clock>"
BALLOT: Final = "<ballot_number>"


class Token(NamedTuple):
    """One word or mark.

    Attributes:
        start, end: span in the original text, so that ``text[start:end]`` is what its author wrote.
        stem: the word feature: a stem, or a mark in angle brackets.
        surface: the clean word as written, from which character n-grams are taken; empty for marks.
    """

    start: int
    end: int
    stem: str
    surface: str

    @property
    def is_mark(self) -> bool:
        """Whether the token is a mark rather than a word."""
        return not self.surface


def mark(stem: str, start: int, end: int) -> Token:
    """Return a token that stands for something whose wording does not matter.

    >>> mark(URL, 0, 14).is_mark
    True
    """
    return Token(start, end, stem, "")


_COMBINING: Final = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_EXTENDERS: Final = _COMBINING + INVISIBLE
_INNER: Final = rf"[^\W_{_EXTENDERS}]"
_PIECE = re.compile(
    rf"""
      (?P<url>https?://\S+ | www\.\S+ | (?<![\w@.-])(?=[a-z0-9-]{{1,41}}\.)[a-z0-9][a-z0-9-]{{0,40}}(?:\.[a-z0-9-]{{2,20}}){{0,2}}
              \.(?:com|net|org|info|id|co|me|ly|gl|tv|example)(?:/\S*)?(?![\w.]))
    | (?P<mention>(?<![\w@])@\w{{1,50}})
    | (?P<hashtag>(?<!\w)\#\w+)
    | (?P<money>\brp\.?\s?\d+(?:[.,]\d+)*(?:,-|(?:jt|juta|rb|ribu|m|miliar|milyar|t|triliun|k)?\b))
    | (?P<percent>\d+(?:[.,]\d+)*\s?(?:%|persen\b))
    | (?P<clock>\b(?:[01]?\d|2[0-4])[.:][0-5]\d\b(?![.,:\d]))
    | (?P<number>\d+(?:[.,/:]\d+)*(?![\w{_EXTENDERS}@$*'’-]))
    | (?P<separated>{_INNER}(?:[.\-_*·~|]{_INNER}){{2,}}(?![\w{_EXTENDERS}]))
    | (?P<word>[^\W_](?:\w++|[{_EXTENDERS}]++|[@$!*'’\-](?=[^\W_]))*+)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_UNDERSCORE = re.compile("_+")
#: A chunk that :func:`pieces` can only read as one word, told in a quarter of its time: it begins with a letter and holds nothing
#: that another piece needs. The quantifiers are possessive, since fillers are letters too and would else be read in two ways each.
ONE_WORD: Final = re.compile(rf"(?![rR][pP]\d|.[-*].[-*])[^\W\d_](?:[^\W_]++|[{_EXTENDERS}]++|[@$!*'’\-](?=[^\W_]))*+")

_SIGNS: Final = rf"[^\w{_EXTENDERS}@#&$!*.:'’\-·~|]"
#: Nothing but letters, and signs that are no part of any piece: letter by letter there is only one way to cut it.
_PLAIN_WORDS = re.compile(rf"{_SIGNS}*+(?:[A-Za-z]++{_SIGNS}*+)++")
_LETTERS = re.compile("[A-Za-z]+")

#: A run without a blank that is longer than this is no word of any language; it is read in slices, so that no pattern
#: ever runs over more than this many characters and hostile input costs no more than other text of its length.
LONGEST_CHUNK: Final = 1_000


def chunks(text: str) -> Iterator[tuple[int, str]]:
    """Yield the runs between blanks with their positions; overlong ones in slices.

    >>> list(chunks("Ayo  ke TPS"))
    [(0, 'Ayo'), (5, 'ke'), (8, 'TPS')]
    """
    for match in re.finditer(r"\S+", text):
        start, end = match.span()
        for position in range(start, end, LONGEST_CHUNK):
            yield position, text[position : min(position + LONGEST_CHUNK, end)]


def pieces(chunk: str) -> Iterator[tuple[str, int, int]]:
    """Yield the kind and the span of each piece of a chunk; what is neither letter nor digit separates.

    >>> [(kind, "Coblos,#No2!@kpu_id"[start:end]) for kind, start, end in pieces("Coblos,#No2!@kpu_id")]
    [('word', 'Coblos'), ('hashtag', '#No2'), ('mention', '@kpu_id')]
    >>> [kind for kind, _, _ in pieces("https://t.co/x")], [kind for kind, _, _ in pieces("Rp5jt/58,06%")]
    (['url'], ['money', 'percent'])
    """
    if _PLAIN_WORDS.fullmatch(chunk):  # in half the time
        for match in _LETTERS.finditer(chunk):
            yield "word", *match.span()
        return
    for match in _PIECE.finditer(chunk):
        kind = match.lastgroup or "word"
        start, end = match.span()
        if kind == "word" and "_" in match.group():
            yield from _between_underscores(match.group(), start)
        else:
            yield kind, start, end


def _between_underscores(word: str, offset: int) -> Iterator[tuple[str, int, int]]:
    position = 0
    for seam in [*_UNDERSCORE.finditer(word), None]:
        end = len(word) if seam is None else seam.start()
        if end > position:
            yield "word", offset + position, offset + end
        position = end if seam is None else seam.end()


_SHORTEST_ADDRESS: Final = len("https://")


def is_address(chunk: str) -> bool:
    """Whether a chunk is one address and nothing else, as can be told without a pattern.

    >>> is_address("https://t.co/x"), is_address("https://"), is_address("(https://t.co/x)")
    (True, False, False)
    """
    return chunk.startswith(("https://", "http://")) and len(chunk) > _SHORTEST_ADDRESS and "&" not in chunk


#: Punctuation that means nothing at the edge of a word; a sign that may stand for a letter is none.
_AROUND_WORDS: Final = '.,;:?!()[]{}"…“”/|'

#: Letters between emoji and other signs that are neither letters nor parts of one.
_BETWEEN_SIGNS = re.compile(rf"[^\w\0-\x7f{_EXTENDERS}]*([A-Za-z]+)[^\w\0-\x7f{_EXTENDERS}]*")

#: With punctuation behind it each of these can be an address, such as ``https://,``.
_BEGIN_ADDRESSES: Final = frozenset({"http", "https", "www"})


def plain_word(chunk: str) -> str:
    """Return the word that a chunk is between punctuation marks or signs, in small letters; empty where it is anything else.

    >>> plain_word("“Pemilu”,"), plain_word("Menang🔥🔥"), plain_word("p3milu"), plain_word("#pemilu")
    ('pemilu', 'menang', '', '')
    """
    word = chunk.strip(_AROUND_WORDS)
    if not word.isascii():
        found = _BETWEEN_SIGNS.fullmatch(word)
        word = found[1] if found else ""
    if not word.isalpha():
        return ""
    word = word.lower()
    return "" if word in _BEGIN_ADDRESSES else word
