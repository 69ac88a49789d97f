"""The page about speed says what was measured."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def report():
    sys.path.insert(0, str(ROOT / "benchmarks" / "speed"))
    try:
        import report

        yield report
    finally:
        sys.path.pop(0)


def test_the_page_and_the_readme_say_what_the_results_do(report):
    results = json.loads(report.RESULTS.read_text(encoding="utf-8"))
    assert report.page(results) == report.PAGE.read_text(encoding="utf-8")
    assert report.short_table(results) in report.README.read_text(encoding="utf-8")


def test_the_picture_is_drawn_from_them(report, tmp_path):
    report.draw(json.loads(report.RESULTS.read_text(encoding="utf-8")), tmp_path / "speed.svg")
    drawn = (tmp_path / "speed.svg").read_text(encoding="utf-8")
    assert "posts a second" in drawn or "<svg" in drawn
    assert report.PICTURE.read_text(encoding="utf-8").startswith("<?xml")
