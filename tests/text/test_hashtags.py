"""Hashtags: the words of a sentence without blanks, each with its place."""

from __future__ import annotations

import itertools
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoakscheck.text.hashtags import LONGEST_SPLIT, split_hashtag
from hoakscheck.text.lexicon import Beginnings

KNOWN = frozenset({"coblos", "nomor", "satu", "dua", "indonesia", "maju", "ganti", "di", "ke", "bali", "mana", "man", "aja", "si"})


def is_word(word):
    return word in KNOWN


def lengths(beginning):
    return Beginnings(KNOWN).lengths(beginning)


def words(tag):
    return [tag[start:end] for start, end in split_hashtag(tag, is_word, lengths)]


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("GantiBupati", "Ganti Bupati"),
        ("2019GantiBupati", "2019 Ganti Bupati"),
        ("Pemilu2024", "Pemilu 2024"),
        ("salam_dua_jari", "salam dua jari"),
        ("KPUKita", "KPU Kita"),
        ("DukungKPU", "Dukung KPU"),
        ("KPU", "KPU"),
        ("KPU_RI", "KPU RI"),
        ("TPS04", "TPS 04"),
        ("INDONESIAMAJU", "INDONESIA MAJU"),
        ("coblosnomorsatu", "coblos nomor satu"),
        ("coblos02", "coblos 02"),
        ("14februari", "14 februari"),
    ],
)
def test_capitals_digits_underscores_and_known_words_are_seams(tag, expected):
    assert words(tag) == expected.split()


@pytest.mark.xfail(strict=True, reason="the seam is set before the last capital even where no capitalised word begins there")
def test_capitals_before_small_letters_stay_together():
    assert words("KPUmaju") == ["KPU", "maju"]


@pytest.mark.parametrize("tag", ["xyzzy", "coblosxyzzy", "xcoblos", "мир", "選挙"])
def test_what_known_words_do_not_make_up_exactly_stays_whole(tag):
    assert words(tag) == [tag]


def test_few_words_are_better_than_many():
    assert words("dimana") == ["di", "mana"]


def test_words_of_two_letters_count_only_where_they_are_common():
    assert words("kebali") == ["ke", "bali"]
    assert words("sibali") == ["sibali"]


def test_a_known_word_is_not_cut():
    assert words("indonesia") == ["indonesia"]


def test_an_endless_tag_is_not_cut():
    assert words("satu" * (LONGEST_SPLIT // 4)) == ["satu"] * (LONGEST_SPLIT // 4)
    assert words("satu" * (LONGEST_SPLIT // 4 + 1)) == ["satu" * (LONGEST_SPLIT // 4 + 1)]


def test_a_tag_asks_about_each_of_its_parts_once_at_most():
    asked = []
    split_hashtag("a" * LONGEST_SPLIT, lambda word: bool(asked.append(word)), lambda _: range(LONGEST_SPLIT))
    assert len(asked) <= LONGEST_SPLIT * (LONGEST_SPLIT + 1) / 2


@given(st.text(st.characters(exclude_characters="İ")))
def test_spans_lie_in_the_tag_in_order_and_do_not_overlap(tag):
    spans = split_hashtag(tag, is_word, lengths)
    assert all(0 <= start < end <= len(tag) for start, end in spans)
    assert all(left[1] <= right[0] for left, right in itertools.pairwise(spans))


@pytest.mark.parametrize("tag", ["İ", "İstanbul", "GantiİBupati"])
def test_spans_lie_in_the_tag_where_lower_case_is_longer(tag):
    assert all(end <= len(tag) for _, end in split_hashtag(tag, is_word, lengths))


@given(st.lists(st.sampled_from([*sorted(KNOWN), "x", "a"]), max_size=8).map("".join))
def test_lengths_by_beginning_rule_nothing_out_that_is_a_word(tag):
    assert split_hashtag(tag, is_word, lengths) == split_hashtag(tag, is_word, lambda _: range(LONGEST_SPLIT + 1))


@given(st.text(string.ascii_letters + string.digits + "_"))
def test_no_letter_and_no_digit_is_lost(tag):
    assert "".join(words(tag)) == tag.replace("_", "")


@given(st.lists(st.sampled_from(sorted(word for word in KNOWN if len(word) > 2)), min_size=1, max_size=4))
def test_known_words_without_blanks_are_cut_into_known_words(chosen):
    assert all(is_word(word) for word in words("".join(chosen)))
