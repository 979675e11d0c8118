"""Which candidate sites are open, and from when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from model.accounts import Accounts
    from model.core import Core


def add_opening(m: Core, accounts: Accounts) -> None:
    """`is_open[site, period]`: once open, open; a site with existing halls is open from the start, no variable."""
    x = m.problem
    decides = (x.is_candidate & ~x.has_existing)[:, None] & x.open_allowed
    is_open = m.variables(
        "is_open", ("site", "period"), decides, whole=True, upper=1.0, lower=np.where(x.open_forced & decides, 1.0, 0.0)
    )

    sites, periods = x.labels("site"), x.labels("period")
    pairs = [(i, t) for i, t in np.argwhere(decides) if t > 0 and is_open[i, t - 1] is not None]
    m.rows(
        "stays_open",
        (((sites[i], periods[t]), [1.0, -1.0], [is_open[i, t], is_open[i, t - 1]], 0.0, None) for i, t in pairs),
    )
    if x.has("site_limit"):
        m.rows(
            "open_sites_limited",
            (
                (periods[t], [1.0] * len(found), found, None, float(x.site_limit[t]))
                for t in range(len(periods))
                if np.isfinite(x.site_limit[t]) and (found := [v for v in is_open[:, t] if v is not None])
            ),
        )

    charge = x.capital_charge(float(x.site_life))
    accounts.post_new("land", is_open, np.multiply.outer(x.land_capital, charge))
    accounts.post_new("fibre", is_open, np.multiply.outer(x.fibre_capital, charge))
    accounts.post("site_operation", is_open, np.multiply.outer(x.site_opex, x.year_weight))
