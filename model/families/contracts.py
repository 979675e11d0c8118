"""Contracted hydro, wind and solar power: take or pay, in MW per period."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from model.accounts import Accounts
    from model.core import Core


def add_contracts(m: Core, accounts: Accounts) -> None:
    """`energy_contract[site, energy_source, period]`, MW; its energy follows the hydrological year."""
    x = m.problem
    used: np.ndarray = np.any(x.hall_usable, axis=1)
    offered = (x.contract_limit > 0) & used[:, None, :] & (x.contract_expected > 0)[:, :, None]
    contract = m.variables("energy_contract", ("site", "energy_source", "period"), offered, upper=x.contract_limit)

    yearly = x.contract_price * x.contract_expected[:, :, None] * x.year_weight
    accounts.post("energy_contracts", contract, yearly)
    carbon = np.einsum("ie,e,t->iet", x.contract_expected, x.contract_carbon, x.carbon_price * x.year_weight)
    accounts.post("carbon", contract, carbon)
