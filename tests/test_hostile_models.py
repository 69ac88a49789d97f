"""A model may come from anywhere: what is read of it is bounded, nothing of it runs, and no change of it goes unnoticed."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
import tracemalloc
from dataclasses import replace
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from hostile import artifacts
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import hoakscheck
from hoakscheck import Classifier, ModelCorruptError, ModelError, ModelFormatError, ModelNotFoundError
from hoakscheck.model import artifact, folder, shelf, trust
from hoakscheck.model import manifest as manifests
from hoakscheck.model.tables import Tables
from hoakscheck.serving.scorer import Scorer, probabilities
from hoakscheck.text.normaliser import packaged_normaliser

FORMATS = Path(__file__).parent / "data" / "formats"
EXAMPLES = sorted(FORMATS.glob("*/*/*"))
RELEASED = sorted((Path(hoakscheck.__file__).parent / "models").glob("*/*/manifest.json"))
SCHEMA = json.loads((Path(manifests.__file__).parent / "manifest.schema.json").read_text(encoding="utf-8"))


def write(folder_of_model, **changes):
    """Change a model and mend its hashes and its seal, as somebody would who means to."""
    files = artifacts.read_folder(folder_of_model) | {name.replace("__", "."): content for name, content in changes.items()}
    for name, content in artifacts.resealed(files).items():
        (folder_of_model / name).write_bytes(content)


class TestFormats:
    def test_every_format_that_is_read_has_a_stored_example(self):
        assert {int(path.parent.parent.name) for path in EXAMPLES} == set(manifests.READABLE)

    @pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.parent.parent.name)
    def test_a_stored_example_is_read_as_it_was_saved(self, example):
        model = artifact.load(example)
        golden = 24 if example.parent.parent.name in {"1", "2"} else 13  # since then only short texts
        assert (model.model_id, model.tables.weights.shape[1], len(model.golden)) == ("tiny-id@0.0.1", 2, golden)
        assert model.tables.grows is (example.parent.parent.name == "3")
        assert model.digest == json.loads((example / "manifest.json").read_bytes())["seal"]
        if model.normaliser == packaged_normaliser().fingerprint:
            scorer = Scorer(model.tables)
            for case in model.golden:
                got = probabilities(scorer.score(packaged_normaliser().tokens(case.text)).log_odds)
                assert got == pytest.approx(case.probabilities, abs=1e-9)

    @pytest.mark.parametrize("path", RELEASED, ids=lambda path: "/".join(path.parts[-3:-1]))
    def test_every_released_model_can_be_read_and_is_on_the_list_of_releases(self, path):
        model = artifact.load(path.parent)
        assert trust.read_releases(shelf.shelves()[-1])[model.model_id] == model.digest


class TestSchema:
    @pytest.mark.parametrize(
        "path", [*RELEASED, *(path / "manifest.json" for path in EXAMPLES)], ids=lambda path: "/".join(path.parts[-3:-1])
    )
    def test_the_manifests_that_there_are_follow_the_schema(self, path):
        jsonschema.validate(json.loads(path.read_bytes()), SCHEMA)

    @given(seed=st.integers(0, 2**32))
    @settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_what_the_reader_takes_follows_the_schema(self, tiny_model, tmp_path, seed):
        files = artifacts.read_folder(tiny_model)
        mutant = artifacts.edit_manifest(artifacts.random.Random(seed), files, None)
        (tmp_path / "manifest.json").write_bytes(mutant.files["manifest.json"])
        try:
            found = manifests.read_manifest(tmp_path)
        except ModelError:
            return
        jsonschema.validate(found, SCHEMA)

    def test_the_schema_and_the_reader_know_the_same_limits(self):
        sizes = {
            name: entry["properties"]["bytes"]["maximum"] for name, entry in SCHEMA["properties"]["files"]["properties"].items()
        }
        assert sizes == {name: folder.LARGEST[name] for name in folder.LISTED}
        assert SCHEMA["$defs"]["count"]["maximum"] == folder.MOST_FEATURES
        assert SCHEMA["required"] == list(manifests.FIXED)


class TestLimits:
    @pytest.mark.parametrize("name", [*folder.LISTED, "manifest.json"])
    def test_a_file_is_not_read_beyond_its_limit(self, model_copy, name):
        with (model_copy / name).open("r+b") as stream:
            stream.truncate(2**36)  # 64 GB that take no place
        tracemalloc.start()
        with pytest.raises(ModelCorruptError, match="larger than") as caught:
            Classifier.load(model_copy)
        assert tracemalloc.get_traced_memory()[1] < 2.2 * folder.LARGEST[name] + 2**21
        tracemalloc.stop()
        assert caught.value.path == model_copy / name

    @pytest.mark.parametrize("name", [*folder.LISTED, "manifest.json"])
    def test_a_link_is_refused_even_if_it_leads_to_the_same_bytes(self, model_copy, tiny_model, name):
        (model_copy / name).unlink()
        (model_copy / name).symlink_to(tiny_model / name)
        with pytest.raises(ModelCorruptError, match="is a link") as caught:
            Classifier.load(model_copy)
        assert caught.value.path == model_copy / name

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are a matter of Unix")
    def test_a_pipe_is_refused_without_waiting_for_a_writer(self, model_copy):
        (model_copy / "idf.npy").unlink()
        os.mkfifo(model_copy / "idf.npy")
        with pytest.raises(ModelCorruptError, match="no regular file"):
            Classifier.load(model_copy)

    def test_a_vocabulary_of_nothing_but_line_ends_takes_no_memory(self, model_copy):
        write(model_copy, vocabulary__txt=b"\n" * (60 * 2**20))
        tracemalloc.start()
        with pytest.raises(ModelCorruptError, match="whole lines"):
            Classifier.load(model_copy)
        assert tracemalloc.get_traced_memory()[1] < 3 * 60 * 2**20
        tracemalloc.stop()

    def test_a_repeated_feature_is_refused(self, model_copy):
        lines = (model_copy / "vocabulary.txt").read_bytes().split(b"\n")
        write(model_copy, vocabulary__txt=b"\n".join([lines[1], *lines[1:]]))
        with pytest.raises(ModelCorruptError, match="words twice") as caught:
            Classifier.load(model_copy)
        assert caught.value.path == model_copy / "vocabulary.txt"

    @pytest.mark.parametrize(
        ("pairs", "complaint"),
        [
            (["di & ke & yang"], "names no two cues in order: 'di & ke & yang'"),
            (["yang & di"], "in order"),
            (["di & di"], "in order"),
            ([" & di"], "in order"),
            (["di ke yang apa"], "names no pair"),
            (["di"], "names no pair"),
        ],
    )
    def test_pairs_of_format_1_that_cannot_be_are_refused_before_a_square_is_laid_out(self, tmp_path, pairs, complaint):
        old = Path(shutil.copytree(FORMATS / "1" / "tiny-id" / "0.0.1", tmp_path / "tiny-id" / "0.0.1"))
        lines = (old / "vocabulary.txt").read_text(encoding="utf-8").split("\n")
        first = json.loads((old / "manifest.json").read_bytes())["features"]["words"]
        lines[first : first + len(pairs)] = pairs
        write(old, vocabulary__txt="\n".join(lines).encode())
        self._refuse(old, "vocabulary.txt", complaint)

    @pytest.mark.parametrize(
        ("kind", "change"),
        [
            ("neighbours", lambda codes: codes[::-1]),
            ("neighbours", lambda codes: np.concatenate([codes[:1], codes[:-1]])),
            ("neighbours", lambda codes: np.concatenate([codes[:-1], [[2**30, 2**30]]])),
            ("skips", lambda codes: np.concatenate([[[-1, 3]], codes[1:]])),
            ("skips", lambda codes: np.concatenate([[[-(2**31), 3]], codes[1:]])),
            ("edges", lambda codes: np.concatenate([[[-1, -1]], codes[1:]])),
            ("edges", lambda codes: np.concatenate([codes[:-1], [[5, 6]]])),
            ("together", lambda codes: np.concatenate([codes[:-1], [[10**5, 10**5]]])),
            ("together", lambda codes: codes[:, ::-1]),
        ],
    )
    def test_pairs_that_name_no_stems_or_stand_in_no_order_are_refused(self, model_copy, kind, change):
        tables = artifact.load(model_copy).tables
        parts = {name: getattr(tables, name) for name in ("neighbours", "skips", "edges", "together")}
        parts[kind] = change(parts[kind]).astype(np.int32)
        write(model_copy, pairs__npy=folder.array_bytes(np.concatenate(list(parts.values()))))
        self._refuse(model_copy, "pairs.npy", f"holds ({kind}|cues together)")

    def test_more_cues_than_a_square_holds_are_refused_before_one_is_laid_out(self, tiny_model):
        tables = artifact.load(tiny_model).tables
        stems = tuple(f"isyarat{number:04}" for number in range(1_002))
        numbers = np.arange(len(tables.words), len(tables.words) + len(stems), dtype=np.int32)
        with pytest.raises(ValueError, match=r"names 1,002 cues, 1,000 are the most"):
            replace(tables, stems=stems, together=numbers.reshape(-1, 2))
        pairs = [f"{left} & {right}" for left, right in zip(stems[::2], stems[1::2], strict=True)]
        with pytest.raises(ValueError, match=r"names 1,002 cues, 1,000 are the most"):
            Tables.from_features(
                [], pairs, [], idf=tables.idf, weights=tables.weights, intercept=tables.intercept, window=30, grows=True
            )

    def _refuse(self, model, name, complaint):
        tracemalloc.start()
        with pytest.raises(ModelCorruptError, match=complaint) as caught:
            Classifier.load(model)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert most < 4 * 2**20
        assert caught.value.path == model / name

    def test_a_hundred_thousand_keys_of_which_the_last_stands_twice_take_no_time(self, model_copy):
        keys = ", ".join(f'"{number:x}": 0' for number in [*range(80_000), 79_999])
        (model_copy / "manifest.json").write_text(f"{{{keys}}}", encoding="utf-8")
        start = time.perf_counter()
        with pytest.raises(ModelCorruptError, match="stands twice"):
            Classifier.load(model_copy)
        assert time.perf_counter() - start < 2

    def test_no_depth_of_nesting_ends_in_anything_but_a_model_error(self, model_copy):
        content = (model_copy / "manifest.json").read_text(encoding="utf-8")
        for depth in [*range(800, 1_010, 3), 10_000]:
            (model_copy / "manifest.json").write_text(
                content.replace("}", f', "x": {"[" * depth}{"]" * depth}}}', 1), encoding="utf-8"
            )
            with pytest.raises(ModelCorruptError):
                Classifier.load(model_copy)

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are a matter of Unix")
    @pytest.mark.parametrize("name", ["RELEASES.tsv", "tiny-id/DEFAULT"])
    def test_a_pipe_on_the_shelf_keeps_nobody_waiting(self, model_copy, monkeypatch, name):
        place = model_copy.parent.parent
        monkeypatch.setenv("HOAKSCHECK_MODELS", str(place))
        os.mkfifo(place / name)
        with pytest.raises(ModelCorruptError, match="no regular file"):
            Classifier.load("tiny-id")

    @pytest.mark.parametrize("number", [True, 1.0])
    def test_what_only_equals_a_format_number_is_none(self, model_copy, number):
        manifest = json.loads((model_copy / "manifest.json").read_bytes()) | {"format": number}
        (model_copy / "manifest.json").write_text(json.dumps(manifest | {"seal": manifests.seal(manifest)}), encoding="utf-8")
        with pytest.raises(ModelFormatError):
            Classifier.load(model_copy)

    @pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root can give a folder away")
    def test_a_folder_that_may_not_be_read_is_named(self, model_copy):
        (model_copy / "idf.npy").chmod(0o600)
        for part in [model_copy, *model_copy.parents]:
            if part.owner() == "root" and part.parent != part:
                part.chmod(part.stat().st_mode | 0o055)
        program = f"""
import os
from hoakscheck import Classifier, ModelCorruptError
os.setgid(65534); os.setuid(65534)
try:
    Classifier.load({str(model_copy)!r})
except ModelCorruptError as error:
    assert error.path.name == "idf.npy" and "Permission denied" in str(error), error
else:
    raise SystemExit("was read")
"""
        subprocess.run([sys.executable, "-c", program], check=True)


class TestNothingRuns:
    def test_loading_evaluates_imports_and_opens_nothing_but_the_model(self, model_copy):
        program = f"""
import sys
import hoakscheck
from hoakscheck import Classifier
Classifier.load()  # what is imported on first use is imported now
events = []
watched = {{"compile", "exec", "import", "os.system", "subprocess.Popen", "pickle.find_class", "marshal.loads", "socket.__new__", "open"}}
sys.addaudithook(lambda event, arguments: event in watched and events.append((event, str(arguments[0]))))
Classifier.load({str(model_copy)!r})
outside = [e for e in events if not (e[0] == "open" and ({str(model_copy)!r} in e[1] or e[1].isdigit() or e[1].endswith("RELEASES.tsv")))]
assert not outside, outside
assert len(events) > 6
"""
        subprocess.run([sys.executable, "-c", program], check=True)

    @pytest.mark.parametrize("name", ["", ".", "..", "../hoakscheck-id", "hoakscheck-id/..", "a\0b", "\ud800", "-x", "x" * 5000])
    def test_a_name_never_leads_out_of_a_shelf(self, name, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("HOAKSCHECK_MODELS", str(shelf.shelves()[-1] / "hoakscheck-id"))
        with pytest.raises(ModelNotFoundError):
            shelf.find(f"{name}@0.2.0")


class TestIdentity:
    def test_a_verdict_carries_the_digest_of_the_manifest(self, tiny, tiny_model):
        digest = json.loads((tiny_model / "manifest.json").read_bytes())["seal"]
        assert tiny.digest == tiny.classify("coblos").digest == tiny.classify("coblos").to_dict()["digest"] == digest

    def test_a_model_can_be_asked_for_by_its_digest(self, tiny, tiny_model):
        assert Classifier.load(tiny_model, digest=tiny.digest).digest == tiny.digest
        assert Classifier.load(tiny_model, digest=tiny.digest[:12]).digest == tiny.digest
        for digest in ("", tiny.digest[:11], "0" * 64, tiny.digest.upper() + "0"):
            with pytest.raises(ModelCorruptError, match="asked for was"):
                Classifier.load(tiny_model, digest=digest)

    def test_nobody_else_may_carry_the_name_of_a_released_model(self, tiny_model, tmp_path):
        fake = artifact.save(
            replace(artifact.load(tiny_model), name="hoakscheck-id", version="0.2.0"), tmp_path / "hoakscheck-id" / "0.2.0"
        )
        with pytest.raises(ModelCorruptError, match=r"is not hoakscheck-id@0\.2\.0 as released"):
            Classifier.load(fake)

    @pytest.mark.parametrize(
        "name", ["hоakscheck-id", "hoakscheck‐id", "hoakscheck-id\u200b", "mine\x1b[31m", "=mine", "-mine", "a/b", "..", ""]
    )
    def test_no_name_can_pass_for_another_or_do_anything_in_a_terminal(self, tiny_model, tmp_path, name):
        assert not manifests.is_name(name)
        manifest = json.loads((tiny_model / "manifest.json").read_bytes()) | {"name": name}
        (tmp_path / "manifest.json").write_text(json.dumps(manifest | {"seal": manifests.seal(manifest)}), encoding="utf-8")
        with pytest.raises(ModelCorruptError, match="'name'"):
            manifests.read_manifest(tmp_path)

    def test_a_list_of_releases_on_the_shelf_does_not_overrule_that_of_the_package(self, tiny_model, tmp_path, monkeypatch):
        monkeypatch.setenv("HOAKSCHECK_MODELS", str(tmp_path))
        fake = artifact.save(
            replace(artifact.load(tiny_model), name="hoakscheck-id", version="0.2.0"), tmp_path / "hoakscheck-id" / "0.2.0"
        )
        (tmp_path / "RELEASES.tsv").write_text(f"hoakscheck-id@0.2.0\t{artifact.load(fake).digest}\n", encoding="utf-8")
        with pytest.raises(ModelCorruptError, match="as released"):
            Classifier.load("hoakscheck-id@0.2.0")

    def test_a_model_found_by_name_must_have_that_name(self, tiny_model, tmp_path, monkeypatch):
        monkeypatch.setenv("HOAKSCHECK_MODELS", str(tmp_path))
        old = artifact.save(replace(artifact.load(tiny_model), name="mine", version="0.1.0"), tmp_path / "mine" / "0.1.0")
        old.rename(tmp_path / "mine" / "0.2.0")
        with pytest.raises(ModelCorruptError, match=r"is that of mine@0\.1\.0"):
            Classifier.load("mine@0.2.0")

    @pytest.mark.parametrize("line", ["", "mine 0.1.0", "mine@0.1.0\tabc", f"a@1\t{'0' * 64}\na@1\t{'1' * 64}"])
    def test_a_damaged_list_of_releases_is_an_error_and_not_an_empty_list(self, tmp_path, line):
        (tmp_path / "RELEASES.tsv").write_text(line + "\n", encoding="utf-8")
        with pytest.raises(ModelCorruptError, match=r"line \d is no name@version"):
            trust.read_releases(tmp_path)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("mutants")


@pytest.fixture(scope="module")
def subject(tiny_model, place):
    return artifacts.Subject.of(tiny_model, artifacts.train_tiny(place / "tiny-id" / "0.0.2", seed=1), place=place)


class TestMutants:
    """The full campaign is ``python tests/hostile/artifacts.py``; here is a part of it."""

    @pytest.mark.slow
    def test_every_mutant_is_refused_or_changes_nothing(self, subject, place):
        resource = pytest.importorskip("resource", reason="limits on memory are a matter of Unix")
        soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        artifacts.bound_memory()
        try:
            found = artifacts.campaign(subject, range(1_000_000, 1_004_000), place)
        finally:
            resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
        assert found.total() == 4_000
        assert len({mutation for mutation, _ in found}) == len(set(artifacts.MUTATIONS))

    @pytest.mark.slow
    def test_no_mutant_of_a_released_model_loads_as_another(self, place):
        released = shelf.shelves()[-1] / "hoakscheck-id"
        one = artifacts.Subject.of(released / "0.2.0", released / "0.1.0", place=place, is_released=True)
        found = artifacts.campaign(one, range(2_000_000, 2_000_200), place)
        assert sum(number for (_, outcome), number in found.items() if outcome.startswith("refused")) > 150

    def test_the_campaign_notices_a_reader_that_checks_nothing(self, subject, place, monkeypatch):
        monkeypatch.setattr(artifact, "_checked", lambda path, name, _: folder.read_file(path, name))
        with pytest.raises(AssertionError, match="seed"):
            artifacts.campaign(subject, range(400), place)

    @given(data=st.data())
    @settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_any_bytes_in_place_of_a_file_are_refused(self, subject, place, data):
        name = data.draw(st.sampled_from([*folder.LISTED, "manifest.json"]))
        content = data.draw(st.binary(max_size=300) | st.text(max_size=100).map(lambda text: text.encode("utf-8", "surrogatepass")))
        mended = data.draw(st.booleans()) and name != "manifest.json"
        files = subject.files | {name: content}
        mutant = artifacts.Mutant(artifacts.resealed(files) if mended else files, None if mended else name)
        where = place / f"any-{os.urandom(8).hex()}" / "0.0.1"
        outcome = artifacts.judge(subject, mutant, where)
        assert outcome.startswith("refused") or (name == "MODEL_CARD.md" and mended)

    @given(
        st.binary(max_size=400)
        | st.binary(max_size=300).map(lambda tail: folder.array_bytes(np.zeros(4, dtype="<f4"))[:128] + tail)
    )
    @settings(deadline=None, max_examples=300)
    def test_any_bytes_are_an_array_of_that_shape_or_a_value_error(self, content):
        try:
            array = folder.read_array(content, "<f4", (4,))
        except ValueError:
            return
        assert array.shape == (4,)
        assert np.isfinite(array).all()

    @given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(st.characters(exclude_categories=["Cs"])),
                        lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner), max_leaves=20))  # fmt: skip
    def test_strict_json_reads_what_json_writes(self, value):
        assert folder.strict_json(json.dumps(value).encode()) == value

    @given(st.binary(max_size=60))
    def test_strict_json_raises_nothing_but_value_errors(self, content):
        with contextlib.suppress(ValueError):
            folder.strict_json(content)
