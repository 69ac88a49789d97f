"""Texts whose author settles the label: candidates' programmes are ads, organisers' answers and ordinary posts are not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from hoakscheck.labels import Label
from hoakscheck.training.data.dates import iso_date
from hoakscheck.training.data.example import Example, canonical
from hoakscheck.training.data.tables import read_csv, read_json

_SENTENCE_END = re.compile(r"(?<=[.;])\s+(?=[A-Z0-9•‣\-])|[•‣▪●]")
_SHORTEST = 60
_LONGEST = 1_200


def visimisi2024(folder: Path) -> Iterator[Example]:
    """Programmes of three tickets by sentence, and statements of candidates for the regional chamber."""
    for person in read_json(folder / "api__data__caleg__dpd__clean.min.json"):
        text = ((person.get("details") or {}).get("motivation") or "").replace("¶", "\n")
        yield from _statement(text, "visimisi2024", person["profile"].get("name") or "", "dpd-2024")
    for ticket in ("anies", "prabowo", "ganjar"):
        for page in read_json(folder / f"api__data__objects__{ticket}.json"):
            flowing = re.sub(r"\s*\n\s*", " ", re.sub(r"-\n", "", page["text"]))
            for sentence in _SENTENCE_END.split(flowing):
                if "....." not in sentence and len(sentence) <= 500:
                    yield from _statement(sentence, "visimisi2024", ticket, "pilpres-2024-programme")


def pemiluapi_pilkada2015(folder: Path) -> Iterator[Example]:
    """Visions and missions of candidates for regent and mayor, 2015."""
    for row in read_csv(folder / "pilkada2015-data-calon__vision_missions.csv"):
        for column in ("vision", "mision"):
            yield from _statement(row[column], "pemiluapi-pilkada2015", row["id_participant"] or row["id"], "pilkada-2015")


def pemiluapi_partai2014(folder: Path) -> Iterator[Example]:
    """Visions, missions and programmes of the parties of 2014."""
    for row in read_csv(folder / "partai__vision_missions.csv"):
        for column in ("vision", "mission", "program"):
            yield from _statement(row[column], "pemiluapi-partai2014", row["party_id"], "pileg-2014")


def pemiluapi_pilpres2014(folder: Path) -> Iterator[Example]:
    """Promises and quotations of 2014, unlabelled: some stand in a reporter's words."""
    for name, column in (("janji", "janji"), ("kutipan", "kutipan")):
        for row in read_csv(folder / f"calon-presiden__2014__{name}-presiden.csv"):
            text = canonical(row[column])
            group = f"pilpres2014/{text[:60]}"
            yield Example(text, None, "pemiluapi-pilpres2014", group, "pilpres-2014", "quotation", date=iso_date(row["tanggal"]))


def pemiluapi_video2015(folder: Path) -> Iterator[Example]:
    """Titles and descriptions of campaign videos of 2015, unlabelled: news among them."""
    for row in read_csv(folder / "berita-pilkada__news.csv"):
        text = canonical(row["description"])
        if text:
            group = f"video2015/{row['region']}"
            yield Example(text, None, "pemiluapi-video2015", group, "pilkada-2015-video", "headline", date=iso_date(row["date"]))


def pemiluapi_faq(folder: Path) -> Iterator[Example]:
    """Questions and answers on voting, 2014 and 2015: official information of its year."""
    for row in read_csv(folder / "faq_pilkada__faqs.csv"):
        yield from _official(row["question_text"], row["question_answer"], "faq2015")
    for row in read_csv(folder / "faq_presiden__pertanyaan.csv"):
        yield from _official(row["question"], row["answer"], "faq2014")


def pemiluapi_laporan2014(folder: Path) -> Iterator[Example]:
    """Citizens' reports of violations, 2014: first-hand observation (rules R13, R14)."""
    for row in read_csv(folder / "laporan_pelanggaran__laporan_pelanggaran.csv"):
        text = canonical(f"{row['judul_laporan']}. {row['keterangan']}".replace("\\n", " "))
        group, date = f"laporan/{row['id']}", iso_date(row["tanggal_kejadian"])
        yield Example(text, Label.BENIGN, "pemiluapi-laporan2014", group, "pileg-2014", "report", "source", date=date)


def indonlu(folder: Path) -> Iterator[Example]:
    """Ordinary reviews and posts."""
    for split in ("train", "valid"):
        path = folder / f"dataset__smsa_doc-sentiment-prosa__{split}_preprocess.tsv"
        for line in path.read_text(encoding="utf-8").split("\n"):
            yield from _ordinary(line.split("\t")[0], "indonlu")
    for row in read_csv(folder / "dataset__emot_emotion-twitter__train_preprocess.csv"):
        yield from _ordinary(row["tweet"], "indonlu")


def nusax(folder: Path) -> Iterator[Example]:
    """Ordinary short texts."""
    for split in ("train", "test"):
        for row in read_csv(folder / f"datasets__sentiment__indonesian__{split}.csv"):
            yield from _ordinary(row["text"], "nusax")


def _statement(text: str, source: str, author: str, campaign: str) -> Iterator[Example]:
    text = canonical(text.replace("\\n", " "))[:_LONGEST].rstrip()
    if len(text) >= _SHORTEST:
        yield Example(text, Label.POLITICAL_AD, source, f"{source}/{author}", campaign, "programme", "source", weight=0.5)


def _official(question: str, answer: str, group: str) -> Iterator[Example]:
    for text in (canonical(question), canonical(answer)[:_LONGEST].rstrip()):
        if len(text) >= 20:
            yield Example(text, Label.BENIGN, "pemiluapi-faq", f"{group}/{question[:60]}", "", "voter_info", "source")


def _ordinary(text: str, source: str) -> Iterator[Example]:
    text = canonical(text)
    if len(text) >= 15:
        yield Example(text, Label.BENIGN, source, f"{source}/{text[:60]}", "", "ordinary", "source")
