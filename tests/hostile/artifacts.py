"""Mutated models: each must be refused with an error of the library, in bounded time and memory, or change nothing.

    python tests/hostile/artifacts.py --count 20000

Every mutation follows from its seed, so that a failure can be looked at again: ``--seed N --count 1``.
"""

from __future__ import annotations

import copy
import hashlib
import io
import json
import os
import random
import shutil
import struct
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import click
import numpy as np

from hoakscheck import Classifier, ModelCorruptError, ModelError, ModelSignatureError
from hoakscheck.model import folder as limits
from hoakscheck.model.manifest import seal

#: A load of the tiny model takes 5 ms, one of a released model 300 ms; hostile ones may not take much longer.
LONGEST_LOAD = 5.0
#: Address space that all loads of a campaign may take beyond what the process has at its start, in bytes.
MOST_MEMORY = 1_500_000_000

PROBES = [
    "Ayo coblos nomor 3, pilih Bu Ratih!",
    "KPU sudah membatalkan pemungutan suara, sebarkan!",
    "Bawa KTP ke TPS pada hari pemungutan suara.",
    "pemilu curang, suara hangus, kotak suara dibuka",
    "harga cabai naik",
    "",
]


@dataclass
class Mutant:
    """A model folder to be written: name -> bytes, or a function that puts something else there.

    Attributes:
        files: what to write.
        names: the file that an error must name; None where several may be named.
    """

    files: dict[str, bytes | Callable[[Path], None]]
    names: str | None = None

    def write(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        for name, content in self.files.items():
            if callable(content):
                content(folder / name)
            else:
                (folder / name).write_bytes(content)


def read_folder(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def resealed(files: dict[str, bytes], manifest: dict | None = None) -> dict[str, bytes]:
    """Mend sizes, hashes and seal, as somebody would who means to."""
    manifest = copy.deepcopy(manifest if manifest is not None else json.loads(files["manifest.json"]))
    if isinstance(manifest.get("files"), dict):
        for name, entry in manifest["files"].items():
            if isinstance(entry, dict) and isinstance(files.get(name), bytes) and {"bytes", "sha256"} <= set(entry):
                entry |= {"bytes": len(files[name]), "sha256": hashlib.sha256(files[name]).hexdigest()}
    manifest["seal"] = seal(manifest)
    return files | {"manifest.json": json.dumps(manifest, ensure_ascii=False).encode("utf-8", "surrogatepass")}


def _listed(*folders: dict[str, bytes]) -> list[str]:
    """Return the files that manifests list and that all of these models have; in format 1 there is one less."""
    return [name for name in limits.LISTED if all(name in files for files in folders)]


# --- what happens to a file by accident, or by a hand that mends nothing


def flip_bits(rng, files, _):
    name = rng.choice([*_listed(files), "manifest.json"])
    content = bytearray(files[name])
    for _ in range(rng.choice([1, 1, 1, 2, 8, 64])):
        content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
    return Mutant(files | {name: bytes(content)}, name)


def edit_bytes(rng, files, _):
    name = rng.choice([*_listed(files), "manifest.json"])
    content = files[name]
    start = rng.randrange(len(content))
    end = min(len(content), start + rng.choice([0, 1, 2, 16, 1000]))
    return Mutant(files | {name: content[:start] + rng.randbytes(rng.choice([0, 1, 2, 16, 1000])) + content[end:]}, name)


def truncate(rng, files, _):
    name = rng.choice([*_listed(files), "manifest.json"])
    return Mutant(files | {name: files[name][: rng.randrange(len(files[name]))]}, name)


def extend(rng, files, _):
    name = rng.choice([*_listed(files), "manifest.json"])
    tail = rng.choice([b"\0", b"\n", b" ", b"{}", b"\0" * 70_000, rng.randbytes(rng.randrange(1, 5000)), files[name]])
    return Mutant(files | {name: files[name] + tail}, name)


def swap_two_files(rng, files, _):
    one, other = rng.sample(sorted(_listed(files)), 2)
    return Mutant(files | {one: files[other], other: files[one]})


def file_of_another_model(rng, files, other):
    name = rng.choice(_listed(files, other))
    return Mutant(files | {name: other[name]}, name)


def lose_a_file(rng, files, _):
    name = rng.choice([*_listed(files), "manifest.json"])
    return Mutant({key: value for key, value in files.items() if key != name}, None if name == "manifest.json" else name)


def something_else_in_its_place(rng, files, _):
    name = rng.choice([*_listed(files), "manifest.json"])
    content = files[name]

    def link(path):
        target = path.parent.parent / f"elsewhere-{name}"
        target.write_bytes(content)
        path.symlink_to(target)

    things = [link, Path.mkdir, os.mkfifo, lambda path: path.symlink_to("/dev/zero"), lambda path: path.symlink_to(path.name)]
    return Mutant(files | {name: rng.choice(things)}, None if name == "manifest.json" else name)


def one_more_file(rng, files, _):
    name = rng.choice(["weights.npy.bak", "model.pkl", "__init__.py", ".DS_Store", "x" * 200, "conftest.py", "idf.npz"])
    return Mutant(files | {name: rng.randbytes(100)})


# --- manifests edited by a hand that mends the seal

HOSTILE = [
    None, True, False, 0, 1, -1, 2, 1.0, 0.5, 1e308, -0.0, 2**31, 2**63, 2**64, 10**30, "", "0", "1", "../manifest.json", "/etc/passwd", "a\0b",
    "..", ".", "C:\\x", "\ud800", "\u202e", "x" * 100_000, [], {}, [[]], [None], {"a": 1}, {"": {}}, ["hoax", "political_ad", "benign"],
    ["benign", "political_ad", "hoax"],
]  # fmt: skip


def _places(value, path=()):
    yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _places(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _places(inner, (*path, index))


def _at(manifest, path):
    for step in path:
        manifest = manifest[step]
    return manifest


def edit_manifest(rng, files, _):
    manifest = json.loads(files["manifest.json"])
    for _ in range(rng.choice([1, 1, 1, 2, 3])):
        serving = [place for place in _places(manifest) if place and place[0] != "seal"]
        place = rng.choice(
            [p for p in serving if p[0] in {"format", "features", "thresholds", "files", "labels", "name"}] or serving
        )
        place = rng.choice([place, rng.choice(serving)])
        parent, key = _at(manifest, place[:-1]), place[-1]
        match rng.randrange(4):
            case 0:
                del parent[key]
            case 1 if isinstance(parent, dict):
                parent[rng.choice(["x", "../x", "/etc/passwd", "weights.npz", "\ud800", "", "__proto__"])] = copy.deepcopy(
                    parent[key]
                )
            case 2 if type(parent[key]) in {int, float}:
                parent[key] = rng.choice(
                    [parent[key] + 1, parent[key] - 1, parent[key] * 2, -parent[key], parent[key] * 10**9, str(parent[key])]
                )
            case _:
                parent[key] = copy.deepcopy(rng.choice(HOSTILE))
    return Mutant(resealed(files, manifest) if rng.random() < 0.9 else _unsealed(files, manifest))


def _unsealed(files, manifest):
    return files | {"manifest.json": json.dumps(manifest).encode()}


def huge_counts(rng, files, _):
    manifest = json.loads(files["manifest.json"])
    manifest["features"][rng.choice(["words", "pairs", "characters", "window"])] = rng.choice(
        [10**6, 10**7, 2**31 - 1, 2**31, 2**63, 10**40, -(10**9)]
    )
    if rng.random() < 0.5:
        manifest["files"][rng.choice(_listed(files))]["bytes"] = rng.choice([0, 2**31, 2**63, 10**40, -1])
    return Mutant(resealed(files, manifest))


def manifest_as_text(rng, files, _):
    """JSON that parsers read in several ways, or that breaks them."""
    text = files["manifest.json"].decode()
    manifest = json.loads(text)
    key = rng.choice(list(manifest))
    again = json.dumps({key: rng.choice([manifest[key], *HOSTILE[:16]])})[1:-1]
    nested = rng.choice([10, 1000, 100_000])
    digits = rng.choice([10, 4000, 5000, 500_000])
    forms = [
        lambda: text.rstrip()[:-1] + ", " + again + "}",
        lambda: "{" + again + ", " + text.lstrip()[1:],
        lambda: text.replace("}", ', "x": NaN}', 1),
        lambda: text.replace("}", ', "x": -Infinity}', 1),
        lambda: text.replace("}", ', "x": 1e999}', 1),
        lambda: text.replace("}", ', "x": ' + "[" * nested + "]" * nested + "}", 1),
        lambda: text.replace("}", ', "x": ' + "9" * digits + "}", 1),
        lambda: text + "}",
        lambda: "[" + text + "]",
        lambda: json.dumps(text),
        lambda: text.replace('"', "'"),
        lambda: " " * rng.choice([1, 10, 2_000_000]) + text,
        lambda: json.dumps(
            dict(rng.sample(sorted(manifest.items()), len(manifest))),
            indent=rng.choice([None, 0, 3]),
            ensure_ascii=rng.random() < 0.5,
        ),
    ]
    content = rng.choice(forms)()
    encoding = rng.choice(["utf-8"] * 6 + ["utf-16", "utf-8-sig", "utf-32"])
    return Mutant(files | {"manifest.json": content.encode(encoding)}, "manifest.json")


# --- files changed by a hand that mends hashes and seal


def _npy(header: bytes, body: bytes, version=b"\x01\x00") -> bytes:
    return b"\x93NUMPY" + version + struct.pack("<H", len(header)) + header + body


def _bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("weights.npy", b"\0" * 20_000_000)
    return buffer.getvalue()


BOMB = _bomb()


def array_with_mended_hashes(rng, files, _):
    name = rng.choice([name for name in ("pairs.npy", "idf.npy", "weights.npy", "intercept.npy") if name in files])
    array = np.load(io.BytesIO(files[name]))
    header, body = files[name][10:128], files[name][128:]

    def flip(_):
        content = bytearray(files[name])
        content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
        return bytes(content)

    def value(_):
        changed = array.copy()
        numbers = [-1, 0, 2, 2**31 - 1, -(2**31)] if array.dtype.kind == "i" else [np.nan, np.inf, -np.inf, 0, 1e30, -1e30, 5e-324]
        changed.flat[rng.randrange(array.size)] = rng.choice(numbers)
        return limits.array_bytes(changed)

    def shape(_):
        other = rng.choice(
            [(array.size,), (array.size, 1), (1, array.size), (2, array.size // 2), (2**62, 4), (0,), (10**9,), (-1,), ()]
        )
        return _npy(header.replace(str(array.shape).encode(), str(other).encode()), body)

    def dtype(_):
        other = rng.choice(["<f8", ">f4", "<f2", "|O", "<U1", "|V4", "<i4", "<c8", "|b1", "<f16", "|S1000000000", "<M8[s]"])
        return _npy(header.replace(b"<f4", other.encode()).replace(b"<f8", other.encode()).replace(b"<i4", other.encode()), body)

    def cast(_):
        return limits.array_bytes(array.astype(rng.choice([np.float16, np.float64, np.int32, np.complex64, np.float32])))

    def code(_):
        return _npy(rng.choice([b"__import__('os').system('false')\n", b"(" * 5000 + b")" * 5000, b"{" * 300, b"[" * 60_000]), body)

    def container(_):
        return rng.choice([BOMB, b"\x80\x04cos\nsystem\n(S'false'\ntR.", b"", b"PK\x05\x06" + b"\0" * 18, b"\x1f\x8b" + body])

    def order(_):
        return _npy(header.replace(b"False", b"True "), body)

    def version(_):
        return _npy(header, body, rng.choice([b"\x02\x00", b"\x03\x00", b"\xff\xff"]))

    def permuted(_):
        changed = array.copy().ravel()
        np.random.default_rng(rng.randrange(2**32)).shuffle(changed)
        return limits.array_bytes(changed.reshape(array.shape))

    content = rng.choice([flip, flip, flip, value, shape, dtype, cast, code, container, order, version, permuted])(None)
    return Mutant(resealed(files | {name: content}))


def vocabulary_with_mended_hashes(rng, files, _):
    lines = files["vocabulary.txt"].split(b"\n")[:-1]
    one, other = rng.sample(range(len(lines)), 2)
    changed = list(lines)
    match rng.randrange(9):
        case 0:
            changed[one] = lines[other]
        case 1:
            changed[one], changed[other] = lines[other], lines[one]
        case 2:
            del changed[one]
        case 3:
            changed.insert(one, rng.choice([b"", b"coblos", b"\0", b"x" * 1_000_000]))
        case 4:
            changed[one] = rng.choice(
                [b"\xff\xfe", b"", b"\r", b"\xed\xa0\x80", b"a\x0bb", "\u2028".encode(), b"a & b", b"a & b & c", b"b & a", b" & "]
            )
        case 5:
            return Mutant(resealed(files | {"vocabulary.txt": b"\r\n".join(lines) + b"\r\n"}))
        case 6:
            return Mutant(resealed(files | {"vocabulary.txt": b"\n".join(lines)}))
        case 7:
            return Mutant(resealed(files | {"vocabulary.txt": b"\xef\xbb\xbf" + files["vocabulary.txt"]}))
        case _:
            return Mutant(resealed(files | {"vocabulary.txt": b"\n" * rng.choice([len(lines), 1_000_000])}))
    return Mutant(resealed(files | {"vocabulary.txt": b"\n".join(changed) + b"\n"}))


def golden_with_mended_hashes(rng, files, _):
    golden = json.loads(files["golden.json"])
    case = rng.choice(golden)
    match rng.randrange(5):
        case 0:
            case["probabilities"][rng.randrange(3)] = rng.choice([0, 1, 0.5, -0.1, 1.1, "0.5", None, True, 1e308])
        case 1:
            case["text"] = rng.choice(["", "x" * 1_000_000, "\ud800", None, 5, case["text"] + " coblos"])
        case 2:
            golden = rng.choice([[], golden * 100, {}, None, golden[:1], [golden]])
        case 3:
            case[rng.choice(["x", "text ", ""])] = 1
        case _:
            return Mutant(resealed(files | {"golden.json": files["golden.json"].replace(b'"text"', b'"text": "x", "text"', 1)}))
    return Mutant(resealed(files | {"golden.json": json.dumps(golden).encode()}))


def card_with_mended_hashes(rng, files, _):
    content = rng.choice([b"", b"\xff", files["MODEL_CARD.md"] + b"<script>", b"x" * 1_100_000, files["MODEL_CARD.md"][:50]])
    return Mutant(resealed(files | {"MODEL_CARD.md": content}))


def another_model_in_its_place(rng, files, other):
    manifest = json.loads(other["manifest.json"])
    manifest |= {key: json.loads(files["manifest.json"])[key] for key in ("name", "version")}
    return Mutant(resealed({name: other[name] for name in _listed(other)} | {"manifest.json": other["manifest.json"]}, manifest))


MUTATIONS = [
    flip_bits, edit_bytes, truncate, extend, swap_two_files, file_of_another_model, lose_a_file, something_else_in_its_place, one_more_file,
    edit_manifest, edit_manifest, edit_manifest, huge_counts, manifest_as_text, array_with_mended_hashes, array_with_mended_hashes,
    vocabulary_with_mended_hashes, golden_with_mended_hashes, card_with_mended_hashes, another_model_in_its_place,
]  # fmt: skip


@dataclass
class Subject:
    """A model whose mutants are loaded, what it says of the probes, and a signature by a key of its owner.

    Attributes:
        files: what its folder holds.
        other: the same of another model.
        answers: of the probes, bit for bit.
        digest, model_id: its identity, and its name and version.
        key: public key file, or None where cryptography is not installed.
        is_released: whether its digest is listed, so that no other model may carry its name.
    """

    files: dict[str, bytes]
    other: dict[str, bytes]
    digest: str
    model_id: str
    answers: list = field(default_factory=list)
    key: Path | None = None
    is_released: bool = False

    @classmethod
    def of(cls, folder: Path, other: Path, *, place: Path, is_released: bool = False) -> Subject:
        classifier = Classifier.load(folder)
        files = read_folder(folder)
        key, signature = _signed(json.loads(files["manifest.json"]), place)
        return cls(
            files | signature, read_folder(other), classifier.digest, classifier.model_id, _answers(classifier), key, is_released
        )


def _signed(manifest: dict, place: Path) -> tuple[Path | None, dict[str, bytes]]:
    try:
        from cryptography.hazmat.primitives import serialization as forms
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    except ImportError:
        return None, {}
    from hoakscheck.model import trust

    private = Ed25519PrivateKey.generate()
    (place / "key.pem").write_bytes(private.private_bytes(forms.Encoding.PEM, forms.PrivateFormat.PKCS8, forms.NoEncryption()))
    (place / "key.pub.pem").write_bytes(
        private.public_key().public_bytes(forms.Encoding.PEM, forms.PublicFormat.SubjectPublicKeyInfo)
    )
    return place / "key.pub.pem", {limits.SIGNATURE: trust.sign(manifest, place / "key.pem", str)}


def _answers(classifier: Classifier) -> list:
    tables = classifier._model.tables
    read = [list(getattr(tables, kind)) for kind in ("words", "stems", "characters")]
    arrays = [getattr(tables, name).tobytes() for name in ("pairs", "idf", "weights", "intercept")]
    return [[verdict.to_dict() for verdict in classifier.classify_many(PROBES)], read, arrays]


def judge(subject: Subject, mutant: Mutant, folder: Path) -> str:
    """Return what became of a mutant; raise AssertionError where that is not what is promised."""
    mutant.write(folder)
    start = time.perf_counter()
    try:
        classifier = Classifier.load(folder)
    except ModelError as error:
        assert time.perf_counter() - start < LONGEST_LOAD, "took too long to refuse"
        assert "\n" not in str(error), "the message is not one line"
        assert len(str(error)) < 2_000, "the message is too long to read"
        named = getattr(error, "path", folder).name
        assert mutant.names is None or named == mutant.names, f"names {named} instead of {mutant.names}"
        return f"refused: {type(error).__name__}"
    assert time.perf_counter() - start < LONGEST_LOAD, "took too long to load"
    if classifier.digest == subject.digest:
        assert _answers(classifier) == subject.answers, "says something else under the same digest"
        return "changes nothing"
    assert not subject.is_released or classifier.model_id != subject.model_id, "another model under the name of a released one"
    _must_refuse(folder, ModelCorruptError, digest=subject.digest)
    if subject.key:
        _must_refuse(folder, ModelSignatureError, require_signature=subject.key)
    return "another model: refused by digest and by signature"


def _must_refuse(folder: Path, kind: type[ModelError], **policy) -> None:
    try:
        Classifier.load(folder, **policy)
    except kind:
        return
    raise AssertionError(f"loads in spite of {policy}")


def campaign(subject: Subject, seeds: range, place: Path, *, progress=iter) -> Counter:
    """Return how many mutants of each kind ended how; raise AssertionError with the seed at the first that breaks a promise."""
    found: Counter = Counter()
    for seed in progress(seeds):
        rng = random.Random(seed)
        mutation = MUTATIONS[seed % len(MUTATIONS)]
        folder = place / f"mutant-{seed}" / "0.0.1"
        try:
            outcome = judge(subject, mutation(rng, subject.files, subject.other), folder)
        except Exception as error:
            raise AssertionError(f"seed {seed}, {mutation.__name__}: {type(error).__name__}: {error}") from error
        finally:
            shutil.rmtree(folder.parent, ignore_errors=True)
        found[mutation.__name__, outcome] += 1
    return found


def bound_memory() -> None:
    """Give the process no more than :data:`MOST_MEMORY` beyond what it has; a load that wants more ends in MemoryError."""
    import resource

    taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (taken + MOST_MEMORY, resource.RLIM_INFINITY))


def train_tiny(folder: Path, *, seed: int = 0) -> Path:
    from hoakscheck.training.corpus.build import build_corpus
    from hoakscheck.training.recipe import Recipe
    from hoakscheck.training.train import train

    data = Path(__file__).parent.parent / "data" / "tiny_authored"
    features = {"min_texts": 1, "words": 400, "pairs": 400, "characters": 600}
    train(build_corpus(data, None), folder, recipe=Recipe(features=features, folds=3, seed=seed, classifier={"hoax_c": 0.1 + seed}))
    return folder


@click.command()
@click.option("--count", default=20_000, show_default=True, help="Mutants of the tiny model, and as many of the released one.")
@click.option("--seed", default=0, show_default=True, help="The first seed.")
@click.option("--only", type=click.Choice(["tiny", "released"]), help="Mutate one of the two.")
def main(count: int, seed: int, only: str | None) -> None:
    """Load mutated models and count what became of them."""
    from tqdm import tqdm

    from hoakscheck.model.shelf import shelves

    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as name:
        place = Path(name)
        released = shelves()[-1] / "hoakscheck-id"
        subjects = {}
        if only != "released":
            tiny = train_tiny(place / "tiny-id" / "0.0.1"), train_tiny(place / "tiny-id" / "0.0.2", seed=1)
            subjects["tiny"] = Subject.of(*tiny, place=place)
        if only != "tiny":
            subjects["released"] = Subject.of(released / "0.4.0", released / "0.3.0", place=place, is_released=True)
        bound_memory()
        for which, subject in subjects.items():
            start = time.perf_counter()
            found = campaign(subject, range(seed, seed + count), place, progress=tqdm)
            click.echo(f"{which}: {found.total():,} mutants in {time.perf_counter() - start:.0f} s")
            totals: Counter = Counter()
            for (_, outcome), number in found.items():
                totals[outcome] += number
            for outcome, number in sorted(totals.items()):
                click.echo(f"  {number:>7,}  {outcome}")
            for (mutation, outcome), number in sorted(found.items()):
                click.echo(f"     {mutation:<32}{number:>7,}  {outcome}")


if __name__ == "__main__":
    main()
