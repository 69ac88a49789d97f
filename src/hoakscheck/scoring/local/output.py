"""Where a run writes: files that grow beside their final names and take them at the end, or standard output."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import IO, Final, NamedTuple, Protocol

from hoakscheck.errors import ResumeError
from hoakscheck.scoring.local.journal import Commit, Journal
from hoakscheck.scoring.local.task import Scored

#: Seconds between two commits; more where the disk is slow, so that commits never take more than a twentieth of the time.
COMMIT_SECONDS: Final = 0.5
COMMIT_SHARE: Final = 20


class Places(NamedTuple):
    """The files of a run, all beside the output, hidden until they are whole.

    Attributes:
        output, quarantine: what is there in the end.
        partial: the output as it grows.
        rejected: the quarantine as it grows.
        finishing: the output in its last form, where that is another one than it grew in.
        journal, lock: as their modules say.
    """

    output: Path
    quarantine: Path
    partial: Path
    rejected: Path
    finishing: Path
    journal: Path
    lock: Path


def places_of(output: Path, quarantine: Path | None) -> Places:
    """Return the files of a run; through a link, those beside its target, so that two names of one output share a lock."""
    target = output.resolve()
    bad = quarantine.absolute() if quarantine else target.with_name(f"{target.name}.quarantine.jsonl")
    hidden = {part: target.with_name(f".{target.name}.{part}") for part in ("partial", "finishing", "journal", "lock")}
    return Places(target, bad, rejected=bad.with_name(f".{bad.name}.partial"), **hidden)


class Output(Protocol):
    """What the results of a run are given to, chunk by chunk, in order."""

    def append(self, scored: Scored, digest: str) -> None:
        """Take what came of the next chunk."""

    def finish(self) -> None:
        """Make the output whole."""

    def stop(self) -> None:
        """Leave what there is in a state to resume from."""

    @property
    def done(self) -> Commit:
        """How far it is."""


class FileOutput:
    """An output and its quarantine, growing, with a journal.

    Args:
        places: where they are.
        journal: open for writing.
        start: the commit to continue from.
        transform: what makes the last form out of the grown one (for Parquet), given both files; None when they are the same.
    """

    def __init__(
        self, places: Places, journal: Journal, start: Commit, transform: Callable[[IO[bytes], IO[bytes]], None] | None
    ) -> None:
        self._places = places
        self._journal = journal
        self._transform = transform
        self._output = _open_at(places.partial, start.output)
        self._rejected = _open_at(places.rejected, start.quarantine)
        self._done = self._committed = start
        self._next_commit = time.monotonic() + COMMIT_SECONDS

    @property
    def done(self) -> Commit:
        """What was written, committed or not."""
        return self._done

    def append(self, scored: Scored, digest: str) -> None:
        """Write what came of the next chunk; commit when it is time.

        Raises:
            OSError: the disk is full, or fails.
        """
        _write(self._output, scored.content, self._places.output)
        _write(self._rejected, scored.rejected, self._places.quarantine)
        # One assignment: an interrupt before it leaves bytes that no commit speaks of.
        self._done = Commit(
            self._done.chunks + 1,
            digest,
            self._done.output + len(scored.content),
            self._done.quarantine + len(scored.rejected),
            self._done.tally + scored.tally,
        )
        if time.monotonic() >= self._next_commit:
            self._commit(self._done)

    def stop(self) -> None:
        """Commit what is there, or leave nothing behind when that is nothing."""
        with suppress(OSError):  # the reason to stop may be the disk; then the last commit stands
            if self._done != self._committed:
                self._commit(self._done)
        self._close()
        if not self._committed.chunks:
            self._remove_traces()

    def finish(self) -> None:
        """Give the output and the quarantine their names; whatever ends the process meanwhile, resuming does the rest."""
        self._commit(replace(self._done, complete=True))
        self._close()
        finish(self._places, self._done, self._transform)

    def _commit(self, commit: Commit) -> None:
        began = time.monotonic()
        os.fsync(self._output)
        if commit.quarantine != self._committed.quarantine:
            os.fsync(self._rejected)
        self._journal.commit(commit)
        self._committed = commit
        now = time.monotonic()
        self._next_commit = now + max(COMMIT_SECONDS, COMMIT_SHARE * (now - began))

    def _close(self) -> None:
        self._journal.close()
        os.close(self._output)
        os.close(self._rejected)

    def _remove_traces(self) -> None:
        for path in (self._places.partial, self._places.rejected, self._places.journal):
            path.unlink(missing_ok=True)


def finish(places: Places, done: Commit, transform: Callable[[IO[bytes], IO[bytes]], None] | None) -> None:
    """Give a grown output and its quarantine their names; can be repeated from wherever it was cut off."""
    if places.partial.exists():
        whole = places.partial
        if transform is not None:
            whole = places.finishing
            with places.partial.open("rb") as grown, whole.open("wb") as last:
                transform(grown, last)
                last.flush()
                os.fsync(last.fileno())
        if done.quarantine:
            if places.rejected.exists():
                places.rejected.replace(places.quarantine)
        else:
            places.quarantine.unlink(missing_ok=True)  # of an output that is replaced
        whole.replace(places.output)
        places.partial.unlink(missing_ok=True)
    _sync_folder(places.output.parent)
    places.rejected.unlink(missing_ok=True)
    places.journal.unlink(missing_ok=True)


def check_grown(places: Places, start: Commit) -> None:
    """Refuse to continue from a commit whose bytes are not there.

    Raises:
        ResumeError: naming the file.
    """
    for path, length in ((places.partial, start.output), (places.rejected, start.quarantine)):
        if length and (not path.exists() or path.stat().st_size < length):
            raise ResumeError(places.output, f"{path.name}, which the run had begun, is gone or cut off")


def _open_at(path: Path, length: int) -> int:
    """Open a file to write behind so many bytes, and forget what lies beyond them."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666)
    os.ftruncate(handle, length)
    os.lseek(handle, length, os.SEEK_SET)
    return handle


def _write(handle: int, content: bytes, path: Path) -> None:
    view = memoryview(content)
    try:
        while view:
            view = view[os.write(handle, view) :]
    except OSError as error:
        advice = f"{error.strerror}; what was scored is kept: make room and continue with --resume"
        raise OSError(error.errno, advice, str(path)) from error


def _sync_folder(folder: Path) -> None:
    if os.name == "posix":  # elsewhere a folder cannot be opened
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


class StreamOutput:
    """Standard output: what is written is gone, so there is nothing to resume.

    Args:
        quarantine: file for the bad rows; None to leave them to the column ``error``.
    """

    def __init__(self, quarantine: Path | None) -> None:
        self._rejected: IO[bytes] | None = None
        self._quarantine = quarantine
        self._done = Commit()

    @property
    def done(self) -> Commit:
        """What was written."""
        return self._done

    def append(self, scored: Scored, digest: str) -> None:
        """Write what came of the next chunk."""
        sys.stdout.buffer.write(scored.content)
        sys.stdout.buffer.flush()
        if scored.rejected and self._quarantine:
            self._rejected = self._rejected or self._quarantine.open("wb")
            self._rejected.write(scored.rejected)
        self._done = Commit(self._done.chunks + 1, digest, tally=self._done.tally + scored.tally)

    def finish(self) -> None:
        """See the bad rows to the disk."""
        if self._rejected:
            self._rejected.close()

    def stop(self) -> None:
        """See the bad rows to the disk; the rest is with whoever reads the pipe."""
        self.finish()
