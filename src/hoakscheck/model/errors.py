"""What can go wrong with a model; the tree that these belong to stands in :mod:`hoakscheck.errors`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from hoakscheck.errors import HoaksCheckError


class ModelError(HoaksCheckError):
    """A model cannot be found, read or written."""


class ModelNotFoundError(ModelError, FileNotFoundError):
    """No model of that name, version or path.

    Attributes:
        name: what was asked for.
        tried: every place that was looked at, in order.
    """

    def __init__(self, name: str, tried: Sequence[Path]) -> None:
        self.name = name
        self.tried = tuple(tried)
        places = ", ".join(str(path) for path in tried) or "nowhere"
        super().__init__(f"no model {name!r}; looked in: {places}. Run 'hoakscheck models list' to see what there is")

    def __str__(self) -> str:
        return str(self.args[0])


class ModelCorruptError(ModelError):
    """A file of a model is damaged, missing, or not the one that was saved.

    Attributes:
        path: the file.
        reason: what differs.
    """

    def __init__(self, path: str | Path, reason: str) -> None:
        self.path = Path(path)
        self.reason = reason
        super().__init__(f"{path}: {reason}. Fetch or install the model again")


class ModelFormatError(ModelError):
    """The model was written in a format that this version does not read.

    Attributes:
        found: format number of the model.
        supported: format numbers that this version reads.
    """

    def __init__(self, path: str | Path, found: object, supported: Sequence[int]) -> None:
        self.path = Path(path)
        self.found = found
        self.supported = tuple(supported)
        known = ", ".join(map(str, supported))
        super().__init__(f"{path}: model format {ascii(found)[:40]}, this version reads {known}. Upgrade hoakscheck or the model")


class ModelMismatchError(ModelError):
    """What the model was trained with differs from what is installed.

    Attributes:
        field: what differs, for instance ``"normaliser"``.
        model: value recorded by the model.
        installed: value found here.
    """

    def __init__(self, path: str | Path, field: str, *, model: str, installed: str) -> None:
        self.path = Path(path)
        self.field = field
        self.model = model
        self.installed = installed
        super().__init__(
            f"{path}: trained with {field} {model}, installed is {installed}. "
            "Install the version of hoakscheck that the model was made for, or train the model again"
        )


class ModelExistsError(ModelError, FileExistsError):
    """A version that exists already is never overwritten.

    Attributes:
        path: the folder that exists.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        super().__init__(f"{path} exists already and a version is never overwritten; raise the version number")

    def __str__(self) -> str:
        return str(self.args[0])


class ModelSignatureError(ModelError):
    """A model is not signed by any key that is trusted, or a key cannot be used.

    Attributes:
        path: the model, its signature or the key.
        reason: what is wrong.
    """

    def __init__(self, path: str | Path, reason: str) -> None:
        self.path = Path(path)
        self.reason = reason
        super().__init__(f"{path}: {reason}")


class Shortfall(NamedTuple):
    """A figure that keeps a candidate from being released, beside that of the present default; None where there is none."""

    slice: str
    candidate: float | None
    default: float | None
    reason: str


class ReleaseRefusedError(ModelError):
    """A candidate is worse than the present default, breaks a limit, or carries the wrong version.

    Attributes:
        model: name and version of the candidate.
        default: name and version of the present default; None without one.
        shortfalls: every figure that speaks against it; empty where the version does.
    """

    def __init__(self, model: str, default: str | None, reason: str, *, shortfalls: Sequence[Shortfall] = ()) -> None:
        self.model = model
        self.default = default
        self.shortfalls = tuple(shortfalls)
        listed = "; ".join(f"{what}: {own} against {default_own} ({why})" for what, own, default_own, why in shortfalls)
        super().__init__(f"{model} is not released: {reason}" + (f": {listed}" if listed else ""))
