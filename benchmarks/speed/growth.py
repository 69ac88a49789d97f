"""How time and memory grow: with the number of posts, the length of a text, the kind of trouble in it, and a second process."""

from __future__ import annotations

import itertools
import multiprocessing
import statistics
import time
from collections.abc import Iterator
from typing import Final

import stream as streams
import texts as samples
from measure import Spread, run_python
from rows import Bench, Row, decide, floor_with_split, timed

from hoakscheck import Classifier
from hoakscheck.inputs import BLOCK_TEXTS

_LONG: Final = {
    "posts one after another": "",
    "hyphens": "-",
    "letters one by one": "a ",
    "marks above a letter": "\u0301",
}


def posts(bench: Bench) -> Iterator[Row]:
    """A million posts against a hundred thousand: every post differs from every other in one word."""
    few, many = (20_000, 200_000) if bench.quick else (100_000, 1_000_000)

    met = itertools.count()

    def stream(count: int) -> None:
        for start in range(0, count, BLOCK_TEXTS):
            own = (bench.texts[number % len(bench.texts)] for number in range(start, min(start + BLOCK_TEXTS, count)))
            bench.classifier.decide_block([f"{text} {streams.new_word(next(met))}" for text in own])

    stream(few)
    seconds = {count: [timed(lambda count=count: stream(count)) for _ in range(3)] for count in (few, many)}
    times = statistics.median(seconds[many]) / statistics.median(seconds[few])
    yield Row(f"{many:,} posts take times {few:,}", Spread(times, times, times), "x", 10.5, at_least=False)


def lengths(bench: Bench) -> Iterator[Row]:
    """A text of ten megabytes against one of a hundred kilobytes, by character; more than 1 is worse than linear."""
    short, long = (10_000, 1_000_000) if bench.quick else (100_000, 10_000_000)
    whole = " ".join(bench.texts)
    for name, unit in _LONG.items():
        sizes = {}
        for size in (short, long):
            text = (unit * size)[:size] if unit else (whole * (size // len(whole) + 1))[:size]
            bench.classifier.decide_block([text])
            sizes[size] = min(timed(lambda text=text: bench.classifier.decide_block([text])) for _ in range(3)) / size
        times = sizes[long] / sizes[short]
        yield Row(
            f"a text of {long / 1e6:.0f} MB of {name}, by character, times one of {short // 1000} kB",
            Spread(times, times, times),
            "x",
        )


def hostile(_: Bench) -> Iterator[Row]:
    """Texts of ten kilobytes that look for the slow path, against the median of real text of that length."""
    fresh = Classifier.load()
    turns = [samples.hostile_texts(10_000, seed) for seed in range(7)]  # every turn with words that were not met before
    spent = {
        name: statistics.median(timed(lambda text=turn[name]: fresh.decide_block([text])) for turn in turns) for name in turns[0]
    }
    posts, _ = samples.posts(20_000)
    whole = " ".join(posts)
    real = [timed(lambda start=start: fresh.decide_block([whole[start : start + 10_000]])) for start in range(0, 1_000_000, 10_000)]
    median = statistics.median(real)
    yield Row("10 kB of real text, words not met before", Spread.of(real).scaled(1e3), "ms")
    for name, seconds in sorted(spent.items(), key=lambda item: -item[1]):
        times = seconds / median
        yield Row(f"10 kB of {name}, times the median", Spread(times, times, times), "x", 5, at_least=False)


def memory(bench: Bench) -> Iterator[Row]:
    """A process that serves, and a stream of posts each of which has a new word."""
    one = float(run_python(streams.__file__, "0")) / 1024
    yield Row("memory: a process after its first answer", Spread(one, one, one), "MB", 120, at_least=False)
    count = 100_000 if bench.quick else 1_000_000
    lines = run_python(streams.__file__, str(count)).split()
    peaks = [float(line) / 1024 for line in lines]
    yield Row(
        f"memory: after {count:,} posts, and after a tenth of them",
        Spread(peaks[-1], peaks[0], peaks[-1]),
        "MB",
        120,
        at_least=False,
    )
    grown = peaks[-1] / peaks[len(peaks) // 2]
    yield Row("memory: the whole stream, times half of it", Spread(grown, grown, grown), "x", 1.05, at_least=False)


def processes(bench: Bench) -> Iterator[Row]:
    """Two processes against one, each with the same work."""
    work = bench.texts * (2 if bench.quick else 5)
    rates = []
    with multiprocessing.get_context("spawn").Pool(2, _load) as pool:
        pool.map(_decide, [work, work], chunksize=1)
        for _ in range(bench.rounds):
            alone = max(pool.map(_decide, [work], chunksize=1))
            beside = max(pool.map(_decide, [work, work], chunksize=1))
            rates.append(2 * alone / beside)
        floor = [2 * max(pool.map(_split, [work])) / max(pool.map(_split, [work, work], chunksize=1)) for _ in range(bench.rounds)]
    yield Row("two processes do times the work of one", Spread.of(rates), "x", 1.85)
    yield Row("two processes: the same of join + encode + translate + split alone", Spread.of(floor), "x")


_loaded: list[Classifier] = []


def _load() -> None:
    _loaded.append(Classifier.load())


def _split(work: list[str]) -> float:
    return timed(lambda: floor_with_split(work))


def _decide(work: list[str]) -> float:
    began = time.perf_counter()
    decide(_loaded[0], work)
    return time.perf_counter() - began
