"""The serving path: what may be passed, what comes back, and that nothing a person can type breaks it."""

from __future__ import annotations

import dataclasses
import itertools
import json
import math
import pickle
import re
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hoakscheck
from hoakscheck import Classifier, Evidence, InvalidTextError, Label, ReviewReason, Verdict

AD = "Ayo coblos nomor 3, Kak Nadira Wulan! Pilih pemimpin yang paham anak muda 💪"
HOAX = "SEBARKAN!!! Petugas sudah dibayar untuk merusak surat suara, viralkan sebelum dihapus"
PLAIN = "Resep sayur asem ala ibu, kuahnya segar banget"

#: Any string at all, lone surrogates and unassigned code points included, and the sort of thing that people write.
ANY_TEXT = st.text(max_size=120) | st.text(st.characters(categories=["Cs", "Cf", "Mn", "So", "Co"]), max_size=40)
TOKEN_SOUP = st.lists(
    st.sampled_from(
        ["Ayo", "c0bl0s", "nomor", "2", "02", "#PilihYangMuda", "@kpu_id", "https://t.co/x", "Rp1.500.000", "k p u", "&amp;",
         "p\u200bemilu", "anak-anak", "masing2", "07.00", "58,06%", "curaaaang", "c*bl*s", "p.e.m.i.l.u", "🗳️", "\ud83d", "gak", "\n"]
    ),
    max_size=25,
).map(" ".join)  # fmt: skip


class TestWhatMayBePassed:
    def test_a_text_gives_a_verdict(self, tiny_default):
        assert isinstance(hoakscheck.classify(AD), Verdict)

    @pytest.mark.parametrize("several", [list, tuple, iter, dict.fromkeys], ids=["list", "tuple", "generator", "keys"])
    def test_several_texts_give_a_list_of_verdicts_in_order(self, tiny_default, several):
        verdicts = hoakscheck.classify(several([AD, HOAX, PLAIN]))
        assert isinstance(verdicts, list)
        assert [verdict.text for verdict in verdicts] == [AD, HOAX, PLAIN]

    def test_no_texts_give_an_empty_list(self, tiny_default):
        assert hoakscheck.classify([]) == []

    def test_an_array_of_strings_is_several_texts(self, tiny):
        assert len(list(tiny.classify_many(np.array([AD, HOAX])))) == 2

    def test_one_and_many_say_the_same(self, tiny):
        assert list(tiny.classify_many([AD, HOAX])) == [tiny.classify(AD), tiny.classify(HOAX)]

    def test_the_default_model_is_loaded_once(self, tiny_default):
        assert hoakscheck.default.default_classifier() is hoakscheck.default.default_classifier()


class TestWhatIsRefused:
    MISSING = "drop missing values"
    BYTES = r"decode it first, for instance value\.decode\('utf-8'\)"
    OTHER = r"convert it with str\(\)"
    VALUES = [
        pytest.param(None, "NoneType", MISSING, id="None"),
        pytest.param(math.nan, "float", MISSING, id="NaN"),
        pytest.param(np.float64("nan"), "float64", MISSING, id="NaN of numpy"),
        pytest.param(b"coblos", "bytes", BYTES, id="bytes"),
        pytest.param(bytearray(b"coblos"), "bytearray", BYTES, id="bytearray"),
        pytest.param(3, "int", OTHER, id="int"),
        pytest.param(np.array(["a", "b"]), "ndarray", OTHER, id="array"),
    ]

    @pytest.mark.parametrize(("value", "kind", "advice"), VALUES)
    def test_one_value_that_is_no_text_comes_back_with_advice(self, tiny, value, kind, advice):
        with pytest.raises(InvalidTextError, match=advice) as caught:
            tiny.classify(value)
        assert (caught.value.value_type, caught.value.position) == (kind, None)

    @pytest.mark.parametrize(("value", "kind", "advice"), VALUES)
    @pytest.mark.parametrize("method", ["classify_many", "decide_many", "predict_proba"])
    def test_among_several_it_comes_back_with_its_position(self, tiny, method, value, kind, advice):
        with pytest.raises(InvalidTextError, match=f"at position 2, .*{advice}") as caught:
            list(getattr(tiny, method)([AD, HOAX, value, PLAIN]))
        assert (caught.value.value_type, caught.value.position) == (kind, 2)

    @pytest.mark.parametrize("value", [None, math.nan, b"coblos", 3])
    def test_the_short_cut_refuses_the_same(self, tiny_default, value):
        with pytest.raises(InvalidTextError) as caught:
            hoakscheck.classify(value)
        assert caught.value.position is None

    @pytest.mark.parametrize("method", ["classify_many", "decide_many", "predict_proba"])
    def test_a_text_where_several_are_expected_is_not_read_letter_by_letter(self, tiny, method):
        with pytest.raises(InvalidTextError):
            list(getattr(tiny, method)(AD))

    def test_it_is_also_a_type_error(self, tiny):
        with pytest.raises(TypeError, match="expected a text"):
            tiny.classify(3)


class TestVerdict:
    @pytest.mark.parametrize("field", [field.name for field in dataclasses.fields(Verdict)])
    def test_it_cannot_be_changed(self, tiny, field):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(tiny.classify(AD), field, None)

    def test_its_evidence_cannot_be_changed(self, tiny):
        with pytest.raises(dataclasses.FrozenInstanceError):
            tiny.classify(AD).evidence[0].contribution = 0.0

    def test_it_names_the_label_with_its_probability(self, tiny):
        verdict = tiny.classify(AD)
        assert verdict.probability == verdict.probabilities[verdict.label]

    def test_it_names_every_label_in_their_order(self, tiny):
        assert tuple(tiny.classify(AD).probabilities) == tuple(Label) == tiny.labels

    def test_it_names_the_model(self, tiny):
        assert tiny.classify(AD).model == tiny.model_id == "tiny-id@0.0.1"

    @pytest.mark.parametrize("text", [AD, HOAX, PLAIN])
    def test_its_strongest_words_speak_for_the_label_strongest_first(self, tiny, text):
        strongest = tiny.classify(text).strongest(4)
        contributions = [item.contribution for item in strongest]
        assert len(strongest) == 4
        assert contributions == sorted(contributions, reverse=True)
        assert min(contributions) > 0

    def test_it_has_no_strongest_words_where_none_speaks_for_the_label(self, tiny):
        assert tiny.classify("").strongest() == ()

    @pytest.mark.parametrize("text", [AD, HOAX, PLAIN, "", "🗳️", "\ud83d coblos \udce9", "https://a\udce9.com/x"])
    def test_its_dictionary_survives_json(self, tiny, text):
        plain = tiny.classify(text).to_dict()
        assert json.loads(json.dumps(plain)) == plain

    def test_its_dictionary_tells_all_but_the_text(self, tiny):
        verdict = tiny.classify(AD)
        plain = verdict.to_dict()
        assert set(plain) == {field.name for field in dataclasses.fields(Verdict)} - {"text"}
        assert plain["label"] == verdict.label.value
        assert plain["evidence"][0] == dataclasses.asdict(verdict.evidence[0])

    def test_as_a_string_it_shows_label_probability_and_strongest_words(self, tiny):
        verdict = tiny.classify(AD)
        assert str(verdict).startswith(f"{verdict.label.value} {verdict.probability:.2f}")
        assert all(repr(item.word) in str(verdict) for item in verdict.strongest())

    def test_as_a_string_it_says_why_a_person_should_look(self, tiny):
        assert "needs review: no_words" in str(tiny.classify(""))

    def test_it_survives_pickling(self, tiny):
        verdict = tiny.classify(AD)
        assert pickle.loads(pickle.dumps(verdict)) == verdict


class TestNotebook:
    def test_markup_in_a_text_is_shown_and_not_run(self, tiny):
        shown = tiny.classify("<script>alert('coblos')</script> & <b>pilih</b>")._repr_html_()
        assert "<script" not in shown
        assert "<b>" not in shown
        assert "&lt;" in shown

    def test_markup_inside_a_word_is_escaped_too(self):
        evidence = (Evidence('<img src="x">', 0, 13, 1.0),)
        verdict = Verdict('<img src="x">', Label.HOAX, 1.0, {}, False, (), evidence, 0.0, 1.0, '<model">')
        assert "<img" not in verdict._repr_html_()
        assert "<model" not in verdict._repr_html_()

    def test_every_word_is_highlighted_once_and_the_text_stays_whole(self, tiny):
        verdict = tiny.classify(AD)
        shown = verdict._repr_html_()
        assert shown.count("<mark") == len({(item.start, item.end) for item in verdict.evidence})
        paragraph = re.search(r"<p>(.*)</p>", shown)[1]
        assert re.sub("<[^>]+>", "", paragraph) == AD

    def test_words_for_and_against_the_label_have_different_colours(self):
        evidence = (Evidence("ya", 0, 2, 1.0), Evidence("bukan", 3, 8, -1.0))
        shown = Verdict("ya bukan", Label.HOAX, 1.0, {}, False, (), evidence, 0.0, 0.0, "m")._repr_html_()
        colours = re.findall(r"rgba\((\d+, \d+, \d+), [\d.]+\)", shown)
        assert len(set(colours)) == 2

    def test_a_text_without_words_is_shown_as_well(self, tiny):
        assert "🗳️" in tiny.classify("🗳️")._repr_html_()


class TestEvidence:
    @pytest.mark.parametrize("text", [AD, HOAX, PLAIN, "", "🗳️", "anak-anak k p u &amp; #PilihYangMuda"])
    def test_it_adds_up_to_the_score(self, tiny, text):
        verdict = tiny.classify(text)
        assert verdict.base + sum(item.contribution for item in verdict.evidence) == pytest.approx(verdict.score, abs=1e-9)

    def test_its_spans_are_the_words_of_the_author(self, tiny):
        words = [item.word for item in tiny.classify("Ayo c0bl0s nomor 2!! #PilihYangMuda").evidence]
        assert words[:4] == ["Ayo", "c0bl0s", "nomor", "2"]
        assert words[-3:] == ["Pilih", "Yang", "Muda"]

    def test_a_hoax_is_explained_against_all_that_is_none(self, tiny):
        verdict = tiny.classify(HOAX)
        assert verdict.label is Label.HOAX
        hoax = verdict.probabilities[Label.HOAX]
        rounding = sys.float_info.epsilon / (1 - hoax)  # of 1 - hoax, of which nine digits are lost where it is 4e-8
        assert verdict.score == pytest.approx(math.log(hoax / (1 - hoax)), abs=1e-9 + rounding)

    def test_an_ad_is_explained_against_benign(self, tiny):
        verdict = tiny.classify(AD)
        assert verdict.label is Label.POLITICAL_AD
        ratio = verdict.probabilities[Label.POLITICAL_AD] / verdict.probabilities[Label.BENIGN]
        assert verdict.score == pytest.approx(math.log(ratio), abs=1e-9)

    def test_benign_is_explained_against_its_stronger_rival(self, tiny):
        verdict = tiny.classify(PLAIN)
        assert verdict.label is Label.BENIGN
        hoax, ad, benign = verdict.probabilities.values()
        expected = math.log((1 - hoax) / hoax) if hoax > ad else math.log(benign / ad)
        assert verdict.score == pytest.approx(expected, abs=1e-9)


class TestReview:
    @pytest.mark.parametrize("text", ["", " \n\t", "🗳️", "👍🏽👍🏽", "!!! ... ???", "\u200b", "\ud83d"])
    def test_a_text_without_words_needs_review(self, tiny, text):
        verdict = tiny.classify(text)
        assert verdict.needs_review
        assert ReviewReason.NO_WORDS in verdict.review_reasons

    def test_a_text_in_another_language_needs_review(self, tiny):
        verdict = tiny.classify("Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich")
        assert ReviewReason.UNKNOWN_WORDS in verdict.review_reasons

    def test_a_text_of_two_words_needs_review(self, tiny):
        assert ReviewReason.FEW_WORDS in tiny.classify("coblos pemimpin").review_reasons

    def test_a_clear_text_stands(self, tiny):
        verdict = tiny.classify(AD)
        assert (verdict.needs_review, verdict.review_reasons) == (False, ())


class TestMany:
    def test_an_endless_stream_is_read_only_as_far_as_it_is_used(self, tiny):
        drawn = itertools.count()
        endless = (f"Ayo coblos nomor {next(drawn)}" for _ in itertools.repeat(None))
        assert len(list(itertools.islice(tiny.classify_many(endless), 5))) == 5
        assert next(drawn) == 5

    def test_decisions_are_those_of_the_verdicts(self, tiny, tiny_texts):
        decisions = list(tiny.decide_many(tiny_texts))
        verdicts = list(tiny.classify_many(tiny_texts))
        assert [(item.label, item.probability, item.review_reasons) for item in decisions] == [
            (item.label, item.probability, item.review_reasons) for item in verdicts
        ]

    def test_probabilities_come_as_an_array_with_a_column_for_each_label(self, tiny, tiny_texts):
        probabilities = tiny.predict_proba(tiny_texts)
        assert (probabilities.shape, probabilities.dtype) == ((len(tiny_texts), 3), np.float64)
        assert probabilities[5].tolist() == list(tiny.classify(tiny_texts[5]).probabilities.values())

    def test_no_texts_give_an_array_without_rows(self, tiny):
        assert tiny.predict_proba([]).shape == (0, 3)

    def test_a_text_gets_the_same_verdict_whatever_came_before(self, tiny_model, tiny_texts):
        forward, backward = Classifier.load(tiny_model), Classifier.load(tiny_model)
        there = list(forward.classify_many(tiny_texts))
        back = list(backward.classify_many(reversed(tiny_texts)))
        assert there == back[::-1]


class TestAnyText:
    @given(text=ANY_TEXT | TOKEN_SOUP)
    @settings(max_examples=300, deadline=None)
    def test_every_string_gets_a_verdict_that_holds_together(self, tiny, text):
        verdict = tiny.classify(text)
        assert sum(verdict.probabilities.values()) == pytest.approx(1.0, abs=1e-9)
        assert all(0.0 <= value <= 1.0 for value in verdict.probabilities.values())
        assert verdict.needs_review == bool(verdict.review_reasons)
        assert verdict.base + sum(item.contribution for item in verdict.evidence) == pytest.approx(verdict.score, abs=1e-9)
        assert all(item.word == text[item.start : item.end] != "" for item in verdict.evidence)
        starts = [item.start for item in verdict.evidence]
        assert starts == sorted(starts)

    @given(text=ANY_TEXT | TOKEN_SOUP)
    @settings(max_examples=100, deadline=None)
    def test_every_verdict_can_be_shown_and_stored(self, tiny, text):
        verdict = tiny.classify(text)
        assert json.loads(json.dumps(verdict.to_dict())) == verdict.to_dict()
        assert str(verdict).encode("utf-8")
        assert verdict._repr_html_().startswith("<div>")

    @given(value=st.none() | st.integers() | st.floats() | st.binary() | st.lists(st.integers()) | st.dates() | st.booleans())
    @settings(max_examples=100, deadline=None)
    def test_everything_else_is_refused(self, tiny, value):
        with pytest.raises(InvalidTextError):
            tiny.classify(value)

    def test_what_came_before_a_failure_of_the_source_is_decided(self, tiny):
        def source():
            yield from ("halo", "hai")
            raise OSError("gone")

        for given_ in ([source()], [source(), itertools.repeat(None)], [["halo", "hai"], [None] * 3], [["halo"] * 3, [None] * 2]):
            decided = []
            with pytest.raises((OSError, ValueError)):
                decided.extend(tiny.decide_many(*given_))  # keeps what came before
            assert len(decided) == 2

    @pytest.mark.slow
    @pytest.mark.parametrize("unit", ["a", "Ayo coblos nomor 3! ", "a.b.", "&amp;", "@a#b", "1.", "*a", "\u0301", "👍"], ids=ascii)
    def test_a_text_of_ten_megabytes_is_classified_too(self, tiny, unit):
        length = 10_000_000 if unit.startswith("Ayo") or unit == "a" else 1_000_000
        (decision,) = tiny.decide_many([unit * (length // len(unit))])
        assert sum(decision.probabilities) == pytest.approx(1.0, abs=1e-9)


class TestShippedModel:
    """The model that comes with the package is the one that is used when none is named."""

    def test_it_is_the_default(self):
        assert hoakscheck.classify(AD).model.startswith("hoakscheck-id@")

    @pytest.mark.parametrize(
        ("text", "label"),
        [
            ("Ayo coblos nomor 3! Pilih Bu Ratih Anindita, bupati yang bekerja untuk semua.", Label.POLITICAL_AD),
            ("KPU mengingatkan pemilih membawa KTP elektronik ke TPS pada hari pemungutan suara.", Label.BENIGN),
            ("SEBARKAN! KPU diam-diam sudah mencoblos tujuh kontainer surat suara, medianya disuruh bungkam!", Label.HOAX),
            ("Resep sayur asem ala ibu, kuahnya segar banget, cocok buat makan siang", Label.BENIGN),
        ],
    )
    def test_it_gets_plain_cases_right(self, text, label):
        assert hoakscheck.classify(text).label is label

    @pytest.mark.parametrize("text", ["", "🗳️"])
    def test_it_asks_for_review_where_there_are_no_words(self, text):
        assert ReviewReason.NO_WORDS in hoakscheck.classify(text).review_reasons

    def test_it_asks_for_review_in_another_language(self):
        verdict = hoakscheck.classify("Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich")
        assert ReviewReason.UNKNOWN_WORDS in verdict.review_reasons
