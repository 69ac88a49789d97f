"""Reports as HTML pages that are complete in themselves: pictures stand inside the page, and everything is escaped."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from hoakscheck.errors import DatasetError

#: Colour-blind safe (Okabe and Ito 2008).
COLOURS: Final = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#f0e442", "#000000")

_INSTALL: Final = "plots need matplotlib: pip install 'hoakscheck[data]'"
_WIDTH: Final = 8.5
_STYLE: Final = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
body { color: #1b1b1b; background: #fff; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2.2rem; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
td, th { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid #ddd; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.leak, .short { color: #a11; font-weight: 600; } .clear, .reached { color: #17663a; } .skipped { color: #777; }
ul { margin: .3rem 0 0; padding-left: 1.1rem; } li { overflow-wrap: anywhere; }
figure { margin: 1rem 0; } img { max-width: 100%; } figcaption { color: #555; font-size: .9rem; }
"""


@dataclass(frozen=True, slots=True)
class Picture:
    """A plot: its title, what it shows, and the picture as an address that holds it."""

    title: str
    caption: str
    address: str

    def __str__(self) -> str:
        title = html.escape(self.title)
        caption = f"<figcaption>{html.escape(self.caption)}</figcaption>"
        return f"<h2>{title}</h2><figure><img alt='{title}' src='{self.address}'>{caption}</figure>"


def canvas(height: float, *, columns: int = 1, place: str | Path = "report") -> tuple[Any, Any]:
    """Return an empty figure of matplotlib and its axes, several where ``columns`` says so.

    Raises:
        DatasetError: matplotlib is not installed; the error names ``place``, what was to be drawn.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise DatasetError(place, _INSTALL) from error
    drawn = Figure(figsize=(_WIDTH, height), layout="constrained")
    axes = drawn.subplots(1, columns)
    for own in axes if columns > 1 else [axes]:
        own.spines[["top", "right"]].set_visible(False)
    return drawn, axes


def picture(drawn: Any, title: str, caption: str) -> Picture:
    """Return a figure of matplotlib as a picture that stands inside a page."""
    buffer = io.BytesIO()
    drawn.savefig(buffer, format="png", dpi=110, metadata={"Software": None})
    return Picture(title, caption, "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode("ascii"))


def write_page(title: str, body: Iterable[str], path: Path) -> None:
    """Write a page, whole or not at all; the title is escaped, the body has to be."""
    content = "\n".join([*_head(html.escape(title)), *body, "</body></html>"])
    part = path.with_name(f".{path.name}.part")
    part.write_text(content, encoding="utf-8", errors="replace")
    part.replace(path)


def _head(title: str) -> Iterator[str]:
    yield f"<!doctype html><html lang='en'><head><meta charset='utf-8'><title>{title}</title>"
    yield f"<meta name='viewport' content='width=device-width'><style>{_STYLE}</style></head><body><h1>{title}</h1>"
