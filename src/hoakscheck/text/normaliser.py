"""The way from a string to tokens, in order: characters, words, roles, stems.

The unit of work is the chunk, a run without blanks. What a chunk becomes depends on nothing around it, so it is read once
and remembered. Only five things look across chunks: spaced-out letters, days and hours, names of several words, ballot numbers,
and runs of the same mark.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache, lru_cache
from typing import Final

from hoakscheck.text import tokens as marks
from hoakscheck.text.characters import plain, unescape
from hoakscheck.text.hashtags import split_hashtag
from hoakscheck.text.lexicon import KnownWords, Lexicon, packaged
from hoakscheck.text.neighbours import SHORTEST_SPELLED, concerns, read_across
from hoakscheck.text.numbers.days import clock_token, day_in_figures, number_token
from hoakscheck.text.obfuscation import (
    fill_stars,
    fold_inner_leet,
    fold_leet,
    is_stretched,
    join_separated,
    part_digits,
    spell_doubling_out,
    unstretch,
)
from hoakscheck.text.stemmer import SastrawiStemmer, Stemmer
from hoakscheck.text.tokens import ONE_WORD, Token, chunks, is_address, pieces, plain_word

#: Raised whenever the same text may give other tokens than before; part of the fingerprint that models record. Earlier versions
#: stay, for the models that were trained with them. 2: English words of election talk are read as Indonesian ones, and digits
#: as letters at both ends of a word too. 3: days and hours of voting are told from other dates and hours.
VERSION: Final = 3

#: Distinct chunks remembered; about 40 MB when full.
CACHE_SIZE: Final = 65_536
_LONGEST_REMEMBERED: Final = 64

_NOT_IN_WORDS = re.compile(r"[^\w'*@$!-]|_")


class Normaliser:
    """Turns texts into tokens.

    Args:
        lexicon: word lists; by default those shipped with the package.
        stemmer: by default Sastrawi with the overrides of the lexicon.
        version: which rules to follow, see :data:`VERSION`.

    >>> [token.stem for token in Normaliser().tokens("Ayo c0bl0s nomor 2!! #PilihYangMuda https://t.co/x")]
    ['ayo', 'coblos', 'nomor', '<ballot_number>', '<hashtag>', 'pilih', 'yang', 'muda', '<url>']
    """

    def __init__(self, lexicon: Lexicon | None = None, stemmer: Stemmer | None = None, *, version: int = VERSION) -> None:
        self.lexicon = lexicon or packaged(version)
        self._version = version
        self._stemmer = stemmer or SastrawiStemmer(self.lexicon.overrides)
        self._remembered = lru_cache(maxsize=CACHE_SIZE)(self._read_chunk)
        known = KnownWords(self.lexicon, self._stemmer)
        self._is_listed, self._is_word, self._lengths = known.is_listed, known.is_word, known.lengths

    @property
    def fingerprint(self) -> str:
        """What models record: the same fingerprint, the same tokens."""
        parts = f"normaliser {self._version}; lexicon {self.lexicon.fingerprint}; {self._stemmer.name}"
        return hashlib.sha256(parts.encode()).hexdigest()[:16]

    def tokens(self, text: str) -> list[Token]:
        """Return the tokens of a text in order; any string will do, and none raises.

        >>> Normaliser().tokens("Relawannya")
        [Token(start=0, end=10, stem='relawan', surface='relawannya')]
        """
        found: list[Token] = []
        seen = 0
        for position, chunk in chunks(text):
            tokens, steps = self._read(chunk)
            seen |= steps
            found += [Token(position + start, position + end, stem, surface) for start, end, stem, surface in tokens]
        return self._across_chunks(found, seen)

    def unplaced_tokens(self, text: str) -> list[Token]:
        """Return the same tokens, with spans that count from the start of their own chunk.

        Scores need no spans, and most of the time of :meth:`tokens` goes into placing them.
        """
        found: list[Token] = []
        seen = 0
        remembered = self._remembered
        for run in text.split():
            if len(run) <= _LONGEST_REMEMBERED:  # nearly all; a call and a loop less are a tenth of the time
                tokens, steps = remembered(run)
                seen |= steps
                found += tokens
            else:
                for _, chunk in chunks(run):
                    tokens, steps = self._read(chunk)
                    seen |= steps
                    found += tokens
        return self._across_chunks(found, seen)

    def read_chunk(self, chunk: str) -> list[Token]:
        """Return the tokens of one chunk as it stands alone, before any step that looks across chunks.

        Most chunks are one word between punctuation marks or signs; those need no cutting into pieces.
        """
        word = plain_word(chunk)
        if not word:
            return self.read_pieces(chunk)
        start = chunk.lower().index(word)
        return [token._replace(start=start, end=start + len(word)) for token in self.read_word(word)]

    def read_pieces(self, chunk: str) -> list[Token]:
        """Return the same as :meth:`read_chunk` by cutting into pieces, whatever the chunk is."""
        if ONE_WORD.fullmatch(chunk):
            return self._read_word(plain(chunk), 0, len(chunk))
        if is_address(chunk):
            return [marks.mark(marks.URL, 0, len(chunk))]
        decoded, origins = unescape(chunk)
        found: list[Token] = []
        for kind, start, end in pieces(decoded):
            word = decoded[start:end]
            if kind == "word" and word.isascii() and word.isalpha():  # most; there is nothing in it to undo
                found += self._read_clean(self._unstretched(word.lower()), start, end)
            else:
                found += self._read_piece(kind, decoded, start, end)
        if origins is not None:
            found = [token._replace(start=origins[token.start], end=origins[token.end]) for token in found]
        return found

    def stem_of(self, word: str) -> str:
        """Return the stem of a word as :func:`plain_word` gives it; empty where it is more to :meth:`read_word` than that.

        >>> Normaliser().stem_of("memilih"), Normaliser().stem_of("yg"), Normaliser().stem_of("piliiiih")
        ('pilih', '', '')
        """
        is_more = word in self.lexicon.roles or word in self.lexicon.slang or is_stretched(word)
        return "" if is_more else self._stemmer.stem(word)

    def read_word(self, word: str) -> list[Token]:
        """Return the tokens of a word as :func:`plain_word` gives it: one, or several where slang stands for several."""
        return self._read_clean(self._unstretched(word), 0, len(word))

    def _read(self, chunk: str) -> tuple[tuple[Token, ...], int]:
        return self._remembered(chunk) if len(chunk) <= _LONGEST_REMEMBERED else self._read_chunk(chunk)

    def _across_chunks(self, found: list[Token], seen: int) -> list[Token]:
        return read_across(found, seen, self.lexicon, self.is_spelled_out, self._read_clean) if seen else found

    def knows(self, word: str) -> bool:
        """Whether a list holds a word in small letters, or what it is derived from."""
        return self._is_word(word)

    def is_spelled_out(self, letters: str) -> bool:
        """Whether letters that stand alone, one after another, make a word.

        >>> Normaliser().is_spelled_out("kpu"), Normaliser().is_spelled_out("xyz")
        (True, False)
        """
        return len(letters) >= SHORTEST_SPELLED and self._is_word(letters)

    # --- inside a chunk

    def _read_chunk(self, chunk: str) -> tuple[tuple[Token, ...], int]:
        """Return the tokens of a chunk, and which steps across chunks they concern."""
        found = self.read_chunk(chunk)
        return tuple(found), concerns(found, self.lexicon)

    def _read_piece(self, kind: str, chunk: str, start: int, end: int) -> list[Token]:
        written = chunk[start:end]
        match kind:
            case "word" | "separated":
                word = plain(written)
                return self._read_word(join_separated(word) if kind == "separated" else word, start, end)
            case "hashtag":
                found = [marks.mark(marks.HASHTAG, start, start + 1)]
                for word_start, word_end in split_hashtag(written[1:], self._is_listed, self._lengths):
                    span = start + 1 + word_start, start + 1 + word_end
                    found += self._read_word(plain(chunk[span[0] : span[1]]), *span)
                return found
            case "mention":
                return [marks.mark(self.lexicon.roles.get(written[1:].lower(), marks.MENTION), start, end)]
            case "number":
                return [number_token(written, start, end, self.lexicon.days)]
            case "clock":
                return [clock_token(written, start, end, self.lexicon.days)]
        return [marks.mark({"url": marks.URL, "money": marks.MONEY, "percent": marks.PERCENT}[kind], start, end)]

    def _read_word(self, word: str, start: int, end: int) -> list[Token]:
        if not word.isalpha():
            if not word.isalnum():
                word = _NOT_IN_WORDS.sub("", word)
            if word.isdecimal() or day_in_figures(word, self.lexicon.days):
                return [number_token(word, start, end, self.lexicon.days)]
            if not word.replace("-", "").isalpha():
                word = self._clear(word)
            parts = self._parts(word)
            if parts is not None:
                return [token for part in parts for token in self._read_word(part, start, end)]
        return self._read_clean(self._unstretched(word), start, end)

    def _unstretched(self, word: str) -> str:
        if not is_stretched(word) or (self._version > 1 and word in self.lexicon.roles):  # PPP is a party, no letter held down
            return word
        return unstretch(word, self._is_word)

    def _clear(self, word: str) -> str:
        """Undo what hides letters behind digits and signs, and spell doublings out."""
        word = fill_stars(word.replace("'", ""), self._is_listed, self._lengths)
        doubled = spell_doubling_out(word, self._is_word)
        if doubled or self._version == 1:
            return doubled or fold_inner_leet(word, self._is_word, self.lexicon.leet_exempt)
        return fold_leet(word, self._is_word, self._is_listed, self.lexicon.leet_exempt)

    def _parts(self, word: str) -> tuple[str, ...] | None:
        """Return the parts of a word that is several: letters with digits, or a hyphen that doubles nothing."""
        if "-" in word:
            if "-" not in self._stemmer.stem(word):
                return None
            parts = tuple(part for part in word.split("-") if part)
            return parts[:1] if len(set(parts)) == 1 else parts
        return None if word.isalpha() or word in self.lexicon.leet_exempt else part_digits(word)

    def _read_clean(self, word: str, start: int, end: int) -> list[Token]:
        role = self.lexicon.roles.get(word)
        if role is not None:
            return [Token(start, end, role, word)]
        standards = self.lexicon.slang.get(word)
        if standards is None:
            return [Token(start, end, self._stemmer.stem(word), word)] if word else []
        return [Token(start, end, self._stemmer.stem(standard), word) for standard in standards.split(" ") if standard]


@cache
def _shared(version: int) -> Normaliser:
    return Normaliser(version=version)


def packaged_normaliser(version: int = VERSION) -> Normaliser:
    """Return the normaliser over the packaged word lists; one of each version for the process, so that its memory is shared."""
    return _shared(version)


def normaliser_with(fingerprint: str) -> Normaliser | None:
    """Return the normaliser with a fingerprint, whichever version it is; None where this package has none.

    >>> normaliser_with(packaged_normaliser(1).fingerprint) is packaged_normaliser(1)
    True
    """
    found = (packaged_normaliser(version) for version in range(VERSION, 0, -1))
    return next((one for one in found if one.fingerprint == fingerprint), None)
