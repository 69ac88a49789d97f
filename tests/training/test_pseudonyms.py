"""Texts learnt under other names: candidates of the lexicon become names that it does not hold, and nothing else changes."""

import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoakscheck.text.normaliser import packaged_normaliser
from hoakscheck.training.data.example import Example
from hoakscheck.training.fit import renditions
from hoakscheck.training.pseudonyms import (
    _BEGINNINGS,
    _ENDINGS,
    _MIDDLES,
    KEPT_TO_MEASURE,
    invented_name,
    names_in,
    under_other_names,
)
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


@pytest.mark.parametrize("version", [1, 2, 3])
def test_no_invented_name_is_known(version):
    normaliser, random = packaged_normaliser(version), Random("names")
    for name in {invented_name(random, normaliser).lower() for _ in range(5_000)}:
        assert [token.stem for token in normaliser.tokens(name)] == [name]
        assert not normaliser._is_listed(name)


def test_what_neutrality_is_measured_with_is_not_among_the_names():
    spelled = re.compile("(?:{})(?:{})(?:{})".format(*map("|".join, (_BEGINNINGS, _MIDDLES, _ENDINGS))), re.IGNORECASE)
    assert spelled.fullmatch("Sudijaya")
    assert not [word for name in UNKNOWN for word in re.split("[ -]", name) if spelled.fullmatch(word)]


@pytest.mark.parametrize(
    ("text", "like"),
    [
        ("Anies, Ganjar, dan Prabowo", r"(\w+), (\w+), dan (\w+)"),
        ("Anies.Ganjar", r"(\w+)\.(\w+)"),
        ("Anies&amp;Ganjar", r"(\w+)&amp;(\w+)"),
        ("Anies 🔥🔥 Ganjar", r"(\w+) 🔥🔥 (\w+)"),
        ("Ganjar @prabowo halo", r"(\w+) @prabowo halo"),
        ("@prabowo Ganjar", r"@prabowo (\w+)"),
        ("Prabowo Gibran lalu Prabowo-Gibran", r"(\w+) (\w+) lalu \1-\2"),
        ("PRABOWO-Gibran", r"([A-Z]+)-([A-Z][a-z]+)"),
        ("Anies Baswedan lalu Anies", r"(\w+) (\w+) lalu \1"),
    ],
)
def test_nothing_but_the_names_changes(text, like):
    renamed = under_other_names(text, seed="1")
    found = re.fullmatch(like, renamed)
    assert found, renamed
    assert {name.lower() for name in found.groups()}.isdisjoint({"anies", "ganjar", "prabowo", "gibran", "baswedan"})


@pytest.mark.parametrize(
    ("text", "like"),
    [
        ("Debat Anies-vs-Ganjar malam", r"Debat (\w+)-vs-(\w+) malam"),
        ("anti-Prabowo", r"anti-(\w+)"),
        ("Prabowo-nya unggul", r"(\w+)-nya unggul"),
        ("Prabowo&Gibran", r"(?!\w+&Gibran)(\w+)&(\w+)"),
        ("Prab0wo menang", r"([a-zA-Z]+) menang"),
    ],
)
def test_names_with_hyphens_and_hidden_letters_change_alone(text, like):
    renamed = under_other_names(text, seed="1")
    assert renamed != text
    assert re.fullmatch(like, renamed)
    assert not re.search("prab|gibran|anies|ganjar", renamed.lower())


@pytest.mark.xfail(strict=True, reason="a sign within a name parts it")
def test_a_name_with_a_sign_in_it_changes_as_a_whole():
    assert re.fullmatch(r"\w+ menang", under_other_names("Pr@bowo menang", seed="1"))


@pytest.mark.parametrize("text", ["AMIN menang", "TKN-Prabowo", "p r a b o w o menang", "@ganjarpranowo halo"])
def test_acronyms_teams_letters_and_accounts_stay(text):
    assert under_other_names(text, seed="1") == text


def test_one_name_stays_one_name_in_its_own_writing():
    first, second, third = under_other_names("Ganjar lalu GANJAR lalu ganjar", seed="4").split(" lalu ")
    assert (first.upper(), first.lower()) == (second, third)


@given(st.text(max_size=60))
def test_any_text_is_taken_and_one_without_a_candidate_stays(text):
    renamed = under_other_names(text, seed="s")
    if all(token.stem != "<candidate>" for token in packaged_normaliser().tokens(text)):
        assert renamed == text


def test_what_names_a_candidate_is_learnt_under_both_names_and_weighs_no_more():
    (written, rest, _), (renamed, share, _) = renditions(Example("Ganjar menang", None, "a", "g"), Recipe(renamed=0.3))
    assert (written, rest, share) == ("Ganjar menang", 0.7, 0.3)
    assert re.fullmatch(r"[A-Z]\w+ menang", renamed)
    assert "Ganjar" not in renamed


def test_in_figures_it_counts_once_and_under_other_names_as_often_as_asked_for():
    examples = [Example(f"Ganjar menang {number}", None, "a", "g") for number in range(2000)]
    counted = [[counts for *_, counts in renditions(example, Recipe(renamed=0.3))] for example in examples]
    assert {sum(each) for each in counted} == {1}
    assert 540 <= sum(renamed for _, renamed in counted) <= 660


@pytest.mark.parametrize(("text", "renamed"), [("KPU membuka pendaftaran", 0.3), ("Ganjar menang", 0.0)])
def test_what_names_nobody_or_is_not_to_be_renamed_is_learnt_as_it_is(text, renamed):
    assert renditions(Example(text, None, "a", "g"), Recipe(renamed=renamed)) == [(text, 1.0, True)]


def test_names_of_authored_texts_are_borrowed_for_some():
    names = ("togar", "ratih")
    found = {under_other_names("Ganjar menang", seed=str(seed), names=names).split()[0].lower() for seed in range(40)}
    assert found > set(names)


def test_nobody_that_a_model_is_measured_with_is_borrowed():
    measured = {part for name in UNKNOWN for part in re.split("[ -]", name)} - {"mas"}
    assert measured <= KEPT_TO_MEASURE
    assert names_in(f"Pilih Pak {name}" for name in sorted(measured)) == ()
