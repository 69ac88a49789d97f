"""Splits that ask how a model does somewhere new: on another claim, campaign, publisher or time.

Random splits flatter: the same posts of 2019 give a macro-F1 of .846 by random folds and .645 by topic.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from hoakscheck.labels import Label
from hoakscheck.training.corpus.build import part_of
from hoakscheck.training.data.example import Example

SplitBy = Literal["claim", "campaign", "publisher", "time", "random"]
Part = Literal["train", "test", ""]

#: One unit in so many goes to the test part, by hash, where no units are named.
ONE_IN: Final = 5

#: Sources that are only ever split by topic, and texts by pair: whatever the split, these groups stay whole.
_WHOLE: Final = ("leiden/", "authored/")


@dataclass(frozen=True)
class Split:
    """Which part each example belongs to.

    Attributes:
        by: what was never split.
        parts: ``train``, ``test`` or, where an example belongs to neither, an empty text; in the order of the examples.
    """

    by: SplitBy
    parts: tuple[Part, ...]

    def counts(self, examples: Sequence[Example]) -> dict[str, dict[str, int]]:
        """Return part -> label -> number of examples."""
        found: dict[str, dict[str, int]] = {part: dict.fromkeys(map(str, Label), 0) for part in ("train", "test")}
        for example, part in zip(examples, self.parts, strict=True):
            if part and example.label:
                found[part][str(example.label)] += 1
        return found


def split(
    examples: Sequence[Example],
    by: SplitBy,
    *,
    test: Collection[str] = (),
    since: str = "",
    allow_random: bool = False,
    seed: int = 0,
) -> Split:
    """Split examples so that no unit lies in both parts.

    Args:
        examples: the texts.
        by: the unit: ``claim`` (or topic, pair, account), ``campaign``, ``publisher``, ``time`` or ``random``.
        test: units that make the test part, for instance names of campaigns; by default one unit in five, by hash.
        since: for ``time``, the first day of the test part, ``YYYY-MM-DD``.
        allow_random: whether a random split is really meant; it tells nothing about texts from elsewhere.
        seed: decides which units are drawn.

    Raises:
        ValueError: a random split was not allowed, a named unit does not occur, or a split by time has no date.
    """
    if by == "random" and not allow_random:
        raise ValueError("a random split flatters: near texts of one author and event fall on both sides; allow it explicitly")
    if by == "time":
        return Split(by, _by_time(examples, since))
    units = [unit_of(example, by) for example in examples]
    unknown = sorted(set(test) - set(units))
    if unknown:
        raise ValueError(f"no {by} {unknown[0]!r}; there are {', '.join(sorted(set(units))[:40])}")
    chosen = set(test) or {unit for unit in units if part_of(unit, parts=ONE_IN, seed=seed) == 0}
    return Split(by, tuple("test" if unit in chosen else "train" for unit in units))


def unit_of(example: Example, by: SplitBy) -> str:
    """Return what must not lie on both sides with an example.

    >>> post = Example("Ayo!", None, "labib2023", "labib2023/budi", "pilpres-2024", publisher="X users")
    >>> [unit_of(post, by) for by in ("claim", "campaign", "publisher")]
    ['labib2023/budi', 'pilpres-2024', 'X users']
    """
    if by == "claim" or example.group.startswith(_WHOLE):
        return example.group
    if by == "random":
        return example.sha256
    return (example.campaign if by == "campaign" else example.publisher) or example.group


def _by_time(examples: Sequence[Example], since: str) -> tuple[Part, ...]:
    """Put what is dated before ``since`` into training; a topic goes where its latest text goes; what has no date, nowhere.

    Texts written for this project have no time; they are for training.
    """
    if not since:
        raise ValueError("a split by time needs the first day of the test part: since='2024-01-01'")
    latest: dict[str, str] = defaultdict(str)
    for example in examples:
        if example.group.startswith(_WHOLE):
            latest[example.group] = max(latest[example.group], example.date)
    parts: list[Part] = []
    for example in examples:
        date = latest.get(example.group, example.date)
        if example.provenance == "authored":
            parts.append("train")
        elif not date or (len(date) < len(since) and since.startswith(date)):
            parts.append("")  # unknown, or known by its year only and that is the year of the cut
        else:
            parts.append("test" if date >= since else "train")
    return tuple(parts)
