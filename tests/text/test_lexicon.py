"""The word lists: data that people edit by hand, so their form is checked."""

from __future__ import annotations

from importlib import resources

import pytest

from hoakscheck.text.lexicon import LISTS, packaged

COLUMNS = {"slang": 2, "overrides": 3, "roles": 4, "hashtag_words": 1, "leet_exempt": 1, "english": 2, "voting_days": 2}


def rows(name):
    text = resources.files("hoakscheck.text").joinpath("words", f"{name}.tsv").read_text(encoding="utf-8")
    return text.splitlines()[0], [line.split("\t") for line in text.splitlines()[1:]]


@pytest.mark.parametrize("name", LISTS)
def test_a_list_names_its_columns_and_keeps_to_them(name):
    header, found = rows(name)
    assert header.startswith("# ")
    assert "written for this project" in header
    assert {len([cell for cell in row if cell]) for row in found} == {COLUMNS[name]}


@pytest.mark.parametrize("name", LISTS)
def test_keys_are_lower_case_sorted_and_unique(name):
    keys = [row[0] for row in rows(name)[1]]
    assert keys == sorted(set(keys))
    assert all(key == key.lower().strip() for key in keys)


def test_roles_are_known_and_valid_for_years_in_order():
    for name, role, since, until in rows("roles")[1]:
        assert role in {"CANDIDATE", "PARTY", "TICKET", "ORGANISER"}, name
        assert 1998 <= int(since) <= int(until) <= 2035, name


def test_organisers_keep_their_names():
    assert "kpu" not in packaged().roles
    assert packaged().roles["prabowo"] == "<candidate>"


def test_standard_words_are_no_slang_themselves():
    lexicon = packaged()
    assert not [form for form, standard in lexicon.slang.items() if any(word in lexicon.slang for word in standard.split())]


@pytest.mark.parametrize("word", ["pan", "apk", "tps", "amin", "kpu", "caleg", "paslon"])
def test_homonyms_and_terms_of_the_field_are_no_slang(word):
    assert word not in packaged().slang
