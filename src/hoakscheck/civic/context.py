"""What a caller knows about a post beside its text."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any, Final

from hoakscheck.errors import InvalidContextError

#: Western Indonesian Time, that of most voters; what a time without a zone is read as.
WIB: Final = timezone(timedelta(hours=7), "WIB")


class AccountType(StrEnum):
    """Who speaks, as the platform or the caller has verified it; never guessed from the text."""

    CANDIDATE = "candidate"
    PARTY = "party"
    CAMPAIGN = "campaign"
    VOLUNTEERS = "volunteers"
    ELECTION_ORGANISER = "election_organiser"
    GOVERNMENT = "government"
    FACT_CHECKER = "fact_checker"
    MEDIA = "media"
    CITIZEN = "citizen"


@dataclass(frozen=True, slots=True)
class Context:
    """What is known about a post; whatever is None is not known, and changes nothing.

    Attributes:
        is_paid: whether somebody paid for the post to be shown.
        branded_content: whether its creator was paid to make it, or marked it as branded content.
        account_type: who speaks, an :class:`AccountType` or its value.
        platform: where it was published, for instance ``"tiktok"``; upper and lower case are the same.
        published_at: when; a datetime, a date, or either as an ISO 8601 string. A time without a zone is read as WIB.

    Raises:
        InvalidContextError: a value is of another type, or no known account type, or no date.

    >>> Context(is_paid=True, account_type="party", published_at="2024-02-12").published_on
    datetime.date(2024, 2, 12)
    >>> Context(account_type="kpu")
    Traceback (most recent call last):
        ...
    hoakscheck.errors.InvalidContextError: account_type is 'kpu'; it must be one of candidate, party, campaign, volunteers, \
election_organiser, government, fact_checker, media, citizen
    """

    is_paid: bool | None = None
    branded_content: bool | None = None
    account_type: AccountType | None = None
    platform: str | None = None
    published_at: datetime | date | None = None

    def __post_init__(self) -> None:
        for name in ("is_paid", "branded_content"):
            if not isinstance(getattr(self, name), bool | None):
                raise InvalidContextError(name, getattr(self, name), "it must be True, False or None")
        if not isinstance(self.platform, str | None):
            raise InvalidContextError("platform", self.platform, "it must be a name such as 'tiktok'")
        object.__setattr__(self, "account_type", _account_type(self.account_type))
        object.__setattr__(self, "platform", self.platform.strip().lower() or None if self.platform else None)
        object.__setattr__(self, "published_at", _moment(self.published_at))

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known."""
        return all(getattr(self, field.name) is None for field in fields(self))

    @property
    def published_on(self) -> date | None:
        """The day of publication in Western Indonesian Time."""
        if isinstance(self.published_at, datetime):
            return self.published_at.astimezone(WIB).date()
        return self.published_at


def _account_type(value: Any) -> AccountType | None:
    if value is None:
        return None
    try:
        return AccountType(value)
    except ValueError:
        raise InvalidContextError("account_type", value, f"it must be one of {', '.join(AccountType)}") from None


def _moment(value: Any) -> datetime | date | None:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value) if len(value) > len("2024-02-12") else date.fromisoformat(value)
        except ValueError:
            raise InvalidContextError(
                "published_at", value, "it must be a date such as 2024-02-12 or 2024-02-12T07:30+07:00"
            ) from None
    if not isinstance(value, date | None):
        raise InvalidContextError("published_at", value, "it must be a date, a datetime or an ISO 8601 string")
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.replace(tzinfo=WIB)
    return value
