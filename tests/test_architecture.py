"""Imports go down only, serving stays light, and nothing grows beyond a screen or two."""

from __future__ import annotations

import ast
import graphlib
from collections import defaultdict
from pathlib import Path

import pytest

import hoakscheck

ROOT = Path(hoakscheck.__file__).parent

#: A module may import its own layer and those before it.
LAYERS = (
    ("errors", "labels", "garbage"),
    ("text",),
    ("model", "civic"),
    ("serving",),
    ("inputs", "verdict"),
    ("classifier",),
    ("default",),
    ("scoring",),
    ("training",),
    ("cli",),
)
LAYER_OF = {name: number for number, names in enumerate(LAYERS) for name in names}

#: What only training may load.
HEAVY = {"sklearn", "scipy", "pandas", "joblib", "matplotlib", "openpyxl"}
#: What a module of serving may load all the same, when it is asked for: processes that share out files.
ALLOWED = {"hoakscheck.scoring.local.workers": {"joblib"}}
LONGEST_MODULE = 260
LARGEST_FOLDER = 9

PUBLIC = {
    "AccountType",
    "Basis",
    "Classifier",
    "Context",
    "DatasetError",
    "Evidence",
    "Facet",
    "FrameError",
    "HoaksCheckError",
    "InputError",
    "InvalidContextError",
    "InvalidTextError",
    "Label",
    "MissingExtraError",
    "ModelCorruptError",
    "ModelError",
    "ModelExistsError",
    "ModelFormatError",
    "ModelMismatchError",
    "ModelNotFoundError",
    "ModelSignatureError",
    "OutputBusyError",
    "OutputExistsError",
    "ReleaseRefusedError",
    "ResumeError",
    "ReviewReason",
    "SastrawiError",
    "TooManyBadRowsError",
    "Verdict",
    "__version__",
    "classify",
}


def _module_name(path):
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {_module_name(path): path for path in sorted(ROOT.rglob("*.py"))}


def _imports(module):
    """Yield the dotted name of all that a module imports, inside functions too."""
    tree = ast.parse(FILES[module].read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively"
            for alias in node.names:
                submodule = f"{node.module}.{alias.name}"
                yield submodule if submodule in FILES else node.module


def _layer(module):
    """Return the number of the layer of a module; the root and ``__main__`` stand outside."""
    parts = module.split(".")
    return LAYER_OF[parts[1]] if len(parts) > 1 and parts[1] != "__main__" else None


INSIDE = [module for module in FILES if module not in {"hoakscheck", "hoakscheck.__main__"}]
SERVING = [module for module in INSIDE if module.split(".")[1] not in {"training", "cli"}]


def test_every_module_belongs_to_a_layer():
    assert {module.split(".")[1] for module in INSIDE} == set(LAYER_OF)


@pytest.mark.parametrize("module", INSIDE)
def test_imports_go_down_only(module):
    inner = {name for name in _imports(module) if name.startswith("hoakscheck.")}
    assert {name for name in inner if _layer(name) > _layer(module)} == set()


@pytest.mark.parametrize("module", INSIDE)
def test_only_the_top_layer_imports_from_the_root(module):
    assert "hoakscheck" not in set(_imports(module)) or _layer(module) == len(LAYERS) - 1


def test_modules_of_one_layer_do_not_import_one_another_in_a_circle():
    graph = defaultdict(set)
    for module in INSIDE:
        graph[module] |= {name for name in _imports(module) if name in INSIDE}
    assert set(graphlib.TopologicalSorter(graph).static_order()) == set(INSIDE)


@pytest.mark.parametrize("module", SERVING)
def test_serving_never_imports_training_or_what_training_needs(module):
    imported = set(_imports(module))
    assert not {name for name in imported if name.startswith("hoakscheck.training")}
    assert not ({name.split(".")[0] for name in imported} & HEAVY) - ALLOWED.get(module, set())


@pytest.mark.parametrize("module", FILES)
def test_a_module_is_short_enough_to_read_at_one_go(module):
    lines = FILES[module].read_text(encoding="utf-8").count("\n")
    assert lines <= LONGEST_MODULE


@pytest.mark.parametrize("folder", sorted({path.parent.relative_to(ROOT).as_posix() for path in FILES.values()}))
def test_a_folder_holds_few_enough_modules_to_take_in(folder):
    modules = [path.name for path in (ROOT / folder).glob("*.py") if path.name not in {"__init__.py", "__main__.py"}]
    assert len(modules) <= LARGEST_FOLDER, f"{folder}: {', '.join(sorted(modules))}"


def test_the_root_shows_what_is_documented_and_nothing_else():
    assert set(hoakscheck.__all__) == PUBLIC
    assert len(hoakscheck.__all__) == len(PUBLIC)
    assert set(dir(hoakscheck)) == PUBLIC


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_every_public_name_resolves(name):
    assert getattr(hoakscheck, name) is not None


def test_type_checkers_see_the_same_names_as_programs():
    tree = ast.parse((ROOT / "__init__.py").read_text(encoding="utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING")
    seen = {alias.asname: f"{node.module}.{alias.name}" for node in block.body for alias in node.names}
    assert set(seen) == PUBLIC - {"__version__"}
    assert {name: f"{getattr(hoakscheck, name).__module__}.{name}" for name in seen} == seen


def test_an_unknown_public_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'clasify'"):
        hoakscheck.clasify  # noqa: B018


def test_the_package_says_that_it_is_typed():
    assert (ROOT / "py.typed").is_file()
