"""Which part of a version a change of the model bumps; the rule stands in ``docs/models.md``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from hoakscheck.model.errors import ReleaseRefusedError
from hoakscheck.model.folder import CARD, GOLDEN
from hoakscheck.model.manifest import listed, model_id

Version = tuple[int, int, int]

PARTS: Final = ("major", "minor", "patch")
_SEMANTIC: Final = re.compile(r"(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})", re.ASCII)

#: What callers must know about, and what can change a verdict.
_MEANING: Final = ("format", "labels")
_ANSWERS: Final = ("normaliser", "features", "thresholds")
#: Files that change no verdict.
_TOLD: Final = (GOLDEN, CARD)


def parse(version: str) -> Version | None:
    """Return the three numbers of a semantic version, None where it is none; candidates (``1.0.0-rc1``) are not released.

    >>> parse("0.2.0"), parse("0.2"), parse("01.0.0")
    ((0, 2, 0), None, None)
    """
    match = _SEMANTIC.fullmatch(version)
    return (int(match[1]), int(match[2]), int(match[3])) if match else None


def least_part(old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """Return which part of the version a change bumps at least: ``major``, ``minor`` or ``patch``.

    Args:
        old: manifest of the present default, read and checked.
        new: that of the candidate.
    """
    if any(old[key] != new[key] for key in _MEANING):
        return "major"
    tables = [name for name in listed(new) if name not in _TOLD]
    if any(old[key] != new[key] for key in _ANSWERS) or any(old["files"][name] != new["files"][name] for name in tables):
        return "minor"
    return "patch"


def least_version(old: Version, part: str) -> Version:
    """Return the lowest version that bumps this part; before 1.0.0 what would bump the first part bumps the second.

    >>> least_version((0, 2, 3), "major"), least_version((1, 2, 3), "major"), least_version((1, 2, 3), "patch")
    ((0, 3, 0), (2, 0, 0), (1, 2, 4))
    """
    major, minor, patch = old
    if part == "major" and major > 0:
        return major + 1, 0, 0
    return (major, minor, patch + 1) if part == "patch" else (major, minor + 1, 0)


def require_version(old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> None:
    """Refuse a version that says less than what changed since the present default.

    Raises:
        ReleaseRefusedError: it is no semantic version, or lower than the change demands.
    """
    default = model_id(old) if old else None
    version = parse(new["version"])
    if version is None:
        raise ReleaseRefusedError(model_id(new), default, f"{new['version']!r} is no semantic version such as 1.2.0")
    before = parse(old["version"]) if old else None
    if old is None or before is None:
        return
    part = least_part(old, new)
    least = least_version(before, part)
    if version < least:
        needed = ".".join(map(str, least))
        raise ReleaseRefusedError(model_id(new), default, f"against {default} this is a {part} change, so at least {needed}")
