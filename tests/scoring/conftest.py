"""Scoring files with the tiny model, and reading back what was written."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import sys

import pytest

from hoakscheck.scoring import score_files

AD = "Ayo coblos nomor 3, Kak Nadira Wulan! Pilih pemimpin yang paham anak muda"


def read_back(path):
    """Read rows back; CSV may hold bytes of another encoding where its input did, JSON lines never."""
    name, content = path.name.lower(), path.read_bytes()
    if name.endswith(".parquet"):
        from pyarrow import parquet

        return parquet.read_table(path).to_pylist()
    if name.endswith(".gz"):
        name, content = name.removesuffix(".gz"), gzip.decompress(content)
    if name.endswith(".zst"):
        import pyarrow

        with pyarrow.input_stream(pyarrow.BufferReader(content), compression="zstd") as stream:
            name, content = name.removesuffix(".zst"), stream.read()
    if name.endswith((".csv", ".tsv")):
        text = content.decode("utf-8", "surrogateescape")
        return list(csv.DictReader(io.StringIO(text, newline=""), delimiter="\t" if name.endswith(".tsv") else ","))
    return [json.loads(line) for line in content.decode("utf-8").split("\n")[:-1]]


@pytest.fixture(scope="session")
def read():
    """Read the rows of an output of any format."""
    return read_back


@pytest.fixture
def score(tiny_model, tmp_path):
    """Score a file of the given name and content; return the summary and the rows that were written."""

    def run(name, content, output="scored.csv", **options):
        source, target = tmp_path / name, tmp_path / output
        source.write_bytes(content if isinstance(content, bytes) else content.encode())
        summary = score_files(source, target, model=tiny_model, **options)
        return summary, read_back(target)

    return run


@pytest.fixture
def command(tiny_model):
    """Return the command line that scores, and the environment to run it in, as a user does."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HOAKSCHECK_")}

    def line(*arguments):
        return [sys.executable, "-m", "hoakscheck", "score", *map(str, arguments), "--model", str(tiny_model)]

    line.environment = environment
    return line
