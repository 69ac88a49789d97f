"""Models without some of the texts: what the recipe gives where it has not seen a campaign, a topic or a desk.

A fit takes a minute once the features stand, so every unit gets a model of its own. Calibration and thresholds are chosen
anew each time, on cross-fitted predictions of what is left: nothing of the unit that is left out decides anything.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from hoakscheck.training.data.example import Example
from hoakscheck.training.fit import apply, build_pipeline, cross_fit, make_design, settle, side_by_side
from hoakscheck.training.recipe import Recipe
from hoakscheck.training.suite.judged import Array, Judged
from hoakscheck.training.triage import TriageClassifier, probabilities

#: Unit of a text: where it is the same, and not empty, a model that judges one has not seen the other.
Unit = Callable[[Example], str]


class Refits:
    """The recipe on a corpus, ready to be fitted again without parts of it."""

    def __init__(self, examples: Sequence[Example], recipe: Recipe) -> None:
        self._pipeline = build_pipeline(recipe)
        self._design = make_design(examples, recipe, self._pipeline)
        self._classifier: TriageClassifier = self._pipeline[-1]
        self._log_odds = cross_fit(self._classifier, self._design, recipe)

    def judge(self, held: Sequence[Example], unit: Unit) -> Judged:
        """Judge every text, as it was published, by a model that has seen no text of its unit.

        Args:
            held: labelled texts, of the corpus or not.
            unit: tells what to leave out; a text whose unit is empty is judged by a model that has seen none of these.
        """
        features = self._pipeline[:-1].transform([example.published for example in held])
        trained = np.array([unit(example) for example in self._design.examples], dtype=object)
        asked = np.array([unit(example) for example in held], dtype=object)

        def judge_unit(own: Array) -> Judged:
            name, texts = asked[own[0]], [held[index] for index in own.tolist()]
            return self._judge(features[own], texts, trained != name if name else self._is_none_of(texts))

        members = [np.flatnonzero(asked == name) for name in sorted(set(asked))]
        back = np.argsort(np.concatenate(members), kind="stable")
        return _joined(side_by_side(judge_unit, members)).take(back)

    def _is_none_of(self, held: Sequence[Example]) -> Array:
        alone = {example.sha256 for example in held}
        return np.array([example.sha256 not in alone for example in self._design.examples])

    def _judge(self, features: Array, held: Sequence[Example], seen: Array) -> Judged:
        design = self._design.take(seen)
        settled = settle(self._log_odds[seen], design)
        found = probabilities(apply(settled.calibration, design.fit(self._classifier).decision_function(features)))
        return Judged.by_probabilities(found, held, settled.thresholds)


def _joined(parts: Sequence[Judged]) -> Judged:
    return Judged(*(np.concatenate([getattr(part, name) for part in parts]) for name in Judged.__dataclass_fields__))
