"""Contracted hydro, wind and solar power: take or pay, in MW per period."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from model.accounts import Accounts
    from model.core import Core


def add_contracts(m: Core, accounts: Accounts) -> None:
    """`energy_contract[site, energy_source, period]`, MW; its energy follows the hydrological year.

    A closed site would pay for nothing, so no plan is lost by the row that contracts need an open site: without it a
    third of a site could have all of its contracts, and the relaxation of large studies is 1 to 2 % lower.
    """
    x = m.problem
    used: np.ndarray = np.any(x.hall_usable, axis=1)
    offered = (x.contract_limit > 0) & used[:, None, :] & (x.contract_expected > 0)[:, :, None]
    contract = m.variables("energy_contract", ("site", "energy_source", "period"), offered, upper=x.contract_limit)

    is_open = m.arrays["is_open"]
    sites, sources, periods = (x.labels(d) for d in ("site", "energy_source", "period"))
    m.rows(
        "contracts_need_open_site",
        (
            (
                (sites[i], sources[e], periods[t]),
                [1.0, -float(x.contract_limit[i, e, t])],
                [contract[i, e, t], is_open[i, t]],
                None,
                0.0,
            )
            for i, e, t in np.argwhere(offered & np.isfinite(x.contract_limit))
            if is_open[i, t] is not None
        ),
    )

    yearly = x.contract_price * x.contract_expected[:, :, None] * x.year_weight
    accounts.post("energy_contracts", contract, yearly)
    carbon = np.einsum("ie,e,t->iet", x.contract_expected, x.contract_carbon, x.carbon_price * x.year_weight)
    accounts.post("carbon", contract, carbon)
