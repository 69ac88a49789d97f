"""The training corpus: raw sources and authored texts, labels joined, near-duplicates dropped, parts assigned."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from hoakscheck.errors import DatasetError
from hoakscheck.labels import Label
from hoakscheck.training.data import sources
from hoakscheck.training.data.duplicates import clusters
from hoakscheck.training.data.example import Example, canonical
from hoakscheck.training.data.standoff import PURPOSE, Reading, read_labels
from hoakscheck.training.data.tables import read_jsonl

#: Which copy of a near-duplicate stays: what was read outweighs what a publisher or a source says.
_TRUST: Final = {"evaluation": 0, "read": 1, "selected": 1, "authored": 2, "published": 3, "source": 4, "presumed": 5}
_READ_WEIGHT: Final = {1: 0.5, 2: 0.8, 3: 1.0}

#: Unlabelled posts taken per source as examples of what is no hoax, though perhaps an ad. Of 6,000 posts read at random
#: from the same sources 2 were hoaxes, so the label is wrong about once in 3,000.
PRESUMED_NO_HOAX: Final = 1_500


@dataclass(frozen=True)
class Corpus:
    """Labelled examples without near-duplicates.

    Attributes:
        examples: what may be trained on; some posts without a label among them, see :data:`PRESUMED_NO_HOAX`.
        held_out: texts of the evaluation-only labels and, of authored texts, the held-out third.
        dropped: reason -> number of rows left out.
    """

    examples: tuple[Example, ...]
    held_out: tuple[Example, ...]
    dropped: dict[str, int]

    @property
    def fingerprint(self) -> str:
        """SHA-256 over texts, labels and weights, in order."""
        digest = hashlib.sha256()
        for example in self.examples:
            digest.update(f"{example.sha256} {example.label} {example.weight}\n".encode())
        return digest.hexdigest()


def build_corpus(data: Path, mirror: Path | None, *, names: Iterable[str] | None = None) -> Corpus:
    """Build the corpus from the project's data folder and, where there is one, the mirror of the raw sources.

    Args:
        data: folder with ``authored/`` and ``labels/``.
        mirror: folder with one sub-folder per raw source; None trains on the authored texts alone.
        names: raw sources to use; by default all training sources.

    Raises:
        DatasetError: a file is missing or malformed, or nothing is left to train on.
    """
    found = list(read_authored(data / "authored"))
    if mirror is not None:
        found += join_labels(sources.load(mirror, names), read_labels(data / "labels"))
    labelled = [example for example in found if example.label is not None]
    presumed = sample_unlabelled(found)
    dropped = Counter({"unlabelled": len(found) - len(labelled) - len(presumed)})
    kept = drop_duplicates(labelled + presumed, dropped)
    if not labelled:
        raise DatasetError(data, "no labelled text; are authored/*.jsonl and labels/*.csv there?")
    held_out = tuple(example for example in kept if is_held_out(example))
    return Corpus(tuple(example for example in kept if not is_held_out(example)), held_out, dict(dropped))


def read_authored(folder: Path) -> Iterator[Example]:
    """Yield the texts written for this project.

    Raises:
        DatasetError: a line lacks a key or has an unknown label.
    """
    for path in sorted(folder.glob("*.jsonl")):
        for number, row in enumerate(read_jsonl(path), start=1):
            try:
                yield Example(
                    canonical(row["text"]), Label(row["label"]), "authored", f"authored/{row['pair']}",
                    f"authored-{path.stem}", row["register"], "authored",
                )  # fmt: skip
            except (KeyError, ValueError) as error:
                raise DatasetError(path, f"line {number}: {error!r}") from error


def join_labels(examples: Iterable[Example], readings: dict[str, Reading]) -> Iterator[Example]:
    """Give each example the label that readers decided; an undecided reading takes a source's own label away."""
    for example in examples:
        reading = readings.get(example.sha256)
        if reading is None:
            yield example
            continue
        provenance = PURPOSE.get(reading.file, "read")
        weight = _READ_WEIGHT.get(reading.confidence, 1.0)
        yield replace(example.labelled(reading.label, provenance), weight=weight)


def sample_unlabelled(examples: Iterable[Example], *, per_source: int = PRESUMED_NO_HOAX) -> list[Example]:
    """Return some unlabelled posts of each source, chosen by hash: the same on every machine."""
    by_source: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        if example.label is None and example.kind == "post" and example.provenance == "":
            by_source[example.source].append(replace(example, provenance="presumed", weight=0.5))
    return [
        example
        for found in by_source.values()
        for example in sorted(found, key=lambda example: example.sha256)[:per_source]
    ]


def drop_duplicates(examples: Sequence[Example], dropped: Counter[str]) -> list[Example]:
    """Keep one example of each cluster of near-duplicates, the most trusted, and count the others by reason."""
    order = sorted(range(len(examples)), key=lambda index: _TRUST.get(examples[index].provenance, len(_TRUST)))
    ordered = [examples[index] for index in order]
    kept = []
    for index, first in enumerate(clusters([example.text for example in ordered])):
        if first == index:
            kept.append(ordered[index])
        elif ordered[first].provenance == ordered[index].provenance == "authored":
            kept.append(ordered[index])  # minimal pairs are near-duplicates on purpose, and never split
        else:
            dropped[f"near-duplicate of {ordered[first].provenance}"] += 1
    return kept


def is_held_out(example: Example) -> bool:
    """Whether an example is kept for the one evaluation at the end: read twice, or of the held-out third of pairs."""
    if example.provenance == "evaluation":
        return True
    return example.provenance == "authored" and part_of(example.group, parts=3) == 0


def part_of(group: str, *, parts: int, seed: int = 0) -> int:
    """Return the part, 0 to ``parts - 1``, that a group belongs to: the same on every machine and in every order.

    >>> part_of("claim/ketua kpu ditangkap", parts=10) == part_of("claim/ketua kpu ditangkap", parts=10)
    True
    """
    return int.from_bytes(hashlib.sha256(f"{seed}/{group}".encode()).digest()[:8], "big") % parts
