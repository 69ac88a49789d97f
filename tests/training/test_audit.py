"""The audit finds what gives a label away, leak by planted leak, and stays quiet where nothing does."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from hoakscheck.errors import InputError
from hoakscheck.training.audit.bridges import bridge_findings
from hoakscheck.training.audit.cues import cue_findings
from hoakscheck.training.audit.findings import Outcome
from hoakscheck.training.audit.forms import form_findings, origin_findings
from hoakscheck.training.audit.noise import confident_joint, doubts, noise_finding
from hoakscheck.training.audit.run import audit
from hoakscheck.training.audit.table import read_table

AUTHORED = Path(__file__).parents[2] / "data" / "authored"


def chance(*parts):
    """Return a number from 0 to 1 that belongs to the parts."""
    return int.from_bytes(hashlib.sha256("/".join(map(str, parts)).encode()).digest()[:6], "big") / 2**48


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    """Return the texts written for this project, with made-up publishers, dates and parts that know nothing of the label."""
    rows = [json.loads(line) for file in sorted(AUTHORED.rglob("*.jsonl")) for line in file.read_text("utf-8").splitlines()]
    path = tmp_path_factory.mktemp("authored") / "authored.jsonl"
    for row in rows:
        row |= {
            "publisher": f"penerbit {int(6 * chance('publisher', row['id']))}",
            "date": f"2024-{1 + int(12 * chance('date', row['id'])):02d}-15",
            "split": "test" if chance("split", row["pair"]) < 0.3 else "train",
        }
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return read_table(path)


def change(table, column, new):
    """Return the table with ``new(index, text, label)`` in a column."""
    values = (new(index, table.texts[index], table.labels[index]) for index in range(len(table.texts)))
    return replace(table, **{column: tuple(values)})


def texts(table, new, *, label="hoax", share=0.4):
    """Return the table with some texts of one label written anew."""

    def write(index, text, own):
        return new(text) if own == label and chance("plant", index) < share else text

    return change(table, "texts", write)


CHECKS = {
    form_findings: {"characters", "punctuation", "length", "casing"},
    origin_findings: {"publisher", "source", "date"},
    cue_findings: {"verdict words", "marks", "openings and endings", "tags and addresses"},
    bridge_findings: {"bridges", "split groups", "duplicates", "contradictions"},
    lambda table: [noise_finding(table)]: {"label noise"},
}


def leaks(table, expected):
    """Return the checks that find a leak, of those whose kind is asked for: all of them take twice as long."""
    findings = [finding for check, names in CHECKS.items() if names & expected for finding in check(table)]
    return {finding.check for finding in findings if finding.outcome is Outcome.LEAK}


@pytest.mark.slow
def test_it_is_quiet_on_the_authored_texts(clean):
    report = audit(clean, "authored")
    assert {finding.check: finding.message for finding in report.leaks} == {}
    assert all(finding.outcome is Outcome.CLEAR for finding in report.findings if finding.check != "source")


def others(label, names=("benign", "hoax", "political_ad")):
    return names[(names.index(label) + 1) % len(names)]


def contradicted(table, count):
    """Repeat so many texts, each under another label."""
    own = {name: getattr(table, name) + getattr(table, name)[:count] for name in ("texts", "part", "source", "publisher", "date")}
    labels = table.labels + tuple(map(others, table.labels[:count]))
    return replace(table, labels=labels, group=table.group + ("",) * count, **own)


def bridged(table, count):
    """Repeat so many texts, each in the other part."""
    own = {name: getattr(table, name) + getattr(table, name)[:count] for name in ("texts", "labels", "source", "publisher", "date")}
    part = table.part + tuple("test" if part == "train" else "train" for part in table.part[:count])
    return replace(table, part=part, group=table.group + ("",) * count, **own)


PLANTED = {
    "quotation marks around words of hoaxes": (lambda t: texts(t, lambda text: f"“{text[:20]}”{text[20:]}"), {"marks"}),
    "a verdict tag before hoaxes": (lambda t: texts(t, "[SALAH] {}".format, share=0.3), {"verdict words", "openings and endings"}),
    "a fact-checker's closing words": (lambda t: texts(t, "{} Ini Faktanya".format, share=0.2), {"verdict words"}),
    "a dateline before benign texts": (
        lambda t: texts(t, "JAKARTA, KABARKOTA - {}".format, label="benign", share=0.2),
        {"openings and endings", "marks"},
    ),
    "an address at the end of ads": (
        lambda t: texts(t, "{} https://pilihkami.example/a".format, label="political_ad", share=0.3),
        {"tags and addresses", "marks", "openings and endings"},
    ),
    "one campaign's tag in ads": (
        lambda t: texts(t, "{} #RatihBangkit".format, label="political_ad", share=0.2),
        {"tags and addresses"},
    ),
    "a doubled blank in hoaxes": (lambda t: texts(t, lambda text: text.replace(" ", "  ", 1), share=0.3), {"marks"}),
    "an invisible character in hoaxes": (lambda t: texts(t, lambda text: f"{text[:9]}\u200b{text[9:]}", share=0.2), {"marks"}),
    "hoaxes in capitals": (lambda t: texts(t, str.upper, share=0.6), {"casing", "characters"}),
    "benign texts three times as long": (
        lambda t: texts(t, lambda text: f"{text} {text[::-1]} {text[::2]} {text[1::2]}", label="benign", share=0.95),
        {"length"},
    ),
    "a publisher for each label": (
        lambda t: change(t, "publisher", lambda i, _, label: label if chance("p", i) < 0.7 else "bersama"),
        {"publisher"},
    ),
    "a source for each label": (
        lambda t: change(t, "source", lambda i, _, label: f"{label}-{int(3 * chance('s', i))}" if chance("s2", i) < 0.7 else "x"),
        {"source"},
    ),
    "a season for each label": (
        lambda t: change(t, "date", lambda i, _, label: f"2024-{1 + 4 * len(label) % 12 + int(3 * chance('d', i)):02d}-10"),
        {"date"},
    ),
    "training texts in the test part": (lambda t: bridged(t, len(t.texts) // 500), {"bridges"}),
    "the same text under two labels": (lambda t: contradicted(t, len(t.texts) // 146), {"contradictions"}),
    "pairs torn by the split": (
        lambda t: change(t, "part", lambda i, _, __: "test" if chance("torn", i) < 0.3 else "train"),
        {"split groups"},
    ),
    "one label in five is wrong": (
        lambda t: change(t, "labels", lambda i, _, label: others(label) if chance("n", i) < 0.2 else label),
        {"label noise"},
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("leak", PLANTED)
def test_it_finds_a_planted_leak(clean, leak):
    plant, expected = PLANTED[leak]
    assert leaks(plant(clean), expected) & expected


def test_confident_learning_counts_as_its_authors_do():
    random = np.random.default_rng(0)
    given = random.integers(0, 3, 600)
    probabilities = random.dirichlet((0.6, 0.6, 0.6), 600)
    probabilities[np.arange(600), given] += 1.2
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    count = pytest.importorskip("cleanlab.count")
    theirs = count.compute_confident_joint(given, probabilities, calibrate=False)
    _, ours = confident_joint(probabilities, given)
    # they count every text once: those without a confident label on the diagonal of their own, when asked to calibrate only
    assert ours.tolist() == theirs.tolist()


def test_the_doubtful_labels_are_those_that_its_authors_find():
    random = np.random.default_rng(1)
    true = random.integers(0, 3, 900)
    probabilities = random.dirichlet((0.4, 0.4, 0.4), 900)
    probabilities[np.arange(900), true] += 0.9
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    given = np.where(random.random(900) < 0.1, (true + 1) % 3, true)
    find = pytest.importorskip("cleanlab.filter").find_label_issues
    theirs = find(given, probabilities, filter_by="confident_learning", return_indices_ranked_by="normalized_margin")
    ours = doubts(probabilities, given, ("benign", "hoax", "political_ad"))
    assert {doubt.index for doubt in ours} == set(theirs.tolist())
    assert len(ours) > 20


def test_a_file_of_any_labels_is_read_and_what_is_left_out_is_counted(tmp_path):
    path = tmp_path / "x.csv"
    rows = [f"Teks {n},{'valid' if n % 2 else 'palsu'},1{n % 9}-Sep-19" for n in range(60)]
    path.write_text("isi,kelas,tanggal\n" + "\n".join([*rows, ",valid,", "Teks,,", "Teks,jarang,"]) + "\n", encoding="utf-8")
    table = read_table(path, text_column="isi", label_column="kelas")
    assert table.names == ("palsu", "valid")
    assert table.date[0] == "2019-09-10"
    assert table.left_out == {
        "rows without a text": 1,
        "rows without a label": 1,
        "label 'jarang': fewer than 20 texts": 1,
    }


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("text,label\nsatu,a\n", "it needs two with at least 20 texts each, found {'a': 1}"),
        ("text,kelas\nsatu,a\n", "has no column 'label'; it has 'text', 'kelas'"),
    ],
)
def test_a_file_that_cannot_be_audited_says_why(tmp_path, content, complaint):
    path = tmp_path / "x.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_table(path)
    assert complaint in str(caught.value)
