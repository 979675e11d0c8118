"""Yearly PUE ceilings that a site's new halls must keep."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from model.accounts import present

if TYPE_CHECKING:
    from model.accounts import Accounts
    from model.core import Core


def add_standards(m: Core, _: Accounts) -> None:
    """Facility energy of new halls at most the ceiling times their IT energy, in GWh a year."""
    x = m.problem
    if not x.has("pue_ceiling"):
        return
    sites, periods = x.labels("site"), x.labels("period")
    built, hosted = m.arrays["built_halls"], m.arrays["hosted_load"]
    overhead, marginal = x.overhead_power @ x.slice_hours, x.hosted_power @ x.slice_hours
    it_energy = x.it_profile @ x.slice_hours
    new_types = np.flatnonzero(x.hall_buildable)

    def rows() -> Iterator[tuple[Any, ...]]:
        for i in np.flatnonzero(np.isfinite(x.pue_ceiling)):
            for t in range(len(periods)):
                coefs: list[float] = []
                variables = []
                for h in new_types:
                    if built[i, h, t] is not None:
                        coefs.append(float(overhead[i, h]) / 1e3)
                        variables.append(built[i, h, t])
                    for w in np.flatnonzero(present(hosted[i, :, h, t])):
                        coefs.append(float(marginal[i, w, h] - x.pue_ceiling[i] * it_energy[i, w]) / 1e3)
                        variables.append(hosted[i, w, h, t])
                if variables:
                    yield (sites[i], periods[t]), coefs, variables, None, 0.0

    m.rows("pue_ceiling_kept", rows())
