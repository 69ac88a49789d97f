"""JSON lines: each line an object. An object goes out as it came in, byte for byte, with the new keys at its end."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain, repeat
from typing import Any, Final

from hoakscheck.scoring.columns import Column
from hoakscheck.scoring.formats.records import Records
from hoakscheck.scoring.formats.rows import AT_ONCE, NO_UTF8, Fields, Rows, usable
from hoakscheck.scoring.values.cells import endings
from hoakscheck.scoring.values.choices import Values

_MARK: Final = b"\xef\xbb\xbf"
_HALF_PAIR: Final = re.compile("[\ud800-\udfff]")

# One of each for all: json.dumps makes a new encoder at every call when it is given an option, which costs as much as the encoding.
_encode: Final = json.JSONEncoder(ensure_ascii=False).encode
_decode: Final = json.JSONDecoder().decode
_scan: Final = json.scanner.make_scanner(json.JSONDecoder())  # type: ignore[attr-defined]  # typeshed has no json.scanner
_ENDS: Final = {"\n", "\r\n", ""}


def decode(records: Records, fields: Fields, added: Collection[str] = ()) -> Rows:
    """Return the rows of records; a row with a key of a name that scoring adds cannot be scored."""
    problems, columns = dict(records.problems), {name: list[Any]() for name in fields.names}
    for some in _objects(records, problems, added):
        for name, column in columns.items():
            column += [found.get(name) for found in some]
    texts = usable(columns[fields.text], fields.text, problems)
    return Rows(records.first, records.lines, texts, problems, columns, lambda: objects(records, added), records.contents)


def objects(records: Records, added: Collection[str] = ()) -> list[dict[str, Any]]:
    """Return the objects of records; empty ones in the place of those that cannot be used."""
    return list(chain.from_iterable(_objects(records, dict(records.problems), added)))


def _objects(records: Records, problems: dict[int, str], added: Collection[str]) -> Iterator[list[dict[str, Any]]]:
    """Yield the objects of records, some at a time, and add to the problems why others cannot be used."""
    contents = _without_mark(records.contents, records.lines)
    for start in range(0, len(contents), AT_ONCE):
        some = contents[start : start + AT_ONCE]
        values = _plain_objects(some, added)
        if values is None:
            values = []
            for place, content in enumerate(some, start):
                found, problem = ({}, problems[place]) if place in problems else _object(content, added)
                values.append(found)
                if problem:
                    problems[place] = problem
        yield values


def _without_mark(contents: list[bytes], lines: Sequence[int]) -> list[bytes]:
    return [contents[0].removeprefix(_MARK), *contents[1:]] if lines[:1] == [1] else contents


def _plain_objects(contents: Sequence[bytes], added: Collection[str]) -> list[dict[str, Any]] | None:
    """Return the objects that lines hold, read together; None when one of them needs a closer look."""
    try:
        lines = list(map(bytes.decode, contents))
        found = list(map(_scan, lines, repeat(0)))
    except (ValueError, RecursionError):
        return None
    if len(found) < len(lines):  # at a line without a value the scanner raises StopIteration, which ends the map
        return None
    values = [value for value, _ in found]
    are_whole = {line[end:] for line, (_, end) in zip(lines, found, strict=True)} <= _ENDS
    if are_whole and set(map(type, values)) <= {dict} and set().union(*values).isdisjoint(added):
        return values
    return None


def _object(raw: bytes, added: Collection[str]) -> tuple[dict[str, Any], str]:
    """Return the object that a line holds, and why it cannot be used; empty when it can."""
    try:
        values = _decode(raw.decode())
    except UnicodeDecodeError:
        return {}, NO_UTF8
    except (ValueError, RecursionError) as error:
        return {}, f"is no valid JSON ({error or 'nested too deeply'})"
    if values.__class__ is not dict:
        return {}, "is no JSON object"
    if values.keys().isdisjoint(added):
        return values, ""
    return {}, f"has a key {min(values.keys() & set(added))!r}, which scoring adds"


def encode(rows: Rows, columns: Sequence[Column], values: Values, kept: Sequence[str] | None, *, as_read: bool) -> bytes:
    """Return one line for each row.

    Args:
        rows: the rows.
        columns: columns that scoring adds.
        values: what they hold.
        kept: columns to keep; None for all.
        as_read: the rows were read from JSON lines, and go out as they came in where all columns are kept.
    """
    added = endings(values, [b", %b: " % _json(column.name) for column in columns], _json, end=b"}\n")
    if as_read and kept is None:
        bodies = _bodies(_without_mark(list(rows.raws), rows.lines))
        for place in rows.problems:
            bodies[place] = bodies[place] if rows.values[place] else b""
    else:
        bodies = [_kept(found, kept) for found in rows.values]
    if not all(bodies):
        added = [more if body else b"{" + more.removeprefix(b", ") for body, more in zip(bodies, added, strict=True)]
    return b"".join(chain.from_iterable(zip(bodies, added, strict=True)))


def _bodies(contents: Sequence[bytes]) -> list[bytes]:
    """Return objects as they came in, without what ends them."""
    ends = {content[-3:] for content in contents}
    if {content[:1] for content in contents} == {b"{"} and all(end[1:] == b"}\n" and not end[:1].isspace() for end in ends):
        return [content[:-2] for content in contents]
    return [content.strip()[:-1].rstrip() for content in contents]


def _kept(values: Mapping[str, Any], kept: Sequence[str] | None) -> bytes:
    """Return an object without its end; nothing when it is empty."""
    found = values if kept is None else {name: values[name] for name in kept if name in values}
    return _json(found)[:-1] if found else b""


def _json(value: Any) -> bytes:
    text = _encode(value)
    if _HALF_PAIR.search(text):  # half a surrogate pair has no UTF-8, but a JSON escape
        text = json.dumps(value)
    return text.encode()
