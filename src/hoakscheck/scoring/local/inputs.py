"""Which files are scored: named ones, globs, folders and standard input, and whether they are still the same."""

from __future__ import annotations

import glob
import hashlib
import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from hoakscheck.errors import InputError
from hoakscheck.scoring.formats import jsonlines, parquet
from hoakscheck.scoring.formats.names import FileKind, kind_named, kind_of
from hoakscheck.scoring.formats.reader import STANDARD, check_columns, open_reader, read_rows
from hoakscheck.scoring.formats.rows import Fields

#: What is hashed at either end of a file; the end of a Parquet file says where everything is.
_ENDS: Final = 64 * 1024


class Input(NamedTuple):
    """A file to score."""

    path: Path
    kind: FileKind


def find_inputs(names: Iterable[str | os.PathLike[str]], *, kind: str | None, besides: Iterable[Path] = ()) -> list[Input]:
    """Return the files that names mean, each once: as given; those of a glob or a folder in alphabetical order.

    Args:
        names: files, globs such as ``posts/*.csv``, folders, or ``-`` for standard input.
        kind: format of all of them, such as ``jsonl.gz``; None to go by their names.
        besides: files that are never an input, such as the output.

    Raises:
        InputError: a name means no file, a format cannot be told, or there are several formats.
    """
    left_out = {path.resolve() for path in besides}
    given = kind_named(kind) if kind else None
    found: dict[Path, Input] = {}
    for name in names:
        for path in _expanded(Path(name), any_ending=given is not None):
            if path == STANDARD and given is None:
                raise InputError(path, "the format of standard input has no name to go by; give it, for instance --from jsonl")
            if path == STANDARD or path.resolve() not in left_out or path == Path(name):
                found.setdefault(path if path == STANDARD else path.resolve(), Input(path, given or kind_of(path)))
    inputs = list(found.values())
    if not inputs:
        raise InputError("-", "no input was named")
    other = next((one for one in inputs if one.kind.format != inputs[0].kind.format), None)
    if other:
        raise InputError(other.path, f"is {other.kind.format}, {inputs[0].path} is {inputs[0].kind.format}; score them apart")
    return inputs


def _expanded(path: Path, *, any_ending: bool) -> list[Path]:
    if path == STANDARD or path.is_file():
        return [path]
    if path.is_dir():
        found = sorted(inner for inner in path.rglob("*") if inner.is_file() and not _is_hidden(inner.relative_to(path)))
        found = [inner for inner in found if any_ending or _has_known_ending(inner)]
        if not found:
            raise InputError(path, "is a folder without a file to score")
        return found
    if glob.has_magic(str(path)):
        matched = [Path(name) for name in sorted(glob.glob(str(path), recursive=True))]  # noqa: PTH207  # of any folder
        if not matched:
            raise InputError(path, "matches no file")
        return [inner for match in matched for inner in ([match] if match.is_file() else _expanded(match, any_ending=any_ending))]
    return [path]  # opening it will say what is wrong with it


def _is_hidden(path: Path) -> bool:
    return any(part.startswith((".", "_")) for part in path.parts)  # _SUCCESS and the like are no data


def _has_known_ending(path: Path) -> bool:
    try:
        kind_of(path)
    except InputError:
        return False
    return True


def fingerprint(one: Input) -> dict[str, Any]:
    """Return what tells that a file is still the one it was: size, time, and a hash over both its ends.

    Raises:
        InputError: it cannot be read.
    """
    if one.path == STANDARD:
        return {"path": "-"}
    try:
        with one.path.open("rb") as stream:
            status = os.fstat(stream.fileno())
            digest = hashlib.blake2b(stream.read(_ENDS), digest_size=16)
            stream.seek(max(status.st_size - _ENDS, 0))
            digest.update(stream.read(_ENDS))
    except OSError as error:
        raise InputError(one.path, error.strerror or str(error)) from error
    return {"path": str(one.path.resolve()), "bytes": status.st_size, "time": status.st_mtime_ns, "ends": digest.hexdigest()}


def check_inputs(inputs: Sequence[Input], wanted: Sequence[str], added: Sequence[str], *, longest: int) -> tuple[str, ...] | None:
    """Look at the columns of every file before hours go by; return those of the first table, None when there is none to look at.

    Args:
        inputs: the files.
        wanted: columns that each must have.
        added: names that none may have, since scoring adds them.
        longest: bytes that a row may have.

    Raises:
        InputError: a column is missing or in the way, or two files have other columns.
    """
    first: tuple[str, ...] | None = None
    types: dict[str, str] = {}
    for one in inputs:
        if one.path == STANDARD:
            continue
        with open_reader(one.path, one.kind, rows=1, longest=longest) as reader:
            if one.kind.format == "jsonl":
                rows = read_rows(next(reader.chunks), one.kind, Fields(), longest=longest)
                check_added(reader.name, [name for found in rows.values for name in found], added)
                continue
        check_table(reader.name, reader.columns, wanted, added)
        found = dict(zip(reader.columns, reader.types or reader.columns, strict=True))
        if first is not None and found != types:
            odd = min(name for name, _ in found.items() ^ types.items())
            reason = "is in one of them only" if (odd in found) != (odd in types) else "has another type"
            raise InputError(one.path, f"has other columns than {inputs[0].path}: {odd!r} {reason}", row=1)
        first, types = first or reader.columns, types or found
    return first


def check_table(name: str, columns: Sequence[str], wanted: Sequence[str], added: Sequence[str]) -> None:
    """Refuse a table that lacks a column, or has one of a name that scoring adds."""
    check_added(name, columns, added)
    check_columns(name, columns, wanted)


def check_added(name: str, columns: Sequence[str], added: Sequence[str]) -> None:
    """Refuse columns of a name that scoring adds."""
    clash = next((column for column in columns if column in added), None)
    if clash is not None:
        raise InputError(name, f"has a column {clash!r}, which scoring adds; rename it, or add the others with --prefix", row=1)


def json_kinds(inputs: Sequence[Input], added: Collection[str], *, longest: int) -> dict[str, set[str]]:
    """Return every key of JSON-lines files, in order of appearance, with the kinds of its values; reads them once.

    Rows with a key of a name that scoring adds are bad ones, and add none.

    Raises:
        InputError: one of them is standard input, which cannot be read twice.
    """
    kinds: dict[str, set[str]] = {}
    for values in _objects(inputs, added, longest=longest):
        for name, value in values.items():
            kinds.setdefault(name, set()).add(parquet.kind_of_value(value))
    return kinds


def _objects(inputs: Sequence[Input], added: Collection[str], *, longest: int) -> Iterator[Mapping[str, Any]]:
    for one in inputs:
        if one.path == STANDARD:
            raise InputError("-", "the columns of JSON lines from a pipe are not known beforehand; name them with --columns")
        with open_reader(one.path, one.kind, rows=500, longest=longest) as reader:
            for chunk in reader.chunks:
                yield from jsonlines.objects(chunk.content, added)
