"""Scores on cross-fitted predictions: what a manifest and a model card tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from hoakscheck.labels import Label
from hoakscheck.model.decision import Thresholds, decide
from hoakscheck.training.data.example import Example
from hoakscheck.training.evaluate import report

RANDOM_POSTS: Final = "posts drawn at random"

_SHOWN: Final = ("n", "accuracy", "macro_f1", "per_label", "ece", "review_rate", "accuracy_when_decided")


def validation_scores(
    probabilities: np.ndarray[Any, Any], examples: Sequence[Example], thresholds: Thresholds
) -> Mapping[str, Mapping[str, Any]]:
    """Return the scores of all labelled examples, of posts drawn at random, and of authored texts.

    Args:
        probabilities: calibrated, by a model that has not seen the group of the example, shape (n_examples, 3).
        examples: labelled examples.
        thresholds: where decisions change.
    """
    slices: dict[str, list[int]] = {"all": [], RANDOM_POSTS: [], "authored": []}
    for index, example in enumerate(examples):
        slices["all"].append(index)
        if example.provenance == "read" and example.kind == "post":
            slices[RANDOM_POSTS].append(index)
        if example.provenance == "authored":
            slices["authored"].append(index)
    scores = {}
    for name, indices in slices.items():
        if indices:
            labels = [Label(label) for index in indices if (label := examples[index].label) is not None]
            decisions = [
                decide(tuple(probabilities[index].tolist()), words=99, known=99, thresholds=thresholds) for index in indices
            ]
            found = report(decisions, labels, "validation").to_dict()
            scores[name] = {key: _rounded(found[key]) for key in _SHOWN}
    return scores


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    return value
