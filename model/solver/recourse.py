"""Convex second-stage amounts in a master: cut where a solution says more than the closed form."""

from __future__ import annotations

from typing import Any

import numpy as np

from model.cuts import UNIT, Cuts, first_patterns
from model.dispatch import contracted, facility_load
from model.solver.master import Master

Array = np.ndarray[Any, Any]


def begin_cuts(master: Master) -> None:
    """Add the cuts known before solving, where there is no cut yet."""
    for name in master.weights:
        bare = master.core.at[name] >= 0
        for known, cuts, _ in master.cuts:
            if known == name:
                bare[cuts.site, cuts.period] = False
        for cuts in first_patterns(master.x, bare) if bare.any() else ():
            master.add_cuts(name, cuts)


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
