"""A plan small enough to add up by hand: two new sites, one existing fleet, two periods."""

from __future__ import annotations

import json

import numpy as np
import xarray as xr

from tests.synthetic import synthetic_instance

HALLS = {
    "site-0": {"type-0": (2, 3), "type-1": (0, 1)},
    "site-1": {"type-0": (0, 2)},
    "existing-0": {"legacy": (5, 4)},
}
IT_LOAD_MW = {"site-0": (15.0, 30.0), "site-1": (0.0, 12.0), "existing-0": (20.0, 16.0)}
PUE = {"site-0": 1.2, "site-1": 1.3, "existing-0": 1.6}
ACCOUNTS_CNY = {
    "halls": {"site-0": 900e6, "site-1": 300e6}, "land": {"site-0": 60e6, "site-1": 40e6},
    "energy_grid": {"site-0": 500e6, "site-1": 150e6, "existing-0": 400e6},
    "energy_contracts": {"site-0": 80e6},
    "demand_charge": {"site-0": 20e6}, "latency": {"site-0": 10e6}, "compliance": {"-": 5e6},
}  # fmt: skip
OBJECTIVE_CNY = 2_465e6
BOUND_CNY = 2_460e6


def instance() -> xr.Dataset:
    """Two candidate sites and one existing fleet, periods 2026 and 2028; the plot of site-0 holds 45 MW."""
    world = synthetic_instance(sites=2, origins=2, workloads=2, periods=2, existing=1, replicas=False)
    return world.assign(plot_limit=("site", np.array([45.0, 60.0, 0.0])))


def solution(world: xr.Dataset) -> xr.Dataset:
    """The figures above in the form a solve returns them; every stream is served by site-0 alone."""
    sites, types, periods = world["site"].values, world["hall_type"].values, world["period"].values
    shape = (len(sites), len(periods))
    halls = xr.DataArray(
        np.zeros((len(sites), len(types), len(periods))),
        {"site": sites, "hall_type": types, "period": periods},
    )
    for site, kinds in HALLS.items():
        for kind, counts in kinds.items():
            halls.loc[site, kind] = list(counts)
    accounts, places = list(ACCOUNTS_CNY), [*sites, "-"]
    cost = xr.DataArray(
        np.zeros((len(accounts), len(places), 2)),
        {"account": accounts, "account_site": places, "period": periods},
    )
    for account, amounts in ACCOUNTS_CNY.items():
        for site, amount in amounts.items():
            cost.loc[account, site] = [0.4 * amount, 0.6 * amount]
    it_load = xr.DataArray([IT_LOAD_MW[site] for site in sites], {"site": sites, "period": periods})
    pue = xr.DataArray([PUE[site] for site in sites], {"site": sites})
    it_energy = it_load * 8760 * 0.6
    streams = world.sizes["stream"]
    return xr.Dataset(
        {
            "is_open": (("site", "period"), np.array([[1, 1], [0, 1], [1, 1]])),
            "halls": halls,
            "built_halls": halls.where(xr.DataArray(types != "legacy", {"hall_type": types}), 0),
            "contract": (("site", "energy_source", "period"), np.zeros((len(sites), 2, 2))),
            "account_cost": cost,
            "it_load": it_load,
            "it_energy": it_energy,
            "facility_energy": it_energy * pue,
            "grid_energy": it_energy * pue * 0.8,
            "contract_energy": it_energy * pue * 0.2,
            "pue": pue * xr.ones_like(it_load),
            "water": it_energy * 0.5,
            "carbon": it_energy * 0.4,
            "peak_load": it_load * 1.4,
            "hosted": (("site", "workload", "hall_type", "period"), np.zeros((len(sites), 2, len(types), 2))),
            "assignment_stream": ("assignment", np.tile(np.arange(streams), 2)),
            "assignment_site": ("assignment", np.zeros(2 * streams, int)),
            "assignment_mode": ("assignment", np.zeros(2 * streams, int)),
            "assignment_period": ("assignment", np.repeat([0, 1], streams)),
            "assignment_share": ("assignment", np.ones(2 * streams)),
            "grid_steps": (("site", "period"), np.zeros(shape, int)),
        },
        coords={name: world[name].values for name in ("workload", "energy_source")},
        attrs={
            "status": "optimal_within_gap", "objective_cny": OBJECTIVE_CNY, "bound_cny": BOUND_CNY,
            "gap": (OBJECTIVE_CNY - BOUND_CNY) / OBJECTIVE_CNY, "wall_s": 3.25, "seed": 0,
            "phases": json.dumps({"relaxation": 1.0, "plans": 2.0}),
            "versions": json.dumps({"highspy": "1.15"}),
        },
    )  # fmt: skip
