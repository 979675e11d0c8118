"""Cuts on the carbon that contracts avoid, in the columns of a loosened model."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse as sp

from model.cuts import UNIT, Cuts, entries
from model.dispatch import State, contracted, facility_load
from model.studies.loosened import Loosened

Array = np.ndarray[Any, Any]


def overstated(m: Loosened, weight: Array, values: Array) -> Cuts:
    """Cuts at a solution, of the sites and periods where it calls more avoided (kt a year) than is."""
    at = m.core.at

    def block(name: str) -> Array:
        return np.where(at[name] >= 0, values[np.maximum(at[name], 0)], 0.0)

    state = State(block("built_halls") + block("kept_halls"), block("hosted_load"), block("energy_contract"))
    load, contract = facility_load(m.x, state)[:, :, None, :], contracted(m.x, state.contract)
    true = (weight * np.minimum(load, contract)).sum(axis=(1, 2)) * UNIT["contract_avoided"]
    excess = block("contract_avoided") - true
    where = (excess > 1e-6 * max(1.0, float(true.sum()))) & (at["contract_avoided"] >= 0)
    return Cuts.where(where, load < contract)


def cut_rows(m: Loosened, cuts: Cuts, weight: Array, columns: int) -> Any:
    """Rows avoided − Σ slope · decision (at most 0) of the cuts, sparse."""
    counts, column, value = entries(m.x, m.core.at, "contract_avoided", cuts, weight)
    return sp.csr_array((value, column, np.append(0, np.cumsum(counts))), shape=(len(cuts), columns))
