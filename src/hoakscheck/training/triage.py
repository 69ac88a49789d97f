"""The classifier: first whether a text is a hoax, then, among what is none, whether it is an ad.

That is the order of the annotation guideline (section 6, Q2 before Q3). Two questions also take in what a three-way
softmax cannot: posts of which only so much is known that they are no hoaxes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Self

import numpy as np
from scipy import sparse
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression

from hoakscheck.labels import Label

#: What stands in ``y`` for a text of which it is only known that it is no hoax.
NO_HOAX: Final = "no_hoax"

Array = np.ndarray[Any, Any]


def probabilities(log_odds: Array) -> Array:
    """Return the probability of each label from the log-odds of both questions, shape (n_texts, 3).

    >>> probabilities(np.zeros((1, 2)))
    array([[0.5 , 0.25, 0.25]])
    """
    hoax, ad = expit(log_odds).T
    return np.stack([hoax, (1.0 - hoax) * ad, (1.0 - hoax) * (1.0 - ad)], axis=1)


def _least(features: Any, weights: Array, kept: int) -> Array:
    """Return which features do the least, all but as many as are kept; of equal ones the later."""
    squares = np.asarray(sparse.csr_array(features).power(2).mean(axis=0)).ravel()
    part = np.abs(weights).max(axis=1) * np.sqrt(squares)
    return np.argsort(-part, kind="stable")[kept:]


class TriageClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no type hints
    """Two logistic regressions, one after the other.

    Args:
        hoax_c: inverse strength of the penalty for the first question, hoax or not.
        ad_c: the same for the second, political ad or benign.
        max_iter: iterations of the solver at most.
        self_training: whether the second question is learnt twice, the second time from texts of :data:`NO_HOAX` too, under the
            answers that the first gives to them (Scudder 1965). Posts of places and times that nobody has read teach how a known
            appeal goes on there: on posts of unseen campaigns AUC .904 to .909, F1 .713 to .720 (cross-fitted).
        kept: how many features keep their weights, those whose part in the log-odds of either question has the greatest root mean
            square over the training texts; None for all. Of 439,000 features 150,000 do nearly all (AUC for hoaxes among authored
            texts .9436 and .9425, with the 167,000 most frequent alone .9388), and a table of them is small.

    Attributes:
        classes_: labels in the order of :class:`hoakscheck.Label`.
        coef_: weights of both questions, shape (n_features, 2).
        intercept_: shape (2,).
    """

    def __init__(
        self,
        *,
        hoax_c: float = 0.05,
        ad_c: float = 0.015,
        max_iter: int = 1_000,
        self_training: bool = True,
        kept: int | None = 150_000,
    ) -> None:
        self.hoax_c = hoax_c
        self.ad_c = ad_c
        self.max_iter = max_iter
        self.self_training = self_training
        self.kept = kept

    def fit(self, features: Any, labels: Sequence[str] | Array, sample_weight: Array | None = None) -> Self:
        """Fit both questions; labels are those of :class:`hoakscheck.Label` or :data:`NO_HOAX`.

        Args:
            features: shape (n_texts, n_features).
            labels: shape (n_texts,).
            sample_weight: of each text, shape (n_texts,); or of each text for each question, shape (n_texts, 2).

        Raises:
            ValueError: a class has no example, or a negative number of features is to be kept.
        """
        if self.kept is not None and self.kept < 0:
            raise ValueError(f"kept is {self.kept}; it must be 0 or more, or None")
        y = np.asarray(labels, dtype=object)
        weight = np.ones(len(y)) if sample_weight is None else np.asarray(sample_weight, dtype=float)
        hoax_weight, ad_weight = weight.T if weight.ndim > 1 else (weight, weight)
        hoax = self._question(self.hoax_c).fit(features, y == Label.HOAX.value, sample_weight=hoax_weight)
        ad = self._fit_ad(features, y, ad_weight)
        unread = y == NO_HOAX
        if self.self_training and unread.any():
            answers = np.where(ad.predict(features[unread]), Label.POLITICAL_AD.value, Label.BENIGN.value)
            taught = y.copy()
            taught[unread] = answers
            ad = self._fit_ad(features, taught, ad_weight)
        weights = np.stack([hoax.coef_[0], ad.coef_[0]], axis=1)
        if self.kept is not None:
            weights[_least(features, weights, self.kept)] = 0.0
        # float32, as the artifact stores it: training and serving must multiply by the very same numbers
        self.coef_ = weights.astype(np.float32).astype(np.float64)
        self.intercept_ = np.array([hoax.intercept_[0], ad.intercept_[0]])
        self.classes_ = np.array([label.value for label in Label])
        self.n_features_in_ = self.coef_.shape[0]
        return self

    def decision_function(self, features: Any) -> Array:
        """Return the log-odds of both questions, shape (n_texts, 2)."""
        return np.asarray(features @ self.coef_ + self.intercept_)

    def predict_proba(self, features: Any) -> Array:
        """Return the probability of each label, shape (n_texts, 3)."""
        return probabilities(self.decision_function(features))

    def predict(self, features: Any) -> Array:
        """Return the most probable label of each text."""
        return np.asarray(self.classes_[self.predict_proba(features).argmax(axis=1)])

    def rescale(self, slope: Array, shift: Array) -> Self:
        """Calibrate: multiply the log-odds of both questions by ``slope`` and add ``shift``, within the weights."""
        self.coef_ = (self.coef_ * slope).astype(np.float32).astype(np.float64)
        self.intercept_ = self.intercept_ * slope + shift
        return self

    def _fit_ad(self, features: Any, labels: Array, weight: Array) -> LogisticRegression:
        """Fit the second question on the texts that are known to be an ad or benign."""
        known = (labels == Label.POLITICAL_AD.value) | (labels == Label.BENIGN.value)
        return self._question(self.ad_c).fit(
            features[known], labels[known] == Label.POLITICAL_AD.value, sample_weight=weight[known]
        )

    def _question(self, c: float) -> LogisticRegression:
        return LogisticRegression(C=c, max_iter=self.max_iter, tol=1e-4)
