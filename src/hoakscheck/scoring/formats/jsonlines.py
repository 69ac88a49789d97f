"""JSON lines: each line an object. An object goes out as it came in, byte for byte, with the new keys at its end."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, Final

from hoakscheck.scoring.columns import Cells
from hoakscheck.scoring.formats.records import Record
from hoakscheck.scoring.formats.rows import NO_UTF8, Fields, Row, checked

_MARK: Final = b"\xef\xbb\xbf"

# One encoder for all: json.dumps makes a new one at every call when it is given an option, which costs as much as the encoding.
_encode: Final = json.JSONEncoder(ensure_ascii=False).encode


def decode(records: Iterable[Record], fields: Fields, added: Collection[str] = ()) -> Iterator[Row]:
    """Yield the rows of records; a row with a key of a name that scoring adds cannot be scored."""
    for record in records:
        yield _row(record, fields, added)


def _row(record: Record, fields: Fields, added: Collection[str]) -> Row:
    number, line, raw, problem = record
    values: Any = {}
    if not problem:
        try:
            values = json.loads(raw.removeprefix(_MARK).decode() if line == 1 else raw.decode())
        except UnicodeDecodeError:
            problem = NO_UTF8
        except (ValueError, RecursionError) as error:
            problem = f"is no valid JSON ({error or 'nested too deeply'})"
        else:
            if not isinstance(values, dict):
                problem = "is no JSON object"
            elif not values.keys().isdisjoint(added):
                problem = f"has a key {min(values.keys() & set(added))!r}, which scoring adds"
    if problem:
        return Row(number, line, {}, None, problem, raw)
    return checked(number, line, values, fields.text, raw)


def encode(scored: Iterable[tuple[Row, Cells]], names: Sequence[str], kept: Sequence[str] | None, *, as_read: bool) -> bytes:
    """Return one line for each row.

    Args:
        scored: the rows, each with what scoring adds to it.
        names: names of the added cells.
        kept: columns to keep; None for all.
        as_read: the rows were read from JSON lines, and go out as they came in where all columns are kept.
    """
    lines = []
    for row, added in scored:
        new = dict(zip(names, added, strict=True))
        if as_read and kept is None and row.values:
            body = row.raw.removeprefix(_MARK) if row.line == 1 else row.raw
            lines.append(body.strip()[:-1].rstrip() + b", " + _json(new)[1:] + b"\n")
        else:
            values = row.values if kept is None else {name: row.values[name] for name in kept if name in row.values}
            lines.append(_json({**values, **new}) + b"\n")
    return b"".join(lines)


def _json(values: dict[str, Any]) -> bytes:
    try:
        return _encode(values).encode()
    except UnicodeEncodeError:  # half a surrogate pair has no UTF-8, but it has a JSON escape
        return json.dumps(values).encode()
