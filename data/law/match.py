"""Which rules bind one transfer on one day, and by what mechanism it may be made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from data.law.classes import CLOSED, PATHS
from data.law.rules import Rule, RuleBase

OperatorMode = Literal["own", "ring_fenced"]
OPERATOR_MODES: tuple[OperatorMode, ...] = ("own", "ring_fenced")
TRANSFER_EFFECTS = frozenset((*PATHS, *CLOSED, "local_copy"))


@dataclass(frozen=True)
class Transfer:
    """One question to the law: persons are those exported in the window the law counts."""

    origin: str
    host: str
    data_class: str
    as_of: date
    people: float = 1.0
    operator: str = "CN"
    operator_type: str = "general"
    zone: str = ""
    sector: str = ""
    holds: frozenset[str] = frozenset()
    people_handled: float | None = None
    mode: OperatorMode = "own"

    @property
    def nationality(self) -> str:
        """Who can compel the operator; a ring-fenced local operator has the host's nationality."""
        return self.host if self.mode == "ring_fenced" else self.operator

    @property
    def classes(self) -> tuple[str, ...]:
        """Classes the law sees: an operator of critical infrastructure holds its data as such, too."""
        if self.operator_type == "cii" and self.data_class not in ("non_personal", "cii"):
            return (self.data_class, "cii")
        return (self.data_class,)


@dataclass(frozen=True)
class Answer:
    """What the law says of a transfer.

    mechanism: one of data.law.classes.MECHANISMS, the strictest demand that binds.
    path: free, adequacy, consent, contract or assessment; what must be done where it is not closed.
    consent, local_copy: whether these bind as well. chain: all rules that bind, in order of date.
    """

    mechanism: str
    path: str
    consent: bool
    local_copy: bool
    delay_months: float
    chain: tuple[Rule, ...]

    @property
    def allowed(self) -> bool:
        return self.mechanism not in ("forbidden", "unknown")


def answer(rules: RuleBase, transfer: Transfer) -> Answer:
    """The strictest of the rules that bind at once; `unknown` where none is on file, never `free`."""
    found = binding(rules, transfer)
    stopped = tuple(rule for rule in found if rule.effect == "local_operator")
    if stopped:
        return Answer("forbidden", "free", False, False, 0.0, stopped)
    if transfer.origin == transfer.host:
        return Answer("domestic", "free", False, False, 0.0, ())
    chain = tuple(rule for rule in found if rule.waived or rule.effect in TRANSFER_EFFECTS)
    if not chain:
        return Answer("unknown", "free", False, False, 0.0, ())
    effects = {rule.effect for rule in chain}
    path = path_of(effects)
    local_copy = any(rule.effect == "local_copy" or (rule.text.local_copy and not rule.waived) for rule in chain)
    closed = any(effect in CLOSED for effect in effects)
    delay = max((rule.text.delay_months for rule in chain if not rule.waived), default=0.0)
    copy_is_strictest = local_copy and path != "assessment"
    mechanism = "forbidden" if closed else "local_copy" if copy_is_strictest else path
    return Answer(mechanism, path, "consent" in effects, local_copy, delay, chain)


def path_of(effects: set[str]) -> str:
    """What must be done before a transfer that is not closed.

    Consent is owed to the persons, not to an authority: where a rule lets the data go, that is the path.
    """
    for path in ("assessment", "contract", "adequacy", "free"):
        if path in effects:
            return path
    return "consent" if "consent" in effects else "free"


def binding(rules: RuleBase, transfer: Transfer) -> tuple[Rule, ...]:
    """Rules whose conditions hold, less those displaced by one of them, in order of date."""
    found = [rule for rule in rules.in_force(transfer.origin, transfer.as_of) if binds(rule, transfer)]
    displaced = {name for rule in found for name in rule.text.displaces}
    kept = [rule for rule in found if rule.id not in displaced]
    return tuple(sorted(kept, key=lambda rule: (rule.text.effective_from, rule.id)))


def binds(rule: Rule, transfer: Transfer) -> bool:
    """Whether every condition of the rule holds for the transfer; the day is not looked at."""
    text, people = rule.text, transfer.people
    nationality = transfer.nationality
    handled = people if transfer.people_handled is None else max(people, transfer.people_handled)
    return (
        any(name in rule.classes for name in transfer.classes)
        and text.people_from <= people
        and (text.people_to is None or people < text.people_to + 1)
        and (not text.hosts or transfer.host in text.hosts)
        and transfer.host not in text.except_hosts
        and (not text.operators or nationality in text.operators)
        and nationality not in text.except_operators
        and text.operator_type in ("", transfer.operator_type)
        and (text.handled_from is None or handled >= text.handled_from)
        and all(condition in transfer.holds for condition in text.requires)
        and text.zone in ("", transfer.zone)
        and text.sector in ("", transfer.sector)
    )


def thresholds(rules: RuleBase, transfer: Transfer) -> list[int]:
    """Numbers of persons, from 1, at which the answer to a transfer may change."""
    steps = {1}
    for rule in rules.in_force(transfer.origin, transfer.as_of):
        steps.add(max(rule.text.people_from, 1))
        if rule.text.people_to is not None:
            steps.add(rule.text.people_to + 1)
    return sorted(steps)
