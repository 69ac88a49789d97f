"""Labelled files: texts with their labels, and what is wrong with the rows that are left out."""

from __future__ import annotations

import pytest

from hoakscheck import InputError, Label
from hoakscheck.scoring.labelled import read_labelled


class TestLabelled:
    def _read(self, path, content):
        path.write_text(content, encoding="utf-8")
        return read_labelled(path, "text", "label")

    def test_texts_come_with_their_labels(self, tmp_path):
        texts, labels, problems = self._read(tmp_path / "l.csv", "text,label\nhalo,benign\nayo,political_ad\n")
        assert (texts, labels, problems) == (["halo", "ayo"], [Label.BENIGN, Label.POLITICAL_AD], [])

    @pytest.mark.parametrize("label", ["", "hoaks", "HOAX", " hoax"])
    def test_an_unknown_label_is_left_out_and_named(self, tmp_path, label):
        texts, _, problems = self._read(tmp_path / "l.csv", f"text,label\nhalo,benign\nayo,{label}\n")
        assert (texts, len(problems)) == (["halo"], 1)
        assert problems[0] == f"row 2 has {label!r} in 'label', not one of hoax, political_ad, benign"

    @pytest.mark.parametrize("label", ["null", "5", "true", '["hoax"]', '{"hoax": 1}'])
    def test_a_label_that_is_no_text_is_left_out_and_named(self, tmp_path, label):
        lines = f'{{"text": "halo", "label": "benign"}}\n{{"text": "ayo", "label": {label}}}\n'
        texts, _, problems = self._read(tmp_path / "l.jsonl", lines)
        assert (texts, len(problems)) == (["halo"], 1)
        assert "row 2" in problems[0]

    def test_a_missing_label_column_is_refused_with_those_that_are_there(self, tmp_path):
        with pytest.raises(InputError, match="has no column 'label'; it has 'text', 'kelas'"):
            self._read(tmp_path / "l.csv", "text,kelas\nhalo,benign\n")

    @pytest.mark.parametrize("content", ["text,label\n", "text,label\nhalo,hoaks\n"])
    def test_a_file_without_a_usable_row_is_refused(self, tmp_path, content):
        with pytest.raises(InputError, match="holds no row with a text and a label"):
            self._read(tmp_path / "l.csv", content)
