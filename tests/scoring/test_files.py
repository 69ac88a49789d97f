"""Files in, files out: one output row for each input row, in order, whole or not at all."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hoakscheck import InputError, Label, OutputExistsError
from hoakscheck.scoring import score_files
from hoakscheck.scoring.columns import columns_of

AD = "Ayo coblos nomor 3, Kak Nadira Wulan! Pilih pemimpin yang paham anak muda"
PLAIN = "Resep sayur asem ala ibu, kuahnya segar banget"
COLUMNS = tuple(column.name for column in columns_of())


def _header(path):
    return next(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))


def _files(folder):
    return sorted(path.name for path in folder.iterdir())


class TestFormats:
    TABLE = f'id,text,author\n1,"{AD}",wulan\n2,"{PLAIN}",\n'
    LINES = f"{json.dumps({'id': 1, 'text': AD, 'author': 'wulan'})}\n{json.dumps({'id': 2, 'text': PLAIN, 'author': None})}\n"

    TABS = f"id\ttext\tauthor\n1\t{AD}\twulan\n2\t{PLAIN}\t\n"
    OUTPUTS = ("scored.csv", "scored.jsonl", "scored.ndjson", "SCORED.CSV", "s.tsv", "s.csv.gz", "s.jsonl.zst", "s.parquet")

    @pytest.mark.parametrize("output", OUTPUTS)
    @pytest.mark.parametrize(("name", "content"), [("posts.csv", TABLE), ("posts.jsonl", LINES), ("posts.tsv", TABS)])
    def test_each_goes_into_each(self, score, tiny, name, content, output):
        summary, rows = score(name, content, output)
        assert (summary.rows, summary.bad) == (2, 0)
        assert [(str(row["id"]), row["text"], row["author"] or "") for row in rows] == [("1", AD, "wulan"), ("2", PLAIN, "")]
        assert [row["label"] for row in rows] == [tiny.classify(text).label.value for text in (AD, PLAIN)]

    def test_columns_stay_in_order_and_those_of_scoring_follow(self, score, tmp_path):
        score("posts.csv", self.TABLE)
        assert _header(tmp_path / "scored.csv") == ["id", "text", "author", *COLUMNS]

    def test_keys_of_json_lines_stay_in_order_too(self, score):
        _, rows = score("posts.jsonl", self.LINES, "scored.jsonl")
        assert list(rows[0]) == ["id", "text", "author", *COLUMNS]

    def test_the_columns_of_scoring_are_those_documented(self):
        assert COLUMNS == (
            "label", "probability", "p_hoax", "p_political_ad", "p_benign", "needs_review", "review_reasons", "model", "model_digest",
            "error",
        )  # fmt: skip

    @pytest.mark.parametrize(("row", "is_proper"), [
        ('1,halo,"wulan, ""ani"""', True), ('"1","halo","a\nb"', True), ("1,halo,", True), ("1,halo,\t x ", True),
        ('1,"halo",5" layar', False), ('1,"hal"o,wulan', False),  # other readers would not take these as they are
    ])  # fmt: skip
    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r", ""])
    def test_rows_of_csv_go_out_as_they_came_in_with_cells_behind(self, score, tmp_path, row, is_proper, end):
        _, (read,) = score("posts.csv", f"id,text,author{end or chr(10)}{row}{end}".encode())
        line = (tmp_path / "scored.csv").read_bytes().split(b"\n", 1)[1]
        cells = next(csv.reader(io.StringIO(row, newline="")))
        assert [read["id"], read["text"], read["author"]] == cells
        assert line.startswith(row.encode() + b",") is is_proper

    def test_json_lines_hold_numbers_and_truth_values(self, score, tiny):
        _, (row, _) = score("posts.jsonl", self.LINES, "scored.jsonl")
        verdict = tiny.classify(AD)
        assert row["probability"] == pytest.approx(verdict.probability, abs=1e-6)
        assert [row[f"p_{label}"] for label in Label] == pytest.approx(list(verdict.probabilities.values()), abs=1e-6)
        assert (row["needs_review"], row["review_reasons"], row["model"], row["error"]) == (False, "", "tiny-id@0.0.1", None)

    def test_csv_holds_them_as_words(self, score):
        _, rows = score("posts.csv", f'text\n"{AD}"\nhalo\n')
        assert [(row["needs_review"], row["review_reasons"], row["error"]) for row in rows] == [
            ("false", "", ""),
            ("true", "few_words unknown_words", ""),
        ]

    def test_nested_values_of_json_lines_become_json_in_a_cell(self, score):
        _, (row,) = score("posts.jsonl", '{"text": "halo", "tags": ["pilkada", "é"], "ok": true}\n')
        assert (row["tags"], row["ok"]) == ('["pilkada", "é"]', "true")

    def test_another_column_can_hold_the_text(self, score):
        _, (row,) = score("posts.csv", f'text,body\nx,"{AD}"\n', text_column="body")
        assert row["label"] == "political_ad"

    def test_rows_of_json_lines_may_have_different_keys(self, score):
        _, rows = score("posts.jsonl", '{"text": "halo"}\n{"text": "hai", "id": 2}\n', "scored.jsonl")
        assert [row.get("id") for row in rows] == [None, 2]

    def test_a_key_that_comes_late_is_not_lost_in_csv(self, score):
        _, rows = score("posts.jsonl", '{"text": "halo"}\n{"text": "hai", "id": 2}\n')
        assert [row["id"] for row in rows] == ["", "2"]

    def test_progress_tells_rows_and_bytes_after_every_chunk(self, score):
        seen = []
        score("posts.csv", self.TABLE, progress=lambda *counts: seen.append(counts), chunk_size=1)
        size = len(self.TABLE.encode())
        assert seen == [(1, size, size), (2, size, size)]


class TestCells:
    def test_a_quoted_cell_may_hold_new_lines_quotes_and_commas(self, score):
        text = 'Ayo coblos,\nnomor "3"\r\nbesok'
        quoted = text.replace('"', '""')
        _, (row,) = score("posts.csv", f'id,text\n1,"{quoted}"\n')
        assert row["text"] == text

    def test_a_byte_order_mark_is_no_part_of_the_first_column(self, score, tmp_path):
        score("posts.csv", b"\xef\xbb\xbftext,id\nhalo,1\n")
        assert _header(tmp_path / "scored.csv")[:2] == ["text", "id"]

    def test_a_byte_order_mark_before_json_lines_is_skipped(self, score):
        summary, _ = score("posts.jsonl", b'\xef\xbb\xbf{"text": "halo"}\n')
        assert (summary.rows, summary.bad) == (1, 0)

    @pytest.mark.parametrize(
        ("name", "content"),
        [("posts.csv", b"id,text\r\n1,halo\r\n2,hai\r\n"), ("posts.jsonl", b'{"text":"halo"}\r\n{"text":"hai"}\r\n')],
    )
    def test_line_ends_of_windows_are_line_ends(self, score, name, content):
        _, rows = score(name, content)
        assert [row["text"] for row in rows] == ["halo", "hai"]

    @pytest.mark.parametrize(
        ("name", "content"), [("posts.csv", "text\nhalo\n\n\nhai"), ("posts.jsonl", '{"text":"halo"}\n\n \n{"text":"hai"}')]
    )
    def test_blank_lines_are_no_rows_and_the_last_line_needs_no_end(self, score, name, content):
        _, rows = score(name, content)
        assert [row["text"] for row in rows] == ["halo", "hai"]

    def test_a_line_separator_inside_a_text_ends_no_line(self, score):
        _, rows = score("posts.jsonl", '{"text":"ayo\u2028coblos\x85besok"}\n', "scored.csv")
        assert [row["text"] for row in rows] == ["ayo\u2028coblos\x85besok"]

    @pytest.mark.parametrize("text", ["ayo\rcoblos", "ayo\r", "\rayo", "ayo\r\ncoblos", "ayo\x0bcoblos\x0c"])
    def test_a_text_with_any_line_end_stays_one_row(self, score, text):
        _, rows = score("posts.csv", f'text\n"{text}"\n')
        assert [row["text"] for row in rows] == [text]

    def test_an_empty_text_is_a_text_that_needs_review(self, score):
        summary, (row,) = score("posts.csv", "id,text\n1,\n")
        assert (row["needs_review"], row["review_reasons"].split()[0]) == ("true", "no_words")
        assert (summary.bad, summary.needs_review) == (0, 1)

    def test_a_cell_longer_than_the_default_limit_of_the_csv_module_is_read(self, score):
        summary, _ = score("posts.csv", f"text\n{'ayo coblos ' * 20_000}\n")
        assert (summary.rows, summary.bad) == (1, 0)

    @pytest.mark.parametrize("escape", ["\\ud83d", "\\udce9"])
    @pytest.mark.parametrize("output", ["scored.csv", "scored.jsonl"])
    def test_half_a_surrogate_pair_in_json_does_not_end_the_run(self, score, output, escape):
        summary, rows = score("posts.jsonl", f'{{"text": "halo", "author": "{escape}"}}\n{{"text": "hai {escape}"}}\n', output)
        assert (summary.rows, len(rows)) == (2, 2)

    def test_bytes_of_another_encoding_outside_the_text_stay_as_they_are_in_csv(self, score, tmp_path):
        summary, _ = score("posts.csv", b"author,text\ncaf\xe9,halo\n")
        assert summary.bad == 0
        assert b"\ncaf\xe9,halo," in (tmp_path / "scored.csv").read_bytes()

    def test_they_do_not_make_json_lines_unreadable(self, score):
        summary, rows = score("posts.csv", b"author,text\ncaf\xe9,halo\n", "scored.jsonl")
        assert (summary.rows, rows[0]["text"]) == (1, "halo")


class TestBadRows:
    """What cannot be read keeps its place in the output, says why, and goes whole to the quarantine."""

    CASES = [
        pytest.param("posts.csv", b"id,text\n1,halo\n2,caf\xe9\n3,hai\n", "is no valid UTF-8", id="csv, bytes of another encoding"),
        pytest.param("posts.csv", b"id,text\n1,halo\n2,hai,hai\n3,hai\n", "has 3 cells, the header 2", id="csv, too long"),
        pytest.param("posts.csv", b"id,text\n1,halo\n2\n3,hai\n", "has 1 cells, the header 2", id="csv, too short"),
        pytest.param(
            "posts.jsonl",
            b'{"text":"halo"}\n{"text":"caf\xe9"}\n{"text":"hai"}\n',
            "is no valid UTF-8",
            id="json, bytes of another encoding",
        ),
        pytest.param("posts.jsonl", b'{"text":"halo"}\n{"text":\n{"text":"hai"}\n', "is no valid JSON", id="json, broken"),
        pytest.param(
            "posts.jsonl", b'{"text":"halo"}\n' + b"[" * 100_000 + b'\n{"text":"hai"}\n', "is no valid JSON", id="json, too deep"
        ),
        pytest.param("posts.jsonl", b'{"text":"halo"}\n["hai"]\n{"text":"hai"}\n', "is no JSON object", id="json, a list"),
        pytest.param("posts.jsonl", b'{"text":"halo"}\n{"body":"hai"}\n{"text":"hai"}\n', "has no 'text'", id="json, no text"),
        pytest.param("posts.jsonl", b'{"text":"halo"}\n{"text":null}\n{"text":"hai"}\n', "has no 'text'", id="json, null"),
        pytest.param(
            "posts.jsonl", b'{"text":"halo"}\n{"text":5}\n{"text":"hai"}\n', "has int instead of a text", id="json, a number"
        ),
    ]

    @pytest.mark.parametrize(("name", "content", "problem"), CASES)
    @pytest.mark.parametrize("output", ["scored.csv", "scored.jsonl"])
    def test_it_keeps_its_place_says_why_and_stops_nothing(self, score, name, content, problem, output):
        summary, rows = score(name, content, output)
        assert (summary.rows, summary.bad) == (3, 1)
        assert [bool(row["error"]) for row in rows] == [False, True, False]
        assert rows[1]["error"].startswith("row 2 ")
        assert problem in rows[1]["error"]
        assert not rows[1]["label"]

    def test_it_keeps_what_could_be_read_of_it(self, score):
        _, rows = score("posts.csv", "id,text\n7,halo,hai\n")
        assert (rows[0]["id"], rows[0]["text"]) == ("7", "halo")

    def test_a_bad_first_line_costs_the_others_no_column(self, score):
        _, rows = score("posts.jsonl", 'broken\n{"id": 2, "text": "halo"}\n')
        assert (rows[1]["id"], rows[1]["text"]) == ("2", "halo")


class TestRefusal:
    """What makes the whole input unusable is said at once, and nothing is written."""

    CASES = [
        pytest.param("posts.csv", "id,body\n1,halo\n", {}, r"has no column 'text'; it has 'id', 'body'", 1, id="missing column"),
        pytest.param("posts.csv", "text,id,id\nhalo,1,2\n", {}, r"names the column 'id' more than once", 1, id="duplicate header"),
        pytest.param("posts.csv", "", {}, "is empty", None, id="empty CSV"),
        pytest.param("posts.csv", b"\xef\xbb\xbf", {}, "is empty", None, id="nothing but a byte order mark"),
        pytest.param("posts.txt", "halo\n", {}, r"cannot tell its format; name it with one of \.csv, \.tsv, \.jsonl, ", None, id="suffix"),
        pytest.param("posts", "halo\n", {}, "cannot tell its format", None, id="no suffix"),
        pytest.param("posts.csv", "text,label\nhalo,x\n", {}, r"has a column 'label', which scoring adds; rename it", 1, id="reserved column"),
        pytest.param("posts.jsonl", '{"text":"halo","error":"x"}\n', {}, r"'error', which scoring adds; rename it", 1, id="reserved key"),
        pytest.param("posts.csv", "text\nhalo\n", {"output": "scored.xlsx"}, "cannot tell its format", None, id="suffix of the output"),
        pytest.param("posts.csv", "text\nhalo\n", {"output": "nowhere/scored.csv"}, "cannot be written", None, id="no such folder"),
    ]  # fmt: skip

    @pytest.mark.parametrize(("name", "content", "options", "reason", "row"), CASES)
    def test_it_says_what_is_wrong_and_leaves_nothing(self, score, tmp_path, name, content, options, reason, row):
        with pytest.raises(InputError, match=reason) as caught:
            score(name, content, **options)
        assert caught.value.row == row
        assert _files(tmp_path) == [name]

    def test_a_file_that_is_not_there(self, tiny_model, tmp_path):
        with pytest.raises(InputError, match="No such file"):
            score_files(tmp_path / "posts.csv", tmp_path / "scored.csv", model=tiny_model)
        assert _files(tmp_path) == []

    def test_a_folder_with_nothing_to_score(self, tiny_model, tmp_path):
        (tmp_path / "posts.csv").mkdir()
        with pytest.raises(InputError, match="is a folder without a file to score"):
            score_files(tmp_path / "posts.csv", tmp_path / "scored.csv", model=tiny_model)
        assert _files(tmp_path) == ["posts.csv"]

    def test_a_folder_in_the_place_of_the_output(self, score, tmp_path):
        (tmp_path / "scored.csv").mkdir()
        with pytest.raises(InputError):
            score("posts.csv", "text\nhalo\n", overwrite=True)
        assert _files(tmp_path) == ["posts.csv", "scored.csv"]

    def test_an_output_that_exists_stays_as_it_is(self, score, tmp_path):
        (tmp_path / "scored.csv").write_text("mine")
        with pytest.raises(OutputExistsError, match="exists already"):
            score("posts.csv", "text\nhalo\n")
        assert (tmp_path / "scored.csv").read_text() == "mine"

    def test_it_is_replaced_when_asked_for(self, score, tmp_path):
        (tmp_path / "scored.csv").write_text("mine")
        _, rows = score("posts.csv", "text\nhalo\n", overwrite=True)
        assert [row["text"] for row in rows] == ["halo"]

    def test_a_file_can_be_scored_onto_itself(self, score, tmp_path):
        _, rows = score("posts.csv", "text\nhalo\nhai\n", "posts.csv", overwrite=True)
        assert [row["text"] for row in rows] == ["halo", "hai"]


class TestSummary:
    def test_it_counts_rows_labels_reviews_and_bad_rows(self, score):
        content = f'id,text\n1,"{AD}"\n2,"{AD}"\n3,\n4,halo,hai\n'
        summary, rows = score("posts.csv", content)
        empty = rows[2]["label"]
        assert summary.labels == {label.value: 2 * (label == "political_ad") + (label == empty) for label in Label}
        assert (summary.rows, summary.needs_review, summary.bad) == (4, 1, 1)

    def test_a_header_without_rows_gives_a_header_without_rows(self, score, tmp_path):
        summary, rows = score("posts.csv", "id,text\n")
        assert (summary.rows, rows) == (0, [])
        assert _header(tmp_path / "scored.csv") == ["id", "text", *COLUMNS]

    def test_no_lines_give_no_lines(self, score):
        summary, rows = score("posts.jsonl", "", "scored.jsonl")
        assert (summary.rows, rows) == (0, [])


class TestAnyTable:
    CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)

    @given(table=st.lists(st.tuples(CELL, CELL), max_size=8))
    @settings(max_examples=40, deadline=None)
    @pytest.mark.parametrize("output", ["csv", "jsonl", "tsv.gz", "parquet"])
    def test_every_row_comes_out_once_in_order_with_its_cells(self, tiny_model, read, tmp_path_factory, output, table):
        folder = tmp_path_factory.mktemp("table")
        with (folder / "in.csv").open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([("id", "text"), *table])
        summary = score_files(folder / "in.csv", folder / f"out.{output}", model=tiny_model)
        assert [(row["id"], row["text"]) for row in read(folder / f"out.{output}")] == table
        assert (summary.rows, summary.bad, sum(summary.labels.values())) == (len(table), 0, len(table))

    @given(content=st.binary(max_size=200))
    @settings(max_examples=100, deadline=None)
    @pytest.mark.parametrize("name", ["in.csv", "in.jsonl"])
    def test_any_bytes_are_scored_or_refused_by_name(self, tiny_model, tmp_path_factory, name, content):
        folder = tmp_path_factory.mktemp("bytes")
        (folder / name).write_bytes(b'text\n"' * name.endswith("csv") + content)
        try:
            summary = score_files(folder / name, folder / "out.jsonl", model=tiny_model)
        except InputError as error:
            assert str(folder / name) in str(error)
        else:
            assert len((folder / "out.jsonl").read_bytes().splitlines()) == summary.rows
