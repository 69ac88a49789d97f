"""Score a file and print what came out as a table: python examples/score_a_file.py examples/sample.csv."""

from __future__ import annotations

import csv
import sys
import tempfile
from pathlib import Path

from hoakscheck.scoring import score_files

WIDTH = 72


def main(source: Path) -> None:
    """Score ``source`` and print its rows."""
    with tempfile.TemporaryDirectory() as folder:
        scored = Path(folder, "scored.csv")
        summary = score_files(source, scored)
        with scored.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
    print(f"\n{'label':<13} {'prob':>5}  {'review':<22} text")
    for row in rows:
        text = row["text"] if len(row["text"]) <= WIDTH else row["text"][: WIDTH - 1] + "…"
        print(f"{row['label']:<13} {float(row['probability']):>5.2f}  {row['review_reasons'] or '-':<22} {text}")
    print(f"\n{summary.rows} rows, {summary.needs_review} need review, {summary.bad} bad")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
