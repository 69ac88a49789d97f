"""Hostile texts: whatever is written, every public call answers, in time, with spans on the right characters.

    python tests/hostile/texts.py --count 1000000

Every text follows from its number, so that a failure can be looked at again: ``--first N --count 1``.
"""

from __future__ import annotations

import hashlib
import html.parser
import json
import math
import multiprocessing
import os
import random
import struct
import time
from collections.abc import Iterable
from functools import cache

import click

from hoakscheck import Classifier
from hoakscheck.text.characters import plain
from hoakscheck.text.hashtags import split_hashtag
from hoakscheck.text.lexicon import packaged

#: An unknown word costs 0.3 to 0.7 ms; a text of 2,000 characters has at most a thousand.
LONGEST_ANSWER = 3.0

PIECES = [
    # what steps of the normaliser look for, whole and cut short
    "&amp;", "&#39;", "&#xd800;", "&#x202e;", "&nbsp", "&notit;", "&#0;", "&#1114112;", "&lt;script&gt;", "&ampayo;", "#", "##", "#a", "@", "@@", "@a_", "_",
    "__", "www.", "https://", "https://t.co/ü?q=1#x", "a.com", "rp", "Rp5jt", "rp 1.000,-", "5%", "12.30", "25:99", "01", "no 2", "nomor 03", "2024", "c0bl0s",
    "p.e.m.i.l.u", "k p u", "c*bl*s", "masing2", "anak-anak", "a-b-c", "--", "'", "''", "’", "curaaaang", "8ener", "TPS04", "1jt", "1e999", "nan", "inf",
    # Unicode: stacks, directions, fillers, widths, digits of others, halves, names of nothing
    "\u0301" * 30, "a\u0335\u0336", "\u202e", "\u2066x\u2069", "\u200b", "\u200d", "\ufeff", "\u00ad", "\u3164", "\uffa0", "\ufe0f", "\u20e3", "\U000e0041",
    "ｐｅｍｉｌｕ", "𝗽𝗶𝗹𝗶𝗵", "ⓒⓞⓑⓛⓞⓢ", "②", "½", "٣", "०", "Ⅷ", "ﬁ", "ﷺ", "ß", "İ", "ı", "ſ", "K", "Å", "ǆ", "ΐ", "\u1e9e", "р", "ѕ", "漢字", "ทดสอบ", "ꦗꦮ", "ا", "한", "ᄒ",
    "👍🏽", "🇮🇩", "👩‍👩‍👧‍👦", "🏴\U000e0067\U000e0062", "\ud800", "\udfff", "\udc80", "\uffff", "\U0010ffff", "\x00", "\x1b[31m", "\x7f", "\x85", "\x1c", "\u2028", "\r\n",
    # code of others
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "\"><svg/onload=alert(1)>", "javascript:alert(1)", "{{7*7}}", "${x}", "%s%n", "%", "\\", "\\u0041",
    "' OR 1=1 --", "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)", "../../etc/passwd", "$(id)", "(a+)+$", "[[", "]]>", "<!--", "-->", "```", "|", "~", "^ a", "a $", "a _ b",
    "<candidate>", "<url>", "<hashtag>", "<number>",
    # words that matter
    "coblos", "KPU", "pemilu", "hoaks", "tidak", "jangan", "pilih", "nomor", "suara", "curang", "dibatalkan", "Prabowo", "partai amanat nasional", "memenangkannya",
]  # fmt: skip
BLANKS = [" ", " ", " ", "", "", "\n", "\t", "\u00a0", "\u2003", ". ", ", "]


@cache
def _words() -> list[str]:
    lexicon = packaged()
    return sorted({*lexicon.slang, *lexicon.roles, *lexicon.overrides})


def text_of(number: int) -> str:
    """Return the text of a number."""
    rng = random.Random(number)
    match rng.randrange(10):
        case 0:
            return "".join(chr(rng.randrange(0x110000)) for _ in range(rng.randrange(40)))
        case 1:
            start = rng.randrange(0x110000 - 300)
            return "".join(chr(start + rng.randrange(300)) for _ in range(rng.randrange(60)))
        case 2:
            return "".join(chr(rng.randrange(1, 0x180)) for _ in range(rng.randrange(60)))
        case 3 if rng.random() < 0.02:
            return rng.choice(PIECES) * rng.choice([100, 500, 2_000 // max(1, rng.randrange(1, 5))])
        case 3 | 4 | 5:
            return "".join(rng.choice(PIECES) + rng.choice(BLANKS) for _ in range(rng.randrange(1, 14)))
        case 6 | 7:
            return _spoilt(rng, " ".join(rng.choice(_words()) for _ in range(rng.randrange(1, 12))))
        case 8:
            return "".join(f"{rng.choice(_words())}{rng.choice(PIECES)}{rng.choice(BLANKS)}" for _ in range(rng.randrange(1, 8)))
        case _:
            encoding, errors = (
                rng.choice(["latin-1", "utf-8", "utf-16", "cp1252"]),
                rng.choice(["replace", "ignore", "backslashreplace"]),
            )
            return rng.randbytes(rng.randrange(60)).decode(encoding, errors)


def _spoilt(rng: random.Random, text: str) -> str:
    characters = list(text)
    for _ in range(rng.randrange(6)):
        place = rng.randrange(len(characters) + 1)
        match rng.randrange(4):
            case 0:
                characters.insert(place, rng.choice(PIECES))
            case 1:
                characters[place : place + 1] = [chr(rng.randrange(0x3000))]
            case 2:
                characters[place:place] = characters[max(0, place - 1) : place] * rng.randrange(1, 6)
            case _:
                characters[place : place + 1] = [character.upper() for character in characters[place : place + 1]]
    return "".join(characters)


class _Shown(html.parser.HTMLParser):
    """What a browser would show of a page, and which elements it would make."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        assert {name for name, _ in attrs} <= {"style", "title"}

    def handle_data(self, data):
        self.text.append(data)


def check(classifier: Classifier, text: str, *, deep: bool) -> bytes:
    """Return the answer to a text as bytes; raise AssertionError where it is not as promised.

    Args:
        classifier: a loaded model.
        text: any string.
        deep: whether the calls that cost more are asked, too.
    """
    start = time.perf_counter()
    verdict = classifier.classify(text)
    taken = time.perf_counter() - start
    assert taken < LONGEST_ANSWER, f"took {taken:.1f} s"
    values = list(verdict.probabilities.values())
    assert all(0 <= value <= 1 for value in values)
    assert abs(math.fsum(values) - 1) < 1e-12, "probabilities do not sum to 1"
    assert verdict.probability == verdict.probabilities[verdict.label]
    assert verdict.needs_review == bool(verdict.review_reasons)
    before = 0
    for item in verdict.evidence:
        assert before <= item.start < item.end <= len(text), f"span {item.start}:{item.end}"
        assert text[item.start : item.end] == item.word
        assert not item.word[0].isspace()
        assert not item.word[-1].isspace()
        before = item.start
    added = math.fsum(item.contribution for item in verdict.evidence)
    assert abs(verdict.base + added - verdict.score) < 1e-9, "contributions do not add up to the score"
    (decision,) = classifier.decide_many([text])
    assert (decision.label, decision.probabilities, decision.review_reasons) == (
        verdict.label,
        tuple(values),
        verdict.review_reasons,
    )
    if deep:
        _check_deeply(classifier, text, verdict)
    spans = [number for item in verdict.evidence for number in (item.start, item.end)]
    return struct.pack(f"<{len(values) + 1}d{len(spans)}q", *values, verdict.score, *spans) + verdict.label.encode()


def _check_deeply(classifier, text, verdict):
    assert tuple(classifier.predict_proba([text])[0].tolist()) == tuple(verdict.probabilities.values())
    json.loads(json.dumps(verdict.to_dict(), allow_nan=False))
    assert str(verdict).startswith(verdict.label.value)
    assert len(verdict.strongest(5)) <= 5
    normaliser = classifier._normaliser
    tokens = normaliser.tokens(text)
    assert [(token.start, token.end) for token in tokens] == [(item.start, item.end) for item in verdict.evidence]
    moved = normaliser.tokens(f"\n {text} ")
    assert [(token.start - 2, token.end - 2, *token[2:]) for token in moved] == [tuple(token) for token in tokens]
    for token in tokens:
        # the letters of a clean word are those of its span: the place is right, and not only inside the text
        written = plain(text[token.start : token.end])
        assert (
            len(token.surface) < 2 or not token.surface.isascii() or "&" in written or set(token.surface) & set(_unfolded(written))
        ), token
    plain(text)
    split_hashtag(text, normaliser._is_listed, normaliser._lengths)
    shown = _Shown()
    shown.feed(verdict._repr_html_())
    shown.close()
    assert set(shown.tags) <= {"div", "strong", "small", "p", "mark"}
    marked = "".join(shown.text).replace("\r\n", "\n").replace("\r", "\n")
    assert _as_a_page(text) in marked


def _unfolded(written: str) -> str:
    return written + written.translate(str.maketrans("012345678@$!*9", "oizeasbtb" + "asiag"))


def _as_a_page(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


#: So many texts are also read at once.
TOGETHER = 64


def run(classifier: Classifier, numbers: Iterable[int]) -> tuple[int, bytes, float]:
    """Check the texts of these numbers; return their count, a hash over all answers in any order, and the slowest answer in s."""
    count, total, slowest = 0, 0, 0.0
    waiting: list[str] = []
    for number in numbers:
        text = text_of(number)
        waiting.append(text)
        if len(waiting) == TOGETHER:
            _check_together(classifier, waiting)
            waiting.clear()
        start = time.perf_counter()
        try:
            answer = check(classifier, text, deep=number % 10 == 0)
        except Exception as error:
            raise AssertionError(f"text {number}, {text[:200]!r}: {type(error).__name__}: {error}") from error
        slowest = max(slowest, time.perf_counter() - start)
        total ^= int.from_bytes(hashlib.sha256(struct.pack("<q", number) + answer).digest())
        count += 1
    _check_together(classifier, waiting)
    return count, total.to_bytes(32), slowest


def _check_together(classifier: Classifier, texts: list[str]) -> None:
    """Raise AssertionError where texts that are read at once are not decided as each alone, bit for bit."""
    for text, alone, together in zip(texts, map(classifier.decide, texts), classifier.decide_block(texts), strict=True):
        assert alone == together, f"{text[:200]!r} among others: {together}, alone: {alone}"


def run_part(model: str | None, first: int, count: int, step: int) -> tuple[int, bytes, float]:
    """Do the same in a process of its own; a negative step goes backwards."""
    numbers = range(first, first + count)
    return run(Classifier.load(model), numbers[::step])


PART = 10_000


@click.command()
@click.option("--count", default=1_000_000, show_default=True, help="Number of texts.")
@click.option("--first", default=0, show_default=True, help="Number of the first one.")
@click.option("--model", help="Model name or folder.  [default: the default model]")
@click.option("--processes", default=1, show_default=True)
def main(count: int, first: int, model: str | None, processes: int) -> None:
    """Ask everything about hostile texts; a twentieth is asked again backwards, by processes that have read nothing else."""
    from tqdm import tqdm

    start = time.perf_counter()
    parts = [(model, number, min(PART, first + count - number), 1) for number in range(first, first + count, PART)]
    again = [(model, number, size, -1) for model, number, size, _ in parts[::20]]
    with multiprocessing.get_context("spawn").Pool(processes, maxtasksperchild=5) as pool:
        found = dict(tqdm(pool.imap(_told, parts), total=len(parts)))
    os.environ["PYTHONHASHSEED"] = "12345"
    with multiprocessing.get_context("spawn").Pool(processes, maxtasksperchild=1) as pool:
        repeated = dict(tqdm(pool.imap(_told, again), total=len(again)))
    assert all(found[number][1] == repeated[number][1] for number in repeated), "another order or process gives other answers"
    answered = sum(number for number, _, _ in found.values())
    seconds = time.perf_counter() - start
    click.echo(f"{answered:,} texts in {seconds:,.0f} s, slowest with all checks {max(part[2] for part in found.values()):.2f} s")
    click.echo(f"{sum(part[0] for part in repeated.values()):,} asked again backwards in other processes: the same, bit for bit")


def _told(arguments):
    return arguments[1], run_part(*arguments)


if __name__ == "__main__":
    main()
