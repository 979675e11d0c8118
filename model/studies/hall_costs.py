"""What a hall of each type costs over the horizon per MW it can use, in closed form."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

from model.problem import Problem

Array = np.ndarray[Any, Any]
PARTS = ("capital", "upkeep", "energy", "demand_charge", "grid_connection", "water")


def hall_costs(instance: xr.Dataset, workloads: Array) -> xr.DataArray:
    """Present cost per MW of usable IT load, CNY/MW: site × hall_type × period (of commissioning) × part.

    The hall is full from the period it is built in to the horizon, with the mix of the flagged workloads;
    energy is bought from the grid, rationing and carbon included. Contracts would lower it for all types alike.
    """
    x = Problem(instance)
    usable = x.hall_size * x.hall_utilisation_limit
    profile = _mixed_profile(x, workloads)
    marginal = x.marginal_power * profile[:, None, :] + x.overhead_power / usable[None, :, None]  # I × H × S
    value = np.einsum("isyt,sy->ist", x.energy_value, x.year_hours)
    peaks = x.peak_marginal + x.peak_overhead / usable[None, :, None]  # I × H × M
    step = x.grid_step_capital / x.grid_step_size
    parts = {
        "capital": x.hall_capital * x.capital_charge(x.hall_life)[None] / usable[None, :, None],
        "upkeep": (x.hall_opex / usable)[:, :, None] * x.charge_years,
        "energy": _from_then_on(np.einsum("ihs,ist->iht", marginal, value, optimize=True) * x.year_weight),
        "demand_charge": (x.demand_charge[:, None] * peaks.sum(axis=2))[:, :, None] * x.charge_years,
        "grid_connection": (step[:, None] * peaks.max(axis=2))[:, :, None] * x.capital_charge(float(x.grid_life)),
        "water": (np.einsum("ihs,is,s->ih", x.water_use, profile, x.slice_hours) * x.water_price[:, None])[:, :, None]
        * x.charge_years,
    }
    dims = ("site", "hall_type", "period")
    return xr.DataArray(
        np.stack([parts[name] for name in PARTS], axis=-1),
        coords={dim: x.labels(dim) for dim in dims} | {"part": list(PARTS)},
        dims=(*dims, "part"),
        attrs={"units": "CNY/MW"},
    )


def _mixed_profile(x: Problem, workloads: Array) -> Array:
    """Mean IT load per provisioned load of the flagged workloads, weighted by their load in all periods, I × S."""
    weight = np.bincount(x.stream_workload_at, x.load.sum(axis=1), minlength=x.size("workload")) * workloads
    found: Array = np.einsum("iws,w->is", x.it_profile, weight / weight.sum())
    return found


def _from_then_on(yearly: Array) -> Array:
    """Sum from each period to the last one."""
    found: Array = yearly[..., ::-1].cumsum(axis=-1)[..., ::-1]
    return found
