"""The suite asks a model what it has not seen, measures as others measure, and says where it falls short."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from joblib import parallel_config
from sklearn.metrics import f1_score, roc_auc_score

from hoakscheck.labels import Label
from hoakscheck.training.corpus.build import build_corpus
from hoakscheck.training.corpus.surface import cut_addressing
from hoakscheck.training.data.example import Example
from hoakscheck.training.suite import changes, measures, sets
from hoakscheck.training.suite.judged import Judged
from hoakscheck.training.suite.page import write_page
from hoakscheck.training.suite.refits import Refits
from hoakscheck.training.suite.rows import Goal, measured
from hoakscheck.training.suite.run import run


@pytest.fixture(scope="module")
def judged():
    """Return a judgement of 300 texts by a model that is right about two times in three."""
    random = np.random.default_rng(4)
    true = random.integers(0, 3, 300)
    probabilities = random.dirichlet((1, 1, 1), 300)
    probabilities[np.arange(300), true] += 0.6
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    units = np.array([f"g{number // 3}" for number in range(300)], dtype=object)
    return Judged(true, probabilities.argmax(axis=1), probabilities, random.random(300) < 0.7, units)


class TestMeasures:
    def test_f1_is_that_of_scikit_learn(self, judged):
        theirs = f1_score(judged.true, judged.predicted, average=None)
        assert [measures.hoax_f1(judged), measures.ad_f1(judged), measures.benign_f1(judged)] == pytest.approx(theirs)
        assert measures.macro_f1(judged) == pytest.approx(theirs.mean())

    def test_two_classes_are_hoax_and_the_rest(self, judged):
        theirs = f1_score(judged.true == 0, judged.predicted == 0, average="macro")
        assert measures.two_class_macro_f1(judged) == pytest.approx(theirs)

    def test_auc_is_that_of_scikit_learn(self, judged):
        assert measures.hoax_auc(judged) == pytest.approx(roc_auc_score(judged.true == 0, judged.probabilities[:, 0]))

    def test_a_pair_is_right_when_all_of_it_is(self, judged):
        by_hand = [judged.right[judged.units == unit].all() for unit in np.unique(judged.units.astype(str))]
        assert measures.pairs_right(judged) == pytest.approx(np.mean(by_hand))

    def test_recall_at_a_rate_of_false_alarms(self, judged):
        quiet = np.linspace(0, 1, 101)
        found = judged.probabilities[judged.true == 0, 0] > 0.95
        assert measures.recall_at(quiet, judged) == pytest.approx(found.mean())

    def test_an_interval_holds_the_figure_and_narrows_with_more_units(self, judged):
        low, high = measures.interval(measures.macro_f1, judged)
        assert low < measures.macro_f1(judged) < high
        few = judged.take(np.arange(60))
        few_low, few_high = measures.interval(measures.macro_f1, few)
        assert high - low < few_high - few_low

    def test_a_measure_without_a_value_gives_no_interval(self, judged):
        undecided = Judged(judged.true, judged.predicted, judged.probabilities, np.zeros(300, dtype=bool), judged.units)
        assert math.isnan(measures.decided_accuracy(undecided))
        assert all(map(math.isnan, measures.interval(measures.decided_accuracy, undecided, resamples=5)))


class TestRefits:
    def test_a_model_that_has_not_seen_a_unit_judges_it(self, tiny_data, tiny_recipe):
        corpus = build_corpus(tiny_data, None)
        secret = [
            Example(f"zqxv{number} wkrt{number % 3} bjmn", Label.POLITICAL_AD, "authored", f"authored/secret{number}", "rahasia", "slang", "authored")
            for number in range(12)
        ]  # fmt: skip
        refits = Refits([*corpus.examples, *secret], tiny_recipe)
        seen = refits.judge([replace(example, campaign="lain") for example in secret], sets.campaign)
        unseen = refits.judge(secret, sets.campaign)
        without_unit = refits.judge(secret, lambda _: "")
        for judged in (unseen, without_unit):
            assert seen.probabilities[:, measures.AD].min() > judged.probabilities[:, measures.AD].max()

    def test_a_text_is_asked_about_as_it_was_published(self, tiny_data, tiny_recipe):
        corpus = build_corpus(tiny_data, None)
        refits = Refits(corpus.examples, tiny_recipe)
        posts = [replace(example, uncut=f"@warga_9 {example.text}") for example in corpus.examples[:20]]
        as_published = refits.judge([replace(post, text=post.uncut, uncut="") for post in posts], sets.pair_fold)
        assert np.array_equal(refits.judge(posts, sets.pair_fold).probabilities, as_published.probabilities)
        assert not np.allclose(refits.judge(corpus.examples[:20], sets.pair_fold).probabilities, as_published.probabilities)

    def test_fits_side_by_side_give_the_same_as_one_after_another(self, tiny_data, tiny_recipe, monkeypatch):
        corpus = build_corpus(tiny_data, None)
        found = []
        for at_once in (1, 3):
            monkeypatch.setattr("hoakscheck.training.fit._AT_ONCE", at_once)
            with parallel_config(backend="loky"):  # a caller's wish for processes must not lose what threads share
                found.append(Refits(corpus.examples, tiny_recipe).judge(corpus.examples[:40], sets.pair_fold).probabilities)
        assert np.array_equal(*found)
        assert len(np.unique(found[0][:, 0])) > 1

    def test_the_order_is_kept(self, tiny_data, tiny_recipe):
        corpus = build_corpus(tiny_data, None)
        refits = Refits(corpus.examples, tiny_recipe)
        asked = list(corpus.examples[:20])
        judged = refits.judge(asked, sets.pair_fold)
        assert judged.units.tolist() == [example.group for example in asked]
        assert judged.true.tolist() == [list(Label).index(example.label) for example in asked]
        again = refits.judge(asked[::-1], sets.pair_fold)
        assert np.allclose(again.probabilities[::-1], judged.probabilities)


class TestChanges:
    @given(st.text())
    def test_misspelling_keeps_the_number_of_words(self, text):
        for change in changes.SPELLINGS.values():
            assert len(changes.misspell(text, change).split(" ")) == len(text.split(" "))

    @given(st.text())
    def test_swapping_there_and_back_again_names_the_same(self, text):
        there = [changes.swap_ticket(text, ticket) for ticket in changes.TICKETS]
        assert len({changes.swap_ticket(version, changes.TICKETS[0]) for version in there}) == 1

    def test_a_link_and_a_mention_keep_their_names(self):
        text = "@ganjarpranowo bilang https://x.example/anies soal GANJAR-MAHFUD"
        assert changes.swap_ticket(text, changes.TICKETS[1]) == "@ganjarpranowo bilang https://x.example/anies soal PRABOWO-GIBRAN"


class TestReport:
    def test_a_goal_is_reached_or_not(self):
        assert Goal(">=", 0.9).is_reached(0.9)
        assert not Goal("<=", 0.02).is_reached(0.021)
        assert not Goal(">=", 0.9).is_reached(math.nan)

    def test_a_row_tells_figure_interval_and_number(self, judged):
        row = measured("a", "macro-F1", split="b", judged=judged, function=measures.macro_f1, goal=Goal(">=", 0.99))
        assert row.n == 300
        assert row.reached is False
        assert row.low < row.value < row.high

    def test_everything_is_asked_printed_and_drawn(self, tiny, tiny_data, tiny_recipe, tmp_path):
        told = []
        report = run(tiny, build_corpus(tiny_data, None), tiny_data, None, recipe=tiny_recipe, progress=told.append)
        assert len(told) == 3
        assert report.row("authored minimal pairs", "macro-F1").n > 5
        assert "no mirror of the raw sources" in str(report)
        assert "goals reached" in str(report)
        assert json.loads(json.dumps(report.to_dict(), allow_nan=False))["model"] == "tiny-id@0.0.1"
        write_page(report, tmp_path / "suite.html")
        page = (tmp_path / "suite.html").read_text("utf-8")
        assert page.count("data:image/png;base64,") == 4
        assert "pairs of which all are right" in page


def test_a_tweet_and_what_is_learnt_of_it_fall_into_one_random_fold():
    tweets = [Example(f"@warga_{n} @info_kpu surat suara ke-{n} sudah dicoblos", None, "a", f"leiden/{n}") for n in range(20)]
    learnt = [replace(tweet, text=cut_addressing(tweet.text)) for tweet in tweets]
    assert [sets.random_fold(tweet) for tweet in tweets] == [sets.random_fold(tweet) for tweet in learnt]
    assert len({sets.random_fold(tweet) for tweet in tweets}) > 1
