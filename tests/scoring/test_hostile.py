"""Hostile files: whatever is in them, rows come out one for one, and memory stays where it is."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hoakscheck import InputError
from hoakscheck.scoring import score_files
from hoakscheck.scoring.formats.delimited import Form, decode
from hoakscheck.scoring.formats.lines import Lines
from hoakscheck.scoring.formats.records import QuotedRecords, Records
from hoakscheck.scoring.formats.rows import Fields
from hoakscheck.scoring.values.choices import Choices

MEGABYTE = 1024 * 1024


def _records(content, *, longest=1_000):
    """Return (number, line, raw bytes, problem) of each record, the header as number 0."""
    group = _group(content, longest=longest)
    return [
        (number, line, raw, group.problems.get(number, ""))
        for number, (line, raw) in enumerate(zip(group.lines, group.contents, strict=True))
    ]


def _group(content, *, longest=1_000):
    lines, records = Lines(io.BytesIO(content), longest=longest, any_end=True), Records(0)
    QuotedRecords(lines, ",", longest).fill(records, 10_000, 10**9)
    return records


class TestRecords:
    CELL = st.text(st.sampled_from('ab",\n\r '), max_size=6)

    @given(table=st.lists(st.tuples(CELL, CELL, CELL), max_size=6), end=st.sampled_from(["\r\n"]))
    @settings(max_examples=300, deadline=None)
    def test_rows_are_cut_where_the_csv_module_ends_them(self, table, end):
        stream = io.StringIO(newline="")
        csv.writer(stream, lineterminator=end).writerows([("x", "y", "z"), *table])
        cut = [tuple(next(csv.reader([raw.decode()]))) for _, _, raw, _ in _records(stream.getvalue().encode())]
        assert cut == [("x", "y", "z"), *table]

    @given(table=st.lists(st.text(st.sampled_from('a",\r\n\t é')), min_size=1, max_size=4), quoting=st.sampled_from([0, 1, 2]))
    @settings(max_examples=300, deadline=None)
    def test_cells_go_out_as_the_csv_module_reads_them(self, table, quoting):
        stream = io.StringIO(newline="")
        csv.writer(stream, quoting=quoting).writerows([("id", "text"), *((cell, f"halo{cell}") for cell in table)])
        group = Records(1)
        for _, line, raw, problem in _records(stream.getvalue().encode())[1:]:
            group.append(line, raw, problem)
        columns = ("id", "text")
        rows = decode(group, columns, ",", Fields())
        form = Form("csv", "csv", columns, columns)
        written = form.encode(rows, (Choices.same(None, len(rows)),)).decode()
        assert list(csv.reader(io.StringIO(written, newline=""))) == [[cell, f"halo{cell}", ""] for cell in table]

    @given(content=st.binary(max_size=300), longest=st.integers(1, 50))
    @settings(max_examples=300, deadline=None)
    def test_no_byte_is_lost_whatever_they_are(self, content, longest):
        records = _records(content.replace(b'"', b"'"), longest=longest)
        lines = [line for line in content.splitlines() if line]
        assert len(records) == len(lines)

    def test_a_quote_gone_astray_costs_its_own_row_and_no_other(self):
        records = _records(b'id,text\n1,"halo\n2,hai\n3,"besok"\n4,lusa\n')
        assert [(number, line, bool(problem)) for number, line, _, problem in records] == [
            (0, 1, False),
            (1, 2, True),
            (2, 3, False),
            (3, 4, False),
            (4, 5, False),
        ]

    def test_one_that_is_never_closed_costs_no_other_row_either(self):
        records = _records(b'id,text\n1,"halo\n' + b"2,hai\n" * 500, longest=1_000)
        assert [bool(problem) for *_, problem in records] == [False, True, *[False] * 500]


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of a process is read from /proc")
class TestLongRows:
    """A row of 100 MB is bad, told with its size, and never held: the process needs less than the row."""

    LIMIT = 100 * MEGABYTE  # of which the interpreter with numpy and the model take 75

    @pytest.mark.parametrize(("name", "before", "after"), [
        ("p.jsonl", b'{"text": "halo"}\n{"text": "', b'"}\n{"text": "hai"}\n'),
        ("p.csv", b'id,text\r\n1,halo\r\n2,"', b'"\r\n3,hai\r\n'),
        ("p.tsv", b"id\ttext\n1\thalo\n2\t", b"\n3\thai\n"),
    ])  # fmt: skip
    def test_it_keeps_its_place_and_the_process_stays_small(self, command, read, tmp_path, name, before, after):
        with (tmp_path / name).open("wb") as stream:
            stream.write(before)
            for _ in range(100):
                stream.write(b"ayo pilih " * (MEGABYTE // 10))
            stream.write(after)
        program = "import runpy, sys; sys.argv = sys.argv[1:]\ntry: runpy.run_module('hoakscheck', run_name='__main__')\n"
        program += "finally: print(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))"
        line = [sys.executable, "-c", program, "hoakscheck", *command(tmp_path / name, "-o", tmp_path / "out.jsonl")[3:]]
        done = subprocess.run(line, capture_output=True, text=True, check=False, env=command.environment)
        assert done.returncode == 1, done.stderr
        rows = read(tmp_path / "out.jsonl")
        assert [bool(row["error"]) for row in rows] == [False, True, False]
        assert "bytes, 16,777,216 are the most" in rows[1]["error"]
        assert int(done.stdout) * 1024 < self.LIMIT

    def test_how_long_is_too_long_can_be_said(self, score):
        summary, rows = score("posts.jsonl", '{"text": "halo"}\n{"text": "halo halo halo"}\n', longest_row=20)
        assert (summary.bad, rows[1]["error"]) == (1, "row 2 has 27 bytes, 20 are the most")


class TestStrangeContent:
    def test_nul_bytes_are_characters_in_csv_and_no_json(self, score):
        assert [row["text"] for row in score("posts.csv", b"id,text\n1,ha\0lo\n\0,\0\n")[1]] == ["ha\0lo", "\0"]
        assert score("posts.jsonl", b'{"text": "ha\0lo"}\n\0\n{"text": "ha\\u0000lo"}\n', overwrite=True)[0].bad == 2

    def test_encodings_may_change_from_row_to_row(self, score):
        rows = ["halo ", "café", "日本", "кафе"]
        content = b"id,text\n" + b"".join(
            str(number).encode() + b"," + row.encode(coding) + b"\n"
            for number, (row, coding) in enumerate(zip(rows, ["utf-8", "latin-1", "shift-jis", "utf-8"], strict=True))
        )
        summary, scored = score("posts.csv", content)
        assert [bool(row["error"]) for row in scored] == [False, True, True, False]
        assert (summary.rows, summary.bad) == (4, 2)

    def test_utf_16_is_named(self, score):
        with pytest.raises(InputError, match="is UTF-16; save it as UTF-8"):
            score("posts.csv", "id,text\n1,halo\n".encode("utf-16"))

    def test_a_header_of_another_encoding_is_refused(self, score):
        with pytest.raises(InputError, match="has a header that is no valid UTF-8"):
            score("posts.csv", b"text,caf\xe9\nhalo,1\n")

    def test_line_ends_of_old_macs_are_line_ends(self, score):
        assert [row["text"] for row in score("posts.csv", b"id,text\r1,halo\r2,hai")[1]] == ["halo", "hai"]

    def test_json_goes_out_as_it_came_in_numbers_and_repeated_keys_and_all(self, score, tmp_path):
        line = b'{ "n": 1.10, "big": 123456789012345678901234567890, "n": 1e400, "deep": [[{"a": [1]}]], "text": "halo" }'
        score("posts.jsonl", line + b"\n", "scored.jsonl")
        assert (tmp_path / "scored.jsonl").read_bytes().startswith(line[:-1].rstrip() + b', "label": ')

    def test_json_that_no_stack_holds_is_a_bad_row(self, score):
        deep = b'{"text": "halo", "a": ' + b"[" * 50_000 + b"]" * 50_000 + b"}\n"
        assert score("posts.jsonl", deep + b'{"text": "halo"}\n', "scored.jsonl")[0].bad == 1

    @pytest.mark.parametrize("output", ["scored.jsonl", "scored.csv", "scored.parquet"])
    def test_a_late_key_of_a_name_that_scoring_adds_is_a_bad_row(self, score, output):
        summary, rows = score("posts.jsonl", '{"text": "halo"}\n{"text": "hai", "label": "x"}\n', output)
        assert (summary.bad, rows[1]["error"]) == (1, "row 2 has a key 'label', which scoring adds")

    def test_a_cell_of_parquet_that_is_no_utf8_changes_no_other(self, score, tmp_path):
        pa = pytest.importorskip("pyarrow")
        from pyarrow import parquet

        names = pa.Array.from_buffers(pa.string(), 2, pa.array([b"\xff", b"a"]).buffers())
        source = tmp_path / "made.parquet"
        parquet.write_table(pa.table({"name": names, "text": ["halo", "hai"]}), source)
        _, rows = score("posts.parquet", source.read_bytes(), "scored.csv")
        assert [row["name"] for row in rows] == ["/w==", "a"]

    def test_names_that_scoring_adds_are_guarded_like_others(self, score, tmp_path):
        score("posts.csv", "=id,text\n1,halo\n", prefix="@", guard_formulas=True)
        assert (tmp_path / "scored.csv").read_text().startswith("'=id,text,'@label,")

    def test_json_of_any_shape_fits_into_parquet(self, score):
        lines = [{"text": "halo", "n": 1, "big": 2**70, "mixed": 1}, {"text": "hai", "n": 0.5, "mixed": ["a"], "late": True}]
        _, rows = score("posts.jsonl", "\n".join(map(json.dumps, lines)), "scored.parquet")
        assert [(row["n"], row["big"], row["mixed"], row["late"]) for row in rows] == [
            (1.0, str(2**70), "1", None),
            (0.5, None, '["a"]', True),
        ]

    @pytest.mark.parametrize("cell", ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3", "\t=1", " =1"])
    def test_formulas_are_disarmed_when_asked_for(self, score, cell):
        _, rows = score("posts.csv", f'text,author\nhalo,"{cell}"\n', guard_formulas=True)
        assert rows[0]["author"] == f"'{cell}"

    @pytest.mark.parametrize("cell", ["-5.3", "+62812", "halo", "a=b", ""])
    def test_numbers_and_texts_are_left_alone(self, score, cell):
        assert score("posts.csv", f"text,author\nhalo,{cell}\n", guard_formulas=True)[1][0]["author"] == cell


class TestManyFiles:
    @pytest.fixture
    def folder(self, tmp_path):
        (tmp_path / "in" / "deep").mkdir(parents=True)
        for place, text in (("b.jsonl", "dua"), ("a.jsonl", "satu"), ("deep/c.jsonl", "tiga")):
            (tmp_path / "in" / place).write_text(json.dumps({"text": text}) + "\n")
        (tmp_path / "in" / "_SUCCESS").write_text("")
        (tmp_path / "in" / "notes.txt").write_text("")
        return tmp_path / "in"

    def test_a_folder_is_read_in_alphabetical_order(self, folder, read, tiny_model, tmp_path):
        score_files(folder, tmp_path / "out.jsonl", model=tiny_model)
        assert [row["text"] for row in read(tmp_path / "out.jsonl")] == ["satu", "dua", "tiga"]

    def test_so_is_a_glob_and_a_file_named_twice_is_read_once(self, folder, read, tiny_model, tmp_path):
        score_files([folder / "b.jsonl", f"{folder}/**/*.jsonl"], tmp_path / "out.jsonl", model=tiny_model)
        assert [row["text"] for row in read(tmp_path / "out.jsonl")] == ["dua", "satu", "tiga"]

    def test_an_output_inside_the_folder_is_no_input(self, folder, read, tiny_model):
        for _ in range(2):
            score_files(folder, folder / "out.jsonl", model=tiny_model, overwrite=True)
        assert len(read(folder / "out.jsonl")) == 3

    def test_tables_of_other_columns_are_refused_before_anything_is_scored(self, tiny_model, tmp_path):
        (tmp_path / "a.csv").write_text("id,text\n1,halo\n")
        (tmp_path / "b.csv").write_text("text,author\nhalo,x\n")
        with pytest.raises(InputError, match=r"has other columns than .*a\.csv: 'author' is in one of them only"):
            score_files([tmp_path / "a.csv", tmp_path / "b.csv"], tmp_path / "out.csv", model=tiny_model)

    def test_the_same_columns_in_another_order_are_the_same(self, tiny_model, read, tmp_path):
        (tmp_path / "a.csv").write_text("id,text\n1,halo\n")
        (tmp_path / "b.csv").write_text("text,id\nhai,2\n")
        score_files([tmp_path / "a.csv", tmp_path / "b.csv"], tmp_path / "out.csv", model=tiny_model)
        assert [(row["id"], row["text"]) for row in read(tmp_path / "out.csv")] == [("1", "halo"), ("2", "hai")]

    def test_formats_are_not_mixed(self, folder, tiny_model, tmp_path):
        (folder / "a.csv").write_text("text\nhalo\n")
        with pytest.raises(InputError, match="score them apart"):
            score_files(folder, tmp_path / "out.jsonl", model=tiny_model)

    def test_a_pipe_goes_in_and_out(self, command):
        line = command("-", "--from", "jsonl", "-o", "-", "--to", "csv", "--columns", "id")
        given = b'{"id": 1, "text": "halo"}\n{"id": 2}\n'
        done = subprocess.run(line, input=given, capture_output=True, check=False, env=command.environment)
        assert done.returncode == 1
        assert [line.split(",")[0] for line in done.stdout.decode().splitlines()] == ["id", "1", "2"]

    def test_the_reader_of_a_pipe_may_leave(self, command, tmp_path):
        (tmp_path / "in.jsonl").write_text('{"text": "halo"}\n' * 20_000)
        line = command(tmp_path / "in.jsonl", "-o", "-", "--to", "jsonl")
        with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=command.environment) as process:
            process.stdout.readline()
            process.stdout.close()
            assert b"Traceback" not in process.stderr.read()


class TestTerminal:
    def test_a_bar_shows_rows_rate_and_time_left(self, command, tmp_path):
        pty = pytest.importorskip("pty", reason="terminals are a matter of Unix")
        termios = pytest.importorskip("termios")
        (tmp_path / "in.jsonl").write_text('{"text": "halo"}\n' * 150_000)
        ours, theirs = pty.openpty()
        termios.tcsetwinsize(theirs, (24, 120))
        line = command(tmp_path / "in.jsonl", "-o", tmp_path / "out.jsonl", "--chunk-size", "1000")
        with subprocess.Popen(line, stderr=theirs, env=command.environment) as process:
            os.close(theirs)
            seen = b""
            with contextlib.suppress(OSError):  # the end of a terminal
                while piece := os.read(ours, 65_536):
                    seen += piece
        os.close(ours)
        assert process.returncode == 0
        assert re.search(rb"\d+%\|.*\d\d:\d\d<\d\d:\d\d, .*B/s, [\d,]+ rows, [\d,]+/s", seen)
        assert b"150,000 rows: " in seen

    def test_the_summary_comes_as_json_on_standard_output(self, command, tmp_path):
        (tmp_path / "in.jsonl").write_text('{"text": "halo"}\nbroken\n')
        line = command(tmp_path / "in.jsonl", "-o", tmp_path / "out.jsonl", "--json")
        done = subprocess.run(line, capture_output=True, check=False, env=command.environment)
        summary = json.loads(done.stdout)
        assert (done.returncode, done.stderr) == (1, b"")
        assert {name: summary[name] for name in ("rows", "bad", "review_rate", "quarantine")} == {
            "rows": 2, "bad": 1, "review_rate": 1.0, "quarantine": str(tmp_path / "out.jsonl.quarantine.jsonl"),
        }  # fmt: skip


@pytest.mark.slow
class TestMemory:
    """Ten million rows were watched once, see docs/scoring.md; here three hundred thousand are against a tenth of them."""

    @pytest.mark.parametrize("ending", ["jsonl", "parquet"])
    def test_it_does_not_grow_with_the_file(self, command, tmp_path, ending, tiny_model):
        import psutil

        highest = []
        for rows in (30_000, 300_000):
            source = tmp_path / f"{rows}.{ending}"
            if ending == "parquet":
                import pyarrow as pa
                from pyarrow import parquet

                parquet.write_table(pa.table({"text": [f"ayo pilih nomor {number % 7}" for number in range(rows)]}), source)
            else:
                source.write_text("".join(f'{{"text": "ayo pilih nomor {number % 7}"}}\n' for number in range(rows)))
            process = psutil.Popen(command(source, "-o", tmp_path / f"out{rows}.{ending}"), env=command.environment)
            seen = 0
            while process.poll() is None:
                try:
                    seen = max(seen, process.memory_info().rss)
                    process.wait(0.05)
                except (psutil.Error, subprocess.TimeoutExpired):
                    continue
            assert process.returncode == 0
            highest.append(seen / MEGABYTE)
        # Finishing Parquet holds one row group of 64k rows, which the small file does not fill.
        assert highest[1] < highest[0] + (60 if ending == "parquet" else 10)
