"""The recipe in a manifest and the same corpus give the same model, to the byte, wherever and however it is trained."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from hoakscheck.model.manifest import feature_count

#: From here on OpenBLAS adds up the parts of a dot product in threads, so that a model can differ in its last bits.
THREADED = 10_000

HOW = {
    "one core, one thread, hash seed 1": (
        {0},
        {"PYTHONHASHSEED": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "LC_ALL": "C.UTF-8"},
    ),
    "two threads, hash seed 2": (None, {"PYTHONHASHSEED": "2", "OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "2"}),
    "an ASCII locale and another time": (
        None,
        {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "TZ": "Asia/Jayapura"},
    ),
    "a locale that nobody has installed": (None, {"LC_ALL": "tr_TR.UTF-8", "LANG": "id_ID.UTF-8", "PYTHONHASHSEED": "random"}),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return a data folder with 240 texts of made-up words, enough for 10,000 features, and a model trained on it."""
    from hoakscheck.training.corpus.build import build_corpus
    from hoakscheck.training.recipe import Recipe
    from hoakscheck.training.train import train

    place = tmp_path_factory.mktemp("made")
    source = random.Random(5)
    words = [
        "".join(source.choice(["ka", "lu", "mi", "ro", "ta", "ngo", "se", "bi", "du", "pa"]) for _ in range(3)) for _ in range(900)
    ]
    rows = []
    for number in range(240):
        label = ("hoax", "political_ad", "benign")[number % 3]
        marks = {"hoax": "hangus", "political_ad": "coblos", "benign": "jadwal"}[label]
        text = " ".join([marks, *source.sample(words, 28)])
        rows.append(
            {
                "id": f"m{number}",
                "pair": f"p{number // 3}",
                "label": label,
                "facet": "MANNER",
                "narrative": "",
                "rule": "R12",
                "register": "formal",
                "text": text,
            }
        )
    (place / "data" / "authored").mkdir(parents=True)
    (place / "data" / "authored" / "made.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    recipe = Recipe(features={"min_texts": 1, "words": 2000, "pairs": 20_000, "characters": 4000}, folds=2)
    train(build_corpus(place / "data", None), place / "made-id" / "0.0.1", recipe=recipe)
    return place / "data", place / "made-id" / "0.0.1"


def again(data, model, folder, *options, cores=None, **environment):
    """Train in a process of its own from the recipe of a model."""
    arguments = ["train", str(folder), "--data", str(data), "--recipe-of", str(model), *options]
    pinned = f"import os; os.sched_setaffinity(0, {cores}); " if cores and hasattr(os, "sched_setaffinity") else ""
    program = f"{pinned}from hoakscheck.cli import main; main({arguments!r})"
    around = {name: value for name, value in os.environ.items() if name != "HOAKSCHECK_DATA_MIRROR"}  # made-up texts alone
    subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, env=around | environment)
    return json.loads((folder / "manifest.json").read_bytes())


@pytest.mark.slow
@pytest.mark.parametrize("how", HOW)
def test_training_again_from_the_recipe_of_a_manifest_gives_the_same_digest(how, made, tmp_path):
    data, model = made
    cores, environment = HOW[how]
    manifest = again(data, model, tmp_path / "made-id" / "0.0.1", cores=cores, **environment)
    assert feature_count(manifest) > THREADED
    assert manifest["seal"] == json.loads((model / "manifest.json").read_bytes())["seal"]
    assert {path.name: path.read_bytes() for path in (tmp_path / "made-id" / "0.0.1").iterdir()} == {
        path.name: path.read_bytes() for path in Path(model).iterdir()
    }


@pytest.mark.slow
def test_another_seed_gives_another_digest(made, tmp_path):
    data, model = made
    manifest = again(data, model, tmp_path / "made-id" / "0.0.1", "--seed", "3")
    original = json.loads((model / "manifest.json").read_bytes())
    assert manifest["recipe"] == original["recipe"] | {"seed": 3}
    assert manifest["seal"] != original["seal"]
