"""Convex second-stage amounts in a master: cut where a solution says more than the closed form."""

from __future__ import annotations

from typing import Any

import numpy as np

from model.cuts import UNIT, Cuts, first_pattern
from model.dispatch import contracted, facility_load
from model.likely_contracts import likely_contracts, usual_load
from model.solver.master import Master

Array = np.ndarray[Any, Any]


NEAR = (0.97, 1.03)  # of the contracts that would be best: cuts there hold what is saved on both sides of the best


def begin_cuts(master: Master) -> None:
    """Add the cuts known before solving, where there is no cut yet."""
    _add_known(master, {name: _bare(master, name, None) for name in master.weights})


def begin_again(master: Master) -> None:
    """Add them where cuts of an earlier solve are: at other prices other patterns matter, and all need the first."""
    _add_known(master, {name: master.core.at[name] >= 0 for name in master.weights})


def _add_known(master: Master, where: dict[str, Array]) -> None:
    """Add at the flagged sites and periods (I × T, by amount) the first patterns not there, and those near the best."""
    if not any(flags.any() for flags in where.values()):
        return
    near = _near_best(master, np.logical_or.reduce(list(where.values())))
    for name, flags in where.items():
        for covered in (False, True):
            master.add_cuts(name, first_pattern(master.x, flags & _bare(master, name, covered), covered))
        for cuts in near:
            master.add_cuts(name, cuts.chosen(flags[cuts.site, cuts.period]))


def _bare(master: Master, name: str, covered: bool | None) -> Array:
    """Flags (I × T) of sites and periods without any cut, or without the one where load counts always, or never."""
    bare: Array = master.core.at[name] >= 0
    for known, cuts, _ in master.cuts:
        if known == name:
            same = np.ones(len(cuts), dtype=bool) if covered is None else (cuts.covered == covered).all(axis=(1, 2))
            bare[cuts.site[same], cuts.period[same]] = False
    return bare


def _near_best(master: Master, flags: Array) -> list[Cuts]:
    """Patterns about the contracts that would be best for a usual load, at the flagged sites and periods (I × T)."""
    x, at, cost = master.x, master.core.at, master.highs.cost
    site, period = np.nonzero(flags & (at["contract_saving"] >= 0))
    columns = at["energy_contract"][site, :, period]
    price = np.where(columns >= 0, cost[np.maximum(columns, 0)], np.inf)
    saved = -cost[at["contract_saving"][site, period]] * UNIT["contract_saving"]
    worth = master.weights["contract_saving"][site, :, :, period] * saved[:, None, None]
    load, delivery = usual_load(x)[site], x.contract_delivery[site]
    best = np.einsum("nesy,ne->nsy", delivery, likely_contracts(load, delivery, worth, price))
    return [Cuts(site, period, load[:, :, None] < factor * best) for factor in NEAR]


def savings(master: Master, values: Array) -> Array:
    """What contracts truly save at a solution, I × T, million CNY a year."""
    state = master.state(values)
    covered = np.minimum(facility_load(master.x, state)[:, :, None, :], contracted(master.x, state.contract))
    saved: Array = (master.weights["contract_saving"] * covered).sum(axis=(1, 2)) * UNIT["contract_saving"]
    return saved


def separate(master: Master, values: Array, tolerance: float) -> int:
    """Add cuts where the variable is above the closed form by more than `tolerance` of the whole; how many."""
    added = 0
    state = master.state(values)
    load, contract = facility_load(master.x, state)[:, :, None, :], contracted(master.x, state.contract)
    for name, weight in master.weights.items():
        true = (weight * np.minimum(load, contract)).sum(axis=(1, 2)) * UNIT[name]
        excess = master.block(name, values) - true
        limit = tolerance * float((weight * load).sum()) * UNIT[name] / max(1, true.size)
        where = (excess > max(limit, 1e-7)) & (master.core.at[name] >= 0)
        if where.any():
            added += len(master.add_cuts(name, Cuts.where(where, load < contract)))
    return added
