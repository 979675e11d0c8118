"""Dated rules compiled to what the model knows: allowed transfers, tiers on persons, costs."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

import numpy as np
import pandas as pd
import xarray as xr

from data.evidence import assumptions
from data.law.cells import (
    CELL_DIMS,
    COPY_MODE,
    HOST_MODES,
    Cell,
    Cells,
    compiled_cells,
    copy_from,
    counted,
    needs_copy,
    texts,
    with_copies,
)  # fmt: skip
from data.law.cited import cited_fields, rule_fields, rules_cited
from data.law.classes import TIER_OF_PATH, TIERS, counted_as
from data.law.groups import Groups
from data.law.study import Case, Study, study_of
from data.law.tiers import path_cost, tier_cost
from data.setting import Setting


def law(setting: Setting, streams: pd.DataFrame | None = None) -> xr.Dataset:
    """Every field of the law section but `stream_legal_case`, for all legal cases of the setting.

    `streams` (columns origin, workload) narrows the legal cases to those that have demand.
    A case whose data must keep a copy at home is joined by the case `…/home`, which may only stay there.
    """
    study = study_of(setting, streams)
    assumed = assumptions(setting.scenario.assumptions)
    cells = with_copies(study, compiled_cells(study))
    cases = with_home_cases(study.cases, cells)
    groups, rules = export_groups(study, cells), rules_cited(cells)
    return xr.Dataset(
        {
            "legal_case_exporter": ("legal_case", texts([case.exporter_id for case in cases])),
            **cell_fields(study, cases, cells, groups, assumed),
            **tier_fields(study, cells, groups, assumed),
            **cited_fields(study, cases, cells),
            **rule_fields(rules),
            "ring_fence_cost": (
                ("jurisdiction", "period"),
                np.full((len(study.hosts), len(study.periods)), assumed["law_ring_fence_fixed_cny_a"]),
            ),
        },
        coords={
            "legal_case": texts([case.id for case in cases]),
            "jurisdiction": texts(study.hosts),
            "operator_mode": texts(HOST_MODES),
            "period": list(study.periods),
            "exporter": texts(exporters(study)),
            "export_group": texts(groups.ids),
            "export_tier": list(range(TIERS)),
            "law_rule": texts(rules),
        },
    )


def with_home_cases(cases: tuple[Case, ...], cells: Cells) -> list[Case]:
    """The cases, each followed by its home case where some permitted transfer must leave a copy at home."""
    needing = {key[0] for key, cell in cells.items() if needs_copy(cell)}
    return [
        member
        for case in cases
        for member in ([case, Case(case.origin, case.data_class, case.exporter, home=True)]
                       if case in needing else [case])
    ]  # fmt: skip


def export_groups(study: Study, cells: Cells) -> Groups:
    """Persons counted together: one exporter, one kind of person, one set of thresholds over the periods."""
    groups = Groups()
    for case, host, mode in product(study.cases, study.hosts, HOST_MODES):
        limits = [counted(case, cells[case, host, mode, period]) for period in study.periods]
        groups.join((case, host, mode), case.exporter_id, counted_as(case.data_class), limits)
    return groups


def exporters(study: Study) -> list[str]:
    """Handlers, each under the law of one jurisdiction."""
    return sorted({case.exporter_id for case in study.cases})


def cell_fields(
    study: Study, cases: list[Case], cells: Cells, groups: Groups, assumed: Mapping[str, float]
) -> dict[str, tuple[tuple[str, ...], np.ndarray]]:
    """Fields over case, host, mode and period."""
    shape = (len(cases), len(study.hosts), len(HOST_MODES), len(study.periods))
    allowed, cost = np.zeros(shape, dtype=bool), np.zeros(shape)
    mechanism, group = np.full(shape, "", dtype=object), np.full(shape, "", dtype=object)
    for at in np.ndindex(*shape):
        case, host, mode, period = (
            cases[at[0]],
            study.hosts[at[1]],
            HOST_MODES[at[2]],
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


def load_cost(study: Study, cell: Cell, mode: str, assumed: Mapping[str, float]) -> float:
    """Cost that follows the load in CNY/MW/a: consents, the local operator's fee, priced exposure, copies at home.

    A copy that only many persons ask for is priced as hosted at home, not placed; under a ring-fenced operator
    from the first person on.
    """
    consent = assumed["law_consent_cny_per_mw_a"] if cell.first.path == "consent" else 0.0
    fence = assumed["law_ring_fence_cny_per_mw_a"] if mode == "ring_fenced" else 0.0
    late_copy = copy_from(cell) is not None and not needs_copy(cell)
    copied = mode == COPY_MODE or (mode == "ring_fenced" and late_copy)
    copy = assumed["local_copy_load_fraction"] * assumed["law_copy_hosting_cny_per_mw_a"] if copied else 0.0
    exposed = cell.conflicts and study.choice.exposure == "price"
    return consent + fence + copy + (assumed["law_exposure_cny_per_mw_a"] if exposed else 0.0)


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
