"""The training corpus: raw sources and authored texts, labels joined, what must not be learnt from left out with its reason."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from hoakscheck.errors import DatasetError
from hoakscheck.labels import Label
from hoakscheck.training.corpus.balance import balance_registers
from hoakscheck.training.corpus.selection import (
    Dropped,
    drop_duplicates,
    drop_general_hoaxes,
    drop_unlabelled,
    drop_unread_hoaxes,
    limit_sources,
)
from hoakscheck.training.corpus.surface import cut_addressing
from hoakscheck.training.data import sources
from hoakscheck.training.data.catalogue import read_catalogue
from hoakscheck.training.data.example import Example, canonical
from hoakscheck.training.data.standoff import PURPOSE, Reading, read_labels
from hoakscheck.training.data.tables import read_jsonl

_READ_WEIGHT: Final = {1: 0.5, 2: 0.8, 3: 1.0}


@dataclass(frozen=True)
class Corpus:
    """Labelled examples without near-duplicates.

    Attributes:
        examples: what may be trained on; some posts without a label among them, see
            :data:`~hoakscheck.training.corpus.selection.PRESUMED_NO_HOAX`.
        held_out: texts of the evaluation-only labels and, of authored texts, the held-out third.
        dropped: every other text that was found, with the reason.
    """

    examples: tuple[Example, ...]
    held_out: tuple[Example, ...]
    dropped: tuple[Dropped, ...] = ()

    @property
    def fingerprint(self) -> str:
        """SHA-256 over texts, labels and weights, in order."""
        digest = hashlib.sha256()
        for example in self.examples:
            digest.update(f"{example.sha256} {example.label} {example.weight}\n".encode())
        return digest.hexdigest()

    @property
    def dropped_by_reason(self) -> dict[str, int]:
        """Reason -> number of texts left out."""
        return dict(sorted(Counter(item.reason for item in self.dropped).items()))


def build_corpus(data: Path, mirror: Path | None, *, names: Iterable[str] | None = None) -> Corpus:
    """Build the corpus from the project's data folder and, where there is one, the mirror of the raw sources.

    Args:
        data: folder with ``authored/``, ``labels/`` and ``sources.toml``.
        mirror: folder with one sub-folder per raw source; None trains on the authored texts alone.
        names: raw sources to use; by default all training sources.

    Raises:
        DatasetError: a file is missing or malformed, or nothing is left to train on.
    """
    found = list(read_authored(data / "authored"))
    if mirror is not None:
        raw = sources.load(mirror, names, catalogue=read_catalogue(data))
        found += join_labels(raw, read_labels(data / "labels"))
    dropped: list[Dropped] = []
    kept = drop_general_hoaxes(drop_unlabelled(found, dropped), dropped)
    if not any(example.label for example in kept):
        raise DatasetError(data, "no labelled text; are authored/*.jsonl and labels/*.csv there?")
    kept = drop_duplicates(kept, dropped)
    held_out = tuple(example for example in kept if is_held_out(example))
    kept = drop_unread_hoaxes([example for example in kept if not is_held_out(example)], dropped)
    kept, left = balance_registers(limit_sources(kept, dropped))
    dropped += (Dropped(example.sha256, example.source, "register: its form gives its label away") for example in left)
    return Corpus(tuple(map(_as_learnt, kept)), held_out, tuple(dropped))


def _as_learnt(example: Example) -> Example:
    cut = cut_addressing(example.text)
    return example if cut == example.text else replace(example, text=cut, uncut=example.text)


def read_authored(folder: Path) -> Iterator[Example]:
    """Yield the texts written for this project, those of sub-folders too.

    Raises:
        DatasetError: a line lacks a key or has an unknown label.
    """
    for path in sorted(folder.rglob("*.jsonl")):
        part = "-".join(path.relative_to(folder).with_suffix("").parts)
        for number, row in enumerate(read_jsonl(path), start=1):
            try:
                yield Example(
                    canonical(row["text"]), Label(row["label"]), "authored", f"authored/{row['pair']}",
                    f"authored-{part}", row["register"], "authored", publisher="hoakscheck",
                    facet=row["facet"], rule=row["rule"],
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
        yield replace(example.labelled(reading.label, provenance), weight=weight, facet=reading.facet)


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
