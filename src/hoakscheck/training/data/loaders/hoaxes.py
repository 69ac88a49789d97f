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
from hoakscheck.training.data.dates import iso_date
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
_DATE_IN_ADDRESS = re.compile(r"/(20\d\d)/(\d\d)/(\d\d)/")
#: A title that explains names no claim; the kernel of what it explains may be true (section 3 of the guideline).
_CLARIFIES = re.compile(r"(?:penjelasan|klarifikasi|fakta|benarkah|cek fakta|belum ada bukti|tidak ada bukti)\b", re.IGNORECASE)
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
    return _TAIL.sub("", title).strip(' ,:-–“”"')


def split_debunk(body: str) -> tuple[str, str]:
    """Cut a page into the claim as it circulated and the fact-checker's prose.

    >>> split_debunk("Surat suara sudah dicoblos! PENJELASAN Berdasarkan penelusuran ...")
    ('Surat suara sudah dicoblos!', 'PENJELASAN Berdasarkan penelusuran ...')
    >>> split_debunk("PENJELASAN Akun X mengunggah foto ...")
    ('', 'PENJELASAN Akun X mengunggah foto ...')
    """
    match = _VERDICT.search(body)
    if match is None:
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
    return _AS_OF.split(claim)[0].strip(' “”"\n:')


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
        date = iso_date(row["date"])
        yield from _page("tbh-politik-reynald", row["title"], row["text"], label, date)
        yield from _debunk("tbh-politik-reynald", row["title"], row["conclusion"], date)


def tbh1k_itshiroto(folder: Path) -> Iterator[Example]:
    """A thousand narratives from turnbackhoax.id, with the facts and the conclusion set against each."""
    for row in read_csv(folder / "hoax_1k.csv"):
        date = iso_date(row["tanggal"])
        yield from _page("tbh1k-itshiroto", row["title"], row["content"], None, date)
        yield from _debunk("tbh1k-itshiroto", row["title"], row["fact"], date)
        yield from _debunk("tbh1k-itshiroto", row["title"], row["conclusion"], date)


def bdc2020_mafindo(folder: Path) -> Iterator[Example]:
    """Narratives to 2020; the side published as true is noisy clarification and is left unlabelled."""
    for row in read_csv(folder / "Data_latih.csv"):
        yield from _page("bdc2020-mafindo", row["judul"], row["narasi"], None, iso_date(row["tanggal"]))


def pilpres24_apta(folder: Path) -> Iterator[Example]:
    """Headlines on the 2024 race. Publisher equals class and quotation marks give it away, so quotes are dropped."""
    for row in read_csv(folder / "data_berita.csv"):
        title = canonical(strip_verdict(row["Judul Artikel"]).translate(_NO_QUOTES))
        hoax = row["Berita_Hoax"] == "True"
        label = None if hoax and _CLARIFIES.match(title) else Label.HOAX if hoax else Label.BENIGN
        publisher = "MAFINDO" if hoax else "news sites"
        published = _DATE_IN_ADDRESS.search(row["Link"])
        yield Example(
            title, label, "pilpres24-apta", _claim(title), kind="headline", provenance="published", publisher=publisher,
            date=iso_date("-".join(published.groups())) if published else "",
        )  # fmt: skip


def komdigi_titles(folder: Path) -> Iterator[Example]:
    """Hoax titles of the ministry, lower-cased; another desk than the rest."""
    for row in read_csv(folder / "komdigi_hoaks_clean.csv"):
        title = canonical(re.sub(r"^(?:(?:hoaks|hoax|disinformasi|misinformasi)\s+)+", "", row["clean_title"]))
        yield Example(title, Label.HOAX, "komdigi-stemmed", _claim(title), kind="headline", provenance="published")


def pilpres2019_leiden(folder: Path) -> Iterator[Example]:
    """Posts on fact-checked topics of 2019; topics that the catalogue withholds are cut out when the files are fetched.

    The first file is labelled by people. The second was labelled by its authors' classifier, so it comes unlabelled here.
    """
    labels = {"True News": Label.BENIGN, "False News": Label.HOAX, "Misleading News": Label.HOAX}
    for part in ("train", "test"):
        for row in read_csv(folder / f"indonesian_falsenews_{part}data.txt", delimiter="\t", quoting=csv.QUOTE_NONE):
            label = labels.get(row["class"]) if part == "train" else None
            text, group = canonical(row["tweets"]), f"leiden/{row['topic']}"
            yield Example(
                text,
                label,
                "pilpres2019-tweets-leiden",
                group,
                "pilpres-2019",
                "topic_post",
                "published",
                date=iso_date(row["date"]),
            )


def pratiwi(folder: Path) -> Iterator[Example]:
    """Six hundred articles in both classes; for evaluation only."""
    for row in read_csv(folder / "600_news_with_valid_hoax_label.csv", delimiter=";", encoding="latin-1"):
        label = Label.HOAX if row["tagging"].strip().lower() == "hoax" else Label.BENIGN
        text = canonical(row["berita"])
        yield Example(text, label, "pratiwi-mendeley", _claim(text[:80]), kind="article", provenance="published")


_NO_QUOTES = str.maketrans(dict.fromkeys('“”"‘’«»'))


def _page(source: str, title: str, body: str, label: Label | None, date: str = "") -> Iterator[Example]:
    """Yield the page as published, for labels by reading; its claim and title, cleaned; and its debunk."""
    group = _claim(title)
    as_read = canonical(body)
    clean, debunk = split_debunk(as_read)
    claim = canonical(quoted_claim(clean))
    title = canonical(strip_verdict(title))
    label = None if _CLARIFIES.match(title) else label
    if as_read not in (claim, title):
        yield Example(as_read, None, source, group, kind="page", date=date)
    for text, kind in ((title, "headline"), (claim, "narrative")):
        if len(text) >= _SHORTEST_CLAIM and not (kind == "narrative" and text == title):
            yield Example(text, label, source, group, kind=kind, provenance="source", weight=0.5, date=date)
    yield from _debunk(source, title, debunk, date)


def _debunk(source: str, title: str, prose: str, date: str = "") -> Iterator[Example]:
    prose = canonical(prose)[:_LONGEST_DEBUNK].rstrip()
    if len(prose) >= _SHORTEST_DEBUNK:
        yield Example(prose, Label.BENIGN, source, _claim(title), kind="fact_check", provenance="source", weight=0.5, date=date)


def _claim(title: str) -> str:
    return "claim/" + " ".join(re.findall(r"[a-z0-9]+", strip_verdict(title).lower()))
