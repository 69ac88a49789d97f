"""A model on disk: a folder of data, every file hashed, nothing in it that can execute.

Format 1 is ``manifest.json`` (sealed by a hash over itself), ``vocabulary.txt`` (one feature a line; words, then pairs, then
characters), ``idf.npy``, ``weights.npy``, ``intercept.npy``, ``golden.json`` (texts of this project with the probabilities they
must get) and ``MODEL_CARD.md``; a signature may lie beside them. To change the format: raise ``FORMAT``, keep a reader for every
number in ``READABLE`` (both in :mod:`hoakscheck.model.manifest`), and add a folder of the old format to ``tests/data/formats``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from hoakscheck.labels import Label
from hoakscheck.model.decision import Thresholds
from hoakscheck.model.errors import ModelCorruptError
from hoakscheck.model.folder import (
    ARRAYS,
    CARD,
    GOLDEN,
    MANIFEST,
    MOST_GOLDEN,
    QUESTIONS,
    SIGNATURE,
    VOCABULARY,
    array_bytes,
    decoded,
    place,
    read_array,
    read_file,
    sha256,
    strict_json,
)
from hoakscheck.model.manifest import FIXED, FORMAT, KINDS, feature_count, features_of, listed, read_manifest, require_names, seal
from hoakscheck.model.tables import PAIRS, Tables


@dataclass(frozen=True)
class Golden:
    """A text and the probabilities that it must get.

    Attributes:
        text: a text written for this project.
        probabilities: in the order of :class:`hoakscheck.Label`.
    """

    text: str
    probabilities: tuple[float, ...]


@dataclass(frozen=True)
class Artifact:
    """A model as stored.

    Attributes:
        name, version: for instance ``hoakscheck-id`` and ``0.1.0``.
        normaliser: fingerprint of the normaliser, its word lists and the stemmer of training.
        tables: what the scorer reads.
        thresholds: where decisions change.
        golden: texts replayed at load.
        card: the model card, Markdown with a front matter.
        record: what is known about the training: data, split, recipe, metrics, library versions.
        digest: SHA-256 that seals its manifest, and so identifies it as a whole; empty before it is saved.
    """

    name: str
    version: str
    normaliser: str
    tables: Tables
    thresholds: Thresholds
    golden: tuple[Golden, ...]
    card: str
    record: Mapping[str, Any]
    digest: str = ""

    @property
    def model_id(self) -> str:
        """Name and version, as every verdict carries them."""
        return f"{self.name}@{self.version}"


def save(artifact: Artifact, folder: Path) -> Path:
    """Write a model to ``folder``, named NAME/VERSION: whole, or not at all.

    Raises:
        ModelExistsError: the folder exists; a version is never overwritten.
        ModelError: a model cannot be named so.
    """
    require_names(folder)
    contents = _contents(artifact)
    manifest = {
        "format": FORMAT,
        "name": artifact.name,
        "version": artifact.version,
        "labels": [label.value for label in Label],
        "normaliser": artifact.normaliser,
        "features": features_of(artifact.tables),
        "thresholds": asdict(artifact.thresholds),
        **artifact.record,
        "files": {name: {"bytes": len(content), "sha256": sha256(content)} for name, content in contents.items()},
    }
    manifest["seal"] = seal(manifest)
    contents[MANIFEST] = (json.dumps(manifest, indent=2, ensure_ascii=False) + "\n").encode()
    return place(contents, folder)


def load(folder: Path) -> Artifact:
    """Read a model, after checking the manifest, the size and the hash of every file.

    Raises:
        ModelCorruptError: a file is missing, damaged or inconsistent with the others.
        ModelFormatError: the format number is not one that this version reads.
    """
    return read(folder, read_manifest(folder))


def read(folder: Path, manifest: Mapping[str, Any]) -> Artifact:
    """Read the files that a checked manifest lists.

    Raises:
        ModelCorruptError: a file is missing, damaged or inconsistent with the others.
    """
    contents = read_contents(folder, manifest)
    return Artifact(
        name=manifest["name"],
        version=manifest["version"],
        normaliser=manifest["normaliser"],
        tables=_tables(folder, manifest, contents),
        thresholds=Thresholds(**manifest["thresholds"]),
        golden=_golden(folder / GOLDEN, contents[GOLDEN]),
        card=decoded(folder / CARD, contents[CARD]),
        record={key: value for key, value in manifest.items() if key not in FIXED},
        digest=manifest["seal"],
    )


def read_contents(folder: Path, manifest: Mapping[str, Any]) -> dict[str, bytes]:
    """Return what the files hold that a checked manifest lists, each of the size and the hash that it tells.

    Raises:
        ModelCorruptError: one is missing, or another than the manifest means.
    """
    return {name: _checked(folder, name, manifest["files"][name]) for name in listed(manifest)}


def read_whole(folder: Path, manifest: Mapping[str, Any]) -> dict[str, bytes]:
    """Return every file of a model byte for byte, its manifest and its signature among them, to be placed elsewhere.

    Raises:
        ModelCorruptError: one is missing, or another than the manifest means; or the manifest there is another by now.
    """
    contents = read_contents(folder, manifest)
    if read_manifest(folder)["seal"] != manifest["seal"]:
        raise ModelCorruptError(folder / MANIFEST, "was changed while it was read")
    extra = [MANIFEST, SIGNATURE] if (folder / SIGNATURE).is_file() else [MANIFEST]
    return contents | {name: read_file(folder, name) for name in extra}


def _contents(artifact: Artifact) -> dict[str, bytes]:
    tables = artifact.tables
    arrays: dict[str, np.ndarray[Any, Any]] = {name: getattr(tables, name) for name in ARRAYS}
    golden = [{"text": case.text, "probabilities": list(case.probabilities)} for case in artifact.golden]
    return {
        VOCABULARY: ("\n".join([*tables.words, *tables.stems, *tables.characters]) + "\n").encode("utf-8"),
        **{f"{name}.npy": array_bytes(array) for name, array in arrays.items()},
        GOLDEN: (json.dumps(golden, indent=1, ensure_ascii=False) + "\n").encode("utf-8"),
        CARD: artifact.card.encode("utf-8"),
    }


def _checked(folder: Path, name: str, expected: Mapping[str, Any]) -> bytes:
    content = read_file(folder, name)
    if len(content) != expected["bytes"] or sha256(content) != expected["sha256"]:
        raise ModelCorruptError(
            folder / name, f"is not the file that was saved (SHA-256 differs; {len(content):,} of {expected['bytes']:,} bytes)"
        )
    return content


def _tables(folder: Path, manifest: Mapping[str, Any], contents: Mapping[str, bytes]) -> Tables:
    count, features = feature_count(manifest), manifest["features"]
    shapes = {"idf": (count,), "weights": (count, QUESTIONS), "intercept": (QUESTIONS,)}
    if manifest["format"] > 1:
        shapes["pairs"] = (sum(features[kind] for kind in PAIRS), 2)
    arrays: dict[str, Any] = {
        name: _array(folder / f"{name}.npy", contents[f"{name}.npy"], shape) for name, shape in shapes.items()
    }
    lists = _lists(folder / VOCABULARY, manifest, contents[VOCABULARY])
    adding: dict[str, Any] = {"window": features["window"], "grows": features.get("grows", False)}
    try:
        if manifest["format"] == 1:
            return Tables.from_features(list(lists["words"]), lists["pairs"], list(lists["characters"]), **arrays, **adding)
        ends = np.cumsum([features[kind] for kind in PAIRS])[:-1]
        pairs: dict[str, Any] = dict(zip(PAIRS, np.split(arrays.pop("pairs"), ends), strict=True))
        words, stems = tuple(lists["words"]), tuple(lists["stems"])
        return Tables(words=words, stems=stems, **pairs, characters=lists["characters"], **arrays, **adding)
    except ValueError as error:
        raise ModelCorruptError(folder / (VOCABULARY if manifest["format"] == 1 else "pairs.npy"), str(error)) from error


def _lists(path: Path, manifest: Mapping[str, Any], content: bytes) -> dict[str, dict[str, int]]:
    """Return the lists of the vocabulary by their names, each with the places of its entries."""
    kinds = [kind for kind in KINDS[manifest["format"]] if kind not in PAIRS]
    sizes = [manifest["features"][kind] for kind in kinds]
    lines = content.count(b"\n")
    if lines != max(sum(sizes), 1) or not content.endswith(b"\n"):
        raise ModelCorruptError(path, f"has {lines:,} whole lines, not one for each of {sum(sizes):,} features")
    features = decoded(path, content).split("\n")
    ends = np.cumsum([0, *sizes]).tolist()
    found = {
        kind: dict(zip(features[start:end], range(size), strict=True))
        for kind, size, (start, end) in zip(kinds, sizes, pairwise(ends), strict=True)
    }
    for kind, size in zip(kinds, sizes, strict=True):
        if len(found[kind]) != size:
            raise ModelCorruptError(path, f"names one of the {kind} twice")
    if not found.get("stems", {}).keys().isdisjoint(found["words"]):
        raise ModelCorruptError(path, "names a stem among the words too")
    return found


def _array(path: Path, content: bytes, shape: tuple[int, ...]) -> np.ndarray[Any, Any]:
    try:
        return read_array(content, ARRAYS[path.stem], shape)
    except ValueError as error:
        raise ModelCorruptError(path, str(error)) from error


def _golden(path: Path, content: bytes) -> tuple[Golden, ...]:
    try:
        cases = strict_json(content)
    except ValueError as error:
        raise ModelCorruptError(path, f"is no valid JSON ({error})") from error
    if not isinstance(cases, list) or len(cases) > MOST_GOLDEN or not all(map(_is_golden, cases)):
        raise ModelCorruptError(path, f"is no list of at most {MOST_GOLDEN:,} texts with a probability for each label")
    return tuple(Golden(case["text"], tuple(map(float, case["probabilities"]))) for case in cases)


def _is_golden(case: Any) -> bool:
    return (
        isinstance(case, dict)
        and case.keys() == {"text", "probabilities"}
        and isinstance(case["text"], str)
        and isinstance(case["probabilities"], list)
        and len(case["probabilities"]) == len(Label)
        and all(type(value) in {int, float} and 0 <= value <= 1 for value in case["probabilities"])
    )
