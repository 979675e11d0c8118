"""Faults of a rule base: broken references, and pairs of rules that contradict or repeat one another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations

from data.errors import Fault
from data.law.classes import CLOSED, DATA_CLASSES, GROUPS, PATHS, PERMISSIVE, expand
from data.scenario.law import LawRule

ENDLESS = 10**12
RESTRICTIVE = ("contract", "assessment", *CLOSED)
SPECIAL = ("requires", "zone", "sector", "operator_type", "handled_from")
CONDITIONS = (
    "hosts", "except_hosts", "operators", "except_operators", "operator_type", "requires", "zone", "sector",
    "handled_from",
)  # fmt: skip


def rule_faults(
    rules: Sequence[LawRule], file: str, jurisdictions: Mapping[str, str], known_ids: Iterable[str] = ()
) -> list[Fault]:
    """Every fault of the rules: each alone, then each pair that contradicts or overlaps (both named)."""
    ids = {rule.id for rule in rules} | set(known_ids)
    faults = [fault for rule in rules for fault in single_faults(rule, file, jurisdictions, ids)]
    seen: set[str] = set()
    for rule in rules:
        if rule.id in seen:
            faults.append(Fault(file, f"rule {rule.id}", "the id is used twice", "give each rule its own id"))
        seen.add(rule.id)
    return faults + list(pair_faults(rules, file))


def single_faults(rule: LawRule, file: str, jurisdictions: Mapping[str, str], ids: set[str]) -> Iterator[Fault]:
    """What is wrong with one rule by itself."""
    where = f"rule {rule.id}"
    known = set(DATA_CLASSES) | set(GROUPS)
    for name in rule.data:
        if name not in known:
            yield Fault(file, where, f"data class {name!r} is not known", f"use one of {', '.join(sorted(known))}")
    places = (*rule.hosts, *rule.except_hosts, *rule.operators, *rule.except_operators)
    for place in (*places, *(() if rule.origin == "*" else (rule.origin,))):
        if place not in jurisdictions:
            yield Fault(file, where, f"{place!r} is not a jurisdiction we know",
                        "use an id of jurisdictions.csv, or add a row there")  # fmt: skip
    for other in rule.displaces:
        if other not in ids:
            yield Fault(file, where, f"displaces {other!r}, which is not on file", "correct the id")
    if rule.effective_until is not None and rule.effective_until <= rule.effective_from:
        yield Fault(file, where, "ends before it begins", "correct effective_from or effective_until")
    if rule.people_to is not None and rule.people_to < rule.people_from:
        yield Fault(file, where, f"people_to {rule.people_to} is below people_from {rule.people_from}",
                    "correct the number of persons")  # fmt: skip
    if rule.verified == "excerpt read" and not rule.url:
        yield Fault(file, where, "says its text was read but names no page", "give the url, or say unverified")


def pair_faults(rules: Sequence[LawRule], file: str) -> Iterator[Fault]:
    """Pairs that say different things, or the same thing twice, about the same transfer on the same day."""
    by_origin: dict[str, list[LawRule]] = {}
    for rule in rules:
        by_origin.setdefault(rule.origin, []).append(rule)
    for group in by_origin.values():
        for one, other in combinations(group, 2):
            if one.id in other.displaces or other.id in one.displaces or not meet(one, other):
                continue
            if contradict(one, other):
                yield Fault(
                    file, f"rules {one.id} and {other.id}", contradiction(one, other),
                    "correct their dates, persons or hosts, or let one displace the other",
                )  # fmt: skip
            elif one.effect == other.effect and repeat(one, other):
                yield Fault(file, f"rules {one.id} and {other.id}",
                            f"overlap: both make {one.instrument} demand {one.effect} of the same transfers",
                            "end the older one, or keep their persons apart")  # fmt: skip


def contradict(one: LawRule, other: LawRule) -> bool:
    """One opens what the other restricts, or one instrument sends the same transfer two ways.

    A rule under a special condition does not contradict a general one: both bind, the stricter prevails.
    """
    effects = {one.effect, other.effect}
    alike = all(getattr(one, name) == getattr(other, name) for name in SPECIAL)
    if alike and effects & set(PERMISSIVE) and effects & set(RESTRICTIVE):
        return True
    return repeat(one, other) and len(effects) == 2 and effects <= {*PATHS, *CLOSED} - {"consent"}


def repeat(one: LawRule, other: LawRule) -> bool:
    """Same instrument under the same conditions."""
    return one.instrument == other.instrument and all(getattr(one, name) == getattr(other, name) for name in CONDITIONS)


def contradiction(one: LawRule, other: LawRule) -> str:
    """The contradiction in one clause."""
    day = max(one.effective_from, other.effective_from)
    return f"contradict one another from {day}: {one.id} says {one.effect}, {other.id} says {other.effect}"


def meet(one: LawRule, other: LawRule) -> bool:
    """Whether some transfer on some day falls under both rules."""
    return (
        bool(expand(one.data) & expand(other.data))
        and one.effective_from < (other.effective_until or date.max)
        and other.effective_from < (one.effective_until or date.max)
        and one.people_from <= (ENDLESS if other.people_to is None else other.people_to)
        and other.people_from <= (ENDLESS if one.people_to is None else one.people_to)
        and share(one.hosts, one.except_hosts, other.hosts, other.except_hosts)
        and share(one.operators, one.except_operators, other.operators, other.except_operators)
        and agree(one.operator_type, other.operator_type)
        and agree(one.zone, other.zone)
        and agree(one.sector, other.sector)
    )


def share(one: tuple[str, ...], one_not: tuple[str, ...], other: tuple[str, ...], other_not: tuple[str, ...]) -> bool:
    """Whether two lists with exceptions have a place in common; an empty list means any place."""
    if one and other:
        return bool((set(one) & set(other)) - set(one_not) - set(other_not))
    named = set(one or other)
    return not named or bool(named - set(one_not) - set(other_not))


def agree(one: str, other: str) -> bool:
    """Whether two conditions can hold together; an empty one always does."""
    return not one or not other or one == other
