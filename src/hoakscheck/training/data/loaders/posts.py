"""Posts and comments of the public. Their labels come from reading, joined by hash.

Only the accounts of election organisers settle a label by themselves: what they say about voting is official information
(rules R17 and R19 of the annotation guideline), unless a reader finds otherwise.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from hoakscheck.labels import Label
from hoakscheck.training.data.dates import iso_date
from hoakscheck.training.data.example import Example, canonical, plain_html
from hoakscheck.training.data.tables import Row, read_csv, read_sheet, read_sheets

_SHORTEST = 8

#: Accounts of the election commission, the supervisor and their branches, by the way they name themselves.
_ORGANISER = re.compile(
    r"^(?:kpu|kip_(?:aceh|kab|kota)|bawaslu|panwas|jdih_?kpu|humas_?kpu)|(?:_kpu|kpu|bawaslu|panwaslu|panwascam)_?\d*$|kpu_?(?:kab|kota|prov)|bawaslu",
    re.IGNORECASE,
)


def labib2023(folder: Path) -> Iterator[Example]:
    """Three tickets of the 2024 presidential race, late 2023."""
    for path in sorted(folder.glob("*.csv")):
        yield from _tweets(read_csv(path), "labib2023", "pilpres-2024")


def lisyanaaa2023(folder: Path) -> Iterator[Example]:
    """Mentions of three candidates, August to November 2023."""
    for path in sorted(folder.glob("*.csv")):
        yield from _tweets(read_csv(path, delimiter=";"), "lisyanaaa2023", "pilpres-2024")


def flatmoon2023(folder: Path) -> Iterator[Example]:
    """Mentions of three candidates, October 2023."""
    for path in sorted(folder.glob("*.csv")):
        yield from _tweets(read_csv(path, delimiter=";"), "flatmoon2023", "pilpres-2024")


def prabowogibran2023(folder: Path) -> Iterator[Example]:
    """Mentions of one ticket, November and December 2023; some files carry stray quotes around lines."""
    for path in sorted(folder.glob("*Raw_Data*.csv")):
        rows = list(read_csv(path, delimiter=";"))
        if not rows or "full_text" not in rows[0]:
            rows = [
                {name.strip('"'): value.strip('"') for name, value in row.items()}
                for row in read_csv(path, delimiter=";", quoting=csv.QUOTE_NONE)
            ]
        yield from _tweets(rows, "prabowogibran2023", "pilpres-2024")


def pilpres_debat2024(folder: Path) -> Iterator[Example]:
    """Talk about the debates of December 2023."""
    for path in sorted(folder.glob("*.csv")):
        yield from _tweets(read_csv(path), "pilpres_debat2024", "pilpres-2024")


def rnlyone2024(folder: Path) -> Iterator[Example]:
    """Talk on parties, elections and presidents, September 2024."""
    for path in sorted(folder.glob("*.csv")):
        yield from _tweets(read_csv(path), "rnlyone2024", "pilkada-2024")


def rizano2024(folder: Path) -> Iterator[Example]:
    """Posts on the 2024 elections, September 2023; many of KPU's and Bawaslu's own accounts."""
    rows = (row for row in read_sheets(folder / "Dataset_Scrapping.xlsx") if "full_text" in row)
    yield from _tweets(rows, "rizano2024", "pilpres-2024")


def imawant2024(folder: Path) -> Iterator[Example]:
    """Posts on three candidates."""
    yield from _tweets(read_csv(folder / "dataset.csv"), "imawant2024", "pilpres-2024")


def bdc2024(folder: Path) -> Iterator[Example]:
    """Posts on three tickets, full of templated campaign text; the account stands in a ``[RE name]`` mark."""
    for name, delimiter, column in (
        ("data__dataset_penyisihan_bdc_2024.csv", ",", "text"),
        ("data__dataset_unlabeled_penyisihan_bdc_2024.csv", ";", "Text"),
    ):
        for row in read_csv(folder / name, delimiter=delimiter):
            text = row.get(column, "")
            account = re.search(r"\[RE ([^\]]+)\]", text)
            body = re.sub(r"^RT\s+", "", re.sub(r"\s*\[RE [^\]]+\]", "", text))
            yield from _post(body, "bdc2024", account[1] if account else "", "pilpres-2024")


def putuwistika_cawapres2024(folder: Path) -> Iterator[Example]:
    """Talk about three running mates."""
    for path in sorted(folder.glob("*.csv")):
        yield from _tweets(read_csv(path), "putuwistika-cawapres2024", "pilpres-2024")


def wisnupri_blackcampaign(folder: Path) -> Iterator[Example]:
    """Posts of 2023, attacks among them; the published label comes from clustering and is ignored."""
    for path in sorted(folder.glob("*.csv")):
        for row in read_csv(path):
            yield from _post(
                undo_mojibake(row["text"]), "wisnupri-blackcampaign", row["username"], "pilpres-2024-attacks", row["created_at"]
            )


def pilgub_dki2017_accounts(folder: Path) -> Iterator[Example]:
    """Three official campaign accounts, Jakarta 2017."""
    for row in read_sheet(folder / "dataset.xlsx", "Sheet1"):
        yield from _post(row["Tweet"], "pilgub_dki2017_accounts", row["Paslon"], "pilgub-dki-2017", row["Time"])


def pilkada_dki2017_sent(folder: Path) -> Iterator[Example]:
    """Talk about three tickets, Jakarta 2017."""
    for row in read_csv(folder / "dataset_tweet_sentiment_pilkada_DKI_2017.csv"):
        yield from _post(row["Text Tweet"], "pilkada_dki2017_sent", "", "pilgub-dki-2017")


def banten2024(folder: Path) -> Iterator[Example]:
    """Comments under a debate for governor of Banten, 2024."""
    for row in read_csv(folder / "data.csv"):
        yield from _post(row["Comment"], "banten2024", "", "pilgub-banten-2024")


def er0s0re_debat2024(folder: Path) -> Iterator[Example]:
    """Comments under a presidential debate, 2024."""
    for row in read_csv(folder / "youtube_comments.csv"):
        yield from _post(plain_html(row["text"]), "er0s0re-debat2024", row["author"], "pilpres-2024-youtube", row["published_at"])


def tippoart_gerindra2025(folder: Path) -> Iterator[Example]:
    """Comments under a party's videos, 2025; not about an election."""
    for path in sorted(folder.glob("*.csv")):
        for row in read_csv(path):
            yield from _post(row["komentar"], "tippoart-gerindra2025", "", "gerindra-2025")


def capres2018_accounts(folder: Path) -> Iterator[Example]:
    """Posts of an incumbent and a challenger, 2014 to 2018, mostly outside a campaign."""
    for name, sheet in (("jokowi_tweets", "jokowi_tweets"), ("prabowo_tweets", "prabowo_tweets")):
        for row in read_sheet(folder / f"{name}.xlsx", sheet):
            written = f"{row['Tahun']}-{row['Bulan']}-{row['Tanggal']}"
            yield from _post(row["text"], "capres2018_accounts", sheet, "accounts-2018", written)


def hs_ibrohim2019(folder: Path) -> Iterator[Example]:
    """A hate-speech corpus of 2018; its label is another one than ours."""
    for row in read_csv(folder / "re_dataset.csv", encoding="latin-1"):
        yield from _post(row["Tweet"], "hs_ibrohim2019", "", "")


def undo_mojibake(text: str) -> str:
    """Mend UTF-8 that was read as Windows-1252, once, where that gives valid UTF-8.

    >>> undo_mojibake("aneh â€¦"), undo_mojibake("aneh …")
    ('aneh …', 'aneh …')
    """
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text


def _tweets(rows: Iterable[Row], source: str, campaign: str) -> Iterator[Example]:
    for row in rows:
        yield from _post(row.get("full_text", ""), source, row.get("username", ""), campaign, row.get("created_at", ""))


def _post(text: str, source: str, account: str, campaign: str, written: str = "") -> Iterator[Example]:
    text = canonical(text)
    date = iso_date(written)
    if len(text) < _SHORTEST:
        return
    group = f"{source}/{account or text}"
    if _ORGANISER.search(account):
        yield Example(
            text, Label.BENIGN, source, group, campaign, "official", "source", 0.7, publisher="election organisers", date=date
        )
    else:
        yield Example(text, None, source, group, campaign, date=date)
