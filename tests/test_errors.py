"""One root for every error, the tree as documented, and evidence that travels with the error."""

from __future__ import annotations

import inspect
import math
import pickle
import re
from pathlib import Path

import pytest

from hoakscheck import errors
from hoakscheck.model import errors as model_errors

CLASSES = {
    name: value
    for module in (errors, model_errors)
    for name, value in vars(module).items()
    if inspect.isclass(value) and issubclass(value, BaseException)
}

EXAMPLES = [
    errors.InvalidTextError(3, position=2),
    errors.InvalidContextError("account_type", "kpu", "it must be one of candidate, party"),
    errors.SastrawiError("PySastrawi is not installed", found=None),
    errors.InputError("posts.csv", "has no column 'text'", row=1),
    errors.OutputExistsError("scored.csv"),
    errors.OutputBusyError("scored.csv", "another run is writing it"),
    errors.ResumeError("scored.csv", "another model", changed="model"),
    errors.TooManyBadRowsError("scored.csv", bad=11, limit=10),
    errors.FrameError("has no column 'text'"),
    errors.MissingExtraError("Parquet needs pyarrow: pip install 'hoakscheck[parquet]'"),
    errors.DatasetError("data", "no labelled text"),
    errors.FetchError("raw/a.csv", "https://contoh.example/a.csv", "the server answers 404"),
    model_errors.ModelNotFoundError("mine", [Path("a"), Path("b")]),
    model_errors.ModelCorruptError("idf.npy", "is missing"),
    model_errors.ModelFormatError("manifest.json", 2, (1,)),
    model_errors.ModelMismatchError("mine", "normaliser", model="a", installed="b"),
    model_errors.ModelSignatureError("mine", "is not signed"),
    model_errors.ModelExistsError("mine"),
    model_errors.ReleaseRefusedError(
        "mine@0.2.0", "mine@0.1.0", "it is worse", shortfalls=[model_errors.Shortfall("criticism", 0.2, 0.1, "worse beyond noise")]
    ),
]


def _drawn_tree():
    """Yield (class, its parent, its other base) for every line of the tree in the module's docstring."""
    above = []
    for line in errors.__doc__.splitlines():
        found = re.fullmatch(r"( +)(\w+Error)(?: +\(also (\w+)\))?.*", line)
        if found:
            depth = len(found[1])
            above = [(other, name) for other, name in above if other < depth]
            yield found[2], above[-1][1] if above else None, found[3]
            above.append((depth, found[2]))


def test_the_tree_in_the_docstring_is_the_tree_of_classes():
    drawn = {name: [base for base in (parent, also) if base] for name, parent, also in _drawn_tree()}
    real = {name: [base.__name__ for base in value.__bases__] for name, value in CLASSES.items()}
    assert drawn == real | {"HoaksCheckError": []}
    assert errors.HoaksCheckError.__bases__ == (Exception,)


@pytest.mark.parametrize("error", CLASSES.values())
def test_every_error_is_under_the_root(error):
    assert issubclass(error, errors.HoaksCheckError)


def test_every_error_that_carries_evidence_has_an_example_here():
    abstract = {errors.HoaksCheckError, model_errors.ModelError}
    assert {type(example) for example in EXAMPLES} == set(CLASSES.values()) - abstract


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_every_attribute_that_is_documented_is_there(error):
    documented = re.findall(r"^    +(\w+): ", inspect.getdoc(type(error)), re.MULTILINE)
    assert all(hasattr(error, name) for name in documented)


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_every_error_survives_pickling_as_worker_processes_need_it(error):
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), vars(again)) == (type(error), str(error), vars(error))


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_every_message_is_one_line(error):
    assert str(error)
    assert "\n" not in str(error)


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (errors.InvalidTextError(b"x"), "expected a text (str), got bytes: decode it first, for instance value.decode('utf-8')"),
        (errors.InvalidTextError(None), "expected a text (str), got NoneType: drop missing values, or replace them by an empty text"),
        (errors.InvalidTextError(math.nan, position=4),
         "expected a text (str) at position 4, got float: drop missing values, or replace them by an empty text"),
        (errors.InvalidTextError(3), "expected a text (str), got int: convert it with str() if that is what you mean"),
        (errors.InputError("posts.csv", "is empty"), "posts.csv: is empty"),
        (errors.InputError("posts.csv", "is broken", row=3), "posts.csv, row 3: is broken"),
        (errors.OutputExistsError("scored.csv"), "scored.csv: exists already; remove it, or choose another name"),
        (model_errors.ModelNotFoundError("mine", []),
         "no model 'mine'; looked in: nowhere. Run 'hoakscheck models list' to see what there is"),
        (model_errors.ModelFormatError("m", 3, (1, 2)), "m: model format 3, this version reads 1, 2. Upgrade hoakscheck or the model"),
        (model_errors.ModelCorruptError("m/idf.npy", "is missing"), "m/idf.npy: is missing. Fetch or install the model again"),
    ],
)  # fmt: skip
def test_a_message_says_what_where_and_what_to_do(error, message):
    assert str(error) == message


def test_the_stemmer_error_carries_the_command_that_mends_it():
    error = errors.SastrawiError("PySastrawi is not installed", found=None)
    assert error.command in str(error)
    assert "pip install" in error.command


@pytest.mark.parametrize(
    ("error", "builtin"),
    [
        (errors.InvalidTextError, TypeError),
        (errors.SastrawiError, ImportError),
        (errors.InputError, ValueError),
        (errors.DatasetError, ValueError),
        (model_errors.ModelNotFoundError, FileNotFoundError),
        (model_errors.ModelExistsError, FileExistsError),
    ],
)
def test_code_that_expects_the_builtin_error_catches_ours(error, builtin):
    assert issubclass(error, builtin)
