"""Rules on context, read from ``rules.toml``: which apply to a post, and what they do to its probabilities."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import resources
from typing import Any, Final

from hoakscheck.civic.calendar import silenced_by
from hoakscheck.civic.context import Context
from hoakscheck.labels import Label

_ALWAYS: Final = (date.min, date.max)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; the comments in ``rules.toml`` say what its parts mean.

    Attributes:
        id: short name, stands in the verdict.
        says: the rule in a sentence.
        source: law, policy, guideline or measurement that it comes from.
        when: conditions, all of which must hold.
        settles: label that takes what the rule leaves open, or None.
        leans: added to the log-odds of an ad against benign.
        flags: what stands in the verdict beside the label.
        valid_from, valid_to: first and last day on which it holds.
    """

    id: str
    says: str
    source: str
    when: dict[str, Any]
    settles: Label | None = None
    leans: float = 0.0
    flags: tuple[str, ...] = ()
    valid_from: date = date.min
    valid_to: date = date.max

    def applies(self, held: Mapping[str, Any], day: date | None) -> bool:
        """Tell whether the rule applies to a post of that day of which this is known."""
        if day is not None and not self.valid_from <= day <= self.valid_to:
            return False
        return all(held[name] in wanted if isinstance(wanted, list) else held[name] == wanted for name, wanted in self.when.items())


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the rules make of one text.

    Attributes:
        probabilities: of each label, in the order of :class:`hoakscheck.Label`, with context taken in.
        rules: those that applied, in the order of the file.
        flags: those of the rules that applied.
    """

    probabilities: tuple[float, ...]
    rules: tuple[Rule, ...]
    flags: tuple[str, ...]

    @property
    def clears(self) -> bool:
        """Whether a rule settled that the post is benign."""
        return _settling(self.rules) is Label.BENIGN


@lru_cache(maxsize=1)
def packaged_rules() -> tuple[Rule, ...]:
    """Return the rules shipped with this version, in the order in which they are tried."""
    content = resources.files("hoakscheck.civic").joinpath("rules.toml").read_text(encoding="utf-8")
    return tuple(_rule(entry) for entry in tomllib.loads(content)["rule"])


def rule_on(probabilities: Sequence[float], context: Context, *, political: bool) -> Ruling:
    """Apply the rules to the probabilities of one text.

    Args:
        probabilities: of each label by the text alone, in the order of :class:`hoakscheck.Label`.
        context: what is known beside the text.
        political: whether the text is about an election, a participant or an office-holder.

    >>> ruling = rule_on((0.1, 0.2, 0.7), Context(is_paid=True), political=True)
    >>> [round(value, 2) for value in ruling.probabilities], [rule.id for rule in ruling.rules]
    ([0.1, 0.9, 0.0], ['paid-political'])
    """
    paid = bool(context.is_paid or context.branded_content)
    rules = _applying(context.published_on, paid=paid, political=political, account=context.account_type, platform=context.platform)
    hoax, political_ad, benign = probabilities
    settled = _settling(rules)
    if settled is Label.BENIGN:
        hoax, political_ad, benign = 0.0, 0.0, 1.0
    elif settled is Label.POLITICAL_AD:
        political_ad, benign = political_ad + benign, 0.0
    elif leans := sum(rule.leans for rule in rules):  # without any the detour over odds would change the last digit
        political_ad, benign = _leant(political_ad, benign, leans)
    return Ruling((hoax, political_ad, benign), rules, tuple(flag for rule in rules for flag in rule.flags))


@lru_cache(maxsize=4_096)  # of millions of posts, many are of one day, one platform and one kind of account
def _applying(day: date | None, **held: Any) -> tuple[Rule, ...]:
    silence = day is not None and silenced_by(day) is not None
    return tuple(rule for rule in packaged_rules() if rule.applies({**held, "silence": silence}, day))


def _settling(rules: Sequence[Rule]) -> Label | None:
    return next((rule.settles for rule in rules if rule.settles is not None), None)


def _leant(political_ad: float, benign: float, leans: float) -> tuple[float, float]:
    """Return the two parts of the same sum with their log-odds moved by ``leans``."""
    together = political_ad + benign
    moved = political_ad * math.exp(leans)
    share = moved / (moved + benign) if moved + benign else 0.0
    return together * share, together * (1.0 - share)


def _rule(entry: dict[str, Any]) -> Rule:
    return Rule(
        id=entry["id"],
        says=entry["says"],
        source=entry["source"],
        when=entry["when"],
        settles=Label(entry["settles"]) if "settles" in entry else None,
        leans=float(entry.get("leans", 0.0)),
        flags=tuple(entry.get("flags", ())),
        valid_from=entry.get("from", _ALWAYS[0]),
        valid_to=entry.get("to", _ALWAYS[1]),
    )
