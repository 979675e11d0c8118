"""Water for cooling: its price, and yearly abstraction permits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from model.accounts import present

if TYPE_CHECKING:
    from model.accounts import Accounts
    from model.core import Core


def add_water(m: Core, accounts: Accounts) -> None:
    """Water follows hosted load; a site without a permit row is unlimited."""
    x = m.problem
    hosted = m.arrays["hosted_load"]

    per_load = np.einsum("ihs,iws,s->iwh", x.water_use, x.it_profile, x.slice_hours)

    if x.has("water_permit"):
        sites, periods = x.labels("site"), x.labels("period")

        def rows() -> Iterator[tuple[Any, ...]]:
            for i in np.flatnonzero(np.isfinite(x.water_permit)):
                for t in range(len(periods)):
                    found = np.argwhere(present(hosted[i, :, :, t]))
                    coefs = [float(per_load[i, w, h]) / 1e3 for w, h in found]
                    yield (
                        (sites[i], periods[t]),
                        coefs,
                        [hosted[i, w, h, t] for w, h in found],
                        None,
                        x.water_permit[i] / 1e3,
                    )

        m.rows("water_permit_kept", rows())

    accounts.post("water", hosted, np.einsum("iwh,i,t->iwht", per_load, x.water_price, x.year_weight))
