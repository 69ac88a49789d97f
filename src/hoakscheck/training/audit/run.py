"""The audit as a whole: every check on one table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from hoakscheck.training.audit.bridges import bridge_findings
from hoakscheck.training.audit.cues import cue_findings
from hoakscheck.training.audit.findings import AuditReport, Finding
from hoakscheck.training.audit.forms import form_findings, origin_findings
from hoakscheck.training.audit.noise import noise_finding
from hoakscheck.training.audit.table import Table


def audit(table: Table, name: str, *, seed: int = 0, progress: Callable[[str], None] = lambda _: None) -> AuditReport:
    """Run every check.

    Args:
        table: labelled texts, see :func:`hoakscheck.training.audit.table.read_table`.
        name: how the report calls them.
        seed: decides which texts are drawn where not all are needed.
        progress: told what comes next.
    """
    progress("characters, punctuation, length, casing")
    findings: list[Finding] = form_findings(table, seed=seed)
    progress("publisher, source, date")
    findings += origin_findings(table, seed=seed)
    progress("single cues")
    findings += cue_findings(table)
    progress("near-duplicates")
    findings += bridge_findings(table)
    progress("doubtful labels")
    findings.append(noise_finding(table, seed=seed))
    by_source: dict[str, Counter[str]] = {}
    for source, label in zip(table.source, table.labels, strict=True):
        by_source.setdefault(source or "(none)", Counter())[label] += 1
    return AuditReport(
        name=name,
        labels=dict(sorted(Counter(table.labels).items())),
        left_out=table.left_out,
        by_source={source: dict(counts) for source, counts in sorted(by_source.items())},
        findings=tuple(findings),
    )
