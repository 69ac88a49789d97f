"""Registers are balanced: where form gives a label away, what is typical of it leaves, and content stays."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import f1_score

from hoakscheck.labels import Label
from hoakscheck.training.audit.forms import held_out_labels
from hoakscheck.training.corpus.balance import balance_registers, character_model
from hoakscheck.training.corpus.surface import strip_format
from hoakscheck.training.data.example import Example

WORDS = [
    "gubernur",
    "desa",
    "jalan",
    "air",
    "sawah",
    "sekolah",
    "pasar",
    "warga",
    "kota",
    "jembatan",
    "laut",
    "kapal",
    "dokter",
    "guru",
    "anak",
    "ibu",
    "pagi",
    "malam",
    "hujan",
]


def texts(count, *, provenance="source", kind="headline", seed=0):
    """Return hoaxes full of digits, benign texts with few, and some of each in the other's form."""
    random = np.random.default_rng(seed)
    found = []
    for number in range(count):
        label = Label.HOAX if number % 2 else Label.BENIGN
        typical = random.random() < 0.8
        digits = (label is Label.HOAX) == typical
        words = [str(word) for word in random.choice(WORDS, 9)]
        if digits:
            words[3:6] = [str(random.integers(10, 99)) for _ in range(3)]
        found.append(Example(" ".join(words) + f" {number:x}", label, "a", f"g{number}", kind=kind, provenance=provenance))
    return found


def told_by_form(examples):
    labels = np.array([str(example.label) for example in examples])
    forms = [strip_format(example.text) for example in examples]
    return f1_score(labels, held_out_labels(character_model(), forms, labels, np.arange(len(labels))), average="macro")


def test_form_tells_less_afterwards():
    before = texts(1_200)
    kept, left = balance_registers(before, rounds=3)
    assert len(kept) + len(left) == len(before)
    assert told_by_form(before) > 0.75
    assert told_by_form(kept) < 0.65
    assert len(kept) > len(before) / 4


def test_every_round_leaves_out_more_and_form_tells_less():
    before = texts(1_200)
    rounds = [balance_registers(before, rounds=number)[0] for number in (0, 1, 2, 3)]
    assert all(set(more) < set(fewer) for fewer, more in pairwise(rounds))
    told = [told_by_form(kept) for kept in rounds]
    assert told == sorted(told, reverse=True)


def test_what_is_kept_does_not_depend_on_the_order():
    before = texts(400)
    kept, _ = balance_registers(before)
    again, _ = balance_registers(before[::-1])
    assert abs(len({example.text for example in kept} ^ {example.text for example in again})) < 0.1 * len(kept)
    assert balance_registers(before)[0] == kept


def test_texts_that_were_read_or_written_stay():
    read = texts(300, provenance="read") + texts(100, provenance="authored", seed=1)
    kept, left = balance_registers(read + texts(300, seed=2))
    assert set(read) <= set(kept)
    assert {example.provenance for example in left} == {"source"}


def test_fact_checks_and_official_information_stay():
    spared = texts(300, kind="fact_check") + texts(100, kind="voter_info", seed=1)
    assert set(spared) <= set(balance_registers(spared + texts(300, seed=2))[0])


def test_too_few_groups_to_ask_leave_everything_as_it_is():
    few = texts(4)
    assert balance_registers(few) == (few, [])


@given(st.text())
def test_stripped_text_has_no_quotation_marks_brackets_or_question_marks(text):
    assert not set(strip_format(text)) & set('“”‘"?;()[]')


@given(st.text(alphabet="abkXYZ .,!?\"'“”:;-@#019%\n"))
def test_stripping_the_format_of_ordinary_writing_twice_is_stripping_it_once(text):
    stripped = strip_format(text)
    assert strip_format(stripped) == stripped
    assert stripped == stripped.lower()
