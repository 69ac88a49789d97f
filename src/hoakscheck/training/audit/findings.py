"""What an audit found, check by check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Final


class Outcome(StrEnum):
    """What a check came to."""

    LEAK = "leak"
    CLEAR = "clear"
    SKIPPED = "skipped"


_SIGN: Final = {Outcome.LEAK: "LEAK ", Outcome.CLEAR: "ok   ", Outcome.SKIPPED: "-    "}


@dataclass(frozen=True)
class Finding:
    """Result of one check.

    Attributes:
        check: its name.
        outcome: leak, clear or skipped.
        message: what was measured, in words.
        figure: what was measured; None when nothing was.
        limit: from where on, or up to where, a figure counts as a leak.
        evidence: rows of a small table that show where to look, each a text.
        advice: what to do about it.
    """

    check: str
    outcome: Outcome
    message: str
    figure: float | None = None
    limit: float | None = None
    evidence: tuple[str, ...] = ()
    advice: str = ""


@dataclass(frozen=True)
class AuditReport:
    """All findings on a table of labelled texts.

    Attributes:
        name: of the file or corpus.
        labels: label -> number of texts.
        left_out: reason -> number of rows that were not audited.
        by_source: source -> label -> number of texts.
        findings: one for each check, in a fixed order.
    """

    name: str
    labels: dict[str, int]
    left_out: dict[str, int]
    by_source: dict[str, dict[str, int]]
    findings: tuple[Finding, ...]

    @property
    def leaks(self) -> tuple[Finding, ...]:
        """Findings that are leaks."""
        return tuple(finding for finding in self.findings if finding.outcome is Outcome.LEAK)

    def to_dict(self) -> dict[str, Any]:
        """Return plain types, ready for JSON."""
        return asdict(self) | {"leaks": [finding.check for finding in self.leaks]}

    def __str__(self) -> str:
        counts = ", ".join(f"{count:,} {label}" for label, count in self.labels.items())
        lines = [f"{self.name}: {sum(self.labels.values()):,} texts ({counts})"]
        lines += [f"  left out: {count:,} {reason}" for reason, count in self.left_out.items()]
        lines.append("")
        for finding in self.findings:
            lines.append(f"{_SIGN[finding.outcome]} {finding.check:<20} {finding.message}")
            if finding.outcome is Outcome.LEAK:
                lines += [f"        {row}" for row in finding.evidence]
                lines += [f"        -> {finding.advice}"] if finding.advice else []
        lines += ["", *_table(self.by_source, list(self.labels)), "", self._summary()]
        return "\n".join(lines)

    def _summary(self) -> str:
        if not self.leaks:
            return "no leak found by these checks"
        return f"{len(self.leaks)} of {len(self.findings)} checks found a leak: {', '.join(item.check for item in self.leaks)}"


def _table(by_source: dict[str, dict[str, int]], labels: Sequence[str]) -> list[str]:
    if len(by_source) < 2:
        return []
    width = max(len(source) for source in by_source)
    head = f"{'source':<{width}}" + "".join(f"{label:>14}" for label in labels)
    return [head] + [
        f"{source:<{width}}" + "".join(f"{counts.get(label, 0):>14,}" for label in labels) for source, counts in by_source.items()
    ]
