"""Chunks and pieces: a text is cut without losing the place of anything."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoakscheck.text.tokens import LONGEST_CHUNK, URL, Token, chunks, pieces

ANY_TEXT = st.text(st.characters()) | st.text("aZ1 \t\u00a0.,-_*'@#$!%:/&\u200b\u0301ж漢", max_size=60)


def kinds(chunk):
    return [(kind, chunk[start:end]) for kind, start, end in pieces(chunk)]


@given(ANY_TEXT)
def test_chunks_are_the_text_without_its_blanks(text):
    assert "".join(chunk for _, chunk in chunks(text)) == "".join(text.split())
    assert all(text[position : position + len(chunk)] == chunk for position, chunk in chunks(text))


@pytest.mark.parametrize("length", [1, LONGEST_CHUNK - 1, LONGEST_CHUNK, LONGEST_CHUNK + 1, 3 * LONGEST_CHUNK + 7])
def test_no_chunk_is_overlong(length):
    found = list(chunks("a" * length))
    assert sum(len(chunk) for _, chunk in found) == length
    assert all(0 < len(chunk) <= LONGEST_CHUNK for _, chunk in found)
    assert [position for position, _ in found] == list(range(0, length, LONGEST_CHUNK))


@pytest.mark.parametrize("text", ["", " ", "\n\t\u3000\u00a0"])
def test_blanks_are_no_chunks(text):
    assert list(chunks(text)) == []


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        ("url", "https://contoh.example/a?b=1"),
        ("url", "HTTP://CONTOH.EXAMPLE"),
        ("url", "www.contoh.example"),
        ("url", "contoh.com"),
        ("url", "desa.contoh.go.id/berita"),
        ("mention", "@akun_fiktif"),
        ("mention", "@2akun"),
        ("hashtag", "#PilihYangMuda"),
        ("hashtag", "#01"),
        ("money", "Rp5jt"),
        ("money", "Rp5.000.000"),
        ("money", "rp.10rb"),
        ("money", "Rp1,5T"),
        ("percent", "58,06%"),
        ("percent", "10%"),
        ("clock", "08.00"),
        ("clock", "13:30"),
        ("clock", "24.00"),
        ("number", "2"),
        ("number", "01"),
        ("number", "1.000.000"),
        ("number", "01/02/03"),
        ("number", "25.00"),
        ("separated", "p.e.m.i.l.u"),
        ("separated", "K-P-U"),
        ("word", "pemilu"),
        ("word", "Jum'at"),
        ("word", "Jum’at"),
        ("word", "anak-anak"),
        ("word", "c0bl0s"),
        ("word", "c*bl*s"),
        ("word", "pr@bowo"),
        ("word", "H-1"),
        ("word", "4G"),
        ("word", "masing2"),
        ("word", "pem\u200bilu"),
        ("word", "p\u0336e\u0336m\u0336"),
        ("word", "2\ufe0f\u20e3"),
        ("word", "мир"),
    ],
)
def test_a_piece_is_of_its_kind(kind, written):
    assert kinds(written) == [(kind, written)]


@pytest.mark.parametrize(
    ("chunk", "expected"),
    [
        ("ayo,coblos!", ["ayo", "coblos"]),
        ("(02)", ["02"]),
        ("'pemilu'", ["pemilu"]),
        ("-pemilu-", ["pemilu"]),
        ("*tebal*", ["tebal"]),
        ("__kotak__suara_", ["kotak", "suara"]),
        ("dia(lah)", ["dia", "lah"]),
        ("Coblos,#No2!@kpu_id", ["Coblos", "#No2", "@kpu_id"]),
        ("akun@@dua", ["akun", "dua"]),
        ("ayo🔥coblos", ["ayo", "coblos"]),
        ("kpu/bawaslu", ["kpu", "bawaslu"]),
        ("😀🔥", []),
        ("...!?", []),
        ("@ #", []),
        ("", []),
    ],
)
def test_what_is_neither_letter_nor_digit_separates(chunk, expected):
    assert [written for _, written in kinds(chunk)] == expected


@pytest.mark.parametrize("written", ["s.id/contoh", "t.me/contoh"])
def test_short_addresses_are_addresses(written):
    assert kinds(written) == [("url", written)]


def test_the_dash_for_no_cents_belongs_to_the_amount():
    assert kinds("Rp5.000,-") == [("money", "Rp5.000,-")]


@given(ANY_TEXT)
def test_pieces_lie_in_the_chunk_in_order_and_do_not_overlap(chunk):
    spans = [(start, end) for _, start, end in pieces(chunk)]
    assert all(0 <= start < end <= len(chunk) for start, end in spans)
    assert all(left[1] <= right[0] for left, right in itertools.pairwise(spans))


@given(st.text(st.characters(categories=["L", "Nd"], max_codepoint=0x24F), min_size=1))
def test_no_letter_and_no_digit_is_lost(chunk):
    assert "".join(written for _, written in kinds(chunk)) == chunk


def test_a_token_without_a_surface_is_a_mark():
    assert Token(0, 3, URL, "").is_mark
    assert not Token(0, 3, "ayo", "ayo").is_mark
