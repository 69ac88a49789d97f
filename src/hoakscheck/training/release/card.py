"""The model card, written from the record of the training so that it cannot say what was not measured."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from hoakscheck.labels import Label
from hoakscheck.model.decision import Thresholds
from hoakscheck.training.release.validation import RANDOM_POSTS

_FRONT: Final = """---
language: id
license: mit
library_name: hoakscheck
pipeline_tag: text-classification
tags: [hoax, political-advertising, elections, indonesian]
---
"""

_USE: Final = """## What it is for

Triage of Indonesian-language posts, headlines and articles around elections: which of them resemble checked hoaxes, which
campaign for or against a participant, and which do neither. A person decides what follows.

- `hoax` means "resembles checked hoaxes", never "false". Text alone cannot tell truth from falsehood.
- `political_ad` means that the text campaigns, paid or not. Whether it was paid is rarely visible in a text, and platforms
  ban what is paid, not what is political.
- `benign` means "neither of the other two", not "safe": hate, threats and vote buying without a false claim fall here.

## What it is not for

Removing content without a person, judging authors, legal findings, languages other than Indonesian and its mixtures, claims
that rest on a picture or a video, elections whose rules changed after the data were collected.
"""

_LIMITS: Final = """## Known limits

- Most hoaxes it learnt from that were not written for this project were collected by one fact-checker; other desks write otherwise.
- Real paid advertisements are not in the data; ads here are campaign posts and programmes.
- Labels by reading come from language-model readers who followed a written guideline; two of them agree more often (kappa
  .73 to .98, by what was read) than two people would.
- Posts of 2023 and 2024 on the presidential race are over-represented.
"""


def write_card(name: str, version: str, thresholds: Thresholds, record: Mapping[str, Any]) -> str:
    """Return the card as Markdown with a front matter as Hugging Face reads it."""
    data = record["data"]
    repeated = sum(count for reason, count in data["dropped"].items() if "duplicate" in reason)
    thinned = sum(count for reason, count in data["dropped"].items() if "register" in reason)
    counts = ", ".join(f"{data['texts'].get(label.value, 0):,} {label.value}" for label in Label)
    lines = [
        _FRONT,
        f"# {name} {version}\n",
        _USE,
        "## Data\n",
        f"{counts}; sources: {', '.join(data['sources'])}. Duplicates were dropped before any split"
        f" ({repeated:,} rows), and texts labelled by their source whose form alone gave the label away ({thinned:,} rows).",
        "Third-party texts are not part of the model; it holds weights of words, pairs of words and character n-grams.\n",
        "## Figures\n",
        f"Split: {record['split']}. Every text is predicted by a model that has not seen its group; calibration and"
        " thresholds were chosen on these same predictions, so they are validation figures, not test figures. Test figures"
        " stand in `docs/results.md`. What names a candidate was learnt twice, as it was written and, with"
        f" {record['recipe']['renamed']:.0%} of its weight, under invented names; of these texts as many were predicted so.\n",
        *_table(record["validation"]),
        f"Thresholds: hoax {thresholds.hoax}, political_ad {thresholds.political_ad} among what is no hoax, review below"
        f" {thresholds.review}.\n",
        *(_ablations(record["ablations"]) if record.get("ablations") else []),
        _LIMITS,
    ]
    return "\n".join(lines)


def _table(validation: Mapping[str, Any]) -> list[str]:
    rows = ["| texts | n | accuracy | macro-F1 | F1 hoax | F1 ad | F1 benign | ECE | review | right when decided |"]
    rows.append("|---|---|---|---|---|---|---|---|---|---|")
    for name, scores in validation.items():
        f1 = [scores["per_label"][label.value] for label in Label]
        cells = [f"{item['f1']:.3f}" if item["support"] else "-" for item in f1]
        decided = scores["accuracy_when_decided"]
        rows.append(
            f"| {name} | {scores['n']:,} | {scores['accuracy']:.3f} | {scores['macro_f1']:.3f} | {' | '.join(cells)} "
            f"| {scores['ece']:.3f} | {scores['review_rate']:.2f} | {'-' if decided is None else f'{decided:.3f}'} |"
        )
    return [*rows, ""]


def _ablations(scores: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return a table of what each part is worth: ad F1 and macro-F1 on random posts, hoax F1 and macro-F1 on authored texts."""
    rows = [
        "## Ablations\n",
        "The same training without a part, with calibration and thresholds chosen anew; split as above.\n",
        "| | posts: F1 ad | posts: macro-F1 | authored: F1 hoax | authored: F1 ad | authored: macro-F1 | all: macro-F1 |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, found in scores.items():
        posts, authored = found.get(RANDOM_POSTS), found["authored"]
        cells = [_f1(posts, Label.POLITICAL_AD), _macro(posts), _f1(authored, Label.HOAX), _f1(authored, Label.POLITICAL_AD)]
        rows.append(f"| {name} | {' | '.join([*cells, _macro(authored), _macro(found['all'])])} |")
    return [*rows, ""]


def _f1(scores: Mapping[str, Any] | None, label: Label) -> str:
    return "-" if scores is None else f"{scores['per_label'][label.value]['f1']:.3f}"


def _macro(scores: Mapping[str, Any] | None) -> str:
    return "-" if scores is None else f"{scores['macro_f1']:.3f}"
