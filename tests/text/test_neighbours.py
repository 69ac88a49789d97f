"""What a token's neighbours tell: names of several words, what a number counts, runs of a mark."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoakscheck.text.lexicon import packaged
from hoakscheck.text.neighbours import mark_names, merge_marks
from hoakscheck.text.numbers.ballots import tell_numbers
from hoakscheck.text.tokens import BALLOT, MENTION, NUMBER, SHORT_NUMBER, URL, Token

NAMES = {"sari": "<candidate>", "sari melati": "<candidate>", "sari melati jaya": "<ticket>", "partai melati": "<party>"}
LEXICON = replace(packaged(), roles=NAMES, name_lengths={"sari": (3, 2), "partai": (2,)})


def sentence(words):
    """Tokens of words one blank apart, as they come out of chunks: a name of one word has its mark and its spelling."""
    starts = itertools.accumulate((len(word) + 1 for word in words), initial=0)
    return [
        Token(start, start + len(word), NAMES.get(word, word), "" if word.startswith("<") else word)
        for start, word in zip(starts, words, strict=False)
    ]


def stems(tokens):
    return [token.stem for token in tokens]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ayo sari", "ayo <candidate>"),
        ("ayo sari melati", "ayo <candidate>"),
        ("sari melati jaya ayo", "<ticket> ayo"),
        ("sari melati maju", "<candidate> maju"),
        ("sari sari melati", "<candidate> <candidate>"),
        ("partai melati sari", "<party> <candidate>"),
        ("partai mawar", "partai mawar"),
        ("melati", "melati"),
        ("partai", "partai"),
        ("", ""),
    ],
)
def test_the_longest_name_wins(text, expected):
    assert stems(mark_names(sentence(text.split()), LEXICON)) == expected.split()


def test_a_name_spans_all_its_words_and_has_no_surface():
    assert list(mark_names(sentence(["sari", "melati", "jaya"]), LEXICON)) == [Token(0, 16, "<ticket>", "")]


@pytest.mark.parametrize("cue", ["no", "nomor", "urut", "paslon", "coblos", "pilih", "tusuk"])
def test_a_short_number_after_a_cue_is_a_ballot_number(cue):
    assert stems(tell_numbers(sentence([cue, SHORT_NUMBER]))) == [cue, BALLOT]


@pytest.mark.parametrize("word", ["orang", "kursi", "jam", "tps"])
def test_a_short_number_after_another_word_is_a_number(word):
    assert stems(tell_numbers(sentence([word, SHORT_NUMBER]))) == [word, NUMBER]


@pytest.mark.parametrize("word", ["tps", "rt", "rw", "tanggal", "jam", "pukul", "dapil"])
def test_a_leading_zero_after_what_is_counted_is_a_number(word):
    assert stems(tell_numbers(sentence([word, BALLOT]))) == [word, NUMBER]


def test_a_leading_zero_elsewhere_is_a_ballot_number():
    assert stems(tell_numbers(sentence(["ayo", BALLOT]))) == ["ayo", BALLOT]


def test_a_long_number_is_no_ballot_number():
    assert stems(tell_numbers(sentence(["nomor", NUMBER]))) == ["nomor", NUMBER]


@pytest.mark.parametrize("number", [NUMBER, SHORT_NUMBER, BALLOT])
def test_a_number_after_the_currency_is_money(number):
    assert stems(tell_numbers(sentence(["rp", number]))) == ["rp", "<money>"]


def test_a_run_of_the_same_mark_is_one_mark_over_the_whole_run():
    assert list(merge_marks(sentence([MENTION, MENTION, MENTION]))) == [Token(0, 29, MENTION, "")]


def test_different_marks_and_equal_words_are_no_run():
    tokens = sentence([MENTION, URL, MENTION, "ayo", "ayo", MENTION])
    assert list(merge_marks(tokens)) == tokens


@given(st.lists(st.sampled_from([MENTION, URL, NUMBER, SHORT_NUMBER, BALLOT, "nomor", "tps", "rp", "ayo", "sari", "melati"])))
def test_after_all_three_no_two_neighbours_are_the_same_mark_and_nothing_is_half_told(words):
    found = list(merge_marks(tell_numbers(list(mark_names(sentence(words), LEXICON)))))
    assert all(left.stem != right.stem or not left.is_mark for left, right in itertools.pairwise(found))
    assert all(token.is_mark == token.stem.startswith("<") and token.stem != SHORT_NUMBER for token in found)
