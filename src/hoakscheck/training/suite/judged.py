"""Texts with their true labels beside what a model said of each: what every measure of the suite is taken on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from hoakscheck.classifier import Classifier
from hoakscheck.labels import Label
from hoakscheck.model.decision import Decision, Thresholds, decide
from hoakscheck.training.data.example import Example

Array = np.ndarray[Any, Any]

_PLACE = {label: place for place, label in enumerate(Label)}
#: Texts judged from probabilities alone are taken to have words enough: held-out predictions know no tokens.
_WORDS_ENOUGH = 99


@dataclass(frozen=True)
class Judged:
    """What a model said of labelled texts; every array has one entry per text.

    Attributes:
        true: place of the true label in :class:`hoakscheck.Label`, shape (n,).
        predicted: the same of the label given, shape (n,).
        probabilities: shape (n, 3).
        decided: whether no review was asked for, shape (n,).
        units: what belongs together and is resampled as one: claim, pair, account, shape (n,).
    """

    true: Array
    predicted: Array
    probabilities: Array
    decided: Array
    units: Array

    @classmethod
    def by_classifier(cls, classifier: Classifier, examples: Sequence[Example]) -> Self:
        """Ask a loaded model about texts as they were published; texts without a label are left out."""
        known = [example for example in examples if example.label]
        return cls._of(known, list(classifier.decide_many(example.published for example in known)))

    @classmethod
    def by_probabilities(cls, probabilities: Array, examples: Sequence[Example], thresholds: Thresholds) -> Self:
        """Take probabilities of another origin, such as those of models that have not seen a campaign, shape (n, 3)."""
        decisions = [
            decide(tuple(row.tolist()), words=_WORDS_ENOUGH, known=_WORDS_ENOUGH, thresholds=thresholds) for row in probabilities
        ]
        return cls._of(examples, decisions)

    @classmethod
    def _of(cls, examples: Sequence[Example], decisions: Sequence[Decision]) -> Self:
        return cls(
            true=np.array([_PLACE[example.label] for example in examples if example.label], dtype=int),
            predicted=np.array([_PLACE[decision.label] for decision in decisions], dtype=int),
            probabilities=np.array([decision.probabilities for decision in decisions]).reshape(-1, len(Label)),
            decided=np.array([not decision.needs_review for decision in decisions], dtype=bool),
            units=np.array([example.group for example in examples], dtype=object),
        )

    def __len__(self) -> int:
        return len(self.true)

    def take(self, chosen: Array) -> Judged:
        """Return the chosen texts, by mask or by index."""
        return Judged(
            self.true[chosen], self.predicted[chosen], self.probabilities[chosen], self.decided[chosen], self.units[chosen]
        )

    @property
    def right(self) -> Array:
        """Whether each text got its true label, shape (n,)."""
        right: Array = self.true == self.predicted
        return right
