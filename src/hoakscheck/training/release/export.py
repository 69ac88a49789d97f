"""From a fitted pipeline to an artifact: tables instead of objects, with all that is known about how they came to be."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from importlib import metadata
from typing import Any, Final

import numpy as np
from sklearn.pipeline import Pipeline

from hoakscheck.labels import Label
from hoakscheck.model.artifact import Artifact, Golden
from hoakscheck.model.features import TOGETHER
from hoakscheck.model.tables import Tables
from hoakscheck.text.normaliser import packaged_normaliser
from hoakscheck.text.stemmer import installed_version
from hoakscheck.training.corpus.build import Corpus
from hoakscheck.training.data.example import Example
from hoakscheck.training.fit import Fitted
from hoakscheck.training.recipe import Recipe
from hoakscheck.training.release.card import write_card
from hoakscheck.training.release.validation import validation_scores

#: Golden texts stored with a model, and words of each at most. They are replayed whenever it is loaded, before a word of theirs is
#: known: 24 of 25 words each take half of the 55 ms that loading takes.
GOLDEN_TEXTS: Final = 24
_GOLDEN_WORDS: Final = 12

#: What models before 0.3.0 (cues), before 0.5.0, before 0.7.0 (self-training) and before 0.9.0 (kept) did not have, and so do not
#: record; and the first version of the normaliser.
_BEFORE_THEY_WERE_RECORDED: Final = {"cues": 0, "grows": False}
_BEFORE_IT_WAS_RECORDED: Final = {"self_training": False, "kept": None}
_FIRST_NORMALISER: Final = 1
_LIBRARIES: Final = ("numpy", "scipy", "scikit-learn")


def compile_tables(pipeline: Pipeline) -> Tables:
    """Return the tables of a fitted pipeline; :class:`hoakscheck.serving.scorer.Scorer` reads the same answers off them.

    Features without a weight stay out, but for words, which tell how much of a text is known, and for one pair of every cue, which
    tells that it is one.
    """
    features, classifier = pipeline["features"], pipeline["classifier"]
    vocabularies = {kind: sorted(own.items(), key=lambda item: item[1]) for kind, own in features.vocabularies_.items()}
    weighted = (classifier.coef_ != 0.0).any(axis=1)
    unweighted = {"words": dict(vocabularies["words"]), "cues": _first_of_each_cue(vocabularies["cues"], weighted)}
    kept = {
        kind: [(name, column) for name, column in own if weighted[column] or name in unweighted.get(kind, ())]
        for kind, own in vocabularies.items()
    }
    columns = [column for own in kept.values() for _, column in own]
    return Tables.from_features(
        words=[name for name, _ in kept["words"]],
        pairs=[name for kind in ("pairs", "cues") for name, _ in kept[kind]],
        characters=[name for name, _ in kept["characters"]],
        idf=features.idf_[columns].astype(np.float32),
        weights=classifier.coef_[columns].astype(np.float32),
        intercept=classifier.intercept_.astype(np.float64),
        window=features.window,
        grows=features.grows,
    )


def _first_of_each_cue(pairs: Sequence[tuple[str, int]], weighted: Any) -> set[str]:
    """Return a pair for each cue that no pair with a weight names."""
    known = {cue for name, column in pairs if weighted[column] for cue in name.split(TOGETHER)}
    found = set()
    for name, _ in pairs:
        cues = set(name.split(TOGETHER))
        if not cues <= known:
            found.add(name)
            known |= cues
    return found


def make_artifact(
    name: str, version: str, fitted: Fitted, corpus: Corpus, recipe: Recipe, *, ablations: Mapping[str, Any] | None = None
) -> Artifact:
    """Return the artifact of a training run, with golden texts chosen among the authored ones.

    Args:
        name: for instance ``hoakscheck-id``.
        version: for instance ``0.1.0``.
        fitted: what training gave.
        corpus: what it was trained on.
        recipe: its settings.
        ablations: scores of the same training without a part, by name of the part; None where none were run.
    """
    record = training_record(fitted, corpus, recipe)
    if ablations:
        record["ablations"] = ablations
    golden_texts = _golden_texts(corpus.examples)
    probabilities = fitted.pipeline.predict_proba(golden_texts) if golden_texts else []
    return Artifact(
        name=name,
        version=version,
        normaliser=packaged_normaliser(recipe.normaliser).fingerprint,
        tables=compile_tables(fitted.pipeline),
        thresholds=fitted.thresholds,
        golden=tuple(Golden(text, tuple(map(float, row))) for text, row in zip(golden_texts, probabilities, strict=True)),
        card=write_card(name, version, fitted.thresholds, record),
        record=record,
    )


def training_record(fitted: Fitted, corpus: Corpus, recipe: Recipe) -> dict[str, Any]:
    """Return what a manifest tells about the training; no clock and no path, so that equal runs give equal bytes."""
    labelled = [example for example in corpus.examples if example.label is not None]
    return {
        "stemmer": f"PySastrawi {installed_version()}",
        "data": {
            "fingerprint": corpus.fingerprint,
            "sources": sorted({example.source for example in corpus.examples}),
            "texts": dict(sorted(Counter(str(example.label) for example in labelled).items())),
            "provenance": dict(sorted(Counter(example.provenance for example in corpus.examples).items())),
            "dropped": corpus.dropped_by_reason,
        },
        "recipe": {
            "features": fitted.pipeline["features"].get_params(),
            "classifier": fitted.pipeline["classifier"].get_params(),
            "hoax_weights": dict(recipe.hoax_weights),
            "ad_weights": dict(recipe.ad_weights),
            "renamed": recipe.renamed,
            "normaliser": recipe.normaliser,
            "folds": recipe.folds,
            "seed": recipe.seed,
        },
        "split": f"{recipe.folds}-fold cross-fitting; posts by campaign or source, all else by claim, topic, pair or article",
        "calibration": [{"slope": part.slope, "shift": part.shift} for part in fitted.calibration],
        "validation": validation_scores(fitted.validation, fitted.examples, fitted.thresholds),
        "libraries": {"python": platform.python_version()} | {name: metadata.version(name) for name in _LIBRARIES},
    }


def recorded_recipe(record: Mapping[str, Any]) -> Recipe:
    """Return the recipe that a manifest records.

    >>> recorded_recipe({"recipe": {"features": {"window": 20}, "classifier": {}, "seed": 1}}).features
    {'cues': 0, 'grows': False, 'window': 20}
    >>> recorded_recipe({"recipe": {"features": {}, "classifier": {"ad_c": 0.02}, "seed": 1}}).classifier
    {'self_training': False, 'kept': None, 'ad_c': 0.02}
    """
    known = {field.name for field in fields(Recipe)}
    recorded = {"normaliser": _FIRST_NORMALISER, "renamed": 0.0, **record["recipe"]}
    recipe = Recipe(**{name: value for name, value in recorded.items() if name in known})
    features, classifier = {**_BEFORE_THEY_WERE_RECORDED, **recipe.features}, {**_BEFORE_IT_WAS_RECORDED, **recipe.classifier}
    return replace(recipe, features=features, classifier=classifier)


def _golden_texts(examples: Sequence[Example]) -> list[str]:
    """Return some short authored texts of every label: only texts of this project may be shipped."""
    authored = [e for e in examples if e.provenance == "authored" and len(e.text.split()) <= _GOLDEN_WORDS]
    authored.sort(key=lambda example: example.sha256)
    share = GOLDEN_TEXTS // len(Label)
    return [example.text for label in Label for example in [e for e in authored if e.label is label][:share]]
