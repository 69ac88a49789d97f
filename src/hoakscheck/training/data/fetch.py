"""Fetching raw sources: from their public address or from a local copy, each file checked by its hash.

A broken transfer goes on where it stopped; a file appears under its name only when it is whole and is the one expected.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, Protocol

from hoakscheck.errors import FetchError
from hoakscheck.training.data.catalogue import Source, SourceFile

#: Seconds without a byte after which a transfer counts as broken.
PATIENCE: Final = 30
_ATTEMPTS: Final = 3
_BLOCK: Final = 1 << 16
_INSTALL: Final = "fetching needs pooch: pip install 'hoakscheck[data]'"

State = Literal["ok", "missing", "changed"]


class Progress(Protocol):
    """Told the size of each file and every piece that has arrived, both in bytes."""

    def start(self, name: str, size: int) -> None:
        """Begin a file."""

    def advance(self, size: int) -> None:
        """Count a piece."""


@dataclass(frozen=True, slots=True)
class FileState:
    """What stands in a folder where a source's file should be."""

    source: str
    path: Path
    state: State


def verify(source: Source, folder: Path) -> Iterator[FileState]:
    """Yield the state of each file of a source below ``folder``, by size and hash."""
    for file in source.files:
        path = folder / source.slug / file.name
        yield FileState(source.slug, path, _state(path, file))


def fetch(source: Source, folder: Path, *, mirror: Path | None = None, progress: Progress | None = None) -> list[Path]:
    """Bring the files of a source to ``folder/slug``; those that are there already are not fetched again.

    Args:
        source: entry of the catalogue.
        folder: where the files go, one sub-folder per source.
        mirror: folder of the same form to copy from, instead of the network.
        progress: told what arrives.

    Raises:
        FetchError: a file is not to be had, or is another one than expected. What was fetched before it stays.
    """
    paths = []
    for file in source.files:
        path = folder / source.slug / file.name
        if _state(path, file) != "ok":
            path.parent.mkdir(parents=True, exist_ok=True)
            if progress:
                progress.start(f"{source.slug}/{file.name}", file.bytes)
            if mirror is not None:
                _copy(mirror / source.slug / file.name, path, file, progress)
            else:
                _download(source, file, path, progress)
        paths.append(path)
    return paths


def cut_topics(content: bytes, withheld: frozenset[str]) -> bytes:
    r"""Return a tab-separated file without the rows whose ``topic`` is withheld, given by SHA-256.

    >>> secret = frozenset({hashlib.sha256(b"beta").hexdigest()})
    >>> cut_topics(b"index\ttopic\n0\talpha\n1\tbeta\n", secret)
    b'index\ttopic\n0\talpha\n'
    """
    lines = content.split(b"\n")
    column = lines[0].rstrip(b"\r").split(b"\t").index(b"topic")

    def is_kept(line: bytes) -> bool:
        cells = line.split(b"\t")
        return len(cells) <= column or hashlib.sha256(cells[column].strip()).hexdigest() not in withheld

    return b"\n".join(line for line in lines if is_kept(line))


def _state(path: Path, file: SourceFile) -> State:
    if not path.is_file():
        return "missing"
    if path.stat().st_size != file.bytes:
        return "changed"
    return "ok" if _sha256(path) == file.sha256 else "changed"


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _copy(origin: Path, path: Path, file: SourceFile, progress: Progress | None) -> None:
    state = _state(origin, file)
    if state != "ok":
        raise FetchError(path, str(origin), f"the local copy is {state}: {origin}")
    part = _part(path)
    shutil.copyfile(origin, part)
    part.replace(path)
    if progress:
        progress.advance(file.bytes)


def _download(source: Source, file: SourceFile, path: Path, progress: Progress | None) -> None:
    """Download a file with pooch, and cut out what the source withholds before the hash is checked."""
    try:
        import pooch
        import requests
    except ImportError as error:
        raise FetchError(path, file.url, _INSTALL) from error
    pooch.get_logger().setLevel("ERROR")
    key = f"{source.slug}/{file.name}"
    expected = None if source.withheld else f"sha256:{file.sha256}"
    store = pooch.create(path.parent, base_url="", registry={key: expected}, urls={key: file.url}, retry_if_failed=_ATTEMPTS - 1)
    store.path = path.parent.parent
    try:
        store.fetch(key, downloader=_resuming(_part(path), progress))
    except (requests.RequestException, ValueError, OSError) as error:
        raise FetchError(path, file.url, _reason(error, path)) from error
    if source.withheld:
        _withhold(source, file, path)


def _withhold(source: Source, file: SourceFile, path: Path) -> None:
    kept = cut_topics(path.read_bytes(), source.withheld)
    path.unlink()
    if hashlib.sha256(kept).hexdigest() != file.sha256:
        raise FetchError(path, file.url, "without its withheld topics it has another SHA-256 than the catalogue says")
    part = _part(path)
    part.write_bytes(kept)
    part.replace(path)


def _resuming(part: Path, progress: Progress | None) -> Callable[[str, Any, Any], None]:
    """Return a downloader for pooch that goes on at the end of ``part``, what an earlier transfer left behind."""
    import requests

    def download(url: str, output: Any, _pooch: Any) -> None:
        have = part.stat().st_size if part.is_file() else 0
        headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
        with requests.get(url, headers=headers, stream=True, timeout=PATIENCE) as answer:
            if have and answer.status_code == requests.codes.requested_range_not_satisfiable:
                part.unlink()  # longer than the file: it was another one's
                download(url, output, _pooch)
                return
            answer.raise_for_status()
            goes_on = answer.status_code == requests.codes.partial_content
            if progress and goes_on:
                progress.advance(have)
            with part.open("ab" if goes_on else "wb") as stream:
                for block in answer.iter_content(_BLOCK):
                    stream.write(block)
                    if progress:
                        progress.advance(len(block))
        part.replace(output)

    return download


def _part(path: Path) -> Path:
    return path.with_name(f".{path.name}.part")


def _reason(error: Exception, path: Path) -> str:
    import requests

    if isinstance(error, requests.HTTPError) and error.response is not None:
        answer = error.response
        return f"the server answers {answer.status_code} {answer.reason}; the source may have moved"
    if isinstance(error, requests.RequestException):
        kept = "; what has arrived is kept, run the same command again to go on" if _part(path).is_file() else ""
        return f"the transfer broke ({type(error).__name__}){kept}"
    if isinstance(error, ValueError):
        return "the file there is not the one in the catalogue: its SHA-256 differs. The source has changed; do not use it unread"
    return str(error)
