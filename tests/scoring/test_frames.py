"""From Python: data frames, record batches, plain rows; and the recipes for Dask and Ray in the documentation."""

from __future__ import annotations

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from hoakscheck import FrameError, Label
from hoakscheck.scoring import score_batches, score_files, score_frame, score_partition
from hoakscheck.scoring.columns import columns_of

AD = "Ayo coblos nomor 3, Kak Nadira Wulan! Pilih pemimpin yang paham anak muda"
ROWS = {"id": [1, 2, 3], "text": [AD, None, "Resep sayur asem ala ibu"]}
NAMES = [column.name for column in columns_of()]

FRAMES = {
    "pandas": lambda: pd.DataFrame(ROWS),
    "pandas of pyarrow": lambda: pd.DataFrame(ROWS).convert_dtypes(dtype_backend="pyarrow"),
    "polars": lambda: pl.DataFrame(ROWS),
    "pyarrow": lambda: pa.table(ROWS),
}


def _rows(frame):
    """Return the rows of a frame of any kind, with None for what is missing."""
    if isinstance(frame, pd.DataFrame):
        return frame.astype(object).where(frame.notna(), None).to_dict("records")
    return frame.to_pylist() if isinstance(frame, pa.Table) else frame.to_dicts()


@pytest.fixture(scope="module")
def scored(tiny_model):
    """Return the rows as score_partition gives them."""
    rows = [dict(zip(ROWS, values, strict=True)) for values in zip(*ROWS.values(), strict=True)]
    return list(score_partition(rows, model=tiny_model))


class TestScorePartition:
    def test_it_says_what_the_classifier_says(self, scored, tiny):
        verdict = tiny.classify(AD)
        assert scored[0]["label"] == verdict.label.value
        assert [scored[0][f"p_{label}"] for label in Label] == [round(value, 6) for value in verdict.probabilities.values()]

    def test_rows_keep_their_columns_and_their_order(self, scored):
        assert [(row["id"], row["text"]) for row in scored] == list(zip(*ROWS.values(), strict=True))
        assert list(scored[0]) == [*ROWS, *NAMES]

    def test_a_row_without_a_text_asks_for_review_and_says_why(self, scored):
        assert {name: scored[1][name] for name in ("label", "p_hoax", "needs_review", "error")} == {
            "label": None, "p_hoax": None, "needs_review": True, "error": "has no 'text'",
        }  # fmt: skip

    def test_nothing_is_taken_before_it_is_needed(self, tiny_model):
        taken = []
        rows = ({"text": "halo", "n": taken.append(n)} for n in range(10_000))
        next(score_partition(rows, model=tiny_model))
        assert len(taken) <= 2_000


class TestScoreFrame:
    @pytest.mark.parametrize("kind", FRAMES)
    def test_each_kind_gives_its_own_kind_back_with_the_same_cells(self, kind, scored, tiny_model):
        frame = FRAMES[kind]()
        result = score_frame(frame, model=tiny_model)
        assert type(result) is type(frame)
        assert _rows(result) == scored

    @pytest.mark.parametrize("kind", FRAMES)
    def test_evidence_comes_along_when_asked_for(self, kind, tiny, tiny_model):
        rows = _rows(score_frame(FRAMES[kind](), model=tiny_model, explain=True))
        assert [item["word"] for item in rows[0]["evidence"]] == [item.word for item in tiny.classify(AD).strongest()]

    @pytest.mark.parametrize("kind", FRAMES)
    def test_the_frame_that_was_given_stays_as_it_is(self, kind, tiny_model):
        frame = FRAMES[kind]()
        score_frame(frame, model=tiny_model)
        assert _rows(frame) == _rows(FRAMES[kind]())

    def test_an_index_stays_with_its_rows_even_when_it_repeats(self, tiny_model, scored):
        result = score_frame(pd.DataFrame(ROWS, index=["b", "a", "b"]), model=tiny_model)
        assert list(result.index) == ["b", "a", "b"]
        assert list(result["label"].fillna("")) == [row["label"] or "" for row in scored]

    def test_a_frame_without_rows_has_the_same_types_as_one_with(self, tiny_model):
        whole = score_frame(pd.DataFrame(ROWS), model=tiny_model)
        assert dict(score_frame(pd.DataFrame(ROWS).head(0).astype({"text": "str"}), model=tiny_model).dtypes[NAMES]) == dict(
            whole.dtypes[NAMES]
        )

    def test_a_prefix_makes_room_for_a_column_of_the_same_name(self, tiny_model):
        result = score_frame(pd.DataFrame({"text": [AD], "label": ["benign"]}), model=tiny_model, prefix="hc_")
        assert (result["label"][0], result["hc_label"][0]) == ("benign", "political_ad")

    @pytest.mark.parametrize(
        ("frame", "reason"),
        [
            (pd.DataFrame({"body": ["halo"]}), "has no column 'text'; it has 'body'"),
            (pd.DataFrame({"text": ["halo"], "label": ["x"]}), "has a column 'label', which scoring adds"),
            (pd.DataFrame([["halo", "hai"]], columns=["text", "text"]), "unique column names"),
            (pl.LazyFrame({"text": ["halo"]}), "is no data frame in memory: collect it first"),
            (["halo"], r"builtins\.list is no data frame in memory"),
        ],
    )
    def test_what_cannot_be_scored_is_refused_with_advice(self, tiny_model, frame, reason):
        with pytest.raises(FrameError, match=reason):
            score_frame(frame, model=tiny_model)


class TestScoreBatches:
    TYPES = [
        pa.string(),
        pa.large_string(),
        pa.string_view(),
        pa.dictionary(pa.int8(), pa.string()),
        pa.binary(),
        pa.large_binary(),
    ]

    @pytest.mark.parametrize("kind", TYPES, ids=str)
    def test_any_type_of_text_gives_the_same_cells(self, kind, scored, tiny_model):
        plain = pa.table(ROWS)
        table = plain.set_column(1, "text", plain["text"].cast(kind))
        batches = list(score_batches(table.to_batches(max_chunksize=2), model=tiny_model))
        assert [batch.num_rows for batch in batches] == [2, 1]
        assert pa.Table.from_batches(batches).select(NAMES).to_pylist() == [{name: row[name] for name in NAMES} for row in scored]
        assert batches[0].schema.field("text").type == kind

    def test_bytes_that_are_no_text_are_told_though_arrow_calls_them_one(self, tiny_model):
        lying = pa.StringArray.from_buffers(2, *pa.array([b"halo", b"caf\xe9"], pa.binary()).buffers()[1:])
        (batch,) = score_batches([pa.RecordBatch.from_arrays([lying], ["text"])], model=tiny_model)
        assert batch.column("error").to_pylist() == [None, "is no valid UTF-8"]


class TestParquet:
    """Parquet in, Parquet out keeps what pandas and others know of their columns."""

    def test_types_dictionaries_and_nested_columns_stay_as_they_are(self, tiny_model, tmp_path):
        from pyarrow import parquet

        table = pa.table(
            {
                "text": pa.array([AD, "halo", None, "halo"], pa.large_string()),
                "author": pa.array(["a", "b", "a", "b"]).dictionary_encode(),
                "tags": [["x"], [], None, ["y", "z"]],
                "place": [{"lat": 1.5}, None, {"lat": None}, {"lat": 2.0}],
            }
        )
        parquet.write_table(table, tmp_path / "in.parquet", row_group_size=2)
        score_files(tmp_path / "in.parquet", tmp_path / "out.parquet", model=tiny_model, chunk_size=1)
        result = parquet.read_table(tmp_path / "out.parquet").select(table.column_names)
        assert result.schema == table.schema
        assert result.to_pylist() == table.to_pylist()

    def test_a_pandas_frame_comes_back_with_its_index_and_categories(self, tiny_model, tmp_path):
        frame = pd.DataFrame({"text": [AD, "halo"], "kind": pd.Categorical(["a", "b"])}, index=pd.Index([7, 9], name="post"))
        frame.to_parquet(tmp_path / "in.parquet")
        score_files(tmp_path / "in.parquet", tmp_path / "out.parquet", model=tiny_model)
        result = pd.read_parquet(tmp_path / "out.parquet")
        pd.testing.assert_frame_equal(result[["text", "kind"]], frame)


class TestOtherEngines:
    def test_dask_maps_score_frame_over_its_partitions(self, tiny_model, scored):
        dd = pytest.importorskip("dask.dataframe", reason="dask is not installed")
        frame = pd.DataFrame(ROWS)
        posts = dd.from_pandas(frame, npartitions=2)
        meta = score_frame(frame.head(0), model=tiny_model)
        result = posts.map_partitions(score_frame, model=str(tiny_model), meta=meta).compute(scheduler="processes", num_workers=2)
        assert _rows(result) == scored

    def test_any_engine_of_plain_rows_takes_score_partition(self, tiny_model, scored):
        from concurrent.futures import ThreadPoolExecutor

        rows = [{"id": number, "text": text} for number, text in zip(ROWS["id"], ROWS["text"], strict=True)]
        with ThreadPoolExecutor(2) as pool:
            parts = pool.map(lambda part: list(score_partition(part, model=tiny_model)), [rows[:2], rows[2:]])
            assert [row for part in parts for row in part] == scored
