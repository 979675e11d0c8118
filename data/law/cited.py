"""The rules behind every transfer of a study, with their sources and what counsel must be asked about them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from data.law.cells import CELL_DIMS, HOST_MODES, Cell, Cells, texts
from data.law.counsel import rule_questions, source
from data.law.rules import Rule
from data.law.study import Case, Study

Fields = dict[str, tuple[tuple[str, ...], np.ndarray]]


def rules_cited(cells: Cells) -> dict[str, Rule]:
    """Every rule that binds or clashes somewhere in the study, by id in order."""
    found: dict[str, Rule] = {}
    for cell in cells.values():
        found |= {rule.id: rule for rule in chain_of(cell)}
        found |= {rule.id: rule for clash in cell.conflicts for rule in (clash.compelling, clash.blocking)}
    return dict(sorted(found.items()))


def chain_of(cell: Cell) -> list[Rule]:
    """Rules that bind at some number of persons, in order of date; those switched off left out."""
    chain = {rule.id: rule for step in cell.steps for rule in step.answer.chain if not rule.waived}
    return sorted(chain.values(), key=lambda rule: (rule.text.effective_from, rule.id))


def cited_fields(study: Study, cases: list[Case], cells: Cells) -> Fields:
    """`transfer_rules` and `transfer_conflict` by cell, and the day whose law binds in each period."""
    shape = (len(cases), len(study.hosts), len(HOST_MODES), len(study.periods))
    rules, clashes = np.full(shape, "", dtype=object), np.full(shape, "", dtype=object)
    for at in np.ndindex(*shape):
        case, host = cases[at[0]], study.hosts[at[1]]
        if case.home and host != case.origin:
            continue
        cell = cells[Case(case.origin, case.data_class, case.exporter), host, HOST_MODES[at[2]],
                     study.periods[at[3]]]  # fmt: skip
        rules[at] = " ".join(rule.id for rule in chain_of(cell))
        clashes[at] = " ".join(f"{clash.compelling.id}>{clash.blocking.id}" for clash in cell.conflicts)
    return {
        "law_day": (("period",), texts(str(study.day(period)) for period in study.periods)),
        "transfer_rules": (CELL_DIMS, rules),
        "transfer_conflict": (CELL_DIMS, clashes),
    }


def rule_fields(rules: Mapping[str, Rule]) -> Fields:
    """Source, demand, dates, checks and open questions of each rule."""
    told = [rule.text for rule in rules.values()]
    columns = {
        "rule_source": [source(text) for text in told],
        "rule_effect": [
            f"{text.effect} local_copy" if text.local_copy and text.effect != "local_copy" else text.effect
            for text in told
        ],
        "rule_from": [str(text.effective_from) for text in told],
        "rule_until": [str(text.effective_until or "") for text in told],
        "rule_checked": [f"{text.verified}, confidence {text.confidence}" for text in told],
        "rule_questions": ["\n".join(rule_questions(text)) for text in told],
    }
    return {name: (("law_rule",), texts(values)) for name, values in columns.items()}
