"""A tiny model, really trained, that the tests share."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from hoakscheck.classifier import Classifier
from hoakscheck.default import default_classifier

TINY_DATA = Path(__file__).parent / "data" / "tiny_authored"


@pytest.fixture(autouse=True)
def _no_models_of_the_environment(monkeypatch):
    monkeypatch.delenv("HOAKSCHECK_MODELS", raising=False)
    monkeypatch.delenv("HOAKSCHECK_REQUIRE_SIGNATURE", raising=False)


@pytest.fixture(scope="session")
def tiny_data():
    """Return the data folder of the tiny model: 63 texts written for the tests."""
    return TINY_DATA


@pytest.fixture(scope="session")
def tiny_texts():
    """Return every text of the tiny data, those held out of training among them."""
    lines = (TINY_DATA / "authored" / "tiny.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines]


@pytest.fixture(scope="session")
def tiny_recipe():
    """Return small and fast settings."""
    from hoakscheck.training.recipe import Recipe

    return Recipe(features={"min_texts": 1, "words": 400, "pairs": 400, "characters": 600}, folds=3)


@pytest.fixture(scope="session")
def _tiny_run(tiny_recipe, tmp_path_factory):
    from hoakscheck.training.corpus.build import build_corpus
    from hoakscheck.training.train import train

    folder = tmp_path_factory.mktemp("shelf") / "tiny-id" / "0.0.1"
    return folder, train(build_corpus(TINY_DATA, None), folder, recipe=tiny_recipe)


@pytest.fixture(scope="session")
def tiny_model(_tiny_run):
    """Return the folder of the tiny model, tiny-id@0.0.1; read only."""
    return _tiny_run[0]


@pytest.fixture(scope="session")
def tiny_pipeline(_tiny_run):
    """Return the scikit-learn pipeline that the tiny model was compiled from."""
    return _tiny_run[1].pipeline


@pytest.fixture(scope="session")
def tiny(tiny_model):
    """Return the tiny model, loaded."""
    return Classifier.load(tiny_model)


@pytest.fixture(scope="session")
def shipped():
    """Return the model that the package carries, loaded."""
    return Classifier.load("hoakscheck-id")


@pytest.fixture(scope="session")
def authored_texts():
    """Return every text written for this project."""
    paths = sorted((Path(__file__).parent.parent / "data" / "authored").rglob("*.jsonl"))
    return [json.loads(line)["text"] for path in paths for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def model_copy(tiny_model, tmp_path):
    """Return the folder of a copy of the tiny model that a test may damage."""
    return Path(shutil.copytree(tiny_model, tmp_path / "copies" / "tiny-id" / "0.0.1"))


@pytest.fixture
def tiny_default(tiny_model, tmp_path, monkeypatch):
    """Make the tiny model the default one, and return the shelf it stands on."""
    from hoakscheck.model import artifact

    shelf = tmp_path / "shelf"
    artifact.save(replace(artifact.load(tiny_model), name="hoakscheck-id"), shelf / "hoakscheck-id" / "0.0.1")
    monkeypatch.setenv("HOAKSCHECK_MODELS", str(shelf))
    default_classifier.cache_clear()
    yield shelf
    default_classifier.cache_clear()
