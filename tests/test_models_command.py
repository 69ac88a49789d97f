"""The life of a model at the command line: sign, verify, compare, release, choose, go back; alone and two at once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization as forms
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from hoakscheck import Classifier, ModelSignatureError
from hoakscheck.model import artifact, shelf, trust
from hoakscheck.model.manifest import read_manifest


def run(*arguments, text=None, **environment):
    """Run the command as a shell would."""
    return subprocess.run(
        [sys.executable, "-m", "hoakscheck", *map(str, arguments)],
        capture_output=True, text=True, check=False, env=os.environ | environment, input=text, encoding="utf-8",
    )  # fmt: skip


def named(model, folder, name, version, **changes):
    return artifact.save(replace(artifact.load(model), name=name, version=version, **changes), folder / name / version)


@pytest.fixture
def place(tiny_model, tmp_path, monkeypatch):
    """Return a shelf with mine@0.1.0 and mine@0.2.0."""
    monkeypatch.setenv("HOAKSCHECK_MODELS", str(tmp_path / "shelf"))
    for version in ("0.1.0", "0.2.0"):
        named(tiny_model, tmp_path / "shelf", "mine", version)
    return tmp_path / "shelf"


def key_pair(folder, name="key", *, password=None, private=None):
    private = private or ed25519.Ed25519PrivateKey.generate()
    hidden = forms.BestAvailableEncryption(password.encode()) if password else forms.NoEncryption()
    own, public = folder / f"{name}.pem", folder / f"{name}.pub.pem"
    own.write_bytes(private.private_bytes(forms.Encoding.PEM, forms.PrivateFormat.PKCS8, hidden))
    public.write_bytes(private.public_key().public_bytes(forms.Encoding.PEM, forms.PublicFormat.SubjectPublicKeyInfo))
    return own, public


class TestSignatures:
    @pytest.fixture
    def signed(self, place, tmp_path):
        own, public = key_pair(tmp_path)
        done = run("models", "sign", "mine@0.1.0", "--key", own)
        assert (done.returncode, done.stderr) == (0, "")
        return place / "mine" / "0.1.0", public

    def test_a_signed_model_is_loaded_and_keeps_its_digest(self, signed, tiny_model):
        folder, public = signed
        assert Classifier.load(folder, require_signature=public).digest == read_manifest(folder)["seal"]
        assert Classifier.load("mine@0.1.0", require_signature=[public]).model_id == "mine@0.1.0"
        assert run("models", "verify", "mine@0.1.0", "--key", public).stdout.startswith("mine@0.1.0\tok, signed\t")

    def test_the_environment_can_require_a_signature_of_every_load(self, signed, place):
        _, public = signed
        assert run("classify", "coblos", "--model", "mine@0.1.0", HOAKSCHECK_REQUIRE_SIGNATURE=str(public)).returncode == 0
        done = run("classify", "coblos", "--model", "mine@0.2.0", HOAKSCHECK_REQUIRE_SIGNATURE=str(public))
        assert (done.returncode, "is not signed" in done.stderr) == (2, True)

    @pytest.mark.parametrize("asked", [True, []])
    def test_a_signature_that_is_required_of_nobody_is_no_pass(self, signed, monkeypatch, asked):
        folder, public = signed
        with pytest.raises(ModelSignatureError, match="no public key is named"):
            Classifier.load(folder, require_signature=asked)
        monkeypatch.setenv("HOAKSCHECK_REQUIRE_SIGNATURE", os.pathsep)
        with pytest.raises(ModelSignatureError, match="no public key is named"):
            Classifier.load(folder)
        assert Classifier.load(folder, require_signature=False).model_id == "mine@0.1.0"
        monkeypatch.setenv("HOAKSCHECK_REQUIRE_SIGNATURE", f"{public}{os.pathsep}")
        assert Classifier.load(folder, require_signature=True).model_id == "mine@0.1.0"

    def test_another_key_does_not_do(self, signed, tmp_path):
        folder, public = signed
        _, other = key_pair(tmp_path, "other")
        with pytest.raises(ModelSignatureError, match=r"no signature of this model by .*other\.pub\.pem"):
            Classifier.load(folder, require_signature=other)
        assert Classifier.load(folder, require_signature=[other, public]).model_id == "mine@0.1.0"

    def test_the_signature_of_one_model_is_none_of_another(self, signed, place):
        folder, public = signed
        (place / "mine" / "0.2.0" / "SIGNATURE.json").write_bytes((folder / "SIGNATURE.json").read_bytes())
        with pytest.raises(ModelSignatureError, match="no signature of this model"):
            Classifier.load("mine@0.2.0", require_signature=public)

    @pytest.mark.parametrize(
        "content",
        [b"", b"{}", b"[]", b'{"signature": 5}', b'{"signature": "00"}', b"\xff", b'{"signature": "' + b"0" * 128 + b'"}'],
    )
    def test_a_damaged_signature_is_none(self, signed, content):
        folder, public = signed
        (folder / "SIGNATURE.json").write_bytes(content)
        with pytest.raises(ModelSignatureError):
            Classifier.load(folder, require_signature=public)
        assert Classifier.load(folder).model_id == "mine@0.1.0", "who asks for no signature is not disturbed by one"

    def test_no_bit_of_a_signature_can_change(self, signed):
        folder, public = signed
        content = json.loads((folder / "SIGNATURE.json").read_bytes())
        for place in range(0, 128, 5):
            digits = list(content["signature"])
            digits[place] = f"{int(digits[place], 16) ^ 1:x}"
            (folder / "SIGNATURE.json").write_text(json.dumps(content | {"signature": "".join(digits)}), encoding="utf-8")
            with pytest.raises(ModelSignatureError):
                Classifier.load(folder, require_signature=public)

    def test_a_key_with_a_pass_phrase_asks_for_it(self, place, tmp_path):
        own, public = key_pair(tmp_path, password="rahasia")
        assert run("models", "sign", "mine@0.1.0", "--key", own, text="salah\n").returncode == 2
        manifest = read_manifest(place / "mine" / "0.1.0")
        (place / "mine" / "0.1.0" / "SIGNATURE.json").write_bytes(trust.sign(manifest, own, lambda: "rahasia"))
        assert Classifier.load("mine@0.1.0", require_signature=public).model_id == "mine@0.1.0"

    @pytest.mark.parametrize("what", ["missing", "empty", "public", "rsa"])
    def test_what_is_no_private_ed25519_key_is_named(self, place, tmp_path, what):
        public = key_pair(tmp_path)[1]
        path = {
            "missing": tmp_path / "nowhere.pem",
            "empty": tmp_path / "empty.pem",
            "public": public,
            "rsa": tmp_path / "rsa.pem",
        }[what]
        (tmp_path / "empty.pem").write_bytes(b"")
        key_pair(tmp_path, "rsa", private=rsa.generate_private_key(65537, 2048))
        done = run("models", "sign", "mine@0.1.0", "--key", path)
        assert (done.returncode, str(path) in done.stderr, "Traceback" in done.stderr) == (2, True, False)

    def test_a_key_that_cannot_be_read_is_an_error_even_beside_one_that_can(self, signed, tmp_path):
        folder, public = signed
        for wrong in (tmp_path / "nowhere.pem", tmp_path / "key.pem"):
            with pytest.raises(ModelSignatureError):
                Classifier.load(folder, require_signature=[public, wrong])

    @pytest.mark.usefixtures("signed")
    def test_no_key_is_kept(self, tmp_path):
        secret = (tmp_path / "key.pem").read_bytes().splitlines()[1]
        assert all(secret not in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and path.name != "key.pem")

    def test_without_the_extra_the_error_names_it(self, signed):
        folder, public = signed
        program = f"""
import sys
sys.modules["cryptography"] = None
from hoakscheck import Classifier, ModelSignatureError
Classifier.load({str(folder)!r})
try:
    Classifier.load({str(folder)!r}, require_signature={str(public)!r})
except ModelSignatureError as error:
    assert "hoakscheck[signatures]" in str(error), error
else:
    raise SystemExit("was loaded")
"""
        subprocess.run([sys.executable, "-c", program], check=True)


class TestChoosing:
    def test_default_and_rollback_say_what_they_did(self, place):
        assert run("models", "default", "mine").stderr.startswith("Usage")
        assert run("models", "default", "mine@0.1.0").stdout.split("\t")[0] == "mine@0.1.0"
        assert (
            next(line.split("\t")[0] for line in run("models", "list").stdout.splitlines() if "\tdefault\t" in line) == "mine@0.1.0"
        )
        assert run("models", "rollback", "mine").stdout.split("\t")[0] == "mine@0.2.0"
        done = run("models", "rollback", "mine")
        assert (done.returncode, "before its default" in done.stderr) == (2, True)

    def test_a_damaged_model_does_not_become_the_default(self, place):
        (place / "mine" / "0.1.0" / "idf.npy").write_bytes(b"")
        assert run("models", "default", "mine@0.1.0").returncode == 2
        assert shelf.find("mine").name == "0.2.0"

    @pytest.mark.slow
    def test_whoever_loads_while_the_default_changes_gets_the_old_one_or_the_new_one(self, place):
        program = f"""
import sys
from pathlib import Path
from hoakscheck.model import shelf
named = Path({str(place / "mine")!r})
for round in range(300):
    shelf.set_default(named / "0.1.0")
    shelf.set_default(named / "0.2.0")
    if round % 3 == 0:
        shelf.roll_back(named)
"""
        writers = [subprocess.Popen([sys.executable, "-c", program]) for _ in range(2)]
        seen = set()
        while any(writer.poll() is None for writer in writers):
            seen.add(shelf.find("mine").name)
        assert [writer.returncode for writer in writers] == [0, 0]
        assert seen <= {"0.1.0", "0.2.0"}
        assert not [path.name for path in (place / "mine").iterdir() if path.name.startswith(".")]


class TestDiff:
    @pytest.fixture
    def labelled(self, tmp_path, tiny_texts):
        path = tmp_path / "labelled.jsonl"
        rows = [{"text": text, "label": "hoax", "source": "a" if row % 2 else "b"} for row, text in enumerate(tiny_texts)]
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return path

    def test_a_table_and_the_same_as_json(self, place, tiny_model, tmp_path, labelled):
        thresholds = replace(artifact.load(tiny_model).thresholds, hoax=0.0)
        other = named(tiny_model, tmp_path / "other", "mine", "0.3.0", thresholds=thresholds)
        table = run("models", "diff", "mine@0.2.0", other, "--data", labelled, "--by", "source")
        found = json.loads(run("models", "diff", "mine@0.2.0", other, "--data", labelled, "--by", "source", "--json").stdout)
        assert table.returncode == 0
        assert list(found["slices"]) == ["all", "label=hoax", "source=a", "source=b"]
        counts = found["slices"]["all"]
        assert counts["flips"] == counts["only_new_right"] > 5
        assert counts["p_value"] < 0.05
        assert f"{counts['flips']:,}" in table.stdout
        assert "McNemar" in table.stdout

    def test_a_row_without_a_text_makes_the_exit_code_1(self, place, labelled):
        with labelled.open("a", encoding="utf-8") as stream:
            stream.write("{}\n")
        done = run("models", "diff", "mine@0.1.0", "mine@0.2.0", "--data", labelled)
        assert (done.returncode, "left out: row 64" in done.stderr) == (1, True)

    def test_a_file_that_is_not_there_is_one_line(self, place, tmp_path):
        done = run("models", "diff", "mine@0.1.0", "mine@0.2.0", "--data", tmp_path / "nowhere.csv")
        assert (done.returncode, done.stderr.count("\n")) == (2, 1)


RULES = '[[guard]]\nblock = "b"\nmeasure = "m"\nbetter = "higher"\n[[limit]]\nblock = "b"\nmeasure = "l"\nmost = 0.1\nslack = 0\n'


def suite(path, folder, value, limit=0.05):
    """Write figures of a model in the form of the suite."""
    manifest = read_manifest(folder)
    rows = [{"block": "b", "measure": "m", "value": value, "low": value - 0.05, "high": value + 0.05},
            {"block": "b", "measure": "l", "value": limit, "low": None, "high": None}]  # fmt: skip
    path.write_text(
        json.dumps({"model": f"mine@{manifest['version']}", "digest": manifest["seal"], "data": "d", "rows": rows}),
        encoding="utf-8",
    )
    return path


class TestRelease:
    @pytest.fixture
    def made(self, place, tiny_model, tmp_path):
        (tmp_path / "rules.toml").write_text(RULES, encoding="utf-8")
        candidate = named(tiny_model, tmp_path / "made", "mine", "0.3.0")
        old = suite(tmp_path / "old.json", place / "mine" / "0.2.0", 0.8)

        def release(value, limit=0.05):
            new = suite(tmp_path / "new.json", candidate, value, limit)
            return run("models", "release", candidate, "--suite", new, "--default-suite", old, "--rules", tmp_path / "rules.toml")

        return release

    def test_as_good_a_model_is_released(self, made, place):
        done = made(0.79)
        assert (done.returncode, done.stdout) == (0, f"released: {place / 'mine' / '0.3.0'}\n")
        assert Classifier.load("mine").model_id == "mine@0.3.0"
        assert run("models", "rollback", "mine").stdout.startswith("mine@0.2.0")
        again = made(0.79)
        assert (again.returncode, "never overwritten" in again.stderr) == (2, True)

    def test_a_worse_model_is_refused_with_every_figure(self, made, place):
        done = made(0.6, 0.2)
        assert done.returncode == 1
        assert done.stderr.splitlines() == [
            "refused: b, m: 0.600, the default has 0.800: worse beyond noise, higher is better",
            "refused: b, l: 0.200, the default has 0.050: above the limit of 0.1",
        ]
        assert not (place / "mine" / "0.3.0").exists()

    def test_figures_of_another_model_are_refused(self, made, place, tmp_path, tiny_model):
        made(0.6)
        other = named(tiny_model, tmp_path / "other", "mine", "0.3.0", card="other")
        done = run("models", "release", other, "--suite", tmp_path / "new.json", "--default-suite", tmp_path / "old.json")
        assert (done.returncode, "holds figures of" in done.stderr) == (2, True)

    @pytest.mark.slow
    def test_of_two_processes_that_release_at_once_exactly_one_wins(self, place, tiny_model, tmp_path):
        program = """
import sys
from pathlib import Path
from hoakscheck import ModelExistsError
from hoakscheck.training.release.publication import release
candidate, shelf, start = map(Path, sys.argv[1:])
def gate(*_):
    print("ready", flush=True)
    sys.stdin.readline()
try:
    release(candidate, shelf, gate)
except ModelExistsError:
    sys.exit(3)
"""
        for round_ in range(4):
            version = f"0.{round_ + 3}.0"
            candidates = [named(tiny_model, tmp_path / f"{round_}{side}", "mine", version, card=side * 1000) for side in "ab"]
            racing = [
                subprocess.Popen(
                    [sys.executable, "-c", program, candidate, place, tmp_path],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                )
                for candidate in candidates
            ]
            for process in racing:
                assert process.stdout.readline() == "ready\n"
            for process in racing:
                process.stdin.write("go\n")
                process.stdin.flush()
            for process in racing:
                process.communicate()
            codes = [process.returncode for process in racing]
            assert sorted(codes) == [0, 3]
            winner = candidates[codes.index(0)]
            assert {path.name: path.read_bytes() for path in (place / "mine" / version).iterdir()} == {
                path.name: path.read_bytes() for path in winner.iterdir()
            }
            assert Classifier.load("mine").model_id == f"mine@{version}"
        assert not [path for path in (place / "mine").iterdir() if path.name.startswith(".")]
        assert len(trust.read_releases(place)) == 4

    @pytest.mark.slow
    def test_the_figures_are_measured_where_none_are_given(self, place, tiny_data, tiny_model, tmp_path, monkeypatch):
        monkeypatch.delenv("HOAKSCHECK_DATA_MIRROR", raising=False)
        rules = tmp_path / "rules.toml"
        rules.write_text(
            '[[limit]]\nblock = "spelling"\nmeasure = "leet: fall of macro-F1"\nmost = 1.0\nslack = 0\n', encoding="utf-8"
        )
        candidate = named(tiny_model, tmp_path / "made", "mine", "0.3.0")
        done = run("models", "release", candidate, "--data", tiny_data, "--rules", rules)
        assert (done.returncode, done.stdout) == (0, f"released: {place / 'mine' / '0.3.0'}\n"), done.stderr


def test_nothing_is_asked_of_a_shelf_that_does_not_exist_yet(tiny_model, tmp_path):
    rules = tmp_path / "rules.toml"
    rules.write_text(RULES, encoding="utf-8")
    candidate = named(tiny_model, tmp_path / "made", "mine", "0.3.0")
    new = suite(tmp_path / "new.json", candidate, 0.5)
    done = run("models", "release", candidate, "--suite", new, "--rules", rules, "--to", tmp_path / "new" / "shelf")
    assert done.returncode == 0
    assert Path(done.stdout.split(": ")[1].strip()) == tmp_path / "new" / "shelf" / "mine" / "0.3.0"
