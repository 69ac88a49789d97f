"""Single cues that stand almost only with one label: a mark, an opening, a verdict word, an address, a way of writing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from hoakscheck.training.audit.findings import Finding, Outcome
from hoakscheck.training.audit.table import Table

#: Share of a cue's occurrences, label by label in equal numbers, that must lie with one label.
PUREST: Final = 0.9
#: Share of that label's texts that must show the cue.
COVERAGE: Final = 0.05
#: A word of the text itself is a cue only if it is purer and more frequent than any honest word of a topic.
_WORD_PUREST: Final = 0.97
_WORD_COVERAGE: Final = 0.15
#: A cue that all other labels show in this share of texts, and one label in next to none, tells as much by its absence.
_USUAL: Final = 0.25
_ABSENT: Final = 0.02
_FEWEST: Final = 15
_SHOWN: Final = 8

_VERDICT = re.compile(
    r"\[(?:salah|hoaks?|hoax|benar|fakta|klarifikasi|penipuan|disinformasi|misinformasi|fitnah|hasut)\]"
    r"|\b(?:cek fakta|faktanya|periksa fakta|hasil penelusuran|disinformasi|misinformasi|turnbackhoax|klaim (?:itu|ini|tersebut)"
    r"|tidak benar|hoaks?|hoax|keliru|menyesatkan|false context|konten (?:yang )?(?:menyesatkan|palsu|tiruan|dimanipulasi)"
    r"|beredar|narasi|penjelasan|arsip)\b",
    re.IGNORECASE,
)
_TAG = re.compile(r"#\w+")
_MENTION = re.compile(r"@\w+")
_DOMAIN = re.compile(r"https?://(?:www\.)?([^\s/]+)|(?<=\.)(?:com|co\.id|id|net)\b")
_FORMS: Final[dict[str, re.Pattern[str]]] = {
    "a link": re.compile(r"https?://|www\."),
    "a mention": _MENTION,
    "a hashtag": _TAG,
    "curly quotation marks": re.compile(r"[“”]"),
    "straight quotation marks": re.compile(r'"'),
    "a full stop at the end": re.compile(r"[^.]\.\s*\Z"),
    "an ellipsis at the end": re.compile(r"(?:\.{3}|…)\s*\Z"),
    "an exclamation mark at the end": re.compile(r"!\s*\Z"),
    "a question mark at the end": re.compile(r"\?\s*\Z"),
    "a run of exclamation or question marks": re.compile(r"[!?]{2,}"),
    "a doubled blank": re.compile(r"\S {2,}\S"),
    "a blank at an end": re.compile(r"\A\s|\s\Z"),
    "a line break": re.compile(r"\n"),
    "an emoji": re.compile("[\u2600-\u27bf\U0001f300-\U0001faff]"),
    "an invisible character": re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]"),
    "a no-break blank": re.compile("\u00a0"),
    "broken encoding": re.compile("Ã.|â€|\ufffd"),
    "an HTML entity": re.compile(r"&(?:amp|quot|lt|gt|nbsp|#\d+);"),
    "an HTML tag": re.compile(r"</?[a-zA-Z]+[^>]*>"),
    "all in capitals": re.compile(r"\A[^a-z]*[A-Z][^a-z]*\Z"),
    "a small letter at the start": re.compile(r"\A[a-z]"),
    "a digit": re.compile(r"\d"),
    "a year": re.compile(r"\b(?:19|20)\d\d\b"),
    "a dateline": re.compile(r"\A[A-Z][A-Za-z .]{2,30}(?:, [A-Za-z.]{2,20})? [-–—] "),
    "a word in square brackets": re.compile(r"\[\w[^\]]*\]"),
    "no blank after a comma": re.compile(r"\w,\w"),
}


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue, the label it stands with, and in how many texts: of that label, of all others."""

    kind: str
    name: str
    label: str
    inside: int
    outside: int
    is_absence: bool = False

    def __str__(self) -> str:
        if self.is_absence:
            return f"{self.kind} {self.name!r} is usual elsewhere ({self.outside:,}) and absent in {self.label} ({self.inside:,})"
        return f"{self.kind} {self.name!r}: {self.inside:,} texts of {self.label}, {self.outside:,} of all others"


def cue_findings(table: Table) -> list[Finding]:
    """Return the findings on verdict words, ways of writing, openings and endings, tags and addresses, single words."""
    found = list(cues(table))
    checks = [
        ("verdict words", {"verdict word"}, "cut the fact-checker's words off the claim"),
        ("marks", {"form", "character"}, "strip it from all texts, or bring it into every label"),
        ("openings and endings", {"opening", "ending"}, "cut the publisher's wrapper off"),
        ("tags and addresses", {"tag", "mention", "domain"}, "replace it by a mark, or find the other labels that use it"),
        ("words", {"word"}, "find texts of other labels on the same subject"),
    ]
    findings = []
    for check, kinds, advice in checks:
        own = [cue for cue in found if cue.kind in kinds]
        if own:
            message = f"{len(own)} stand{'s' if len(own) == 1 else ''} almost only with one label"
            findings.append(Finding(check, Outcome.LEAK, message, len(own), 0, tuple(map(str, own[:_SHOWN])), advice))
        else:
            findings.append(Finding(check, Outcome.CLEAR, "none stands almost only with one label", 0, 0))
    return findings


def cues(table: Table) -> Iterator[Cue]:
    """Yield the cues that give a label away, the most frequent first."""
    sizes = Counter(table.labels)
    counts: dict[tuple[str, str], Counter[str]] = {}
    for text, label in zip(table.texts, table.labels, strict=True):
        for cue in set(_cues_of(text)):
            counts.setdefault(cue, Counter())[label] += 1
    found = []
    for (kind, name), seen in counts.items():
        total = sum(seen.values())
        if total < _FEWEST:
            continue
        rates = {label: seen[label] / size for label, size in sizes.items()}
        best = max(rates, key=lambda label: rates[label])
        purity = rates[best] / sum(rates.values())
        purest, coverage = (_WORD_PUREST, _WORD_COVERAGE) if kind == "word" else (PUREST, COVERAGE)
        if purity >= purest and rates[best] >= coverage and seen[best] >= _FEWEST:
            found.append(Cue(kind, name, best, seen[best], total - seen[best]))
            continue
        least = min(rates, key=lambda label: rates[label])
        others = min(rate for label, rate in rates.items() if label != least)
        if kind in {"form", "character"} and rates[least] <= _ABSENT and others >= _USUAL:
            found.append(Cue(kind, name, least, seen[least], total - seen[least], is_absence=True))
    yield from sorted(found, key=lambda cue: (-max(cue.inside, cue.outside), cue.kind, cue.name))


def _cues_of(text: str) -> Iterator[tuple[str, str]]:
    for name, pattern in _FORMS.items():
        if pattern.search(text):
            yield "form", name
    yield from (("character", character) for character in set(text) if not character.isalnum() and character not in " \n")
    yield from (("verdict word", word.lower()) for word in _VERDICT.findall(text))
    yield from (("tag", tag.lower()) for tag in _TAG.findall(text))
    yield from (("mention", name.lower()) for name in _MENTION.findall(text))
    yield from (("domain", domain.lower()) for domain in _DOMAIN.findall(text) if domain)
    runs = text.lower().split()
    for size in (1, 2, 3):
        if len(runs) > size:
            yield "opening", " ".join(runs[:size])
            yield "ending", " ".join(runs[-size:])
    yield from (("word", word) for word in re.findall(r"[^\W\d_]{3,}", text.lower()))
