"""From probabilities to a decision, case by case."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoakscheck import Label, ReviewReason
from hoakscheck.model.decision import Thresholds, choose_label, decide

HOAX, AD, BENIGN = Label
HALF = Thresholds(hoax=0.5, political_ad=0.5, review=0.6, fewest_words=3, known_share=0.35)

PROBABILITIES = st.tuples(st.floats(0, 1), st.floats(0, 1)).map(
    lambda answers: (answers[0], (1 - answers[0]) * answers[1], (1 - answers[0]) * (1 - answers[1]))
)


def _decide(probabilities, *, words=20, known=20):
    return decide(probabilities, words=words, known=known, thresholds=HALF)


class TestLabel:
    @pytest.mark.parametrize(
        ("probabilities", "label"),
        [
            pytest.param((0.8, 0.1, 0.1), HOAX, id="a hoax"),
            pytest.param((0.5, 0.49, 0.01), HOAX, id="a hoax inside an ad is a hoax"),
            pytest.param((0.5, 0.0, 0.5), HOAX, id="the threshold itself counts as a hoax"),
            pytest.param((0.49, 0.26, 0.25), AD, id="an ad is compared with benign alone, though a hoax is more probable"),
            pytest.param((0.49, 0.25, 0.26), BENIGN, id="so is benign"),
            pytest.param((0.2, 0.4, 0.4), AD, id="half of what is no hoax counts as an ad"),
            pytest.param((0.1, 0.1, 0.8), BENIGN, id="neither"),
            pytest.param((1.0, 0.0, 0.0), HOAX, id="surely a hoax"),
            pytest.param((0.0, 0.0, 1.0), BENIGN, id="surely benign"),
        ],
    )
    def test_hoaxes_come_before_ads_and_ads_before_benign(self, probabilities, label):
        assert choose_label(probabilities, HALF) is label

    def test_a_higher_threshold_calls_fewer_texts_a_hoax(self):
        assert choose_label((0.6, 0.3, 0.1), dataclasses.replace(HALF, hoax=0.7)) is AD

    def test_a_lower_threshold_calls_more_texts_an_ad(self):
        assert choose_label((0.0, 0.3, 0.7), dataclasses.replace(HALF, political_ad=0.25)) is AD

    @given(probabilities=PROBABILITIES)
    def test_every_probability_gets_the_label_that_its_thresholds_say(self, probabilities):
        hoax, ad, benign = probabilities
        label = choose_label(probabilities, HALF)
        assert (label is HOAX) == (hoax >= 0.5)
        assert label is HOAX or (label is AD) == (ad >= benign)


class TestReview:
    SURE = (0.0, 0.1, 0.9)

    @pytest.mark.parametrize(
        ("probabilities", "words", "known", "reasons"),
        [
            pytest.param(SURE, 20, 7, (), id="enough of everything"),
            pytest.param(SURE, 0, 0, ("no_words",), id="no words"),
            pytest.param(SURE, 1, 1, ("few_words",), id="one word"),
            pytest.param(SURE, 2, 2, ("few_words",), id="two words"),
            pytest.param(SURE, 3, 3, (), id="three words"),
            pytest.param(SURE, 20, 6, ("unknown_words",), id="too many unknown words"),
            pytest.param((0.3, 0.11, 0.59), 20, 20, ("low_confidence",), id="not sure"),
            pytest.param((0.3, 0.1, 0.6), 20, 20, (), id="just sure enough"),
            pytest.param((0.55, 0.4, 0.05), 2, 0, ("few_words", "unknown_words", "low_confidence"), id="all at once"),
        ],
    )
    def test_a_decision_says_why_it_should_not_stand(self, probabilities, words, known, reasons):
        decision = _decide(probabilities, words=words, known=known)
        assert decision.review_reasons == tuple(map(ReviewReason, reasons))
        assert decision.needs_review == bool(reasons)

    def test_a_label_less_probable_than_another_asks_for_review(self):
        decision = _decide((0.49, 0.26, 0.25))
        assert (decision.label, decision.review_reasons) == (AD, (ReviewReason.LOW_CONFIDENCE,))


class TestDecision:
    def test_it_carries_the_probability_of_its_label(self):
        assert _decide((0.2, 0.7, 0.1)).probability == 0.7

    def test_it_carries_all_probabilities_as_given(self):
        assert _decide([0.2, 0.7, 0.1]).probabilities == (0.2, 0.7, 0.1)

    def test_it_cannot_be_changed(self):
        with pytest.raises(dataclasses.FrozenInstanceError):
            _decide((0.2, 0.7, 0.1)).label = HOAX

    def test_thresholds_cannot_be_changed(self):
        with pytest.raises(dataclasses.FrozenInstanceError):
            HALF.hoax = 0.1
