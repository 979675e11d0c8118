"""Thresholds on persons as tiers: how many persons each tier admits, and what it costs."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from data.law.classes import TIER_OF_PATH, TIERS
from data.law.match import Answer, Transfer, answer, thresholds
from data.law.rules import RuleBase
from data.scenario.law import LawRule

# Finite, because an infinite coefficient cannot stand in a constraint; above the population of any origin.
MANY_PEOPLE = 2_000_000_000
Limits = tuple[int, ...]


@dataclass(frozen=True)
class Step:
    """The answer from a number of persons on."""

    people_from: int
    answer: Answer


def steps(rules: RuleBase, transfer: Transfer) -> tuple[Step, ...]:
    """How the answer changes as more persons are exported."""
    found: list[Step] = []
    for count in thresholds(rules, transfer):
        reply = answer(rules, replace(transfer, people=count))
        if not found or reply != found[-1].answer:
            found.append(Step(count, reply))
    return tuple(found)


def tier_limits(found: tuple[Step, ...], ready: Callable[[Answer], bool]) -> Limits:
    """Most persons in each tier: 0 nothing to do, 1 contract, 2 assessment.

    A tier whose procedure is not finished yet (not `ready`) admits no more than the tier below.
    """
    return tuple(most_people(found, ready, tier) for tier in range(TIERS))


def most_people(found: tuple[Step, ...], ready: Callable[[Answer], bool], tier: int) -> int:
    """Most persons admitted by the tier, counted up from the first."""
    most = 0
    for index, step in enumerate(found):
        reply = step.answer
        if not reply.allowed or TIER_OF_PATH[reply.path] > tier or not ready(reply):
            return most
        most = found[index + 1].people_from - 1 if index + 1 < len(found) else MANY_PEOPLE
    return most


def is_ready(reply: Answer, plan_date: date, period_start: date) -> bool:
    """Whether the procedure of a transfer is finished when the period starts.

    It can begin on the plan date, or when its rule comes into force, and takes the rule's months.
    """
    return all(
        add_months(max(plan_date, rule.text.effective_from), rule.text.delay_months) <= period_start
        for rule in reply.chain
        if rule.text.delay_months > 0 and not rule.waived
    )


def add_months(day: date, months: float) -> date:
    """The day so many months later; a part of a month counts as a whole one.

    >>> add_months(date(2026, 1, 31), 1), add_months(date(2025, 7, 1), 6)
    (datetime.date(2026, 2, 28), datetime.date(2026, 1, 1))
    """
    whole = -int(-months // 1)
    year, month = divmod(day.year * 12 + day.month - 1 + whole, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def tier_cost(reply: Answer, assumed: Mapping[str, float]) -> float:
    """Cost of an answer's path in CNY per year, with the rules' own figures where they have some."""
    texts = [rule.text for rule in reply.chain if rule.effect == reply.path]
    return path_cost(reply.path, texts, assumed)


def path_cost(path: str, texts: Sequence[LawRule], assumed: Mapping[str, float]) -> float:
    """Cost of a contract or an assessment in CNY per year.

    The one-off cost is spread evenly over the years until the mechanism must be renewed.
    """
    fixed = [text.fixed_cost_cny for text in texts if text.fixed_cost_cny is not None]
    yearly = [text.yearly_cost_cny for text in texts if text.yearly_cost_cny is not None]
    return (
        max(fixed, default=assumed[f"law_{path}_fixed_cny"]) / assumed["law_mechanism_validity_a"]
        + max(yearly, default=assumed[f"law_{path}_yearly_cny"])
    )  # fmt: skip
