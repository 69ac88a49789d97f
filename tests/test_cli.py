"""The shell face: conventions of the shell, plain errors, exit codes 0, 1 and 2."""

from __future__ import annotations

import functools
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("HOAKSCHECK_")}
COMMANDS = [
    *("classify", "score", "evaluate", "train", "held-out", "models list", "models show", "models verify"),
    *("data list", "data fetch", "data verify", "data build", "data audit"),
]
AD = "Ayo coblos nomor 3, pilih Bu Ratih untuk kabupaten yang lebih maju!"


def run(*arguments, given=b"", cwd=None, **environment):
    """Run the command in a process of its own, as a user does."""
    done = subprocess.run(
        [sys.executable, "-m", "hoakscheck", *map(str, arguments)],
        check=False,
        input=given,
        capture_output=True,
        cwd=cwd,
        env=ENVIRONMENT | environment,
    )
    done.out, done.err = done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")
    assert "Traceback" not in done.err, done.err
    return done


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_with_an_example(command):
    done = run(*command.split(), "--help")
    assert done.returncode == 0
    lines = done.out.splitlines()
    start = next(number for number, line in enumerate(lines) if line.strip() in {"Example:", "Examples:"})
    assert lines[start + 1].startswith(f"    hoakscheck {command}") or "| hoakscheck" in done.out


def test_the_help_lists_every_command():
    out = run("--help").out
    assert all(command.split()[0] in out for command in COMMANDS)
    assert "triage" in out


def test_it_tells_its_version():
    import hoakscheck

    assert run("--version").out.split()[-1] == hoakscheck.__version__


class TestClassify:
    def test_prints_one_line(self):
        done = run("classify", AD)
        assert done.returncode == 0
        assert re.match(r"political_ad [01]\.\d\d \(", done.out)
        assert len(done.out.splitlines()) == 1

    def test_reads_standard_input(self):
        assert run("classify", "-", given=AD.encode()).out == run("classify", AD).out

    def test_standard_input_in_another_encoding_is_read_all_the_same(self):
        assert run("classify", "-", given=b"caf\xe9 coblos nomor dua").returncode == 0

    def test_prints_json(self):
        told = json.loads(run("classify", AD, "--json").out)
        assert told["label"] == "political_ad"
        assert [AD[item["start"] : item["end"]] for item in told["evidence"]] == [item["word"] for item in told["evidence"]]

    def test_an_empty_text_needs_review(self):
        assert "needs review: no_words" in run("classify", "").out

    @pytest.mark.parametrize("options", [(), ("--json",)])
    def test_an_argument_in_another_encoding_is_shown_all_the_same(self, options):
        done = run("classify", os.fsdecode(b"lihat https://caf\xe9.example/x"), *options, PYTHONIOENCODING="utf-8:strict")
        assert done.returncode == 0

    def test_a_model_can_be_named(self, tiny_model):
        assert json.loads(run("classify", AD, "--json", "--model", tiny_model).out)["model"] == "tiny-id@0.0.1"

    @pytest.mark.parametrize("arguments", [(), ("a", "b"), ("a", "--nothing")])
    def test_wrong_usage_is_2(self, arguments):
        done = run("classify", *arguments)
        assert done.returncode == 2
        assert "Usage:" in done.err

    def test_an_unknown_model_says_where_it_looked(self, tmp_path):
        done = run("classify", AD, "--model", "nobody", HOAKSCHECK_MODELS=str(tmp_path))
        assert done.returncode == 2
        assert done.err.startswith("Error: no model 'nobody'; looked in: nobody, ")
        assert str(tmp_path) in done.err

    def test_a_damaged_model_is_named(self, tiny_model, tmp_path):
        folder = shutil.copytree(tiny_model, tmp_path / "0.0.1")
        (folder / "weights.npy").write_bytes(b"")
        done = run("classify", AD, "--model", folder)
        assert done.returncode == 2
        assert "weights.npy: is not the file that was saved" in done.err


class TestScore:
    @pytest.fixture
    def posts(self, tmp_path):
        path = tmp_path / "posts.csv"
        path.write_text(f'id,text\n1,"{AD}"\n2,halo\n', encoding="utf-8")
        return path

    def test_writes_the_file_and_sums_up_on_standard_error(self, posts, tmp_path):
        done = run("score", posts, "--output", tmp_path / "out.jsonl")
        assert (done.returncode, done.out) == (0, "")
        assert done.err.startswith("2 rows: ")
        assert len((tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()) == 2

    def test_bad_rows_are_1_and_stay_in_the_output(self, posts, tmp_path):
        posts.write_text(posts.read_text(encoding="utf-8") + "3,a,b\n", encoding="utf-8")
        done = run("score", posts, "-o", tmp_path / "out.csv")
        assert done.returncode == 1
        assert "1 bad" in done.err
        assert "row 3 has 3 cells, the header 2" in (tmp_path / "out.csv").read_text(encoding="utf-8")

    def test_no_progress_bar_where_nobody_looks(self, posts, tmp_path):
        assert len(run("score", posts, "-o", tmp_path / "out.csv").err.splitlines()) == 1

    def test_a_full_disk_is_2_and_leaves_nothing(self, posts, tmp_path):
        resource = pytest.importorskip("resource", reason="limits on file sizes are a matter of Unix")
        posts.write_text("text\n" + "halo\n" * 5_000, encoding="utf-8")
        command = [sys.executable, "-m", "hoakscheck", "score", "posts.csv", "-o", "out.csv"]
        limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))  # noqa: E731
        done = subprocess.run(command, cwd=tmp_path, env=ENVIRONMENT, capture_output=True, check=False, preexec_fn=limit)
        assert done.returncode == 2
        assert done.stderr.decode().startswith("Error: ")
        assert [path.name for path in tmp_path.iterdir()] == ["posts.csv"]

    def test_a_reader_that_goes_away_is_no_error_worth_a_traceback(self):
        done = subprocess.run(
            f"'{sys.executable}' -m hoakscheck models show | head -1", shell=True, env=ENVIRONMENT, capture_output=True, check=False
        )
        assert b"Traceback" not in done.stderr

    @pytest.mark.parametrize(
        ("arguments", "complaint"),
        [
            (["missing.csv", "-o", "o.csv"], "No such file"),
            (["posts.csv", "-o", "o.xlsx"], "cannot tell its format"),
            (["posts.csv", "-o", "o.csv", "--text-column", "body"], "has no column 'body'; it has 'id', 'text'"),
            (["posts.csv", "-o", "posts.csv"], "exists already"),
        ],
    )
    def test_what_cannot_be_used_is_2_and_leaves_nothing(self, posts, tmp_path, arguments, complaint):
        done = run("score", *arguments, cwd=tmp_path)
        assert done.returncode == 2
        assert complaint in done.err
        assert [path.name for path in tmp_path.iterdir()] == ["posts.csv"]


class TestEvaluate:
    KEYS = ["n", "labels", "accuracy", "macro_f1", "per_label", "confusion", "ece", "review_rate", "accuracy_when_decided", "model"]

    @pytest.fixture
    def labelled(self, tmp_path):
        path = tmp_path / "labelled.jsonl"
        rows = [{"text": AD, "label": "political_ad"}, {"text": "Debat semalam membosankan", "label": "benign"}]
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return path

    def test_prints_one_json_object(self, labelled):
        done = run("evaluate", labelled, "--json")
        told = json.loads(done.out)
        assert done.returncode == 0
        assert list(told) == self.KEYS
        assert (told["n"], told["labels"]) == (2, ["political_ad", "benign"])
        assert set(told["per_label"]["hoax"]) == {"precision", "recall", "f1", "support"}
        assert told["confusion"]["benign"].keys() == {"hoax", "political_ad", "benign"}

    def test_prints_a_table(self, labelled):
        assert run("evaluate", labelled).out.startswith("label ")

    def test_rows_without_a_label_are_left_out_and_1(self, labelled):
        labelled.write_text(labelled.read_text(encoding="utf-8") + '{"text": "halo", "label": "hoaks"}\n', encoding="utf-8")
        done = run("evaluate", labelled, "--json")
        assert (done.returncode, json.loads(done.out)["n"]) == (1, 2)
        assert "left out: row 3 has 'hoaks' in 'label'" in done.err

    def test_a_file_without_labels_is_2(self, tmp_path):
        (tmp_path / "x.csv").write_text("text\nhalo\n", encoding="utf-8")
        done = run("evaluate", tmp_path / "x.csv")
        assert done.returncode == 2
        assert "has no column 'label'" in done.err


class TestSuite:
    def test_either_a_file_or_the_suite_is_asked(self, tmp_path):
        assert run("evaluate").returncode == 2
        assert "give either a FILE or --suite" in run("evaluate", tmp_path / "x.csv", "--suite").err

    def test_prints_every_figure_and_is_1_where_one_falls_short(self, tiny_data, tiny_model, tmp_path):
        done = run("evaluate", "--suite", "--data", tiny_data, "--model", tiny_model, "--html", tmp_path / "suite.html")
        assert done.returncode == 1, done.err
        assert "authored minimal pairs" in done.out
        assert "SHORT >= 0.88" in done.out
        assert (tmp_path / "suite.html").exists()

    def test_prints_one_json_object(self, tiny_data, tiny_model):
        report = json.loads(run("evaluate", "--suite", "--json", "--data", tiny_data, "--model", tiny_model).out)
        assert report["model"] == "tiny-id@0.0.1"
        assert {row["reached"] for row in report["rows"]} >= {True, False, None}


class TestModels:
    def test_list_names_what_can_be_named(self):
        done = run("models", "list")
        assert done.out.splitlines()[0].split("\t")[0].startswith("hoakscheck-id@")

    def test_list_goes_on_after_a_damaged_one_and_is_1(self, tiny_model, tmp_path):
        folder = shutil.copytree(tiny_model, tmp_path / "tiny-id" / "0.0.1")
        (folder / "manifest.json").write_bytes(b"{}")
        done = run("models", "list", HOAKSCHECK_MODELS=str(tmp_path))
        assert done.returncode == 1
        assert "manifest.json" in done.err
        assert "hoakscheck-id@" in done.out

    def test_a_name_that_is_unknown_is_2(self):
        assert [run("models", command, "nobody").returncode for command in ("show", "verify")] == [2, 2]

    def test_show_prints_the_card(self):
        assert "# hoakscheck-id" in run("models", "show").out

    def test_verify_checks_all(self, tiny_model):
        done = run("models", "verify", HOAKSCHECK_MODELS=str(tiny_model.parent.parent))
        assert done.returncode == 0
        assert next(line.split("\t")[:2] for line in done.out.splitlines()) == ["tiny-id@0.0.1", "ok"]

    def test_verify_goes_on_after_a_damaged_one_and_is_1(self, tiny_model, tmp_path):
        folder = shutil.copytree(tiny_model, tmp_path / "tiny-id" / "0.0.1")
        (folder / "idf.npy").write_bytes(b"")
        done = run("models", "verify", HOAKSCHECK_MODELS=str(tmp_path))
        assert done.returncode == 1
        assert "failed: " in done.err
        assert "hoakscheck-id@" in done.out


class TestTrain:
    def test_trains_and_saves_a_model_that_classifies(self, tiny_data, tmp_path):
        folder = tmp_path / "mine" / "0.1.0"
        done = run("train", folder, "--data", tiny_data)
        assert done.returncode == 0, done.err
        assert run("classify", AD, "--model", folder).returncode == 0

    def test_a_version_that_exists_is_2(self, tiny_data, tiny_model):
        done = run("train", tiny_model, "--data", tiny_data)
        assert done.returncode == 2
        assert "never overwritten" in done.err

    def test_a_version_without_a_name_is_2(self, tiny_data, tmp_path):
        done = run("train", "0.1.0", "--data", tiny_data, cwd=tmp_path)
        assert done.returncode == 2
        assert list(tmp_path.iterdir()) == []

    def test_leaving_out_what_is_not_there_is_2(self, tiny_data, tmp_path):
        done = run("train", tmp_path / "mine" / "0.1.0", "--data", tiny_data, "--without", "pilgub-baten-2024")
        assert done.returncode == 2
        assert "pilgub-baten-2024" in done.err

    def test_data_that_are_not_there_are_2(self, tmp_path):
        done = run("train", tmp_path / "mine" / "0.1.0", "--data", tmp_path)
        assert done.returncode == 2
        assert "no labelled text" in done.err

    def test_without_a_mirror_the_held_out_set_is_authored(self, tiny_data, tmp_path):
        done = run("held-out", tmp_path / "held", "--data", tiny_data)
        assert done.returncode == 0
        assert [path.name for path in (tmp_path / "held").iterdir()] == ["authored.jsonl"]


CONTENT = b"teks\nBawaslu Rawit membuka pos aduan.\n"
ENTRY = """
[[source]]
slug = "{slug}"
address = "{url}"
commit = "1"
licence = "{licence}"
publisher = "warga"
period = ["2024-01-01", "2024-12-31"]
text_type = "posts"
labels = ["benign"]
rule = "by reading"
use = "training"
leaks = ["none known"]
personal_data = "none"
[[source.file]]
name = "a.csv"
url = "{url}/a.csv"
sha256 = "{sha256}"
bytes = {size}
"""


class TestDataSources:
    @pytest.fixture
    def address(self, tmp_path):
        """Serve CONTENT as a.csv from a real server."""
        (tmp_path / "served").mkdir()
        (tmp_path / "served" / "a.csv").write_bytes(CONTENT)
        handler = functools.partial(
            type("Quiet", (SimpleHTTPRequestHandler,), {"log_message": lambda *_: None}), directory=tmp_path / "served"
        )
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        server.server_close()
        thread.join()

    @pytest.fixture
    def data(self, address, tmp_path):
        """Return a data folder whose catalogue names a licensed and an unlicensed source."""
        folder = tmp_path / "data"
        folder.mkdir()
        known = {"url": address, "sha256": hashlib.sha256(CONTENT).hexdigest(), "size": len(CONTENT)}
        entries = ENTRY.format(slug="bebas", licence="CC-BY-4.0", **known) + ENTRY.format(slug="diam", licence="unstated", **known)
        (folder / "sources.toml").write_text(entries, encoding="utf-8")
        return folder

    def test_list_shows_use_licence_and_labels(self, data):
        lines = run("data", "list", "--data", data).out.splitlines()
        assert [line.split()[:3] for line in lines] == [["bebas", "training", "CC-BY-4.0"], ["diam", "training", "unstated"]]
        assert json.loads(run("data", "list", "--data", data, "--json").out)[1]["leaks"] == ["none known"]

    def test_fetch_refuses_what_states_no_licence_and_says_why(self, data, address):
        done = run("data", "fetch", "--data", data)
        assert done.returncode == 1
        assert (data / "raw" / "bebas" / "a.csv").read_bytes() == CONTENT
        assert not (data / "raw" / "diam").exists()
        assert f"refused: diam: states no licence; see {address}" in done.err
        assert "--accept-unlicensed fetches them, if your use is lawful without one" in done.err

    def test_fetch_takes_them_when_told_to_and_verify_agrees(self, data):
        assert run("data", "verify", "--data", data).returncode == 1
        assert run("data", "fetch", "--data", data, "--accept-unlicensed").returncode == 0
        done = run("data", "verify", "--data", data)
        assert done.returncode == 0
        assert "2 files ok, 0 missing, 0 changed" in done.out

    def test_verify_names_what_has_changed(self, data):
        run("data", "fetch", "bebas", "--data", data)
        (data / "raw" / "bebas" / "a.csv").write_bytes(CONTENT[::-1])
        done = run("data", "verify", "bebas", "--data", data)
        assert done.returncode == 1
        assert f"changed: {data / 'raw' / 'bebas' / 'a.csv'}" in done.err

    def test_one_source_that_fails_does_not_stop_the_others(self, data):
        catalogue = (data / "sources.toml").read_text("utf-8")
        (data / "sources.toml").write_text(catalogue.replace("/a.csv", "/gone.csv", 1), encoding="utf-8")
        done = run("data", "fetch", "--data", data, "--accept-unlicensed")
        assert done.returncode == 1
        assert "failed: bebas: " in done.err
        assert "404" in done.err
        assert (data / "raw" / "diam" / "a.csv").exists()

    def test_fetch_from_a_local_copy_needs_no_network(self, data, tmp_path):
        for slug in ("bebas", "diam"):
            (tmp_path / "copy" / slug).mkdir(parents=True)
            (tmp_path / "copy" / slug / "a.csv").write_bytes(CONTENT)
        catalogue = (data / "sources.toml").read_text("utf-8")
        (data / "sources.toml").write_text(catalogue.replace("http://127.0.0.1", "http://192.0.2.1"), encoding="utf-8")
        done = run("data", "fetch", "--data", data, "--mirror", tmp_path / "copy", "--accept-unlicensed")
        assert done.returncode == 0, done.err
        assert (data / "raw" / "diam" / "a.csv").read_bytes() == CONTENT

    def test_an_unknown_source_is_2(self, data):
        done = run("data", "fetch", "bebass", "--data", data)
        assert done.returncode == 2
        assert "no source 'bebass'; 'hoakscheck data list' shows them" in done.err


class TestDataBuild:
    def test_writes_the_corpus_what_was_left_out_and_a_summary(self, tiny_data, tmp_path):
        done = run("data", "build", "--data", tiny_data, "--out", tmp_path / "built")
        assert done.returncode == 0, done.err
        summary = json.loads((tmp_path / "built" / "summary.json").read_text("utf-8"))
        rows = [json.loads(line) for line in (tmp_path / "built" / "corpus.jsonl").read_text("utf-8").splitlines()]
        assert summary["texts"] == len(rows)
        assert {row["part"] for row in rows} == {"train", "test"}
        assert (tmp_path / "built" / "dropped.csv").read_text("utf-8").startswith("sha256,source,reason,kept\n")
        assert "building from authored texts alone" in done.err

    @pytest.mark.parametrize(
        ("options", "complaint"),
        [
            (["--split", "random"], "a random split flatters"),
            (["--split", "time"], "needs the first day of the test part"),
            (["--split", "campaign", "--test", "pilgub-entah"], "no campaign 'pilgub-entah'"),
        ],
    )
    def test_a_split_that_cannot_be_made_is_2_and_leaves_nothing(self, tiny_data, tmp_path, options, complaint):
        done = run("data", "build", "--data", tiny_data, "--out", tmp_path / "built", *options)
        assert done.returncode == 2
        assert complaint in done.err
        assert not (tmp_path / "built").exists()

    def test_a_folder_that_holds_something_else_is_not_replaced(self, tiny_data, tmp_path):
        (tmp_path / "tesis.txt").write_text("bab satu", encoding="utf-8")
        done = run("data", "build", "--data", tiny_data, "--out", tmp_path)
        assert done.returncode == 2
        assert "holds other files than a corpus; it is not replaced" in done.err
        assert (tmp_path / "tesis.txt").read_text("utf-8") == "bab satu"


class TestDataAudit:
    @pytest.fixture
    def leaky(self, tmp_path):
        """Return a file whose hoaxes carry a verdict tag, and hostile mark-up besides."""
        path = tmp_path / "leaky.csv"
        rows = [f"[SALAH] Kabar ke-{n} soal <script>alert(1)</script> gudang {n % 7},palsu" for n in range(60)]
        rows += [f"Berita ke-{n} soal gudang logistik {n % 7},benar" for n in range(60)]
        path.write_text("isi,kelas\n" + "\n".join(rows) + "\n", encoding="utf-8")
        return path

    def audit(self, path, *options):
        return run("data", "audit", path, "--text-column", "isi", "--label-column", "kelas", *options)

    def test_a_leak_is_1_and_named_with_advice(self, leaky):
        done = self.audit(leaky)
        assert done.returncode == 1
        assert "LEAK  verdict words" in done.out
        assert "cut the fact-checker's words off the claim" in done.out
        assert done.err.splitlines()[0] == "looking at characters, punctuation, length, casing ..."

    def test_prints_one_json_object(self, leaky):
        report = json.loads(self.audit(leaky, "--json").out)
        assert "verdict words" in report["leaks"]
        assert report["labels"] == {"benar": 60, "palsu": 60}

    def test_the_page_is_complete_in_itself_and_runs_nothing(self, leaky, tmp_path):
        self.audit(leaky, "--html", tmp_path / "audit.html")
        found = []

        class Page(HTMLParser):
            def handle_starttag(self, tag, attrs):
                found.append((tag, dict(attrs)))

        Page().feed((tmp_path / "audit.html").read_text("utf-8"))
        pictures = [own["src"] for tag, own in found if tag == "img"]
        assert len(pictures) >= 2
        assert all(address.startswith("data:image/png;base64,") for address in pictures)
        assert not {"script", "link", "iframe"} & {tag for tag, _ in found}

    def test_a_corpus_that_is_not_built_yet_is_2(self, tmp_path):
        done = run("data", "audit", "--data", tmp_path)
        assert done.returncode == 2
        assert "no corpus here; run 'hoakscheck data build' first, or name a labelled file" in done.err
