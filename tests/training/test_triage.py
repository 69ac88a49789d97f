"""Two questions, and what posts that nobody has read teach the second."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.base import clone

from hoakscheck.labels import Label
from hoakscheck.training.triage import NO_HOAX, TriageClassifier, _least

HOAX, AD, BENIGN = (label.value for label in Label)


@pytest.fixture
def read():
    """Hoaxes to the left; ads and benign texts told apart by the second feature."""
    features = np.array([[-2.0, 0, 0], [-2, 0.1, 0], [1, 2, 0], [1, 2.2, 0], [1, -2, 0], [1, -2.2, 0]])
    return features, np.array([HOAX, HOAX, AD, AD, BENIGN, BENIGN], dtype=object)


@pytest.fixture
def unread():
    """Posts that go with the ads and say something besides, in the third feature."""
    return np.array([[1.0, 2, 3], [1, 1.8, 3], [1, 2.1, 3]])


def fitted(features, labels, *, self_training, weights=None):
    return TriageClassifier(hoax_c=1.0, ad_c=1.0, self_training=self_training).fit(features, labels, weights)


def with_unread(read, unread):
    features, labels = read
    return np.concatenate([features, unread]), np.concatenate([labels, np.full(len(unread), NO_HOAX, dtype=object)])


def test_a_word_that_only_unread_posts_hold_counts_for_what_stands_beside_it(read, unread):
    features, labels = with_unread(read, unread)
    assert fitted(features, labels, self_training=False).coef_[2, 1] == 0
    assert fitted(features, labels, self_training=True).coef_[2, 1] > 0.1


def test_unread_posts_are_learnt_under_the_answers_of_a_first_fit(read, unread):
    features, labels = with_unread(read, unread)
    answered = np.where(labels == NO_HOAX, AD, labels)
    taught, told = fitted(features, labels, self_training=True), fitted(features, answered, self_training=False)
    np.testing.assert_array_equal(taught.coef_[:, 1], told.coef_[:, 1])


def test_they_teach_nothing_of_hoaxes_but_that_they_are_none(read, unread):
    features, labels = with_unread(read, unread)
    taught, plain = (fitted(features, labels, self_training=own) for own in (True, False))
    np.testing.assert_array_equal(taught.coef_[:, 0], plain.coef_[:, 0])


def test_they_count_by_their_weight_for_the_second_question(read, unread):
    features, labels = with_unread(read, unread)
    weights = np.ones((len(labels), 2))
    weights[labels == NO_HOAX, 1] = 0
    weightless = fitted(features, labels, self_training=True, weights=weights)
    np.testing.assert_allclose(weightless.coef_[:, 1], fitted(*read, self_training=False).coef_[:, 1], atol=1e-4)


def test_where_all_is_read_there_is_nothing_to_add(read):
    np.testing.assert_array_equal(fitted(*read, self_training=True).coef_, fitted(*read, self_training=False).coef_)


@pytest.mark.parametrize(("kept", "without"), [(3, []), (2, [2]), (None, [])])
def test_features_that_do_the_least_lose_their_weights(read, kept, without):
    features, labels = read
    features[:, 2] = [0.0, 0.0, 0.0, 0.1, 0.0, -0.1]
    weights = TriageClassifier(hoax_c=1.0, ad_c=1.0, kept=kept).fit(features, labels).coef_
    assert np.flatnonzero((weights == 0).all(axis=1)).tolist() == without


@pytest.mark.parametrize(
    ("weights", "least"),
    [
        ([[3.0, 0.0], [1.0, 0.0], [1.0, 0.0]], 0),  # a great weight that few texts have
        ([[9.0, 0.0], [0.1, 0.8], [0.5, 0.5]], 2),  # much for one question is more than some for both
        ([[9.0, 0.0], [0.5, 0.0], [0.0, 0.5]], 2),  # of equal ones the later
    ],
)
def test_what_does_the_least_is_told_by_its_part_in_the_log_odds(weights, least):
    features = np.array([[0.0, 1.0, 1.0]] * 99 + [[1.0, 1.0, 1.0]])
    assert _least(features, np.array(weights), 2).tolist() == [least]


def test_a_negative_number_of_features_is_no_setting(read):
    with pytest.raises(ValueError, match="kept"):
        TriageClassifier(kept=-1).fit(*read)


def test_the_setting_is_recorded_with_the_others():
    assert clone(TriageClassifier(self_training=True)).get_params()["self_training"]
