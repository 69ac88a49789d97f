"""Every rule that PySastrawi has, by a word that needs it: a rule that changes in a later version is noticed here."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from Sastrawi.Dictionary.ArrayDictionary import ArrayDictionary
from Sastrawi.Stemmer.ConfixStripping.PrecedenceAdjustmentSpecification import PrecedenceAdjustmentSpecification as PrefixFirst
from Sastrawi.Stemmer.Context.Context import Context
from Sastrawi.Stemmer.Stemmer import Stemmer
from Sastrawi.Stemmer.StemmerFactory import StemmerFactory

from hoakscheck.text import affixes

CASES = json.loads((Path(__file__).parent / "cases" / "stems.json").read_text(encoding="utf-8"))
PLAIN_WORDS = [case["word"] for case in CASES if "-" not in case["word"]]

ROOTS = frozenset(StemmerFactory().get_words())
SASTRAWI = Stemmer(ArrayDictionary(ROOTS))
VISITORS = SASTRAWI.visitor_provider
PLAIN_PREFIX = VISITORS.prefix_visitors[0]
PREFIX_RULES = {
    type(rule).__name__.removeprefix("DisambiguatorPrefixRule"): rule
    for visitor in VISITORS.prefix_visitors[1:]
    for rule in visitor.disambiguators
}

#: The first readings of the infix rules leave the word as it is: they are no root, or it would not have come so far.
WITHOUT_EFFECT = {"37a", "38a", "39a", "40a"}
SUFFIXES = [["lah", "kah", "tah", "pun"], ["ku", "mu", "nya"], ["is", "isme", "isasi", "i", "kan", "an"]]
CONFIXES = [("be", "lah"), ("be", "an"), ("me", "i"), ("di", "i"), ("pe", "i"), ("ter", "i")]


def is_noticed(monkeypatch, owner, name, changed):
    """Tell whether a rule of PySastrawi that is changed changes the stem of a word of ours."""
    before = [SASTRAWI.stem_word(word) for word in PLAIN_WORDS]
    with monkeypatch.context() as change:
        change.setattr(owner, name, changed)
        return before != [SASTRAWI.stem_word(word) for word in PLAIN_WORDS]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['rule']}: {case['word']}")
def test_a_word_of_each_rule_has_the_same_stem_here_and_there(case):
    stem = case["stem"]
    assert (affixes.stem(case["word"], ROOTS), SASTRAWI.stem_word(case["word"])) == (stem, stem)


@pytest.mark.parametrize("number", sorted(PREFIX_RULES.keys() - WITHOUT_EFFECT))
def test_the_words_notice_when_a_prefix_rule_goes(monkeypatch, number):
    assert is_noticed(monkeypatch, PREFIX_RULES[number], "disambiguate", lambda _word: None)


def test_pysastrawi_has_the_prefix_rules_that_we_know():
    numbers = {int(re.match(r"\d+", number)[0]) for number in PREFIX_RULES}
    assert (numbers, len(PREFIX_RULES)) == ({*range(1, 43)} - {22, 33}, 58)
    assert PREFIX_RULES.keys() >= WITHOUT_EFFECT


@pytest.mark.parametrize(
    ("kind", "suffix"),
    [pytest.param(kind, suffix, id=suffix) for kind, suffixes in enumerate(SUFFIXES) for suffix in suffixes],
)
def test_the_words_notice_when_a_suffix_goes(monkeypatch, kind, suffix):
    hyphens = "" if suffix in SUFFIXES[2] else "-*"
    others = re.compile(f"{hyphens}({'|'.join(other for other in SUFFIXES[kind] if other != suffix)})$")
    visitor = VISITORS.suffix_visitors[kind]
    assert is_noticed(monkeypatch, visitor, "remove", lambda word: others.sub("", word, count=1))


@pytest.mark.parametrize("prefix", ["di", "ke", "se"])
def test_the_words_notice_when_a_plain_prefix_goes(monkeypatch, prefix):
    remove = PLAIN_PREFIX.remove
    assert is_noticed(monkeypatch, PLAIN_PREFIX, "remove", lambda word: word if word.startswith(prefix) else remove(word))


@pytest.mark.parametrize(("prefix", "suffix"), CONFIXES, ids="-".join)
def test_the_words_notice_when_a_confix_is_undone_suffix_first(monkeypatch, prefix, suffix):
    is_first = PrefixFirst.is_satisfied_by

    def without(self, word):
        return is_first(self, word) and not (word.startswith(prefix) and word.endswith(suffix))

    assert is_noticed(monkeypatch, PrefixFirst, "is_satisfied_by", without)


def test_the_words_notice_when_no_suffix_is_given_back(monkeypatch):
    assert is_noticed(monkeypatch, Context, "loop_pengembalian_akhiran", lambda _context: None)


def test_the_words_notice_when_a_short_word_is_stemmed(monkeypatch):
    assert is_noticed(monkeypatch, VISITORS.visitors[0], "is_short_word", lambda _word: False)


def test_the_words_notice_when_two_prefixes_are_the_most(monkeypatch):
    def remove_two(context):
        for _ in range(2):
            context.accept_prefix_visitors(context.prefix_visitors)
            if context.dictionary.contains(context.current_word):
                return

    assert is_noticed(monkeypatch, Context, "remove_prefixes", remove_two)
