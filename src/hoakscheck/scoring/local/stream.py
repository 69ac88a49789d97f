"""The way of the rows: chunks off the inputs, through the workers, to the output, from the start or from a commit on."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from hoakscheck.errors import ResumeError, TooManyBadRowsError
from hoakscheck.scoring.formats.reader import STANDARD, open_reader
from hoakscheck.scoring.local.inputs import Input, check_table
from hoakscheck.scoring.local.journal import Commit
from hoakscheck.scoring.local.output import Output
from hoakscheck.scoring.local.task import Task
from hoakscheck.scoring.local.workers import Work, scored_in_order

#: Called after every chunk with the rows done, the bytes of input read, and the bytes of input in all, 0 when not known.
Progress = Callable[[int, int, int], object]


@dataclass(frozen=True)
class Stream:
    """What flows, and how.

    Attributes:
        inputs: the files, in order.
        task: what is done with a chunk.
        wanted, added: columns that each file must have, and may not have.
        chunk_size, jobs, max_bad, progress: as for :func:`hoakscheck.scoring.local.run.score_files`.
    """

    inputs: Sequence[Input]
    task: Task
    wanted: Sequence[str]
    added: Sequence[str]
    chunk_size: int
    jobs: int
    max_bad: int | None
    progress: Progress | None

    def into(self, output: Output, path: Path) -> Commit:
        """Score everything from the output's last commit on; return how far it came: to the end.

        Raises:
            TooManyBadRowsError: there are more than allowed.
            ResumeError: the inputs are not those that the commit was made of.
            Interrupted: by SIGINT or SIGTERM.
        """
        total = 0 if any(one.path == STANDARD for one in self.inputs) else sum(one.path.stat().st_size for one in self.inputs)
        with interruptible():
            try:
                self._check_bad(output, path)
                work = self._skip_done(self._work(), output.done, path)
                with closing(scored_in_order(self.task, work, jobs=self.jobs)) as results:
                    for one, scored in results:
                        output.append(scored, one.digest)
                        self._check_bad(output, path)
                        if self.progress:
                            self.progress(output.done.tally.rows, one.read, total)
            except BaseException:
                output.stop()
                raise
            output.finish()
        return output.done

    def _work(self) -> Iterator[Work]:
        index = before = 0
        for one in self.inputs:
            with open_reader(one.path, one.kind, rows=self.chunk_size, longest=self.task.longest_row) as reader:
                if one.kind.format != "jsonl":
                    check_table(reader.name, reader.columns, self.wanted, self.added)
                for chunk in reader.chunks:
                    yield Work(chunk, index, reader.digest(), before + chunk.position)
                    index += 1
            before += 0 if one.path == STANDARD else one.path.stat().st_size

    def _skip_done(self, work: Iterator[Work], start: Commit, path: Path) -> Iterator[Work]:
        """Cut the inputs again up to a commit: a sixteenth to a sixth of a run, and proof that they are the same."""
        if start.chunks:
            last = next(islice(work, start.chunks - 1, None), None)
            if last is None or last.digest != start.digest:
                raise ResumeError(path, "the input has changed since the run began", changed="input")
        return work

    def _check_bad(self, output: Output, path: Path) -> None:
        bad = output.done.tally.bad
        if self.max_bad is not None and bad > self.max_bad:
            raise TooManyBadRowsError(path, bad=bad, limit=self.max_bad)


class Interrupted(KeyboardInterrupt):
    """The run was asked to stop.

    Attributes:
        signal: number of the signal.
    """

    def __init__(self, number: int) -> None:
        self.signal = number
        super().__init__(f"stopped by {signal.Signals(number).name}")


@contextmanager
def interruptible() -> Iterator[None]:
    """Raise :class:`Interrupted` in this thread on SIGINT and SIGTERM; in other threads nothing can be done and nothing is."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, _raise) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _raise(number: int, _: Any) -> None:
    raise Interrupted(number)
