"""Doubtful labels, by confident learning (Northcutt, Jiang and Chuang 2021, https://doi.org/10.1613/jair.1.12125).

A model that has not seen a text says how probable each label is. A label counts as confident where its probability reaches the
mean probability of the texts that carry it; a text that is confidently of another label than its own is doubtful.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict

from hoakscheck.training.audit.findings import Finding, Outcome
from hoakscheck.training.audit.forms import FOLDS
from hoakscheck.training.audit.table import Table
from hoakscheck.training.vectoriser import TokenFeatures, Tokeniser

Array = np.ndarray[Any, Any]

#: Share of doubtful labels from which the labels as a whole are in doubt.
MOST_DOUBTFUL: Final = 0.05
_LARGEST: Final = 24_000
_SHOWN: Final = 8
_EXCERPT: Final = 70


@dataclass(frozen=True)
class Doubt:
    """A label that a model contradicts with confidence.

    Attributes:
        index: of the text.
        given: label that it carries.
        likely: label that the model is confident of.
        margin: probability of the likely label minus that of the given one, 0 to 1.
    """

    index: int
    given: str
    likely: str
    margin: float


def confident_joint(probabilities: Array, labels: Array) -> tuple[Array, Array]:
    """Return the confident label of each text (-1 where there is none) and the counts given label x confident label.

    Args:
        probabilities: held-out, shape (n_texts, n_labels).
        labels: number of each text's given label, shape (n_texts,).

    >>> held_out = np.array([[.9, .1], [.8, .2], [.2, .8], [.1, .9], [.1, .9]])
    >>> confident_joint(held_out, np.array([0, 0, 1, 1, 0]))[0].tolist()
    [0, 0, -1, 1, 1]
    """
    count = probabilities.shape[1]
    thresholds = np.array([probabilities[labels == label, label].mean() for label in range(count)])
    # 1e-6 as in the authors' own implementation: a probability that equals its threshold counts
    reaches = probabilities >= thresholds - 1e-6
    confident = np.where(reaches.any(axis=1), np.where(reaches, probabilities, -1.0).argmax(axis=1), -1)
    joint = np.zeros((count, count), dtype=int)
    for given, found in zip(labels, confident, strict=True):
        if found >= 0:
            joint[given, found] += 1
    return confident, joint


def doubts(probabilities: Array, labels: Array, names: tuple[str, ...]) -> list[Doubt]:
    """Return the doubtful labels, the most doubtful first."""
    confident, _ = confident_joint(probabilities, labels)
    found = []
    for index in np.flatnonzero((confident >= 0) & (confident != labels)):
        given, likely = int(labels[index]), int(confident[index])
        margin = float(probabilities[index, likely] - probabilities[index, given])
        found.append(Doubt(int(index), names[given], names[likely], round(margin, 4)))
    return sorted(found, key=lambda doubt: (-doubt.margin, doubt.index))


def noise_finding(table: Table, *, seed: int = 0) -> Finding:
    """Return the finding on doubtful labels, with the most doubtful ones as evidence."""
    chosen = np.arange(len(table.texts))
    if len(chosen) > _LARGEST:
        chosen = np.sort(np.random.default_rng(seed).choice(chosen, _LARGEST, replace=False))
    names = table.names
    labels = np.array([names.index(table.labels[index]) for index in chosen])
    probabilities = held_out_probabilities([table.texts[index] for index in chosen], labels, table.units()[chosen])
    found = doubts(probabilities, labels, names)
    share = len(found) / len(chosen)
    evidence = tuple(
        f"{doubt.given}, rather {doubt.likely} ({doubt.margin:+.2f}): {table.texts[chosen[doubt.index]][:_EXCERPT]!r}"
        for doubt in found[:_SHOWN]
    )
    message = f"{len(found):,} of {len(chosen):,} labels doubtful ({share:.1%}, limit {MOST_DOUBTFUL:.0%})"
    outcome = Outcome.LEAK if share > MOST_DOUBTFUL else Outcome.CLEAR
    return Finding("label noise", outcome, message, round(share, 4), MOST_DOUBTFUL, evidence, "read the doubtful ones again")


def held_out_probabilities(texts: list[str], labels: Array, units: Array) -> Array:
    """Return the probability of each label by a model that has not seen the text's unit, shape (n_texts, n_labels)."""
    folds = GroupKFold(min(FOLDS, len(set(units.tolist()))), shuffle=True, random_state=0)
    # What the classifier looks at, without its character n-grams, which take as long as all the rest. Vocabularies know no labels.
    features = TokenFeatures(characters=0).fit_transform(Tokeniser().transform(texts))
    model = LogisticRegression(C=0.05, max_iter=1_000, class_weight="balanced")
    found: Array = cross_val_predict(model, features, labels, groups=units, cv=folds, method="predict_proba", n_jobs=-1)
    return found
