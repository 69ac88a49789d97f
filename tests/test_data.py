"""What the project ships as data: well-formed, marked, and its own."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from hoakscheck.labels import Facet, Label
from hoakscheck.training.corpus.duplicates import SIMILARITY, clusters, words
from hoakscheck.training.data.sources import MIRROR_VARIABLE, load, mirror_folder
from hoakscheck.training.data.standoff import read_labels

DATA = Path(__file__).parent.parent / "data"
AUTHORED = sorted((DATA / "authored").rglob("*.jsonl"))
KEYS = ["id", "pair", "label", "facet", "narrative", "rule", "register", "text"]


def authored():
    return [json.loads(line) for path in AUTHORED for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("path", AUTHORED, ids=lambda path: path.stem)
def test_authored_texts_carry_their_marks(path):
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        row = json.loads(line)
        assert list(row) == KEYS, number
        assert row["label"] in set(Label), number
        assert row["facet"] in set(Facet), (number, row["facet"])
        plain = path.parent.name == "everyday" and not row["rule"]  # what the questions alone decide needs no rule
        assert plain or 1 <= int(row["rule"].removeprefix("R")) <= 30, number
        assert row["narrative"] == "" or 1 <= int(row["narrative"].removeprefix("N")) <= 26, number
        assert row["id"].startswith(path.stem), number
        assert row["pair"].startswith(path.stem), number
        assert row["text"].strip(), number


def test_authored_ids_and_texts_are_unique():
    rows = authored()
    for key in ("id", "text"):
        repeated = [value for value, count in Counter(row[key] for row in rows).items() if count > 1]
        assert not repeated


def test_no_two_authored_texts_of_different_pairs_are_near_duplicates():
    rows = [row for row in authored() if len(words(row["text"])) >= 4]
    first = clusters([row["text"] for row in rows], similarity=SIMILARITY)
    clashes = [(rows[index]["id"], rows[of]["id"]) for index, of in enumerate(first) if rows[index]["pair"] != rows[of]["pair"]]
    assert not clashes


def test_every_label_is_written_in_every_common_register():
    seen = Counter((row["label"], row["register"]) for row in authored())
    registers = [
        "formal",
        "news",
        "headline",
        "neutral",
        "slang",
        "forward",
        "caption",
        "javanese",
        "sundanese",
        "betawi",
        "english_mix",
    ]
    missing = [(label.value, register) for label in Label for register in registers if seen[label, register] < 3]
    assert not missing


def test_labels_are_keyed_by_hash_and_hold_no_text():
    readings = read_labels(DATA / "labels")
    assert len(readings) > 9_000
    for path in (DATA / "labels").glob("*.csv"):
        assert path.read_text(encoding="utf-8").splitlines()[0] == "sha256,label,facet,kind,confidence,reader,guideline"


def test_labels_find_their_texts_in_the_mirror():
    mirror = mirror_folder()
    if mirror is None:
        pytest.skip(f"${MIRROR_VARIABLE} names no mirror of the raw sources")
    present = {example.sha256 for example in load(mirror)}
    readings = read_labels(DATA / "labels")
    found = sum(key in present for key in readings) / len(readings)
    assert found > 0.98, "at most 2 in 100 were read from copies that differ in encoding"


@pytest.mark.slow
def test_no_authored_text_is_somebody_elses():
    mirror = mirror_folder()
    if mirror is None:
        pytest.skip(f"${MIRROR_VARIABLE} names no mirror of the raw sources")
    theirs = {" ".join(words(example.text)) for example in load(mirror)}
    ours = [row["id"] for row in authored() if len(words(row["text"])) > 4 and " ".join(words(row["text"])) in theirs]
    assert not ours
