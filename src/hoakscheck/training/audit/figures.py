"""The plots of an audit, as pictures that stand inside a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from hoakscheck.training.audit.findings import AuditReport, Outcome
from hoakscheck.training.audit.table import Table
from hoakscheck.training.pages import COLOURS, Picture, canvas, picture

_MOST_SOURCES: Final = 30
_LONGEST: Final = 5_000


def figures(report: AuditReport, table: Table) -> Iterator[Picture]:
    """Yield the plots: models of form, length, labels by source, labels over time.

    Raises:
        DatasetError: matplotlib is not installed.
    """
    yield _forms(report, *canvas(3.2, place=report.name))
    yield _lengths(table, *canvas(3.2))
    if len(report.by_source) > 1:
        yield _sources(report, *canvas(1.2 + 0.28 * min(len(report.by_source), _MOST_SOURCES)))
    if len({date[:7] for date in table.date if date}) > 1:
        yield _dates(table, *canvas(3.2))


def _forms(report: AuditReport, drawn: Any, axes: Any) -> Picture:
    asked = [finding for finding in report.findings if finding.message.startswith("macro-F1") and finding.figure is not None]
    names = [finding.check for finding in asked][::-1]
    values = [finding.figure for finding in asked][::-1]
    colours = [COLOURS[1] if finding.outcome is Outcome.LEAK else COLOURS[2] for finding in asked][::-1]
    bars = axes.barh(names, values, color=colours)
    axes.bar_label(bars, fmt="%.2f", padding=3)
    bound = asked[0].limit or 0.0
    axes.axvline(1 / len(report.labels), color="#999", linestyle=":", label="chance")
    axes.axvline(bound, color="#333", linestyle="--", label="limit")
    axes.set(xlim=(0, 1), xlabel="macro-F1 on as many texts of each label")
    axes.legend(frameon=False, loc="lower right")
    return picture(drawn, "What the label can be told from without reading", "Models that see nothing but form or origin.")


def _lengths(table: Table, drawn: Any, axes: Any) -> Picture:
    labels = table.column("labels")
    lengths = np.array([min(max(len(text), 1), _LONGEST) for text in table.texts])
    bins = np.geomspace(max(lengths.min(), 5), lengths.max() + 1, 30)
    for colour, name in zip(COLOURS, table.names, strict=False):
        own = lengths[labels == name]
        axes.hist(own, bins=bins, weights=np.full(len(own), 1 / len(own)), histtype="step", linewidth=2, color=colour, label=name)
    axes.set(xscale="log", xlabel="characters", ylabel="share of the label's texts")
    axes.legend(frameon=False)
    return picture(drawn, "Length", "Curves that lie on one another tell nothing of the label.")


def _sources(report: AuditReport, drawn: Any, axes: Any) -> Picture:
    largest = sorted(report.by_source, key=lambda source: -sum(report.by_source[source].values()))[:_MOST_SOURCES][::-1]
    left = np.zeros(len(largest))
    for colour, label in zip(COLOURS, report.labels, strict=False):
        totals = [sum(report.by_source[source].values()) for source in largest]
        shares = np.array([report.by_source[source].get(label, 0) / total for source, total in zip(largest, totals, strict=True)])
        axes.barh(largest, shares, left=left, color=colour, label=label)
        left += shares
    axes.set(xlim=(0, 1), xlabel="share of the source's texts")
    axes.legend(frameon=False, ncols=len(report.labels), loc="lower center", bbox_to_anchor=(0.5, 1.0))
    return picture(drawn, "Labels in each source", "A bar of one colour is a source that tells its label by itself.")


def _dates(table: Table, drawn: Any, axes: Any) -> Picture:
    years = sorted({date[:4] for date in table.date if date})
    bottom = np.zeros(len(years))
    for colour, name in zip(COLOURS, table.names, strict=False):
        own = Counter(date[:4] for date, label in zip(table.date, table.labels, strict=True) if date and label == name)
        counts = np.array([own[year] for year in years], dtype=float)
        axes.bar(years, counts, bottom=bottom, color=colour, label=name)
        bottom += counts
    axes.set(ylabel="texts")
    axes.legend(frameon=False)
    return picture(drawn, "Labels over time", "Texts with a known date, by year.")
