"""Probabilities that match frequencies, thresholds chosen for what they are for."""

from __future__ import annotations

import numpy as np

from hoakscheck.labels import Label
from hoakscheck.training.calibrate import (
    DECIDED_ACCURACY,
    HIGHEST_FALSE_ALARM,
    HOAX_RANGE,
    best_f1_threshold,
    choose_thresholds,
    fit_calibration,
    review_threshold,
)


def test_calibration_finds_the_slope_that_made_the_answers():
    random = np.random.default_rng(0)
    log_odds = random.normal(0, 3, 20_000)
    positive = random.random(20_000) < 1 / (1 + np.exp(-(0.5 * log_odds - 1)))
    found = fit_calibration(log_odds, positive, np.ones(20_000))
    assert abs(found.slope - 0.5) < 0.05
    assert abs(found.shift + 1) < 0.1


def test_every_campaign_counts_the_same_whatever_its_size():
    random = np.random.default_rng(3)
    large, small = random.random(4000), random.random(200)
    scores = np.concatenate([large, small])
    positive = np.concatenate([random.random(4000) < large**4, random.random(200) < np.sqrt(small)])
    groups = np.array(["large"] * 4000 + ["small"] * 200)
    pooled = best_f1_threshold(scores, positive, np.array(["all"] * 4200))
    assert best_f1_threshold(scores, positive, groups) < pooled


def test_the_threshold_for_ads_hangs_less_on_single_campaigns_than_the_highest_point_does():
    grid, moved = np.arange(0.05, 0.96, 0.01), {"chosen": 0.0, "highest": 0.0}
    for seed in range(6):
        random = np.random.default_rng(seed)
        groups, shift = np.repeat(np.arange(12), 150), np.repeat(random.normal(0, 0.1, 12), 150)
        positive = random.random(1_800) < 0.35
        scores = np.clip(random.normal(0.35, 0.18, 1_800) + 0.25 * positive + shift, 0, 1)
        called, true = (scores.reshape(12, 150, 1) >= grid), positive.reshape(12, 150, 1)
        f1 = 2 * (called & true).sum(axis=1) / (called.sum(axis=1) + true.sum(axis=1))
        without = [(scores[groups != g], positive[groups != g], groups[groups != g]) for g in range(12)]
        moved["chosen"] += float(np.std([best_f1_threshold(*rest) for rest in without]))
        moved["highest"] += float(np.std([grid[np.delete(f1, g, axis=0).mean(axis=0).argmax()] for g in range(12)]))
    assert moved["chosen"] < 0.8 * moved["highest"]


def test_false_alarms_on_posts_stay_at_the_limit():
    random = np.random.default_rng(1)
    hoax = np.concatenate([random.beta(2, 6, 1000), random.beta(6, 2, 200)])
    probabilities = np.stack([hoax, (1 - hoax) * 0.2, (1 - hoax) * 0.8], axis=1)
    labels = [Label.BENIGN] * 900 + [Label.POLITICAL_AD] * 100 + [Label.HOAX] * 200
    thresholds = choose_thresholds(probabilities, labels, np.arange(1200) < 1000, np.array(["a"] * 1200))
    assert HOAX_RANGE[0] <= thresholds.hoax <= HOAX_RANGE[1]
    assert np.mean(hoax[:1000] >= thresholds.hoax) <= HIGHEST_FALSE_ALARM + 0.001


def test_what_stands_without_review_is_right_often_enough():
    random = np.random.default_rng(2)
    stated = random.random(5000)
    right = random.random(5000) < stated
    chosen = review_threshold(stated, right)
    assert right[stated >= chosen].mean() >= DECIDED_ACCURACY - 0.001


def test_texts_chosen_for_being_hard_do_not_set_when_review_is_asked_for():
    random = np.random.default_rng(4)
    ad = random.random(3000)
    probabilities = np.stack([np.zeros(3000), ad, 1 - ad], axis=1)
    hard = np.arange(3000) >= 2000
    labels = [
        Label.POLITICAL_AD if random.random() < (0.5 if is_hard else p) else Label.BENIGN
        for p, is_hard in zip(ad, hard, strict=True)
    ]
    groups = np.array(["a"] * 3000)
    with_all = choose_thresholds(probabilities, labels, ~hard, groups)
    without = choose_thresholds(probabilities, labels, ~hard, groups, hard)
    alone = choose_thresholds(probabilities[:2000], labels[:2000], ~hard[:2000], groups[:2000])
    assert without.review == alone.review < with_all.review


def test_when_nothing_is_sure_nearly_everything_is_reviewed():
    assert review_threshold(np.array([0.9, 0.8]), np.array([False, False])) == 0.9
