"""What of the texts that were found is not learnt from, each left out with its reason."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from hoakscheck.labels import Label
from hoakscheck.training.corpus.duplicates import clusters
from hoakscheck.training.corpus.electoral import UNREAD, is_general_claim
from hoakscheck.training.data.example import Example

#: Which copy of a near-duplicate stays: what was read outweighs what a publisher or a source says.
_TRUST: Final = {"evaluation": 0, "read": 1, "selected": 1, "authored": 2, "published": 3, "source": 4, "presumed": 5}

#: Unlabelled posts taken per source as examples of what is no hoax, though perhaps an ad. Of 6,000 posts read at random
#: from the same sources 2 were hoaxes, so the label is wrong about once in 3,000.
PRESUMED_NO_HOAX: Final = 1_500

#: How many texts of one source and kind are taken at most: easy negatives must not drown the rest.
MOST_PER_SOURCE: Final = {
    ("clickid", "headline"): 2_500,
    ("indonlu", "ordinary"): 2_500,
    ("clickid-tribunnews", "article"): 500,
    ("clickid-tribunnews", "lead"): 500,
    ("clickid-kapanlagi", "article"): 300,
    ("clickid-kapanlagi", "lead"): 300,
    ("clickid-kompas", "article"): 800,
    ("clickid-kompas", "lead"): 800,
    ("detik_paslon2024", "headline"): 2_000,
    ("prabowogibran2023-headlines", "headline"): 1_200,
    ("restuibu17-jateng2024", "lead"): 1_500,
}


@dataclass(frozen=True, slots=True)
class Dropped:
    """A text that was found and left out.

    Attributes:
        sha256: of the text.
        source: where it came from.
        reason: why it was left out.
        kept: SHA-256 of the text that stays in its place, or empty.
    """

    sha256: str
    source: str
    reason: str
    kept: str = ""


def drop_unlabelled(examples: Sequence[Example], dropped: list[Dropped]) -> list[Example]:
    """Keep what has a label, and of each source's unlabelled posts those that serve as no hoax."""
    presumed = sample_unlabelled(examples)
    taken = {example.sha256 for example in presumed}
    for example in examples:
        if example.label is None and example.sha256 not in taken:
            reason = "read, and not usable" if example.provenance in {"read", "selected"} else "unlabelled"
            dropped.append(Dropped(example.sha256, example.source, reason))
    return [example for example in examples if example.label is not None] + presumed


def drop_general_hoaxes(examples: Sequence[Example], dropped: list[Dropped]) -> list[Example]:
    """Leave out claims of fact-check desks that are about no election and no office-holder (Q0 of the guideline).

    See :func:`hoakscheck.training.corpus.electoral.is_general_claim`.
    """
    return _leave_out(examples, is_general_claim, "general misinformation, not electoral", dropped)


def drop_unread_hoaxes(examples: Sequence[Example], dropped: list[Dropped]) -> list[Example]:
    """Leave out what only its source calls a hoax: readers upheld four in five of the desks' titles, and one in three of tweets."""
    return _leave_out(
        examples, lambda example: example.label is Label.HOAX and example.provenance in UNREAD, "hoax, unread", dropped
    )


def _leave_out(
    examples: Sequence[Example], is_unwanted: Callable[[Example], bool], reason: str, dropped: list[Dropped]
) -> list[Example]:
    kept = []
    for example in examples:
        if is_unwanted(example):
            dropped.append(Dropped(example.sha256, example.source, reason))
        else:
            kept.append(example)
    return kept


def sample_unlabelled(examples: Iterable[Example], *, per_source: int = PRESUMED_NO_HOAX) -> list[Example]:
    """Return some unlabelled posts of each source, chosen by hash: the same on every machine."""
    by_source: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        if example.label is None and example.kind == "post" and example.provenance == "":
            by_source[example.source].append(replace(example, provenance="presumed", weight=0.5))
    return [example for found in by_source.values() for example in sorted(found, key=lambda example: example.sha256)[:per_source]]


def drop_duplicates(examples: Sequence[Example], dropped: list[Dropped]) -> list[Example]:
    """Keep one example of each cluster of near-duplicates, the most trusted; claims that share a text become one claim."""
    order = sorted(range(len(examples)), key=lambda index: _TRUST.get(examples[index].provenance, len(_TRUST)))
    ordered = [examples[index] for index in order]
    same_claim: dict[str, str] = {}
    kept = []
    for index, first in enumerate(clusters([example.text for example in ordered])):
        example, stays = ordered[index], ordered[first]
        if first == index:
            kept.append(example)
        elif example.provenance == stays.provenance == "authored":
            kept.append(example)  # minimal pairs are near-duplicates on purpose, and never split
        else:
            exact = "exact" if example.text == stays.text else "near"
            other = "" if example.label in {stays.label, None} else ", labelled otherwise"
            reason = f"{exact} duplicate of {stays.provenance}{other}"
            dropped.append(Dropped(example.sha256, example.source, reason, stays.sha256))
            if example.group.startswith("claim/") and stays.group.startswith("claim/"):
                _unite(same_claim, example.group, stays.group)
    return [replace(example, group=_root(same_claim, example.group)) for example in kept]


def limit_sources(examples: Sequence[Example], dropped: list[Dropped]) -> list[Example]:
    """Take at most :data:`MOST_PER_SOURCE` examples of a source and kind, chosen by hash."""
    taken: Counter[tuple[str, str]] = Counter()
    kept = []
    for example in sorted(examples, key=lambda example: example.sha256):
        key = (example.source, example.kind)
        taken[key] += 1
        most = MOST_PER_SOURCE.get(key)
        if most is None or taken[key] <= most:
            kept.append(example)
        else:
            dropped.append(Dropped(example.sha256, example.source, f"more than {most:,} of one source and kind"))
    return kept


def _root(same: dict[str, str], group: str) -> str:
    while group in same:
        group = same[group]
    return group


def _unite(same: dict[str, str], left: str, right: str) -> None:
    left, right = _root(same, left), _root(same, right)
    if left != right:
        same[max(left, right)] = min(left, right)
