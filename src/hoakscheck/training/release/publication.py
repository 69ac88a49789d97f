"""A candidate goes on the shelf: checked as it will be served, past the gate, whole or not at all, never over another."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from hoakscheck.classifier import Classifier
from hoakscheck.model import artifact, shelf
from hoakscheck.model.errors import ModelExistsError
from hoakscheck.model.folder import RELEASES, place
from hoakscheck.model.manifest import model_id, read_manifest
from hoakscheck.training.release.versions import require_version

#: What a gate asks: may this candidate take the place of that default? None where nothing stands on the shelf yet.
Gate = Callable[[Path, Path | None], None]


def release(candidate: Path, to: Path, gate: Gate) -> Path:
    """Put a candidate on a shelf, make it the default of its name, and return where it stands.

    Args:
        candidate: folder of a model.
        to: the shelf.
        gate: raises where the candidate may not be released.

    Raises:
        ModelExistsError: the shelf has this version already, or another process was faster.
        ReleaseRefusedError: the version or the gate speaks against it.
        ModelError: the candidate cannot be loaded, or was changed meanwhile.
    """
    manifest = read_manifest(candidate)
    target = to / manifest["name"] / manifest["version"]
    if target.exists():
        raise ModelExistsError(target)
    default = _present_default(to / manifest["name"])
    require_version(read_manifest(default) if default else None, manifest)
    Classifier.load(candidate, digest=manifest["seal"])
    gate(candidate, default)
    placed = place(artifact.read_whole(candidate, manifest), target)
    _list(to, manifest)
    shelf.set_default(placed)
    return placed


def _present_default(named: Path) -> Path | None:
    versions = shelf.history(named) if named.is_dir() else []
    return named / versions[-1] if versions else None


def _list(to: Path, manifest: Mapping[str, Any]) -> None:
    """Add the digest to the list of releases: one write at the end of the file, so that two processes both get theirs in."""
    handle = os.open(to / RELEASES, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(handle, f"{model_id(manifest)}\t{manifest['seal']}\n".encode())
        os.fsync(handle)
    finally:
        os.close(handle)
