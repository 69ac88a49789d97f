"""A model on disk: a folder of data, every file hashed, nothing in it that can execute.

Format 1 is ``manifest.json`` (sealed by a hash over itself), ``vocabulary.txt`` (one feature a line; words, then pairs, then
characters), ``idf.npy``, ``weights.npy``, ``intercept.npy``, ``golden.json`` (texts of this project with the probabilities they
must get) and ``MODEL_CARD.md``. To change the format: raise ``FORMAT``, keep a reader for every number in ``READABLE``, and add
a folder of the old format to the tests.
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np

from hoakscheck.errors import ModelCorruptError, ModelExistsError, ModelFormatError
from hoakscheck.labels import Label
from hoakscheck.model.decision import Thresholds
from hoakscheck.model.scorer import Tables

FORMAT: Final = 1
READABLE: Final = (1,)

#: Hoax or not; and if not, political ad or benign.
QUESTIONS: Final = 2

MANIFEST: Final = "manifest.json"
_KINDS: Final = ("words", "pairs", "characters")
_ARRAYS: Final = ("idf", "weights", "intercept")
_FILES: Final = ("vocabulary.txt", *(f"{name}.npy" for name in _ARRAYS), "golden.json", "MODEL_CARD.md")


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
    """

    name: str
    version: str
    normaliser: str
    tables: Tables
    thresholds: Thresholds
    golden: tuple[Golden, ...]
    card: str
    record: Mapping[str, Any]

    @property
    def model_id(self) -> str:
        """Name and version, as every verdict carries them."""
        return f"{self.name}@{self.version}"


def save(artifact: Artifact, folder: Path) -> Path:
    """Write a model to ``folder``: whole, or not at all.

    Raises:
        ModelExistsError: the folder exists; a version is never overwritten.
    """
    if folder.exists():
        raise ModelExistsError(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    contents = _contents(artifact)
    manifest = {
        "format": FORMAT,
        "name": artifact.name,
        "version": artifact.version,
        "labels": [label.value for label in Label],
        "normaliser": artifact.normaliser,
        "features": {kind: len(getattr(artifact.tables, kind)) for kind in _KINDS} | {"window": artifact.tables.window},
        "thresholds": asdict(artifact.thresholds),
        **artifact.record,
        "files": {name: {"bytes": len(content), "sha256": _sha256(content)} for name, content in contents.items()},
    }
    manifest["seal"] = _seal(manifest)
    contents[MANIFEST] = (json.dumps(manifest, indent=2, ensure_ascii=False) + "\n").encode()
    staging = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        for name, content in contents.items():
            (staging / name).write_bytes(content)
        staging.chmod(0o755)
        staging.rename(folder)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    return folder


def load(folder: Path) -> Artifact:
    """Read a model, after checking the hash of every file.

    Raises:
        ModelCorruptError: a file is missing, damaged or inconsistent with the others.
        ModelFormatError: the format number is not one that this version reads.
    """
    manifest = read_manifest(folder)
    contents = {name: _checked(folder / name, manifest["files"].get(name)) for name in _FILES}
    try:
        return _construct(manifest, contents)
    except (AttributeError, EOFError, KeyError, TypeError, ValueError) as error:
        raise ModelCorruptError(folder / MANIFEST, f"does not fit the other files ({error!r})") from error


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read the manifest alone.

    Raises:
        ModelCorruptError: it is missing or no JSON object with a list of files.
        ModelFormatError: the format number is not one that this version reads.
    """
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_bytes())
    except FileNotFoundError as error:
        raise ModelCorruptError(path, "is missing") from error
    except (ValueError, RecursionError) as error:
        raise ModelCorruptError(path, "is no valid JSON") from error
    if not isinstance(manifest, dict) or not isinstance(manifest.get("files"), dict):
        raise ModelCorruptError(path, "is no manifest of a model")
    if manifest.get("format") not in READABLE:
        raise ModelFormatError(path, manifest.get("format"), READABLE)
    if manifest.get("seal") != _seal(manifest):
        raise ModelCorruptError(path, "is not as it was saved (its seal differs)")
    return manifest


def _contents(artifact: Artifact) -> dict[str, bytes]:
    features = [feature for kind in _KINDS for feature in getattr(artifact.tables, kind)]
    golden = [{"text": case.text, "probabilities": list(case.probabilities)} for case in artifact.golden]
    return {
        "vocabulary.txt": ("\n".join(features) + "\n").encode("utf-8"),
        **{f"{name}.npy": _array_bytes(getattr(artifact.tables, name)) for name in _ARRAYS},
        "golden.json": (json.dumps(golden, indent=1, ensure_ascii=False) + "\n").encode("utf-8"),
        "MODEL_CARD.md": artifact.card.encode("utf-8"),
    }


def _array_bytes(array: np.ndarray[Any, Any]) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return buffer.getvalue()


def _checked(path: Path, expected: object) -> bytes:
    if not isinstance(expected, dict):
        raise ModelCorruptError(path, "is not listed in the manifest")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ModelCorruptError(path, "is missing") from error
    if _sha256(content) != expected.get("sha256"):
        raise ModelCorruptError(path, "is not the file that was saved (SHA-256 differs)")
    return content


def _construct(manifest: Mapping[str, Any], contents: Mapping[str, bytes]) -> Artifact:
    arrays = {name: np.load(io.BytesIO(contents[f"{name}.npy"]), allow_pickle=False) for name in _ARRAYS}
    features = contents["vocabulary.txt"].decode("utf-8").split("\n")[:-1]
    sizes = manifest["features"]
    if manifest["labels"] != [label.value for label in Label]:
        raise ValueError(f"labels {manifest['labels']}")
    count = sum(sizes[kind] for kind in _KINDS)
    if len(features) != count:
        raise ValueError(f"{len(features)} features instead of {count}")
    _check_arrays(arrays, {"idf": (count,), "weights": (count, QUESTIONS), "intercept": (QUESTIONS,)})
    ends = np.cumsum([0, *(sizes[kind] for kind in _KINDS)]).tolist()
    words, pairs, characters = (dict(zip(features[start:end], range(start, end), strict=True)) for start, end in pairwise(ends))
    fixed = {"format", "name", "version", "labels", "normaliser", "features", "thresholds", "files", "seal"}
    return Artifact(
        name=manifest["name"],
        version=manifest["version"],
        normaliser=manifest["normaliser"],
        tables=Tables(words, pairs, characters, **arrays, window=sizes["window"]),
        thresholds=Thresholds(**manifest["thresholds"]),
        golden=tuple(_golden(case) for case in json.loads(contents["golden.json"])),
        card=contents["MODEL_CARD.md"].decode("utf-8"),
        record={key: value for key, value in manifest.items() if key not in fixed},
    )


def _check_arrays(arrays: Mapping[str, np.ndarray[Any, Any]], shapes: Mapping[str, tuple[int, ...]]) -> None:
    for name, shape in shapes.items():
        array = arrays[name]
        if array.shape != shape or array.dtype.kind != "f" or not np.isfinite(array).all():
            raise ValueError(f"{name} of shape {array.shape} and type {array.dtype}, not finite floats of shape {shape}")


def _golden(case: Mapping[str, Any]) -> Golden:
    probabilities = tuple(float(value) for value in case["probabilities"])
    if not isinstance(case["text"], str) or len(probabilities) != len(Label) or not np.isfinite(probabilities).all():
        raise ValueError(f"golden text {case['text']!r} with {probabilities}")
    return Golden(case["text"], probabilities)


def _seal(manifest: Mapping[str, Any]) -> str:
    """Return a hash over everything else in the manifest: thresholds decide as much as weights do."""
    sealed = {key: value for key, value in manifest.items() if key != "seal"}
    return _sha256(json.dumps(sealed, sort_keys=True, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
