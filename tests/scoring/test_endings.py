"""What scoring adds to rows is the same bytes whether rows are written together or cell by cell."""

import json

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from hoakscheck.scoring.values.cells import endings
from hoakscheck.scoring.values.choices import Choices, plain


def write(value):
    return json.dumps(value).encode()


def cell(value):
    return f"{value:.6f}".encode() if isinstance(value, float) else write(value)


TEXT = st.sampled_from([None, "", "hoax", "benign", 'baris "satu"', "nul\0", True, False])
NUMBER = st.one_of(st.just(float("nan")), st.integers(0, 1_000_000).map(lambda number: number / 1_000_000))
KIND = st.sampled_from(["choices", "numbers", "words"])


@given(kinds=st.lists(KIND, min_size=1, max_size=6), count=st.integers(0, 12), data=st.data())
@settings(max_examples=400, deadline=None)
def test_rows_written_together_are_those_written_cell_by_cell(kinds, count, data):
    def column(kind):
        if kind == "numbers":
            return np.array(data.draw(st.lists(NUMBER, min_size=count, max_size=count)), dtype=np.float64)
        values = data.draw(st.lists(TEXT, min_size=count, max_size=count))
        return Choices.of(values) if kind == "choices" else [[value] for value in values]

    columns = [column(kind) for kind in kinds]
    before = [f", {place}: ".encode() for place in range(len(columns))]
    rows = zip(*map(plain, columns), strict=True)
    alone = [b"".join(start + cell(value) for start, value in zip(before, row, strict=True)) + b"}\n" for row in rows]
    assert endings(columns, before, write, end=b"}\n") == alone
