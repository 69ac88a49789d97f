"""One run at a time on one output, and whether a run is still alive."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hoakscheck.errors import InputError, OutputBusyError


@contextmanager
def locked(path: Path, output: Path) -> Iterator[None]:
    """Hold a lock file while the block runs; the system lets go of it when the process dies, however it dies.

    Raises:
        OutputBusyError: another process holds it.
        InputError: it cannot be made where the output is to be.
    """
    handle = _acquire(path, output)
    try:
        yield
    finally:
        if sys.platform != "win32":  # there, an open file cannot be removed
            path.unlink(missing_ok=True)
        os.close(handle)


def is_held(path: Path) -> bool:
    """Whether a process holds a lock file; not when it is gone."""
    try:
        handle = os.open(path, os.O_RDWR)
    except OSError:
        return False
    try:
        return not _try_lock(handle)
    finally:
        os.close(handle)


def _acquire(path: Path, output: Path) -> int:
    while True:
        try:
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise InputError(output, f"cannot be written ({error.strerror})") from error
        if not _try_lock(handle):
            os.close(handle)
            raise OutputBusyError(output, "another run is writing it; wait for that one, or choose another name")
        try:
            if os.path.samestat(os.fstat(handle), path.stat()):
                return handle
        except FileNotFoundError:
            pass
        os.close(handle)  # the run before removed the file between our opening and our locking it


def _try_lock(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
