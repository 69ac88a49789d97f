"""How time and memory grow: with the number of posts, the length of a text, and a second process."""

from __future__ import annotations

import itertools
import math
import multiprocessing
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import stream as streams
from measure import Spread, in_turns, ratio, run_python, timed
from rows import Bench, Row, decide, floor_with_split

from hoakscheck import Classifier
from hoakscheck.inputs import BLOCK_TEXTS

#: What a long text is made of; of posts where the unit is empty.
_LONG: Final = {
    "posts one after another": "",
    "hyphens": "-",
    "letters one by one": "a ",
    "marks above a letter": "\u0301",
    "alternating scripts": "pеmiluпемилуpеміlu ",
}
#: Some short texts beside a long one: a block of so many is read as arrays, a text alone is not.
_BESIDE: Final = ["halo"] * 15

#: The slope of seconds over characters, both as logarithms. A sort of what grows would be 1.08 between 1 kB and 10 MB, a square 2.
_LINEAR: Final = 1.1


def posts(bench: Bench) -> Iterator[Row]:
    """A million posts against a hundred thousand: every post differs from every other in one word."""
    few, many = (10_000, 100_000) if bench.quick else (100_000, 1_000_000)
    met = itertools.count()

    def stream(count: int) -> None:
        for start in range(0, count, BLOCK_TEXTS):
            own = (bench.texts[number % len(bench.texts)] for number in range(start, min(start + BLOCK_TEXTS, count)))
            bench.classifier.decide_block([f"{text} {streams.new_word(next(met))}" for text in own])

    seconds = in_turns({"few": lambda: stream(few), "many": lambda: stream(many)}, 1 if bench.quick else 3)
    yield Row(f"{many:,} posts take times {few:,}", ratio(seconds, "many", "few"), "x", 10.5, at_least=False)


def lengths(bench: Bench) -> Iterator[Row]:
    """Texts of a kilobyte to ten megabytes, alone and among others; least and most are slopes from one length to the next."""
    sizes = [10**power for power in range(3, 7 if bench.quick else 8)]
    whole, repeats = " ".join(bench.texts), 2 if bench.quick else 4
    for name, unit in _LONG.items():
        for way, beside in (("alone", []), ("among others", _BESIDE)):
            spent = []
            for size in sizes:
                text = (unit * size)[:size] if unit else (whole * (size // len(whole) + 1))[:size]
                block = [text, *beside]
                spent.append(min(timed(lambda block=block: bench.classifier.decide_block(block)) for _ in range(repeats)))
            steps = [math.log10(longer / shorter) for shorter, longer in itertools.pairwise(spent)]
            what = f"{name}, {way}: slope from 1 kB to {sizes[-1] // 10**6} MB"
            yield Row(what, Spread(slope(sizes, spent), min(steps), max(steps)), "", _LINEAR, at_least=False)


def slope(sizes: list[int], seconds: list[float]) -> float:
    """Return the slope of the line of least squares through logarithms: 1 is linear, 2 a square.

    >>> round(slope([10, 100, 1000], [1.0, 100.0, 10_000.0]), 6)
    2.0
    """
    across, up = [math.log(size) for size in sizes], [math.log(second) for second in seconds]
    middle, height = sum(across) / len(across), sum(up) / len(up)
    rise = sum((x - middle) * (y - height) for x, y in zip(across, up, strict=True))
    return rise / sum((x - middle) ** 2 for x in across)


def memory(bench: Bench) -> Iterator[Row]:
    """A process that serves, and a stream of posts each of which has a new word."""
    count = 200_000 if bench.quick else 10_000_000
    with tempfile.TemporaryDirectory() as name:
        file = Path(name, "posts.txt")
        file.write_text("".join(f"{' '.join(text.split())}\n" for text in bench.texts), encoding="utf-8")
        _, one = _megabytes(run_python(streams.__file__, str(file), "0"))[0]
        sampled = _megabytes(run_python(streams.__file__, str(file), str(count)))
    yield Row("memory: a process after its first answer", Spread.single(one), "MB", 120, at_least=False)
    now, peaks = [found for found, _ in sampled], [peak for _, peak in sampled]
    yield Row(f"memory: peak over {count:,} posts", Spread.single(peaks[-1]), "MB", 120, at_least=False)
    half = len(now) // 2
    yield Row(f"memory: along the {count:,} posts", Spread.of(now), "MB")
    grown = max(now[half:]) / max(now[:half])
    flat = None if bench.quick else 1.05  # what is remembered is not full after so few posts
    yield Row("memory: most in the second half, times most in the first", Spread.single(grown), "x", flat, at_least=False)


def processes(bench: Bench) -> Iterator[Row]:
    """Two processes against one, each with the same work."""
    work = bench.texts * (2 if bench.quick else 5)
    rates, floor = [], []
    with multiprocessing.get_context("spawn").Pool(2, _load) as pool:
        pool.map(_decide, [work, work], chunksize=1)
        for _ in range(bench.rounds):
            for run, found in ((_decide, rates), (_split, floor)):
                alone = max(pool.map(run, [work], chunksize=1))
                found.append(2 * alone / max(pool.map(run, [work, work], chunksize=1)))
    yield Row("two processes do times the work of one", Spread.of(rates), "x", 1.85)
    yield Row("two processes: the same of join + encode + translate + split alone", Spread.of(floor), "x")


_loaded: list[Classifier] = []


def _load() -> None:
    _loaded.append(Classifier.load())
    decide(_loaded[0], ["Ayo coblos nomor 3"] * BLOCK_TEXTS)


def _split(work: list[str]) -> float:
    return timed(lambda: floor_with_split(work))


def _decide(work: list[str]) -> float:
    return timed(lambda: decide(_loaded[0], work))


def _megabytes(printed: str) -> list[tuple[float, float]]:
    """Return memory in use and its peak, for each line that :mod:`stream` prints."""
    lines = [line.split() for line in printed.splitlines()]
    return [(float(now) / 1024, float(peak) / 1024) for now, peak in lines]
