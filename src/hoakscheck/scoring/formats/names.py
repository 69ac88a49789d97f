"""Which format and which compression the ending of a name means."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hoakscheck.errors import InputError

FORMATS: Final = {".csv": "csv", ".tsv": "tsv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet", ".pq": "parquet"}
COMPRESSIONS: Final = {".gz": "gzip", ".zst": "zstd", ".zstd": "zstd"}

#: Formats whose rows are cells under a header, and what parts them.
DELIMITERS: Final = {"csv": ",", "tsv": "\t"}


@dataclass(frozen=True)
class FileKind:
    """What a file is.

    Attributes:
        format: ``csv``, ``tsv``, ``jsonl`` or ``parquet``.
        compression: ``gzip``, ``zstd``, or empty.
    """

    format: str
    compression: str = ""

    @property
    def is_text(self) -> bool:
        """Whether it is made of lines."""
        return self.format != "parquet"


def kind_of(path: Path) -> FileKind:
    """Return what a file is by its name.

    Raises:
        InputError: the ending is unknown.

    >>> kind_of(Path("posts.JSONL")), kind_of(Path("posts.csv.gz"))
    (FileKind(format='jsonl', compression=''), FileKind(format='csv', compression='gzip'))
    """
    compression = COMPRESSIONS.get(path.suffix.lower(), "")
    stem = path.with_suffix("") if compression else path
    try:
        kind = FileKind(FORMATS[stem.suffix.lower()], compression)
    except KeyError:
        known = f"{', '.join(FORMATS)}, with {', '.join(COMPRESSIONS)} where it is compressed"
        raise InputError(path, f"cannot tell its format; name it with one of {known}") from None
    if compression and not kind.is_text:
        raise InputError(path, "Parquet compresses its own columns; name it .parquet alone")
    return kind


def kind_named(name: str) -> FileKind:
    """Return what a format name means, such as ``csv`` or ``jsonl.gz``.

    Raises:
        InputError: there is no such format.

    >>> kind_named("tsv.zst")
    FileKind(format='tsv', compression='zstd')
    """
    return kind_of(Path(f"-.{name}"))
