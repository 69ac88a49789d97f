"""Faults: an output is not there or whole, nothing is lost with a process, and what has changed meanwhile is noticed."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from hoakscheck import InputError, ModelCorruptError, OutputBusyError, OutputExistsError, ResumeError, TooManyBadRowsError
from hoakscheck.scoring import score_files
from hoakscheck.scoring.local.lock import locked
from hoakscheck.scoring.local.output import places_of


class StopError(Exception):
    """What a test raises in the middle of a run."""


def _files(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def posts(tmp_path):
    """Return a file of 40 rows, two of them bad."""
    path = tmp_path / "posts.jsonl"
    rows = [json.dumps({"id": number, "text": f"Ayo coblos nomor {number} besok"}) for number in range(40)]
    rows[7], rows[31] = "broken", '{"id": 31}'
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def run(tiny_model, tmp_path):
    """Score in chunks of four rows; stop after so many chunks where asked to."""

    def score(source, output="scored.jsonl", *, stop_after=None, **options):
        seen = []

        def progress(*_):
            seen.append(_)
            if len(seen) == stop_after:
                raise StopError

        return score_files(source, tmp_path / output, **{"model": tiny_model, "chunk_size": 4, "progress": progress} | options)

    return score


@pytest.fixture
def stopped(run, posts):
    """Leave a run of 12 rows behind."""
    with pytest.raises(StopError):
        run(posts, stop_after=3)


class TestStopped:
    def test_the_output_is_not_there_and_its_state_is(self, stopped, tmp_path):
        assert "scored.jsonl" not in _files(tmp_path)
        assert {".scored.jsonl.journal", ".scored.jsonl.partial"} <= set(_files(tmp_path))

    @pytest.mark.parametrize("output", ["s.jsonl", "s.csv", "s.csv.gz", "s.jsonl.zst", "s.parquet"])
    @pytest.mark.parametrize("chunks", [1, 3, 9, 10])
    def test_resumed_it_gives_the_same_bytes_as_a_run_that_nobody_stopped(self, run, posts, tmp_path, output, chunks):
        with pytest.raises(StopError):
            run(posts, output, stop_after=chunks)
        resumed = run(posts, output, resume=True)
        whole = run(posts, f"whole.{output}")
        for ending in ("", ".quarantine.jsonl"):
            assert (tmp_path / f"{output}{ending}").read_bytes() == (tmp_path / f"whole.{output}{ending}").read_bytes()
        assert (resumed.rows, resumed.labels, resumed.bad) == (whole.rows, whole.labels, whole.bad)
        assert resumed.resumed == chunks * 4
        assert not [name for name in _files(tmp_path) if name.startswith(".")]

    def test_it_can_be_stopped_again_and_again(self, run, posts, tmp_path):
        for _ in range(4):
            with pytest.raises(StopError):
                run(posts, stop_after=2, resume=True)
        run(posts, resume=True)
        run(posts, "whole.jsonl")
        assert (tmp_path / "scored.jsonl").read_bytes() == (tmp_path / "whole.jsonl").read_bytes()

    def test_another_number_of_jobs_may_go_on_with_it(self, stopped, run, posts, tmp_path):
        run(posts, resume=True, jobs=2)
        run(posts, "whole.jsonl")
        assert (tmp_path / "scored.jsonl").read_bytes() == (tmp_path / "whole.jsonl").read_bytes()

    def test_bytes_behind_the_last_commit_are_forgotten(self, stopped, run, posts, tmp_path):
        for name in (".scored.jsonl.partial", ".scored.jsonl.journal"):
            with (tmp_path / name).open("ab") as stream:
                stream.write(b'{"chunks": 9, "out')  # as a process leaves it that is killed in the middle of a write
        run(posts, resume=True)
        run(posts, "whole.jsonl")
        assert (tmp_path / "scored.jsonl").read_bytes() == (tmp_path / "whole.jsonl").read_bytes()

    @pytest.mark.parametrize("left", ["whole", "partial"])
    def test_a_process_that_died_while_it_finished_is_finished(self, stopped, run, posts, tmp_path, left):
        run(posts, resume=True, output="scored.jsonl")
        whole = (tmp_path / "scored.jsonl").read_bytes()
        with pytest.raises(StopError):
            run(posts, "again.jsonl", stop_after=10)  # all chunks are there, the last commit is not
        if left == "whole":
            (tmp_path / ".again.jsonl.partial").replace(tmp_path / "again.jsonl")
            journal = tmp_path / ".again.jsonl.journal"
            entries = journal.read_text().splitlines()
            journal.write_text("\n".join([*entries, json.dumps(json.loads(entries[-1]) | {"complete": True})]) + "\n")
        run(posts, "again.jsonl", resume=True)
        assert (tmp_path / "again.jsonl").read_bytes() == whole
        assert not [name for name in _files(tmp_path) if name.startswith(".")]

    def test_resuming_what_is_complete_does_nothing(self, run, posts, tmp_path):
        run(posts)
        before = (tmp_path / "scored.jsonl").stat()
        assert run(posts, resume=True).complete_before
        assert (tmp_path / "scored.jsonl").stat() == before

    def test_resuming_what_is_complete_notices_a_newer_input(self, run, posts, tmp_path):
        run(posts)
        os.utime(posts, ns=(1, (tmp_path / "scored.jsonl").stat().st_mtime_ns + 1))
        with pytest.raises(ResumeError, match="is newer") as caught:
            run(posts, resume=True)
        assert caught.value.changed == "input"

    def test_an_unfinished_run_is_neither_continued_nor_thrown_away_unasked(self, stopped, run, posts):
        with pytest.raises(ResumeError, match="an unfinished run of 12 rows is there; continue it with --resume"):
            run(posts)

    def test_overwriting_begins_anew(self, stopped, run, posts):
        summary = run(posts, overwrite=True)
        assert (summary.rows, summary.resumed) == (40, 0)

    def test_resuming_where_nothing_was_begun_begins(self, run, posts):
        assert run(posts, resume=True).rows == 40


class TestChanged:
    """What the journal was written for must still be so."""

    def _refused(self, run, source, changed, **options):
        with pytest.raises(ResumeError) as caught:
            run(source, resume=True, **options)
        assert caught.value.changed == changed
        return str(caught.value)

    @pytest.mark.parametrize("place", [0, 20, 2_000])
    def test_an_input_of_other_content(self, stopped, run, posts, place):
        content = bytearray(posts.read_bytes())
        content[min(place, len(content) - 3)] ^= 1
        times = posts.stat()
        posts.write_bytes(content)
        os.utime(posts, ns=(times.st_atime_ns, times.st_mtime_ns))
        assert "posts.jsonl has changed since the run began" in self._refused(run, posts, "input")

    def test_an_input_that_grew(self, stopped, run, posts):
        with posts.open("a") as stream:
            stream.write('{"text": "halo"}\n')
        self._refused(run, posts, "input")

    def test_an_input_that_was_touched(self, stopped, run, posts):
        os.utime(posts)
        self._refused(run, posts, "input")

    def test_a_further_input(self, stopped, run, posts, tmp_path):
        shutil.copy(posts, tmp_path / "more.jsonl")
        self._refused(run, [posts, tmp_path / "more.jsonl"], "input")

    def test_other_content_in_the_middle_of_a_long_input(self, run, tmp_path):
        source = tmp_path / "long.jsonl"
        line = json.dumps({"text": "halo " * 2_000}).encode() + b"\n"
        source.write_bytes(line * 40)
        with pytest.raises(StopError):
            run(source, stop_after=8)
        times = source.stat()
        with source.open("r+b") as stream:
            stream.seek(len(line) * 20 + 30)
            stream.write(b"x")
        os.utime(source, ns=(times.st_atime_ns, times.st_mtime_ns))
        self._refused(run, source, "input")

    def test_another_model_of_the_same_name(self, stopped, run, posts, model_copy):
        manifest = json.loads((model_copy / "manifest.json").read_text())
        from hoakscheck.model.manifest import seal

        manifest["thresholds"]["review"] = 0.9
        manifest["seal"] = seal(manifest)
        (model_copy / "manifest.json").write_text(json.dumps(manifest))
        assert "the run began with model tiny-id@0.0.1, now it is tiny-id@0.0.1" in self._refused(
            run, posts, "model", model=model_copy
        )

    def test_a_model_that_changes_while_it_scores(self, tiny_model, model_copy):
        from hoakscheck.scoring.identity import ModelIdentity, identify

        seen = identify(tiny_model)
        with pytest.raises(ModelCorruptError, match="asked for was 0000"):
            ModelIdentity(seen.model_id, "0" * 64, model_copy).classifier()

    @pytest.mark.parametrize(
        ("changed", "options"),
        [
            ("text_column", {"text_column": "id"}),
            ("columns", {"columns": ["id"]}),
            ("explain", {"explain": True}),
            ("prefix", {"prefix": "hc_"}),
            ("chunk_size", {"chunk_size": 5}),
        ],
    )
    def test_other_options(self, stopped, run, posts, changed, options):
        assert f"the run began with {changed} " in self._refused(run, posts, changed, **options)

    def test_a_partial_output_that_was_cut_off(self, stopped, run, posts, tmp_path):
        os.truncate(tmp_path / ".scored.jsonl.partial", 10)
        assert "is gone or cut off" in self._refused(run, posts, "")


class TestTwoRuns:
    def test_the_second_on_one_output_is_refused(self, run, posts, tmp_path):
        def second(*_):
            with pytest.raises(OutputBusyError, match="another run is writing it"):
                run(posts)

        assert run(posts, progress=second).rows == 40

    def test_a_link_to_the_output_is_the_same_output(self, run, posts, tmp_path):
        places = places_of(tmp_path / "scored.jsonl", None)
        (tmp_path / "link.jsonl").symlink_to(tmp_path / "scored.jsonl")
        with locked(places.lock, places.output), pytest.raises(OutputBusyError):
            run(posts, "link.jsonl")

    def test_a_lock_left_by_a_dead_process_holds_nobody_up(self, run, posts, tmp_path):
        (tmp_path / ".scored.jsonl.lock").write_text("")
        assert run(posts).rows == 40


class TestQuarantine:
    def test_it_holds_bad_rows_whole_with_place_and_reason(self, run, posts, tmp_path):
        summary = run(posts, id_column="id")
        entries = [json.loads(line) for line in (tmp_path / "scored.jsonl.quarantine.jsonl").read_text().splitlines()]
        assert summary.quarantine == str(tmp_path / "scored.jsonl.quarantine.jsonl")
        assert [(entry["row"], entry["line"], entry["id"], entry["raw"]) for entry in entries] == [
            (8, 8, None, "broken\n"),
            (32, 32, 31, '{"id": 31}\n'),
        ]
        assert entries[0]["reason"].startswith("is no valid JSON")
        assert entries[1]["reason"] == "has no 'text'"

    def test_lines_are_counted_where_rows_reach_over_several(self, score, tmp_path):
        score("posts.csv", 'id,text\n1,"dua\nbaris"\n\n2,a,b\n')
        (entry,) = map(json.loads, (tmp_path / "scored.csv.quarantine.jsonl").read_text().splitlines())
        assert (entry["row"], entry["line"]) == (2, 5)

    def test_bytes_of_another_encoding_are_kept_in_base64(self, score, tmp_path):
        score("posts.csv", b"text\ncaf\xe9\n")
        (entry,) = map(json.loads, (tmp_path / "scored.csv.quarantine.jsonl").read_text().splitlines())
        assert entry["raw_base64"] == "Y2Fm6Qo="

    def test_no_bad_rows_no_file(self, score, tmp_path):
        score("posts.csv", "text\nhalo\n")
        assert _files(tmp_path) == ["posts.csv", "scored.csv"]

    def test_that_of_an_earlier_run_is_not_replaced_unasked(self, run, posts, tmp_path):
        (tmp_path / "bad.jsonl").write_text("mine")
        with pytest.raises(OutputExistsError, match=r"bad\.jsonl"):
            run(posts, quarantine=tmp_path / "bad.jsonl")
        assert (tmp_path / "bad.jsonl").read_text() == "mine"

    def test_one_that_cannot_be_made_is_refused_at_once(self, run, posts, tmp_path):
        with pytest.raises(InputError, match="there is no such folder"):
            run(posts, quarantine=tmp_path / "nowhere" / "bad.jsonl")
        assert _files(tmp_path) == ["posts.jsonl"]

    def test_as_many_bad_rows_as_allowed_stop_nothing(self, run, posts):
        assert run(posts, max_bad=2).bad == 2

    def test_one_more_stops_the_run_and_more_can_be_allowed_then(self, run, posts, tmp_path):
        with pytest.raises(TooManyBadRowsError) as caught:
            run(posts, max_bad=1)
        assert (caught.value.bad, caught.value.limit) == (2, 1)
        assert not (tmp_path / "scored.jsonl").exists()
        summary = run(posts, max_bad=2, resume=True)
        assert (summary.rows, summary.resumed) == (40, 32)


class TestDisk:
    def test_when_it_is_full_what_was_scored_is_kept(self, command, posts, tmp_path):
        resource = pytest.importorskip("resource", reason="limits on file sizes are a matter of Unix")
        line = command(posts, "-o", tmp_path / "scored.jsonl", "--chunk-size", "4", "--resume")
        limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4_000, 4_000))  # noqa: E731
        full = subprocess.run(line, capture_output=True, text=True, check=False, env=command.environment, preexec_fn=limit)
        assert full.returncode == 2
        assert "what was scored is kept: make room and continue with --resume" in full.stderr
        done = subprocess.run([*line, "--json"], capture_output=True, text=True, check=False, env=command.environment)
        assert json.loads(done.stdout)["rows"] == 40
        assert json.loads(done.stdout)["resumed"] > 0

    def test_a_pipe_to_a_full_disk_is_an_error(self, command, posts):
        if not Path("/dev/full").exists():
            pytest.skip("there is no /dev/full here")
        with Path("/dev/full").open("wb") as full:
            done = subprocess.run(command(posts, "-o", "-", "--to", "csv"), stdout=full, stderr=subprocess.PIPE, check=False)
        assert done.returncode == 2
        assert b"No space left on device" in done.stderr


class TestSignals:
    @pytest.mark.parametrize("jobs", [1, 2])
    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_a_stop_is_clean_and_can_be_resumed(self, command, tmp_path, number, jobs):
        source = tmp_path / "posts.jsonl"
        source.write_text((json.dumps({"text": "Ayo coblos nomor 3 besok " * 40}) + "\n") * 30_000)
        line = command(source, "-o", tmp_path / "scored.jsonl", "--chunk-size", "100", "--resume", "--jobs", jobs)
        process = subprocess.Popen(line, stderr=subprocess.PIPE, text=True, env=command.environment, start_new_session=True)
        journal = tmp_path / ".scored.jsonl.journal"
        while not (journal.exists() and b'"chunks"' in journal.read_bytes()):
            assert process.poll() is None, process.stderr.read()
            time.sleep(0.05)
        os.killpg(process.pid, number)
        _, said = process.communicate()
        assert process.returncode == 128 + number
        assert said == f"{tmp_path / 'scored.jsonl'}: stopped by {number.name}; continue with --resume\n"
        assert not (tmp_path / "scored.jsonl").exists()


@pytest.mark.slow
class TestKills:
    """The documented run is fifty kills, by benchmarks/scoring.py; here are some, at other moments each time."""

    ROWS = 6_000
    KILLS = 3

    @pytest.mark.parametrize(("output", "jobs"), [("s.jsonl", 1), ("s.parquet", 1), ("s.csv.gz", 2)])
    def test_killed_at_any_moment_and_resumed_it_gives_the_same_bytes(self, command, tmp_path, output, jobs, tiny_texts):
        source = tmp_path / "posts.jsonl"
        rows = [json.dumps({"id": number, "text": tiny_texts[number % len(tiny_texts)]}) for number in range(self.ROWS)]
        source.write_text(
            "\n".join("broken" if number % 501 == 0 else row for number, row in enumerate(rows)) + "\n", encoding="utf-8"
        )
        whole = command(source, "-o", tmp_path / f"whole.{output}", "--chunk-size", "100", "--jobs", jobs)
        began = time.monotonic()
        subprocess.run(whole, check=False, env=command.environment, stderr=subprocess.DEVNULL)
        seconds = time.monotonic() - began
        line = command(source, "-o", tmp_path / output, "--chunk-size", "100", "--jobs", jobs, "--resume")
        for _ in range(self.KILLS):
            process = subprocess.Popen(line, stderr=subprocess.DEVNULL, env=command.environment, start_new_session=True)
            time.sleep(random.uniform(0.5, 1.0) * seconds)
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        subprocess.run(line, check=False, env=command.environment, stderr=subprocess.DEVNULL)
        for ending in ("", ".quarantine.jsonl"):
            assert (tmp_path / f"{output}{ending}").read_bytes() == (tmp_path / f"whole.{output}{ending}").read_bytes()
        assert not [name for name in _files(tmp_path) if name.startswith(".")]


class TestInputThatFails:
    def test_a_file_cut_off_in_the_middle_says_so_and_keeps_what_was_scored(self, run, tmp_path):
        import gzip

        source = tmp_path / "posts.jsonl.gz"
        whole = gzip.compress(
            b"".join(json.dumps({"text": f"halo {os.urandom(300).hex()}"}).encode() + b"\n" for _ in range(4_000))
        )
        source.write_bytes(whole[: len(whole) // 2])
        with pytest.raises(InputError, match=r"is damaged or cut off after [\d,]+ rows"):
            run(source, chunk_size=100)
        assert ".scored.jsonl.journal" in _files(tmp_path)

    def test_a_file_that_is_not_what_its_name_says(self, run, tmp_path):
        for name in ("posts.jsonl.gz", "posts.jsonl.zst", "posts.parquet"):
            (tmp_path / name).write_bytes(b'{"text": "halo"}\n' * 5)
            with pytest.raises(InputError, match=r"is damaged or cut off|is no Parquet"):
                run(tmp_path / name)
        assert not [name for name in _files(tmp_path) if name.startswith((".", "scored"))]
