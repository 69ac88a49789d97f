"""The vocabulary of the field: what a text can be, and which civic matter it touches.

The definitions stand in ``docs/labels.md``. BENIGN means "neither of the other two", never "safe".
"""

from __future__ import annotations

from enum import StrEnum


class Label(StrEnum):
    """What a text resembles. The order of the members is that of every probability array.

    >>> [label.value for label in Label]
    ['hoax', 'political_ad', 'benign']
    >>> Label("hoax") is Label.HOAX
    True
    """

    HOAX = "hoax"
    POLITICAL_AD = "political_ad"
    BENIGN = "benign"


class Facet(StrEnum):
    """The civic matter that a text touches; annotation guideline, section 7."""

    TIME = "TIME"
    PLACE = "PLACE"
    MANNER = "MANNER"
    VOTER_ELIGIBILITY = "VOTER_ELIGIBILITY"
    REGISTRATION_DPT = "REGISTRATION_DPT"
    BALLOT_LOGISTICS = "BALLOT_LOGISTICS"
    COUNTING_RECAP = "COUNTING_RECAP"
    RESULTS_OUTCOME = "RESULTS_OUTCOME"
    INSTITUTION_INTEGRITY = "INSTITUTION_INTEGRITY"
    POLL_WORKERS = "POLL_WORKERS"
    LEGAL_CONSEQUENCE = "LEGAL_CONSEQUENCE"
    CANDIDATE_ELIGIBILITY = "CANDIDATE_ELIGIBILITY"
    CANDIDATE_CHARACTER = "CANDIDATE_CHARACTER"
    ENDORSEMENT = "ENDORSEMENT"
    SARA_IDENTITY = "SARA_IDENTITY"
    POLICY = "POLICY"
    SAFETY_VIOLENCE = "SAFETY_VIOLENCE"
    SCAM = "SCAM"
    CAMPAIGN = "CAMPAIGN"
    VOTER_INFO = "VOTER_INFO"
    NEWS_CAMPAIGN = "NEWS_CAMPAIGN"
    NEWS_HOAX = "NEWS_HOAX"
    FACT_CHECK = "FACT_CHECK"
    CRITICISM = "CRITICISM"
    OPINION = "OPINION"
    SATIRE = "SATIRE"
    ISSUE_ADVOCACY = "ISSUE_ADVOCACY"
    NON_ELECTORAL = "NON_ELECTORAL"
