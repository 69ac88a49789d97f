"""The recipe in a manifest and the same corpus give the same model, to the byte, wherever and however it is trained."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

HOW = {
    "one core, one thread, hash seed 1": ({0}, {"PYTHONHASHSEED": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "LC_ALL": "C.UTF-8"}),
    "two cores, two threads, hash seed 2": (None, {"PYTHONHASHSEED": "2", "OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "2"}),
    "an ASCII locale and another time": (None, {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "TZ": "Asia/Jayapura"}),
    "a locale that nobody has installed": (None, {"LC_ALL": "tr_TR.UTF-8", "LANG": "id_ID.UTF-8", "PYTHONHASHSEED": "random"}),
}


@pytest.mark.slow
@pytest.mark.parametrize("how", HOW)
def test_training_again_from_the_recipe_of_a_manifest_gives_the_same_digest(how, tiny_model, tiny_data, tmp_path):
    cores, environment = HOW[how]
    start = f"import os; os.sched_setaffinity(0, {cores}); " if cores and hasattr(os, "sched_setaffinity") else ""
    folder = tmp_path / "tiny-id" / "0.0.1"
    arguments = ["train", str(folder), "--data", str(tiny_data), "--recipe-of", str(tiny_model)]
    program = f"{start}from hoakscheck.cli import main; main({arguments!r})"
    subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, env=os.environ | environment)
    digests = [json.loads((path / "manifest.json").read_bytes())["seal"] for path in (tiny_model, folder)]
    assert digests[0] == digests[1]
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {path.name: path.read_bytes() for path in tiny_model.iterdir()}


@pytest.mark.slow
def test_another_seed_gives_another_digest(tiny_model, tiny_data, tmp_path):
    folder = tmp_path / "tiny-id" / "0.0.1"
    command = ["train", str(folder), "--data", str(tiny_data), "--recipe-of", str(tiny_model), "--seed", "3"]
    subprocess.run([sys.executable, "-m", "hoakscheck", *command], check=True, capture_output=True)
    manifests = [json.loads((path / "manifest.json").read_bytes()) for path in (tiny_model, folder)]
    assert manifests[0]["recipe"] | {"seed": 3} == manifests[1]["recipe"]
    assert manifests[0]["seal"] != manifests[1]["seal"]
