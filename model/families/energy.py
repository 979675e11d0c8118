"""The energy bill: everything from the grid, less what contracted energy saves, less policy; carbon budgets alike."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from model.accounts import present
from model.dispatch import grid_only, weights
from model.families.grid import facility_terms
from model.problem import MONEY

if TYPE_CHECKING:
    from model.accounts import Accounts
    from model.core import Core


def add_energy(m: Core, accounts: Accounts) -> None:
    """`contract_saving[site, period]`, million CNY a year, and, where CO2 is capped, `contract_avoided`, kt a year.

    Both are concave in halls, load and contracts; nothing here bounds them: the full model writes dispatch out, the
    solver adds cuts (model/dispatch.py).
    """
    x = m.problem
    contract = m.arrays["energy_contract"]
    has_contract: np.ndarray = np.any(present(contract), axis=1)
    saving = m.variables("contract_saving", ("site", "period"), has_contract)

    if x.has("carbon_limit"):
        capped = np.isfinite(x.carbon_limit)
        avoided = m.variables("contract_avoided", ("site", "period"), has_contract & capped)
        m.rows("carbon_budget_kept", _budget_rows(m, avoided))

    bill = grid_only(x, weights(x, "bill"))
    accounts.post("energy_grid", m.arrays["built_halls"], bill.halls * x.year_weight)
    accounts.post("energy_grid", m.arrays["kept_halls"], bill.halls * x.year_weight)
    accounts.post("energy_grid", m.arrays["hosted_load"], bill.hosted * x.year_weight)
    accounts.post("energy_grid", saving, np.broadcast_to(-x.year_weight / MONEY, saving.shape))


def _budget_rows(m: Core, avoided: np.ndarray) -> Iterator[tuple[Any, ...]]:
    """Emissions of grid, backup and contracts in kt a year, within the limit of each capped period."""
    x = m.problem
    grid = grid_only(x, weights(x, "emissions"))
    contract = m.arrays["energy_contract"]
    per_contract = x.contract_expected * x.contract_carbon / 1e3
    for t in np.flatnonzero(np.isfinite(x.carbon_limit)):
        coefs: list[float] = []
        variables: list[Any] = []
        for i in range(x.size("site")):
            more, found = facility_terms(m, i, int(t), grid.halls[i, :, t] / 1e3, grid.hosted[i, :, :, t] / 1e3)
            coefs, variables = coefs + more, variables + found
            if avoided[i, t] is not None:
                coefs, variables = [*coefs, -1.0], [*variables, avoided[i, t]]
            for e in np.flatnonzero(present(contract[i, :, t])):
                coefs, variables = [*coefs, float(per_contract[i, e])], [*variables, contract[i, e, t]]
        yield x.labels("period")[t], coefs, variables, None, x.carbon_limit[t] / 1e3
