"""Serving reads off tables what training computes with scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hoakscheck.training.data import sources

TOLERANCE = 1e-9


def test_on_the_texts_it_was_trained_on(tiny_pipeline, tiny, tiny_texts):
    assert np.abs(tiny.predict_proba(tiny_texts) - tiny_pipeline.predict_proba(tiny_texts)).max() < TOLERANCE


@given(text=st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_on_anything(tiny_pipeline, tiny, text):
    assert np.abs(tiny.predict_proba([text]) - tiny_pipeline.predict_proba([text])).max() < TOLERANCE


@pytest.mark.slow
def test_on_ten_thousand_real_texts(tiny_pipeline, tiny):
    mirror = sources.mirror_folder()
    if mirror is None:
        pytest.skip(f"${sources.MIRROR_VARIABLE} names no mirror of the raw sources")
    texts = [example.text for name in ("imawant2024", "clickid", "pilpres24-apta") for example in sources.load(mirror, [name])]
    texts = texts[:: max(len(texts) // 10_000, 1)][:10_000]
    assert len(texts) == 10_000
    assert np.abs(tiny.predict_proba(texts) - tiny_pipeline.predict_proba(texts)).max() < TOLERANCE


def test_the_pipeline_is_an_ordinary_one(tiny_pipeline):
    from sklearn.base import clone

    pipeline = tiny_pipeline
    copy = clone(pipeline).set_params(classifier__ad_c=0.5, features__window=30)
    assert copy.get_params()["classifier__ad_c"] == 0.5
    assert list(pipeline.classes_) == ["hoax", "political_ad", "benign"]
    assert pipeline.predict(["Ayo pilih nomor 2!"])[0] in pipeline.classes_
    names = pipeline["features"].get_feature_names_out()
    assert len(names) == len(pipeline["features"].idf_)
