"""Balancing registers: texts whose form alone gives their label away leave, until form tells little.

Public sources are one register each: hoaxes come as headlines, ads as programmes, benign texts as news. A model of single
characters, which can know nothing of content, then tells the labels apart. Here such a model states for every text how probable
its label is by form alone; the more probable, the likelier the text is left out (rejection sampling by inverse propensity,
Rosenbaum and Rubin 1983). Only texts labelled by their source are thinned. Those that were read or written one by one stay, and so
does what a benign class would be thin without: fact-checks and official information.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import Pipeline, make_pipeline

from hoakscheck.training.corpus.surface import cut_addressing, strip_format
from hoakscheck.training.data.example import Example

Array = np.ndarray[Any, Any]

#: Thinning in several mild rounds: one strong round overshoots, and the form of what is left tells the labels apart again.
#: Measured by single characters on 2,000 texts of each label, eight draws (chance .33, limit .50): one round .492 (at most .508),
#: two .476 (.482). Before posts lost the mentions that they open with and all programmes were taken, three to five rounds left .500
#: to .503: with all hoaxes read only news are thinned, and what told the labels was which of them are posts.
ROUNDS: Final = 2
#: Probability by form below which a text counts as no rarer still; bounds how much one odd text can stand for.
LOWEST_PROPENSITY: Final = 0.3
#: Of each label's texts the part with the least telling form that is kept whole; the others in proportion to it.
KEPT_WHOLE: Final = 0.3
_FOLDS: Final = 5
_THINNED: Final = frozenset({"source", "published"})
_SPARED: Final = frozenset({"fact_check", "official", "voter_info"})


def character_model() -> Pipeline:
    """Return an unfitted model that sees only which characters a text is made of."""
    return make_pipeline(
        TfidfVectorizer(analyzer="char", ngram_range=(1, 1), lowercase=False, sublinear_tf=True),
        LogisticRegression(C=10, max_iter=1_000, class_weight="balanced"),
    )


def balance_registers(examples: Sequence[Example], rounds: int = ROUNDS) -> tuple[list[Example], list[Example]]:
    """Part examples into those to keep and those to leave out, the same ones on every machine.

    Unlabelled examples are kept: they serve as texts that are no hoax, whatever their form.
    """
    kept, left = list(examples), []
    for number in range(rounds):
        if len({example.group for example in kept if example.label}) < _FOLDS:
            break
        chances = keep_chances(kept)
        left += [example for example, chance in zip(kept, chances, strict=True) if _draw(example, number) >= chance]
        kept = [example for example, chance in zip(kept, chances, strict=True) if _draw(example, number) < chance]
    return kept, left


def keep_chances(examples: Sequence[Example]) -> Array:
    """Return the chance of each example to be kept in one round, shape (n_examples,)."""
    labelled = np.array([index for index, example in enumerate(examples) if example.label is not None])
    own = [examples[index] for index in labelled]
    labels = np.array([str(example.label) for example in own])
    propensity = label_propensity([example.text for example in own], labels, [example.group for example in own])
    weights = 1.0 / np.maximum(propensity, LOWEST_PROPENSITY)
    thinned = np.array([_is_thinned(example) for example in own])
    chances = np.ones(len(examples))
    for label in np.unique(labels):
        mine = thinned & (labels == label)
        if mine.any():
            chances[labelled[mine]] = weights[mine] / np.quantile(weights[mine], 1 - KEPT_WHOLE)
    return chances


def label_propensity(texts: Sequence[str], labels: Array, groups: Sequence[str]) -> Array:
    """Return how probable each text's label is by form alone, by a model that has not seen its group, shape (n_texts,)."""
    forms = [strip_format(cut_addressing(text)) for text in texts]
    found = cross_val_predict(
        character_model(), forms, labels, groups=groups, cv=GroupKFold(_FOLDS), method="predict_proba", n_jobs=-1
    )
    column = {label: number for number, label in enumerate(np.unique(labels))}
    own: Array = found[np.arange(len(labels)), [column[label] for label in labels]]
    return own


def _is_thinned(example: Example) -> bool:
    return example.provenance in _THINNED and example.kind not in _SPARED


def _draw(example: Example, number: int) -> float:
    """Return a number from 0 to 1 that belongs to the text and the round: the same on every machine, in every order."""
    key = f"register/{number}/{example.text}".encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.sha256(key).digest()[:8], "big") / 2**64
