"""Calibration and thresholds, on predictions for texts that the predicting model has not seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from sklearn.linear_model import LogisticRegression

from hoakscheck.labels import Label
from hoakscheck.model.decision import Thresholds, choose_label

Array = np.ndarray[Any, Any]

#: Share of posts that are no hoaxes and may be called one: wrongly flagging criticism is the costliest error of a civic
#: tool (annotation guideline, section 11).
HIGHEST_FALSE_ALARM: Final = 0.02

#: The hoax threshold stays within this range whatever the data say: below, a label would mostly be wrong; above, it would
#: hardly ever be given. At .3 two in ten debunks among the minimal pairs were called hoaxes; at .4 .107 of them are, at .42 .096,
#: and of real hoax titles .667 and .652 are found (cross-fitted, 0.9.0).
HOAX_RANGE: Final = (0.42, 0.7)

#: An F1 over fewer positives says little.
FEWEST_POSITIVES: Final = 10

#: Draws of groups over which the best threshold for ads is averaged.
_DRAWS: Final = 200

#: Accuracy to reach where no review is asked for.
DECIDED_ACCURACY: Final = 0.94
_HIGHEST_REVIEW: Final = 0.9


@dataclass(frozen=True)
class Calibration:
    """Platt scaling of the log-odds of one question (Platt 1999): ``slope * log_odds + shift``."""

    slope: float
    shift: float


def fit_calibration(log_odds: Array, positive: Array, weight: Array) -> Calibration:
    """Fit slope and shift so that the probabilities match the frequencies.

    The targets are Platt's, a little short of 0 and 1, or a few texts that happen to be separated would get a slope without
    bounds.

    Args:
        log_odds: shape (n_texts,).
        positive: whether the answer is yes, shape (n_texts,).
        weight: of each text, shape (n_texts,).
    """
    count = positive.sum()
    target = np.where(positive, (count + 1) / (count + 2), 1 / (len(positive) - count + 2))
    twice = np.concatenate([log_odds, log_odds])[:, None]
    answers = np.repeat([True, False], len(log_odds))
    weights = np.concatenate([weight * target, weight * (1 - target)])
    model = LogisticRegression(C=1e6).fit(twice, answers, sample_weight=weights)
    return Calibration(float(model.coef_[0, 0]), float(model.intercept_[0]))


def choose_thresholds(
    probabilities: Array, labels: Sequence[Label], posts: Array, groups: Array, selected: Array | None = None
) -> Thresholds:
    """Choose the thresholds.

    The hoax threshold keeps false alarms on posts at :data:`HIGHEST_FALSE_ALARM`; that of political ads gives the best mean F1
    over groups of posts; that of review lets stand only what is right often enough.

    Args:
        probabilities: shape (n_texts, 3).
        labels: true label of each text.
        posts: which texts are posts drawn at random and read one by one, shape (n_texts,); without any, all texts count.
        groups: what each text was held out with, shape (n_texts,).
        selected: which texts were read because a model was unsure, shape (n_texts,): how often a label is right on them says
            nothing about others, so review is not set by them.
    """
    true = np.array([list(Label).index(label) for label in labels])
    harmless = true != list(Label).index(Label.HOAX)
    harmless = harmless & posts if (harmless & posts).any() else harmless
    hoax = float(np.quantile(probabilities[harmless, 0], 1 - HIGHEST_FALSE_ALARM))
    share = probabilities[harmless, 1] / probabilities[harmless, 1:].sum(axis=1)
    political_ad = best_f1_threshold(share, true[harmless] == 1, groups[harmless])
    chosen = Thresholds(hoax=round(float(np.clip(hoax, *HOAX_RANGE)), 3), political_ad=round(political_ad, 3))
    predicted = [choose_label(row, chosen) for row in probabilities]
    stated = np.array([row[list(Label).index(label)] for row, label in zip(probabilities, predicted, strict=True)])
    right = np.array([label is other for label, other in zip(predicted, labels, strict=True)])
    fair = np.ones(len(true), dtype=bool) if selected is None or selected.all() else ~selected
    return Thresholds(chosen.hoax, chosen.political_ad, review=round(review_threshold(stated[fair], right[fair]), 3))


def best_f1_threshold(scores: Array, positive: Array, groups: Array) -> float:
    """Return the score from which calling a text positive gives the best F1, averaged over groups.

    Every group counts the same, or the largest campaign would decide for all. Groups with fewer than
    :data:`FEWEST_POSITIVES` positives are left out, unless none has more. The best score is the mean of those of many draws of
    groups with replacement (bagging, Breiman 1996): F1 is flat around its top, and which campaigns happen to be there moves its
    highest point by .04, the mean by .03.

    >>> best_f1_threshold(np.array([0.1, 0.4, 0.6, 0.9]), np.array([False, False, True, True]), np.array(["a"] * 4))
    0.5
    """
    telling = [group for group in np.unique(groups) if positive[groups == group].sum() >= FEWEST_POSITIVES]
    members = [groups == group for group in telling] or [np.ones(len(scores), dtype=bool)]
    grid = np.arange(0.05, 0.96, 0.01)
    reached = np.array([[_f1(positive[own], scores[own] >= threshold) for threshold in grid] for own in members])
    draws = np.random.default_rng(0).integers(len(members), size=(_DRAWS, len(members)))
    return round(float(np.mean([_middle_of_top(grid, reached[draw].mean(axis=0)) for draw in draws])), 3)


def _middle_of_top(grid: Array, values: Array) -> float:
    best = np.flatnonzero(np.isclose(values, values.max()))
    return float(grid[best[len(best) // 2]])


def _f1(positive: Array, called: Array) -> float:
    hits = (positive & called).sum()
    return float(2 * hits / max(positive.sum() + called.sum(), 1))


def review_threshold(stated: Array, right: Array) -> float:
    """Return the smallest probability from which labels are right in :data:`DECIDED_ACCURACY` of cases.

    >>> review_threshold(np.array([0.5, 0.6, 0.8, 0.9]), np.array([False, False, True, True]))
    0.8
    """
    order = np.argsort(-stated, kind="stable")
    accuracy = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(accuracy >= DECIDED_ACCURACY)
    return min(float(stated[order[enough[-1]]]), _HIGHEST_REVIEW) if len(enough) else _HIGHEST_REVIEW
