"""Cuts on the carbon that contracts avoid, in the columns of a loosened model."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse as sp

from model.dispatch import Slopes, State, contracted, cut_at, facility_load
from model.studies.loosened import Loosened

Array = np.ndarray[Any, Any]
KILO = 1e-3


def overstated(m: Loosened, weight: Array, values: Array) -> tuple[Slopes, Array]:
    """Cuts at a solution, and flags (site × period) of where it calls more avoided (kt a year) than is."""
    at = m.core.at

    def block(name: str) -> Array:
        return np.where(at[name] >= 0, values[np.maximum(at[name], 0)], 0.0)

    state = State(block("built_halls") + block("kept_halls"), block("hosted_load"), block("energy_contract"))
    load, contract = facility_load(m.x, state)[:, :, None, :], contracted(m.x, state.contract)
    true = (weight * np.minimum(load, contract)).sum(axis=(1, 2)) * KILO
    excess = block("contract_avoided") - true
    where = (excess > 1e-6 * max(1.0, float(true.sum()))) & (at["contract_avoided"] >= 0)
    return cut_at(m.x, weight, load < contract), where


def cut_rows(m: Loosened, cuts: Slopes, where: Array, columns: int) -> Any:
    """Rows avoided − Σ slope · decision (at most 0) at the flagged sites and periods, sparse."""
    at = m.core.at
    blocks = (("built_halls", cuts.halls), ("kept_halls", cuts.halls), ("hosted_load", cuts.hosted),
              ("energy_contract", cuts.contract))  # fmt: skip
    row, column, value = [], [], []
    for n, (i, t) in enumerate(np.argwhere(where)):
        parts = [(np.array([at["contract_avoided"][i, t]]), np.array([1.0]))]
        parts += [(at[name][i, ..., t].ravel(), -slope[i, ..., t].ravel() * KILO) for name, slope in blocks]
        for places, slopes in parts:
            live = (places >= 0) & (np.abs(slopes) > 1e-12)
            row.append(np.full(int(live.sum()), n))
            column.append(places[live])
            value.append(slopes[live])
    at_entries = (np.concatenate(row), np.concatenate(column))
    return sp.coo_array((np.concatenate(value), at_entries), shape=(int(where.sum()), columns))
