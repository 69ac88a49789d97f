"""What a user would write: Sastrawi with its cache, scikit-learn's vectorisers over the same families, a logistic regression.

Run as a program it is the cold peer: python naive.py MODEL FILE reads the model with joblib and labels every line of the file.
"""

from __future__ import annotations

import sys
from itertools import combinations, pairwise
from pathlib import Path

import joblib
from Sastrawi.Stemmer.StemmerFactory import StemmerFactory
from sklearn.feature_extraction.text import HashingVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer

STEMMER = StemmerFactory().create_stemmer()

#: A text and its stems.
Read = tuple[str, list[str]]


def read(texts: list[str]) -> list[Read]:
    """Stem every text once, for all vectorisers."""
    return [(text, STEMMER.stem(text).split()) for text in texts]


def written(found: Read) -> str:
    """Return the text in small letters, for the character n-grams."""
    return found[0].lower()


def stems(found: Read) -> list[str]:
    """Return the stems alone."""
    return found[1]


def words_and_pairs(found: Read) -> list[str]:
    """Return words, neighbours, words with one between, and words near the ends."""
    own = found[1]
    return [
        *own,
        *(f"{left} {right}" for left, right in pairwise(own)),
        *(f"{left} _ {right}" for left, right in zip(own, own[2:], strict=False)),
        *(f"^ {stem}" for stem in own[:3]),
        *(f"{stem} $" for stem in own[-3:]),
    ]


class Cues:
    """Pairs of the most frequent stems anywhere in a text."""

    def __init__(self, cues: frozenset[str]) -> None:
        self.cues = cues

    def __call__(self, found: Read) -> list[str]:
        """Return the pairs of a text."""
        return [" & ".join(pair) for pair in combinations(sorted(self.cues.intersection(found[1])), 2)]


def same_families(texts: list[str], labels: list[str]) -> Pipeline:
    """Return the pipeline with all feature families of the model, fitted."""
    counter = TfidfVectorizer(analyzer=stems).fit(read(texts))
    cues = frozenset(sorted(counter.vocabulary_, key=lambda stem: counter.idf_[counter.vocabulary_[stem]])[:300])
    characters = TfidfVectorizer(analyzer="char_wb", preprocessor=written, ngram_range=(3, 5), min_df=3, max_features=40_000)
    features = FeatureUnion(
        [
            ("words", TfidfVectorizer(analyzer=words_and_pairs, min_df=2, max_features=80_000)),
            ("cues", TfidfVectorizer(analyzer=Cues(cues), min_df=2)),
            ("characters", characters),
        ]
    )
    return make_pipeline(FunctionTransformer(read), features, LogisticRegression(max_iter=200)).fit(texts, labels)


def words_alone(texts: list[str], labels: list[str]) -> Pipeline:
    """Return stems and their TF-IDF alone: the least that a user would write."""
    vectoriser = TfidfVectorizer(analyzer=stems, min_df=2)
    return make_pipeline(FunctionTransformer(read), vectoriser, LogisticRegression(max_iter=200)).fit(texts, labels)


def hashed(texts: list[str], labels: list[str]) -> Pipeline:
    """Return words without stems, hashed: nothing is looked up in a vocabulary."""
    return make_pipeline(HashingVectorizer(n_features=2**18), LogisticRegression(max_iter=200)).fit(texts, labels)


if __name__ == "__main__":
    sys.modules["naive"] = sys.modules["__main__"]  # where the saved pipeline looks for its functions
    pipeline = joblib.load(sys.argv[1])
    lines = Path(sys.argv[2]).read_text(encoding="utf-8").split("\n")
    print(len(pipeline.predict_proba(lines)))
