"""JSON lines: each line an object. An object goes out as it came in, byte for byte, with the new keys at its end."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain, repeat
from typing import Any, Final

from hoakscheck.scoring.columns import Column
from hoakscheck.scoring.formats.records import Records
from hoakscheck.scoring.formats.rows import NO_UTF8, Fields, Rows, usable
from hoakscheck.scoring.values.cells import endings
from hoakscheck.scoring.values.choices import Values

_MARK: Final = b"\xef\xbb\xbf"
_HALF_PAIR: Final = re.compile("[\ud800-\udfff]")

# One of each for all: json.dumps makes a new encoder at every call when it is given an option, which costs as much as the encoding.
_encode: Final = json.JSONEncoder(ensure_ascii=False).encode
_decode: Final = json.JSONDecoder().decode
_scan: Final = json.scanner.make_scanner(json.JSONDecoder())  # type: ignore[attr-defined]  # typeshed has no json.scanner
_ENDS: Final = ("\n", "\r\n", "")


def decode(records: Records, fields: Fields, added: Collection[str] = ()) -> Rows:
    """Return the rows of records; a row with a key of a name that scoring adds cannot be scored."""
    lines, problems, values = records.lines, dict(records.problems), list[dict[str, Any]]()
    contents = _without_mark(records.contents, lines)
    is_free = frozenset(added).isdisjoint
    for place, (content, (found, is_whole)) in enumerate(zip(contents, _scanned(contents), strict=True)):
        if is_whole and found.__class__ is dict and is_free(found):
            values.append(found)
            continue
        read, problem = _object(content, added) if place not in problems else ({}, "")
        values.append(read)
        if problem:
            problems[place] = problem
    texts = usable([some.get(fields.text) for some in values], fields.text, problems)
    return Rows(records.first, lines, texts, problems, values, records.contents)


def _without_mark(contents: list[bytes], lines: Sequence[int]) -> list[bytes]:
    return [contents[0].removeprefix(_MARK), *contents[1:]] if lines[:1] == [1] else contents


def _scanned(contents: Sequence[bytes]) -> Iterable[tuple[Any, bool]]:
    """Return the value that each line begins with, and whether it is all there is; without a look at any when one has none."""
    try:
        lines = list(map(bytes.decode, contents))
        found = list(map(_scan, lines, repeat(0)))
    except (ValueError, RecursionError):
        found = []
    if len(found) < len(contents):  # at a line without a value the scanner raises StopIteration, which ends the map
        return repeat((None, False), len(contents))
    return [(value, line[end:] in _ENDS) for line, (value, end) in zip(lines, found, strict=True)]


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
        contents = _without_mark(list(rows.raws), rows.lines)
        bodies = [raw.strip()[:-1].rstrip() if found else b"" for raw, found in zip(contents, rows.values, strict=True)]
    else:
        bodies = [_kept(found, kept) for found in rows.values]
    if not all(bodies):
        added = [more if body else b"{" + more.removeprefix(b", ") for body, more in zip(bodies, added, strict=True)]
    return b"".join(chain.from_iterable(zip(bodies, added, strict=True)))


def _kept(values: Mapping[str, Any], kept: Sequence[str] | None) -> bytes:
    """Return an object without its end; nothing when it is empty."""
    found = values if kept is None else {name: values[name] for name in kept if name in values}
    return _json(found)[:-1] if found else b""


def _json(value: Any) -> bytes:
    text = _encode(value)
    if _HALF_PAIR.search(text):  # half a surrogate pair has no UTF-8, but a JSON escape
        text = json.dumps(value)
    return text.encode()
