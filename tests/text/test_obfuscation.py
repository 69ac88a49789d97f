"""De-obfuscation: what hides a word is undone where a word comes of it, and nowhere else."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoakscheck.text.lexicon import Beginnings
from hoakscheck.text.obfuscation import fill_stars, fold_inner_leet, fold_leet, join_separated, unstretch

KNOWN = frozenset({"pemilu", "coblos", "hoaks", "curang", "ganti", "suara", "bener", "masing", "tempat", "zaman", "bisa", "saat"})
WORDS = st.text(string.ascii_lowercase + string.digits + "@$!*-.'", max_size=20)


def is_word(word):
    return word in KNOWN


def lengths(beginning):
    return Beginnings(KNOWN).lengths(beginning)


def nothing_is_a_word(word):
    return False


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("p3milu", "pemilu"),
        ("c0bl0s", "coblos"),
        ("h04ks", "hoaks"),
        ("cur4n9", "curang"),
        ("cur4n6", "curang"),
        ("9anti", "ganti"),
        ("6anti", "ganti"),
        ("5uara", "suara"),
        ("$uara", "suara"),
        ("8ener", "bener"),
        ("7emp4t", "tempat"),
        ("2aman", "zaman"),
        ("b!s4", "bisa"),
        ("b1s4", "bisa"),
        ("5u4ra", "suara"),
        ("5u4r4", "suara"),
        ("c0bl05", "coblos"),
        ("coblo5", "coblos"),
        ("saa7", "saat"),
        ("cob1os", "coblos"),
        ("c1k0p1n4", "cikopina"),
    ],
)
def test_digits_and_signs_stand_for_letters(written, read):
    assert fold_leet(written, is_word, is_word) == read


@pytest.mark.parametrize(("written", "read"), [("p3milu", "pemilu"), ("cur4n9", "curang"), ("9anti", "ganti"), ("b!s4", "bisa")])
def test_the_first_version_reads_digits_inside(written, read):
    assert fold_inner_leet(written, is_word) == fold_leet(written, is_word, is_word) == read


@pytest.mark.parametrize("written", ["5u4ra", "coblo5", "c1k0p1n4"])
def test_the_first_version_reads_no_others(written):
    assert fold_inner_leet(written, is_word) == written


@pytest.mark.parametrize(
    "word",
    [
        "c1", "c6", "h-1", "no.2", "01", "2024", "rp5jt", "g30s", "masing2", "4g", "2periode", "capres2024", "p3k", "", "1",
        "10k", "no1", "u17", "saat1", "kerja3x", "print130k", "win7x",
    ],
)  # fmt: skip
def test_numbers_codes_and_doublings_stay(word):
    assert fold_leet(word, is_word, is_word) == fold_inner_leet(word, is_word) == word


@pytest.mark.parametrize("fold", [fold_inner_leet, lambda word, test, exempt: fold_leet(word, test, test, exempt)])
def test_a_brand_keeps_its_digit(fold):
    assert fold("8ener", is_word, frozenset({"8ener"})) == "8ener"


@given(WORDS)
def test_leet_makes_words_or_leaves_the_word_alone(word):
    folded = fold_leet(word, is_word, is_word)
    assert folded == word or is_word(folded) or re.fullmatch("[a-z-]+", folded)
    inner = fold_inner_leet(word, is_word)
    assert inner == word or is_word(inner)
    assert fold_inner_leet(word, nothing_is_a_word) == word


@given(st.sampled_from(sorted(KNOWN)), st.data())
def test_hiding_vowels_hides_nothing(word, data):
    written = "".join(
        data.draw(st.sampled_from([letter, {"a": "4", "e": "3", "i": "1", "o": "0"}.get(letter, letter)])) for letter in word
    )
    assert fold_leet(written, is_word, is_word) == word
    if written[:1] == word[:1] and written[-1:] == word[-1:] and not re.search(r"\d{2}", written):
        assert fold_inner_leet(written, is_word) == word


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("c*blos", "coblos"),
        ("c*bl*s", "coblos"),
        ("*", "*"),
        ("c*r*ng", "curang"),
        ("b*nar", "b*nar"),
        ("p*m*l*", "p*m*l*"),
        ("", ""),
    ],
)
def test_stars_become_vowels_where_one_or_two_make_a_word(written, read):
    assert fill_stars(written, is_word, lengths) == read


@given(WORDS)
def test_stars_make_known_words_or_stay(word):
    filled = fill_stars(word, is_word, lengths)
    assert filled == word or is_word(filled)
    assert filled == fill_stars(word, is_word, lambda _: range(len(word) + 1))


@pytest.mark.parametrize(
    ("written", "joined"),
    [
        *[(sign.join("pemilu"), "pemilu") for sign in ".-_*·~|"],
        ("K-P-U", "KPU"),
        ("s.d", "s.d"),
        ("h-1", "h-1"),
        ("anak-anak", "anak-anak"),
        ("k.p-u", "k.p-u"),
        ("k p u", "k p u"),
        ("k.p.ui", "k.p.ui"),
        ("k.p.u.", "k.p.u."),
    ],
)
def test_single_letters_kept_apart_by_one_sign_are_joined(written, joined):
    assert join_separated(written) == joined


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("curaaaang", "curang"),
        ("curangggg", "curang"),
        ("cccuuurrraaannnggg", "curang"),
        ("saaaat", "saat"),
        ("saat", "saat"),
        ("massa", "massa"),
        ("bangeeet", "banget"),
        ("", ""),
    ],
)
def test_stretched_letters_are_shortened(written, read):
    assert unstretch(written, is_word) == read


@given(st.text("abc", max_size=20))
def test_nothing_stays_stretched_and_nothing_else_changes(word):
    short = unstretch(word, is_word)
    assert not re.search(r"(.)\1\1", short)
    assert re.sub(r"(.)\1+", r"\1", short) == re.sub(r"(.)\1+", r"\1", word)


@given(st.text(st.characters()))
def test_no_step_stumbles_over_any_string(word):
    assert isinstance(fill_stars(word, is_word, lengths), str)
    for step in (fold_inner_leet, unstretch):
        assert isinstance(step(word, is_word), str)
    assert isinstance(fold_leet(word, is_word, is_word), str)
    assert isinstance(join_separated(word), str)
