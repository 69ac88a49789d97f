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
    libraries = ("numpy", "scikit-learn", "PySastrawi")
    return {
        "processor": names[0] if names else platform.processor(),
        "cores": os.cpu_count(),
        "system": platform.system(),
        "python": platform.python_version(),
        **{name: metadata.version(name) for name in libraries},
    }


def line(row: Row | Mapping[str, Any]) -> str:
    """Return a row as a line of a Markdown table."""
    found = row if isinstance(row, Mapping) else {**asdict(row), "is_met": row.is_met}
    spread, unit = found["found"], found["unit"]
    goal = "" if found["goal"] is None else f"{'≥' if found['at_least'] else '≤'} {number(found['goal'])} {unit}".rstrip()
    met = {None: "", True: "yes", False: "**no**"}[found["is_met"]]
    cells = f"{number(spread['median'])} {unit}".rstrip(), f"{number(spread['least'])} to {number(spread['most'])}"
    return f"| {found['what']} | {cells[0]} | {cells[1]} | {goal} | {met} |"


def number(value: float) -> str:
    """Return a number with three digits that count.

    >>> number(131_234.5), number(0.3512), number(4.0)
    ('131,000', '0.351', '4')
    """
    return f"{float(f'{value:.3g}'):,.10g}"


def document(rows: Iterable[Row], *, model: str, texts: str, count: int, words: float, size: float) -> dict[str, Any]:
    """Return the results with all that is needed to read them."""
    return {
        "machine": machine(),
        "model": model,
        "texts": {"source": texts, "count": count, "words": round(words, 1), "bytes": round(size, 1)},
        "rows": [{**asdict(row), "is_met": row.is_met} for row in rows],
    }


def page(results: Mapping[str, Any]) -> str:
    """Return the page of the results."""
    about, texts = results["machine"], results["texts"]
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
            f"{about['processor']}, {about['cores']} cores, {about['system']}, Python {about['python']}, numpy {about['numpy']},",
            f"scikit-learn {about['scikit-learn']}, PySastrawi {about['PySastrawi']}.",
            "",
            f"{met} of {len(goals)} goals are met.",
            "",
            "![Decisions a second, ours and what else one might use](speed.svg)",
            "",
            *_table(results["rows"]),
            "",
            "The *floor* is what it costs to put the same texts together, encode, translate and split them. *Naive* is the",
            "pipeline that a user would write with Sastrawi and scikit-learn over the same families (`benchmarks/speed/naive.py`).",
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
    """Draw decisions a second on a logarithmic scale: bars that keep apart in grey, figures beside them."""
    import matplotlib as mpl

    mpl.use("Agg")
    mpl.rcParams.update({"svg.hashsalt": "hoakscheck", "font.size": 13})
    from matplotlib import pyplot as plt

    rates = {row["what"].removeprefix("warm: "): row["found"]["median"] for row in results["rows"] if row["unit"] == "posts/s"}
    rates = dict(sorted(rates.items(), key=lambda item: item[1]))
    figure, axes = plt.subplots(figsize=(7, 0.55 * len(rates) + 1.2), layout="constrained")
    colours = ["#0b4f8a" if name.startswith("decisions") else "#c9b27c" for name in rates]
    axes.barh(list(rates), list(rates.values()), color=colours)
    axes.set_xscale("log")
    axes.set_xlim(right=max(rates.values()) * 6)
    axes.set_xlabel("posts a second, one process, every word known")
    for place, rate in enumerate(rates.values()):
        axes.text(rate * 1.1, place, number(rate), va="center")
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)


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
