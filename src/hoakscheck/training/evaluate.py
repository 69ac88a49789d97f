"""How well a model does on labelled texts. Needs numpy only, so that anybody can evaluate an installed model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from hoakscheck.classifier import Classifier
from hoakscheck.labels import Label
from hoakscheck.model.decision import Decision

#: Equal-width bins of the calibration error, as in Guo et al. 2017.
CALIBRATION_BINS: Final = 15


@dataclass(frozen=True)
class LabelScores:
    """Scores of one label, each 0 to 1, and the number of texts that carry it."""

    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True)
class Report:
    """How well a model did on labelled texts.

    Attributes:
        n: number of texts.
        labels: labels that occur among the true ones.
        accuracy: share of texts with the right label, review or not.
        macro_f1: mean F1 over ``labels``; a label without a single true text has no recall and is left out.
        per_label: scores of every label.
        confusion: true label -> predicted label -> number of texts.
        ece: expected calibration error of the predicted label's probability, over :data:`CALIBRATION_BINS` bins.
        review_rate: share of texts that ask for review.
        accuracy_when_decided: accuracy on the others; None when there are none.
        model: name and version.
    """

    n: int
    labels: tuple[Label, ...]
    accuracy: float
    macro_f1: float
    per_label: dict[Label, LabelScores]
    confusion: dict[Label, dict[Label, int]]
    ece: float
    review_rate: float
    accuracy_when_decided: float | None
    model: str

    def __str__(self) -> str:
        rows = [f"{'label':<14}{'precision':>10}{'recall':>8}{'f1':>7}{'support':>9}"]
        for label, scores in self.per_label.items():
            rows.append(f"{label:<14}{scores.precision:>10.3f}{scores.recall:>8.3f}{scores.f1:>7.3f}{scores.support:>9,}")
        decided = "-" if self.accuracy_when_decided is None else f"{self.accuracy_when_decided:.3f}"
        rows.append(f"\n{self.n:,} texts, {self.model}")
        rows.append(f"accuracy {self.accuracy:.3f}, macro-F1 {self.macro_f1:.3f}, calibration error {self.ece:.3f}")
        rows.append(f"review asked for {self.review_rate:.1%}; accuracy on the others {decided}")
        return "\n".join(rows)

    def to_dict(self) -> dict[str, Any]:
        """Return plain types, ready for JSON."""
        return {
            "n": self.n,
            "labels": [label.value for label in self.labels],
            "accuracy": self.accuracy,
            "macro_f1": self.macro_f1,
            "per_label": {label.value: vars(scores) for label, scores in self.per_label.items()},
            "confusion": {true.value: {label.value: count for label, count in row.items()} for true, row in self.confusion.items()},
            "ece": self.ece,
            "review_rate": self.review_rate,
            "accuracy_when_decided": self.accuracy_when_decided,
            "model": self.model,
        }


def evaluate(classifier: Classifier, texts: Sequence[str], labels: Sequence[Label]) -> Report:
    """Classify labelled texts and compare.

    Raises:
        ValueError: there is no text, or not one label for each text.
        InvalidTextError: an item is no string.
    """
    if not texts or len(texts) != len(labels):
        raise ValueError(f"expected as many labels as texts, and at least one; got {len(texts)} texts, {len(labels)} labels")
    return report(list(classifier.decide_many(texts)), labels, classifier.model_id)


def report(decisions: Sequence[Decision], labels: Sequence[Label], model: str) -> Report:
    """Compare decisions with the true labels."""
    confusion = {true: dict.fromkeys(Label, 0) for true in Label}
    for decision, true in zip(decisions, labels, strict=True):
        confusion[true][decision.label] += 1
    per_label = {label: _label_scores(confusion, label) for label in Label}
    present = tuple(label for label in Label if per_label[label].support)
    right = np.array([decision.label is true for decision, true in zip(decisions, labels, strict=True)])
    decided = np.array([not decision.needs_review for decision in decisions])
    return Report(
        n=len(labels),
        labels=present,
        accuracy=float(right.mean()),
        macro_f1=float(np.mean([per_label[label].f1 for label in present])),
        per_label=per_label,
        confusion=confusion,
        ece=calibration_error(np.array([decision.probability for decision in decisions]), right),
        review_rate=float(1.0 - decided.mean()),
        accuracy_when_decided=float(right[decided].mean()) if decided.any() else None,
        model=model,
    )


def calibration_error(probabilities: np.ndarray[Any, Any], right: np.ndarray[Any, Any], bins: int = CALIBRATION_BINS) -> float:
    """Return the mean distance between stated probability and observed accuracy, weighted by bin.

    >>> calibration_error(np.array([0.9] * 10), np.array([True] * 9 + [False]))
    0.0
    """
    index = np.minimum((probabilities * bins).astype(int), bins - 1)
    error = 0.0
    for bin_ in np.unique(index):
        inside = index == bin_
        error += inside.mean() * abs(right[inside].mean() - probabilities[inside].mean())
    return round(float(error), 12)


def _label_scores(confusion: dict[Label, dict[Label, int]], label: Label) -> LabelScores:
    support = sum(confusion[label].values())
    predicted = sum(row[label] for row in confusion.values())
    hits = confusion[label][label]
    precision = hits / predicted if predicted else 0.0
    recall = hits / support if support else 0.0
    return LabelScores(precision, recall, 2 * hits / (support + predicted) if support + predicted else 0.0, support)
