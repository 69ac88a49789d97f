"""Stems are Sastrawi's, word by word, except where the override list says otherwise."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from Sastrawi.Dictionary.ArrayDictionary import ArrayDictionary
from Sastrawi.Stemmer.Stemmer import Stemmer
from Sastrawi.Stemmer.StemmerFactory import StemmerFactory

from hoakscheck.text.lexicon import packaged
from hoakscheck.text.stemmer import CACHE_SIZE, LONGEST_WORD, SastrawiStemmer
from hoakscheck.training.data import sources


@pytest.fixture(scope="module")
def roots():
    return StemmerFactory().get_words()


@pytest.fixture(scope="module")
def sastrawi(roots):
    return Stemmer(ArrayDictionary(roots))


def differences(words, sastrawi):
    overrides = packaged().overrides
    ours = SastrawiStemmer(overrides)
    return {word for word in words if word not in overrides and ours.stem(word) != sastrawi.stem_word(word)}


@pytest.mark.slow
def test_on_sixty_thousand_real_word_types(sastrawi):
    mirror = sources.mirror_folder()
    if mirror is None:
        pytest.skip(f"${sources.MIRROR_VARIABLE} names no mirror of the raw sources")
    types = {word for example in sources.load(mirror) for word in re.findall(r"[a-z]+(?:-[a-z]+)*", example.text.lower())}
    chosen = sorted(types)[:: max(len(types) // 65_000, 1)][:65_000]
    assert len(chosen) >= 60_000
    assert not differences([word for word in chosen if len(word) <= LONGEST_WORD], sastrawi)


def test_on_roots_with_affixes(roots, sastrawi):
    some = [root for root in roots[::150] if root.isalpha()]
    words = {form for root in some for form in (root, f"di{root}kan", f"ber{root}", f"pe{root}an", f"{root}nya", f"{root}-{root}")}
    assert len(words) > 1_000
    assert not differences(words, sastrawi)


def test_every_override_differs_from_sastrawi(sastrawi):
    assert not [word for word, stem in packaged().overrides.items() if sastrawi.stem_word(word) == stem]


@pytest.mark.parametrize("word", ["", "a", "menulis(", "p3milu", "a--b", "мир", "\ud83d", "-", "x" * (LONGEST_WORD + 1)])
def test_what_is_no_plain_word_comes_back(word):
    assert SastrawiStemmer().stem(word) == word


def test_memory_is_bounded():
    stemmer = SastrawiStemmer()
    assert stemmer._stem_cached.cache_info().maxsize == CACHE_SIZE


@pytest.mark.parametrize(
    ("name", "version", "complaint"),
    [
        ("Sastrawi", "1.0.1", "the legacy distribution 'Sastrawi' is installed"),
        ("PySastrawi", "1.2.0", "PySastrawi 1.2.0 is too old"),
    ],
)
def test_another_distribution_is_refused_with_the_command_that_mends_it(tmp_path, name, version, complaint):
    info = tmp_path / f"{name}-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", encoding="utf-8")
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import hoakscheck\n"
    code += "try: hoakscheck.classify('halo')\nexcept hoakscheck.SastrawiError as error: print(error.found, '|', error)"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert printed.startswith(f"{name} {version} | {complaint}")
    assert "pip uninstall -y Sastrawi PySastrawi && pip install 'PySastrawi>=1.2.1'" in printed
