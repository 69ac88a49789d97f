"""Headlines and articles of news publishers, benign by rule R6 of the annotation guideline."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from hoakscheck.labels import Label
from hoakscheck.training.data.dates import iso_date
from hoakscheck.training.data.example import Example, canonical
from hoakscheck.training.data.tables import Row, read_csv, read_sheet

_DATELINE = re.compile(
    r"^\s*(?:[A-Z][A-Za-z.\s,/()]{1,40})?(?:KOMPAS\.com|TEMPO\.CO|CNN Indonesia|Liputan6\.com|TRIBUN[A-Z\-]*\.COM|detik\w*"
    r"|suara\.com|Merdeka\.com)[^\-–—]{0,40}[\-–—]+\s*|^\s*-\s+",
    re.IGNORECASE,
)
_LONGEST_LEAD = 600
_SHORTEST_ARTICLE = 400


def strip_dateline(article: str) -> str:
    """Remove place and publisher at the start of an article; left in, they would teach the label.

    >>> strip_dateline("JAKARTA, KOMPAS.com - Komisi Pemilihan Umum ...")
    'Komisi Pemilihan Umum ...'
    """
    return _DATELINE.sub("", article)


def detik_paslon2024(folder: Path) -> Iterator[Example]:
    """Headlines on three tickets, and articles of 2023."""
    for name in ("paslon_amin.csv", "paslon_ganjar.csv", "paslon_pragib.csv"):
        for row in read_csv(folder / name, delimiter=";", encoding="cp1252"):
            yield from _headline(row.get("text", ""), "detik_paslon2024", "pilpres-2024", written=row.get("Date", ""))
    for row in read_csv(folder / "berita.csv"):
        yield from _article(row["text"], "detik_paslon2024")


def prabowogibran2023_headlines(folder: Path) -> Iterator[Example]:
    """Headlines of several publishers on one ticket, late 2023."""
    path = folder / "media_sentiment_analysis__media_datasets__webscrape.csv"
    for row in read_csv(path, delimiter=";"):
        title = row["Headline"].removesuffix("...")
        yield from _headline(title, "prabowogibran2023-headlines", "pilpres-2024", publisher=row["Media"], written=row["Date"])


def restuibu17_jateng2024(folder: Path) -> Iterator[Example]:
    """Headlines with leads on the regional elections in Central Java, 2024."""
    for row in read_csv(folder / "pilkada_jawa_tengah.csv"):
        text = f"{row['Judul']}. {row['Deskripsi']}"
        yield from _headline(text, "restuibu17-jateng2024", "pilkada-jateng-2024", kind="lead", written=row["Tanggal"])


def clickid_headlines(folder: Path) -> Iterator[Example]:
    """General headlines of twelve publishers, 2019."""
    for row in read_sheet(folder / "clickbait_dataset__main_dataset.xlsx", "Main Dataset", header=1):
        yield from _headline(row.get("title", ""), "clickid", "")


def clickid_articles(folder: Path) -> Iterator[Example]:
    """General articles of three publishers, 2019."""
    yield from _articles(read_csv(folder / "raw_articles__csv__tribunnews.csv"), "clickid-tribunnews")
    yield from _articles(read_csv(folder / "raw_articles__csv__kapanlagi.csv"), "clickid-kapanlagi")
    yield from _articles(read_sheet(folder / "raw_articles__xlsx__kompas.xlsx", "kompas"), "clickid-kompas")


def tribun_politik_valid(folder: Path) -> Iterator[Example]:
    """Long political articles of 2025; for evaluation only."""
    for row in read_csv(folder / "tribunnews_politik_full.csv"):
        yield from _article(row["content"], "tribun-politik-valid", lead=False)


def _headline(
    text: str, source: str, campaign: str, *, kind: str = "headline", publisher: str = "", written: str = ""
) -> Iterator[Example]:
    text = canonical(text)
    if len(text) >= 15:
        yield Example(
            text, Label.BENIGN, source, f"{source}/{text}", campaign, kind, "source", publisher=publisher, date=iso_date(written)
        )


def _articles(rows: Iterator[Row], source: str) -> Iterator[Example]:
    for row in rows:
        yield from _article(row.get("content", ""), source, publisher=row.get("source", ""), written=row.get("date", ""))


def _article(content: str, source: str, *, lead: bool = True, publisher: str = "", written: str = "") -> Iterator[Example]:
    """Yield an article whole, and its lead alone: a moderator meets both."""
    text = canonical(strip_dateline(canonical(content)))
    if len(text) < _SHORTEST_ARTICLE:
        return
    group = f"{source}/{text[:120]}"
    article = Example(
        text, Label.BENIGN, source, group, kind="article", provenance="source", publisher=publisher, date=iso_date(written)
    )
    yield article
    if lead:
        cut = text.rfind(". ", 0, _LONGEST_LEAD)
        opening = text[: cut + 1 if cut > 0 else _LONGEST_LEAD].rstrip()
        yield replace(article, text=opening, kind="lead")
