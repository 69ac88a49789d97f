"""The wheel alone: installed in an empty environment with what serving needs, it works without the source and without a network."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SERVING = ["numpy", "PySastrawi", "click", "tqdm"]

#: Started before everything else in the environment: every touch of a socket, of a resolver or of another program is fatal.
OFFLINE = """
import sys
def refuse(event, arguments):
    if event.startswith(("socket.", "urllib.", "http.", "ftplib.", "smtplib.")) or event in {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn"}:
        import os
        os.write(2, f"REACHED OUT: {event} {arguments}\\n".encode())
        os._exit(77)
sys.addaudithook(refuse)
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Build the wheel, install it beside what serving needs, block the network, and return the interpreter."""
    place = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "build", "--wheel", "--outdir", place, ROOT], check=True, capture_output=True)
    (wheel,) = place.glob("*.whl")
    venv.create(place / "venv", with_pip=False)
    python = place / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python"
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--no-deps", wheel], check=True)
    subprocess.run([*pip, "--constraint", ROOT / "constraints.txt", *SERVING], check=True)
    site = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], check=True, capture_output=True, text=True
    )
    (Path(site.stdout.strip()) / "sitecustomize.py").write_text(OFFLINE, encoding="utf-8")
    return python


def run(python, *arguments, cwd):
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("HOAKSCHECK", "PYTHON"))}
    return subprocess.run([python, *map(str, arguments)], capture_output=True, text=True, check=False, cwd=cwd, env=environment)


@pytest.mark.slow
class TestAlone:
    def test_the_network_is_really_blocked(self, installed, tmp_path):
        done = run(installed, "-c", "import socket; socket.create_connection(('127.0.0.1', 9))", cwd=tmp_path)
        assert (done.returncode, "REACHED OUT" in done.stderr) == (77, True)

    def test_it_classifies_with_the_model_inside_and_without_scikit_learn(self, installed, tmp_path):
        done = run(installed, "-m", "hoakscheck", "classify", "Ayo coblos nomor 3, pilih Bu Ratih!", "--json", cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        verdict = json.loads(done.stdout)
        assert (verdict["label"], verdict["model"].split("@")[0], len(verdict["digest"])) == ("political_ad", "hoakscheck-id", 64)
        program = (
            "import importlib.util, hoakscheck; print(hoakscheck.__file__); assert importlib.util.find_spec('sklearn') is None"
        )
        found = run(installed, "-c", program, cwd=tmp_path)
        assert found.returncode == 0, found.stderr
        assert str(ROOT) not in found.stdout

    def test_it_verifies_and_lists_its_models(self, installed, tmp_path):
        verified = run(installed, "-m", "hoakscheck", "models", "verify", cwd=tmp_path)
        assert verified.returncode == 0, verified.stderr
        listed = run(installed, "-m", "hoakscheck", "models", "list", cwd=tmp_path).stdout.splitlines()
        assert len(listed) == len(list((ROOT / "models").glob("*/*/manifest.json")))
        assert sum("\tdefault\t" in line for line in listed) == 1

    def test_it_scores_a_file(self, installed, tmp_path):
        (tmp_path / "in.csv").write_text('text\nAyo coblos nomor 3\n"KPU: bawa KTP ke TPS"\n', encoding="utf-8")
        done = run(installed, "-m", "hoakscheck", "score", "in.csv", "--output", "out.csv", cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert len((tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()) == 3

    def test_a_model_that_is_nowhere_lists_every_place(self, installed, tmp_path):
        done = run(installed, "-m", "hoakscheck", "classify", "coblos", "--model", "nobody", cwd=tmp_path)
        assert done.returncode == 2
        assert "looked in: nobody, " in done.stderr
        assert "site-packages" in done.stderr

    def test_it_carries_the_schema_the_list_of_releases_and_the_rules_of_the_gate(self, installed, tmp_path):
        program = """
from importlib.resources import files
package = files("hoakscheck")
for name in ("model/manifest.schema.json", "models/RELEASES.tsv", "training/release/gate.toml", "py.typed"):
    assert package.joinpath(name).is_file(), name
"""
        done = run(installed, "-c", program, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
