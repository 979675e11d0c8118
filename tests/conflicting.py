"""Small worlds in which some requirements cannot hold together, the reason in view."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr

from tests.synthetic import synthetic_instance


def world(**changes: Any) -> xr.Dataset:
    """Three sites with plots for halls of 10 MW, of which 9 may be used; one period, two origins, one workload."""
    sizes = {
        "sites": 3, "origins": 2, "workloads": 1, "periods": 1, "hydro_years": 1, "hall_types": 1, "existing": 0,
        "replicas": False, "law": False, "demand_mw": 40.0,
    }  # fmt: skip
    made = synthetic_instance(**(sizes | changes))
    return made.assign(plot_limit=made["plot_limit"] * 0 + 60.0)


def near(instance: xr.Dataset, origin: str, trips: Sequence[float]) -> xr.Dataset:
    """The instance with the round trips of one origin, site by site."""
    trip = instance["round_trip"].copy()
    trip.loc[{"origin": origin}] = list(trips)
    return instance.assign(round_trip=trip)


def of_period(instance: xr.Dataset, **limits: float) -> xr.Dataset:
    """The instance with limits in its one period."""
    return instance.assign({name: ("period", np.array([value])) for name, value in limits.items()})


def of_site(instance: xr.Dataset, **limits: float) -> xr.Dataset:
    return instance.assign({name: ("site", np.full(instance.sizes["site"], value)) for name, value in limits.items()})


def closed(instance: xr.Dataset, *sites: str) -> xr.Dataset:
    """The instance with sites the scenario forbids."""
    barred = instance["site"].isin(sites)
    return instance.assign(
        site_allowed=instance["site_allowed"] & ~barred, open_allowed=instance["open_allowed"] & ~barred
    )


def forced(instance: xr.Dataset, *sites: str) -> xr.Dataset:
    return instance.assign(open_forced=instance["open_forced"] | instance["site"].isin(sites))


def latency_and_forbidden_sites() -> xr.Dataset:
    """The one site within 2 ms of o-0 is forbidden; the next is 3.93 ms away."""
    wide = near(near(world(), "o-0", [1.5, 3.93, 9.0]), "o-1", [1.8, 1.9, 1.7])
    return closed(wide.assign(latency_limit=wide["latency_limit"] * 0 + 2.0), "site-0")


def capital_and_forced_sites() -> xr.Dataset:
    """Three forced sites cost at least land, fibre, a hall and a grid step each; the budget buys two."""
    made = forced(world(demand_mw=8.0), "site-0", "site-1", "site-2")
    hall = made["hall_capital"].isel(hall_type=0, period=0)
    each = made["land_capital"] + made["fibre_capital"] + hall + made["grid_step_capital"]
    return of_period(made, capital_limit=float(each.sum() - 0.5 * each.min()))


def carbon_and_demand() -> xr.Dataset:
    """40 MW on grids of at least 0.1 t/MWh with no contracts: far more than 10,000 t a year."""
    made = world()
    return of_period(made.assign(contract_limit=made["contract_limit"] * 0), carbon_limit=1e4)


def whole_halls() -> xr.Dataset:
    """Three plots of 15 MW hold 40.5 MW in parts of halls, but only three halls of 9 MW."""
    made = world(demand_mw=36.0)
    return made.assign(plot_limit=made["plot_limit"] * 0 + 15.0)


def most_sites_and_forced_sites() -> xr.Dataset:
    return of_period(forced(world(), "site-0", "site-1"), site_limit=1)


def most_sites_and_plots() -> xr.Dataset:
    """One site with 20 MW of plot: 18 MW of 40."""
    made = world()
    return of_period(made.assign(plot_limit=made["plot_limit"] * 0 + 20.0), site_limit=1)


def pue_below_the_best() -> xr.Dataset:
    return of_site(world(), pue_ceiling=1.02)


def green_without_contracts() -> xr.Dataset:
    """Contracts of 2 MW of each source cannot make nine tenths of 40 MW green."""
    made = world()
    return of_site(made.assign(contract_limit=made["contract_limit"] * 0 + 2.0), green_share=0.9)


def law_and_latency() -> xr.Dataset:
    """The only site within reach of o-0 is abroad, where its data may not go."""
    made = near(near(world(), "o-0", [1.0, 8.0, 9.0]), "o-1", [1.0, 1.0, 1.0])
    made["site_jurisdiction"] = ("site", np.array(["HK", "CN", "CN"], dtype=object))
    return made.assign(latency_limit=made["latency_limit"] * 0 + 2.0)


def replicas_and_forbidden_sites() -> xr.Dataset:
    """Two replicas need two zones; the only site in another zone is forbidden."""
    made = world(replicas=True)
    made["site_zone"] = ("site", np.array(["a", "a", "b"], dtype=object))
    return closed(made, "site-2")


def grid_steps() -> xr.Dataset:
    """No step can be had in time."""
    made = world()
    return made.assign(grid_steps_allowed=made["grid_steps_allowed"] * 0)
