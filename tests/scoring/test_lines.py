"""Lines and records are the same however a stream is read, a pipe in pieces or a file at once; resuming rests on it."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hoakscheck.scoring.formats.lines import Lines
from hoakscheck.scoring.formats.records import JsonRecords, QuotedRecords, Records


class Pieces:
    """A stream that gives what it holds piece by piece, as a pipe does."""

    def __init__(self, pieces):
        self._pieces = [piece for piece in pieces if piece]

    def read1(self, _):
        return self._pieces.pop(0) if self._pieces else b""

    read = read1


def taken(lines, most=3):
    found = []
    while (run := lines.take(most, 10**6)).contents:
        found += [(run.first + place, line, run.lengths.get(place, len(line))) for place, line in enumerate(run.contents)]
    return found, lines.digest()


def chunks(content, kind, *, pieces=None, most, size, longest=20):
    """Return (number, line, raw, problem) of every record, chunk by chunk, each with the digest at its end."""
    lines = Lines(Pieces(pieces) if pieces else io.BytesIO(content), longest=longest, any_end=kind == "csv")
    source = QuotedRecords(lines, ",", longest) if kind == "csv" else JsonRecords(lines, longest)
    found, first = [], 1
    while True:
        records = Records(first)
        source.fill(records, most, size)
        if not len(records):
            return found
        rows = zip(records.lines, records.contents, strict=True)
        found.append(([(first + n, line, raw, records.problems.get(n, "")) for n, (line, raw) in enumerate(rows)], lines.digest()))
        first += len(records)


PIECES = st.lists(st.text(st.sampled_from('ab",\r\n {}'), max_size=12).map(str.encode), max_size=8)


@given(pieces=PIECES, longest=st.integers(2, 12), any_end=st.booleans(), most=st.integers(1, 4))
@settings(max_examples=500, deadline=None)
def test_lines_are_those_of_the_whole_content(pieces, longest, any_end, most):
    content = b"".join(pieces)
    whole = content.splitlines(keepends=True) if any_end else io.BytesIO(content).readlines()
    found, digest = taken(Lines(Pieces(pieces), longest=longest, any_end=any_end), most)
    kept = [line if len(line) <= longest else line[: min(1_024, longest)] for line in whole]
    assert found == [(number, line, len(all_)) for number, (line, all_) in enumerate(zip(kept, whole, strict=True), 1)]
    assert digest == taken(Lines(io.BytesIO(content), longest=longest, any_end=any_end))[1]


def test_a_line_that_is_too_long_and_ends_with_a_carriage_return_swallows_no_other():
    lines = Lines(Pieces([b"x" * 50 + b"\r", b"hai\n", b"halo\n"]), longest=20, any_end=True)
    assert taken(lines)[0] == [(1, b"x" * 20, 51), (2, b"hai\n", 4), (3, b"halo\n", 5)]


@given(pieces=PIECES, most=st.integers(1, 4), size=st.integers(1, 30), kind=st.sampled_from(["csv", "jsonl"]))
@settings(max_examples=500, deadline=None)
def test_chunks_end_at_the_same_rows_however_the_stream_is_read(pieces, most, size, kind):
    content = b"".join(pieces)
    assert chunks(content, kind, pieces=pieces, most=most, size=size) == chunks(content, kind, most=most, size=size)


@given(pieces=PIECES, most=st.integers(1, 4), size=st.integers(1, 30), kind=st.sampled_from(["csv", "jsonl"]))
@settings(max_examples=500, deadline=None)
def test_records_are_the_same_in_chunks_of_any_size(pieces, most, size, kind):
    content = b"".join(pieces)
    found = [record for records, _ in chunks(content, kind, most=most, size=size) for record in records]
    assert found == [record for records, _ in chunks(content, kind, most=10**6, size=10**9) for record in records]


@pytest.mark.parametrize(("before", "after"), [(b"a\nb\n", b"a\nc\n"), (b"a\nb\n", b"a\n\nb\n"), (b"x" * 50, b"x" * 49 + b"y")])
def test_another_content_has_another_digest(before, after):
    assert (
        taken(Lines(io.BytesIO(before), longest=20, any_end=True))[1]
        != taken(Lines(io.BytesIO(after), longest=20, any_end=True))[1]
    )


def test_lines_that_are_given_back_come_again_under_their_numbers_and_are_hashed_once():
    lines = Lines(Pieces([b"a\nb\n", b"c\nd\n"]), longest=9, any_end=False)
    first, second = lines.take(2, 99), lines.take(2, 99)
    lines.give_back([*first.contents[1:], *second.contents])
    again = lines.take(9, 99)
    assert (again.first, again.contents) == (2, [b"b\n", b"c\n", b"d\n"])
    assert lines.digest() == taken(Lines(io.BytesIO(b"a\nb\nc\nd\n"), longest=9, any_end=False))[1]
