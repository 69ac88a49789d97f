"""What would change if one model took the place of another, on texts of one's own."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from hoakscheck.classifier import Classifier
from hoakscheck.errors import InputError
from hoakscheck.labels import Label
from hoakscheck.scoring.formats.reader import open_rows
from hoakscheck.verdict import Verdict

ALL: Final = "all"
_EXCERPT: Final = 90


@dataclass(frozen=True)
class Item:
    """One text to compare on: its row, its true label where that is known, and the slices that it belongs to."""

    row: int
    text: str
    label: Label | None
    slices: tuple[str, ...]


@dataclass
class Slice:
    """Counts of one slice.

    Attributes:
        n: number of texts.
        moves: (old label, new label) -> number of texts, where they differ.
        only_old, only_new: number of texts that only the one model gets right; of those with a true label.
        labelled: number of texts with a true label.
    """

    n: int = 0
    moves: Counter[tuple[Label, Label]] = field(default_factory=Counter)
    only_old: int = 0
    only_new: int = 0
    labelled: int = 0

    @property
    def flips(self) -> int:
        """Number of texts that get another label."""
        return self.moves.total()

    @property
    def p_value(self) -> float | None:
        """Chance of a difference in right answers this large or larger if both models were equally good; exact McNemar test.

        Two-sided binomial test over the texts that only one of them gets right (McNemar 1947); None without true labels.
        """
        if not self.labelled:
            return None
        changed = self.only_old + self.only_new
        if not changed:
            return 1.0
        from scipy.stats import binomtest

        return float(binomtest(self.only_new, changed, 0.5).pvalue)


@dataclass(frozen=True)
class Change:
    """One text on which the models differ much.

    Attributes:
        row: its number in the file.
        shift: the largest difference between the probabilities of a label.
        old, new: what the models say, with their evidence.
    """

    row: int
    shift: float
    old: Verdict
    new: Verdict


@dataclass(frozen=True)
class Difference:
    """How two models differ on a file.

    Attributes:
        old, new: name and version of the models.
        slices: name -> counts; the first is :data:`ALL`.
        largest: the texts whose probabilities change most, most first.
        left_out: what is wrong with the rows that could not be compared.
    """

    old: str
    new: str
    slices: Mapping[str, Slice]
    largest: tuple[Change, ...]
    left_out: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return plain types, ready for JSON; texts are left out, words of evidence are not."""
        return {
            "old": self.old,
            "new": self.new,
            "slices": {name: _plain(counts) for name, counts in self.slices.items()},
            "largest": [
                {"row": item.row, "shift": item.shift, "old": item.old.to_dict(), "new": item.new.to_dict()}
                for item in self.largest
            ],
            "left_out": list(self.left_out),
        }

    def __str__(self) -> str:
        width = max(map(len, self.slices))
        lines = [f"{self.old} -> {self.new}", ""]
        head = f"{'slice':<{width}} {'texts':>8} {'flips':>7} {'share':>7}"
        lines.append(f"{head} {'only old right':>15} {'only new right':>15} {'McNemar p':>10}")
        for name, counts in self.slices.items():
            line = f"{name:<{width}} {counts.n:>8,} {counts.flips:>7,} {counts.flips / max(counts.n, 1):>7.1%}"
            if counts.p_value is not None:
                line += f" {counts.only_old:>15,} {counts.only_new:>15,} {counts.p_value:>10.2g}"
            lines.append(line)
        lines += ["", *(f"{old} -> {new}: {count:,}" for (old, new), count in self.slices[ALL].moves.most_common())]
        for item in self.largest:
            lines += ["", f"row {item.row}: {_excerpt(item.old.text)}", f"  old: {item.old}", f"  new: {item.new}"]
        return "\n".join(lines)


def read_items(path: Path, *, text_column: str, label_column: str, by: Sequence[str], left_out: list[str]) -> Iterator[Item]:
    """Yield the rows of a CSV or JSON-lines file; what cannot be used is told to ``left_out``.

    Args:
        path: the file.
        text_column: column that holds the text.
        label_column: column that holds the true label, where it is known.
        by: columns whose values make slices.
        left_out: list to add reasons to.

    Raises:
        InputError: the file cannot be read or lacks a column.
    """
    known = set(Label)
    with open_rows(path, text_column) as (columns, rows):
        missing = [name for name in by if columns and name not in columns]
        if missing:
            raise InputError(path, f"has no column {missing[0]!r}; it has {', '.join(map(repr, columns))}", row=1)
        for row in rows:
            if row.text is None:
                left_out.append(f"row {row.number} {row.problem}")
                continue
            value = row.values.get(label_column)
            label = Label(value) if isinstance(value, str) and value in known else None
            slices = [f"{label_column}={label}"] if label else []
            slices += [f"{name}={_excerpt(str(row.values.get(name)))}" for name in by if name != label_column]
            yield Item(row.number, row.text, label, (ALL, *slices))


def compare(old: Classifier, new: Classifier, items: Iterable[Item], *, largest: int, left_out: Sequence[str] = ()) -> Difference:
    """Ask both models about every text; nothing but counts and the largest changes is kept.

    Args:
        old: the model that is there.
        new: the model that is to take its place.
        items: the texts.
        largest: how many changes to show.
        left_out: list that reading ``items`` fills.
    """
    slices: dict[str, Slice] = {ALL: Slice()}
    most: list[tuple[float, int, str]] = []
    for item in items:
        (before,), (after,) = old.decide_many([item.text]), new.decide_many([item.text])
        for name in item.slices:
            _count(slices.setdefault(name, Slice()), item.label, before.label, after.label)
        shift = max(abs(one - other) for one, other in zip(before.probabilities, after.probabilities, strict=True))
        if shift and largest:
            (heapq.heappush if len(most) < largest else heapq.heappushpop)(most, (shift, -item.row, item.text))
    changes = tuple(Change(-row, shift, old.classify(text), new.classify(text)) for shift, row, text in sorted(most, reverse=True))
    ordered = {ALL: slices.pop(ALL)} | dict(sorted(slices.items()))
    return Difference(old.model_id, new.model_id, ordered, changes, tuple(left_out))


def _count(counts: Slice, true: Label | None, before: Label, after: Label) -> None:
    counts.n += 1
    counts.labelled += true is not None
    if before is not after:
        counts.moves[before, after] += 1
        counts.only_old += before is true
        counts.only_new += after is true


def _plain(counts: Slice) -> dict[str, Any]:
    return {
        "n": counts.n,
        "flips": counts.flips,
        "moves": {f"{old} -> {new}": count for (old, new), count in counts.moves.most_common()},
        "labelled": counts.labelled,
        "only_old_right": counts.only_old,
        "only_new_right": counts.only_new,
        "p_value": counts.p_value,
    }


def _excerpt(text: str) -> str:
    line = " ".join("".join(character if character.isprintable() else " " for character in text).split())
    return line if len(line) <= _EXCERPT else f"{line[: _EXCERPT - 1]}…"
