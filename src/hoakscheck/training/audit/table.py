"""The table that is audited: labelled texts with whatever else is known of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from hoakscheck.errors import InputError
from hoakscheck.scoring.formats.reader import open_rows
from hoakscheck.training.corpus.folder import TEXTS
from hoakscheck.training.data.dates import iso_date

#: Labels with fewer texts than this are left out: nothing can be said of them.
FEWEST: Final = 20

#: Column of the table -> names it may have in a file, in order of preference.
COLUMNS: Final = {
    "source": ("source", "dataset"),
    "publisher": ("publisher", "outlet", "media", "site", "domain"),
    "date": ("date", "created_at", "published_at", "tanggal", "time"),
    "group": ("group", "pair", "claim", "topic", "claim_id"),
    "part": ("part", "split", "fold"),
}


@dataclass(frozen=True)
class Table:
    """Labelled texts, column by column; every column has one value per text, and empty texts where nothing is known.

    Attributes:
        texts: the texts.
        labels: their labels, any names.
        source: data set that a text came from.
        publisher: who wrote or collected it.
        date: ``YYYY-MM-DD`` or less.
        group: texts that belong together: claim, pair, topic.
        part: ``train``, ``test`` and the like.
        left_out: rows without a text or a label, and labels with fewer than :data:`FEWEST` texts: reason -> number.
    """

    texts: tuple[str, ...]
    labels: tuple[str, ...]
    source: tuple[str, ...]
    publisher: tuple[str, ...]
    date: tuple[str, ...]
    group: tuple[str, ...]
    part: tuple[str, ...]
    left_out: dict[str, int]

    @property
    def names(self) -> tuple[str, ...]:
        """Labels that occur, in alphabetical order."""
        return tuple(sorted(set(self.labels)))

    def column(self, name: str) -> np.ndarray[Any, Any]:
        """Return a column as an array of texts."""
        return np.array(getattr(self, name), dtype=object)

    def units(self) -> np.ndarray[Any, Any]:
        """Return what must not be split for each text: its group, else the text itself."""
        return np.array([group or text for group, text in zip(self.group, self.texts, strict=True)], dtype=object)


def read_table(path: Path, *, text_column: str = "text", label_column: str = "label", group_column: str | None = None) -> Table:
    """Read a CSV or JSON-lines file, or the folder of a built corpus.

    Raises:
        InputError: the file cannot be read, lacks a column, or holds fewer than two labels with enough texts.
    """
    path = path / TEXTS if path.is_dir() else path
    with open_rows(path, text_column) as (columns, rows):
        if columns and label_column not in columns:
            raise InputError(path, f"has no column {label_column!r}; it has {', '.join(map(repr, columns))}", row=1)
        return make_table(({**row.values, "": row.text} for row in rows), path, label_column, group_column)


def make_table(rows: Iterable[dict[str, Any]], path: Path, label_column: str, group_column: str | None) -> Table:
    """Return the table of rows that hold their text under an empty name."""
    found: list[dict[str, str]] = []
    left_out: Counter[str] = Counter()
    names = COLUMNS | ({"group": (group_column,)} if group_column else {})
    for row in rows:
        text, label = row[""], _plain(row.get(label_column))
        if not isinstance(text, str) or not text.strip():
            left_out["rows without a text"] += 1
        elif not label:
            left_out["rows without a label"] += 1
        else:
            known = {name: next((_plain(row[key]) for key in keys if key in row), "") for name, keys in names.items()}
            known["date"] = iso_date(known["date"]) or (known["date"] if known["date"].isdigit() else "")
            found.append({"text": text, "label": label} | known)
    counts = Counter(row["label"] for row in found)
    rare = {label for label, count in counts.items() if count < FEWEST}
    for label in sorted(rare):
        left_out[f"label {label!r}: fewer than {FEWEST} texts"] += counts[label]
    kept = [row for row in found if row["label"] not in rare]
    if len(counts) - len(rare) < 2:
        raise InputError(path, f"an audit compares labels; it needs two with at least {FEWEST} texts each, found {dict(counts)}")
    return Table(
        texts=_values(kept, "text"),
        labels=_values(kept, "label"),
        source=_values(kept, "source"),
        publisher=_values(kept, "publisher"),
        date=_values(kept, "date"),
        group=_values(kept, "group"),
        part=_values(kept, "part"),
        left_out=dict(left_out),
    )


def _values(rows: Sequence[dict[str, str]], name: str) -> tuple[str, ...]:
    return tuple(row[name] for row in rows)


def _plain(value: object) -> str:
    return "" if value is None else str(value).strip()
