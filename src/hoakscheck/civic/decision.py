"""The decision on a text with what is known beside it."""

from __future__ import annotations

from dataclasses import replace

from hoakscheck.civic.context import Context
from hoakscheck.civic.rules import Ruling, rule_on
from hoakscheck.labels import Label
from hoakscheck.model.decision import Decision, ReviewReason, Thresholds, choose_label, decide


def decide_known(
    by_text: tuple[float, ...], context: Context, *, electoral: bool, words: int, known: int, thresholds: Thresholds
) -> tuple[Decision, Ruling]:
    """Return the decision, and what the rules on context made of the text.

    Args:
        by_text: probability of each label by the text alone, in the order of :class:`hoakscheck.Label`.
        context: what is known.
        electoral: whether the text is about an election, a participant or an office-holder.
        words: number of words.
        known: how many of them the model knows.
        thresholds: where decisions change.

    >>> paid = Context(is_paid=True)
    >>> decision, _ = decide_known((0.1, 0.1, 0.8), paid, electoral=True, words=9, known=9, thresholds=Thresholds())
    >>> decision.label.value, decision.rules
    ('political_ad', ('paid-political',))
    """
    called = choose_label(by_text, thresholds)
    ruling = rule_on(by_text, context, political=electoral or called is Label.POLITICAL_AD)
    decision = decide(ruling.probabilities, words=words, known=known, thresholds=thresholds)
    reasons = decision.review_reasons
    if ruling.clears and called is Label.HOAX:  # an account can be taken over, or verified by mistake
        reasons = (*reasons, ReviewReason.CONTEXT_CONFLICT)
    return replace(decision, review_reasons=reasons, rules=tuple(rule.id for rule in ruling.rules), flags=ruling.flags), ruling
