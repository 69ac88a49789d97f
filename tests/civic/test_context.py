"""A context takes what a caller knows, refuses what cannot be meant, and knows its day in Indonesia."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoakscheck import AccountType, Context, HoaksCheckError
from hoakscheck.errors import InvalidContextError


def test_nothing_known_is_empty():
    assert Context().is_empty
    assert not Context(is_paid=False).is_empty


def test_values_may_be_given_as_strings():
    context = Context(account_type="election_organiser", platform=" TikTok ", published_at="2024-02-12T23:30:00+07:00")
    assert context.account_type is AccountType.ELECTION_ORGANISER
    assert context.platform == "tiktok"
    assert context.published_at == datetime(2024, 2, 12, 16, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("field", "value", "advice"),
    [
        ("is_paid", "yes", "True, False or None"),
        ("is_paid", 1, "True, False or None"),
        ("branded_content", "", "True, False or None"),
        ("account_type", "kpu", "one of candidate, party"),
        ("account_type", "", "one of candidate, party"),
        ("platform", 3, "a name such as"),
        ("published_at", "12/02/2024", "a date such as 2024-02-12"),
        ("published_at", "2024-02-30", "a date such as 2024-02-12"),
        ("published_at", 1707696000, "a date, a datetime or an ISO 8601 string"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_advice(field, value, advice):
    with pytest.raises(InvalidContextError, match=advice) as caught:
        Context(**{field: value})
    assert (caught.value.field, caught.value.value) == (field, value)
    assert isinstance(caught.value, HoaksCheckError | ValueError)


@pytest.mark.parametrize(
    ("published_at", "day"),
    [
        (date(2024, 2, 12), date(2024, 2, 12)),
        ("2024-02-12", date(2024, 2, 12)),
        (datetime(2024, 2, 10, 17, 0, tzinfo=UTC), date(2024, 2, 11)),  # midnight in Jakarta
        (datetime(2024, 2, 10, 16, 59, tzinfo=UTC), date(2024, 2, 10)),
        ("2024-02-11T00:00:00", date(2024, 2, 11)),  # without a zone: WIB
        (None, None),
    ],
)
def test_the_day_is_that_of_western_indonesia(published_at, day):
    assert Context(published_at=published_at).published_on == day


@given(
    st.builds(
        dict,
        is_paid=st.none() | st.booleans(),
        branded_content=st.none() | st.booleans(),
        account_type=st.none() | st.sampled_from(AccountType),
        platform=st.none() | st.text(max_size=12),
        published_at=st.none() | st.dates() | st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2100, 1, 1)),
    )
)
def test_a_context_made_of_its_own_values_is_equal(known):
    context = Context(**known)
    assert (
        Context(context.is_paid, context.branded_content, context.account_type, context.platform, context.published_at) == context
    )
