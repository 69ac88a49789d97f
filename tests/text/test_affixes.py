"""Stems are those of PySastrawi, whatever the word; the million of `benchmarks/stems.py` is sampled here."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hoakscheck.text import affixes, stemmer

PROGRAM = Path(__file__).parent.parent.parent / "benchmarks" / "stems.py"


@pytest.fixture(scope="module")
def stems():
    spec = importlib.util.spec_from_file_location("stems", PROGRAM)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_roots_are_those_that_pysastrawi_reads(stems):
    assert stemmer._roots() == stems.ROOTS


def test_the_version_that_is_installed_is_one_whose_rules_were_compared():
    assert stemmer.installed_version() in stemmer.SAME_RULES


@pytest.mark.slow
def test_twenty_thousand_made_words(stems):
    assert stems.differences(stems.made_words(20_000, seed=77)) == []


PIECES = st.sampled_from(
    [
        "di",
        "ke",
        "se",
        "ber",
        "be",
        "ter",
        "te",
        "me",
        "mem",
        "men",
        "meng",
        "meny",
        "pe",
        "per",
        "pem",
        "pen",
        "peng",
        "peny",
        "ku",
        "kau",
        "er",
        "el",
        "em",
        "in",
        "lah",
        "ku",
        "nya",
        "kan",
        "an",
        "i",
    ]
)


@given(word=st.lists(PIECES | st.text("abeginmprstuyk", min_size=1, max_size=3), min_size=1, max_size=7).map("".join))
@settings(max_examples=500, deadline=None)
def test_any_pile_of_affixes(stems, word):
    assert stems.differences([word[: stemmer.LONGEST_WORD]]) == []


@pytest.mark.parametrize(
    ("rule", "word", "stem"),
    [
        ("2", "bermain", "main"),
        ("4", "belajar", "ajar"),
        ("9", "tepercaya", "percaya"),
        ("13", "memilih", "pilih"),
        ("15", "menangkap", "tangkap"),
        ("17", "mengecat", "cat"),
        ("18", "menyapu", "sapu"),
        ("23", "perkara", "perkara"),
        ("30", "pengebom", "bom"),
        ("32", "pelajar", "ajar"),
        ("37", "seruling", "seruling"),
        ("confix first", "berjatuhan", "jatuh"),
        ("a suffix given back", "jelekan", "jele"),
        ("a doubled word without its prefix", "meniru-nirukan", "tiru"),
        ("a clitic behind a doubled word", "anak-anak-nya", "anak"),
        ("no word twice", "sayur-mayur", "sayur-mayur"),
        ("plain prefix of a short word", "dia", "dia"),
    ],
)
def test_every_kind_of_rule_is_reached(stems, rule, word, stem):
    assert affixes.stem(word, stems.ROOTS) == str(stems._THEIRS.stem_word(word)), rule
    if rule != "a suffix given back":
        assert affixes.stem(word, stems.ROOTS) == stem


def test_another_version_does_the_work_itself(monkeypatch):
    stemmer._rules.cache_clear()
    monkeypatch.setattr(stemmer, "SAME_RULES", frozenset())
    assert stemmer._rules().__self__.__class__.__module__ == "Sastrawi.Stemmer.Stemmer"
    assert stemmer.SastrawiStemmer().stem("memenangkan") == "menang"
    stemmer._rules.cache_clear()
