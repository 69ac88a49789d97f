"""A corpus on disk: one row a text with all that is known of it, what was left out and why, and a summary.

The folder holds texts of others. It is for the machine that built it; only its counts and hashes may be published.
"""

from __future__ import annotations

import csv
import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from hoakscheck.errors import DatasetError, OutputExistsError
from hoakscheck.training.corpus.build import Corpus
from hoakscheck.training.corpus.electoral import is_electoral
from hoakscheck.training.corpus.splits import Split
from hoakscheck.training.corpus.surface import strip_format
from hoakscheck.training.data.example import Example

TEXTS: Final = "corpus.jsonl"
DROPPED: Final = "dropped.csv"
SUMMARY: Final = "summary.json"


def write_corpus(corpus: Corpus, folder: Path, *, split: Split | None = None, overwrite: bool = False) -> dict[str, Any]:
    """Write a corpus to a folder, whole or not at all, and return its summary.

    Texts are written without format (:func:`strip_format`), with the SHA-256 of the text as it is learnt: that of the published one
    but for posts that lost mentions (:func:`.cut_addressing`).

    Raises:
        OutputExistsError: the folder exists and is not to be replaced.
    """
    if folder.exists() and not overwrite:
        raise OutputExistsError(folder)
    if folder.exists() and any(path.name not in {TEXTS, DROPPED, SUMMARY} for path in folder.iterdir()):
        raise DatasetError(folder, "holds other files than a corpus; it is not replaced")
    folder.parent.mkdir(parents=True, exist_ok=True)
    new = folder.with_name(f".{folder.name}.{uuid4().hex[:8]}")
    new.mkdir()
    try:
        summary = _write(corpus, new, split)
        if folder.exists():
            shutil.rmtree(folder)
        new.replace(folder)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return summary


def _write(corpus: Corpus, folder: Path, split: Split | None) -> dict[str, Any]:
    parts = split.parts if split else [""] * len(corpus.examples)
    electoral = 0
    with (folder / TEXTS).open("w", encoding="utf-8", errors="backslashreplace") as stream:
        for example, part in zip(corpus.examples, parts, strict=True):
            row = _row(example, part)
            electoral += row["electoral"]
            stream.write(json.dumps(row, ensure_ascii=False) + "\n")
    with (folder / DROPPED).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["sha256", "source", "reason", "kept"])
        writer.writerows((item.sha256, item.source, item.reason, item.kept) for item in corpus.dropped)
    summary = summarise(corpus, split) | {"electoral": electoral}
    (folder / SUMMARY).write_text(json.dumps(summary, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return summary


def summarise(corpus: Corpus, split: Split | None = None) -> dict[str, Any]:
    """Return counts of a corpus: by label, by source and label, left out by reason, by part and label."""
    by_source: dict[str, Counter[str]] = {}
    for example in corpus.examples:
        by_source.setdefault(example.source, Counter())[_label(example)] += 1
    return {
        "fingerprint": corpus.fingerprint,
        "texts": len(corpus.examples),
        "labels": dict(sorted(Counter(_label(example) for example in corpus.examples).items())),
        "held_out": len(corpus.held_out),
        "left_out": corpus.dropped_by_reason,
        "by_source": {source: dict(sorted(counts.items())) for source, counts in sorted(by_source.items())},
        "split": {"by": split.by, "parts": split.counts(corpus.examples)} if split else None,
    }


def _row(example: Example, part: str) -> dict[str, Any]:
    return {
        "text": strip_format(example.text),
        "label": example.label.value if example.label else None,
        "source": example.source,
        "publisher": example.publisher,
        "campaign": example.campaign,
        "group": example.group,
        "kind": example.kind,
        "provenance": example.provenance,
        "date": example.date,
        "facet": example.facet,
        "electoral": is_electoral(example),
        "weight": example.weight,
        "part": part,
        "sha256": example.sha256,
    }


def _label(example: Example) -> str:
    return example.label.value if example.label else "unlabelled"
