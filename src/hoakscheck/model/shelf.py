"""Where models stand: an explicit path, then ``$HOAKSCHECK_MODELS``, then the model inside the installed package.

On a shelf a model is ``name/version``. Which version a bare name stands for is the last line of ``name/DEFAULT``, a list of
all that it stood for before; without that file it is the newest one.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from hoakscheck.model.errors import ModelCorruptError, ModelNotFoundError
from hoakscheck.model.folder import HISTORY, MANIFEST, read_file, replace_file
from hoakscheck.model.manifest import is_name, is_version

MODELS_VARIABLE: Final = "HOAKSCHECK_MODELS"

#: The model that is used when none is named.
DEFAULT: Final = "hoakscheck-id"
_LONGEST_HISTORY: Final = 100

_VERSION = re.compile(r"(\d+)\.(\d+)\.(\d+)(.*)")


def find(name_or_path: str | os.PathLike[str] | None = None) -> Path:
    """Return the folder of a model.

    Args:
        name_or_path: a folder, ``name``, ``name@version``, or None for the default model. Without a version the default one
            of that name: the last that :func:`set_default` set, or the newest.

    Raises:
        ModelNotFoundError: there is none; the error lists every place that was looked at.
        ModelCorruptError: the file that says which version is the default is damaged, or names one that is not there.
    """
    wanted = os.fspath(name_or_path or DEFAULT)
    tried = []
    if name_or_path is not None:
        tried.append(Path(wanted))
        if _is_model(Path(wanted)):
            return Path(wanted)
    name, _, version = wanted.partition("@")
    for shelf in shelves():
        versions = dict(_versions(shelf / name)) if is_name(name) else {}
        tried.append(shelf / name / version if version else shelf / name)
        if version in versions:
            return versions[version]
        if versions and not version:
            return versions[history(shelf / name)[-1]]
    raise ModelNotFoundError(wanted, tried)


def available() -> list[Path]:
    """Return the folders of all models, by place, name and version."""
    return [
        folder
        for shelf in shelves()
        if shelf.is_dir()
        for named in sorted(shelf.iterdir())
        for _, folder in sorted(_versions(named), key=lambda found: order(found[0]))
    ]


def shelves() -> list[Path]:
    """Return the folders that hold models, in the order in which they are looked at."""
    named = os.environ.get(MODELS_VARIABLE)
    packaged = Path(__file__).parent.parent / "models"
    return [*([Path(named)] if named else []), packaged]


def is_on_a_shelf(folder: Path) -> bool:
    """Tell whether a model was found by its name, so that it must have that name."""
    return folder.parent.parent in shelves()


def history(named: Path) -> list[str]:
    """Return every version that a model's name stood for on its shelf, the present one last.

    Args:
        named: folder that holds the versions of one model.

    Raises:
        ModelCorruptError: the file that says so is damaged, or names a version that is not there.
    """
    path = named / HISTORY
    versions = sorted(dict(_versions(named)), key=order)
    if not os.path.lexists(path):
        return versions
    lines = read_file(named, HISTORY).decode("utf-8", "replace").splitlines()
    if not lines or lines[-1] not in versions:
        named_last = ascii(lines[-1][:100]) if lines else "no version"
        raise ModelCorruptError(path, f"names {named_last}; choose one of {', '.join(versions)} by 'hoakscheck models default'")
    return lines


def set_default(folder: Path) -> None:
    """Make a model on a shelf the one that its name stands for; whoever reads meanwhile finds the old one or the new one."""
    with _alone(folder.parent):
        try:
            before = history(folder.parent)
        except ModelCorruptError:  # what is damaged is mended by a new choice
            before = []
        if not (folder.parent / HISTORY).exists():
            before = before[-1:]
        if before[-1:] != [folder.name]:
            _write_history(folder.parent, [*before, folder.name])


def roll_back(named: Path) -> str:
    """Make the version before the present one the default again, and return it.

    Raises:
        ModelNotFoundError: there was none before, or it is no longer there.
    """
    with _alone(named):
        before = history(named)[:-1]
        if not before or before[-1] not in dict(_versions(named)):
            raise ModelNotFoundError(f"{named.name} before its default", [named / version for version in before[-1:]] or [named])
        _write_history(named, before)
        return before[-1]


def _write_history(named: Path, versions: Sequence[str]) -> None:
    replace_file(named / HISTORY, "".join(f"{version}\n" for version in versions[-_LONGEST_HISTORY:]).encode())


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Wait until no other process changes this folder; where the system knows no such locks, do not."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _versions(folder: Path) -> Iterator[tuple[str, Path]]:
    try:
        found = list(folder.iterdir())
    except OSError:  # not there, no folder, or not ours to look into
        return
    for version in found:
        if is_version(version.name) and _is_model(version):
            yield version.name, version


def _is_model(folder: Path) -> bool:
    try:
        return (folder / MANIFEST).is_file()
    except OSError:  # a folder that we may not look into
        return False


def order(version: str) -> tuple[int, int, int, bool, str]:
    """Return what versions are sorted by: numbers as numbers, and a release after its candidates; any other name comes first.

    >>> sorted(["1.0.0", "0.10.0", "1.0.0-rc1", "0.9.0", "draft"], key=order)
    ['draft', '0.9.0', '0.10.0', '1.0.0-rc1', '1.0.0']
    """
    match = _VERSION.match(version)
    if match is None:
        return -1, 0, 0, False, version
    major, minor, patch, suffix = match.groups()
    return int(major), int(minor), int(patch), not suffix, suffix
