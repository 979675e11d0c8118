"""Dated rules compiled to what the model knows: allowed transfers, tiers on persons, costs."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import product

import numpy as np
import pandas as pd
import xarray as xr

from data.evidence import assumptions
from data.law.classes import TIER_OF_PATH, TIERS, counted_as
from data.law.conflict import Conflict, conflicts_of
from data.law.groups import Groups
from data.law.match import OPERATOR_MODES, Answer, OperatorMode
from data.law.study import Case, Study, study_of
from data.law.tiers import MANY_PEOPLE, Limits, Step, is_ready, path_cost, steps, tier_cost, tier_limits
from data.setting import Setting

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


def law(setting: Setting, streams: pd.DataFrame | None = None) -> xr.Dataset:
    """Every field of the law section but `stream_legal_case`, for all legal cases of the setting.

    `streams` (columns origin, workload) narrows the legal cases to those that have demand.
    A case whose data must keep a copy at home is joined by the case `…/home`, which may only stay there.
    """
    study = study_of(setting, streams)
    assumed = assumptions(setting.scenario.assumptions)
    cells = compiled_cells(study)
    cases = with_home_cases(study.cases, cells)
    groups = export_groups(study, cells)
    return xr.Dataset(
        {
            "legal_case_exporter": ("legal_case", texts([case.exporter_id for case in cases])),
            **cell_fields(study, cases, cells, groups, assumed),
            **tier_fields(study, cells, groups, assumed),
            "ring_fence_cost": (
                ("jurisdiction", "period"),
                np.full((len(study.hosts), len(study.periods)), assumed["law_ring_fence_fixed_cny_a"]),
            ),
        },
        coords={
            "legal_case": texts([case.id for case in cases]),
            "jurisdiction": texts(study.hosts),
            "operator_mode": texts(OPERATOR_MODES),
            "period": list(study.periods),
            "exporter": texts(exporters(study)),
            "export_group": texts(groups.ids),
            "export_tier": list(range(TIERS)),
        },
    )


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


def with_home_cases(cases: tuple[Case, ...], cells: Cells) -> list[Case]:
    """The cases, each followed by its home case where some permitted transfer must leave a copy at home."""
    needing = {key[0] for key, cell in cells.items() if needs_copy(cell)}
    return [
        member
        for case in cases
        for member in ([case, Case(case.origin, case.data_class, case.exporter, home=True)]
                       if case in needing else [case])
    ]  # fmt: skip


def needs_copy(cell: Cell) -> bool:
    """Whether a transfer that is open must leave a copy at home, at some number of persons."""
    return any(cell.limits) and any(step.answer.local_copy and step.answer.allowed for step in cell.steps)


def export_groups(study: Study, cells: Cells) -> Groups:
    """Persons counted together: one exporter, one kind of person, one set of thresholds over the periods."""
    groups = Groups()
    for case, host, mode in product(study.cases, study.hosts, OPERATOR_MODES):
        limits = [counted(case, cells[case, host, mode, period]) for period in study.periods]
        groups.join((case, host, mode), case.exporter_id, counted_as(case.data_class), limits)
    return groups


def counted(case: Case, cell: Cell) -> Limits | None:
    """Limits that bind the count of persons; None where nothing goes or any number is free."""
    if not counted_as(case.data_class) or not any(cell.limits) or cell.limits[0] == MANY_PEOPLE:
        return None
    return cell.limits


def exporters(study: Study) -> list[str]:
    """Handlers, each under the law of one jurisdiction."""
    return sorted({case.exporter_id for case in study.cases})


def cell_fields(
    study: Study, cases: list[Case], cells: Cells, groups: Groups, assumed: Mapping[str, float]
) -> dict[str, tuple[tuple[str, ...], np.ndarray]]:
    """Fields over case, host, mode and period."""
    shape = (len(cases), len(study.hosts), len(OPERATOR_MODES), len(study.periods))
    allowed, cost = np.zeros(shape, dtype=bool), np.zeros(shape)
    mechanism, group = np.full(shape, "", dtype=object), np.full(shape, "", dtype=object)
    for at in np.ndindex(*shape):
        case, host, mode, period = (
            cases[at[0]],
            study.hosts[at[1]],
            OPERATOR_MODES[at[2]],
            study.periods[at[3]],
        )
        cell = cells[Case(case.origin, case.data_class, case.exporter), host, mode, period]
        closed = case.home and host != case.origin
        allowed[at] = any(cell.limits) and not closed
        mechanism[at] = "forbidden" if closed else cell.mechanism
        cost[at] = load_cost(study, cell, mode, assumed)
        if counted(case, cell) is not None and not closed:
            group[at] = groups.of(Case(case.origin, case.data_class, case.exporter), host, mode)
    return {
        "transfer_allowed": (CELL_DIMS, allowed),
        "transfer_mechanism": (CELL_DIMS, mechanism),
        "transfer_cost": (CELL_DIMS, cost),
        "transfer_group": (CELL_DIMS, group),
    }


def load_cost(study: Study, cell: Cell, mode: OperatorMode, assumed: Mapping[str, float]) -> float:
    """Cost that follows the load in CNY/MW/a: consents, the local operator's fee, priced exposure."""
    consent = assumed["law_consent_cny_per_mw_a"] if cell.first.path == "consent" else 0.0
    fence = assumed["law_ring_fence_cny_per_mw_a"] if mode == "ring_fenced" else 0.0
    exposed = cell.conflicts and study.choice.exposure == "price"
    return consent + fence + (assumed["law_exposure_cny_per_mw_a"] if exposed else 0.0)


def tier_fields(
    study: Study, cells: Cells, groups: Groups, assumed: Mapping[str, float]
) -> dict[str, tuple[tuple[str, ...], np.ndarray]]:
    """Persons admitted and cost of each tier."""
    names = exporters(study)
    people = np.array([groups.limits(group) for group in groups.ids], dtype=float)
    people = people.reshape(len(groups.ids), len(study.periods), TIERS).transpose(0, 2, 1)
    cost = np.zeros((len(names), TIERS, len(study.periods)))
    cost[:] = np.array([0.0, path_cost("contract", (), assumed), path_cost("assessment", (), assumed)])[:, None]
    for (case, _host, _mode, period), cell in cells.items():
        row, column = names.index(case.exporter_id), study.periods.index(period)
        for step in cell.steps:
            tier = TIER_OF_PATH[step.answer.path]
            if tier and step.answer.allowed:
                cost[row, tier, column] = max(cost[row, tier, column], tier_cost(step.answer, assumed))
    return {
        "export_group_exporter": (("export_group",), texts([groups.exporter(group) for group in groups.ids])),
        "export_tier_people": (("export_group", "export_tier", "period"), people),
        "export_tier_cost": (("exporter", "export_tier", "period"), np.maximum.accumulate(cost, axis=1)),
    }


def texts(values: Iterable[str]) -> np.ndarray:
    """An array of text objects; plain even when there is none."""
    listed = list(values)
    array = np.empty(len(listed), dtype=object)
    array[:] = listed
    return array
