"""What is measured in one process that serves, and what is to be reached."""

from __future__ import annotations

import json
import statistics
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import joblib
import naive
import peers
import texts as samples
from measure import Spread, each, in_turns, ratio, run_python
from Sastrawi.Stemmer.StemmerFactory import StemmerFactory

from hoakscheck import Classifier, Context
from hoakscheck.inputs import BLOCK_TEXTS
from hoakscheck.text.stemmer import SastrawiStemmer

FIRST = "Ayo coblos nomor 3! Pilih Bu Ratih Anindita, bupati yang bekerja untuk semua."
_ALNUM = bytes(code if chr(code).isalnum() else 32 for code in range(256))


@dataclass(frozen=True)
class Row:
    """One measurement.

    Attributes:
        what: what was measured.
        found: its spread; None where what it takes is not installed.
        unit: of the figures.
        goal: what is to be reached, and ``at_least`` which side of it is good; None where the row only informs.
    """

    what: str
    found: Spread | None
    unit: str
    goal: float | None = None
    at_least: bool = True

    @property
    def is_met(self) -> bool | None:
        """Whether the median reaches the goal."""
        if self.goal is None or self.found is None:
            return None
        return self.found.median >= self.goal if self.at_least else self.found.median <= self.goal


class Bench:
    """Everything that several rows need, made once."""

    def __init__(self, *, quick: bool) -> None:
        self.quick = quick
        self.rounds = 3 if quick else 11
        self.texts, self.source = samples.posts(5_000 if quick else 20_000)
        self.classifier = Classifier.load()
        labelled = samples.authored()[:: 8 if quick else 1]
        self._labelled = [text for text, _ in labelled], [label for _, label in labelled]
        self.forty = [text for text in self.texts if 38 <= len(text.split()) <= 40][:300] or self.texts[:300]

    @cached_property
    def same_families(self) -> Any:
        """The naive pipeline with the same feature families."""
        return naive.same_families(*self._labelled)

    def decide(self) -> None:
        """Decide on all texts."""
        decide(self.classifier, self.texts)

    def warm(self) -> Iterator[Row]:
        """Posts a second with every word known, beside the floors and the peers."""
        joined = self.texts
        some = self.texts[:1_000]
        beside = peers.fitted(*self._labelled, self.same_families)
        plans: dict[str, Callable[[], Any]] = {
            "decisions": self.decide,
            "floor with split": lambda: floor_with_split(joined),
            "floor without split": lambda: "\n".join(joined).encode().translate(_ALNUM),
            "as objects": lambda: list(self.classifier.decide_many(self.texts)),
        }
        seconds = in_turns(plans, self.rounds)
        own = {name: lambda peer=peer: peer(some) for name, peer in beside.items() if peer is not None}
        rates = in_turns({"ours": self.decide, **own}, 3)
        yield Row("warm: share of join + encode + translate + split", ratio(seconds, "floor with split", "decisions"), "", 0.35)
        yield Row("warm: share of join + encode + translate", ratio(seconds, "floor without split", "decisions"), "")
        yield Row("warm: decisions in columns", _rate(len(self.texts), seconds["decisions"]), "posts/s")
        yield Row("warm: decisions as objects", _rate(len(self.texts), seconds["as objects"]), "posts/s")
        for name, peer in beside.items():
            yield Row(f"warm: {name}", None if peer is None else _rate(len(some), rates[name]), "posts/s")
            times = None if peer is None else ratio(rates, name, "ours").scaled(len(self.texts) / len(some))
            yield Row(f"warm: times {name}", times, "x", 30 if name == "naive, same features" else None)

    def cold(self) -> Iterator[Row]:
        """A file in a fresh process: start-up, every unseen word, all decisions; the naive one reads its model with joblib."""
        texts = self.texts[:2_000] if self.quick else self.texts
        with tempfile.TemporaryDirectory() as name:
            file, model, table = Path(name, "posts.txt"), Path(name, "naive.joblib"), Path(name, "posts.jsonl")
            table.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), encoding="utf-8")
            file.write_text("\n".join(text.replace("\n", " ") for text in texts), encoding="utf-8")
            joblib.dump(self.same_families, model)
            code = f"import pathlib, hoakscheck; t = pathlib.Path({str(file)!r}).read_text(encoding='utf-8').split('\\n')\n"
            code += (
                f"c = hoakscheck.Classifier.load()\nfor n in range(0, len(t), {BLOCK_TEXTS}): c.decide_block(t[n:n+{BLOCK_TEXTS}])"
            )
            command = ("-m", "hoakscheck", "score", str(table), "--output", str(Path(name, "scored.csv")), "--overwrite")
            plans = {
                "ours": lambda: run_python("-c", code),
                "command": lambda: run_python(*command),
                "naive": lambda: run_python(naive.__file__, str(model), str(file)),
            }
            seconds = in_turns(plans, 1 if self.quick else 3)
        yield Row(f"cold: a file of {len(texts):,} posts", Spread.of(seconds["ours"]), "s")
        yield Row("cold: times the naive pipeline", ratio(seconds, "naive", "ours"), "x", 40)
        yield Row("cold: the same as a command that writes a table", Spread.of(seconds["command"]), "s")

    def words(self) -> Iterator[Row]:
        """Words that no cache holds."""
        stemmer = SastrawiStemmer()
        stemmer.stem("menang")
        for name, words, goal in (("real", samples.word_types(self.texts), 12.0), ("hostile", samples.hostile_words(), 60.0)):
            spent = each(stemmer.stem, words)
            mean = Spread(statistics.mean(spent), statistics.median(spent), sorted(spent)[int(len(spent) * 0.999)]).scaled(1e6)
            yield Row(
                f"unseen words, {name} ({len(words):,}): mean, median and 99.9th percentile", mean, "µs", goal, at_least=False
            )
            some = words[:: len(words) // 300]
            beside, own = each(StemmerFactory().create_stemmer().stem, some), each(SastrawiStemmer().stem, some)
            yield Row(f"unseen words, {name}: PySastrawi takes times as long", Spread.single(sum(beside) / sum(own)), "x")

    def first(self) -> Iterator[Row]:
        """The first answer of a fresh process."""
        with tempfile.TemporaryDirectory() as name:
            file, model = Path(name, "one.txt"), Path(name, "naive.joblib")
            file.write_text(FIRST, encoding="utf-8")
            joblib.dump(self.same_families, model)
            plans = {
                "numpy": lambda: run_python("-c", "import numpy"),
                "ours": lambda: run_python("-c", f"import hoakscheck; hoakscheck.classify({FIRST!r})"),
                "naive": lambda: run_python(naive.__file__, str(model), str(file)),
            }
            seconds = in_turns(plans, self.rounds)
        yield Row("first answer", Spread.of(seconds["ours"]).scaled(1e3), "ms")
        yield Row("first answer: times import numpy", ratio(seconds, "ours", "numpy"), "x", 1.6, at_least=False)
        yield Row("first answer: naive takes times as long", ratio(seconds, "naive", "ours"), "x", 8)

    def one(self) -> Iterator[Row]:
        """One post at a time, and what each later part of a verdict adds."""
        known = Context(is_paid=False, published_at="2024-01-10")
        peer = self.same_families
        plans: dict[str, tuple[Callable[[str], Any], list[str]]] = {
            "decision": (self.classifier.decide, self.forty),
            "with a context": (lambda text: self.classifier.decide(text, known), self.forty),
            "verdict with evidence": (self.classifier.classify, self.forty),
            "verdict as HTML": (lambda text: self.classifier.classify(text)._repr_html_(), self.forty),
            "naive": (lambda text: peer.predict_proba([text]), self.forty[:20]),
        }
        turns: dict[str, list[list[float]]] = {name: [] for name in plans}
        for turn in range(self.rounds + 1):
            for name, (run, posts) in plans.items():
                spent = sorted(each(run, posts))
                if turn:
                    turns[name].append(spent)
        middles = {name: [statistics.median(spent) for spent in found] for name, found in turns.items()}
        for name in list(plans)[:-1]:
            goal = 60.0 if name == "decision" else None
            yield Row(f"one post of 40 words: {name}", Spread.of(middles[name]).scaled(1e6), "µs", goal, at_least=False)
        late = [spent[int(len(spent) * 0.99)] / statistics.median(spent) for spent in turns["decision"]]
        yield Row("one post: 99th percentile, times the median", Spread.of(late), "x", 5, at_least=False)
        yield Row("one post: naive takes times as long", ratio(middles, "naive", "decision"), "x", 20)
        pairs = zip(middles["verdict with evidence"], middles["decision"], strict=True)
        evidence = Spread.of([verdict - decision for verdict, decision in pairs]).scaled(1e3)
        yield Row("explanation of one verdict", evidence, "ms", 1.0, at_least=False)

    def artifact(self) -> Iterator[Row]:
        """The model on disk and how long it takes to load."""
        from hoakscheck.model import shelf

        size = sum(path.stat().st_size for path in shelf.find().iterdir()) / 1e6
        code = (
            "import time, hoakscheck.classifier as c; t = time.perf_counter(); c.Classifier.load(); print(time.perf_counter() - t)"
        )
        loads = [float(run_python("-c", code)) for _ in range(self.rounds)]
        yield Row("model on disk", Spread.single(size), "MB", 8, at_least=False)
        yield Row("model loads, first in a process", Spread.of(loads).scaled(1e3), "ms", 60, at_least=False)


def decide(classifier: Classifier, posts: list[str]) -> None:
    """Decide on posts, a block at a time."""
    for start in range(0, len(posts), BLOCK_TEXTS):
        classifier.decide_block(posts[start : start + BLOCK_TEXTS])


def floor_with_split(posts: list[str]) -> list[bytes]:
    """Return the words of some posts, in the least time that Python needs for it."""
    return "\n".join(posts).encode().translate(_ALNUM).split()


def _rate(count: int, seconds: list[float]) -> Spread:
    return Spread.of([count / one for one in seconds])
