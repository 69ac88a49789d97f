"""Chunks shared out: workers take part as soon as they have started, the order stays, and nothing is left of a run.

Files as small as a test may have are done before a worker has started; so here chunks come slowly, as through a pipe.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress

import pytest

from hoakscheck import HoaksCheckError
from hoakscheck.scoring.formats.names import kind_named
from hoakscheck.scoring.formats.reader import open_reader
from hoakscheck.scoring.formats.rows import Fields
from hoakscheck.scoring.identity import identify
from hoakscheck.scoring.local.lock import locked
from hoakscheck.scoring.local.task import Task
from hoakscheck.scoring.local.workers import AHEAD, Slot, Work, scored_in_order

PATIENCE = 60.0


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return the temporary folder of everything that runs in a test."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


@pytest.fixture
def task(tiny_model):
    lines = kind_named("jsonl")
    return Task(identify(tiny_model), lines, lines, Fields("text"), longest_row=1_000)


@pytest.fixture
def work(tmp_path):
    """Return 60 chunks of four rows, one of the first two bad."""
    path = tmp_path / "posts.jsonl"
    rows = ["broken" if number == 1 else json.dumps({"text": f"Ayo coblos nomor {number} besok"}) for number in range(240)]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    with open_reader(path, kind_named("jsonl"), rows=4, longest=1_000) as reader:
        return [Work(chunk, place, "", 0) for place, chunk in enumerate(reader.chunks) if len(chunk.content)]


def slots(folder):
    """Return the files through which chunks go, those that were used first."""
    return sorted(folder.glob("hoakscheck-chunks-*/[0-9]*"), key=lambda path: -path.stat().st_size)


def used(folder):
    """Return how many bytes went through each slot."""
    return [path.stat().st_size for path in slots(folder)]


def until(found):
    """Wait for something to come true."""
    end = time.monotonic() + PATIENCE
    while not (result := found()):
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.05)
    return result


def slowly(work, folder, then=lambda: None):
    """Yield chunks, the first half of them until a worker has taken one."""
    for place, one in enumerate(work):
        if place == len(work) // 2:
            then()
        yield one
        if place < len(work) // 2 and not (slots(folder) and slots(folder)[0].stat().st_size):
            time.sleep(PATIENCE / len(work))


class TestShared:
    def test_the_same_comes_out_in_the_same_order_with_workers(self, task, work, folder):
        whole = list(scored_in_order(task, work, jobs=1))
        seen = []
        for one, scored in scored_in_order(task, slowly(work, folder, lambda: seen.extend(used(folder))), jobs=3):
            assert (one, scored) == whole[one.place]
        assert one.place == len(work) - 1
        assert len(seen) == 2 * AHEAD  # two workers beside this process
        assert max(seen) > 0
        assert not list(folder.iterdir())

    def test_one_process_per_core_is_asked_for_with_minus_one(self, task, work):
        assert list(scored_in_order(task, work, jobs=-1)) == list(scored_in_order(task, work, jobs=1))

    def test_a_worker_that_is_killed_ends_the_run_with_advice(self, task, work, folder):
        psutil = pytest.importorskip("psutil")

        def kill():
            workers = [child for child in psutil.Process().children() if "popen_loky" in " ".join(child.cmdline())]
            assert workers
            for worker in workers:
                worker.kill()

        with pytest.raises(HoaksCheckError, match="ended from outside, most often for want of memory"):
            list(scored_in_order(task, slowly(work, folder, kill), jobs=2))
        assert not list(folder.iterdir())

    def test_what_goes_wrong_with_a_chunk_is_raised_here(self, task, work, folder):
        with pytest.raises(AttributeError):
            list(scored_in_order(task, slowly([*work[:-1], work[-1]._replace(chunk="no chunk")], folder), jobs=2))
        assert not list(folder.iterdir())


class TestFolders:
    def left(self, folder, name, age):
        """Leave the folder of a run behind."""
        lock = folder / f"hoakscheck-chunks-{name}" / "lock"
        lock.parent.mkdir()
        lock.touch()
        os.utime(lock, (time.time() - age,) * 2)
        return lock

    def test_those_of_runs_that_were_killed_are_removed_by_the_next_run(self, task, work, folder):
        self.left(folder, "killed", 3_600)
        new, alive, other = self.left(folder, "new", 1), self.left(folder, "alive", 3_600), folder / "hoakscheck-models-0"
        other.mkdir()
        with locked(alive, alive):
            os.utime(alive, (time.time() - 3_600,) * 2)
            list(scored_in_order(task, work, jobs=2))
            assert sorted(folder.iterdir()) == sorted([new.parent, alive.parent, other])


class TestSlots:
    def test_what_is_laid_over_something_longer_comes_back_whole(self, tmp_path):
        slot = Slot(tmp_path / "0")
        for thing in (b"a" * 100_000, "short", [b"b" * 50_000]):
            slot.put(thing)
            assert slot.take() == thing


@pytest.mark.skipif(sys.platform == "win32", reason="processes are looked up as Unix has them")
class TestCommand:
    def feed(self, line, environment, folder, **options):
        """Run a command that reads a pipe, until a worker has taken a chunk."""
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
        process = subprocess.Popen(line, env=environment | {"TMPDIR": str(folder)}, **pipes, **options)

        def more():
            with suppress(BrokenPipeError):  # the command has ended already
                process.stdin.write((json.dumps({"text": "Ayo coblos nomor 3 besok"}) + "\n").encode() * 2_000)
                process.stdin.flush()
            return process.poll() is not None or (slots(folder) and slots(folder)[0].stat().st_size)

        until(more)
        return process

    def test_after_the_death_of_the_parent_workers_leave_nothing(self, command, folder):
        line = command("-", "--from", "jsonl", "-o", "-", "--chunk-size", "100", "--jobs", 2)
        process = self.feed(line, command.environment, folder)
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        until(lambda: not list(folder.glob("hoakscheck-*")))

    def test_a_temporary_folder_that_is_full_is_named(self, command, folder):
        resource = pytest.importorskip("resource", reason="limits on file sizes are a matter of Unix")
        line = command("-", "--from", "jsonl", "-o", "-", "--chunk-size", "100", "--jobs", 2)
        limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, 2_000))  # noqa: E731
        process = self.feed(line, command.environment, folder, preexec_fn=limit)
        said = process.communicate()[1].decode()
        assert process.returncode == 2
        assert f"{folder}" in said
        assert "make room there, or name another one in TMPDIR" in said
        assert not list(folder.glob("hoakscheck-*"))
