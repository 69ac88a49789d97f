"""What was measured as JSON, as a page with a picture, and as a table in the terminal."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from importlib import metadata
from pathlib import Path
from typing import Any

import peers
from rows import Row
from texts import ROOT

RESULTS = ROOT / "benchmarks" / "results" / "speed.json"
PAGE = ROOT / "docs" / "speed.md"
PICTURE = ROOT / "docs" / "speed.svg"
README = ROOT / "README.md"
_BEGIN, _END = "<!-- speed: made by `make bench` -->", "<!-- end of speed -->"


def machine() -> dict[str, Any]:
    """Return what the figures were measured on."""
    names = [line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")]
    return {
        "processor": names[0] if names else platform.processor(),
        "cores": os.cpu_count(),
        "system": platform.system(),
        "python": platform.python_version(),
        "numpy": metadata.version("numpy"),
        **peers.versions(),
    }


def line(row: Row | Mapping[str, Any]) -> str:
    """Return a row as a line of a Markdown table."""
    found = row if isinstance(row, Mapping) else {**asdict(row), "is_met": row.is_met}
    spread, unit = found["found"], found["unit"]
    goal = "" if found["goal"] is None else f"{'≥' if found['at_least'] else '≤'} {number(found['goal'])} {unit}".rstrip()
    met = {None: "", True: "yes", False: "**no**"}[found["is_met"]]
    if spread is None:
        return f"| {found['what']} | not installed |  | {goal} | {met} |"
    once = spread["least"] == spread["most"]
    cells = f"{number(spread['median'])} {unit}".rstrip(), "" if once else f"{number(spread['least'])} to {number(spread['most'])}"
    return f"| {found['what']} | {cells[0]} | {cells[1]} | {goal} | {met} |"


def number(value: float) -> str:
    """Return a number with three digits that count.

    >>> number(131_234.5), number(0.3512), number(4.0)
    ('131,000', '0.351', '4')
    """
    return f"{float(f'{value:.3g}'):,.10g}"


#: How figures were come by; with the results, since those of an earlier run were come by otherwise.
_NOTES = [
    "What was measured once has no spread. Of slopes, least and most are from one length to the next. Hostile texts stand in the",
    "way of asking in which they do worst, each turn in a fresh process; the garbage collector is off while they are read.",
]


def document(rows: Iterable[Row], *, model: str, texts: str, count: int, words: float, size: float) -> dict[str, Any]:
    """Return the results with all that is needed to read them."""
    return {
        "machine": machine(),
        "model": model,
        "texts": {"source": texts, "count": count, "words": round(words, 1), "bytes": round(size, 1)},
        "notes": _NOTES,
        "rows": [{**asdict(row), "is_met": row.is_met} for row in rows],
    }


#: What the machine is; everything else that is said of it are libraries.
_MACHINE = ("processor", "cores", "system", "python")


def page(results: Mapping[str, Any]) -> str:
    """Return the page of the results."""
    about, texts = results["machine"], results["texts"]
    libraries = ", ".join(f"{name} {version}" for name, version in about.items() if name not in _MACHINE)
    goals = [row for row in results["rows"] if row["goal"] is not None]
    met = sum(bool(row["is_met"]) for row in goals)
    return "\n".join(
        [
            "# Speed",
            "",
            "Made by `make bench` from `benchmarks/results/speed.json`. Ratios are of plans that took turns in one run, and hold",
            "on other machines; absolute figures are those of this one.",
            "",
            f"Model {results['model']}. {texts['count']:,} {texts['source']}, {texts['words']} words and",
            f"{texts['bytes']} bytes each.",
            f"{about['processor']}, {about['cores']} cores, {about['system']}, Python {about['python']},",
            f"{libraries}.",
            "",
            f"{met} of {len(goals)} goals are met.",
            "",
            "![Decisions a second, ours and what else one might use](speed.svg)",
            "",
            *_table(results["rows"]),
            "",
            "The *floor* is what it costs to put the same texts together, encode, translate and split them. *Naive* is the",
            "pipeline that a user would write with Sastrawi and scikit-learn over the same families (`benchmarks/speed/naive.py`).",
            *results.get("notes", []),
            "",
        ]
    )


def _table(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    return ["| what | median | least to most | goal | met |", "|---|---|---|---|---|", *map(line, rows)]


_SHORT = (
    "warm: decisions in columns",
    "warm: share of join + encode + translate + split",
    "warm: times naive, same features",
    "cold: times the naive pipeline",
    "first answer: times import numpy",
    "one post of 40 words: decision",
    "memory: a process after its first answer",
)


def short_table(results: Mapping[str, Any]) -> str:
    """Return the lines for the README, between their marks."""
    rows = [row for name in _SHORT for row in results["rows"] if row["what"] == name]
    return "\n".join([_BEGIN, "", *_table(rows), "", _END])


def draw(results: Mapping[str, Any], path: Path) -> None:
    """Draw decisions a second on a logarithmic scale: bars that keep apart in grey, figures beside them, text as text."""
    import matplotlib as mpl

    mpl.use("Agg")
    mpl.rcParams.update({"svg.hashsalt": "hoakscheck", "svg.fonttype": "none", "font.size": 14})
    from matplotlib import pyplot as plt

    found = drawn(results)
    figure, axes = plt.subplots(figsize=(5.5, 0.75 * len(found) + 1.2), layout="constrained")
    colours = ["#0b4f8a" if name.startswith("decisions") else "#c9b27c" for name in found]
    axes.barh(range(len(found)), list(found.values()), height=0.4, color=colours)
    axes.set_xscale("log")
    axes.set_xlim(min(found.values()) / 4, max(found.values()) * 4)
    axes.set_ylim(-0.4, len(found) - 0.3)
    axes.set_xlabel("posts a second, one process, every word known")
    axes.set_yticks([])
    for place, (name, rate) in enumerate(found.items()):
        axes.text(rate * 1.1, place, number(rate), va="center", weight="bold")
        axes.annotate(name, (0, place + 0.27), xycoords=("axes fraction", "data"), xytext=(4, 0), textcoords="offset points")
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)


def drawn(results: Mapping[str, Any]) -> dict[str, float]:
    """Return the rates that the picture shows, the lowest first."""
    rates = {
        row["what"].removeprefix("warm: "): row["found"]["median"]
        for row in results["rows"]
        if row["unit"] == "posts/s" and row["found"] is not None
    }
    return dict(sorted(rates.items(), key=lambda item: item[1]))


def write(results: Mapping[str, Any]) -> None:
    """Write the results, the page, the picture and the table of the README."""
    RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    PAGE.write_text(page(results), encoding="utf-8")
    draw(results, PICTURE)
    readme = README.read_text(encoding="utf-8")
    before, _, rest = readme.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    README.write_text(before + short_table(results) + after, encoding="utf-8")


def _lines(path: str) -> list[str]:
    file = Path(path)
    return file.read_text(encoding="utf-8", errors="replace").splitlines() if file.exists() else []
