"""What a plan costs under other figures than those it was made for, without solving anything."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

from model.accounts import ACCOUNTS, NOWHERE
from model.assignment import Assignment
from model.dispatch import contracted, facility_load
from model.problem import Problem
from model.solution import Plan, account_costs, as_dataset

Array = np.ndarray[Any, Any]
PLAN_DIMS = (
    "site",
    "hall_type",
    "workload",
    "period",
    "energy_source",
    "exporter",
    "export_tier",
    "jurisdiction",
)
YEARLY_ACCOUNTS = ("energy_grid", "backup", "energy_contracts", "carbon")
MWH_PER_GWH = 1e3


class PlanDoesNotFitError(ValueError):
    """A plan has no place in an instance: other sites or streams, or a host that is not permitted."""


def plan_of(instance: xr.Dataset, solution: xr.Dataset) -> tuple[Plan, Assignment]:
    """The decisions of a solution as the arrays of an instance. Raises PlanDoesNotFitError."""
    x = Problem(instance)
    for dim in PLAN_DIMS:
        if dim in solution.dims and list(solution[dim].values) != x.labels(dim):
            raise PlanDoesNotFitError(f"the plan knows other labels of {dim}")

    def values(name: str) -> Array:
        found: Array = solution[name].values.astype(float)
        return found

    new_sites = ~x.has_existing[:, None]  # a site with existing halls is open anyway and pays no opening
    plan = Plan(
        is_open=np.where(new_sites, values("is_open"), 0.0),
        built=values("built_halls"), kept=values("kept_halls"), steps=values("grid_steps"),
        hosted=values("hosted"), contract=values("contract"),
        certificates=values("certificates") / MWH_PER_GWH,
        policy_uptake=values("policy_uptake"), policy_energy=values("policy_energy") / MWH_PER_GWH,
        tier=values("tier"), ring_fence=values("ring_fence"),
        share_at=_shares(x, solution), share=values("assignment_share"),
    )  # fmt: skip
    return plan, Assignment(x)


def _shares(x: Problem, solution: xr.Dataset) -> Array:
    """Stream, host and period of every share, n × 3."""
    axes = ("stream", "site", "mode", "period")
    stream, site, mode, period = (solution[f"assignment_{axis}"].values.astype(np.int64) for axis in axes)
    if len(stream) and stream.max() >= x.size("stream"):
        raise PlanDoesNotFitError("the plan serves streams that the instance does not have")
    host = np.full((x.size("site"), x.size("operator_mode")), -1, dtype=np.int64)
    host[x.host_site, x.host_mode] = np.arange(len(x.host_site))
    found = host[site, mode]
    barred = (found < 0) | ~x.admissible[stream, site, mode, period]
    if barred.any():
        first = int(np.flatnonzero(barred)[0])
        served, place = x.labels("stream")[stream[first]], x.labels("site")[site[first]]
        raise PlanDoesNotFitError(f"{served} may not be served from {place} any more")
    return np.stack([stream, found, period], axis=1)


def priced(instance: xr.Dataset, solution: xr.Dataset) -> xr.DataArray:
    """Present cost of a plan's decisions at an instance's prices, CNY: account × account_site × period.

    On the instance it was made for this is the solution's own `account_cost`. Raises PlanDoesNotFitError.
    """
    plan, a = plan_of(instance, solution)
    coords = {
        "account": list(ACCOUNTS),
        "account_site": [*a.x.labels("site"), NOWHERE],
        "period": a.x.labels("period"),
    }
    return xr.DataArray(account_costs(plan, a), coords=coords, dims=list(coords), attrs={"units": "CNY"})


def replayed(instance: xr.Dataset, solution: xr.Dataset) -> xr.Dataset:
    """A plan's decisions as a solution of another instance: its bill and what it achieves there, no bound.

    Raises PlanDoesNotFitError.
    """
    plan, a = plan_of(instance, solution)
    objective, unknown = float(account_costs(plan, a).sum()), float("nan")
    facts = {
        "status": "replayed",
        "objective_cny": objective,
        "bound_cny": unknown,
        "gap": unknown,
        "wall_s": 0.0,
    }
    return as_dataset(plan, a, facts)


def yearly_costs(instance: xr.Dataset, solution: xr.Dataset) -> xr.Dataset:
    """What a plan's energy costs in each hydrological year, from the closed form of dispatch.

    yearly_cost (account × site × hydro_year × period, CNY/a); grid_energy, backup_energy, contract_energy
    (site × hydro_year × period, MWh/a). Take or pay: a contract is paid for what the year delivers.
    """
    plan, a = plan_of(instance, solution)
    x = a.x
    load, supply = facility_load(x, plan.state)[:, :, None, :], contracted(x, plan.contract)
    hours = x.slice_hours[None, :, None, None]
    missing, rationed = np.maximum(0.0, load - supply) * hours, x.rationed_share[..., None]
    grid, backup = missing * (1 - rationed), missing * rationed
    used = np.minimum(load, supply) * hours
    delivered = np.einsum("iesy,s,iet->ieyt", x.contract_delivery, x.slice_hours, plan.contract, optimize=True)
    carbon = (
        grid.sum(axis=1) * x.grid_carbon
        + backup.sum(axis=1) * x.backup_carbon[:, None, None]
        + np.einsum("ieyt,e->iyt", delivered, x.contract_carbon)
    )
    cost = {
        "energy_grid": (grid * x.grid_price).sum(axis=1),
        "backup": backup.sum(axis=1) * x.backup_price[:, None, None],
        "energy_contracts": np.einsum("ieyt,iet->iyt", delivered, x.contract_price),
        "carbon": carbon * x.carbon_price,
    }
    dims = ("site", "hydro_year", "period")
    energy = {
        "grid_energy": grid.sum(axis=1),
        "backup_energy": backup.sum(axis=1),
        "contract_energy": used.sum(axis=1),
    }
    stacked = np.stack([cost[name] for name in YEARLY_ACCOUNTS])
    return xr.Dataset(
        {
            "yearly_cost": (("account", *dims), stacked, {"units": "CNY/a"}),
            **{name: (dims, values, {"units": "MWh/a"}) for name, values in energy.items()},
        },
        coords={"account": list(YEARLY_ACCOUNTS)} | {dim: x.labels(dim) for dim in dims},
    )


def present_cost_by_year(instance: xr.Dataset, solution: xr.Dataset) -> xr.DataArray:
    """Present cost of a plan if every year of the horizon were one and the same hydrological year, CNY.

    Its mean over the probabilities is what the plan costs on the instance.
    """
    steady = priced(instance, solution).drop_sel(account=list(YEARLY_ACCOUNTS)).sum()
    moving = yearly_costs(instance, solution)["yearly_cost"].sum(["account", "site"])
    return (moving * instance["year_weight"]).sum("period") + steady
