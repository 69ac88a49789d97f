"""When the garbage collector of Python is let wait."""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class _Pauses:
    """How many pauses there are at the moment, in all threads: the first stops the collector, the last starts it again."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.count = 0
        self.was_enabled = gc.isenabled()

    def begin(self) -> None:
        with self.lock:
            if not self.count:
                self.was_enabled = gc.isenabled()
                gc.disable()
            self.count += 1

    def end(self) -> None:
        with self.lock:
            self.count -= 1
            if not self.count and self.was_enabled:
                gc.enable()

    def renew_lock(self) -> None:
        self.lock = threading.Lock()  # one that another thread held at the fork would never open again


_pauses = _Pauses()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_pauses.renew_lock)


@contextmanager
def collector_paused() -> Iterator[None]:
    """Let the collector wait where much is made that holds no cycles: it would look through all of it again and again.

    Of building a model it took 6 of 45 ms, of scoring a file a fifth. As a decorator it does so at every call.

    >>> with collector_paused():
    ...     gc.isenabled()
    False
    >>> gc.isenabled()
    True
    """
    _pauses.begin()
    try:
        yield
    finally:
        _pauses.end()
