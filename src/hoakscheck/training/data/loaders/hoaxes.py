"""What fact-checkers debunked, and what they wrote about it.

A claim is a hoax, its debunk is benign (rule R8 of the annotation guideline), and the pages mix both. So verdict tags,
introductions and the fact-checker's prose are cut off the claim, and the prose is kept as benign fact-check text.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from hoakscheck.labels import Label
from hoakscheck.training.data.example import Example, canonical
from hoakscheck.training.data.tables import read_csv

_TAG = re.compile(
    r"^\s*(?:\[[^\]]{2,40}\]|\((?:salah|hoax|hoaks|penipuan|disinformasi|misinformasi)\)|cek ?fakta\s*[:,!\-]"
    r"|(?:salah|hoaks?|hoax|keliru|benar|tidak benar|sesat|disinformasi|misinformasi|penipuan|awas hoaks?)\s*[!:,\-–])\s*",
    re.IGNORECASE,
)
_TAIL = re.compile(r"[?!]?\s*(?:ini|begini|simak|cek)?\s*faktanya\s*\.?$", re.IGNORECASE)
_VERDICT = re.compile(r"(?:=\s*){3,}|\bPENJELASAN\b|\bPenjelasan\s*:|\bHASIL PERIKSA FAKTA|\bHasil periksa fakta|—{5,}")
_ARCHIVE = re.compile(r"\s*(?:SUMBER|ARSIP|Sumber|Arsip)\s*(?:ARSIP)?\s*:?\s*https?://\S+|https?://(?:archive|perma)\S+")
_INTRODUCED = re.compile(r"(?:narasi|takarir|teks|keterangan|caption)[^:“\"]{0,60}[:“\"](.+)", re.IGNORECASE | re.DOTALL)
_INTRODUCTION = re.compile(r"\s*(?:Akun|Beredar|Sebuah|Melalui|Pengguna|Unggahan)\b")
_AS_OF = re.compile(r"\b(?:Hingga|Sampai|Per)\s+(?:Senin|Selasa|Rabu|Kamis|Jumat|Sabtu|Minggu|tulisan|artikel)")
_SHORTEST_CLAIM = 20
_SHORTEST_DEBUNK = 80
_LONGEST_DEBUNK = 1_500


def strip_verdict(title: str) -> str:
    """Remove what a fact-checker put around a claim in a headline; left in, it would teach the label.

    >>> strip_verdict("[SALAH] Ketua KPU Ditangkap, Ini Faktanya"), strip_verdict("Cek Fakta: TPS Tutup")
    ('Ketua KPU Ditangkap', 'TPS Tutup')
    """
    before = None
    while before != title:
        before, title = title, _TAG.sub("", title)
    return _TAIL.sub("", title).strip(" ,:-–“”\"")


def split_debunk(body: str) -> tuple[str, str]:
    """Cut a page into the claim as it circulated and the fact-checker's prose.

    >>> split_debunk("Surat suara sudah dicoblos! PENJELASAN Berdasarkan penelusuran ...")
    ('Surat suara sudah dicoblos!', 'PENJELASAN Berdasarkan penelusuran ...')
    """
    match = _VERDICT.search(body)
    if match is None or match.start() <= _SHORTEST_CLAIM:
        return _ARCHIVE.sub("", body).strip(), ""
    return _ARCHIVE.sub("", body[: match.start()]).strip(), body[match.start() :].strip("= ")


def quoted_claim(body: str) -> str:
    """Return the message inside a fact-checker's introduction, where there is one.

    >>> quoted_claim('Akun X mengunggah video dengan narasi: “TPS ditutup pukul 10” Hingga Senin (1/1) ditonton 5 kali')
    'TPS ditutup pukul 10'
    """
    if not _INTRODUCTION.match(body):
        return body
    introduced = _INTRODUCED.search(body)
    claim = introduced[1] if introduced else ""
    return _AS_OF.split(claim)[0].strip(" “”\"\n:")


def tbh2024_alharkan(folder: Path) -> Iterator[Example]:
    """Narratives of 2024 from turnbackhoax.id."""
    for name, label in (("sentiment_results", Label.HOAX), ("others_sentiment_results", None), ("scam_sentiment_results", None)):
        for row in read_csv(folder / f"{name}.csv"):
            yield from _page("tbh2024-alharkan", row["TITLE"], row["HOAX_TEXT"], label)


def tbh_politik_reynald(folder: Path) -> Iterator[Example]:
    """Narratives of 2019 to 2025 from turnbackhoax.id; those of the politics file are political."""
    political = {row["title"] for row in read_csv(folder / "tbh_BERSIH_POLITIK_SAJA.csv")}
    for row in read_csv(folder / "tbh_complete_dataset1.csv"):
        label = Label.HOAX if row["title"] in political else None
        yield from _page("tbh-politik-reynald", row["title"], row["text"], label)
        yield from _debunk("tbh-politik-reynald", row["title"], row["conclusion"])


def tbh1k_itshiroto(folder: Path) -> Iterator[Example]:
    """A thousand narratives from turnbackhoax.id, with the facts and the conclusion set against each."""
    for row in read_csv(folder / "hoax_1k.csv"):
        yield from _page("tbh1k-itshiroto", row["title"], row["content"], None)
        yield from _debunk("tbh1k-itshiroto", row["title"], row["fact"])
        yield from _debunk("tbh1k-itshiroto", row["title"], row["conclusion"])


def bdc2020_mafindo(folder: Path) -> Iterator[Example]:
    """Narratives to 2020; the side published as true is noisy clarification and is left unlabelled."""
    for row in read_csv(folder / "Data_latih.csv"):
        yield from _page("bdc2020-mafindo", row["judul"], row["narasi"], None)


def pilpres24_apta(folder: Path) -> Iterator[Example]:
    """Headlines on the 2024 race. Publisher equals class and quotation marks give it away, so quotes are dropped."""
    for row in read_csv(folder / "data_berita.csv"):
        title = canonical(strip_verdict(row["Judul Artikel"]).translate(_NO_QUOTES))
        hoax = row["Berita_Hoax"] == "True"
        label = Label.HOAX if hoax else Label.BENIGN
        yield Example(title, label, "pilpres24-apta", _claim(title), kind="headline", provenance="published")


def komdigi_titles(folder: Path) -> Iterator[Example]:
    """Hoax titles of the ministry, lower-cased; another desk than the rest."""
    for row in read_csv(folder / "komdigi_hoaks_clean.csv"):
        title = canonical(re.sub(r"^(?:(?:hoaks|hoax|disinformasi|misinformasi)\s+)+", "", row["clean_title"]))
        yield Example(title, Label.HOAX, "komdigi-stemmed", _claim(title), kind="headline", provenance="published")


def pilpres2019_leiden(folder: Path) -> Iterator[Example]:
    """Posts on fact-checked topics of 2019; the topics withheld for re-measuring are left out.

    The first file is labelled by people. The second was labelled by its authors' classifier, so it comes unlabelled here.
    """
    withheld = set((folder / "withheld_topics.txt").read_text(encoding="utf-8").split("\n"))
    labels = {"True News": Label.BENIGN, "False News": Label.HOAX, "Misleading News": Label.HOAX}
    for part in ("train", "test"):
        for row in read_csv(folder / f"indonesian_falsenews_{part}data.txt", delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["topic"] in withheld:
                continue
            label = labels.get(row["class"]) if part == "train" else None
            text, group = canonical(row["tweets"]), f"leiden/{row['topic']}"
            yield Example(text, label, "pilpres2019-tweets-leiden", group, "pilpres-2019", "topic_post", "published")


def pratiwi(folder: Path) -> Iterator[Example]:
    """Six hundred articles in both classes; for evaluation only."""
    for row in read_csv(folder / "600_news_with_valid_hoax_label.csv", delimiter=";", encoding="latin-1"):
        label = Label.HOAX if row["tagging"].strip().lower() == "hoax" else Label.BENIGN
        text = canonical(row["berita"])
        yield Example(text, label, "pratiwi-mendeley", _claim(text[:80]), kind="article", provenance="published")


_NO_QUOTES = str.maketrans(dict.fromkeys("“”\"‘’«»"))


def _page(source: str, title: str, body: str, label: Label | None) -> Iterator[Example]:
    """Yield the page as published, for labels by reading; its claim and title, cleaned; and its debunk."""
    group = _claim(title)
    as_read = canonical(body)
    clean, debunk = split_debunk(as_read)
    claim = canonical(quoted_claim(clean))
    title = canonical(strip_verdict(title))
    if as_read not in (claim, title):
        yield Example(as_read, None, source, group, kind="page")
    for text, kind in ((title, "headline"), (claim, "narrative")):
        if len(text) >= _SHORTEST_CLAIM and not (kind == "narrative" and text == title):
            yield Example(text, label, source, group, kind=kind, provenance="source", weight=0.5)
    yield from _debunk(source, title, debunk)


def _debunk(source: str, title: str, prose: str) -> Iterator[Example]:
    prose = canonical(prose)[:_LONGEST_DEBUNK].rstrip()
    if len(prose) >= _SHORTEST_DEBUNK:
        yield Example(prose, Label.BENIGN, source, _claim(title), kind="fact_check", provenance="source", weight=0.5)


def _claim(title: str) -> str:
    return "claim/" + " ".join(re.findall(r"[a-z0-9]+", strip_verdict(title).lower()))
