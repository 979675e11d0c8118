"""Where one law compels the disclosure that another forbids, and what a ring-fenced operator changes."""

from __future__ import annotations

from dataclasses import dataclass

from data.law.match import Transfer, binding
from data.law.rules import Rule, RuleBase


@dataclass(frozen=True)
class Conflict:
    """A rule by which the operator can be compelled, and one that forbids to comply."""

    compelling: Rule
    blocking: Rule


def conflicts_of(rules: RuleBase, transfer: Transfer) -> tuple[Conflict, ...]:
    """Pairs of contradicting laws on disclosure that meet in this transfer (hosting at home included).

    A law does not contradict itself: the place that compels must differ from the place that blocks.
    """
    found = [rule for rule in binding(rules, transfer) if not rule.waived]
    compelling = [rule for rule in found if rule.effect == "compelled_disclosure"]
    blocking = [rule for rule in found if rule.effect == "blocking"]
    return tuple(
        Conflict(one, other)
        for one in compelling
        for other in blocking
        if transfer.origin not in compelling_places(one)
    )


def compelling_places(rule: Rule) -> tuple[str, ...]:
    """Places whose authorities compel: those the rule follows, by operator or by host."""
    return rule.text.operators or rule.text.hosts
