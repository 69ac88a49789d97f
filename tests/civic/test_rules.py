"""What follows from context: which rule applies to whom, on which day, and what it does to the answer."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoakscheck import AccountType, Classifier, Context, Label, ReviewReason
from hoakscheck.civic.calendar import elections, silenced_by
from hoakscheck.civic.electoral import electoral_words
from hoakscheck.civic.rules import packaged_rules, rule_on
from hoakscheck.verdict import Basis

AD = "Ayo coblos nomor 3, pilih Bu Ratih Anindita, bupati yang bekerja untuk semua!"
CALL_TO_VOTE = "Jangan lupa datang ke TPS hari Rabu, bawa KTP elektronik, pilih sesuai hati nurani."
CRITICISM = "Kinerja KPU kabupaten tahun ini mengecewakan, sosialisasinya nyaris tidak terdengar."
EVENT = "Calon bupati Ratih Anindita mengunjungi pasar Rawit dan berbincang dengan pedagang sayur."
RECIPE = "Resep rendang tanpa santan, cukup kelapa sangrai dan daun kunyit."
HOAX = "KPU pusat sudah memutuskan pemungutan suara di Kabupaten Lembah Rawit dibatalkan, suara kemarin hangus semua. Sebarkan!"


@pytest.fixture(scope="module")
def classifier():
    return Classifier.load()


def rules_of(verdict):
    return [rule.id for rule in verdict.rules]


@pytest.mark.parametrize("context", [None, Context()])
def test_without_context_the_verdict_says_that_it_rests_on_the_text_alone(classifier, context):
    verdict = classifier.classify(AD, context)
    assert verdict == classifier.classify(AD)
    assert (verdict.basis, verdict.rules, verdict.flags) == (Basis.TEXT_ONLY, (), ())
    assert verdict.to_dict()["basis"] == "text_only"


@pytest.mark.parametrize("text", [AD, CALL_TO_VOTE, CRITICISM, EVENT])
@pytest.mark.parametrize("paid", [{"is_paid": True}, {"branded_content": True}])
def test_paid_political_content_is_an_ad_whatever_its_tone(classifier, text, paid):
    verdict = classifier.classify(text, Context(**paid))
    assert verdict.label is Label.POLITICAL_AD
    assert rules_of(verdict) == ["paid-political"]
    assert verdict.basis is Basis.TEXT_AND_CONTEXT


def test_paid_content_that_is_not_political_is_none(classifier):
    verdict = classifier.classify(RECIPE, Context(is_paid=True, platform="tiktok"))
    assert verdict.label is Label.BENIGN
    assert verdict.rules == ()


def test_unpaid_changes_nothing_but_the_basis(classifier):
    verdict, alone = classifier.classify(AD, Context(is_paid=False)), classifier.classify(AD)
    assert (verdict.label, verdict.probabilities, verdict.rules) == (alone.label, alone.probabilities, ())
    assert verdict.basis is Basis.TEXT_AND_CONTEXT


def test_a_hoax_stays_a_hoax_when_it_is_paid_for(classifier):
    alone = classifier.classify(HOAX)
    assert alone.label is Label.HOAX
    verdict = classifier.classify(HOAX, Context(is_paid=True))
    assert verdict.label is Label.HOAX
    assert verdict.probability == alone.probability


@pytest.mark.parametrize("text", [AD, CALL_TO_VOTE])
@pytest.mark.parametrize("more", [{}, {"is_paid": True, "platform": "tiktok"}])
def test_an_election_organisers_own_information_stays_benign_whatever_it_urges(classifier, text, more):
    verdict = classifier.classify(text, Context(account_type="election_organiser", **more))
    assert verdict.label is Label.BENIGN
    assert rules_of(verdict)[0] == "organiser-information"


@pytest.mark.parametrize("account", ["election_organiser", "fact_checker"])
def test_an_account_that_clears_what_reads_like_a_hoax_asks_for_review(classifier, account):
    verdict = classifier.classify(HOAX, Context(account_type=account))
    assert verdict.label is Label.BENIGN
    assert verdict.review_reasons == (ReviewReason.CONTEXT_CONFLICT,)


@pytest.mark.parametrize("account", ["candidate", "party", "campaign", "volunteers"])
def test_a_campaign_accounts_event_report_leans_to_an_ad(classifier, account):
    alone, verdict = classifier.classify(EVENT), classifier.classify(EVENT, Context(account_type=account))
    assert rules_of(verdict) == ["campaign-account"]
    assert verdict.probabilities[Label.POLITICAL_AD] > alone.probabilities[Label.POLITICAL_AD] + 0.1
    assert verdict.probabilities[Label.HOAX] == alone.probabilities[Label.HOAX]


@given(st.floats(0, 1), st.floats(0, 1))
def test_where_no_rule_applies_every_digit_stays(hoax, share):
    probabilities = (hoax, (1 - hoax) * share, (1 - hoax) * (1 - share))
    ruling = rule_on(probabilities, Context(account_type="media"), political=True)
    assert (ruling.probabilities, ruling.rules) == (probabilities, ())


@pytest.mark.parametrize("account", ["media", "citizen", "government"])
def test_other_accounts_change_nothing(classifier, account):
    verdict, alone = classifier.classify(EVENT, Context(account_type=account)), classifier.classify(EVENT)
    assert (verdict.probabilities, verdict.rules) == (alone.probabilities, ())


@pytest.mark.parametrize("text", [AD, EVENT, RECIPE])
@pytest.mark.parametrize(
    ("day", "silent"), [("2024-02-10", False), ("2024-02-11", True), ("2024-02-13", True), ("2024-02-14", False)]
)
def test_the_silence_period_is_flagged_on_its_days_only(classifier, text, day, silent):
    verdict = classifier.classify(text, Context(published_at=day))
    assert verdict.flags == (("silence_period",) if silent else ())
    assert verdict.label is classifier.classify(text).label


def test_platforms_have_rules_of_their_own_with_validity(classifier):
    def flags(**known):
        return classifier.classify(AD, Context(is_paid=True, **known)).flags

    assert flags(platform="tiktok") == ("not_allowed_as_ad",)
    assert flags(platform="Instagram") == ("needs_disclaimer",)
    assert flags(platform="x") == ()
    assert flags(platform="tiktok", published_at="2018-01-01") == ()
    assert flags(platform="tiktok", published_at="2024-11-25") == ("silence_period", "not_allowed_as_ad")


def test_many_texts_take_a_context_each(classifier):
    verdicts = list(classifier.classify_many([CRITICISM, CRITICISM], [None, Context(is_paid=True)]))
    assert [verdict.label for verdict in verdicts] == [Label.BENIGN, Label.POLITICAL_AD]
    decisions = list(classifier.decide_many([CRITICISM, CRITICISM], [None, Context(is_paid=True)]))
    assert [decision.probabilities for decision in decisions] == [tuple(verdict.probabilities.values()) for verdict in verdicts]
    with pytest.raises(ValueError, match="shorter"):
        list(classifier.classify_many([AD, AD], [None]))


@given(
    shares=st.tuples(*[st.floats(1e-9, 1)] * 3),
    context=st.builds(
        Context,
        is_paid=st.none() | st.booleans(),
        branded_content=st.none() | st.booleans(),
        account_type=st.none() | st.sampled_from(AccountType),
        platform=st.none() | st.sampled_from(["tiktok", "x", "facebook"]),
        published_at=st.none() | st.dates(date(2014, 1, 1), date(2026, 1, 1)),
    ),
    political=st.booleans(),
)
def test_probabilities_stay_probabilities_and_no_rule_makes_a_hoax(shares, context, political):
    before = [share / sum(shares) for share in shares]
    after = rule_on(before, context, political=political).probabilities
    assert sum(after) == pytest.approx(1.0)
    assert all(0.0 <= value <= 1.0 for value in after)
    assert after[0] <= before[0]


def test_every_rule_says_what_it_is_and_where_it_comes_from():
    rules = packaged_rules()
    assert len({rule.id for rule in rules}) == len(rules)
    for rule in rules:
        assert rule.says.endswith(".")
        assert rule.source
        assert set(rule.when) <= {"paid", "political", "silence", "account", "platform"}
        assert set(rule.when.get("account", [])) <= set(AccountType)
        assert rule.settles or rule.leans or rule.flags
        assert rule.valid_from <= rule.valid_to


def test_the_rules_file_holds_no_key_that_nothing_reads():
    entries = tomllib.loads(resources.files("hoakscheck.civic").joinpath("rules.toml").read_text(encoding="utf-8"))["rule"]
    assert {key for entry in entries for key in entry} <= {
        "id",
        "says",
        "when",
        "settles",
        "leans",
        "flags",
        "from",
        "to",
        "source",
    }


def test_every_silence_period_is_the_three_days_before_voting():
    for election in elections():
        assert election.silence_to == election.voting_day - timedelta(days=1), election.name
        assert election.silence_from == election.voting_day - timedelta(days=3), election.name
        assert silenced_by(election.silence_from) is election
        assert silenced_by(election.voting_day) is None


def test_elections_stand_in_order_and_never_overlap():
    days = [election.voting_day for election in elections()]
    assert days == sorted(set(days))


def test_electoral_words_are_stems_without_the_ambiguous_ones():
    words = electoral_words()
    assert {"pemilu", "kpu", "gubernur"} <= words
    assert not words & {"suara", "calon", "kampanye", "relawan", "pilih"}
