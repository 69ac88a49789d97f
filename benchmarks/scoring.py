"""What bulk scoring costs, and whether it survives: the figures of docs/scoring.md.

python benchmarks/scoring.py cost                  # file against memory, by format
python benchmarks/scoring.py jobs                  # two processes against one
python benchmarks/scoring.py memory --rows 10000000
python benchmarks/scoring.py kills --kills 50
python benchmarks/scoring.py spark                 # a cluster on this machine against a plain loop
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from hoakscheck import Classifier
from hoakscheck.scoring import score_files

ROOT = Path(__file__).parent.parent

#: Words of a post: the mean of 49,411 Indonesian posts of six public sets.
WORDS = 24


def posts(count: int, seed: int = 0) -> Iterator[dict[str, Any]]:
    """Yield posts cut out of the authored texts, so that no two in a row are alike and words come as often as they do."""
    texts = []
    for path in sorted((ROOT / "data" / "authored").glob("*.jsonl")):
        with path.open(encoding="utf-8") as lines:
            texts += [json.loads(line)["text"].split(" ") for line in lines]
    chance = random.Random(seed)
    for number in range(count):
        words = chance.choice(texts)
        start = chance.randrange(max(len(words) - WORDS, 0) + 1)
        yield {"id": number, "author": f"akun_{number % 9973}", "text": " ".join(words[start : start + WORDS])}


def write_posts(path: Path, count: int, *, bad_every: int = 0) -> Path:
    """Write posts in the format that the name tells; every so many rows a bad one."""
    if path.suffix == ".parquet":
        import pyarrow as pa
        from pyarrow import parquet

        schema = pa.schema([("id", pa.int64()), ("author", pa.string()), ("text", pa.string())])
        with parquet.ParquetWriter(path, schema) as writer:
            waiting = []
            for row in posts(count):
                waiting.append(row | {"text": None} if bad_every and row["id"] % bad_every == 0 else row)
                if len(waiting) == 50_000:
                    writer.write_table(pa.Table.from_pylist(waiting, schema))
                    waiting = []
            writer.write_table(pa.Table.from_pylist(waiting, schema))
        return path
    with path.open("w", encoding="utf-8", newline="") as stream:
        table = csv.DictWriter(stream, ["id", "author", "text"])
        if path.suffix == ".csv":
            table.writeheader()
        for row in posts(count):
            if bad_every and row["id"] % bad_every == 0:
                stream.write("broken\n")
            elif path.suffix == ".csv":
                table.writerow(row)
            else:
                stream.write(json.dumps(row, ensure_ascii=False) + "\n")
    return path


@click.group()
def main() -> None:
    """Measure bulk scoring."""


@main.command()
@click.option("--rows", default=50_000)
@click.option("--repeats", default=5)
def cost(rows: int, repeats: int) -> None:
    """Compare a file with the same texts in memory, taking turns, in one process whose caches are warm.

    By the clock and by the processor's time, which says the same on a quiet machine and still says it on a busy one.
    """
    classifier = Classifier.load()
    texts = [post["text"] for post in posts(rows)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plans: dict[str, Callable[[int], Any]] = {"memory": lambda _: deque(classifier.decide_many(texts), maxlen=0)}
        for ending in ("jsonl", "csv", "parquet"):
            source = write_posts(folder / f"posts.{ending}", rows)
            plans[ending] = lambda turn, source=source: score_files(source, folder / f"{turn}{source.suffix}")
        clock: dict[str, list[float]] = {plan: [] for plan in plans}
        processor: dict[str, list[float]] = {plan: [] for plan in plans}
        for turn in range(repeats + 1):
            for plan, run in plans.items():
                began, spent = time.perf_counter(), time.process_time()
                run(turn)
                clock[plan].append(time.perf_counter() - began)
                processor[plan].append(time.process_time() - spent)
    for plan in plans:
        found = {"clock": clock, "processor": processor}
        ratios = {
            kind: [one / base for one, base in zip(all_[plan][1:], all_["memory"][1:], strict=True)] for kind, all_ in found.items()
        }
        said = ", ".join(f"{statistics.median(r):.2f}x by the {kind} ({min(r):.2f} to {max(r):.2f})" for kind, r in ratios.items())
        print(f"{plan:<8}{rows / statistics.median(clock[plan][1:]):9,.0f} rows/s  {said}")  # the first turn warms the caches


@main.command()
@click.option("--rows", default=200_000)
@click.option("--repeats", default=3)
def jobs(rows: int, repeats: int) -> None:
    """Compare two processes with one, and with what the machine has to give: two commands side by side, each on half of it."""
    with tempfile.TemporaryDirectory() as name:
        source = write_posts(Path(name, "posts.jsonl"), rows)
        half = write_posts(Path(name, "half.jsonl"), rows // 2)
        plans = {
            "one": [(source, "--jobs", "1")],
            "two": [(source, "--jobs", "2")],
            "side by side": [(half, "--jobs", "1"), (half, "--jobs", "1")],
        }
        seconds: dict[str, list[float]] = {plan: [] for plan in plans}
        for turn in range(repeats):
            for plan, found in seconds.items():
                began = time.perf_counter()
                running = [
                    subprocess.Popen(_command(path, Path(name, f"{plan}{turn}{place}.jsonl"), *options), stderr=subprocess.DEVNULL)
                    for place, (path, *options) in enumerate(plans[plan])
                ]
                for process in running:
                    process.wait()
                found.append(time.perf_counter() - began)
                print(f"{plan}: {found[-1]:.1f} s", flush=True)
    for plan in ("two", "side by side"):
        ratios = [one / other for one, other in zip(seconds["one"], seconds[plan], strict=True)]
        print(f"{plan}: {statistics.median(ratios):.2f} times as fast as one ({min(ratios):.2f} to {max(ratios):.2f})")


@main.command()
@click.option("--rows", default=10_000_000)
@click.option("--ending", default="jsonl")
@click.option("--jobs", "count", default=1)
def memory(rows: int, ending: str, count: int) -> None:
    """Watch the memory of a long run, its worker processes with it."""
    import psutil

    with tempfile.TemporaryDirectory() as name:
        source = write_posts(Path(name, f"posts.{ending}"), rows)
        target = Path(name, f"scored.{ending}")
        print(f"{rows:,} rows, {source.stat().st_size / 1e6:,.0f} MB", flush=True)
        began = time.perf_counter()
        process = subprocess.Popen(_command(source, target, "--jobs", str(count)))
        watched, seen = psutil.Process(process.pid), []
        while process.poll() is None:
            time.sleep(1)
            try:
                family = [watched, *watched.children(recursive=True)]
                seen.append(sum(member.memory_info().rss for member in family) / 1e6)
            except psutil.Error:
                continue
        seconds = time.perf_counter() - began
        tenths = [max(seen[len(seen) * part // 10 : len(seen) * (part + 1) // 10 or 1]) for part in range(10)]
        print(f"{seconds:.0f} s, {rows / seconds:,.0f} rows/s; highest MB in each tenth:", *(f"{value:.0f}" for value in tenths))


@main.command()
@click.option("--kills", default=50)
@click.option("--rows", default=20_000)
@click.option("--seed", default=0)
def kills(kills: int, rows: int, seed: int) -> None:
    """Kill runs at random moments, resume them, and compare the bytes with those of a run that nobody killed."""
    chance = random.Random(seed)
    plans = [
        ("jsonl", "jsonl", 1),
        ("csv", "csv.gz", 1),
        ("parquet", "parquet", 1),
        ("jsonl", "jsonl.zst", 2),
        ("csv", "parquet", 2),
    ]
    resumed = equal = 0
    with tempfile.TemporaryDirectory() as name:
        whole: dict[int, tuple[str, float]] = {}
        for kill in range(kills):
            place = kill % len(plans)
            start, end, count = plans[place]
            source = Path(name, f"posts.{start}")
            if not source.exists():
                write_posts(source, rows, bad_every=997)
            if place not in whole:
                target = Path(name, f"whole{place}.{end}")
                began = time.perf_counter()
                subprocess.run(_command(source, target, "--jobs", str(count)), check=False, capture_output=True)
                whole[place] = _digest(target), time.perf_counter() - began
            digest, seconds = whole[place]
            target = Path(name, f"killed{kill}.{end}")
            command = _command(source, target, "--resume", "--jobs", str(count))
            process = subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True)
            moment = chance.uniform(0, seconds * 1.1)
            with suppress(subprocess.TimeoutExpired):
                process.wait(moment)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            done = subprocess.run([*command, "--json"], check=False, capture_output=True)
            summary = json.loads(done.stdout)
            resumed += summary["resumed"] > 0
            equal += _digest(target) == digest
            left = [path.name for path in Path(name).iterdir() if path.name.startswith(".")]
            moments = f"killed after {moment:5.2f} s of {seconds:.2f}, {summary['resumed']:>6,} rows resumed"
            print(
                f"{kill + 1:>3} {start}->{end} jobs {count}: {moments}, equal: {_digest(target) == digest}, left: {left}",
                flush=True,
            )
    print(f"{kills} kills, {resumed} resumed in the middle, {equal} equal")
    sys.exit(equal != kills)


@main.command()
@click.option("--rows", default=1_000_000)
def spark(rows: int) -> None:
    """Compare Spark on two cores of this machine with the command in one and in two processes."""
    os.environ["PYSPARK_PYTHON"] = sys.executable
    from pyspark.sql import SparkSession

    from hoakscheck.scoring.spark import score

    with tempfile.TemporaryDirectory() as name:
        source = write_posts(Path(name, "posts.parquet"), rows)
        for count in (1, 2):
            began = time.perf_counter()
            subprocess.run(_command(source, Path(name, f"local{count}.parquet"), "--jobs", str(count)), check=True)
            print(f"the command, {count} processes: {time.perf_counter() - began:.1f} s", flush=True)
        began = time.perf_counter()
        session = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
        session.sparkContext.setLogLevel("ERROR")
        print(f"Spark, start: {time.perf_counter() - began:.1f} s", flush=True)
        posts_there = session.read.parquet(str(source))
        for run, partitions in (("first", None), ("second", None), ("third, dealt out over 8", 8)):
            began = time.perf_counter()
            scored = score(posts_there, partitions=partitions)
            scored.write.parquet(str(Path(name, run)))
            print(f"Spark, {run} run: {time.perf_counter() - began:.1f} s, {scored.rdd.getNumPartitions()} partitions", flush=True)
        session.stop()


def _command(source: Path, target: Path, *options: str) -> list[str]:
    return [sys.executable, "-m", "hoakscheck", "score", str(source), "-o", str(target), *options]


def _digest(target: Path) -> str:
    """Return a hash over an output and its quarantine."""
    found = hashlib.sha256(target.read_bytes())
    quarantine = target.with_name(f"{target.name}.quarantine.jsonl")
    found.update(quarantine.read_bytes() if quarantine.exists() else b"")
    return found.hexdigest()


if __name__ == "__main__":
    main()
