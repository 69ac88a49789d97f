"""Columns beside the text: what is known of a post decides in files, frames, batches and plain rows as it does for one text."""

from __future__ import annotations

import datetime
import json
import math

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from click.testing import CliRunner
from pyarrow import parquet

from hoakscheck import Context, FrameError, InputError, InvalidContextError, Label
from hoakscheck.cli import main
from hoakscheck.scoring import score_batches, score_files, score_frame, score_partition
from hoakscheck.scoring.columns import columns_of
from hoakscheck.scoring.contexts import context_of
from hoakscheck.scoring.verdicts import Unusable

NEWS = "Bupati Rawit meninjau jembatan bersama warga"
COLUMNS = {"is_paid": "sponsored", "account_type": "akun", "published_at": "tanggal"}
ROWS = [
    {"text": NEWS, "sponsored": "ya", "akun": "party", "tanggal": "2024-02-12"},
    {"text": NEWS, "sponsored": "", "akun": "", "tanggal": ""},
    {"text": NEWS, "sponsored": "0", "akun": "media", "tanggal": "2024-01-05T10:00+07:00"},
    {"text": "Ayo coblos nomor 3, Kak Nadira Wulan!", "sponsored": "false", "akun": "citizen", "tanggal": ""},
    {"text": NEWS, "sponsored": "perhaps", "akun": "", "tanggal": ""},
]
BAD = "has no usable context: is_paid is 'perhaps'; it must be True, False or None"


def expected(classifier, row):
    """Return what one text gets with the same context."""
    context = Context(
        is_paid={"ya": True, "0": False, "false": False}.get(row["sponsored"]),
        account_type=row["akun"] or None,
        published_at=row["tanggal"] or None,
    )
    verdict = classifier.classify(row["text"], context)
    return {
        "label": verdict.label.value,
        **{f"p_{label}": round(verdict.probabilities[label], 6) for label in Label},
        "needs_review": verdict.needs_review,
        "review_reasons": " ".join(verdict.review_reasons),
        "basis": verdict.basis.value,
        "rules": " ".join(rule.id for rule in verdict.rules),
        "flags": " ".join(verdict.flags),
        "error": None,
    }


@pytest.fixture(scope="module")
def wanted(tiny):
    return [expected(tiny, row) for row in ROWS[:4]]


def check(rows, wanted):
    assert [{name: row[name] for name in wanted[0]} for row in rows[:4]] == wanted
    assert (rows[4]["label"], rows[4]["needs_review"], rows[4]["basis"]) == (None, True, None)
    assert rows[4]["error"].endswith(BAD)


class TestCells:
    @pytest.mark.parametrize("cell", ["true", "Yes", " ya ", "T", "1", 1, 1.0, True])
    def test_yes_is_said_in_many_ways(self, cell):
        assert context_of({"c": cell}, [("is_paid", "c")]).is_paid is True

    @pytest.mark.parametrize("cell", ["false", "No", "tidak", "0", 0, False])
    def test_so_is_no(self, cell):
        assert context_of({"c": cell}, [("branded_content", "c")]).branded_content is False

    @pytest.mark.parametrize("cell", [None, "", "  ", math.nan, pd.NA, pd.NaT])
    @pytest.mark.parametrize("field", ["is_paid", "account_type", "platform", "published_at"])
    def test_an_empty_cell_tells_nothing(self, field, cell):
        assert context_of({"c": cell}, [(field, "c")]).is_empty
        assert context_of({}, [(field, "c")]).is_empty

    @pytest.mark.parametrize(
        "cell", ["2024-02-12", datetime.date(2024, 2, 12), datetime.datetime(2024, 2, 12, 9), pd.Timestamp("2024-02-12")]
    )
    def test_a_day_may_be_a_text_or_a_date(self, cell):
        assert context_of({"c": cell}, [("published_at", "c")]).published_on == datetime.date(2024, 2, 12)

    @pytest.mark.parametrize(
        ("field", "cell"), [("is_paid", 2), ("account_type", "kpu"), ("published_at", "kemarin"), ("platform", 7)]
    )
    def test_what_cannot_be_read_says_why(self, field, cell):
        found = context_of({"c": cell}, [(field, "c")])
        assert isinstance(found, Unusable)
        assert field in found.reason
        assert repr(cell) in found.reason


class TestEngines:
    def test_plain_rows(self, tiny_model, wanted):
        check(list(score_partition(ROWS, context_columns=COLUMNS, model=tiny_model)), wanted)

    def test_batches(self, tiny_model, wanted):
        batch = pa.RecordBatch.from_pylist(ROWS)
        found = list(score_batches([batch], context_columns=COLUMNS, model=tiny_model))
        check(found[0].to_pylist(), wanted)

    @pytest.mark.parametrize("kind", [pl.DataFrame, pa.Table.from_pylist])
    def test_frames(self, kind, tiny_model, wanted):
        found = score_frame(kind(ROWS), context_columns=COLUMNS, model=tiny_model)
        check(found.to_pylist() if isinstance(found, pa.Table) else found.to_dicts(), wanted)

    def test_a_frame_of_pandas_with_types_of_its_own(self, tiny_model, wanted):
        frame = pd.DataFrame(ROWS[:4])
        frame["sponsored"] = [True, None, False, False]
        frame["tanggal"] = pd.to_datetime(["2024-02-12", None, "2024-01-05", None])
        found = score_frame(frame, context_columns=COLUMNS, model=tiny_model)
        assert found["rules"].tolist() == [row["rules"] for row in wanted]

    @pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
    @pytest.mark.parametrize("target", ["jsonl", "parquet"])
    def test_files(self, ending, target, tiny_model, wanted, read, tmp_path):
        source = tmp_path / f"posts.{ending}"
        if ending == "parquet":
            parquet.write_table(pa.Table.from_pylist(ROWS), source)
        elif ending == "csv":
            pd.DataFrame(ROWS).to_csv(source, index=False)
        else:
            source.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
        summary = score_files(source, tmp_path / f"scored.{target}", context_columns=COLUMNS, model=tiny_model)
        check(read(tmp_path / f"scored.{target}"), wanted)
        assert summary.bad == 1
        assert BAD in read(tmp_path / f"scored.{target}.quarantine.jsonl")[0]["reason"]

    def test_with_words_that_speak_for_the_label(self, tiny_model):
        rows = list(score_partition(ROWS[:1], context_columns=COLUMNS, explain=True, model=tiny_model))
        assert list(rows[0])[4:] == [column.name for column in columns_of(context=True, explain=True)]

    def test_without_columns_nothing_is_added(self, tiny_model):
        assert "basis" not in next(score_partition(ROWS, model=tiny_model))

    def test_several_processes_agree(self, tiny_model, tmp_path):
        source = tmp_path / "posts.jsonl"
        source.write_text("".join(json.dumps(row) + "\n" for row in ROWS * 50))
        for jobs in (1, 2):
            score_files(source, tmp_path / f"{jobs}.jsonl", context_columns=COLUMNS, jobs=jobs, chunk_size=40, model=tiny_model)
        assert (tmp_path / "1.jsonl").read_bytes() == (tmp_path / "2.jsonl").read_bytes()


class TestRefusals:
    def test_an_unknown_field_is_named_with_those_that_there_are(self, tiny_model):
        with pytest.raises(InvalidContextError, match="'paid'; it must be one of is_paid, branded_content"):
            list(score_partition(ROWS, context_columns={"paid": "sponsored"}, model=tiny_model))

    def test_a_column_that_is_not_there_is_named(self, tiny_model, tmp_path):
        with pytest.raises(FrameError, match="no column 'berbayar'"):
            score_frame(pl.DataFrame(ROWS), context_columns={"is_paid": "berbayar"}, model=tiny_model)
        (tmp_path / "a.csv").write_text("text\nhalo\n")
        with pytest.raises(InputError, match="no column 'berbayar'"):
            score_files(tmp_path / "a.csv", tmp_path / "b.csv", context_columns={"is_paid": "berbayar"}, model=tiny_model)

    def test_the_command_takes_pairs(self, tiny_model, read, tmp_path):
        pd.DataFrame(ROWS[:1]).to_csv(tmp_path / "a.csv", index=False)
        line = ["score", tmp_path / "a.csv", "-o", tmp_path / "b.jsonl", "--context", "is_paid=sponsored", "--model", tiny_model]
        assert CliRunner().invoke(main, list(map(str, line))).exit_code == 0
        assert "paid-political" in read(tmp_path / "b.jsonl")[0]["rules"]
        line[line.index("is_paid=sponsored")] = "sponsored"
        result = CliRunner().invoke(main, list(map(str, line)))
        assert (result.exit_code, "is no FIELD=COLUMN" in result.output) == (2, True)
