"""The catalogue of raw sources, ``data/sources.toml``: where each lies, whose it is, and what it may be used for."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, get_args

from hoakscheck.errors import DatasetError
from hoakscheck.labels import Label

CATALOGUE: Final = "sources.toml"

#: ``unused`` sources were weighed and left out; their entry says why, so that nobody weighs them again.
Use = Literal["training", "evaluation", "unused"]

_HASH = re.compile(r"[0-9a-f]{64}\Z")
_NAME = re.compile(r"[\w.+-]+\Z")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file of a source.

    Attributes:
        name: its name below the source's folder.
        url: public address, pinned to a commit.
        sha256: of the file; where the source withholds topics, of the file without them.
        bytes: its size, likewise.
    """

    name: str
    url: str
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Source:
    """A raw source.

    Attributes:
        slug: short name, and the name of its folder.
        address: page of the source for people.
        commit: what its files are pinned to.
        licence: as stated by the source, or ``unstated``.
        licence_note: what makes the licence doubtful, or empty.
        publisher: who wrote or collected the texts; the unit of splits by publisher.
        period: first and last day that the texts are of, as far as known; ISO, may be years only.
        text_type: sort of text, for people.
        labels: labels that it may serve.
        rule: why it may serve them.
        use: what this project does with it.
        leaks: what gives the label away without being its reason.
        personal_data: what the files tell about persons.
        files: its files.
        withheld: SHA-256 of topics that are kept back for measuring, and cut out of the files when fetched.
    """

    slug: str
    address: str
    commit: str
    licence: str
    licence_note: str
    publisher: str
    period: tuple[str, str]
    text_type: str
    labels: tuple[Label, ...]
    rule: str
    use: Use
    leaks: tuple[str, ...]
    personal_data: str
    files: tuple[SourceFile, ...]
    withheld: frozenset[str] = frozenset()

    @property
    def is_licensed(self) -> bool:
        """Whether the source states a licence."""
        return self.licence != "unstated"

    @property
    def bytes(self) -> int:
        """Size of all files together."""
        return sum(file.bytes for file in self.files)


def read_catalogue(data: Path) -> dict[str, Source]:
    """Return the sources of ``data/sources.toml`` by slug.

    Raises:
        DatasetError: the file is missing, is no TOML, or an entry is incomplete; the message names the source.
    """
    path = data / CATALOGUE
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise DatasetError(path, "not found; name the project's data folder with --data") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DatasetError(path, f"no valid TOML ({error})") from error
    found: dict[str, Source] = {}
    for number, table in enumerate(content.get("source", []), start=1):
        source = _source(path, table, f"source {table.get('slug', number)}")
        if source.slug in found:
            raise DatasetError(path, f"source {source.slug} stands there twice")
        found[source.slug] = source
    return found


def _source(path: Path, table: Mapping[str, Any], where: str) -> Source:
    try:
        source = Source(
            slug=table["slug"],
            address=table["address"],
            commit=table["commit"],
            licence=table["licence"],
            licence_note=table.get("licence_note", ""),
            publisher=table["publisher"],
            period=(table["period"][0], table["period"][1]),
            text_type=table["text_type"],
            labels=tuple(Label(name) for name in table["labels"]),
            rule=table["rule"],
            use=table["use"],
            leaks=tuple(table["leaks"]),
            personal_data=table["personal_data"],
            files=tuple(_files(table)),
            withheld=frozenset(table.get("withheld", ())),
        )
    except KeyError as error:
        raise DatasetError(path, f"{where}: {error.args[0]!r} is missing") from error
    except (TypeError, ValueError, IndexError) as error:
        raise DatasetError(path, f"{where}: {error}") from error
    if source.use not in get_args(Use):
        raise DatasetError(path, f"{where}: use is {source.use!r}, expected one of {', '.join(get_args(Use))}")
    for name in (source.slug, *(file.name for file in source.files)):
        if not _NAME.match(name) or name.startswith("."):
            raise DatasetError(path, f"{where}: {name!r} is no plain file name")
    return source


def _files(table: Mapping[str, Any]) -> Iterator[SourceFile]:
    for file in table["file"]:
        if not _HASH.match(file["sha256"]):
            raise ValueError(f"{file['sha256']!r} is no SHA-256")
        yield SourceFile(file["name"], file["url"], file["sha256"], int(file["bytes"]))
