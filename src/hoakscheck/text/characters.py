"""Characters: what looks the same becomes the same. Every step is a pure ``str -> str``.

The steps run on single tokens, so that a token keeps its span in the original whatever happens to its letters.
"""

from __future__ import annotations

import re
import unicodedata

#: Zero-width and bidirectional controls, soft hyphen, fillers, variation selectors, keycap enclosure, tags.
#: Category Cf plus the default-ignorable code points of Unicode 15 that people paste into posts.
INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u20e3\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff"
)
_INVISIBLE_RUN = re.compile(f"[{INVISIBLE}]+")

#: Letters of other scripts that are drawn like Latin ones (a choice from Unicode's confusables for Greek, Cyrillic,
#: Armenian, Cherokee and Latin extensions that NFKC leaves alone; lower case, since folding comes after case).
_LOOKALIKES = {code: chr(code) for code in range(128)} | str.maketrans(  # what a table lacks takes twice as long
    {
        **dict(zip("асеіјорѕхуԁһԛԝьһвнкмтгпз", "aceijopsxydhqwbhbhkmtrnz", strict=True)),
        **dict(zip("αβεικνορτυχωγηκμ", "abeikvoptuxwynku", strict=True)),
        **dict(zip("օսոհցզյ", "ounhgqj", strict=True)),
        **dict(zip("ɑɡıȷʟɪʀɴʜᴀᴄᴅᴇᴋᴍᴏᴘᴛᴜᴠᴡᴢʙɢ", "agijlirnhacdekmoptuvwzbg", strict=True)),
        **dict(zip("øłđŧħ", "oldth", strict=True)),
    }
)
_FOREIGN_SCRIPT = re.compile("[\u0370-\u058f\u13a0-\u13ff\u1d00-\u1d2b\u0250-\u02af]")
_LATIN = re.compile("[a-z0-9]")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def strip_invisible(word: str) -> str:
    r"""Remove characters that nobody sees: they split words for a program and not for a reader.

    >>> strip_invisible("pem\u200bilu")
    'pemilu'
    """
    return _INVISIBLE_RUN.sub("", word)


def compose(word: str) -> str:
    """NFKC: full-width, mathematical and circled forms become the plain letter or digit.

    >>> compose("ｐｅｍｉｌｕ"), compose("𝗚𝗮𝗻𝗷𝗮𝗿"), compose("②")
    ('pemilu', 'Ganjar', '2')
    """
    return unicodedata.normalize("NFKC", word)


def fold_case(word: str) -> str:
    r"""Lower case without surprises: ``İ`` must not leave a loose dot, ``K`` (Kelvin) and ``ſ`` are k and s.

    >>> fold_case("PEMİLU"), fold_case("\u212aPU"), fold_case("ſuara")
    ('pemilu', 'kpu', 'suara')
    """
    return word.casefold().replace("i\u0307", "i")


def strip_accents(word: str) -> str:
    """Drop marks above and below letters; Indonesian is written without them, and stacked marks hide words.

    >>> strip_accents("café"), strip_accents("p̶e̶m̶i̶l̶u̶")
    ('cafe', 'pemilu')
    """
    if word.isascii():
        return word
    decomposed, category = unicodedata.normalize("NFKD", word), unicodedata.category
    return "".join([character for character in decomposed if character < "\x80" or category(character)[0] != "M"])


def fold_homoglyphs(word: str) -> str:
    r"""Replace look-alike letters, only where a word mixes them with Latin: a Russian word stays Russian.

    >>> fold_homoglyphs("p\u0435milu"), fold_homoglyphs("мир")
    ('pemilu', 'мир')
    """
    if word.isascii():
        return word
    if not _LATIN.search(word):
        return word.translate(_PLAIN_LATIN_VARIANTS) if _only_latin_variants(word) else word
    return word.translate(_LOOKALIKES)


#: Small capitals and phonetic letters have no language that writes whole words with them, so they fold always.
_PLAIN_LATIN_VARIANTS = {key: value for key, value in _LOOKALIKES.items() if 0x250 <= key <= 0x2AF or key >= 0x1D00}


def _only_latin_variants(word: str) -> bool:
    return bool(word) and all(ord(character) in _PLAIN_LATIN_VARIANTS for character in word)


def plain(word: str) -> str:
    r"""All of the above, in the order in which they need each other.

    >>> plain("Ｐｅ\u200bｍİLU"), plain("Jum’at")
    ('pemilu', "jum'at")
    """
    if word.isascii():
        return word.lower()
    folded = strip_accents(fold_case(compose(strip_invisible(word))))
    if folded.isascii():  # most: marks and other forms of plain letters
        return folded
    return fold_homoglyphs(folded).replace("\u2019", "'").replace("\u2018", "'").replace("\u02bc", "'")


def unescape(chunk: str) -> tuple[str, list[int] | None]:
    """Decode HTML entities, and say where each character came from.

    Returns the decoded text and, for each of its characters and for its end, the index in ``chunk``; None instead of
    the indices when nothing changed, which is nearly always.

    >>> unescape("Jokowi&amp;JK")
    ('Jokowi&JK', [0, 1, 2, 3, 4, 5, 6, 11, 12, 13])
    >>> unescape("R&D")
    ('R&D', None)
    """
    if "&" not in chunk:
        return chunk, None
    import html  # 1 ms, and few texts have entities

    pieces: list[str] = []
    origins: list[int] = []
    position = 0
    for match in _ENTITY.finditer(chunk):
        decoded = html.unescape(match.group())
        if decoded.endswith(";"):
            continue  # unknown, or known only up to a part of its name
        pieces += [chunk[position : match.start()], decoded]
        origins += [*range(position, match.start()), *[match.start()] * len(decoded)]
        position = match.end()
    if not origins and position == 0:
        return chunk, None
    pieces.append(chunk[position:])
    origins += range(position, len(chunk) + 1)
    return "".join(pieces), origins
