"""Texts learnt under other names: candidates of the lexicon become names that it does not hold, and nothing else changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoakscheck.text.normaliser import packaged_normaliser
from hoakscheck.training.data.example import Example
from hoakscheck.training.fit import text_to_learn
from hoakscheck.training.pseudonyms import is_drawn, under_other_names
from hoakscheck.training.recipe import Recipe
from hoakscheck.training.suite.changes import UNKNOWN

_SENTENCES = [
    "Anies Baswedan menang telak, kata Ganjar di Rawit",
    "ayo coblos PRABOWO nomor 2",
    "#GanjarPresiden2024 bukan cuma tagar",
    'kata Mahfud MD: "saya dukung Anies"',
]


@pytest.mark.parametrize("text", _SENTENCES)
def test_no_candidate_of_the_lexicon_is_left(text):
    normaliser = packaged_normaliser()
    renamed = under_other_names(text, seed="1")
    assert any(token.stem == "<candidate>" for token in normaliser.tokens(text))
    assert all(token.stem != "<candidate>" for token in normaliser.tokens(renamed)), renamed


@pytest.mark.parametrize("seed", [str(number) for number in range(40)])
def test_an_invented_name_is_neither_in_the_lexicon_nor_one_that_the_suite_asks_about(seed):
    renamed = under_other_names("Ganjar", seed=seed)
    assert renamed.lower() not in packaged_normaliser().lexicon.roles
    assert renamed.lower() not in " ".join(UNKNOWN)


def test_one_name_stays_one_name_in_its_own_writing():
    first, second, third = under_other_names("Ganjar lalu GANJAR lalu ganjar", seed="4").split(" lalu ")
    assert (first.upper(), first.lower()) == (second, third)


def test_both_of_a_ticket_get_other_names():
    before, hyphen, behind = under_other_names("Ganjar-Mahfud", seed="1").partition("-")
    assert hyphen
    assert {before, behind}.isdisjoint({"Ganjar", "Mahfud", ""})


def test_accounts_stay():
    assert under_other_names("@ganjarpranowo halo", seed="1") == "@ganjarpranowo halo"


@given(st.text(max_size=60))
def test_any_text_is_taken_and_one_without_a_candidate_stays(text):
    renamed = under_other_names(text, seed="s")
    if all(token.stem != "<candidate>" for token in packaged_normaliser().tokens(text)):
        assert renamed == text


def test_so_many_are_drawn_as_asked_for():
    drawn = sum(is_drawn(Example(f"teks {number}", None, "a", "g").sha256, 0.3) for number in range(2000))
    assert 540 <= drawn <= 660


def test_a_recipe_of_before_learns_the_texts_as_they_are():
    assert text_to_learn(Example("Ganjar menang", None, "a", "g"), Recipe(renamed=0.0)) == "Ganjar menang"
