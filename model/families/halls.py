"""How many halls of which type stand when: whole halls, built for good, existing ones kept or retired."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from model.accounts import Accounts
    from model.core import Core


def add_halls(m: Core, accounts: Accounts) -> None:
    """`built_halls` (cumulative new) and `kept_halls` (existing still in use), site × hall_type × period."""
    x = m.problem
    can_build = (x.new_halls_limit > 0)[:, :, None] & x.open_allowed[:, None, :]
    dims = ("site", "hall_type", "period")
    built = m.variables("built_halls", dims, can_build, whole=True, upper=x.new_halls_limit[:, :, None])
    kept = m.variables("kept_halls", dims, x.existing_halls > 0, whole=True, upper=x.existing_halls)

    is_open = m.arrays["is_open"]
    sites, types, periods = x.labels("site"), x.labels("hall_type"), x.labels("period")
    m.rows(
        "halls_stay",
        (
            ((sites[i], types[h], periods[t]), [1.0, -1.0], [built[i, h, t], built[i, h, t - 1]], 0.0, None)
            for i, h, t in np.argwhere(can_build)
            if t > 0 and built[i, h, t - 1] is not None
        ),
    )
    m.rows(
        "retired_halls_stay_retired",
        (
            ((sites[i], types[h], periods[t]), [1.0, -1.0], [kept[i, h, t], kept[i, h, t - 1]], None, 0.0)
            for i, h, t in np.argwhere(x.existing_halls > 0)
            if t > 0 and kept[i, h, t - 1] is not None
        ),
    )
    at_site = {(i, t): np.flatnonzero(can_build[i, :, t]) for i, t in np.argwhere(can_build.any(axis=1))}
    m.rows(
        "halls_fit_plot",
        (
            (
                (sites[i], periods[t]),
                [*x.hall_size[hs], *([] if is_open[i, t] is None else [-x.plot_limit[i]])],
                [*built[i, hs, t], *([] if is_open[i, t] is None else [is_open[i, t]])],
                None,
                x.plot_limit[i] if is_open[i, t] is None else 0.0,
            )
            for (i, t), hs in at_site.items()
        ),
    )
    m.rows(
        "open_site_has_hall",
        (
            ((sites[i], periods[t]), [1.0] * len(hs) + [-1.0], [*built[i, hs, t], is_open[i, t]], 0.0, None)
            for (i, t), hs in at_site.items()
            if is_open[i, t] is not None
        ),
    )
    m.rows(
        "halls_need_open_site",
        (
            (
                (sites[i], types[h], periods[t]),
                [1.0, -x.new_halls_limit[i, h]],
                [built[i, h, t], is_open[i, t]],
                None,
                0.0,
            )
            for i, h, t in np.argwhere(can_build)
            if is_open[i, t] is not None and _plot_leaves_a_rest(m, i, h)
        ),
    )

    accounts.post_new("halls", built, x.hall_capital * x.capital_charge(x.hall_life)[None])
    upkeep = x.hall_opex[:, :, None] * x.year_weight
    accounts.post("hall_operation", built, upkeep)
    accounts.post("hall_operation", kept, upkeep)


def _plot_leaves_a_rest(m: Core, i: int, h: int) -> bool:
    """Whether whole halls cannot fill the plot, so that the plot row alone is weaker than a row per type."""
    x = m.problem
    return bool(x.new_halls_limit[i, h] * x.hall_size[h] < x.plot_limit[i] * (1 - 1e-9))
