"""The rule base of data law: read, changed by a scenario, checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

import pandas as pd
from pydantic import ValidationError

from data.errors import Fault, raise_faults
from data.evidence import read_table
from data.law.check import rule_faults
from data.law.classes import PERMISSIVE, expand
from data.scenario.law import LawChanges, LawRule

RULES_FILE = "law_rules.csv"
ADEQUACY_FILE = "law_adequacy.csv"
LAW_KNOWN_ON = date(2026, 11, 21)  # day to which the rule base was kept
LISTS = ("data", "hosts", "except_hosts", "operators", "except_operators", "requires", "displaces")


@dataclass(frozen=True)
class Rule:
    """A rule with its classes spelled out; `waived` when the scenario switched a restriction off."""

    text: LawRule
    classes: frozenset[str]
    waived: bool = False

    @property
    def id(self) -> str:
        return self.text.id

    @property
    def effect(self) -> str:
        return "free" if self.waived else self.text.effect


@dataclass(frozen=True)
class RuleBase:
    """All rules of a study. `in_force` answers which of them bind data of an origin on a day."""

    rules: tuple[Rule, ...]
    _in_force: dict[tuple[str, date], tuple[Rule, ...]] = field(default_factory=dict, compare=False, repr=False)

    def in_force(self, origin: str, day: date) -> tuple[Rule, ...]:
        """Rules of the origin, and those that follow host or operator, in force on the day."""
        key = (origin, day)
        if key not in self._in_force:
            self._in_force[key] = tuple(
                rule for rule in self.rules if rule.text.origin in (origin, "*") and is_in_force(rule.text, day)
            )
        return self._in_force[key]

    def __getitem__(self, rule_id: str) -> Rule:
        return self._by_id[rule_id]

    def __contains__(self, rule_id: object) -> bool:
        return rule_id in self._by_id

    @property
    def _by_id(self) -> dict[str, Rule]:
        return {rule.id: rule for rule in self.rules}


def is_in_force(rule: LawRule, day: date) -> bool:
    """Whether the rule is in force on the day; the last day given is the first no longer in force."""
    return rule.effective_from <= day and (rule.effective_until is None or day < rule.effective_until)


def rule_base(changes: LawChanges | None = None) -> RuleBase:
    """The embedded rules with a scenario's changes, checked.

    Raises BadInput with every fault: unknown ids, contradictions and overlaps, both rules named.
    """
    if changes is None or changes == LawChanges():
        return embedded_rule_base()
    return changed_rule_base(changes.model_dump_json())


@cache
def embedded_rule_base() -> RuleBase:
    """The rules of the catalogue, read and checked once."""
    rules = embedded_rules()
    raise_faults(rule_faults(rules, RULES_FILE, jurisdictions()))
    return RuleBase(tuple(Rule(rule, expand(rule.data)) for rule in rules))


@cache
def changed_rule_base(changes_json: str) -> RuleBase:
    """The rules of the catalogue as a scenario changes them (its `law.rules` as JSON)."""
    changes = LawChanges.model_validate_json(changes_json)
    known = {rule.id: rule for rule in embedded_rules()}
    raise_faults(unknown_ids(changes, known))
    dated = [redated(rule, changes) for rule in known.values()] + list(changes.add)
    kept = [rule for rule in dated if rule.id not in changes.off or turned_off_is_free(rule)]
    raise_faults(rule_faults([rule for rule in kept if rule.id not in changes.off], "scenario law.rules",
                             jurisdictions(), known_ids={rule.id for rule in dated}))  # fmt: skip
    # A restriction switched off stays on file as free: its absence must not read as unknown law.
    return RuleBase(tuple(Rule(rule, expand(rule.data), waived=rule.id in changes.off) for rule in kept))


def turned_off_is_free(rule: LawRule) -> bool:
    """Whether switching the rule off frees its transfers.

    A rule that itself opens a way others close is dropped instead, so that the others bind again.
    """
    return rule.effect not in PERMISSIVE and not rule.displaces


def redated(rule: LawRule, changes: LawChanges) -> LawRule:
    """The rule with the scenario's dates."""
    new = changes.redate.get(rule.id)
    if new is None:
        return rule
    dates = {name: day for name, day in new.model_dump().items() if day is not None}
    return rule.model_copy(update=dates)


def unknown_ids(changes: LawChanges, known: dict[str, LawRule]) -> list[Fault]:
    """Faults for ids that are switched off or re-dated but not on file, or added twice."""
    remedy = "`hallsite law rules` lists the ids"
    named = [("off", name) for name in changes.off] + [("redate", name) for name in changes.redate]
    return [
        Fault("scenario law.rules", f"{key} {name}", "is not a rule on file", remedy)
        for key, name in named
        if name not in known
    ] + [
        Fault("scenario law.rules", f"add {rule.id}", "has the id of a rule on file",
              "give it another id, and switch the other off if it replaces it")
        for rule in changes.add
        if rule.id in known
    ]  # fmt: skip


@cache
def embedded_rules() -> tuple[LawRule, ...]:
    """Rules of the catalogue, adequacy lists included. Raises BadInput with every malformed row."""
    faults: list[Fault] = []
    rules: list[LawRule] = []
    for file, rows in ((RULES_FILE, rule_rows()), (ADEQUACY_FILE, adequacy_rows())):
        for row in rows:
            try:
                rules.append(LawRule.model_validate(row))
            except ValidationError as error:
                faults.extend(row_faults(file, str(row.get("id", "?")), error))
    raise_faults(faults)
    return tuple(rules)


def row_faults(file: str, rule_id: str, error: ValidationError) -> list[Fault]:
    """One fault per wrong cell of a rule's row."""
    return [
        Fault(file, f"rule {rule_id}, {'.'.join(map(str, item['loc']))}", item["msg"], "correct the cell")
        for item in error.errors()
    ]


def rule_rows() -> list[dict[str, Any]]:
    """Rows of the rule table as mappings; empty cells are left out."""
    return [cells(row) for row in read_table(RULES_FILE).to_dict("records")]


def adequacy_rows() -> list[dict[str, Any]]:
    """Rows of the adequacy lists as rules; the id names origin, host and first year."""
    rows = []
    for row in read_table(ADEQUACY_FILE).to_dict("records"):
        rule = cells(row)
        rule["hosts"] = (rule.pop("host"),)
        rule["id"] = f"{rule['origin']}-ADEQUATE-{rule['hosts'][0]}-{str(rule['effective_from'])[:4]}"
        rows.append(rule | {"effect": "adequacy"})
    return rows


def cells(row: dict[Any, Any]) -> dict[str, Any]:
    """A row without its empty cells, lists split at blanks, whole numbers whole."""
    filled = {str(name): value for name, value in row.items() if not pd.isna(value)}
    return {name: tuple(str(value).split()) if name in LISTS else value for name, value in filled.items()}


@cache
def jurisdictions() -> dict[str, str]:
    """Name of every jurisdiction on file, by id."""
    table = read_table("jurisdictions.csv", "jurisdiction")
    return {str(key): str(name) for key, name in table["name"].items()}
