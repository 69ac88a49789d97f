"""Figures against examples worked by hand."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoakscheck import InvalidTextError, Label, ReviewReason
from hoakscheck.model.decision import Decision
from hoakscheck.training.evaluate import CALIBRATION_BINS, calibration_error, evaluate, report

HOAX, AD, BENIGN = Label


def _decision(label, probability=0.9, *, review=False):
    return Decision(label, probability, (0.0, 0.0, 0.0), (ReviewReason.LOW_CONFIDENCE,) if review else ())


def _report(*pairs):
    """Return the report on pairs of true and predicted label."""
    return report([_decision(predicted) for _, predicted in pairs], [true for true, _ in pairs], "tiny-id@0.0.1")


class TestFigures:
    #: Of 4 hoaxes 3 are found, of 2 ads 1; one ad is called a hoax, one hoax benign; all 4 benign are right.
    TEN = _report(
        (HOAX, HOAX), (HOAX, HOAX), (HOAX, HOAX), (HOAX, BENIGN), (AD, AD), (AD, HOAX),
        (BENIGN, BENIGN), (BENIGN, BENIGN), (BENIGN, BENIGN), (BENIGN, BENIGN),
    )  # fmt: skip

    def test_accuracy_is_the_share_of_right_labels(self):
        assert (self.TEN.n, self.TEN.accuracy) == (10, 0.8)

    @pytest.mark.parametrize(
        ("label", "precision", "recall", "f1", "support"),
        [(HOAX, 3 / 4, 3 / 4, 3 / 4, 4), (AD, 1.0, 1 / 2, 2 / 3, 2), (BENIGN, 4 / 5, 1.0, 8 / 9, 4)],
    )
    def test_every_label_has_its_scores(self, label, precision, recall, f1, support):
        scores = self.TEN.per_label[label]
        assert (scores.precision, scores.recall, scores.f1, scores.support) == (
            pytest.approx(precision), pytest.approx(recall), pytest.approx(f1), support,
        )  # fmt: skip

    def test_macro_f1_is_the_mean_over_labels(self):
        assert self.TEN.macro_f1 == pytest.approx((3 / 4 + 2 / 3 + 8 / 9) / 3)

    def test_the_confusion_goes_from_the_true_to_the_predicted_label(self):
        assert self.TEN.confusion == {
            HOAX: {HOAX: 3, AD: 0, BENIGN: 1},
            AD: {HOAX: 1, AD: 1, BENIGN: 0},
            BENIGN: {HOAX: 0, AD: 0, BENIGN: 4},
        }


class TestAbsentLabels:
    def test_macro_f1_leaves_out_a_label_without_a_true_text(self):
        found = _report((HOAX, HOAX), (HOAX, AD), (BENIGN, BENIGN))
        assert found.labels == (HOAX, BENIGN)
        assert found.macro_f1 == pytest.approx((2 / 3 + 1) / 2)

    def test_a_label_that_nobody_has_and_nobody_gets_scores_zero(self):
        scores = _report((HOAX, HOAX)).per_label[AD]
        assert (scores.precision, scores.recall, scores.f1, scores.support) == (0.0, 0.0, 0.0, 0)

    def test_a_label_that_is_never_predicted_scores_zero_and_counts(self):
        found = _report((HOAX, BENIGN), (BENIGN, BENIGN))
        assert found.labels == (HOAX, BENIGN)
        assert found.macro_f1 == pytest.approx((0 + 2 / 3) / 2)

    def test_all_wrong_is_zero(self):
        assert (_report((HOAX, AD), (AD, HOAX)).accuracy, _report((HOAX, AD), (AD, HOAX)).macro_f1) == (0.0, 0.0)


class TestReview:
    def test_accuracy_when_decided_leaves_out_what_asks_for_review(self):
        decisions = [_decision(HOAX), _decision(HOAX, review=True), _decision(AD), _decision(AD, review=True)]
        found = report(decisions, [HOAX, BENIGN, BENIGN, AD], "m")
        assert (found.accuracy, found.review_rate, found.accuracy_when_decided) == (0.5, 0.5, 0.5)

    def test_it_is_none_where_everything_asks_for_review(self):
        found = report([_decision(HOAX, review=True)], [HOAX], "m")
        assert (found.review_rate, found.accuracy_when_decided) == (1.0, None)


class TestCalibrationError:
    @pytest.mark.parametrize(
        ("probabilities", "right", "expected"),
        [
            pytest.param([0.75] * 4, [1, 1, 1, 0], 0.0, id="right as often as stated"),
            pytest.param([1.0] * 4, [0, 0, 0, 0], 1.0, id="sure and wrong"),
            pytest.param([0.6] * 5, [1, 1, 1, 1, 1], 0.4, id="too modest"),
            pytest.param([0.9, 0.9, 0.5, 0.5], [1, 0, 1, 1], (2 * 0.4 + 2 * 0.5) / 4, id="two bins weigh by their texts"),
            pytest.param([0.9, 0.5], [0, 1], (0.9 + 0.5) / 2, id="distances of two bins do not cancel out"),
            pytest.param([0.94, 0.99], [1, 0], abs(0.5 - 0.965), id="within a bin they do"),
            pytest.param([0.0, 1.0], [0, 1], 0.0, id="both ends have a bin"),
        ],
    )
    def test_it_is_the_mean_distance_between_stated_and_observed(self, probabilities, right, expected):
        assert calibration_error(np.array(probabilities), np.array(right, dtype=bool)) == pytest.approx(expected, abs=1e-9)

    def test_the_edge_of_a_bin_belongs_to_the_bin_above(self):
        just_below, edge = 0.5 - 1e-9, 0.5
        assert calibration_error(np.array([just_below, edge]), np.array([True, False]), bins=2) == pytest.approx(0.5, abs=1e-6)

    def test_the_report_uses_fifteen_bins(self):
        decisions = [_decision(HOAX, 0.59), _decision(HOAX, 0.61)]
        assert CALIBRATION_BINS == 15
        assert report(decisions, [HOAX, AD], "m").ece == pytest.approx((0.41 + 0.61) / 2)

    @given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=50))
    def test_it_lies_between_zero_and_one(self, pairs):
        probabilities, right = map(np.array, zip(*pairs, strict=True))
        assert 0.0 <= calibration_error(probabilities, right) <= 1.0


class TestEvaluating:
    def test_a_model_is_compared_with_labelled_texts(self, tiny, tiny_texts):
        labels = [HOAX, AD, BENIGN] * (len(tiny_texts) // 3)
        found = evaluate(tiny, tiny_texts, labels)
        right = [verdict.label is label for verdict, label in zip(tiny.classify_many(tiny_texts), labels, strict=True)]
        assert (found.n, found.accuracy, found.model) == (63, pytest.approx(sum(right) / 63), "tiny-id@0.0.1")

    @pytest.mark.parametrize(("texts", "labels"), [([], []), (["coblos"], []), (["coblos"], [HOAX, AD])])
    def test_it_needs_one_label_for_each_text(self, tiny, texts, labels):
        with pytest.raises(ValueError, match="as many labels as texts"):
            evaluate(tiny, texts, labels)

    def test_it_refuses_what_is_no_text(self, tiny):
        with pytest.raises(InvalidTextError, match="at position 1"):
            evaluate(tiny, ["coblos", None], [AD, AD])

    def test_its_dictionary_is_plain_json(self):
        plain = TestFigures.TEN.to_dict()
        assert json.loads(json.dumps(plain)) == plain

    def test_its_table_names_every_label_and_the_model(self):
        shown = str(TestFigures.TEN)
        assert all(word in shown for word in ("hoax", "political_ad", "benign", "tiny-id@0.0.1"))
        assert "Report(" not in shown
