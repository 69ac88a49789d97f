"""Chunks shared out over processes, results in order."""

from __future__ import annotations

import os
import pickle
import shutil
import signal
import threading
import time
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Any, Final, NamedTuple

from hoakscheck.errors import HoaksCheckError
from hoakscheck.scoring.formats.reader import Chunk
from hoakscheck.scoring.local.lock import is_held, locked
from hoakscheck.scoring.local.task import Scored, Task

#: Chunks per process that are under way or done and waiting for their turn; bounds what is held in memory.
AHEAD: Final = 3

_PREFIX: Final = "hoakscheck-chunks-"
_LOCK: Final = "lock"
#: Seconds within which a lock may have been made and not be held yet.
_NEW: Final = 60

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
        jobs: number of processes, this one among them; -1 takes one per core.

    Raises:
        HoaksCheckError: a process was ended from outside.
        OSError: the temporary folder, through which chunks go, is full or fails.
    """
    count = jobs if jobs > 0 else max(_cores() + 1 + jobs, 1)
    if count == 1:
        for one in work:
            yield one, task(one.chunk, leads=one.leads)
        return
    with _folder() as folder, _team(task, count - 1, folder) as team:
        for one in work:
            team.give(one)
            yield from team.done(most_waiting=count * AHEAD)
        yield from team.done(most_waiting=0)


def _cores() -> int:
    from joblib import cpu_count

    return int(cpu_count())


@contextmanager
def _folder() -> Iterator[Path]:
    """Give a folder for slots while the block runs, and remove those of runs that were killed together with their workers."""
    for left in Path(gettempdir()).glob(f"{_PREFIX}*/{_LOCK}"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _NEW and not is_held(left):
                shutil.rmtree(left.parent)
    with TemporaryDirectory(prefix=_PREFIX, ignore_cleanup_errors=True) as name, locked(Path(name, _LOCK), Path(name)):
        yield Path(name)


class Slot:
    """A file that takes a chunk to another process, and brings back what came of it.

    A pipe holds 64 kB, so both sides would wait for each other thirty times a chunk: 8 ms where a file takes .4.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        path.touch()

    def put(self, thing: object) -> None:
        """Lay something down for the other side, over what lay there: pages that are there already take a fifth of the time."""
        try:
            with self._path.open("r+b") as stream:
                pickle.dump(thing, stream, protocol=pickle.HIGHEST_PROTOCOL)
        except OSError as error:
            advice = f"{error.strerror}; chunks go through the temporary folder: make room there, or name another one in TMPDIR"
            raise OSError(error.errno, advice, str(self._path.parent)) from error

    def take(self) -> Any:
        """Return what the other side laid down."""
        with self._path.open("rb") as stream:
            return pickle.load(stream)  # noqa: S301  # the folder is this run's, closed to other users


class _Team:
    """This process and workers beside it, who share chunks.

    Args:
        task: what to do with a chunk.
        executor: runs the workers.
        slots: through which chunks go to them.
    """

    def __init__(self, task: Task, executor: Executor, slots: Iterable[Slot]) -> None:
        self._task = task
        self._executor = executor
        self._free = list(slots)
        self._waiting: deque[tuple[Work, Slot | None, Future[Any]]] = deque()
        # Until a worker has started, which takes half a second, this process goes on alone.
        self._started = executor.submit(_prepare, task)

    def give(self, one: Work) -> None:
        """Hand a chunk to the workers, or score it here when they have enough before them."""
        if self._free and self._started.done():
            slot = self._free.pop()
            slot.put(one.chunk)
            with _stops_held_back():
                self._waiting.append((one, slot, self._executor.submit(_score, self._task, slot, leads=one.leads)))
        else:
            own: Future[Scored] = Future()
            own.set_result(self._task(one.chunk, leads=one.leads))
            self._waiting.append((one, None, own))

    def done(self, *, most_waiting: int) -> Iterator[tuple[Work, Scored]]:
        """Yield in order what is done, and wait for it as long as more chunks than that are under way or behind one that is."""
        while self._waiting and (len(self._waiting) > most_waiting or self._waiting[0][2].done()):
            one, slot, future = self._waiting.popleft()
            scored = future.result()
            if slot is not None:
                scored = slot.take()
                self._free.append(slot)
            yield one, scored

    def leave(self) -> None:
        """Take back what nobody has begun."""
        for _, _, future in self._waiting:
            future.cancel()


@contextmanager
def _team(task: Task, workers: int, folder: Path) -> Iterator[_Team]:
    # The executor below joblib's Parallel: Parallel reads its input in a thread of its own, and lets finished results pile up.
    from multiprocessing import resource_tracker

    from joblib.externals.loky import ProcessPoolExecutor
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    resource_tracker.ensure_running()  # what loky starts too; in Python 3.11 it lets signals through again once it has started
    with _stops_held_back():
        executor = ProcessPoolExecutor(max_workers=workers, initializer=_follow, initargs=(os.getpid(), folder))
        team = _Team(task, executor, [Slot(folder / str(number)) for number in range(workers * AHEAD)])
    try:
        yield team
    except TerminatedWorkerError as error:
        raise HoaksCheckError("a worker process was ended from outside, most often for want of memory; use fewer --jobs") from error
    finally:
        team.leave()
        executor.shutdown()  # what is under way takes a second; killing it makes the executor's own threads stumble


def _prepare(task: Task) -> None:
    """Load the model."""
    task.model.classifier()


def _score(task: Task, slot: Slot, *, leads: bool) -> None:
    """Score the chunk in a slot, and lay down there what came of it."""
    slot.put(task(slot.take(), leads=leads))


@contextmanager
def _stops_held_back() -> Iterator[None]:
    """Hold signals back while processes are started, who inherit that: one that still imports would end in a traceback."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _follow(parent: int, folder: Path) -> None:
    """Make a worker stop when its parent says so, or is no more."""
    for number in _STOPS:
        signal.signal(number, signal.SIG_IGN)
    threading.Thread(target=_leave_with, args=(parent, folder), daemon=True).start()


def _leave_with(parent: int, folder: Path) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(1)  # a parent that was killed cannot say goodbye, and workers would wait for its next chunk for ever
