"""A split asks how a model does somewhere new, so nothing of one unit lies on both sides."""

from __future__ import annotations

import pytest

from hoakscheck.labels import Label
from hoakscheck.training.corpus.splits import split, unit_of
from hoakscheck.training.data.example import Example


def example(number, *, group="", campaign="", publisher="", date="", label=Label.BENIGN, provenance="read"):
    return Example(
        f"teks {number}", label, "a", group or f"g{number}", campaign, provenance=provenance, publisher=publisher, date=date
    )


MANY = [
    example(n, group=f"g{n // 2}", campaign=f"c{n % 7}", publisher=f"p{n % 11}", date=f"20{20 + n % 5}-0{1 + n % 9}-01")
    for n in range(400)
]


@pytest.mark.parametrize("by", ["claim", "campaign", "publisher"])
def test_no_unit_lies_on_both_sides(by):
    parts = split(MANY, by).parts
    sides = {}
    for text, part in zip(MANY, parts, strict=True):
        sides.setdefault(unit_of(text, by), set()).add(part)
    assert {len(found) for found in sides.values()} == {1}
    assert set(parts) == {"train", "test"}


def test_units_can_be_named():
    parts = split(MANY, "campaign", test=["c3"]).parts
    assert {text.campaign for text, part in zip(MANY, parts, strict=True) if part == "test"} == {"c3"}


def test_a_name_that_does_not_occur_is_refused():
    with pytest.raises(ValueError, match="no campaign 'c9'; there are c0, c1"):
        split(MANY, "campaign", test=["c9"])


def test_a_random_split_must_be_meant():
    with pytest.raises(ValueError, match="a random split flatters"):
        split(MANY, "random")
    assert set(split(MANY, "random", allow_random=True).parts) == {"train", "test"}


@pytest.mark.parametrize("by", ["claim", "campaign", "publisher", "random"])
@pytest.mark.parametrize("group", ["leiden/Topik Satu", "authored/p1"])
def test_topics_and_pairs_stay_whole_whatever_the_split(by, group):
    texts = [example(n, group=group, campaign=f"c{n}", publisher=f"p{n}") for n in range(30)]
    assert len(set(split([*texts, *MANY], by, allow_random=True).parts[:30])) == 1


def test_by_time_training_ends_before_the_test_begins():
    parts = split(MANY, "time", since="2023-01-01").parts
    assert max(text.date for text, part in zip(MANY, parts, strict=True) if part == "train") < "2023-01-01"
    assert min(text.date for text, part in zip(MANY, parts, strict=True) if part == "test") >= "2023-01-01"


@pytest.mark.parametrize(
    ("date", "part"), [("2022", "train"), ("2023", ""), ("2024", "test"), ("", ""), ("2023-05-01", "train"), ("2023-06-01", "test")]
)
def test_what_is_known_by_its_year_only_is_used_where_the_year_settles_it(date, part):
    assert split([example(1, date=date)], "time", since="2023-06-01").parts == (part,)


def test_a_topic_goes_where_its_latest_text_goes():
    topic = [example(n, group="leiden/x", date=date) for n, date in enumerate(["2018-12-30", "2019-02-01"])]
    assert split(topic, "time", since="2019-01-01").parts == ("test", "test")


def test_authored_texts_have_no_time_and_are_for_training():
    assert split([example(1, provenance="authored")], "time", since="2019-01-01").parts == ("train",)


def test_a_split_by_time_needs_its_date():
    with pytest.raises(ValueError, match="needs the first day of the test part"):
        split(MANY, "time")


def test_parts_are_counted_by_label():
    texts = [example(1, label=Label.HOAX, campaign="c"), example(2, campaign="d"), example(3, campaign="d", label=None)]
    found = split(texts, "campaign", test=["c"]).counts(texts)
    assert found["test"] == {"hoax": 1, "political_ad": 0, "benign": 0}
    assert found["train"] == {"hoax": 0, "political_ad": 0, "benign": 1}
