"""The share of yearly energy that must come from green contracts and certificates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from model.accounts import present
from model.families.grid import facility_terms

if TYPE_CHECKING:
    from model.accounts import Accounts
    from model.core import Core


def add_green(m: Core, accounts: Accounts) -> None:
    """`certificates[site, period]`, GWh a year; every contracted source counts as green, by yearly volume."""
    x = m.problem
    if not x.has("green_share"):
        return
    bound = np.nan_to_num(x.green_share, nan=0.0) > 0
    used = x.hall_usable.any(axis=1) & bound[:, None]
    priced = x.has("certificate_price")
    price = x.certificate_price if priced else np.full(used.shape, np.nan)
    certificates = m.variables("certificates", ("site", "period"), used & np.isfinite(price))

    sites, periods = x.labels("site"), x.labels("period")
    contract = m.arrays["energy_contract"]
    overhead, marginal = x.overhead_power @ x.slice_hours, x.hosted_power @ x.slice_hours

    def rows() -> Iterator[tuple[Any, ...]]:
        for i, t in np.argwhere(used):
            coefs, variables = facility_terms(
                m, i, t, x.green_share[i] * overhead[i] / 1e3, x.green_share[i] * marginal[i] / 1e3
            )
            for e in np.flatnonzero(present(contract[i, :, t])):
                coefs.append(-float(x.contract_expected[i, e]) / 1e3)
                variables.append(contract[i, e, t])
            if certificates[i, t] is not None:
                coefs.append(-1.0)
                variables.append(certificates[i, t])
            yield (sites[i], periods[t]), coefs, variables, None, 0.0

    m.rows("green_share_kept", rows())

    accounts.post("certificates", certificates, np.nan_to_num(price) * 1e3 * x.year_weight)
