"""What a fresh process loads, and what it does not."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

TRAINING_LIBRARIES = ("sklearn", "scipy", "pandas", "joblib")


@pytest.fixture
def loaded_after(tiny_default):
    """Run a program in a fresh process, with the tiny model as the default one; return the packages it loaded."""

    def run(program):
        report = "\nimport sys\nprint(*sorted({name.split('.')[0] for name in sys.modules}), sep=' ', end='')"
        environment = os.environ | {"HOAKSCHECK_MODELS": str(tiny_default)}
        finished = subprocess.run(
            [sys.executable, "-W", "error", "-c", program + report], capture_output=True, text=True, check=True, env=environment
        )
        return set(finished.stdout.splitlines()[-1].split())

    return run


def test_importing_the_package_loads_neither_numpy_nor_training_libraries(loaded_after):
    assert loaded_after("import hoakscheck").isdisjoint({"numpy", "click", "Sastrawi", *TRAINING_LIBRARIES})


def test_the_vocabulary_and_the_errors_come_without_numpy(loaded_after):
    program = "from hoakscheck import Label, Facet, ReviewReason, Verdict, Evidence, HoaksCheckError, InvalidTextError"
    assert "numpy" not in loaded_after(program)


def test_classifying_loads_numpy_and_no_training_library(loaded_after):
    program = "import hoakscheck; assert hoakscheck.classify('Ayo coblos nomor 3, relawannya memenangkan!').evidence"
    loaded = loaded_after(program)
    assert "numpy" in loaded
    assert loaded.isdisjoint(TRAINING_LIBRARIES)


def test_scoring_a_file_loads_no_training_library(loaded_after, tmp_path):
    (tmp_path / "in.csv").write_text("text\nAyo coblos nomor 3\n", encoding="utf-8")
    program = f"""
from hoakscheck.scoring import score_files
assert score_files({str(tmp_path / "in.csv")!r}, {str(tmp_path / "out.csv")!r}).rows == 1
"""
    assert loaded_after(program).isdisjoint({*TRAINING_LIBRARIES, "pyarrow", "narwhals"})


def test_comparing_with_labels_loads_no_training_library(loaded_after):
    program = """
from hoakscheck import Classifier, Label
from hoakscheck.training.evaluate import evaluate
assert evaluate(Classifier.load(), ["Ayo coblos nomor 3"], [Label.POLITICAL_AD]).n == 1
"""
    assert loaded_after(program).isdisjoint(TRAINING_LIBRARIES)


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["score", "--help"], ["models", "verify", "--help"]])
def test_help_of_the_command_comes_without_numpy(loaded_after, arguments):
    program = f"""
from hoakscheck.cli import main
main({arguments!r}, prog_name="hoakscheck", standalone_mode=False)
"""
    assert "numpy" not in loaded_after(program)
