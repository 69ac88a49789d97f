"""What serving does, counted instead of timed, so that no noise of a machine can fail it.

The ceilings are 1.3 to 2 times what was counted when they were set; a path that becomes one over characters, a cache that is
lost or a list that is parsed at load goes far beyond. Lower one when the count falls.
"""

from __future__ import annotations

import subprocess
import sys
import tracemalloc

import pytest

from hoakscheck import Classifier
from hoakscheck.serving.bulk import FEW_TEXTS
from hoakscheck.text import affixes, stemmer
from hoakscheck.text.normaliser import Normaliser

#: Calls of Python functions and of C functions.
CALLS_OF_A_BLOCK = 700
CALLS_OF_A_WORD = 13
CALLS_OF_A_NEW_WORD = 230
MODULES_OF_A_FIRST_ANSWER = 330
BYTES_OF_A_TEXT = 9_000


def calls(run):
    """Return how many functions are called."""
    count = 0

    def seen(_frame, event, _argument):
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(seen)
    try:
        run()
    finally:
        sys.setprofile(None)
    return count


@pytest.fixture(scope="module")
def posts(authored_texts):
    return [text for text in authored_texts if 10 <= len(text.split()) <= 40][:2_000]


def test_a_block_takes_so_many_steps_however_many_texts_it_has(shipped, posts):
    few, many = posts[:200], posts
    shipped.decide_block(many)
    counts = [calls(lambda texts=texts: shipped.decide_block(texts)) for texts in (few, many)]
    assert max(counts) < CALLS_OF_A_BLOCK + 2 * len(many)  # a check of each text's type, and long chunks looked up
    assert counts[1] - counts[0] < 3 * (len(many) - len(few))


def test_one_text_takes_so_many_steps_a_word(shipped, posts):
    for text in posts[:50]:
        shipped.decide(text)
    counted = sum(calls(lambda text=text: shipped.decide(text)) for text in posts[:50])
    assert counted < CALLS_OF_A_WORD * sum(len(text.split()) for text in posts[:50])


def test_a_new_word_takes_so_many_steps_and_an_old_one_none(shipped):
    words = [f"memper{a}{b}{c}tukannya" for a in ("ba", "ci", "du") for b in ("ge", "ho", "ja") for c in ("ki", "lo", "mu", "ne")]
    texts = [" ".join(words)] * (FEW_TEXTS + 1)
    shipped.decide_block(["ayo ke tps besok"] * (FEW_TEXTS + 1))
    new = calls(lambda: shipped.decide_block(texts))
    old = calls(lambda: shipped.decide_block(texts))
    assert old < CALLS_OF_A_BLOCK + 3 * len(words) * len(texts)  # longer than the table holds: each is looked up by itself
    assert new - old < CALLS_OF_A_NEW_WORD * len(words)


def test_a_word_is_stemmed_once(monkeypatch, posts):
    stemmed = []

    def counting(word, roots):
        stemmed.append(word)
        return affixes.stem(word, roots)

    monkeypatch.setattr(stemmer, "_rules", lambda: lambda word: counting(word, stemmer._roots()))
    normaliser = Normaliser()
    for text in posts[:300] * 2:
        normaliser.unplaced_tokens(text)
    assert len(stemmed) == len(set(stemmed)) > 1_000


class Counting(frozenset):
    """Roots that count how often they are asked."""

    asked = 0

    def __contains__(self, word):
        Counting.asked += 1
        return super().__contains__(word)


@pytest.mark.parametrize(
    "word",
    [
        "a" * 40,
        "memper" * 6,
        "nya" * 13,
        "keberterpemberdikan" * 2,
        "gerigi" * 6,
        "ber-" * 9 + "an",
        "men" * 13,
        "isasiismekanannyalah" * 2,
    ],
)
def test_no_word_asks_the_roots_often(word):
    roots = Counting({"tiru"})
    Counting.asked = 0
    affixes.stem(word[: stemmer.LONGEST_WORD].strip("-"), roots)
    assert Counting.asked <= 120


def test_a_text_of_a_block_takes_little_memory(shipped, posts):
    shipped.decide_block(posts)
    tracemalloc.start()
    shipped.decide_block(posts)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < BYTES_OF_A_TEXT * len(posts)


def test_a_first_answer_imports_little_and_reads_the_model_once():
    code = """
import sys
opened = []
sys.addaudithook(lambda event, found: event == "open" and opened.append(str(found[0])))
import hoakscheck
hoakscheck.classify("Ayo coblos nomor 3, relawannya memenangkan!")
print(len(sys.modules), sum(name.endswith(("weights.npy", "vocabulary.txt", "kata-dasar.txt")) for name in opened))
print(*sorted(name for name in ("shutil", "importlib.metadata", "hoakscheck.civic.rules", "hoakscheck.serving.bulk")
              if name in sys.modules))
"""
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split("\n")
    modules, reads = map(int, printed[0].split())
    assert (modules < MODULES_OF_A_FIRST_ANSWER, reads, printed[1]) == (True, 3, "")


def test_loading_makes_no_object_for_every_feature():
    before = Classifier.load("hoakscheck-id")
    count = len(before._model.tables.idf)
    assert calls(lambda: Classifier.load("hoakscheck-id")) < count / 5
