"""JSON lines: each line an object. An object goes out as it came in, byte for byte, with the new keys at its end."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, Final

from hoakscheck.scoring.columns import Column, Values, written
from hoakscheck.scoring.formats.records import Record
from hoakscheck.scoring.formats.rows import NO_UTF8, Fields, Row, checked

_MARK: Final = b"\xef\xbb\xbf"
_HALF_PAIR: Final = re.compile("[\ud800-\udfff]")

# One of each for all: json.dumps makes a new encoder at every call when it is given an option, which costs as much as the encoding.
_encode: Final = json.JSONEncoder(ensure_ascii=False).encode
_decode: Final = json.JSONDecoder().decode
_decode_first: Final = json.JSONDecoder().raw_decode
_ENDS: Final = ("\n", "\r\n", "")


def decode(records: Iterable[Record], fields: Fields, added: Collection[str] = ()) -> Iterator[Row]:
    """Yield the rows of records; a row with a key of a name that scoring adds cannot be scored."""
    for number, line, raw, known in records:
        values, found = ({}, known) if known else _object(raw.removeprefix(_MARK) if line == 1 else raw, added)
        yield Row(number, line, {}, None, found, raw) if found else checked(number, line, values, fields.text, raw)


def _object(raw: bytes, added: Collection[str]) -> tuple[dict[str, Any], str]:
    """Return the object that a line holds, and why it cannot be used; empty when it can."""
    try:
        values = _parsed(raw.decode())
    except UnicodeDecodeError:
        return {}, NO_UTF8
    except (ValueError, RecursionError) as error:
        return {}, f"is no valid JSON ({error or 'nested too deeply'})"
    if values.__class__ is not dict:
        return {}, "is no JSON object"
    if values.keys().isdisjoint(added):
        return values, ""
    return {}, f"has a key {min(values.keys() & set(added))!r}, which scoring adds"


def _parsed(line: str) -> Any:
    """Return what a line holds; ``decode`` looks for blanks at both ends first, which here are hardly ever there."""
    try:
        value, end = _decode_first(line)
    except ValueError:
        return _decode(line)
    return value if line[end:] in _ENDS else _decode(line)


def encode(
    rows: Sequence[Row], columns: Sequence[Column], values: Values, kept: Sequence[str] | None, *, as_read: bool
) -> Iterator[bytes]:
    """Yield one line for each row.

    Args:
        rows: the rows.
        columns: columns that scoring adds.
        values: what they hold.
        kept: columns to keep; None for all.
        as_read: the rows were read from JSON lines, and go out as they came in where all columns are kept.
    """
    line = b", %b}\n" % b", ".join(_json(column.name).replace(b"%", b"%%") + b": %b" for column in columns)
    added = zip(*(written(column.kind, some, _json) for column, some in zip(columns, values, strict=True)), strict=True)
    for row, cells in zip(rows, added, strict=True):
        if as_read and kept is None and row.values:
            body = row.raw.removeprefix(_MARK) if row.line == 1 else row.raw
            yield body.strip()[:-1].rstrip() + line % cells
        else:
            found = row.values if kept is None else {name: row.values[name] for name in kept if name in row.values}
            yield _json(found)[:-1] + line % cells if found else b"{" + (line % cells).removeprefix(b", ")


def _json(value: Any) -> bytes:
    text = _encode(value)
    if _HALF_PAIR.search(text):  # half a surrogate pair has no UTF-8, but a JSON escape
        text = json.dumps(value)
    return text.encode()
