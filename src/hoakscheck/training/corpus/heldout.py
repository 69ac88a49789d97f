"""Held-out sets: what no model of this project is trained, calibrated or tuned on."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from hoakscheck.labels import Label
from hoakscheck.training.corpus.build import Corpus
from hoakscheck.training.corpus.duplicates import clusters
from hoakscheck.training.data import sources
from hoakscheck.training.data.example import Example

#: Words that mark a ministry's hoax title as electoral or political; its file mixes in health, disasters and scams.
_ELECTORAL = re.compile(
    r"\b(?:pemilu|pilkada|pilpres|pileg|pilgub|kpu|bawaslu|kpps|tps|capres|cawapres|caleg|paslon|coblos\w*|surat suara"
    r"|kotak suara|kampanye|partai|presiden|gubernur|bupati|wali ?kota|jokowi|prabowo|anies|ganjar|gibran)\b"
)
_SETS: Final = {
    "posts_double": "posts of the 2024 and 2017 races, each read twice",
    "authored": "authored minimal pairs, a third by pair",
    "hoaxes_komdigi": "electoral hoax titles of the ministry, a desk not trained on; only hoaxes",
    "articles_tribun": "long political articles of a publisher not trained on; only benign",
    "articles_pratiwi": "600 articles on twelve topics, both classes, not trained on",
}


def held_out_sets(corpus: Corpus, mirror: Path | None) -> dict[str, list[Example]]:
    """Return the held-out sets by name; without a mirror only the authored one.

    Titles that are near-duplicates of something trained on are left out.
    """
    found = {
        "posts_double": [example for example in corpus.held_out if example.provenance == "evaluation"],
        "authored": [example for example in corpus.held_out if example.provenance == "authored"],
    }
    if mirror is not None:
        ministry = [example for example in sources.load(mirror, ["komdigi-stemmed"]) if _ELECTORAL.search(example.text)]
        found["hoaxes_komdigi"] = unseen(ministry, corpus.examples)
        found["articles_tribun"] = list(sources.load(mirror, ["tribun-politik-valid"]))
        found["articles_pratiwi"] = list(sources.load(mirror, ["pratiwi-mendeley"]))
    return {name: found[name] for name in _SETS if found.get(name)}


def unseen(examples: Sequence[Example], trained: Sequence[Example]) -> list[Example]:
    """Return the examples that are no near-duplicates of what was trained on, nor of each other."""
    texts = [example.text for example in trained] + [example.text for example in examples]
    first = clusters(texts)
    return [example for index, example in enumerate(examples, start=len(trained)) if first[index] == index]


def write_held_out(sets: dict[str, list[Example]], folder: Path) -> list[Path]:
    """Write one JSON-lines file per set, with ``text`` and ``label``, as ``hoakscheck evaluate`` reads it.

    The files hold texts of others: keep them to yourself.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, examples in sets.items():
        path = folder / f"{name}.jsonl"
        rows = [{"text": example.published, "label": Label(example.label).value} for example in examples if example.label]
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
        written.append(path)
    return written
