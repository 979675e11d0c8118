"""What changes in the law between two days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise, product

import pandas as pd

from data.law.classes import DATA_CLASSES
from data.law.match import Transfer
from data.law.rules import RuleBase, is_in_force, jurisdictions, rule_base
from data.law.tiers import Step, steps
from data.scenario.law import LawChanges

COLUMNS = ["origin", "host", "data_class", "before", "after", "rules_ended", "rules_begun"]


def changes(
    day_a: date,
    day_b: date,
    origins: Sequence[str] | None = None,
    hosts: Sequence[str] | None = None,
    *,
    operator: str = "CN",
    operator_type: str = "general",
    law_changes: LawChanges | None = None,
) -> pd.DataFrame:
    """Differences of the law between two days, one row per origin, host and data class that differ.

    `before` and `after` say the mechanism by number of persons (`free to 99,999; contract to 999,999;
    assessment beyond`); `rules_ended` and `rules_begun` name the origin's rules that ended or began.
    """
    rules, places = rule_base(law_changes), list(jurisdictions())
    rows = []
    for origin in origins or places:
        ended, begun = turned(rules, origin, day_a, day_b)
        if not ended and not begun:
            continue
        for host, data_class in product(hosts or places, DATA_CLASSES):
            asked = Transfer(origin, host, data_class, day_a, operator=operator, operator_type=operator_type)
            before = in_words(steps(rules, asked))
            after = in_words(steps(rules, replace(asked, as_of=day_b)))
            if before != after:
                rows.append((origin, host, data_class, before, after, " ".join(ended), " ".join(begun)))
    return pd.DataFrame(rows, columns=COLUMNS)


def turned(rules: RuleBase, origin: str, day_a: date, day_b: date) -> tuple[list[str], list[str]]:
    """Rules of an origin (and those that follow host or operator) in force on one of the days only."""
    texts = [rule.text for rule in rules.rules if rule.text.origin in (origin, "*")]
    first = {text.id for text in texts if is_in_force(text, day_a)}
    second = {text.id for text in texts if is_in_force(text, day_b)}
    return sorted(first - second), sorted(second - first)


def in_words(found: tuple[Step, ...]) -> str:
    """Steps on persons in words; neighbours with the same mechanism read as one."""
    merged: list[Step] = []
    for step in found:
        if not merged or step.answer.mechanism != merged[-1].answer.mechanism:
            merged.append(step)
    if len(merged) == 1:
        return merged[0].answer.mechanism
    parts = [f"{step.answer.mechanism} to {after.people_from - 1:,}" for step, after in pairwise(merged)]
    return "; ".join([*parts, f"{merged[-1].answer.mechanism} beyond"])
