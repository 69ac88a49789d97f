"""The report of an audit as one HTML page, complete in itself: findings, plots, tables."""

from __future__ import annotations

import html
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from hoakscheck.training.audit.figures import figures
from hoakscheck.training.audit.findings import AuditReport, Finding, Outcome
from hoakscheck.training.audit.table import Table

_STYLE: Final = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
body { color: #1b1b1b; background: #fff; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2.2rem; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
td, th { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid #ddd; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
.leak { color: #a11; font-weight: 600; } .clear { color: #17663a; } .skipped { color: #777; }
ul { margin: .3rem 0 0; padding-left: 1.1rem; } li { overflow-wrap: anywhere; }
figure { margin: 1rem 0; } img { max-width: 100%; } figcaption { color: #555; font-size: .9rem; }
"""
_WORD: Final = {Outcome.LEAK: "leak", Outcome.CLEAR: "clear", Outcome.SKIPPED: "not asked"}


def write_page(report: AuditReport, table: Table, path: Path) -> None:
    """Write the page, whole or not at all. Every text in it is escaped; it shows excerpts of the audited texts.

    Raises:
        DatasetError: matplotlib is not installed.
    """
    content = "\n".join(_page(report, table))
    part = path.with_name(f".{path.name}.part")
    part.write_text(content, encoding="utf-8", errors="replace")
    part.replace(path)


def _page(report: AuditReport, table: Table) -> Iterator[str]:
    title = f"Audit of {html.escape(report.name)}"
    yield f"<!doctype html><html lang='en'><head><meta charset='utf-8'><title>{title}</title>"
    yield f"<meta name='viewport' content='width=device-width'><style>{_STYLE}</style></head><body><h1>{title}</h1>"
    counts = ", ".join(f"{count:,} {html.escape(label)}" for label, count in report.labels.items())
    yield f"<p>{sum(report.labels.values()):,} texts: {counts}. {_verdict(report)}</p>"
    if report.left_out:
        yield "<p>Left out: " + "; ".join(f"{count:,} {html.escape(why)}" for why, count in report.left_out.items()) + ".</p>"
    yield "<h2>Findings</h2><table><tr><th>check</th><th>outcome</th><th>what was found</th></tr>"
    yield from (_row(finding) for finding in report.findings)
    yield "</table>"
    for figure in figures(report, table):
        yield f"<h2>{html.escape(figure.title)}</h2><figure><img alt='{html.escape(figure.title)}' src='{figure.address}'>"
        yield f"<figcaption>{html.escape(figure.caption)}</figcaption></figure>"
    if len(report.by_source) > 1:
        yield "<h2>Labels by source</h2><table><tr><th>source</th>"
        yield "".join(f"<th class='number'>{html.escape(label)}</th>" for label in report.labels) + "</tr>"
        for source, by_label in report.by_source.items():
            cells = "".join(f"<td class='number'>{by_label.get(label, 0):,}</td>" for label in report.labels)
            yield f"<tr><td>{html.escape(source)}</td>{cells}</tr>"
        yield "</table>"
    yield "</body></html>"


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
