"""The law's word on every case, host, operator mode and period of a study."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import product

import numpy as np

from data.law.classes import TIERS, counted_as
from data.law.conflict import Conflict, conflicts_of
from data.law.match import OPERATOR_MODES, Answer
from data.law.study import Case, Study
from data.law.tiers import MANY_PEOPLE, Limits, Step, is_ready, steps, tier_limits

COPY_MODE = "own_copy"  # own operator, and a copy at home that only many exported persons ask for
HOST_MODES = (*OPERATOR_MODES, COPY_MODE)
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


Cells = dict[tuple[Case, str, str, int], Cell]


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
    """Whether a transfer that is open must leave a copy at home from the first person on."""
    return any(cell.limits) and copy_from(cell) == cell.steps[0].people_from


def copy_from(cell: Cell) -> int | None:
    """Persons exported from which a copy must stay at home; None where it never must."""
    return next((step.people_from for step in cell.steps if step.answer.local_copy and step.answer.allowed), None)


def with_copies(study: Study, cells: Cells) -> Cells:
    """The cells of all host modes: where many persons ask for a copy at home, they go abroad in a mode of its own.

    Tiers below the duty then admit transfers without a copy and none with one, tiers above it the reverse, so
    the tier an exporter is in decides. A duty that begins within a tier is met by what lies beyond it.
    """
    found = dict(cells)
    for case, host, period in product(study.cases, study.hosts, study.periods):
        own = cells[case, host, "own", period]
        people = copy_from(own)
        closed = Cell(own.steps, (0,) * TIERS, own.conflicts)
        if people is None or needs_copy(own) or not any(own.limits):
            found[case, host, COPY_MODE, period] = closed
            continue
        at = next(index for index, step in enumerate(own.steps) if step.people_from == people)
        duty, before = (tier_of(own.limits, persons) for persons in (people, people - 1))
        within = duty == before
        bare = people - 1 if within else 0  # these go without a copy beside those that leave one
        copied = tuple(limit - bare if tier >= duty and limit >= people else 0 for tier, limit in enumerate(own.limits))
        plain = tuple(
            0 if copied[tier] and not within else min(limit, people - 1) for tier, limit in enumerate(own.limits)
        )
        found[case, host, "own", period] = Cell(own.steps, plain, own.conflicts)
        found[case, host, COPY_MODE, period] = Cell(own.steps[at:], copied, own.conflicts)
    return found


def tier_of(limits: Limits, people: int) -> int:
    """First tier that admits so many persons; one beyond the last where none does."""
    return next((tier for tier, limit in enumerate(limits) if limit >= people), TIERS)


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
