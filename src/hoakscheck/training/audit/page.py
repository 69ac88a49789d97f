"""The report of an audit as one HTML page, complete in itself: findings, plots, tables."""

from __future__ import annotations

import html
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from hoakscheck.training import pages
from hoakscheck.training.audit.figures import figures
from hoakscheck.training.audit.findings import AuditReport, Finding, Outcome
from hoakscheck.training.audit.table import Table

_WORD: Final = {Outcome.LEAK: "leak", Outcome.CLEAR: "clear", Outcome.SKIPPED: "not asked"}


def write_page(report: AuditReport, table: Table, path: Path) -> None:
    """Write the page, whole or not at all. Every text in it is escaped; it shows excerpts of the audited texts.

    Raises:
        DatasetError: matplotlib is not installed.
    """
    pages.write_page(f"Audit of {report.name}", _body(report, table), path)


def _body(report: AuditReport, table: Table) -> Iterator[str]:
    counts = ", ".join(f"{count:,} {html.escape(label)}" for label, count in report.labels.items())
    yield f"<p>{sum(report.labels.values()):,} texts: {counts}. {_verdict(report)}</p>"
    if report.left_out:
        yield "<p>Left out: " + "; ".join(f"{count:,} {html.escape(why)}" for why, count in report.left_out.items()) + ".</p>"
    yield "<h2>Findings</h2><table><tr><th>check</th><th>outcome</th><th>what was found</th></tr>"
    yield from (_row(finding) for finding in report.findings)
    yield "</table>"
    yield from map(str, figures(report, table))
    if len(report.by_source) > 1:
        yield "<h2>Labels by source</h2><table><tr><th>source</th>"
        yield "".join(f"<th class='number'>{html.escape(label)}</th>" for label in report.labels) + "</tr>"
        for source, by_label in report.by_source.items():
            cells = "".join(f"<td class='number'>{by_label.get(label, 0):,}</td>" for label in report.labels)
            yield f"<tr><td>{html.escape(source)}</td>{cells}</tr>"
        yield "</table>"


def _verdict(report: AuditReport) -> str:
    if not report.leaks:
        return "<span class='clear'>No leak found by these checks.</span>"
    return f"<span class='leak'>{len(report.leaks)} of {len(report.findings)} checks found a leak.</span>"


def _row(finding: Finding) -> str:
    message = html.escape(finding.message)
    if finding.outcome is Outcome.LEAK:
        items = "".join(f"<li>{html.escape(row)}</li>" for row in finding.evidence)
        message += f"<ul>{items}</ul>" if items else ""
        message += f"<p>{html.escape(finding.advice)}</p>" if finding.advice else ""
    outcome = f"<span class='{finding.outcome}'>{_WORD[finding.outcome]}</span>"
    return f"<tr><td>{html.escape(finding.check)}</td><td>{outcome}</td><td>{message}</td></tr>"
