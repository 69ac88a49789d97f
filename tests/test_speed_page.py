"""The page about speed says what was measured, and the program that measures still runs."""

from __future__ import annotations

import json
import platform
import re
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SPEED = ROOT / "benchmarks" / "speed"


@pytest.fixture(scope="module")
def bench():
    """Put the modules of the benchmark on the path; return the report and the rows."""
    sys.path.insert(0, str(SPEED))
    try:
        import report
        import rows

        yield report, rows
    finally:
        sys.path.pop(0)


@pytest.fixture(scope="module")
def report(bench):
    return bench[0]


@pytest.fixture(scope="module")
def results(report):
    return json.loads(report.RESULTS.read_text(encoding="utf-8"))


def test_the_page_and_the_readme_say_what_the_results_do(report, results):
    assert report.page(results) == report.PAGE.read_text(encoding="utf-8")
    assert report.short_table(results) in report.README.read_text(encoding="utf-8")


def test_every_row_of_the_readme_stands_in_the_results(report, results):
    assert set(report._SHORT) <= {row["what"] for row in results["rows"]}


def test_the_picture_shows_every_rate_of_the_results(report, results):
    shown = report.PICTURE.read_text(encoding="utf-8")
    rates = report.drawn(results)
    assert len(rates) >= 5
    for name, rate in rates.items():
        assert f">{name}</text>" in shown
        assert f">{report.number(rate)}</text>" in shown


def test_the_committed_picture_is_the_one_that_the_results_give(report, results, tmp_path):
    report.draw(results, tmp_path / "speed.svg")
    words = re.compile(r">([^<>]+)</(?:text|tspan)>")  # the curves differ between versions of matplotlib, what is said does not
    drawn, committed = (words.findall(path.read_text(encoding="utf-8")) for path in (tmp_path / "speed.svg", report.PICTURE))
    assert drawn == committed


def test_whether_a_goal_is_met_follows_from_the_figure(results):
    for row in results["rows"]:
        if row["goal"] is None or row["found"] is None:
            assert row["is_met"] is None
        else:
            median, goal = row["found"]["median"], row["goal"]
            assert row["is_met"] == (median >= goal if row["at_least"] else median <= goal), row["what"]


def test_the_results_name_neither_a_machine_nor_a_path(report):
    written = report.RESULTS.read_text(encoding="utf-8")
    assert not platform.node() or platform.node() not in written
    assert not re.search(r"/(?:home|root|work|tmp|Users)/", written)


def test_a_peer_that_is_not_installed_has_a_row_that_says_so(bench):
    report, rows = bench
    row = rows.Row("warm: fastText", None, "posts/s", 30)
    assert row.is_met is None
    assert report.line(row) == "| warm: fastText | not installed |  | ≥ 30 posts/s |  |"
    assert report.drawn({"rows": [{**asdict(row), "is_met": row.is_met}]}) == {}


def test_a_goal_is_met_on_its_own_side(bench):
    _, rows = bench
    assert [rows.Row("", rows.Spread.single(2.0), "x", 3.0, at_least=side).is_met for side in (True, False)] == [False, True]


@pytest.mark.slow
@pytest.mark.parametrize("part", ["words", "artifact", "lengths"])
def test_a_part_can_be_measured_by_itself_and_writes_nothing(part, report):
    before = {path: path.read_bytes() for path in (report.RESULTS, report.PAGE, report.PICTURE, report.README)}
    command = [sys.executable, str(SPEED), "--quick", "--only", part]
    done = subprocess.run(command, capture_output=True, text=True, check=True, encoding="utf-8")
    assert re.search(r"^\d+ of \d+ goals met$", done.stdout, re.MULTILINE)
    assert done.stdout.count("\n| ") >= 2
    assert before == {path: path.read_bytes() for path in before}
