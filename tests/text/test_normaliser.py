"""From a string to tokens: golden cases, and promises that hold for any string."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hoakscheck.text.normaliser import VERSION, Normaliser, packaged_normaliser
from hoakscheck.text.tokens import SHORT_NUMBER, pieces

CASES = Path(__file__).parent / "cases"
ANY_TEXT = st.text(st.characters(codec=None), max_size=200)  # every code point, lone surrogates too
TRICKY = st.lists(
    st.sampled_from(
        [*"aA1 .-_*#@&;0", "k p u", "Rp", "no", "2", "\u200b", "\u0301", "а", "②", "&amp;", "&#112;", "http://", "\ud83d", "\n"]
    ),
    max_size=40,
).map("".join)


def golden(name):
    cases = json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))
    return [pytest.param(case["text"], case["stems"], id=case["label"]) for case in cases]


def stems(text):
    return [token.stem for token in packaged_normaliser().tokens(text)]


@pytest.mark.parametrize(("text", "expected"), golden("normaliser"))
def test_golden_cases(text, expected):
    assert stems(text) == expected


@pytest.mark.xfail(strict=True, reason="known failure; the comment of the case says why")
@pytest.mark.parametrize(("text", "expected"), golden("known_failures"))
def test_known_failures(text, expected):
    assert stems(text) == expected


@given(text=ANY_TEXT | TRICKY)
@settings(max_examples=500, deadline=None)
def test_any_string_gives_tokens_that_lie_in_it(text):
    position = 0
    for token in packaged_normaliser().tokens(text):
        assert 0 <= token.start < token.end <= len(text)
        assert token.start >= position, "tokens come in order"
        position = token.start
        assert token.stem
        assert token.stem != SHORT_NUMBER, "a mark of the way, not of the result"
        assert token.is_mark == token.stem.startswith("<")


@given(text=ANY_TEXT | TRICKY)
@settings(max_examples=100, deadline=None)
def test_what_is_remembered_changes_nothing(text):
    used, fresh = packaged_normaliser(), Normaliser()
    assert used.tokens(text) == fresh.tokens(text) == fresh.tokens(text)


@given(text=ANY_TEXT | TRICKY)
@settings(max_examples=300, deadline=None)
def test_tokens_are_the_same_without_their_places(text):
    placed, unplaced = packaged_normaliser().tokens(text), packaged_normaliser().unplaced_tokens(text)
    assert [token[2:] for token in placed] == [token[2:] for token in unplaced]


@given(left=ANY_TEXT, right=ANY_TEXT)
@settings(max_examples=100, deadline=None)
def test_spans_do_not_depend_on_what_stands_before(left, right):
    alone = packaged_normaliser().tokens(right)
    moved = packaged_normaliser().tokens(f"{left} . x . {right}")[-len(alone) :] if alone else []
    offset = len(left) + len(" . x . ")
    assert {(token.end - offset) for token in moved if token.start >= offset} <= {token.end for token in alone}


def test_a_span_covers_what_its_author_wrote():
    text = "Ayo c0bl0s p\u200bemilu #GantiBupati @kpu_id Jokowi&amp;Ma&#39;ruf"
    written = [text[token.start : token.end] for token in packaged_normaliser().tokens(text)]
    assert written[:5] == ["Ayo", "c0bl0s", "p\u200bemilu", "#", "Ganti"]


def test_the_fingerprint_tells_other_overrides_apart():
    from dataclasses import replace

    from hoakscheck.text.lexicon import packaged

    other = replace(packaged(), fingerprint="other")
    assert Normaliser(other).fingerprint != Normaliser().fingerprint == Normaliser().fingerprint


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece", ["a", "-", "\u0301", "&", "#", "@", "7", "аa", "a.", "a*", "&amp;", "http://a", "p3", "\ud800", "RT @x "]
)
def test_a_megabyte_of_anything_is_read_in_seconds(piece):
    text = piece * (1_000_000 // len(piece))
    start = time.perf_counter()
    packaged_normaliser().tokens(text)
    assert time.perf_counter() - start < 20, "measured: at most 3 s on two slow cores"


_WORDS = st.sampled_from(
    ["Pemilu", "KPU", "coblosss", "gmn", "relawannya", "Rp", "jokowi", "www", "com", "no", "http", "https://a.example/x"]
)


def test_there_is_one_normaliser_of_a_version_however_it_is_asked_for():
    assert packaged_normaliser() is packaged_normaliser(VERSION) is packaged_normaliser(version=VERSION)


#: Emoji, halves of them, typographic signs, letters and invisible characters of every kind that may stand beside a word.
_SIGNS = "🔥👍🏽\ud83d\udd25·•’‘«»—→Ⓜ²\u0301\u200b\u200d\ufe0fжİK\x00%@#&-_'"


@given(
    before=st.text('.,;:?!()[]{}"…“”/|' + _SIGNS, max_size=3),
    word=_WORDS | st.text("abRp", min_size=1),
    behind=st.text('.,;:?!()"…”/|' + _SIGNS, max_size=3) | st.sampled_from(["://,", ".,", "://)", "..", "://"]),
)
@settings(max_examples=500, deadline=None)
def test_words_and_addresses_are_told_without_a_pattern_as_with_one(before, word, behind):
    normaliser, chunk = packaged_normaliser(), f"{before}{word}{behind}"
    by_pattern = [token for kind, start, end in pieces(chunk) for token in normaliser._read_piece(kind, chunk, start, end)]
    assert list(normaliser._read_chunk(chunk)[0]) == by_pattern
    assert [token[2:] for token in normaliser.read_chunk(chunk)] == [token[2:] for token in by_pattern]
