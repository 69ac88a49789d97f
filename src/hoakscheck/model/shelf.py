"""Where models stand: an explicit path, then ``$HOAKSCHECK_MODELS``, then the model inside the installed package."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from hoakscheck.errors import ModelNotFoundError
from hoakscheck.model.artifact import MANIFEST

MODELS_VARIABLE: Final = "HOAKSCHECK_MODELS"

#: The model that is used when none is named.
DEFAULT: Final = "hoakscheck-id"

_VERSION = re.compile(r"(\d+)\.(\d+)\.(\d+)(.*)")


def find(name_or_path: str | os.PathLike[str] | None = None) -> Path:
    """Return the folder of a model.

    Args:
        name_or_path: a folder, ``name``, ``name@version``, or None for the default model. Without a version the newest.

    Raises:
        ModelNotFoundError: there is none; the error lists every place that was looked at.
    """
    wanted = os.fspath(name_or_path or DEFAULT)
    tried = []
    if name_or_path is not None:
        tried.append(Path(wanted))
        if (Path(wanted) / MANIFEST).is_file():
            return Path(wanted)
    name, _, version = wanted.partition("@")
    for shelf in shelves():
        versions = dict(_versions(shelf / name)) if name and "/" not in name else {}
        tried.append(shelf / name / version if version else shelf / name)
        if version in versions:
            return versions[version]
        if versions and not version:
            return versions[max(versions, key=_order)]
    raise ModelNotFoundError(wanted, tried)


def available() -> list[Path]:
    """Return the folders of all models, by place, name and version."""
    return [
        folder
        for shelf in shelves()
        if shelf.is_dir()
        for named in sorted(shelf.iterdir())
        for _, folder in sorted(_versions(named), key=lambda found: _order(found[0]))
    ]


def shelves() -> list[Path]:
    """Return the folders that hold models, in the order in which they are looked at."""
    named = os.environ.get(MODELS_VARIABLE)
    packaged = Path(__file__).parent.parent / "models"
    return [*([Path(named)] if named else []), packaged]


def _versions(folder: Path) -> Iterator[tuple[str, Path]]:
    if folder.is_dir():
        for version in folder.iterdir():
            if (version / MANIFEST).is_file():
                yield version.name, version


def _order(version: str) -> tuple[int, int, int, bool, str]:
    """Return what versions are sorted by: numbers as numbers, and a release after its candidates; any other name comes first.

    >>> sorted(["1.0.0", "0.10.0", "1.0.0-rc1", "0.9.0", "draft"], key=_order)
    ['draft', '0.9.0', '0.10.0', '1.0.0-rc1', '1.0.0']
    """
    match = _VERSION.match(version)
    if match is None:
        return -1, 0, 0, False, version
    major, minor, patch, suffix = match.groups()
    return int(major), int(minor), int(patch), not suffix, suffix
