"""Grid connection in whole steps, and the demand charge on each month's design peak."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from model.accounts import present

if TYPE_CHECKING:
    from model.accounts import Accounts
    from model.core import Core
    from model.problem import Problem


def add_grid(m: Core, accounts: Accounts) -> None:
    """`grid_steps[site, period]`: steps standing, so that the connection covers every month's design peak."""
    x = m.problem
    used: np.ndarray = np.any(x.hall_usable, axis=1)
    steps = m.variables(
        "grid_steps",
        ("site", "period"),
        used & (x.grid_steps_allowed > 0),
        whole=True,
        upper=x.grid_steps_allowed,
    )

    sites, periods, months = x.labels("site"), x.labels("period"), x.labels("month")
    is_open = m.arrays["is_open"]
    m.rows(
        "grid_steps_stay",
        (
            ((sites[i], periods[t]), [1.0, -1.0], [steps[i, t], steps[i, t - 1]], 0.0, None)
            for i, t in np.argwhere(present(steps))
            if t > 0 and steps[i, t - 1] is not None
        ),
    )

    most = most_peak(x)

    def peak_rows() -> Iterator[tuple[Any, ...]]:
        for i in np.flatnonzero(np.any(used, axis=1)).tolist():
            exceeded = np.flatnonzero(used[i] & (most[i] > x.grid_existing[i])).tolist()
            for month in binding_months(x, i):
                for t in exceeded:
                    coefs, variables = facility_terms(
                        m, i, t, x.peak_overhead[i, :, month], x.peak_marginal[i, None, :, month]
                    )
                    if steps[i, t] is not None:
                        coefs, variables = [*coefs, -x.grid_step_size[i]], [*variables, steps[i, t]]
                    there = float(x.grid_existing[i])
                    if there and is_open[i, t] is not None:  # a closed site has no peak: the relaxation is better
                        coefs, variables, there = [*coefs, -there], [*variables, is_open[i, t]], 0.0
                    yield (sites[i], months[month], periods[t]), coefs, variables, None, there

    m.rows("peak_within_connection", peak_rows())

    m.rows(
        "open_site_is_connected",
        (
            ((sites[i], periods[t]), [1.0, -1.0], [steps[i, t], is_open[i, t]], 0.0, None)
            for i, t in np.argwhere(present(steps))
            if is_open[i, t] is not None and x.grid_existing[i] == 0
        ),
    )

    charge = x.capital_charge(float(x.grid_life))
    accounts.post_new("grid_connection", steps, np.multiply.outer(x.grid_step_capital, charge))
    yearly = x.demand_charge[:, None, None] * x.year_weight
    per_hall = x.peak_overhead.sum(axis=2)[:, :, None] * yearly
    accounts.post("demand_charge", m.arrays["built_halls"], per_hall)
    accounts.post("demand_charge", m.arrays["kept_halls"], per_hall)
    accounts.post("demand_charge", m.arrays["hosted_load"], (x.peak_marginal.sum(axis=2)[:, :, None] * yearly)[:, None])


def most_peak(x: Problem) -> np.ndarray:
    """The peak if every hall that can stand stood full, MW, site × period."""
    halls = x.open_allowed[:, None] * x.new_halls_limit[..., None] + x.existing_halls
    full = x.peak_overhead + x.peak_marginal * (x.hall_size * x.hall_utilisation_limit)[:, None]
    most: np.ndarray = np.einsum("iht,ihm->imt", halls, full).max(axis=1)
    return most


def binding_months(x: Problem, site: int) -> list[int]:
    """Months whose design peak no other month exceeds for every hall type; the others need no row."""
    peaks = np.concatenate([x.peak_overhead[site], x.peak_marginal[site]])  # (2 · hall_type) × month
    kept: list[int] = []
    for month in np.argsort(-peaks.sum(axis=0), kind="stable"):
        if not any((peaks[:, other] >= peaks[:, month] - 1e-12).all() for other in kept):
            kept.append(int(month))
    return kept


def facility_terms(
    m: Core, i: int, t: int, per_hall: np.ndarray, per_load: np.ndarray
) -> tuple[list[float], list[object]]:
    """Terms of a site's facility load in a period: `per_hall` by type, `per_load` by workload × type (broadcast)."""
    built, kept, hosted = (m.arrays[n] for n in ("built_halls", "kept_halls", "hosted_load"))
    if (i, t) not in m.facility:
        every = np.concatenate([built[i, :, t, None], kept[i, :, t, None], hosted[i, :, :, t].T], axis=1).ravel()
        places = np.flatnonzero(present(every))
        m.facility[i, t] = places, every[places].tolist()
    places, variables = m.facility[i, t]
    load = np.broadcast_to(per_load, hosted.shape[1:3])
    coefs = np.concatenate([per_hall[:, None], per_hall[:, None], load.T], axis=1).ravel()[places]
    return coefs.tolist(), list(variables)
