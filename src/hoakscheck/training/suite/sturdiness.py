"""What must not change a label: who is named, and how words are spelt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from hoakscheck.classifier import Classifier
from hoakscheck.training.data.example import Example
from hoakscheck.training.suite import changes, measures
from hoakscheck.training.suite.judged import Judged
from hoakscheck.training.suite.rows import Goal, Row

_NEUTRAL: Final = "neutrality"


def name_rows(classifier: Classifier, texts: Sequence[str]) -> Iterator[Row]:
    """Yield how labels and mean P(hoax) move when others are named in the same texts."""
    tickets = {str(number): [changes.swap_ticket(text, target) for text in texts] for number, target in enumerate(changes.TICKETS)}
    unknown = [changes.swap_ticket(text, changes.UNKNOWN) for text in texts]
    parties = {str(number): [changes.swap_party(text, target) for text in texts] for number, target in enumerate(changes.PARTIES)}
    numbers = {str(number): [changes.swap_number(text, number) for text in texts] for number in (1, 2, 3)}
    yield from _swapped(classifier, texts, "candidates of 2024", tickets)
    yield from _swapped(classifier, texts, "parties", parties)
    yield from _swapped(classifier, texts, "ballot numbers", numbers)
    # not a row with a goal: names that no list holds are words like any other, and are caught by nothing yet
    yield from _swapped(classifier, texts, "names that no list holds", {"known": tickets["0"], "unknown": unknown}, goals=False)


def _swapped(
    classifier: Classifier, texts: Sequence[str], what: str, versions: Mapping[str, list[str]], *, goals: bool = True
) -> Iterator[Row]:
    touched = [place for place, forms in enumerate(zip(texts, *versions.values(), strict=True)) if len(set(forms)) > 1]
    if not touched:
        return
    decisions = [list(classifier.decide_many(forms[place] for place in touched)) for forms in versions.values()]
    flips = np.mean([len({decision.label for decision in forms}) > 1 for forms in zip(*decisions, strict=True)])
    means = [float(np.mean([decision.probabilities[measures.HOAX] for decision in own])) for own in decisions]
    split = f"real posts that name one, each under {len(versions)} names"
    yield Row(_NEUTRAL, f"{what}: labels that change", split, len(touched), float(flips), goal=Goal("<=", 0.01) if goals else None)
    spread = max(means) - min(means)
    yield Row(_NEUTRAL, f"{what}: spread of mean P(hoax)", split, len(touched), spread, goal=Goal("<=", 0.02) if goals else None)


def spelling_rows(classifier: Classifier, examples: Sequence[Example]) -> Iterator[Row]:
    """Yield how far macro-F1 falls when three words in ten are hidden or stretched."""
    known = [example for example in examples if example.label]
    plain = measures.macro_f1(Judged.by_classifier(classifier, known))
    for name, change in changes.SPELLINGS.items():
        hidden = [replace(example, text=changes.misspell(example.published, change), uncut="") for example in known]
        fall = plain - measures.macro_f1(Judged.by_classifier(classifier, hidden))
        yield Row("spelling", f"{name}: fall of macro-F1", "held-out posts and pairs", len(known), fall, goal=Goal("<=", 0.02))
