"""Labelled files: a text and its label in each row."""

from __future__ import annotations

from pathlib import Path

from hoakscheck.errors import InputError
from hoakscheck.labels import Label
from hoakscheck.scoring.formats.reader import open_rows


def read_labelled(path: Path, text_column: str, label_column: str) -> tuple[list[str], list[Label], list[str]]:
    """Return texts, their labels, and what is wrong with the rows that were left out.

    Raises:
        InputError: the file cannot be read, lacks a column, or holds no usable row.
    """
    texts, labels, problems = [], [], []
    known = ", ".join(Label)
    with open_rows(path, text_column) as (columns, rows):
        if columns and label_column not in columns:
            raise InputError(path, f"has no column {label_column!r}; it has {', '.join(map(repr, columns))}", row=1)
        for row in rows:
            name = row.values.get(label_column)
            if row.text is None:
                problems.append(f"row {row.number} {row.problem}")
            elif not isinstance(name, str) or name not in set(Label):
                problems.append(f"row {row.number} has {name!r} in {label_column!r}, not one of {known}")
            else:
                texts.append(row.text)
                labels.append(Label(name))
    if not texts:
        raise InputError(path, "holds no row with a text and a label" + (f" ({problems[0]})" if problems else ""))
    return texts, labels, problems
