"""Chunks shared out over processes, results in order."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

from hoakscheck.errors import HoaksCheckError
from hoakscheck.scoring.formats.reader import Chunk
from hoakscheck.scoring.local.task import Scored, Task

#: Chunks per process that are under way or done and waiting for their turn; bounds what is held in memory.
AHEAD: Final = 3


#: What asks a run to stop goes to every process of its group, from a terminal or a supervisor. Only the parent may heed it: a
#: worker that ends while it hands over a result leaves the parent reading a message that has no end.
_STOPS: Final = (signal.SIGINT, signal.SIGTERM)


class Work(NamedTuple):
    """A chunk and its place in the run.

    Attributes:
        chunk: the chunk.
        place: 0-based number of the chunk in the run.
        digest: hash over its file up to its end.
        read: bytes of all inputs that were read until then.
    """

    chunk: Chunk
    place: int
    digest: str
    read: int

    @property
    def leads(self) -> bool:
        """Whether it is the first of all."""
        return self.place == 0


def scored_in_order(task: Task, work: Iterable[Work], *, jobs: int) -> Generator[tuple[Work, Scored], None, None]:
    """Yield each chunk with what came of it, in the order of the chunks.

    Args:
        task: what to do with a chunk.
        work: the chunks; taken only as far ahead as there are processes to busy.
        jobs: number of processes; 1 stays in this one, -1 takes one per core.

    Raises:
        HoaksCheckError: a process was ended from outside.
    """
    if jobs == 1:
        for one in work:
            yield one, task(one.chunk, leads=one.leads)
        return
    yield from _shared_out(task, work, jobs)


def _shared_out(task: Task, work: Iterable[Work], jobs: int) -> Generator[tuple[Work, Scored], None, None]:
    # The executor below joblib's Parallel: Parallel reads its input in a thread of its own, and lets finished results pile up.
    from joblib import cpu_count
    from joblib.externals.loky import ProcessPoolExecutor
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    count = jobs if jobs > 0 else max(cpu_count() + 1 + jobs, 1)
    executor = ProcessPoolExecutor(max_workers=count, initializer=_follow, initargs=(os.getpid(),))
    waiting: deque[tuple[Work, Any]] = deque()
    try:
        for one in work:
            with _stops_held_back():
                waiting.append((one, executor.submit(task, one.chunk, leads=one.leads)))
            while len(waiting) >= count * AHEAD:
                done, future = waiting.popleft()
                yield done, future.result()
        while waiting:
            done, future = waiting.popleft()
            yield done, future.result()
    except TerminatedWorkerError as error:
        raise HoaksCheckError("a worker process was ended from outside, most often for want of memory; use fewer --jobs") from error
    finally:
        for _, future in waiting:
            future.cancel()
        executor.shutdown()  # what is under way takes a second; killing it makes the executor's own threads stumble


@contextmanager
def _stops_held_back() -> Iterator[None]:
    """Hold signals back while workers are started, who inherit that: one that still imports would end in a traceback."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _follow(parent: int) -> None:
    """Make a worker stop when its parent says so, or is no more."""
    for number in _STOPS:
        signal.signal(number, signal.SIG_IGN)
    threading.Thread(target=_leave_with, args=(parent,), daemon=True).start()


def _leave_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)  # a parent that was killed cannot say goodbye, and workers would wait for its next chunk for ever
