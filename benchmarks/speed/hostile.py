"""Texts of ten kilobytes that look for the slow path, against the median of real text of that length.

Each turn is a process of its own, whose caches hold nothing: in one that has met the posts before, real text is quick and every
hostile one looks bad; in one that has met the hostile ones, they look harmless. The garbage collector is off while the clock
runs: a collection in a process full of words takes as long as twenty such texts, and would be put down to whichever comes next.
It has a row of its own.
"""

from __future__ import annotations

import gc
import multiprocessing
import statistics
from collections.abc import Callable, Iterator
from typing import Any, Final

import texts as samples
from measure import Spread, timed
from rows import Bench, Row

from hoakscheck import Classifier

_SIZE: Final = 10_000
#: More than the few texts that are read one by one.
_BLOCK: Final = 8

#: How texts are asked about: how many at a time, and by what.
_Way = tuple[int, Callable[[Classifier, list[str]], Any]]
WAYS: Final[dict[str, _Way]] = {
    "alone": (1, lambda classifier, texts: classifier.decide_block(texts)),
    "in a block": (_BLOCK, lambda classifier, texts: classifier.decide_block(texts)),
    "with evidence": (1, lambda classifier, texts: classifier.classify(texts[0])),
}


def rows(bench: Bench) -> Iterator[Row]:
    """Yield a row for each kind of trouble: by the way of asking in which it does worst."""
    whole = " ".join(bench.texts)
    turns = range(1 if bench.quick else 7)
    found: dict[str, list[dict[str, float]]] = {}
    with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        for way in WAYS:
            found[way] = pool.starmap(_turn, [(way, whole, seed) for seed in turns], chunksize=1)
    for way, measured in found.items():
        yield Row(f"10 kB of real text, {way}", Spread.of([turn["real"] for turn in measured]).scaled(1e3), "ms")
    garbage = Spread.of([turn["garbage"] for turn in found["alone"]]).scaled(1e3)
    yield Row("one collection of garbage after 10 kB of each kind", garbage, "ms")
    worst = []
    for name in found["alone"][0].keys() - {"real", "garbage"}:
        ratios = {way: Spread.of([turn[name] / turn["real"] for turn in measured]) for way, measured in found.items()}
        way = max(ratios, key=lambda way: ratios[way].median)
        worst.append((ratios[way], f"10 kB of {name}, {way}, times the median"))
    for times, what in sorted(worst, key=lambda item: -item[0].median):
        yield Row(what, times, "x", 5, at_least=False)


def _turn(way: str, whole: str, seed: int) -> dict[str, float]:
    """Return the seconds of a text of each kind, of a real one as the median of a hundred, and of collecting garbage."""
    count, ask = WAYS[way]
    classifier = Classifier.load()
    gc.disable()
    starts = range(0, min(len(whole) - count * _SIZE, 100 * count * _SIZE), count * _SIZE)
    pieces = [[whole[place : place + _SIZE] for place in range(start, start + count * _SIZE, _SIZE)] for start in starts]
    real = [timed(lambda piece=piece: ask(classifier, piece)) for piece in pieces]
    made = [samples.hostile_texts(_SIZE, seed * _BLOCK + place) for place in range(count)]
    spent = {name: timed(lambda name=name: ask(classifier, [one[name] for one in made])) / count for name in made[0]}
    return {"real": statistics.median(real) / count, **spent, "garbage": timed(gc.collect)}
