"""Stems are those of PySastrawi, whatever the word, and bounded in cost; the million of `benchmarks/stems.py` is sampled here."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest
from hypothesis import given, settings, target
from hypothesis import strategies as st

from hoakscheck.text import affixes, stemmer

PROGRAM = Path(__file__).parent.parent.parent / "benchmarks" / "stems.py"


@pytest.fixture(scope="module")
def stems():
    spec = importlib.util.spec_from_file_location("stems", PROGRAM)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def plain_roots(stems):
    return stems.Maker(0).plain


class Counting(frozenset):
    """Roots that count how often they are asked."""

    asked = 0

    def __contains__(self, word):
        Counting.asked += 1
        return super().__contains__(word)


@pytest.fixture(scope="module")
def counting(stems):
    return Counting(stems.ROOTS)


def asked_for(word, roots):
    """Return how often the roots are asked for one word."""
    Counting.asked = 0
    affixes.stem(word, roots)
    return Counting.asked


def test_the_roots_are_those_that_pysastrawi_reads(stems):
    assert stemmer._roots() == stems.ROOTS


def test_the_version_that_is_installed_is_one_whose_rules_were_compared():
    assert stemmer.installed_version() in stemmer.SAME_RULES


@pytest.mark.slow
def test_twenty_thousand_made_words(stems):
    assert stems.differences(stems.made_words(20_000, seed=77)) == []


@pytest.mark.slow
def test_two_thousand_hostile_words(stems):
    assert stems.differences(stems.hostile_words(2_000, seed=77)) == []


PIECES = st.sampled_from(
    re.findall(
        "[a-z]+",
        """di ke se ber be ter te me mem men meng menge meny pe per pem pen peng penge peny ku kau er el em in lah kah tah pun ku mu
        nya kan an i is isme isasi""",
    )
)
SYLLABLES = st.lists(PIECES | st.text("abeginmprstuyk", min_size=1, max_size=3), min_size=1, max_size=7).map("".join)
CLITICS = st.sampled_from(["", "-ku", "-nya", "-lah", "-pun"])


def cut(word):
    """Return a word that is short enough to be stemmed."""
    return word[: stemmer.LONGEST_WORD].strip("-")


@given(word=SYLLABLES)
@settings(max_examples=500, deadline=None)
def test_any_pile_of_affixes(stems, word):
    assert stems.differences([cut(word)]) == []


@given(left=SYLLABLES, right=SYLLABLES, clitic=CLITICS)
@settings(max_examples=300, deadline=None)
def test_any_two_piles_with_a_hyphen(stems, left, right, clitic):
    assert stems.differences([cut(f"{left}-{right}{clitic}")]) == []


@given(root=st.integers(0), before=PIECES, behind=PIECES, again=PIECES, lost=st.integers(0, 2), clitic=CLITICS)
@settings(max_examples=300, deadline=None)
def test_a_root_on_both_sides_of_a_hyphen(stems, plain_roots, root, before, behind, again, lost, clitic):
    one = plain_roots[root % len(plain_roots)]
    words = [f"{before}{one}-{one[lost:]}{behind}{clitic}", f"{before}{one}-{again}{one[lost:]}{behind}{clitic}"]
    assert stems.differences([cut(word) for word in words]) == []


#: One stem: up to six forms (prefix first, suffixes first, and four with suffixes given back, one of them with its k alone), each
#: with three prefixes of at most five questions, and one when all is done; and ten for the suffixes of both orders. A doubled word
#: takes three stems and four questions more.
MOST_QUESTIONS = 3 * (6 * (3 * 5 + 1) + 10) + 4


@given(left=SYLLABLES, right=st.just("") | SYLLABLES, clitic=CLITICS)
@settings(max_examples=500, deadline=None)
def test_no_word_asks_the_roots_more_often_than_the_rules_can(counting, left, right, clitic):
    asked = asked_for(cut(f"{left}-{right}{clitic}"), counting)
    target(float(asked))
    assert asked <= MOST_QUESTIONS


@pytest.mark.parametrize(
    "word",
    [
        "pememengeakan-memengemengeuaakukankupun",  # 170, the worst of 96,000 that were bred for it
        "pengepengeakan-memengepengemengekankupun",
        "pememengkan-memengepengepunmekukannyalah",
        "memengemengkan-memengemengeasirkannyalah",
        "pemengeberkan-memengemenkupuninkannyapun",
        "pengemengemeterpemmeanankannyakah",
        "nya" * 13,
        "di" * 20,
        "a" * 40,
        "-".join("a" * 20),
        "menge" * 8,
    ],
)
def test_the_worst_words_that_were_found_stay_as_they_were(counting, word):
    assert asked_for(word, counting) <= 170


def test_another_version_does_the_work_itself(monkeypatch):
    stemmer._rules.cache_clear()
    monkeypatch.setattr(stemmer, "SAME_RULES", frozenset())
    assert stemmer._rules().__self__.__class__.__module__ == "Sastrawi.Stemmer.Stemmer"
    assert stemmer.SastrawiStemmer().stem("memenangkan") == "menang"
    stemmer._rules.cache_clear()
