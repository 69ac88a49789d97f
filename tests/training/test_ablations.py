"""Every part of the model is left out once, and the card tells what that cost."""

from __future__ import annotations

import pytest

from hoakscheck.model.artifact import load
from hoakscheck.training.corpus.build import build_corpus
from hoakscheck.training.fit import fit
from hoakscheck.training.release.ablations import ABLATIONS, Named, Unstemmed, run_ablations
from hoakscheck.training.release.validation import validation_scores
from hoakscheck.training.train import train
from hoakscheck.training.vectoriser import Tokeniser

TEXTS = ["Gubernur Ganjar Pranowo meresmikan pasar baru", "Coblos Prabowo nomor 2, relawannya sudah siap"]


@pytest.fixture(scope="module")
def corpus(tiny_data):
    return build_corpus(tiny_data, None)


@pytest.fixture(scope="module")
def scores(corpus, tiny_recipe):
    return dict(run_ablations(corpus, tiny_recipe))


def test_nothing_left_out_is_the_training_itself(corpus, tiny_recipe, scores):
    fitted = fit(corpus, tiny_recipe)
    assert scores["nothing left out"] == validation_scores(fitted.validation, fitted.examples, fitted.thresholds)


def test_every_ablation_is_scored_on_the_same_texts_and_changes_something(scores):
    assert len({found["all"]["n"] for found in scores.values()}) == 1
    assert len({str(found) for found in scores.values()}) > len(scores) / 2


def test_an_ablation_that_leaves_a_label_without_texts_is_passed_over(scores):
    assert set(scores) == {ablation.name for ablation in ABLATIONS} - {"without authored texts"}


def test_without_stems_words_stay_as_they_were_written():
    stems = [token.stem for token in Unstemmed().transform(TEXTS)[1]]
    assert "relawannya" in stems
    assert "<candidate>" in stems


def test_without_roles_names_stay_names():
    named, usual = Named().transform(TEXTS), Tokeniser().transform(TEXTS)
    assert "<candidate>" in {token.stem for token in usual[0]}
    assert not {"<candidate>", "<party>", "<ticket>"} & {token.stem for tokens in named for token in tokens}
    assert "pranowo" in {token.stem for token in named[0]}


def test_the_card_tells_the_scores_and_the_manifest_keeps_them(corpus, tiny_recipe, scores, tmp_path):
    train(corpus, tmp_path / "tiny-id" / "0.0.2", recipe=tiny_recipe, ablations=scores)
    model = load(tmp_path / "tiny-id" / "0.0.2")
    assert model.record["ablations"] == scores
    for name in scores:
        assert f"| {name} |" in model.card
