"""A model on disk: what is saved comes back, what is damaged is refused by name, and it is found where it stands."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
import os
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from hoakscheck import (
    Classifier,
    ModelCorruptError,
    ModelError,
    ModelExistsError,
    ModelFormatError,
    ModelMismatchError,
    ModelNotFoundError,
)
from hoakscheck.model import artifact, shelf
from hoakscheck.model import manifest as manifest_of_a_model

HASHED = ("MODEL_CARD.md", "golden.json", "idf.npy", "intercept.npy", "pairs.npy", "vocabulary.txt", "weights.npy")
ARRAYS = ("idf.npy", "intercept.npy", "pairs.npy", "weights.npy")


def _edit_manifest(folder, *, seal=True, **changes):
    """Change the manifest, and mend its seal, as somebody would who means to."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_bytes()) | changes
    if seal:
        manifest["seal"] = manifest_of_a_model.seal(manifest)
    path.write_text(json.dumps(manifest), encoding="utf-8")


def _replace(folder, name, content):
    """Replace a file and mend its hash, as somebody would who means to."""
    (folder / name).write_bytes(content)
    files = json.loads((folder / "manifest.json").read_bytes())["files"]
    _edit_manifest(folder, files=files | {name: {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}})


def _npy(array, *, allow_pickle=False):
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=allow_pickle)
    return buffer.getvalue()


def _rest_of(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


class TestRoundTrip:
    def test_a_folder_holds_the_documented_files_and_no_others(self, tiny_model):
        assert _rest_of(tiny_model) == sorted([*HASHED, "manifest.json"])

    def test_a_model_saved_again_has_the_same_bytes(self, tiny_model, tmp_path):
        again = artifact.save(artifact.load(tiny_model), tmp_path / "again" / "0.0.1")
        assert {name: (again / name).read_bytes() for name in HASHED} == {name: (tiny_model / name).read_bytes() for name in HASHED}
        assert (again / "manifest.json").read_bytes() == (tiny_model / "manifest.json").read_bytes()

    def test_a_model_saved_again_predicts_the_same(self, tiny, tiny_model, tiny_texts, tmp_path):
        again = Classifier.load(artifact.save(artifact.load(tiny_model), tmp_path / "again" / "0.0.1"))
        assert np.array_equal(again.predict_proba(tiny_texts), tiny.predict_proba(tiny_texts))

    def test_the_manifest_tells_where_the_model_comes_from(self, tiny_model):
        manifest = artifact.read_manifest(tiny_model)
        assert (manifest["name"], manifest["version"], manifest["format"]) == ("tiny-id", "0.0.1", manifest_of_a_model.FORMAT)
        assert {"normaliser", "stemmer", "data", "recipe", "split", "validation", "libraries", "thresholds"} <= set(manifest)

    def test_the_golden_texts_cover_every_label(self, tiny, tiny_model):
        labels = [tiny.classify(case.text).label for case in artifact.load(tiny_model).golden]
        assert set(labels) == set(tiny.labels)

    def test_a_path_works_as_a_string_too(self, tiny, tiny_model):
        assert Classifier.load(str(tiny_model)).model_id == tiny.model_id

    def test_the_same_corpus_and_seed_give_the_same_bytes(self, tiny_model, tiny_data, tiny_recipe, tmp_path):
        program = f"""
from pathlib import Path
from hoakscheck.training.corpus.build import build_corpus
from hoakscheck.training.recipe import Recipe
from hoakscheck.training.train import train
recipe = Recipe(features={dict(tiny_recipe.features)!r}, folds={tiny_recipe.folds})
train(build_corpus(Path({str(tiny_data)!r}), None), Path({str(tmp_path / "tiny-id" / "0.0.1")!r}), recipe=recipe)
"""
        environment = os.environ | {"PYTHONHASHSEED": "1234"}
        subprocess.run([sys.executable, "-W", "error", "-c", program], check=True, env=environment)
        for name in (*HASHED, "manifest.json"):
            assert (tmp_path / "tiny-id" / "0.0.1" / name).read_bytes() == (tiny_model / name).read_bytes()


class TestSaving:
    def test_a_version_that_exists_is_never_overwritten(self, model_copy):
        before = {name: (model_copy / name).read_bytes() for name in HASHED}
        with pytest.raises(ModelExistsError) as caught:
            artifact.save(dataclasses.replace(artifact.load(model_copy), card="other"), model_copy)
        assert caught.value.path == model_copy
        assert {name: (model_copy / name).read_bytes() for name in HASHED} == before

    def test_nothing_is_left_of_a_model_that_cannot_be_written_as_json(self, tiny_model, tmp_path):
        broken = dataclasses.replace(artifact.load(tiny_model), record={"data": object()})
        with pytest.raises(TypeError):
            artifact.save(broken, tmp_path / "tiny-id" / "0.0.2")
        assert [name for name in _rest_of(tmp_path) if name != "tiny-id"] == []

    def test_nothing_is_left_of_a_model_when_the_disk_is_full(self, tiny_model, tmp_path):
        resource = pytest.importorskip("resource", reason="limits on file sizes are a matter of Unix")
        model = artifact.load(tiny_model)
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (6_000, hard))
        try:
            with pytest.raises(OSError, match="File too large"):
                artifact.save(model, tmp_path / "tiny-id" / "0.0.2")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert [name for name in _rest_of(tmp_path) if name != "tiny-id"] == []

    def test_others_may_read_what_was_saved(self, model_copy, tmp_path):
        folder = artifact.save(artifact.load(model_copy), tmp_path / "shared" / "0.0.1")
        assert os.name == "nt" or folder.stat().st_mode & 0o777 == 0o755


class TestDamage:
    @pytest.mark.parametrize("name", HASHED)
    def test_a_missing_file_is_named(self, model_copy, name):
        (model_copy / name).unlink()
        with pytest.raises(ModelCorruptError, match="is missing") as caught:
            Classifier.load(model_copy)
        assert caught.value.path == model_copy / name

    @pytest.mark.parametrize("name", HASHED)
    @pytest.mark.parametrize("keep", [0, 0.5, -1], ids=["emptied", "halved", "one byte short"])
    def test_a_truncated_file_is_named(self, model_copy, name, keep):
        content = (model_copy / name).read_bytes()
        (model_copy / name).write_bytes(content[: keep if isinstance(keep, int) else int(len(content) * keep)])
        with pytest.raises(ModelCorruptError, match="SHA-256 differs") as caught:
            Classifier.load(model_copy)
        assert caught.value.path == model_copy / name

    @pytest.mark.parametrize("name", HASHED)
    @pytest.mark.parametrize("where", [0, 0.5, 1], ids=["first", "middle", "last"])
    def test_a_file_with_one_byte_changed_is_named(self, model_copy, name, where):
        content = bytearray((model_copy / name).read_bytes())
        content[int(where * (len(content) - 1))] ^= 1
        (model_copy / name).write_bytes(content)
        with pytest.raises(ModelCorruptError, match="SHA-256 differs") as caught:
            Classifier.load(model_copy)
        assert caught.value.path == model_copy / name

    @pytest.mark.parametrize("name", HASHED)
    def test_a_file_that_the_manifest_does_not_list_is_named(self, model_copy, name):
        files = artifact.read_manifest(model_copy)["files"]
        del files[name]
        _edit_manifest(model_copy, files=files)
        with pytest.raises(ModelCorruptError, match="not listed") as caught:
            Classifier.load(model_copy)
        assert caught.value.path == model_copy / name

    def test_a_missing_manifest_is_named(self, model_copy):
        (model_copy / "manifest.json").unlink()
        with pytest.raises(ModelCorruptError, match="is missing") as caught:
            artifact.load(model_copy)
        assert caught.value.path == model_copy / "manifest.json"

    @pytest.mark.parametrize("content", [b"", b'{"format": 1', b"\xff\xfe\x00", b"[]", b"null", b"{}", b'{"files": []}'], ids=ascii)
    def test_a_manifest_that_is_none_is_named(self, model_copy, content):
        (model_copy / "manifest.json").write_bytes(content)
        with pytest.raises(ModelCorruptError) as caught:
            Classifier.load(model_copy)
        assert caught.value.path == model_copy / "manifest.json"

    @pytest.mark.parametrize("key", ["name", "version", "labels", "normaliser", "features", "thresholds", "files"])
    def test_a_manifest_without_one_of_its_keys_is_named(self, model_copy, key):
        manifest = artifact.read_manifest(model_copy)
        del manifest[key]
        (model_copy / "manifest.json").write_text(
            json.dumps(manifest | {"seal": manifest_of_a_model.seal(manifest)}), encoding="utf-8"
        )
        with pytest.raises(ModelCorruptError) as caught:
            Classifier.load(model_copy)
        assert caught.value.path == model_copy / "manifest.json"

    @pytest.mark.parametrize(
        "change",
        [
            {"thresholds": {"hoax": 0.9, "political_ad": 0.1, "review": 0.0, "fewest_words": 0, "known_share": 0.0}},
            {"name": "tiny-jd"},
            {"version": "0.0.9"},
        ],
        ids=lambda change: next(iter(change)),
    )
    def test_a_manifest_that_says_something_else_is_named(self, model_copy, change):
        _edit_manifest(model_copy, seal=False, **change)
        with pytest.raises(ModelCorruptError) as caught:
            Classifier.load(model_copy)
        assert caught.value.path == model_copy / "manifest.json"

    def test_no_damage_to_the_manifest_shows_as_anything_but_a_model_error(self, model_copy):
        path = model_copy / "manifest.json"
        content = path.read_bytes()
        for position in range(0, len(content), 5):
            path.write_bytes(content[:position] + b"x" + content[position + 1 :])
            try:
                Classifier.load(model_copy)
            except ModelError as error:
                assert str(model_copy) in str(error)

    def test_labels_in_another_order_are_refused(self, model_copy):
        _edit_manifest(model_copy, labels=["benign", "hoax", "political_ad"])
        with pytest.raises(ModelCorruptError):
            Classifier.load(model_copy)

    @pytest.mark.parametrize("found", [0, 4, "1", None])
    def test_another_format_is_refused_with_both_numbers(self, model_copy, found):
        _edit_manifest(model_copy, format=found)
        with pytest.raises(ModelFormatError, match="this version reads 1, 2, 3") as caught:
            Classifier.load(model_copy)
        assert (caught.value.found, caught.value.supported) == (found, (1, 2, 3))


class TestDamageWithMendedHash:
    """The hash only tells that a file is the one the manifest means; what it holds is checked as well."""

    def test_another_golden_probability_is_noticed(self, model_copy):
        golden = json.loads((model_copy / "golden.json").read_bytes())
        golden[3]["probabilities"][0] += 1e-6
        _replace(model_copy, "golden.json", json.dumps(golden).encode())
        with pytest.raises(ModelCorruptError) as caught:
            Classifier.load(model_copy)
        assert caught.value.path == model_copy / "golden.json"

    def test_another_golden_text_is_noticed(self, model_copy):
        golden = json.loads((model_copy / "golden.json").read_bytes())
        golden[-1]["text"] += " coblos"
        _replace(model_copy, "golden.json", json.dumps(golden).encode())
        with pytest.raises(ModelCorruptError) as caught:
            Classifier.load(model_copy)
        assert caught.value.path == model_copy / "golden.json"

    def test_other_weights_are_noticed_by_the_golden_texts(self, model_copy):
        weights = np.load(model_copy / "weights.npy")
        _replace(model_copy, "weights.npy", _npy(weights * np.float32(1.001)))
        with pytest.raises(ModelCorruptError) as caught:
            Classifier.load(model_copy)
        assert caught.value.path == model_copy / "golden.json"

    @pytest.mark.parametrize(
        "golden",
        [
            [{"text": "coblos", "probabilities": [0.1, 0.9]}],
            [{"text": "coblos", "probabilities": [0.1, 0.2, float("nan")]}],
            [{"text": 5, "probabilities": [0.1, 0.2, 0.7]}],
            [{"text": "coblos", "probabilities": ["a", "b", "c"]}],
            [{"text": "coblos"}],
            ["coblos"],
            {"text": "coblos"},
        ],
        ids=json.dumps,
    )
    def test_golden_texts_of_another_form_are_refused(self, model_copy, golden):
        _replace(model_copy, "golden.json", json.dumps(golden).encode())
        with pytest.raises(ModelCorruptError):
            Classifier.load(model_copy)

    @pytest.mark.parametrize("name", ARRAYS)
    def test_an_array_of_objects_is_refused_and_not_unpickled(self, model_copy, tmp_path, name):
        class Payload:
            def __reduce__(self):
                return Path.touch, (tmp_path / "executed",)

        shape = np.load(model_copy / name).shape
        _replace(model_copy, name, _npy(np.full(shape, Payload(), dtype=object), allow_pickle=True))
        with pytest.raises(ModelCorruptError):
            Classifier.load(model_copy)
        assert not (tmp_path / "executed").exists()

    @pytest.mark.parametrize("name", ARRAYS)
    def test_a_pickle_is_refused(self, model_copy, name):
        _replace(model_copy, name, pickle.dumps([1.0, 2.0]))
        with pytest.raises(ModelCorruptError):
            Classifier.load(model_copy)

    @pytest.mark.parametrize("name", ARRAYS)
    @pytest.mark.parametrize("content", [b"", b"no array", _npy(np.ones((7, 5)))], ids=["empty", "text", "other shape"])
    def test_what_is_no_array_of_the_right_size_is_refused(self, model_copy, name, content):
        _replace(model_copy, name, content)
        with pytest.raises(ModelCorruptError):
            Classifier.load(model_copy)

    @pytest.mark.parametrize(
        ("name", "change"),
        [
            ("weights.npy", lambda weights: np.hstack([weights, weights[:, :1]])),
            ("weights.npy", lambda weights: weights[:, 0]),
            ("weights.npy", lambda weights: weights.astype(str)),
            ("weights.npy", lambda weights: weights * np.nan),
            ("idf.npy", lambda idf: idf.astype(str)),
            ("intercept.npy", lambda intercept: np.append(intercept, 0.0)),
        ],
        ids=["three questions", "one question", "strings", "not a number", "strings for idf", "three intercepts"],
    )
    def test_arrays_that_do_not_fit_one_another_are_refused(self, model_copy, name, change):
        _replace(model_copy, name, _npy(change(np.load(model_copy / name))))
        with pytest.raises(ModelCorruptError):
            Classifier.load(model_copy)

    @pytest.mark.parametrize("change", [lambda words: words[:-1], lambda words: [*words, b"coblosan"]], ids=["fewer", "more"])
    def test_a_vocabulary_of_another_length_is_refused(self, model_copy, change):
        words = (model_copy / "vocabulary.txt").read_bytes().split(b"\n")[:-1]
        _replace(model_copy, "vocabulary.txt", b"\n".join(change(words)) + b"\n")
        with pytest.raises(ModelCorruptError):
            Classifier.load(model_copy)


class TestMismatch:
    def test_a_model_of_another_normaliser_is_refused_with_both_fingerprints(self, model_copy):
        installed = artifact.read_manifest(model_copy)["normaliser"]
        _edit_manifest(model_copy, normaliser="0123456789abcdef")
        with pytest.raises(ModelMismatchError, match="train the model again") as caught:
            Classifier.load(model_copy)
        assert (caught.value.field, caught.value.model, caught.value.installed) == ("normaliser", "0123456789abcdef", installed)
        assert caught.value.path == model_copy


class TestFind:
    """An explicit path, then $HOAKSCHECK_MODELS, then the model inside the package."""

    @pytest.fixture
    def place(self, tmp_path, monkeypatch):
        monkeypatch.setenv("HOAKSCHECK_MODELS", str(tmp_path / "shelf"))
        monkeypatch.chdir(tmp_path)

        def put(*parts):
            folder = tmp_path.joinpath("shelf", *parts)
            folder.mkdir(parents=True)
            (folder / "manifest.json").write_text("{}", encoding="utf-8")
            return folder

        return put

    def test_an_explicit_path_wins_over_a_name(self, place, tmp_path):
        place("mine", "0.1.0")
        here = tmp_path / "mine"
        here.mkdir()
        (here / "manifest.json").write_text("{}", encoding="utf-8")
        assert shelf.find(Path("mine")) == Path("mine")

    def test_a_name_gives_the_newest_version_by_number(self, place):
        place("mine", "0.9.0")
        newest = place("mine", "0.10.0")
        place("mine", "0.2.11")
        assert shelf.find("mine") == newest

    def test_a_release_is_newer_than_its_candidates(self, place):
        for number in range(1, 13):
            place("mine", f"1.0.0-rc{number}")
        release = place("mine", "1.0.0")
        assert shelf.find("mine") == release

    def test_a_name_with_a_version_gives_that_version(self, place):
        old = place("mine", "0.9.0")
        place("mine", "0.10.0")
        assert shelf.find("mine@0.9.0") == old

    def test_a_version_is_matched_whole(self, place):
        place("mine", "0.10.0")
        with pytest.raises(ModelNotFoundError):
            shelf.find("mine@0.1")

    def test_the_shelf_of_the_environment_comes_before_the_package(self, place):
        mine = place("hoakscheck-id", "0.0.1")
        assert shelf.find() == shelf.find("hoakscheck-id") == mine

    def test_without_an_environment_the_default_model_is_that_of_the_package(self):
        import hoakscheck

        found = shelf.find()
        assert found.parent == Path(hoakscheck.__file__).parent / "models" / "hoakscheck-id"

    def test_a_folder_without_a_manifest_is_no_version(self, place, tmp_path):
        old = place("mine", "0.9.0")
        (tmp_path / "shelf" / "mine" / "0.10.0").mkdir()
        assert shelf.find("mine") == old

    def test_a_model_that_is_nowhere_is_an_error_that_lists_the_places(self, place, tmp_path):
        place("mine", "0.1.0")
        with pytest.raises(ModelNotFoundError) as caught:
            shelf.find("mine@0.2.0")
        assert caught.value.name == "mine@0.2.0"
        assert caught.value.tried[:2] == (Path("mine@0.2.0"), tmp_path / "shelf" / "mine" / "0.2.0")
        assert len(caught.value.tried) == 3
        assert all(str(place) in str(caught.value) for place in caught.value.tried)

    @pytest.mark.parametrize("name", ["nowhere", "./nowhere", "@0.1.0", "../mine"])
    def test_it_is_also_a_file_not_found_error(self, place, name):
        with pytest.raises(FileNotFoundError, match="looked in"):
            shelf.find(name)

    def test_models_are_listed_by_name_and_version(self, place, tmp_path):
        found = [place(*parts) for parts in (("b", "0.9.0"), ("b", "0.10.0"), ("a", "1.0.0"))]
        own = [folder for folder in shelf.available() if tmp_path in folder.parents]
        assert own == [found[2], found[0], found[1]]

    def test_a_shelf_that_does_not_exist_holds_nothing(self, monkeypatch, tmp_path):
        monkeypatch.setenv("HOAKSCHECK_MODELS", str(tmp_path / "nowhere"))
        assert not [folder for folder in shelf.available() if tmp_path in folder.parents]
