"""Policy tariffs: a lower energy price from a minimum load on, up to an amount of energy, until an end date."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from model.accounts import present
from model.families.grid import facility_terms

if TYPE_CHECKING:
    from model.accounts import Accounts
    from model.core import Core


def add_policy(m: Core, accounts: Accounts) -> None:
    """`policy_uptake[site, period]` binary, `policy_energy[site, period]` GWh a year bought under the tariff.

    Contracted energy is not bought under it: energy is limited by facility energy less expected contract delivery.
    """
    x = m.problem
    if not (x.has("policy_discount") and (np.nan_to_num(x.policy_discount) > 0).any()):
        return
    offered = (np.nan_to_num(x.policy_discount) > 0) & x.hall_usable.any(axis=1)
    limit = np.nan_to_num(x.policy_energy_limit) / 1e3
    uptake = m.variables("policy_uptake", ("site", "period"), offered, whole=True, upper=1.0)
    energy = m.variables("policy_energy", ("site", "period"), offered, upper=limit)

    sites, periods = x.labels("site"), x.labels("period")
    overhead, marginal = x.overhead_power @ x.slice_hours, x.hosted_power @ x.slice_hours
    hosted, contract = m.arrays["hosted_load"], m.arrays["energy_contract"]
    m.rows(
        "policy_needs_uptake",
        (
            ((sites[i], periods[t]), [1.0, -limit[i, t]], [energy[i, t], uptake[i, t]], None, 0.0)
            for i, t in np.argwhere(offered)
        ),
    )
    m.rows(
        "policy_needs_load",
        (
            (
                (sites[i], periods[t]),
                [x.policy_minimum_load[i]] + [-1.0] * len(found),
                [uptake[i, t], *found],
                None,
                0.0,
            )
            for i, t in np.argwhere(offered)
            if (found := [v for v in hosted[i, :, :, t].ravel() if v is not None])
        ),
    )

    is_open = m.arrays["is_open"]
    m.rows(
        "policy_needs_open_site",
        (
            ((sites[i], periods[t]), [1.0, -1.0], [uptake[i, t], is_open[i, t]], None, 0.0)
            for i, t in np.argwhere(offered)
            if is_open[i, t] is not None
        ),
    )

    def bought() -> Iterator[tuple[Any, ...]]:
        for i, t in np.argwhere(offered):
            coefs, variables = facility_terms(m, i, t, -overhead[i] / 1e3, -marginal[i] / 1e3)
            for e in np.flatnonzero(present(contract[i, :, t])):
                coefs.append(float(x.contract_expected[i, e]) / 1e3)
                variables.append(contract[i, e, t])
            yield (sites[i], periods[t]), [*coefs, 1.0], [*variables, energy[i, t]], None, 0.0

    m.rows("policy_energy_is_bought", bought())

    accounts.post("policy_discount", energy, -np.nan_to_num(x.policy_discount) * 1e3 * x.year_weight)
