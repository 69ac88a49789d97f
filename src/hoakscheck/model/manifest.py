"""The manifest of a model: strictly read, checked key by key, sealed by a hash over itself that is the model's identity.

``manifest.schema.json`` beside this file says the same for other programs; a test holds both to one another.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from hoakscheck.labels import Label
from hoakscheck.model.errors import ModelCorruptError, ModelError, ModelFormatError
from hoakscheck.model.folder import LARGEST, LISTED, LISTED_BEFORE, MANIFEST, MOST_FEATURES, read_file, sha256, strict_json
from hoakscheck.model.tables import PAIRS, Tables

#: The number that :func:`hoakscheck.model.artifact.save` writes, and those that :func:`hoakscheck.model.artifact.load` reads.
FORMAT: Final = 3
READABLE: Final = (1, 2, 3)

#: Of what there is so much, by format. All but further stems, which only pairs name, have rows of their own.
KINDS: Final = {
    1: ("words", "pairs", "characters"),
    **dict.fromkeys((2, 3), ("words", "stems", *PAIRS, "characters")),
}
#: Keys with a meaning for the scorer; any other tells about the training.
FIXED: Final = ("format", "name", "version", "labels", "normaliser", "features", "thresholds", "files", "seal")

_FIRST_THAT_GROWS: Final = 3
_LONGEST_WINDOW: Final = 1_000_000
_MOST_WORDS: Final = 1_000
#: Names are folders, go to terminals, and are read by people: a Cyrillic letter in one would pass for a Latin one.
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")
_VERSION: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+-]{0,99}")
_NORMALISER: Final = re.compile(r"[0-9a-f]{8,64}")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")


def is_name(value: object) -> bool:
    """Tell whether a model can be called so: ASCII letters, digits, dots, hyphens and underscores.

    >>> is_name("hoakscheck-id"), is_name("../mine"), is_name("")
    (True, False, False)
    """
    return isinstance(value, str) and bool(_NAME.fullmatch(value))


def is_version(value: object) -> bool:
    """Tell whether a version can be called so; those of released models are semantic ones besides.

    >>> is_version("0.2.0"), is_version("1.0.0-rc1"), is_version("0.2/..")
    (True, True, False)
    """
    return isinstance(value, str) and bool(_VERSION.fullmatch(value))


def require_names(folder: Path) -> None:
    """Refuse a folder whose last two parts cannot be the name and the version of a model.

    Raises:
        ModelError: they cannot.
    """
    if not is_name(folder.parent.name) or not is_version(folder.name):
        raise ModelError(f"{folder}: the last two parts must be the name and version of a model, such as mine/0.1.0")


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read the manifest alone, and check all that it says.

    Raises:
        ModelCorruptError: it is missing, no strict JSON, not as it was sealed, or says something that no model can be.
        ModelFormatError: the format number is not one that this version reads.
    """
    path = folder / MANIFEST
    content = read_file(folder, MANIFEST)
    try:
        manifest = strict_json(content)
    except ValueError as error:
        raise ModelCorruptError(path, f"is no valid JSON ({error})") from error
    if not isinstance(manifest, dict) or not isinstance(manifest.get("files"), dict):
        raise ModelCorruptError(path, "is no manifest of a model")
    number = manifest.get("format")
    if type(number) is not int or number not in READABLE:  # True and 1.0 equal 1, and are no format numbers
        raise ModelFormatError(path, number, READABLE)
    try:
        sealed = seal(manifest)
    except RecursionError as error:
        raise ModelCorruptError(path, "is no valid JSON (nested too deeply)") from error
    if manifest.get("seal") != sealed:
        raise ModelCorruptError(path, "is not as it was saved (its seal differs)")
    _check(folder, manifest)
    return manifest


def seal(manifest: Mapping[str, Any]) -> str:
    """Return a hash over everything else in the manifest: thresholds decide as much as weights do.

    The hashes of all other files are part of it, so it identifies the model as a whole.
    """
    sealed = {key: value for key, value in manifest.items() if key != "seal"}
    return sha256(json.dumps(sealed, sort_keys=True, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def model_id(manifest: Mapping[str, Any]) -> str:
    """Return name and version, as every verdict carries them."""
    return f"{manifest['name']}@{manifest['version']}"


def features_of(tables: Tables) -> dict[str, int | bool]:
    """Return what a manifest tells of tables: so many features of each kind, and how evidence adds up."""
    return {kind: len(getattr(tables, kind)) for kind in KINDS[FORMAT]} | {"window": tables.window, "grows": tables.grows}


def feature_count(manifest: Mapping[str, Any]) -> int:
    """Return the number of features of all kinds, each of which has a row."""
    return sum(manifest["features"][kind] for kind in KINDS[manifest["format"]] if kind != "stems")


def listed(manifest: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the files that a manifest of its format lists."""
    return LISTED_BEFORE.get(manifest["format"], LISTED)


def _check(folder: Path, manifest: Mapping[str, Any]) -> None:
    for name in listed(manifest):
        if name not in manifest["files"]:
            raise ModelCorruptError(folder / name, "is not listed in the manifest")
    for key, is_right in _CHECKS.items():
        if key not in manifest:
            raise ModelCorruptError(folder / MANIFEST, f"lacks {key!r}")
        if not is_right(manifest[key], manifest):
            raise ModelCorruptError(folder / MANIFEST, f"says of {key!r} what cannot be so: {ascii(manifest[key])[:120]}")
    for key, kind in _RECORDED.items():
        if not isinstance(manifest.get(key, kind()), kind):
            raise ModelCorruptError(folder / MANIFEST, f"says of {key!r} what cannot be so: {ascii(manifest[key])[:120]}")


def _are_features(value: Any, manifest: Mapping[str, Any]) -> bool:
    kinds = KINDS[manifest["format"]]
    rules = {"window": int} if manifest["format"] < _FIRST_THAT_GROWS else {"window": int, "grows": bool}
    types = dict.fromkeys(kinds, int) | rules
    if not _has_keys(value, tuple(types)) or any(type(value[name]) is not kind for name, kind in types.items()):
        return False
    counts: list[int] = [value[kind] for kind in kinds]
    window: int = value["window"]
    return min(counts) >= 0 and sum(counts) <= MOST_FEATURES and 1 <= window <= _LONGEST_WINDOW


def _are_thresholds(value: Any, _: Mapping[str, Any]) -> bool:
    shares = ("hoax", "political_ad", "review", "known_share")
    return (
        _has_keys(value, (*shares, "fewest_words"))
        and all(type(value[name]) in {int, float} and 0 <= value[name] <= 1 for name in shares)
        and type(value["fewest_words"]) is int
        and 0 <= value["fewest_words"] <= _MOST_WORDS
    )


def _are_files(value: Any, manifest: Mapping[str, Any]) -> bool:
    return _has_keys(value, listed(manifest)) and all(
        _has_keys(entry, ("bytes", "sha256"))
        and type(entry["bytes"]) is int
        and 0 <= entry["bytes"] <= LARGEST[name]
        and isinstance(entry["sha256"], str)
        and bool(_SHA256.fullmatch(entry["sha256"]))
        for name, entry in value.items()
    )


def _has_keys(value: Any, keys: tuple[str, ...]) -> bool:
    return isinstance(value, dict) and set(value) == set(keys)


_CHECKS: Final[Mapping[str, Callable[[Any, Mapping[str, Any]], bool]]] = {
    "name": lambda value, _: is_name(value),
    "version": lambda value, _: is_version(value),
    "labels": lambda value, _: value == [label.value for label in Label],
    "normaliser": lambda value, _: isinstance(value, str) and bool(_NORMALISER.fullmatch(value)),
    "features": _are_features,
    "thresholds": _are_thresholds,
    "files": _are_files,
}
#: What else may be asked of a manifest, and of what type it then is.
_RECORDED: Final[Mapping[str, type]] = {"recipe": dict, "data": dict, "libraries": dict, "stemmer": str}
