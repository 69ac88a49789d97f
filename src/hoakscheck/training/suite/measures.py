"""Measures of the suite, each a function of :class:`Judged`, and their bootstrap intervals."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

import numpy as np

from hoakscheck.labels import Label
from hoakscheck.training.evaluate import calibration_error
from hoakscheck.training.suite.judged import Array, Judged

Measure = Callable[[Judged], float]

HOAX, AD, BENIGN = range(len(Label))

#: Resamples of an interval; the ends of 95% move by about .003 between seeds at this number.
RESAMPLES: Final = 400
_OUTSIDE: Final = (2.5, 97.5)
#: Share of posts without a hoax that may be called one where recall is asked at a fixed rate of false alarms.
FALSE_ALARMS: Final = 0.05


def f1(place: int, judged: Judged) -> float:
    """Return the F1 of one label; 0 where it neither occurs nor is given."""
    hits = ((judged.true == place) & (judged.predicted == place)).sum()
    return float(2 * hits / max((judged.true == place).sum() + (judged.predicted == place).sum(), 1))


def macro_f1(judged: Judged) -> float:
    """Return the mean F1 of the labels that occur among the true ones."""
    return float(np.mean([f1(place, judged) for place in np.unique(judged.true)]))


def two_class_macro_f1(judged: Judged) -> float:
    """Return the mean F1 of hoax against everything else, where only two classes are asked about."""
    true, predicted = judged.true == HOAX, judged.predicted == HOAX
    scores = [2 * (own & told).sum() / max(own.sum() + told.sum(), 1) for own, told in ((true, predicted), (~true, ~predicted))]
    return float(np.mean(scores))


def accuracy(judged: Judged) -> float:
    """Return the share of right labels, review or not."""
    return float(judged.right.mean())


def recall(place: int, judged: Judged) -> float:
    """Return the share of texts of a label that get it."""
    return float((judged.predicted[judged.true == place] == place).mean())


def called(places: tuple[int, ...], judged: Judged) -> float:
    """Return the share of texts that get one of the labels, whatever they are."""
    return float(np.isin(judged.predicted, places).mean())


def called_wrongly(place: int, judged: Judged) -> float:
    """Return the share of texts of other labels that get this one: false alarms."""
    return float((judged.predicted[judged.true != place] == place).mean())


def calibration(judged: Judged) -> float:
    """Return the expected calibration error of the label given."""
    stated = judged.probabilities[np.arange(len(judged)), judged.predicted]
    return calibration_error(stated, judged.right)


def decided_share(judged: Judged) -> float:
    """Return the share of texts for which no review is asked."""
    return float(judged.decided.mean())


def decided_accuracy(judged: Judged) -> float:
    """Return the accuracy on those; not a number where there are none."""
    return float(judged.right[judged.decided].mean()) if judged.decided.any() else float("nan")


def hoax_auc(judged: Judged) -> float:
    """Return the area under the ROC curve of P(hoax) for hoax against the rest: the chance to rank a pair rightly."""
    from scipy.stats import rankdata

    is_hoax = judged.true == HOAX
    positive, negative = int(is_hoax.sum()), int((~is_hoax).sum())
    ranks = rankdata(judged.probabilities[:, HOAX])
    return float((ranks[is_hoax].sum() - positive * (positive + 1) / 2) / (positive * negative))


def pairs_right(judged: Judged) -> float:
    """Return the share of minimal pairs of which every text gets its label."""
    units, place = np.unique(judged.units.astype(str), return_inverse=True)
    wrong = np.bincount(place, weights=~judged.right, minlength=len(units))
    several = np.bincount(place, minlength=len(units)) > 1
    return float((wrong[several] == 0).mean())


def recall_at(quiet: Array, judged: Judged) -> float:
    """Return the share of hoaxes whose P(hoax) exceeds all but :data:`FALSE_ALARMS` of ``quiet``, P(hoax) of harmless posts."""
    threshold = np.quantile(quiet, 1 - FALSE_ALARMS)
    return float((judged.probabilities[judged.true == HOAX, HOAX] > threshold).mean())


def interval(measure: Measure, judged: Judged, *, resamples: int = RESAMPLES, seed: int = 0) -> tuple[float, float]:
    """Return the ends of the middle 95% of the measure over bootstrap samples of whole units (Efron and Tibshirani 1993).

    Resamples on which the measure has no value are left out.
    """
    units, place = np.unique(judged.units.astype(str), return_inverse=True)
    members = np.split(np.argsort(place, kind="stable"), np.cumsum(np.bincount(place))[:-1])
    random = np.random.default_rng(seed)
    values = []
    for _ in range(resamples):
        drawn = np.concatenate([members[unit] for unit in random.integers(0, len(units), len(units))])
        with np.errstate(invalid="ignore", divide="ignore"):
            values.append(_or_nan(measure, judged.take(drawn)))
    low, high = np.nanpercentile(values, _OUTSIDE) if np.isfinite(values).any() else (float("nan"), float("nan"))
    return float(low), float(high)


def _or_nan(measure: Measure, judged: Judged) -> float:
    try:
        return measure(judged)
    except (ValueError, ZeroDivisionError, FloatingPointError):
        return float("nan")


hoax_f1: Final = partial(f1, HOAX)
ad_f1: Final = partial(f1, AD)
benign_f1: Final = partial(f1, BENIGN)
hoax_recall: Final = partial(recall, HOAX)
benign_recall: Final = partial(recall, BENIGN)
called_hoax: Final = partial(called, (HOAX,))
called_ad: Final = partial(called, (AD,))
called_anything: Final = partial(called, (HOAX, AD))
false_hoax: Final = partial(called_wrongly, HOAX)
