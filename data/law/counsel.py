"""Questions for counsel that follow from the transfers a plan uses."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd

from data.law.cells import Cell, compiled_cells
from data.law.match import OPERATOR_MODES
from data.law.rules import jurisdictions
from data.law.study import Case, study_of
from data.scenario.law import LawRule
from data.setting import Setting

QUESTION = re.compile(r"[^.;?]*\?")


def counsel_questions(setting: Setting, used: pd.DataFrame) -> list[str]:
    """What counsel must be asked about the transfers of a plan, each question once.

    `used`: columns legal_case, jurisdiction, operator_mode, period; the pairs that carry load.
    """
    study = study_of(setting)
    cells = compiled_cells(study)
    cases = {case.id: case for case in study.cases}
    questions: dict[str, None] = {}
    for row in used[["legal_case", "jurisdiction", "operator_mode", "period"]].itertuples(index=False):
        case = cases[str(row.legal_case).removesuffix("/home")]
        mode = OPERATOR_MODES[OPERATOR_MODES.index(row.operator_mode)]
        cell = cells[case, str(row.jurisdiction), mode, int(str(row.period))]
        questions |= dict.fromkeys(cell_questions(case, str(row.jurisdiction), cell))
    return list(questions)


def cell_questions(case: Case, host: str, cell: Cell) -> Iterator[str]:
    """Questions about one case at one host."""
    if cell.first.mechanism == "unknown":
        yield unknown_question(case.origin, case.data_class, host)
    chain = {rule.id: rule.text for step in cell.steps for rule in step.answer.chain}
    clashing = {rule.id: rule.text for clash in cell.conflicts for rule in (clash.compelling, clash.blocking)}
    for text in (chain | clashing).values():
        yield from rule_questions(text)
    for clash in cell.conflicts:
        yield conflict_question(source(clash.compelling.text), source(clash.blocking.text))


def unknown_question(origin: str, data_class: str, host: str) -> str:
    """The question about a transfer on which no rule is on file."""
    places = jurisdictions()
    return f"Which law binds {data_class} data from {places[origin]} hosted in {places[host]}? No rule is on file."


def conflict_question(compelling: str, blocking: str) -> str:
    """The question about two laws that contradict one another on disclosure, each by its source."""
    return f"What does the operator do when {compelling} compels a disclosure that {blocking} forbids?"


def source(rule: LawRule) -> str:
    """Instrument and article."""
    return f"{rule.instrument}, {rule.article}" if rule.article else rule.instrument


def rule_questions(rule: LawRule) -> Iterator[str]:
    """Questions a rule leaves open: its own, and whether its encoding is right where that is not sure."""
    name = source(rule)
    if rule.verified == "unverified":
        yield f"Does {name} demand {rule.effect} as rule {rule.id} says? It was recalled, not read."
    elif rule.confidence != "high":
        yield f"Is {name} rightly encoded as {rule.effect} ({rule.id}, confidence {rule.confidence})?"
    for question in QUESTION.findall(rule.note):
        yield f"{name}: {question.strip()}"
