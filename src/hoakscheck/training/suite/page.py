"""The report of a suite as one HTML page: every figure, and plots of calibration, precision, coverage and confusion."""

from __future__ import annotations

import html
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np

from hoakscheck.labels import Label
from hoakscheck.training import pages
from hoakscheck.training.evaluate import CALIBRATION_BINS
from hoakscheck.training.pages import COLOURS, Picture, canvas, picture
from hoakscheck.training.suite.judged import Array, Judged
from hoakscheck.training.suite.rows import Row, SuiteReport

_NAMES: Final = tuple(label.value for label in Label)
_FEWEST: Final = 10


def write_page(report: SuiteReport, path: Path) -> None:
    """Write the page, whole or not at all.

    Raises:
        DatasetError: matplotlib is not installed.
    """
    pages.write_page(f"Suite of {report.model}", _body(report), path)


def _body(report: SuiteReport) -> Iterator[str]:
    asked = [row.reached for row in report.rows if row.goal]
    yield f"<p>{sum(map(bool, asked))} of {len(asked)} goals reached. Intervals hold 95% of bootstrap samples of whole units.</p>"
    for reason in report.left_out:
        yield f"<p>Not asked: {html.escape(reason)}.</p>"
    yield "<table><tr><th>measure</th><th class='number'>figure</th><th>goal</th><th>split</th><th class='number'>texts</th></tr>"
    block = ""
    for row in report.rows:
        if row.block != block:
            block = row.block
            yield f"<tr><th colspan='5'>{html.escape(block)}</th></tr>"
        yield _line(row)
    yield "</table>"
    yield from map(str, _pictures(report))


def _line(row: Row) -> str:
    spread = "" if math.isnan(row.low) else f"<br><small>{row.low:.3f} to {row.high:.3f}</small>"
    kind = {True: "reached", False: "short", None: ""}[row.reached]
    goal = (
        f"<span class='{kind}'>{'reached' if row.reached else 'short of'} {html.escape(str(row.goal))}</span>" if row.goal else ""
    )
    return (
        f"<tr><td>{html.escape(row.measure)}</td><td class='number'>{row.value:.3f}{spread}</td><td>{goal}</td>"
        f"<td>{html.escape(row.split)}</td><td class='number'>{row.n:,}</td></tr>"
    )


def _pictures(report: SuiteReport) -> Iterator[Picture]:
    mixed = {name: own for name, own in report.judged.items() if len(np.unique(own.true)) > 1}
    yield _reliability(mixed, *canvas(4.2, place=report.model))
    yield _precision(mixed, *canvas(4.0, columns=2))
    yield _coverage(mixed, *canvas(3.6))
    for name, own in mixed.items():
        yield _confusion(name, own, *canvas(3.0))


def _reliability(sets: dict[str, Judged], drawn: Any, axes: Any) -> Picture:
    axes.plot([0, 1], [0, 1], color="#999", linestyle=":")
    for colour, (name, own) in zip(COLOURS, sets.items(), strict=False):
        stated = own.probabilities[np.arange(len(own)), own.predicted]
        place = np.minimum((stated * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
        full = [bin_ for bin_ in np.unique(place) if (place == bin_).sum() >= _FEWEST]
        means = [(stated[place == bin_].mean(), own.right[place == bin_].mean()) for bin_ in full]
        axes.plot(*np.array(means).reshape(-1, 2).T, marker="o", color=colour, label=name)
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="stated probability", ylabel="share that is right")
    axes.legend(frameon=False)
    return picture(
        drawn, "Reliability", "On the dotted line a stated probability is the share that is right; bins of 10 texts or more."
    )


def _precision(sets: dict[str, Judged], drawn: Any, axes: Any) -> Picture:
    for place, own_axes in enumerate(axes):
        for colour, (name, own) in zip(COLOURS, sets.items(), strict=False):
            positive = own.true == place
            if positive.any():
                own_axes.plot(*_precision_recall(positive, own.probabilities[:, place]), color=colour, label=name)
        own_axes.set(xlim=(0, 1), ylim=(0, 1.02), xlabel="recall", ylabel="precision", title=_NAMES[place])
    axes[0].legend(frameon=False)
    return picture(drawn, "Precision and recall", "By probability of the label, each set by itself.")


def _precision_recall(positive: Array, scores: Array) -> tuple[Array, Array]:
    hits = np.cumsum(positive[np.argsort(-scores, kind="stable")])
    return hits / hits[-1], hits / np.arange(1, len(hits) + 1)


def _coverage(sets: dict[str, Judged], drawn: Any, axes: Any) -> Picture:
    for colour, (name, own) in zip(COLOURS, sets.items(), strict=False):
        stated = own.probabilities[np.arange(len(own)), own.predicted]
        right = own.right[np.argsort(-stated, kind="stable")]
        count = np.arange(1, len(right) + 1)
        axes.plot((count / len(right))[_FEWEST:], (np.cumsum(right) / count)[_FEWEST:], color=colour, label=name)
        axes.plot([own.decided.mean()], [own.right[own.decided].mean()] if own.decided.any() else [np.nan], "o", color=colour)
    axes.set(xlim=(0, 1), ylim=(0.5, 1.01), xlabel="share decided", ylabel="accuracy on it")
    axes.legend(frameon=False)
    return picture(drawn, "Coverage", "The surest texts first; the dot is where the model asks for review.")


def _confusion(name: str, own: Judged, drawn: Any, axes: Any) -> Picture:
    counts = np.array([[((own.true == true) & (own.predicted == told)).sum() for told in range(3)] for true in range(3)])
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    for (true, told), count in np.ndenumerate(counts):
        axes.text(told, true, f"{count:,}", ha="center", va="center", color="white" if shares[true, told] > 0.5 else "black")
    axes.set(xticks=range(3), xticklabels=_NAMES, yticks=range(3), yticklabels=_NAMES, xlabel="label given", ylabel="true label")
    return picture(drawn, f"Confusion: {name}", "Number of texts; the shade is the share of the true label.")
