"""Stand-off labels: what readers decided, keyed by the hash of the text, without the text.

Files ``data/labels/*.csv`` with the columns ``sha256,label,facet,kind,confidence,reader,guideline``. An empty label means
that the text was read and cannot be used: undecided, or without its claim.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hoakscheck.errors import DatasetError
from hoakscheck.labels import Label
from hoakscheck.training.data.tables import read_csv

#: What files serve that are not random draws for training: texts of ``evaluation`` never reach training; ``selected`` ones
#: were read because a model was unsure or alarmed, or for their words or their source's label, so rates measured on them say
#: nothing about posts at large.
PURPOSE: Final = {
    "posts_double": "evaluation",
    "posts_variety": "selected",
    "posts_uncertain": "selected",
    "posts_uncertain_further": "selected",
    "posts_uncertain_rest": "selected",
    "posts_uncertain_last": "selected",
    "claims_doubted": "selected",
    "hoax_claims": "selected",
    "hoax_claims_rest": "selected",
    "hoax_titles": "selected",
    "hoax_titles_rest": "selected",
}

_HASH = re.compile(r"[0-9a-f]{64}\Z")


@dataclass(frozen=True, slots=True)
class Reading:
    """What readers decided about one text.

    Attributes:
        label: None when the text was read and cannot be used.
        facet: civic matter, or empty.
        kind: sort of text as the reader saw it.
        confidence: 1 (guess) to 3 (sure).
        reader: pseudonym of the reader or readers.
        file: stem of the file that holds the reading.
    """

    label: Label | None
    facet: str
    kind: str
    confidence: int
    reader: str
    file: str


def read_labels(folder: Path) -> dict[str, Reading]:
    """Return all readings in a folder by hash of the text.

    Raises:
        DatasetError: a row is malformed, or two files give the same text different labels.
    """
    readings: dict[str, Reading] = {}
    for path in sorted(folder.glob("*.csv")):
        for number, row in enumerate(read_csv(path), start=2):
            key, reading = _reading(path, number, row)
            before = readings.get(key)
            if before is not None and before.label != reading.label and before.file != reading.file:
                raise DatasetError(path, f"line {number}: {key[:12]} is labelled otherwise in {before.file}.csv; adjudicate")
            readings[key] = reading
    if not readings:
        raise DatasetError(folder, "no label files (*.csv) here")
    return readings


def _reading(path: Path, number: int, row: Mapping[str, str]) -> tuple[str, Reading]:
    try:
        key, name = row["sha256"], row["label"]
        if not _HASH.match(key):
            raise DatasetError(path, f"line {number}: {key!r} is no SHA-256")
        label = Label(name) if name else None
        reading = Reading(label, row["facet"], row["kind"], int(row["confidence"] or 1), row["reader"], path.stem)
    except KeyError as error:
        raise DatasetError(path, f"column {error.args[0]!r} is missing") from error
    except ValueError as error:
        raise DatasetError(path, f"line {number}: {error}") from error
    return key, reading
