"""Faults of a question to the law: places, classes, numbers and conditions nobody knows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isfinite

from data.errors import Fault
from data.law.classes import DATA_CLASSES
from data.law.match import Transfer
from data.law.rules import RuleBase, jurisdictions
from data.wording import did_you_mean

FILE = "the question"
OPERATOR_TYPES = ("general", "cii")
MOST_PEOPLE = 10_000_000_000  # more than live on earth


def question_faults(rules: RuleBase, asked: Transfer) -> Iterator[Fault]:
    """Everything in a question that no rule, table or count could mean."""
    known = jurisdictions()
    for name, value in (("from", asked.origin), ("to", asked.host), ("operator", asked.operator)):
        if value not in known:
            yield Fault(FILE, f"{name} {value}", "is not a jurisdiction we know", one_of(value, list(known)))
    if asked.data_class not in DATA_CLASSES:
        where = f"class {asked.data_class}"
        yield Fault(FILE, where, "is not a data class we know", one_of(asked.data_class, DATA_CLASSES))
    if not (isfinite(asked.people) and 0 <= asked.people <= MOST_PEOPLE and asked.people == int(asked.people)):
        yield Fault(FILE, f"people {asked.people:g}", "is no count of persons",
                    f"give a whole number from 0 to {MOST_PEOPLE:,}")  # fmt: skip
    if asked.operator_type not in OPERATOR_TYPES:
        where = f"operator type {asked.operator_type}"
        yield Fault(FILE, where, "is not one we know", one_of(asked.operator_type, OPERATOR_TYPES))
    yield from condition_faults(rules, FILE, asked.holds, asked.zone, asked.sector)


def condition_faults(
    rules: RuleBase, file: str, holds: frozenset[str], zone: str, sector: str, prefix: str = ""
) -> Iterator[Fault]:
    """Conditions, zone and sector that no rule asks for: claiming them would change nothing."""
    texts = [rule.text for rule in rules.rules]
    conditions = sorted({name for text in texts for name in text.requires})
    zones, sectors = (sorted({getattr(text, name) for text in texts} - {""}) for name in ("zone", "sector"))
    claims = [("holds", name, conditions) for name in sorted(holds)]
    claims += [(f"{prefix and 'free_trade_'}zone", zone, zones), ("sector", sector, sectors)]
    for name, value, known in claims:
        if value and value not in known:
            remedy = one_of(value, known) if known else "leave it out"
            yield Fault(file, f"{prefix}{name} {value}", "is a condition no rule on file asks for", remedy)


def one_of(value: str, known: Sequence[str]) -> str:
    """The nearest name where one is near, else all there are."""
    return did_you_mean(value, known, f"use one of {', '.join(known)}")
