"""What a user would try first: texts as they are seen every day of an election year, asked of the shipped model.

The cases were written apart from the training texts and before the model that they are asked of was trained; none is trained on. What
earlier models got wrong decided what some training texts are about, so they guard against falling back and measure nothing new.
Those that it gets wrong are marked, so that a model that mends one says so.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

CASES = json.loads((Path(__file__).parent / "data" / "everyday.json").read_text(encoding="utf-8"))
WRONG = pytest.mark.xfail(strict=True, reason="known failure of the shipped model")


@pytest.mark.parametrize(
    ("text", "label"),
    [
        pytest.param(case["text"], case["label"], id=case["what"], marks=[WRONG] if case.get("known_failure") else [])
        for case in CASES
    ],
)
def test_everyday_texts_get_their_label(shipped, text, label):
    assert shipped.decide(text).label.value == label


def test_no_case_is_trained_on(authored_texts):
    assert not {case["text"] for case in CASES} & set(authored_texts)
