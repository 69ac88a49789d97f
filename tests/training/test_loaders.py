"""One loader per raw source: files in the published format, with texts of our own."""

from __future__ import annotations

import json

import pytest

from hoakscheck.errors import DatasetError
from hoakscheck.labels import Label
from hoakscheck.training.data import sources
from hoakscheck.training.data.catalogue import Source
from hoakscheck.training.data.example import text_hash
from hoakscheck.training.data.loaders import hoaxes, news, posts, statements


def test_posts_come_unlabelled_and_grouped_by_account(tmp_path):
    (tmp_path / "a.csv").write_text(
        'created_at;full_text;username\nx;"Pak Darma menang &amp; kita senang";budi01\nx;"pendek";budi02\n', encoding="utf-8"
    )
    (example,) = posts.lisyanaaa2023(tmp_path)
    assert example.text == "Pak Darma menang & kita senang"
    assert example.label is None
    assert example.group == "lisyanaaa2023/budi01"


@pytest.mark.parametrize("account", ["KPU_ID", "kpukotamaju", "BawasluRawit", "humasKPUGowa", "panwaslukec"])
def test_posts_of_election_organisers_are_official_information(tmp_path, account):
    (tmp_path / "a.csv").write_text(f"full_text,username\nSosialisasi pemilih pemula di SMA Rawit,{account}\n", encoding="utf-8")
    (example,) = posts.labib2023(tmp_path)
    assert (example.label, example.kind) == (Label.BENIGN, "official")


def test_posts_of_people_who_merely_mention_them_are_not(tmp_path):
    (tmp_path / "a.csv").write_text("full_text,username\nKapan KPU umumkan hasilnya ya,dewi_kpuers\n", encoding="utf-8")
    (example,) = posts.labib2023(tmp_path)
    assert example.label is None


def test_lines_that_open_with_stray_quotes_are_read_without_quoting(tmp_path):
    (tmp_path / "twitter__Raw_Data__x.csv").write_text(
        '"created_at;full_text;username"\n"x;Debat semalam ramai sekali;andi"\n', encoding="utf-8"
    )
    assert [example.text for example in posts.prabowogibran2023(tmp_path)] == ["Debat semalam ramai sekali"]


def test_the_account_mark_and_the_retweet_mark_leave_the_text(tmp_path):
    (tmp_path / "data__dataset_penyisihan_bdc_2024.csv").write_text(
        "text,label\nRT Jalan desa kami mulus berkat Bu Ratih [RE relawan_ratih],x\n", encoding="utf-8-sig"
    )
    (tmp_path / "data__dataset_unlabeled_penyisihan_bdc_2024.csv").write_text(
        "IDText;Text\nT1;Panen raya di Rawit\n", encoding="utf-8"
    )
    first, second = posts.bdc2024(tmp_path)
    assert first.text == "Jalan desa kami mulus berkat Bu Ratih"
    assert first.group == "bdc2024/relawan_ratih"
    assert second.text == "Panen raya di Rawit"


def test_a_fact_check_page_gives_its_claim_its_title_and_its_debunk(tmp_path):
    debunk = "PENJELASAN Berdasarkan penelusuran, klaim tersebut tidak terbukti karena KPU menyatakan gudang masih tersegel rapi."
    body = f"Surat suara di gudang Rawit sudah dicoblos semua! {debunk}"
    for name in ("sentiment_results", "others_sentiment_results", "scam_sentiment_results"):
        rows = f'1,[SALAH] Gudang Rawit Penuh Surat Tercoblos,"{body}"\n' if name == "sentiment_results" else ""
        (tmp_path / f"{name}.csv").write_text(f"ID,TITLE,HOAX_TEXT\n{rows}", encoding="utf-8")
    found = {example.kind: example for example in hoaxes.tbh2024_alharkan(tmp_path)}
    assert found["page"].label is None, "as published it mixes both voices, so only a reader may label it"
    assert found["headline"].text == "Gudang Rawit Penuh Surat Tercoblos"
    assert found["narrative"].text == "Surat suara di gudang Rawit sudah dicoblos semua!"
    assert found["narrative"].label is Label.HOAX
    assert found["fact_check"].label is Label.BENIGN
    assert len({example.group for example in found.values()}) == 1, "a claim and its debunk must never be split"


def test_withheld_topics_do_not_come_even_from_a_file_that_holds_them(tmp_path):
    folder = tmp_path / "pilpres2019-tweets-leiden"
    folder.mkdir()
    header = "index\ttopic\ttweets\tdate\tclass\n"
    rows = "0\tGudang Rawit\tSurat suara tercoblos\tx\tFalse News\n1\tDebat\tDebat dibatalkan KPU\t2019-01-17\tFalse News\n"
    (folder / "indonesian_falsenews_traindata.txt").write_text(header + rows, encoding="utf-8")
    (folder / "indonesian_falsenews_testdata.txt").write_text(header + rows.replace("dibatalkan", "ditunda"), encoding="utf-8")
    source = Source(
        folder.name, "", "1", "unstated", "", "warga", ("2018-09-01", "2019-05-31"), "posts", (), "", "training", (), "", (),
        frozenset({text_hash("Gudang Rawit")}),
    )  # fmt: skip
    labelled, silver = sources.load(tmp_path, [folder.name], catalogue={folder.name: source})
    assert (labelled.text, labelled.label, labelled.group) == ("Debat dibatalkan KPU", Label.HOAX, "leiden/Debat")
    assert silver.label is None, "the second file was labelled by a classifier, not by people"
    assert (labelled.date, labelled.publisher) == ("2019-01-17", "warga")


def test_quotation_marks_are_dropped_where_they_give_the_publisher_away(tmp_path):
    (tmp_path / "data_berita.csv").write_text(
        "Judul Artikel,Link,Waktu_Scraping,Berita_Hoax\n“Bupati Rawit Ditangkap KPK”,x,x,True\nBupati Rawit Buka Pasar,x,x,False\n",
        encoding="utf-8",
    )
    hoax, benign = hoaxes.pilpres24_apta(tmp_path)
    assert (hoax.text, hoax.label) == ("Bupati Rawit Ditangkap KPK", Label.HOAX)
    assert (benign.text, benign.label) == ("Bupati Rawit Buka Pasar", Label.BENIGN)


def test_an_article_is_taken_whole_and_as_its_lead_without_its_dateline(tmp_path):
    sentence = "Bupati meresmikan pasar ikan yang baru di tepi teluk. "
    (tmp_path / "raw_articles__csv__kapanlagi.csv").write_text(
        f'title,content\nx,"RAWIT, KOMPAS.com - {sentence * 20}"\n', encoding="utf-8"
    )
    (tmp_path / "raw_articles__csv__tribunnews.csv").write_text("title,content\n", encoding="utf-8")
    openpyxl = pytest.importorskip("openpyxl")
    workbook = openpyxl.Workbook()
    workbook.active.title = "kompas"
    workbook.active.append(["title", "content"])
    workbook.save(tmp_path / "raw_articles__xlsx__kompas.xlsx")
    article, lead = news.clickid_articles(tmp_path)
    assert article.text.startswith("Bupati meresmikan")
    assert len(lead.text) < len(article.text)
    assert lead.text.endswith("."), "a lead ends with a sentence"
    assert article.group == lead.group


def test_a_programme_is_an_ad_by_its_author(tmp_path):
    statement = "Memperjuangkan jalan usaha tani, air bersih dan puskesmas yang buka sepanjang hari di seluruh Kabupaten Rawit"
    people = [{"profile": {"name": "Ratih"}, "details": {"motivation": statement}}, {"profile": {"name": "X"}, "details": None}]
    (tmp_path / "api__data__caleg__dpd__clean.min.json").write_text(json.dumps(people), encoding="utf-8")
    for ticket in ("anies", "prabowo", "ganjar"):
        (tmp_path / f"api__data__objects__{ticket}.json").write_text("[]", encoding="utf-8")
    (example,) = statements.visimisi2024(tmp_path)
    assert (example.label, example.kind, example.group) == (Label.POLITICAL_AD, "programme", "visimisi2024/Ratih")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DatasetError, match=r"data_berita\.csv: not found"):
        list(sources.load(tmp_path, ["pilpres24-apta"]))


def test_an_unknown_source_lists_the_known_ones(tmp_path):
    with pytest.raises(DatasetError, match=r"unknown source 'x'; known are .*banten2024"):
        list(sources.load(tmp_path, ["x"]))


def test_the_mirror_is_the_folder_given_else_the_variable_else_nothing(tmp_path, monkeypatch):
    monkeypatch.delenv(sources.MIRROR_VARIABLE, raising=False)
    assert sources.mirror_folder() is None
    monkeypatch.setenv(sources.MIRROR_VARIABLE, str(tmp_path))
    assert sources.mirror_folder() == tmp_path
    with pytest.raises(DatasetError, match="no such folder"):
        sources.mirror_folder(tmp_path / "missing")


@pytest.mark.slow
def test_every_source_of_the_mirror_can_be_read():
    mirror = sources.mirror_folder()
    if mirror is None:
        pytest.skip(f"${sources.MIRROR_VARIABLE} names no mirror of the raw sources")
    for name in [*sources.TRAINING, *sources.EVALUATION]:
        examples = list(sources.load(mirror, [name]))
        assert examples, name
        assert all(example.text == example.text.strip() for example in examples), name
        assert all(example.group for example in examples), name
