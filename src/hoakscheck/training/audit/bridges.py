"""Near-duplicates: between the parts of a split, under two labels, and in such numbers that any random split has bridges."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from hoakscheck.training.audit.findings import Finding, Outcome
from hoakscheck.training.audit.table import Table
from hoakscheck.training.corpus.duplicates import clusters

#: Share of the smaller part's texts that may be near-duplicates of texts in another part: none should be, a few are chance.
MOST_BRIDGES: Final = 0.005
#: Share of texts that may repeat another one of another group.
MOST_REPEATED: Final = 0.05
#: Share of texts that may repeat one with another label.
MOST_CONTRADICTED: Final = 0.01
_SHOWN: Final = 5
_EXCERPT: Final = 70


def bridge_findings(table: Table) -> list[Finding]:
    """Return the findings on near-duplicates and on groups that lie in several parts."""
    members: dict[int, list[int]] = defaultdict(list)
    for index, first in enumerate(clusters(table.texts)):
        members[first].append(index)
    groups = [_of_several_units(table, own) for own in members.values()]
    repeated = [own for own in groups if len(own) > 1]
    return [_between_parts(table, repeated), _split_groups(table), _within(table, repeated), _contradicted(table, repeated)]


def _of_several_units(table: Table, own: list[int]) -> list[int]:
    """Return the members of a cluster, unless all are of one named group: twins are alike on purpose, and never split."""
    named = {table.group[index] for index in own}
    return [] if len(named) == 1 and "" not in named else own


def _between_parts(table: Table, repeated: list[list[int]]) -> Finding:
    check, advice = "bridges", "drop near-duplicates before the split"
    parts = {part for part in table.part if part}
    if len(parts) < 2:
        return Finding(check, Outcome.SKIPPED, "no column that tells train from test")
    size = min(sum(part == name for part in table.part) for name in parts)
    across = [own for own in repeated if len({table.part[index] for index in own} - {""}) > 1]
    crossing = {index for own in across for index in own if table.part[index]}
    bridged = min(sum(table.part[index] == name for index in crossing) for name in parts)
    share = bridged / size
    message = (
        f"{bridged:,} texts of the smallest part ({share:.1%}) are near-duplicates of texts in another (limit {MOST_BRIDGES:.1%})"
    )
    outcome = Outcome.LEAK if share > MOST_BRIDGES else Outcome.CLEAR
    return Finding(check, outcome, message, round(share, 4), MOST_BRIDGES, _pairs(table, across), advice)


def _split_groups(table: Table) -> Finding:
    check = "split groups"
    found: dict[str, set[str]] = defaultdict(set)
    for group, part in zip(table.group, table.part, strict=True):
        if group and part:
            found[group].add(part)
    if not found or len({part for parts in found.values() for part in parts}) < 2:
        return Finding(check, Outcome.SKIPPED, "no columns that tell groups and parts")
    torn = sorted(group for group, parts in found.items() if len(parts) > 1)
    share = len(torn) / len(found)
    message = f"{len(torn):,} of {len(found):,} groups lie in several parts"
    outcome = Outcome.LEAK if torn else Outcome.CLEAR
    return Finding(check, outcome, message, round(share, 4), 0.0, tuple(torn[:_SHOWN]), "split by group")


def _within(table: Table, repeated: list[list[int]]) -> Finding:
    extra = sum(len(own) - 1 for own in repeated)
    share = extra / len(table.texts)
    message = f"{extra:,} texts ({share:.1%}) repeat another one (limit {MOST_REPEATED:.0%})"
    outcome = Outcome.LEAK if share > MOST_REPEATED else Outcome.CLEAR
    advice = "keep one of each; a random split would test on what training has seen"
    return Finding("duplicates", outcome, message, round(share, 4), MOST_REPEATED, _pairs(table, repeated), advice)


def _contradicted(table: Table, repeated: list[list[int]]) -> Finding:
    torn = [own for own in repeated if len({table.labels[index] for index in own}) > 1]
    share = sum(len(own) for own in torn) / len(table.texts)
    message = f"{len(torn):,} near-duplicates under two labels, {share:.1%} of the texts (limit {MOST_CONTRADICTED:.0%})"
    outcome = Outcome.LEAK if share > MOST_CONTRADICTED else Outcome.CLEAR
    return Finding(
        "contradictions", outcome, message, round(share, 4), MOST_CONTRADICTED, _pairs(table, torn), "read them again and decide"
    )


def _pairs(table: Table, found: list[list[int]]) -> tuple[str, ...]:
    rows = []
    for own in sorted(found, key=lambda own: -len(own))[:_SHOWN]:
        labels = ", ".join(sorted({table.labels[index] for index in own}))
        rows.append(f"{len(own)}x {labels}: {table.texts[own[0]][:_EXCERPT]!r}")
    return tuple(rows)
