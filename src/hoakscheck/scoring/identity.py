"""Which model scores: told by the hash of its content, loaded once per process, packed to travel to other machines."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from hoakscheck.classifier import Classifier
from hoakscheck.model import artifact, shelf
from hoakscheck.model.errors import ModelCorruptError, ModelExistsError
from hoakscheck.model.folder import place
from hoakscheck.model.manifest import model_id, read_manifest

#: Models that a process keeps loaded; each takes about 100 MB with its caches full.
KEPT: Final = 2


@dataclass(frozen=True)
class ModelIdentity:
    """A model and where it stands.

    Attributes:
        model_id: name and version, as every verdict carries them.
        digest: SHA-256 over the manifest, which lists the SHA-256 of every file: the same digest, the same answers.
        folder: where it stands on this machine.
    """

    model_id: str
    digest: str
    folder: Path

    def classifier(self) -> Classifier:
        """Return the model, loaded and checked once per process.

        Raises:
            ModelError: it cannot be loaded, or is another one by now.
        """
        return _loaded(self.folder, self.digest)


def identify(name_or_path: str | os.PathLike[str] | None = None) -> ModelIdentity:
    """Return which model a name means now, without loading it.

    Raises:
        ModelError: there is none, or its manifest cannot be read.

    >>> len(identify().digest)
    64
    """
    folder = shelf.find(name_or_path)
    manifest = read_manifest(folder)
    return ModelIdentity(model_id(manifest), manifest["seal"], folder.absolute())


@lru_cache(maxsize=KEPT)
def _loaded(folder: Path, digest: str) -> Classifier:
    return Classifier.load(folder, digest=digest)


@dataclass(frozen=True)
class PackedModel:
    """The files of a model, to be broadcast.

    Attributes:
        model_id, digest: as in :class:`ModelIdentity`.
        files: name -> content, about 3.6 MB in all.
    """

    model_id: str
    digest: str
    files: Mapping[str, bytes]

    def classifier(self) -> Classifier:
        """Return the model, written to this machine once and loaded once per process.

        Raises:
            ModelError: what arrived is not what was sent.
        """
        return _loaded(self._unpacked(), self.digest)

    def _unpacked(self) -> Path:
        # Of this user alone: in a shared temporary folder somebody else could lay a model there first.
        shelf_folder = Path(tempfile.gettempdir()) / f"hoakscheck-models-{os.getuid() if hasattr(os, 'getuid') else 'user'}"
        shelf_folder.mkdir(mode=0o700, exist_ok=True)
        if hasattr(os, "getuid") and shelf_folder.stat().st_uid != os.getuid():
            raise ModelCorruptError(shelf_folder, "belongs to another user")
        folder = shelf_folder / self.digest
        with suppress(ModelExistsError):  # this worker, or a faster one of this machine, has laid it there
            place(self.files, folder)
        return folder


def pack(identity: ModelIdentity) -> PackedModel:
    """Read the files of a model, after checking their hashes; its signature travels with it."""
    manifest = read_manifest(identity.folder)
    return PackedModel(identity.model_id, identity.digest, artifact.read_whole(identity.folder, manifest))
