"""What each part of the model is worth: the same training without it, scored by the same cross-fitting."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np

from hoakscheck.labels import Label
from hoakscheck.text.lexicon import packaged
from hoakscheck.text.normaliser import Normaliser
from hoakscheck.text.tokens import Token
from hoakscheck.training.corpus.build import Corpus
from hoakscheck.training.fit import build_pipeline, cross_fit, make_design, settle
from hoakscheck.training.recipe import Recipe
from hoakscheck.training.release.validation import validation_scores
from hoakscheck.training.vectoriser import Tokeniser


class Unstemmed(Tokeniser):
    """Words as they were written, without stems.

    >>> [token.stem for token in Unstemmed().transform(["Memilih ketua"])[0]]
    ['memilih', 'ketua']
    """

    def transform(self, texts: Iterable[str]) -> list[list[Token]]:
        """Return the tokens of each text."""
        return [
            [token if token.is_mark else token._replace(stem=token.surface) for token in text] for text in super().transform(texts)
        ]


class Named(Tokeniser):
    """Names of participants as words of their own, without marks for their roles.

    >>> [token.stem for token in Named().transform(["Prabowo menang"])[0]]
    ['prabowo', 'menang']
    """

    def transform(self, texts: Iterable[str]) -> list[list[Token]]:
        """Return the tokens of each text."""
        normaliser = Normaliser(replace(packaged(self.version), roles={}, name_lengths={}), version=self.version)
        return [normaliser.tokens(text) for text in texts]


@dataclass(frozen=True)
class Ablation:
    """One part left out.

    Attributes:
        name: what is left out.
        tokeniser: first step of the pipeline.
        features, classifier: settings of these that differ.
        settings: settings of the recipe that differ.
        unweighted: provenance of texts that count nothing in training; they are scored like the others.
    """

    name: str
    tokeniser: Tokeniser = field(default_factory=Tokeniser)
    features: Mapping[str, Any] = field(default_factory=dict)
    classifier: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    unweighted: frozenset[str] = frozenset()


ABLATIONS: Final = (
    Ablation("nothing left out"),
    Ablation("without stems", tokeniser=Unstemmed()),
    Ablation("without character n-grams", features={"characters": 0}),
    Ablation("without pairs of words", features={"pairs": 0}),
    Ablation("without cues together", features={"cues": 0}),
    Ablation("without role abstraction", tokeniser=Named()),
    Ablation("without days and hours", tokeniser=Tokeniser(version=2), settings={"normaliser": 2}),
    Ablation("without self-training", classifier={"self_training": False}),
    Ablation("without authored texts", unweighted=frozenset({"authored"})),
    Ablation("without posts read because a model was unsure", unweighted=frozenset({"selected"})),
)


def run_ablations(
    corpus: Corpus, recipe: Recipe, ablations: Sequence[Ablation] = ABLATIONS
) -> Iterator[tuple[str, Mapping[str, Mapping[str, Any]]]]:
    """Yield the name of each ablation and its scores, as :func:`.validation_scores` gives them.

    Calibration and thresholds are chosen anew each time. An ablation that leaves a label without texts is passed over.

    Raises:
        DatasetError: a label has too few examples to be learnt.
    """
    for ablation in ablations:
        left = {example.label for example in corpus.examples if example.provenance not in ablation.unweighted}
        if not left >= set(Label):
            continue
        features, classifier = {**recipe.features, **ablation.features}, {**recipe.classifier, **ablation.classifier}
        changed = replace(recipe, features=features, classifier=classifier, **ablation.settings)
        yield ablation.name, _scores(corpus, changed, ablation)


def _scores(corpus: Corpus, recipe: Recipe, ablation: Ablation) -> Mapping[str, Mapping[str, Any]]:
    pipeline = build_pipeline(recipe)
    pipeline.steps[0] = ("tokens", ablation.tokeniser)
    design = make_design(corpus.examples, recipe, pipeline)
    counted = np.array([example.provenance not in ablation.unweighted for example in design.examples])
    design = replace(design, weights=design.weights * counted[:, np.newaxis])
    settled = settle(cross_fit(pipeline[-1], design, recipe), design)
    return validation_scores(settled.validation, settled.examples, settled.thresholds)
