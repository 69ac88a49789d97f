"""The journal of a run: what it was asked, and how far its output can be trusted.

One JSON object a line. The first says what the run reads, by which model and how; each further one is a commit: so many chunks are
on disk, in so many bytes of output and of quarantine. A line is written only after the bytes it speaks of are on disk, so
whatever ends the process or the machine, everything up to the last whole line holds.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any, Final

from hoakscheck.errors import ResumeError
from hoakscheck.scoring.local.summary import Tally

#: Raised when a run of an older hoakscheck could not be continued by this one.
FORMAT: Final = 1


@dataclass(frozen=True)
class Commit:
    """How far a run has come.

    Attributes:
        chunks: chunks that are on disk.
        digest: hash over the last file read, up to the end of the last chunk.
        output, quarantine: bytes of each that hold.
        tally: counts of the rows in them.
        complete: whether nothing is left to score.
    """

    chunks: int = 0
    digest: str = ""
    output: int = 0
    quarantine: int = 0
    tally: Tally = field(default_factory=Tally)
    complete: bool = False


class Journal:
    """A journal that is open for writing."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def write(self, entry: Mapping[str, Any]) -> None:
        """Add a line and see it to the disk. It begins a new line, in case the one before was cut off."""
        self._stream.write(b"\n" + json.dumps(entry, sort_keys=True).encode() + b"\n")
        self._stream.flush()
        os.fsync(self._stream.fileno())

    def commit(self, commit: Commit) -> None:
        """Add a commit."""
        self.write(asdict(commit))

    def close(self) -> None:
        """Close the file."""
        self._stream.close()


def begin(path: Path, request: Mapping[str, Any]) -> Journal:
    """Begin a journal anew."""
    journal = Journal(path.open("wb"))
    journal.write({"format": FORMAT, **request})
    return journal


def go_on(path: Path) -> Journal:
    """Open a journal to add to it."""
    return Journal(path.open("ab"))


def read(path: Path) -> tuple[dict[str, Any], Commit] | None:
    """Return what the run was asked, and its last commit; None when there is no journal that can be read."""
    if not path.exists():
        return None
    entries = [entry for line in path.read_bytes().split(b"\n") if (entry := _entry(line)) is not None]
    if not entries or entries[0].get("format") != FORMAT:
        return None
    request, *commits = entries
    last = commits[-1] if commits else {}
    return request, Commit(**{**last, "tally": Tally(**last.get("tally", {}))})


def _entry(line: bytes) -> dict[str, Any] | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) else None


def check_same(output: Path, before: Mapping[str, Any], now: Mapping[str, Any]) -> None:
    """Refuse to continue a run that was asked something else.

    Raises:
        ResumeError: saying what has changed.
    """
    for old, new in zip(before["inputs"], now["inputs"], strict=False):
        if old != new:
            raise ResumeError(output, f"the input {new['path']} has changed since the run began", changed="input")
    if len(before["inputs"]) != len(now["inputs"]):
        raise ResumeError(output, "the run began with other inputs", changed="input")
    if before["model"] != now["model"]:
        was, is_now = before["model"], now["model"]
        digests = f" ({was['digest'][:12]}, now {is_now['digest'][:12]})"
        raise ResumeError(output, f"the run began with model {was['id']}, now it is {is_now['id']}{digests}", changed="model")
    for name, value in now["options"].items():
        if before["options"].get(name) != value:
            was = before["options"].get(name)
            raise ResumeError(output, f"the run began with {name} {was!r}, now it is {value!r}", changed=name)
