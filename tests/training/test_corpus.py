"""Labels joined, near-duplicates dropped before any split, held-out texts kept apart."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from hoakscheck.errors import DatasetError
from hoakscheck.labels import Label
from hoakscheck.training.corpus.build import build_corpus, is_held_out, join_labels, part_of, read_authored
from hoakscheck.training.corpus.duplicates import clusters
from hoakscheck.training.corpus.selection import (
    Dropped,
    drop_duplicates,
    drop_general_hoaxes,
    drop_unlabelled,
    drop_unread_hoaxes,
    limit_sources,
    sample_unlabelled,
)
from hoakscheck.training.data.example import Example, text_hash
from hoakscheck.training.data.standoff import read_labels

HEADER = "sha256,label,facet,kind,confidence,reader,guideline\n"
POST = "Ayo menangkan Bu Ratih di Kabupaten Rawit"


def post(text, label=None, provenance="", source="a", group=""):
    return Example(text, label, source, group or text, provenance=provenance)


def labels_of(folder, **files):
    folder.mkdir()
    for name, rows in files.items():
        (folder / f"{name}.csv").write_text(HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return read_labels(folder)


def test_a_label_is_joined_by_the_hash_of_the_text(tmp_path):
    readings = labels_of(tmp_path / "labels", posts=[f"{text_hash(POST)},political_ad,CAMPAIGN,slogan,2,reader-1,1"])
    joined, other = join_labels([post(POST), post("Panen raya di Rawit")], readings)
    assert (joined.label, joined.provenance, joined.weight) == (Label.POLITICAL_AD, "read", 0.8)
    assert other.label is None


def test_an_undecided_reading_takes_the_label_of_the_source_away(tmp_path):
    readings = labels_of(tmp_path / "labels", posts=[f"{text_hash(POST)},,,other,1,reader-1,1"])
    (joined,) = join_labels([post(POST, Label.HOAX, "source")], readings)
    assert joined.label is None


def test_texts_that_were_read_twice_are_for_evaluation_only(tmp_path):
    readings = labels_of(tmp_path / "labels", posts_double=[f"{text_hash(POST)},benign,,opinion,3,reader-a,1"])
    (joined,) = join_labels([post(POST)], readings)
    assert joined.provenance == "evaluation"
    assert is_held_out(joined)


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ("xyz,benign,,opinion,3,r,1", "line 2: 'xyz' is no SHA-256"),
        (f"{'0' * 64},true,,opinion,3,r,1", "line 2: 'true' is not a valid Label"),
        (f"{'0' * 64},benign,,opinion,sure,r,1", "line 2: invalid literal"),
    ],
)
def test_a_malformed_label_is_named_by_line(tmp_path, row, complaint):
    with pytest.raises(DatasetError, match=complaint):
        labels_of(tmp_path / "labels", posts=[row])


def test_two_files_that_disagree_must_be_adjudicated(tmp_path):
    key = "0" * 64
    with pytest.raises(DatasetError, match=r"labelled otherwise in a\.csv; adjudicate"):
        labels_of(tmp_path / "labels", a=[f"{key},benign,,x,3,r,1"], b=[f"{key},hoax,,x,3,r,1"])


def test_near_duplicates_are_found_whatever_links_mentions_and_case_say():
    texts = [
        "Ayo menangkan Bu Ratih di Kabupaten Rawit tanggal 27 nanti",
        "@andi AYO menangkan Bu Ratih di Kabupaten Rawit, tanggal 27 nanti!! https://t.co/x",
        "Ayo menangkan Bu Ratih di Kabupaten Rawit tanggal 27 nanti ya kawan",
        "Pasar ikan Rawit dibuka kembali setelah banjir surut kemarin sore",
    ]
    assert clusters(texts) == [0, 0, 0, 3]


def test_hardly_a_pair_above_the_limit_is_missed():
    random = np.random.default_rng(0)
    vocabulary = [f"kata{number}" for number in range(500)]
    texts = []
    for _ in range(200):
        message = [str(word) for word in random.choice(vocabulary, 40)]
        texts += [" ".join(message), " ".join([*message[:-6], "sudah", "lain", "ujungnya"])]  # 32 of 43 3-grams shared: .74
    found = clusters(texts)
    assert sum(found[index] == found[index + 1] for index in range(0, 400, 2)) >= 198
    assert len(set(found)) >= 200, "and nothing else is joined"


def test_the_most_trusted_copy_stays():
    read, published = post(POST, Label.POLITICAL_AD, "read"), post(POST + "!", Label.HOAX, "published")
    dropped = []
    assert drop_duplicates([published, read], dropped) == [read]
    assert dropped == [Dropped(published.sha256, "a", "near duplicate of read, labelled otherwise", read.sha256)]


def test_a_copy_of_an_evaluation_text_never_reaches_training():
    kept = post(POST, Label.BENIGN, "evaluation")
    assert drop_duplicates([post(POST, Label.BENIGN, "read"), kept], []) == [kept]


def test_minimal_pairs_are_kept_whole():
    pair = [
        post("Surat suara di gudang Rawit sudah tercoblos", Label.HOAX, "authored", group="p1"),
        post("Surat suara di gudang Rawit sudah tercoblos?", Label.BENIGN, "authored", group="p1"),
    ]
    assert drop_duplicates(pair, []) == pair


def test_claims_that_share_a_text_become_one_claim():
    first = post("Ketua KPU ditangkap di bandara tadi malam", Label.HOAX, "source", group="claim/a")
    again = post("Ketua KPU ditangkap di bandara tadi malam!!", Label.HOAX, "source", group="claim/b")
    other = post("Kotak suara hilang dari gudang kabupaten", Label.HOAX, "source", group="claim/b")
    kept = drop_duplicates([first, again, other], [])
    assert [example.group for example in kept] == ["claim/a", "claim/a"]


def test_a_text_without_a_label_is_left_out_with_the_reason():
    headline = Example("Harga cabai naik lagi", None, "a", "g", kind="headline")
    unusable = post("Detik-detik ...", None, "read")
    dropped = []
    assert drop_unlabelled([headline, unusable], dropped) == []
    assert [item.reason for item in dropped] == ["unlabelled", "read, and not usable"]


def test_a_hoax_about_no_election_and_no_office_holder_is_left_out_unless_it_was_read():
    general = Example("Air kelapa menyembuhkan semua penyakit", Label.HOAX, "a", "claim/x", kind="headline", provenance="source")
    electoral = Example("Bupati Rawit membagikan surat suara", Label.HOAX, "a", "claim/y", kind="headline", provenance="source")
    read = Example("Air kelapa dan telur", Label.HOAX, "a", "claim/z", kind="headline", provenance="read")
    dropped = []
    assert drop_general_hoaxes([general, electoral, read], dropped) == [electoral, read]
    assert [item.reason for item in dropped] == ["general misinformation, not electoral"]


def test_what_only_its_source_calls_a_hoax_is_left_out_with_the_reason():
    tweet = Example("Benarkah surat suara dicoblos?", Label.HOAX, "a", "t", kind="topic_post", provenance="published")
    title = Example("Bupati Rawit membagikan surat suara", Label.HOAX, "a", "claim/y", kind="headline", provenance="source")
    news = Example("Bupati Rawit meninjau gudang", Label.BENIGN, "a", "n", kind="headline", provenance="published")
    upheld = replace(title, text="Gudang surat suara dibakar bupati", provenance="selected")
    dropped = []
    assert drop_unread_hoaxes([tweet, title, news, upheld], dropped) == [news, upheld]
    assert [(item.sha256, item.reason) for item in dropped] == [(tweet.sha256, "hoax, unread"), (title.sha256, "hoax, unread")]


def test_a_claim_that_readers_found_to_be_about_no_election_is_left_out_too_and_a_post_is_not():
    claim = Example(
        "Air kelapa menyembuhkan", Label.BENIGN, "a", "g", kind="narrative", provenance="selected", facet="NON_ELECTORAL"
    )
    news = replace(claim, text="Bupati membantah kabar itu", facet="")
    chat = replace(claim, text="Air kelapa enak", kind="post")
    dropped = []
    assert drop_general_hoaxes([claim, news, chat], dropped) == [news, chat]
    assert [item.sha256 for item in dropped] == [claim.sha256]


def test_no_source_drowns_the_others_and_what_is_over_is_counted():
    many = [Example(f"Berita ke-{n} hari ini", Label.BENIGN, "clickid-kapanlagi", f"{n}", kind="lead") for n in range(305)]
    dropped = []
    kept = limit_sources(many, dropped)
    assert len(kept) == 300
    assert kept == limit_sources(many[::-1], [])
    assert {item.reason for item in dropped} == {"more than 300 of one source and kind"}


def test_unlabelled_posts_are_sampled_the_same_whatever_the_order():
    found = [post(f"kabar {number} dari pasar") for number in range(50)]
    chosen = sample_unlabelled(found, per_source=5)
    assert {example.text for example in chosen} == {example.text for example in sample_unlabelled(found[::-1], per_source=5)}
    assert len(chosen) == 5


def test_a_pair_falls_into_one_part():
    assert len({part_of("campaign-p001", parts=3) for _ in range(5)}) == 1
    assert {part_of(f"campaign-p{number:03d}", parts=3) for number in range(60)} == {0, 1, 2}


def test_without_a_mirror_the_corpus_is_authored(tiny_data):
    corpus = build_corpus(tiny_data, None)
    assert {example.source for example in corpus.examples + corpus.held_out} == {"authored"}
    assert corpus.fingerprint == build_corpus(tiny_data, None).fingerprint


def test_an_authored_line_without_its_label_is_named(tmp_path):
    (tmp_path / "x.jsonl").write_text(json.dumps({"text": "x"}) + "\n", encoding="utf-8")
    with pytest.raises(DatasetError, match=r"x\.jsonl: line 1: KeyError\('label'\)"):
        list(read_authored(tmp_path))


def test_an_empty_data_folder_says_what_is_expected(tmp_path):
    with pytest.raises(DatasetError, match="no labelled text; are authored/"):
        build_corpus(tmp_path, None)


def test_what_is_trained_on_opens_with_no_mention_and_ends_in_none_before_its_link(tmp_path):
    (tmp_path / "authored").mkdir()
    row = {"id": "x-1", "facet": "CAMPAIGN", "narrative": "", "rule": "R4", "register": "slang"}
    rows = [
        row | {"pair": f"x-p{number}", "label": label.value, "text": f"@info_{number} {POST} ke-{number} {label.value} @warga_{number} https://t.co/x{number}"}
        for number in range(24)
        for label in Label
    ]  # fmt: skip
    (tmp_path / "authored" / "x.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    trained = build_corpus(tmp_path, None).examples
    assert trained
    assert all(example.text.startswith(POST) and example.text.split()[-2] in set(Label) for example in trained)
    assert {example.published for example in trained} <= {row["text"] for row in rows}
