"""The tables that serve give the probabilities of the scikit-learn pipeline that they were compiled from."""

from __future__ import annotations

import os
from copy import deepcopy
from itertools import islice, zip_longest
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hoakscheck.serving.scorer import Scorer, probabilities
from hoakscheck.text.normaliser import packaged_normaliser

TOLERANCE = 1e-9
MIRROR = os.environ.get("HOAKSCHECK_DATA_MIRROR")

#: Sources of every sort: posts, comments, checked hoaxes, headlines, whole articles, programmes, other languages.
SOURCES = (
    "labib2023",
    "pilkada_dki2017_sent",
    "banten2024",
    "bdc2020-mafindo",
    "clickid",
    "clickid-articles",
    "visimisi2024",
    "nusax",
)
REAL_TEXTS = 10_000


def _served(tables, texts):
    scorer, normaliser = Scorer(tables), packaged_normaliser()
    return np.array([probabilities(scorer.score(normaliser.tokens(text)).log_odds) for text in texts])


def _largest_difference(pipeline, tables, texts):
    return np.abs(_served(tables, texts) - pipeline.predict_proba(texts)).max()


@pytest.fixture(scope="module")
def tiny_tables(tiny_model):
    from hoakscheck.model.artifact import load

    return load(tiny_model).tables


def test_on_the_texts_of_training_and_those_held_out(tiny_pipeline, tiny_tables, tiny_texts):
    assert _largest_difference(tiny_pipeline, tiny_tables, tiny_texts) < TOLERANCE


def test_through_the_classifier_as_well(tiny, tiny_pipeline, tiny_texts):
    assert np.abs(tiny.predict_proba(tiny_texts) - tiny_pipeline.predict_proba(tiny_texts)).max() < TOLERANCE


@pytest.mark.parametrize("count", [0, 1, 2, 49, 50, 51, 99, 100, 101, 1_000])
def test_at_every_length_around_the_window(tiny_pipeline, tiny_tables, count):
    words = ("ayo coblos nomor tiga pilih pemimpin surat suara sudah tercoblos petugas " * 100).split()[:count]
    assert _largest_difference(tiny_pipeline, tiny_tables, [" ".join(words)]) < TOLERANCE


@pytest.mark.parametrize("share", [0.0, 0.1, 0.6])
def test_features_without_a_weight_stay_out_and_change_nothing(tiny_pipeline, tiny_texts, share):
    pruned = deepcopy(tiny_pipeline)
    weights = pruned["classifier"].coef_
    weights[np.random.default_rng(1).random(len(weights)) >= share] = 0.0
    from hoakscheck.training.release.export import compile_tables

    tables = compile_tables(pruned)
    assert _largest_difference(pruned, tables, tiny_texts) < TOLERANCE
    assert len(tables.words) == len(pruned["features"].vocabularies_["words"])
    stems = [*tables.words, *tables.stems]
    assert {stems[cue] for cue in tables.together.ravel()} == pruned["features"].cues_


WORDS = (
    "ayo", "coblos", "nomor", "3", "02", "pilih", "#PilihYangMuda", "@kpu_id", "https://t.co/x", "surat", "suara", "sudah", "c0bl0s",
    "zzqx", "🗳️", "&amp;", "k", "p", "u",
)  # fmt: skip


@given(st.lists(st.sampled_from(WORDS) | st.text(max_size=12), max_size=80).map(" ".join))
@settings(max_examples=200, deadline=None)
def test_on_any_text(tiny_pipeline, tiny_tables, text):
    assert _largest_difference(tiny_pipeline, tiny_tables, [text]) < TOLERANCE


@pytest.mark.slow
@pytest.mark.skipif(not MIRROR, reason="$HOAKSCHECK_DATA_MIRROR names no mirror of the raw sources")
def test_on_ten_thousand_real_texts():
    from hoakscheck.training.corpus.build import build_corpus
    from hoakscheck.training.data.sources import load
    from hoakscheck.training.fit import fit
    from hoakscheck.training.recipe import Recipe
    from hoakscheck.training.release.export import compile_tables

    data = Path(__file__).parent.parent / "data"
    pipeline = fit(build_corpus(data, None), Recipe(folds=2)).pipeline
    share = REAL_TEXTS // len(SOURCES) + 1
    found = [[example.text for example in islice(load(Path(MIRROR), [name]), 4 * share)] for name in SOURCES]
    texts = [text for row in zip_longest(*found) for text in row if text is not None][:REAL_TEXTS]
    assert len(texts) == REAL_TEXTS
    assert _largest_difference(pipeline, compile_tables(pipeline), texts) < TOLERANCE
