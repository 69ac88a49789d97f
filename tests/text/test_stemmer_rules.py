"""Every rule of Sastrawi's on every root that it knows: outside the override list the answers are its own."""

from __future__ import annotations

import itertools
import re

import pytest
from Sastrawi.Stemmer.StemmerFactory import StemmerFactory

from hoakscheck.text.lexicon import packaged
from hoakscheck.text.stemmer import LONGEST_WORD, SastrawiStemmer

PREFIXES = ["me", "mem", "men", "meng", "meny", "pe", "pem", "peng", "di", "ke", "se", "ber", "ter", "per", "memper", "diper"]
SUFFIXES = ["", "kan", "an", "i", "nya", "lah", "kah", "ku", "mu", "annya", "kannya"]


@pytest.fixture(scope="module")
def sastrawi():
    return StemmerFactory().create_stemmer()


def differences(words, sastrawi):
    overrides = packaged().overrides
    ours = SastrawiStemmer(overrides)
    return {word: ours.stem(word) for word in words if word not in overrides and ours.stem(word) != sastrawi.stem(word)}


@pytest.mark.slow
def test_on_every_root_and_forms_of_each(sastrawi):
    roots = [root for root in StemmerFactory().get_words() if re.fullmatch("[a-z]+", root)]
    affixes = itertools.cycle(itertools.product(PREFIXES, SUFFIXES))
    forms = {prefix + root + suffix for root, (prefix, suffix) in zip(roots, affixes, strict=False)}
    bare_suffixes = {root + SUFFIXES[1 + number % (len(SUFFIXES) - 1)] for number, root in enumerate(roots[::4])}
    words = {word for word in {*roots, *forms, *bare_suffixes} if len(word) <= LONGEST_WORD}
    assert len(words) >= 60_000
    assert differences(words, sastrawi) == {}


def test_doubled_words_are_stemmed_as_sastrawi_does(sastrawi):
    words = ["anak-anak", "anak-anaknya", "berlari-lari", "tolong-menolong", "sayur-mayur", "undang-undangnya", "mobil-mobilan"]
    assert differences(words, sastrawi) == {}


def test_an_override_goes_before_sastrawi():
    assert SastrawiStemmer({"menang": "juara"}).stem("menang") == "juara"
    assert SastrawiStemmer().stem("menang") == "menang"


def test_a_word_is_asked_of_sastrawi_once():
    stemmer = SastrawiStemmer()
    assert stemmer.stem("memenangkan") == stemmer.stem("memenangkan") == "menang"
    assert stemmer._stem_cached.cache_info()[:2] == (1, 1)


@pytest.mark.parametrize(
    "word", ["menulis1", "Menulis", "menulis\n", "-menulis", "menulis-", "мир", "\ud800", "me nulis", "m" * (LONGEST_WORD + 1)]
)
def test_what_is_no_plain_word_never_reaches_sastrawi(word):
    stemmer = SastrawiStemmer()
    assert stemmer.stem(word) == word
    assert stemmer._stem_cached.cache_info().currsize == 0
