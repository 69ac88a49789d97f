"""Characters: what looks the same becomes the same, and nothing else changes."""

from __future__ import annotations

import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hoakscheck.text.characters import compose, fold_case, fold_homoglyphs, plain, strip_accents, strip_invisible, unescape

ANY_TEXT = st.text(st.characters())  # lone surrogates and control characters too
CHUNKS = st.lists(st.sampled_from(["&amp;", "&#39;", "&#x41;", "&nbsp;", "&", ";", "a", "é", "漢", "\ud800", "&unknown;"])).map(
    "".join
)
STEPS = [strip_invisible, compose, fold_case, strip_accents, fold_homoglyphs, plain]

INVISIBLE = {
    "soft hyphen": "\u00ad",
    "combining grapheme joiner": "\u034f",
    "Arabic letter mark": "\u061c",
    "Hangul filler": "\u3164",
    "half-width Hangul filler": "\uffa0",
    "Mongolian vowel separator": "\u180e",
    "zero-width space": "\u200b",
    "zero-width non-joiner": "\u200c",
    "zero-width joiner": "\u200d",
    "left-to-right mark": "\u200e",
    "right-to-left override": "\u202e",
    "word joiner": "\u2060",
    "first strong isolate": "\u2068",
    "keycap": "\u20e3",
    "variation selector 16": "\ufe0f",
    "byte order mark": "\ufeff",
    "interlinear anchor": "\ufff9",
    "tag letter": "\U000e0061",
    "variation selector 17": "\U000e0100",
}


@pytest.mark.parametrize("character", INVISIBLE.values(), ids=INVISIBLE.keys())
def test_invisible_characters_go(character):
    assert strip_invisible(f"pem{character}ilu{character}") == plain(f"{character}pem{character}ilu") == "pemilu"


@given(st.text(st.characters(categories=["L", "N", "P", "S"], max_codepoint=0x24F).filter(lambda character: character != "\u00ad")))
def test_visible_characters_stay(word):
    assert strip_invisible(word) == word


@pytest.mark.parametrize(
    ("written", "letters"),
    [
        ("ｃｏｂｌｏｓ", "coblos"),
        ("𝐜𝐨𝐛𝐥𝐨𝐬", "coblos"),
        ("𝒸ℴ𝒷𝓁ℴ𝓈", "coblos"),
        ("𝔠𝔬𝔟𝔩𝔬𝔰", "coblos"),
        ("𝚌𝚘𝚋𝚕𝚘𝚜", "coblos"),
        ("ⓒⓞⓑⓛⓞⓢ", "coblos"),
        ("ᶜᵒᵇˡᵒˢ", "coblos"),
        ("ﬁtnah", "fitnah"),
        ("①②③", "123"),
        ("𝟐𝟎𝟐𝟒", "2024"),
        ("２０２４", "2024"),
    ],
)
def test_styled_letters_and_digits_become_plain(written, letters):
    assert compose(written) == plain(written) == letters


@pytest.mark.parametrize(
    ("written", "folded"), [("PEMİLU", "pemilu"), ("\u212aPU", "kpu"), ("ſuara", "suara"), ("Straße", "strasse")]
)
def test_case_is_folded_without_leftovers(written, folded):
    assert fold_case(written) == plain(written) == folded


@pytest.mark.parametrize(
    ("written", "bare"), [("café", "cafe"), ("c\u0336u\u0336", "cu"), ("Z̷̛a̴l̵g̶o̸", "Zalgo"), ("ñ", "n"), ("فِتنة", "فتنة")]
)
def test_marks_above_and_below_go(written, bare):
    assert strip_accents(written) == bare


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("pеmilu", "pemilu"),
        ("соblоs", "coblos"),
        ("sυara", "suara"),
        ("pαslon", "paslon"),
        ("hօaks", "hoaks"),
        ("ᴋᴘᴜ", "kpu"),
        ("bɑwɑslu", "bawaslu"),
        ("łaporan", "laporan"),
    ],
)
def test_look_alikes_fold_where_they_mix_with_latin(written, read):
    assert fold_homoglyphs(written) == read


@pytest.mark.parametrize("word", ["мир", "выборы", "νίκη", "հայ", "ввв", "سلام", "選挙", "ø", ""])
def test_words_of_other_scripts_stay(word):
    assert fold_homoglyphs(word) == word


@pytest.mark.xfail(strict=True, reason="a digit counts as Latin, so a Russian word with a digit is folded")
def test_a_digit_does_not_make_a_russian_word_latin():
    assert fold_homoglyphs("мир2") == "мир2"


@pytest.mark.xfail(strict=True, reason="small capitals f, j, s and y and q's stand-in are missing from the table")
def test_every_small_capital_folds():
    assert plain("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘǫʀꜱᴛᴜᴠᴡxʏᴢ") == string.ascii_lowercase


@given(st.text(string.printable))
def test_plain_ascii_is_only_lowered(word):
    assert plain(word) == word.lower()


@pytest.mark.parametrize("quote", ["\u2019", "\u2018", "\u02bc"])
def test_every_apostrophe_is_the_same(quote):
    assert plain(f"Jum{quote}at") == "jum'at"


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
def test_no_step_stumbles_over_any_string(step):
    @given(ANY_TEXT)
    @example("\ud800\udfff\x00\x7f")
    def on(word):
        assert step(step(word)) == step(word), "a second time changes nothing"

    on()


@pytest.mark.parametrize(
    ("chunk", "decoded"),
    [
        ("Ali&amp;Ani", "Ali&Ani"),
        ("&lt;b&gt;", "<b>"),
        ("jum&#39;at", "jum'at"),
        ("&#x63;oblos", "coblos"),
        ("&amp;amp;", "&amp;"),
        ("R&D", "R&D"),
        ("&copy2024", "&copy2024"),
        ("&unknown;", "&unknown;"),
        ("&#0;", "\ufffd"),
        ("&#xd800;", "\ufffd"),
        ("&#9999999;", "\ufffd"),
    ],
)
def test_entities_are_decoded_once(chunk, decoded):
    assert unescape(chunk)[0] == decoded


@given(ANY_TEXT.filter(lambda chunk: "&" not in chunk))
def test_a_chunk_without_an_ampersand_needs_no_origins(chunk):
    assert unescape(chunk) == (chunk, None)


@given(CHUNKS)
def test_every_decoded_character_knows_where_it_came_from(chunk):
    decoded, origins = unescape(chunk)
    places = range(len(chunk) + 1) if origins is None else origins
    assert len(places) == len(decoded) + 1
    assert list(places) == sorted(places)
    assert places[-1] == len(chunk)
    assert all(chunk[place] in (character, "&") for character, place in zip(decoded, places, strict=False))
