"""The law's word on every case, host, operator mode and period of a study."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import product

import numpy as np

from data.law.classes import TIERS, counted_as
from data.law.conflict import Conflict, conflicts_of
from data.law.match import OPERATOR_MODES, Answer, OperatorMode
from data.law.study import Case, Study
from data.law.tiers import MANY_PEOPLE, Limits, Step, is_ready, steps, tier_limits

CELL_DIMS = ("legal_case", "jurisdiction", "operator_mode", "period")


@dataclass(frozen=True)
class Cell:
    """What the law says of one case, host, operator mode and period.

    limits: most persons in each tier; all zero where nothing may go.
    """

    steps: tuple[Step, ...]
    limits: Limits
    conflicts: tuple[Conflict, ...]

    @property
    def first(self) -> Answer:
        return self.steps[0].answer

    @property
    def mechanism(self) -> str:
        """The mechanisms met as more persons are counted, such as free|contract|assessment."""
        return "|".join(dict.fromkeys(step.answer.mechanism for step in self.steps))


Cells = dict[tuple[Case, str, OperatorMode, int], Cell]


def compiled_cells(study: Study) -> Cells:
    """The law's word on every case, host, operator mode and period."""
    cells: Cells = {}
    raw: dict[Hashable, tuple[tuple[Step, ...], tuple[Conflict, ...]]] = {}
    for case, host, mode, period in product(study.cases, study.hosts, OPERATOR_MODES, study.periods):
        transfer = study.transfer(case, host, mode, study.day(period))
        # Days with the same rules in force have the same answer; most periods of a study are such.
        in_force = study.rules.in_force(case.origin, transfer.as_of)
        key = (case.origin, case.data_class, host, transfer.nationality, tuple(map(id, in_force)))
        if key not in raw:
            raw[key] = (steps(study.rules, transfer), conflicts_of(study.rules, transfer))
        cells[case, host, mode, period] = cell_in_period(study, *raw[key], period)
    close_idle_ring_fences(study, cells)
    return cells


def cell_in_period(study: Study, found: tuple[Step, ...], clashes: tuple[Conflict, ...], period: int) -> Cell:
    """The cell with the scenario's choice on silent and contradicting law, and with delays."""
    first = found[0].answer
    if clashes and study.choice.exposure == "forbid":
        return Cell(found, (0,) * TIERS, clashes)
    if first.mechanism == "unknown" and study.choice.unknown_transfers == "allow_and_report":
        return Cell(found, (MANY_PEOPLE,) * TIERS, clashes)
    start = date(period, 1, 1)
    limits = tier_limits(found, lambda reply: is_ready(reply, study.plan_date, start))
    return Cell(found, limits, clashes)


def close_idle_ring_fences(study: Study, cells: Cells) -> None:
    """Close the ring-fenced mode where it changes nothing, so that the model carries no idle columns."""
    priced = study.choice.exposure == "price"
    for case, host, mode, period in list(cells):
        if mode != "ring_fenced":
            continue
        own, fenced = cells[case, host, "own", period], cells[case, host, mode, period]
        opens = any(more > less for more, less in zip(fenced.limits, own.limits, strict=True))
        if not opens and not (priced and own.conflicts and not fenced.conflicts):
            cells[case, host, mode, period] = Cell(fenced.steps, (0,) * TIERS, fenced.conflicts)


def needs_copy(cell: Cell) -> bool:
    """Whether a transfer that is open must leave a copy at home, at some number of persons."""
    return any(cell.limits) and any(step.answer.local_copy and step.answer.allowed for step in cell.steps)


def counted(case: Case, cell: Cell) -> Limits | None:
    """Limits that bind the count of persons; None where nothing goes or any number is free."""
    if not counted_as(case.data_class) or not any(cell.limits) or cell.limits[0] == MANY_PEOPLE:
        return None
    return cell.limits


def texts(values: Iterable[str]) -> np.ndarray:
    """An array of text objects; plain even when there is none."""
    listed = list(values)
    array = np.empty(len(listed), dtype=object)
    array[:] = listed
    return array
