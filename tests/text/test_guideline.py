"""Section 9.5 of the labelling guideline, trick by trick and exemption by exemption, and what must stay as it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hoakscheck.text.normaliser import packaged_normaliser

CASES = json.loads((Path(__file__).parent / "cases" / "guideline.json").read_text(encoding="utf-8"))


def as_parameter(case):
    marks = [pytest.mark.xfail(strict=True, reason=case["fails"])] if "fails" in case else []
    return pytest.param(case["text"], case["stems"], id=case["label"], marks=marks)


@pytest.mark.parametrize(("text", "stems"), [as_parameter(case) for case in CASES])
def test_a_text_becomes_these_stems(text, stems):
    assert [token.stem for token in packaged_normaliser().tokens(text)] == stems


def test_every_case_says_what_it_is_about():
    assert all(case["label"] and case["comment"] for case in CASES)
    assert len({case["label"] for case in CASES}) == len({case["text"] for case in CASES}) == len(CASES)
