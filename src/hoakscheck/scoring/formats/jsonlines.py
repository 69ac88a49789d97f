"""JSON lines: each line an object. An object goes out as it came in, byte for byte, with the new keys at its end."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, Final

from hoakscheck.scoring.columns import Column, Kind, Values
from hoakscheck.scoring.formats.records import Record
from hoakscheck.scoring.formats.rows import NO_UTF8, Fields, Row, checked

_MARK: Final = b"\xef\xbb\xbf"
_HALF_PAIR: Final = re.compile("[\ud800-\udfff]")

# One of each for all: json.dumps makes a new encoder at every call when it is given an option, which costs as much as the encoding.
_encode: Final = json.JSONEncoder(ensure_ascii=False).encode
_decode: Final = json.JSONDecoder().decode


def decode(records: Iterable[Record], fields: Fields, added: Collection[str] = ()) -> Iterator[Row]:
    """Yield the rows of records; a row with a key of a name that scoring adds cannot be scored."""
    for record in records:
        yield _row(record, fields, added)


def _row(record: Record, fields: Fields, added: Collection[str]) -> Row:
    number, line, raw, problem = record
    values: Any = {}
    if not problem:
        try:
            values = _decode(raw.removeprefix(_MARK).decode() if line == 1 else raw.decode())
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
    names = ", ".join(_json(column.name).replace("%", "%%") + ": %s" for column in columns)
    line = names + "}\n"
    added = zip(*(_texts(column.kind, some) for column, some in zip(columns, values, strict=True)), strict=True)
    for row, cells in zip(rows, added, strict=True):
        if as_read and kept is None and row.values:
            body = row.raw.removeprefix(_MARK) if row.line == 1 else row.raw
            yield b"%s, %s" % (body.strip()[:-1].rstrip(), (line % cells).encode())
        else:
            found = row.values if kept is None else {name: row.values[name] for name in kept if name in row.values}
            yield ((_json(found)[:-1] + ", " if found else "{") + line % cells).encode()


def _texts(kind: Kind, values: Sequence[Any]) -> Iterator[str]:
    """Return values of one column as JSON."""
    match kind:
        case Kind.NUMBER:
            return ("null" if value is None else repr(value) for value in values)
        case Kind.WORDS:
            return map(_json, values)
        case _:  # a few, again and again
            known = {value: _json(value) for value in set(values)}
            return map(known.__getitem__, values)


def _json(value: Any) -> str:
    text = _encode(value)
    return json.dumps(value) if _HALF_PAIR.search(text) else text  # half a surrogate pair has no UTF-8, but it has a JSON escape
