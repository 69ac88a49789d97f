"""The catalogue says of every source where it lies, whose it is, and what it may be used for."""

from __future__ import annotations

from pathlib import Path

import pytest

from hoakscheck.errors import DatasetError
from hoakscheck.training.data.catalogue import read_catalogue
from hoakscheck.training.data.fetch import verify
from hoakscheck.training.data.sources import EVALUATION, MIRROR_VARIABLE, TRAINING, load, mirror_folder

DATA = Path(__file__).parents[2] / "data"

ENTRY = """
[[source]]
slug = "a"
address = "https://contoh.example/a"
commit = "1"
licence = "unstated"
publisher = "warga"
period = ["2024-01-01", "2024-12-31"]
text_type = "posts"
labels = ["benign"]
rule = "by reading"
use = "training"
leaks = []
personal_data = "none"
[[source.file]]
name = "a.csv"
url = "https://contoh.example/a.csv"
sha256 = "0000000000000000000000000000000000000000000000000000000000000000"
bytes = 3
"""


def catalogue(folder, text):
    (folder / "sources.toml").write_text(text, encoding="utf-8")
    return read_catalogue(folder)


def test_every_source_that_is_used_has_an_entry_with_its_use():
    found = read_catalogue(DATA)
    assert {folder for folder, _ in TRAINING.values()} <= {slug for slug, source in found.items() if source.use == "training"}
    assert {folder for folder, _ in EVALUATION.values()} == {slug for slug, source in found.items() if source.use == "evaluation"}


def test_every_file_is_pinned_to_a_commit():
    for source in read_catalogue(DATA).values():
        assert all(source.commit in file.url for file in source.files), source.slug
        assert len(source.commit) == 40


def test_every_entry_says_what_it_should():
    for source in read_catalogue(DATA).values():
        assert source.publisher, source.slug
        assert source.rule, source.slug
        assert source.leaks, source.slug
        assert source.period[0] <= source.period[1], source.slug
        assert bool(source.labels) or source.use == "unused", source.slug


def test_an_unstated_licence_is_no_licence(tmp_path):
    assert not catalogue(tmp_path, ENTRY)["a"].is_licensed
    assert catalogue(tmp_path, ENTRY.replace("unstated", "CC-BY-4.0"))["a"].is_licensed


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("publisher", "publisha"), "source a: 'publisher' is missing"),
        (('["benign"]', '["true"]'), "source a: 'true' is not a valid Label"),
        (('use = "training"', 'use = "test"'), "source a: use is 'test', expected one of training, evaluation, unused"),
        (("000000", "xyz"), "is no SHA-256"),
        (('name = "a.csv"', 'name = "../a.csv"'), "'../a.csv' is no plain file name"),
        (('slug = "a"', "slug = "), "no valid TOML"),
        (('["2024-01-01", "2024-12-31"]', '["2024-01-01"]'), "source a: list index out of range"),
    ],
)
def test_a_mistake_is_named_with_its_source(tmp_path, change, complaint):
    with pytest.raises(DatasetError, match=complaint):
        catalogue(tmp_path, ENTRY.replace(*change))


def test_a_source_stands_there_once(tmp_path):
    with pytest.raises(DatasetError, match="source a stands there twice"):
        catalogue(tmp_path, ENTRY + ENTRY)


def test_a_missing_catalogue_says_what_to_do(tmp_path):
    with pytest.raises(DatasetError, match="name the project's data folder with --data"):
        read_catalogue(tmp_path)


def test_the_mirror_holds_the_files_of_the_catalogue():
    mirror = mirror_folder()
    if mirror is None:
        pytest.skip(f"${MIRROR_VARIABLE} names no mirror of the raw sources")
    states = [state for source in read_catalogue(DATA).values() for state in verify(source, mirror)]
    assert {state.state for state in states} == {"ok"}


@pytest.mark.slow
def test_every_text_of_the_mirror_has_a_publisher_and_withheld_topics_stay_out():
    mirror = mirror_folder()
    if mirror is None:
        pytest.skip(f"${MIRROR_VARIABLE} names no mirror of the raw sources")
    known = read_catalogue(DATA)
    examples = list(load(mirror, catalogue=known))
    assert all(example.publisher for example in examples)
    assert len(known["pilpres2019-tweets-leiden"].withheld) == 84
    dated = sum(bool(example.date) for example in examples) / len(examples)
    assert dated > 0.6
