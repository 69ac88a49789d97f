"""From a corpus to a calibrated scikit-learn pipeline with thresholds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from joblib import Parallel, cpu_count, delayed
from sklearn.base import clone
from sklearn.pipeline import Pipeline
from threadpoolctl import threadpool_limits

from hoakscheck.errors import DatasetError
from hoakscheck.labels import Label
from hoakscheck.model.decision import Thresholds
from hoakscheck.training.calibrate import Calibration, choose_thresholds, fit_calibration
from hoakscheck.training.corpus.build import Corpus, part_of
from hoakscheck.training.data.example import Example
from hoakscheck.training.pseudonyms import is_drawn, names_in, under_other_names
from hoakscheck.training.recipe import Recipe, example_weight
from hoakscheck.training.triage import NO_HOAX, TriageClassifier, probabilities
from hoakscheck.training.vectoriser import TokenFeatures, Tokeniser

Array = np.ndarray[Any, Any]

#: A dot product over more than 10,000 numbers is added up in as many parts as OpenBLAS has threads, so the last bits of a model
#: would depend on the number of cores (measured on 0.2.0); one takes no longer, as nearly all work is on sparse matrices.
BLAS_THREADS: Final = 1
#: Fits at a time; each copies its rows, so memory grows with them, see "Training again" in docs/models.md.
_AT_ONCE: Final = min(cpu_count(), 4)

#: Texts on which probabilities are meant to hold: those read or written one by one, not the easy negatives beside them.
_CLOSE_TO_USE: Final = frozenset({"read", "selected", "authored"})


@dataclass(frozen=True)
class Settled:
    """What is chosen on cross-fitted predictions.

    Attributes:
        thresholds: chosen on validation predictions.
        calibration: of the two questions.
        validation: probabilities of every labelled example by a model that has not seen its group, calibrated,
            shape (n_examples, 3).
        examples: the labelled examples, in the order of ``validation``.
    """

    thresholds: Thresholds
    calibration: tuple[Calibration, Calibration]
    validation: Array
    examples: tuple[Example, ...]


@dataclass(frozen=True)
class Fitted(Settled):
    """What a training run gives.

    Attributes:
        pipeline: texts to probabilities; an ordinary scikit-learn pipeline with the calibration inside.
    """

    pipeline: Pipeline


def build_pipeline(recipe: Recipe) -> Pipeline:
    """Return the unfitted pipeline: tokens, features, classifier.

    >>> build_pipeline(Recipe(classifier={"ad_c": 2.0})).get_params()["classifier__ad_c"]
    2.0
    """
    return Pipeline(
        [
            ("tokens", Tokeniser(version=recipe.normaliser)),
            ("features", TokenFeatures(**recipe.features)),
            ("classifier", TriageClassifier(**recipe.classifier)),
        ]
    )


@dataclass(frozen=True)
class Design:
    """What a classifier is fitted on; an example that names a candidate has two rows, see :func:`renditions`.

    Attributes:
        features: shape (n_rows, n_features).
        targets: label, or :data:`hoakscheck.training.triage.NO_HOAX` where no more is known, shape (n_rows,).
        weights: for each question, shape (n_rows, 2).
        shares: of the weight of its example that a row has, shape (n_rows,).
        counts: whether a row stands for its example where each is counted once, shape (n_rows,).
        examples: the example of each row.
    """

    features: Any
    targets: Array
    weights: Array
    shares: Array
    counts: Array
    examples: tuple[Example, ...]

    def take(self, chosen: Array) -> Design:
        """Return the chosen rows, by mask."""
        kept = tuple(example for example, keep in zip(self.examples, chosen, strict=True) if keep)
        return Design(
            self.features[chosen], self.targets[chosen], self.weights[chosen], self.shares[chosen], self.counts[chosen], kept
        )

    def fit(self, classifier: TriageClassifier) -> TriageClassifier:
        """Return a fitted copy of a classifier."""
        fitted: TriageClassifier = clone(classifier).fit(self.features, self.targets, self.weights)
        return fitted


def fit(corpus: Corpus, recipe: Recipe | None = None) -> Fitted:
    """Fit, calibrate and choose thresholds.

    Every example is also predicted by a model that has not seen its source or claim (:func:`validation_unit`); calibration
    and thresholds come from those predictions, and the model that is kept is fitted on all examples. The vocabulary, which
    knows no labels, is shared.

    Raises:
        DatasetError: a label has too few examples to be learnt.
    """
    recipe = recipe or Recipe()
    pipeline = build_pipeline(recipe)
    design = make_design(corpus.examples, recipe, pipeline)
    settled = settle(cross_fit(pipeline[-1], design, recipe), design)
    pipeline.steps[-1] = ("classifier", rescaled(design.fit(pipeline[-1]), settled.calibration))
    return Fitted(**vars(settled), pipeline=pipeline)


def settle(log_odds: Array, design: Design) -> Settled:
    """Calibrate and choose thresholds.

    Both rows of an example that names a candidate are calibrated on; thresholds and figures count each example once.

    Args:
        log_odds: of every row by a model that has not seen its group, shape (n_rows, 2).
        design: the rows, in the same order.
    """
    calibration = calibrate(log_odds, design)
    labelled = (design.targets != NO_HOAX) & design.counts
    validation = probabilities(apply(calibration, log_odds[labelled]))
    known = design.take(labelled).examples
    return Settled(choose(validation, known), calibration, validation, known)


def make_design(examples: Sequence[Example], recipe: Recipe, pipeline: Pipeline) -> Design:
    """Fit the features of a pipeline and return what its classifier is to be fitted on.

    Calibration and thresholds are chosen on the same rows: they are to hold for names that no list knows, too.

    Raises:
        DatasetError: a label has too few examples to be learnt.
    """
    _require_labels(examples)
    names = names_in((example.text for example in examples if example.provenance == "authored"), recipe.normaliser)
    rows = [(example, *rendition) for example in examples for rendition in renditions(example, recipe, names)]
    factors = (recipe.hoax_weights, recipe.ad_weights)
    return Design(
        features=pipeline[:-1].fit_transform([text for _, text, _, _ in rows]),
        targets=np.array([NO_HOAX if example.label is None else example.label.value for example, *_ in rows], dtype=object),
        weights=np.array([[share * example_weight(example, own) for own in factors] for example, _, share, _ in rows]),
        shares=np.array([share for _, _, share, _ in rows]),
        counts=np.array([counts for *_, counts in rows]),
        examples=tuple(example for example, *_ in rows),
    )


def renditions(example: Example, recipe: Recipe, names: Sequence[str] = ()) -> list[tuple[str, float, bool]]:
    """Return the texts that an example is learnt from, each with its share of the weight, and whether it counts in figures.

    What names a candidate is learnt twice: as it was written, and under invented names. In figures it counts once, under the
    invented ones as often as they have of its weight.

    >>> renditions(Example("KPU membuka pendaftaran", None, "a", "g"), Recipe())
    [('KPU membuka pendaftaran', 1.0, True)]
    >>> [part[1:] for part in renditions(Example("Prabowo unggul", None, "a", "g"), Recipe(renamed=0.25))]
    [(0.75, True), (0.25, False)]
    """
    text, seed, share = example.text, example.sha256, recipe.renamed
    renamed = under_other_names(text, seed=seed, names=names, version=recipe.normaliser) if share else text
    if renamed == text:
        return [(text, 1.0, True)]
    drawn = is_drawn(seed, share)
    return [part for part in ((text, 1.0 - share, not drawn), (renamed, share, drawn)) if part[1]]


def validation_unit(example: Example) -> str:
    """Return what is predicted together by a model that has not seen it.

    Posts go by campaign, and by source where many sources cover the same one: the question is always how the model does
    somewhere new. Everything else goes by its group: claim, topic, pair, article.
    """
    if example.kind != "post" or example.provenance not in {"read", "selected", "presumed"}:
        return example.group
    return example.source if example.campaign in {"", "pilpres-2024"} else example.campaign


def cross_fit(classifier: TriageClassifier, design: Design, recipe: Recipe) -> Array:
    """Return the log-odds of every row by a model fitted without the fold of its example, shape (n_rows, 2)."""
    folds = np.array([part_of(validation_unit(example), parts=recipe.folds, seed=recipe.seed) for example in design.examples])
    log_odds = np.zeros((len(folds), 2))

    def judge(fold: int) -> Array:
        return design.take(folds != fold).fit(classifier).decision_function(design.features[folds == fold])

    log_odds[np.argsort(folds, kind="stable")] = np.concatenate(side_by_side(judge, np.unique(folds)))
    return log_odds


def side_by_side(task: Callable[[Any], Any], items: Iterable[Any]) -> list[Any]:
    """Return the result of a task for each item, in order; several at a time in threads, as sparse products let others run."""
    with threadpool_limits(BLAS_THREADS, user_api="blas"):
        return list(Parallel(n_jobs=_AT_ONCE, require="sharedmem")(delayed(task)(item) for item in items))


def calibrate(log_odds: Array, design: Design) -> tuple[Calibration, Calibration]:
    """Calibrate the first question on everything, the second on texts that were read or written one by one.

    Whether a post is an ad is asked of posts. On the easy negatives beside them (reviews, general news) the question is
    trivial, and counting those would make every probability on posts too low.
    """
    targets, weights = design.targets, design.shares * [example.weight for example in design.examples]
    hoax = fit_calibration(log_odds[:, 0], targets == Label.HOAX.value, weights)
    asked = np.isin(targets, [Label.POLITICAL_AD.value, Label.BENIGN.value])
    close = asked & np.array([example.provenance in _CLOSE_TO_USE for example in design.examples])
    asked = close if len(set(targets[close])) > 1 else asked
    ad = fit_calibration(log_odds[asked, 1], targets[asked] == Label.POLITICAL_AD.value, weights[asked])
    return hoax, ad


def apply(calibration: tuple[Calibration, Calibration], log_odds: Array) -> Array:
    """Return calibrated log-odds of both questions, shape (n_texts, 2)."""
    slopes, shifts = np.array([(part.slope, part.shift) for part in calibration]).T
    calibrated: Array = log_odds * slopes + shifts
    return calibrated


def rescaled(classifier: TriageClassifier, calibration: tuple[Calibration, Calibration]) -> TriageClassifier:
    """Return the fitted classifier with the calibration inside its weights."""
    slopes, shifts = np.array([(part.slope, part.shift) for part in calibration]).T
    return classifier.rescale(slopes, shifts)


def choose(validation: Array, examples: Sequence[Example]) -> Thresholds:
    """Choose the thresholds on calibrated held-out probabilities of labelled examples, shape (n_examples, 3)."""
    posts = np.array([example.kind == "post" and example.provenance == "read" for example in examples])
    groups = np.array([validation_unit(example) for example in examples])
    selected = np.array([example.provenance == "selected" for example in examples])
    return choose_thresholds(validation, [Label(example.label) for example in examples if example.label], posts, groups, selected)


def _require_labels(examples: Sequence[Example]) -> None:
    counts = Counter(example.label for example in examples)
    for label in Label:
        if counts[label] < 2:
            raise DatasetError("corpus", f"{counts[label]} examples of {label.value}; at least 2 are needed to learn it")
