"""The scikit-learn side of the feature space: texts to a sparse matrix."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any, Self

import numpy as np
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_extraction.text import TfidfVectorizer

from hoakscheck.model.features import (
    TOGETHER,
    character_features,
    cooccurrence_features,
    cooccurrence_scale,
    length_scale,
    pair_features,
    word_features,
)
from hoakscheck.text.normaliser import VERSION, packaged_normaliser
from hoakscheck.text.tokens import Token


class Tokeniser(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no type hints
    """Texts to token lists; stateless, so that a pipeline can start from strings.

    Args:
        version: of the normaliser, see :data:`hoakscheck.text.normaliser.VERSION`.

    >>> [token.stem for token in Tokeniser().transform(["Memilih ketua"])[0]]
    ['pilih', 'ketua']
    """

    def __init__(self, *, version: int = VERSION) -> None:
        self.version = version

    def fit(self, texts: Iterable[str], y: object = None) -> Self:  # noqa: ARG002  # scikit-learn's signature
        """Do nothing; there is nothing to learn."""
        return self

    def transform(self, texts: Iterable[str]) -> list[list[Token]]:
        """Return the tokens of each text."""
        normaliser = packaged_normaliser(self.version)
        return [normaliser.tokens(text) for text in texts]

    def __sklearn_is_fitted__(self) -> bool:
        """Nothing to fit."""
        return True


class TokenFeatures(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Token lists to weighted counts of words, pairs, cues together and character n-grams, scaled by length.

    Args:
        words, pairs, characters: how many features of each kind at most, the most frequent; 0 for none. So many are found that
            those which do nothing can be left out afterwards, see :class:`hoakscheck.training.triage.TriageClassifier`.
        cues: how many stems, those in most texts, give a pair wherever they stand in the same text; 0 for none.
        pair_weight, cue_weight, character_weight: what a pair, two cues or an n-gram count against a word.
        min_texts: a feature must occur in at least so many texts.
        window: length up to which evidence adds up, see :func:`hoakscheck.model.features.length_scale`.
        grows: whether it grows on beyond.

    Attributes:
        vocabularies_: kind -> {feature: column}, with the columns of all kinds counted through.
        cues_: the stems that give pairs wherever they stand.
        idf_: inverse document frequency times the weight of the kind, shape (n_features,).
    """

    def __init__(
        self,
        *,
        words: int = 30_000,
        pairs: int = 180_000,
        cues: int = 600,
        characters: int = 60_000,
        pair_weight: float = 0.8,
        cue_weight: float = 0.6,
        character_weight: float = 0.35,
        min_texts: int = 3,
        window: int = 30,
        grows: bool = True,
    ) -> None:
        self.words = words
        self.pairs = pairs
        self.cues = cues
        self.characters = characters
        self.pair_weight = pair_weight
        self.cue_weight = cue_weight
        self.character_weight = character_weight
        self.min_texts = min_texts
        self.window = window
        self.grows = grows

    def fit(self, documents: Sequence[Sequence[Token]], y: object = None) -> Self:  # noqa: ARG002  # scikit-learn's signature
        """Learn the vocabularies and the document frequencies."""
        self.vocabularies_: dict[str, dict[str, int]] = {}
        self.cues_ = _most_widespread(documents, self.cues)
        idf = [np.empty(0)]
        columns = 0
        for kind, (analyser, limit, weight) in self._kinds().items():
            self.vocabularies_[kind] = {}
            if not limit:
                continue
            counter = TfidfVectorizer(analyzer=analyser, norm=None, min_df=self.min_texts, max_features=limit).fit(documents)
            self.vocabularies_[kind] = {feature: columns + int(column) for feature, column in counter.vocabulary_.items()}
            columns += len(counter.vocabulary_)
            idf.append(counter.idf_ * weight)
        self.cues_ = frozenset(cue for pair in self.vocabularies_["cues"] for cue in pair.split(TOGETHER))
        # float32, as the artifact stores it: training and serving must multiply by the very same numbers
        self.idf_ = np.concatenate(idf).astype(np.float32).astype(np.float64)
        return self

    def transform(self, documents: Sequence[Sequence[Token]]) -> sparse.csr_matrix:
        """Return the features, shape (n_texts, n_features)."""
        counts = {kind: self._count(kind, documents) for kind in self._kinds()}
        together = np.array([cooccurrence_scale(len({token.stem for token in tokens} & self.cues_)) for tokens in documents])
        counts["cues"] = sparse.diags_array(together) @ counts["cues"]
        scale = np.array([length_scale(len(tokens), self.window, grows=self.grows) for tokens in documents])
        joined = sparse.hstack(list(counts.values()), format="csr")
        return sparse.csr_matrix(sparse.diags_array(scale) @ joined @ sparse.diags_array(self.idf_))

    def get_feature_names_out(self, input_features: object = None) -> np.ndarray[Any, Any]:  # noqa: ARG002  # the same
        """Return the features in the order of the columns, each with its kind in front."""
        columns = {f"{kind}:{feature}": column for kind, own in self.vocabularies_.items() for feature, column in own.items()}
        return np.array(sorted(columns, key=columns.__getitem__), dtype=object)

    def _kinds(self) -> dict[str, tuple[Any, int, float]]:
        return {
            "words": (word_features, self.words, 1.0),
            "pairs": (pair_features, self.pairs, self.pair_weight),
            "cues": (partial(cooccurrence_features, cues=self.cues_), self.cues * self.cues, self.cue_weight),
            "characters": (character_features, self.characters, self.character_weight),
        }

    def _count(self, kind: str, documents: Sequence[Sequence[Token]]) -> sparse.csr_matrix:
        analyser = self._kinds()[kind][0]
        vocabulary = self.vocabularies_[kind]
        first = min(vocabulary.values(), default=0)
        rows, columns = [], []
        for row, tokens in enumerate(documents):
            found = [vocabulary[feature] - first for feature in analyser(tokens) if feature in vocabulary]
            columns += found
            rows += [row] * len(found)
        values = np.ones(len(columns))
        return sparse.csr_matrix((values, (rows, columns)), shape=(len(documents), len(vocabulary)))


def _most_widespread(documents: Iterable[Sequence[Token]], count: int) -> frozenset[str]:
    """Return the stems that stand in most texts; of equally many the first by alphabet."""
    texts = Counter(stem for tokens in documents for stem in {token.stem for token in tokens})
    return frozenset(sorted(texts, key=lambda stem: (-texts[stem], stem))[:count])
