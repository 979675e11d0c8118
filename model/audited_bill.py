"""What a plan's bill must be, from the instance and the decisions alone: a part of the audit."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

Array = np.ndarray[Any, Any]
WEIGHTS = (("slice_hours", "slice"), ("hydro_year_probability", "hydro_year"), ("year_weight", "period"))


def labels_of(ds: xr.Dataset, name: str) -> Array:
    """Labels of a dimension, or a text field."""
    return ds.variables[name].to_numpy()


def in_order(ds: xr.Dataset, name: str, *dims: str) -> Array:
    """Values of a field in an order of its dimensions."""
    return ds.variables[name].transpose(*dims).to_numpy()


def cash_capital(instance: xr.Dataset, solution: xr.Dataset) -> xr.DataArray:
    """Cash capital by period, CNY: what is newly bought, undiscounted."""

    def new(standing: xr.DataArray) -> xr.DataArray:
        return standing - standing.shift(period=1, fill_value=0)

    had = (instance["existing_halls"] > 0).any(("hall_type", "period"))
    opened = new(solution["is_open"].where(~had, 0))
    return (
        ((instance["land_capital"] + instance["fibre_capital"]) * opened).sum("site")
        + (instance["hall_capital"] * new(solution["built_halls"])).sum(("site", "hall_type"))
        + (instance["grid_step_capital"] * new(solution["grid_steps"])).sum("site")
    )


def account_faults(instance: xr.Dataset, solution: xr.Dataset, tolerance: float) -> list[str]:
    """Accounts add up to the objective, the bound is not above it, the big accounts follow from the instance."""
    faults = []
    total, objective = float(solution.variables["account_cost"].sum()), float(solution.attrs["objective_cny"])
    if abs(total - objective) > tolerance * abs(objective):
        faults.append(f"the accounts add up to {total:.0f} CNY, not to the objective {objective:.0f}")
    if solution.attrs["bound_cny"] > objective * (1 + tolerance):
        faults.append("the bound is above the objective")
    costs = in_order(solution, "account_cost", "account", "account_site", "period")
    by_account = dict(zip(labels_of(solution, "account"), costs, strict=True))
    for name, value in (("halls", _hall_cost(instance, solution)), ("energy_grid", _grid_cost(instance, solution))):
        if abs(float(by_account[name].sum()) - value) > tolerance * max(1.0, abs(value)):
            faults.append(f"the account {name} is not what its halls and energy cost ({value:.0f} CNY)")
    return faults


def _hall_cost(instance: xr.Dataset, solution: xr.Dataset) -> float:
    rate, life = float(instance.variables["discount_rate"]), in_order(instance, "hall_life", "hall_type")
    annuity = rate / (1 - (1 + rate) ** -life) if rate > 0 else 1 / life
    until_horizon = in_order(instance, "year_weight", "period")[::-1].cumsum()[::-1]
    new = np.diff(in_order(solution, "built_halls", "site", "hall_type", "period"), axis=2, prepend=0)
    capital = in_order(instance, "hall_capital", "site", "hall_type", "period")
    return float((capital * annuity[:, None] * until_horizon * new).sum())


def _grid_cost(instance: xr.Dataset, solution: xr.Dataset) -> float:
    types = ("site", "hall_type", "slice")
    overhead, marginal = (in_order(instance, name, *types) for name in ("overhead_power", "marginal_power"))
    profile = in_order(instance, "it_profile", "site", "workload", "slice")
    halls = in_order(solution, "halls", "site", "hall_type", "period")
    hosted = in_order(solution, "hosted", "site", "workload", "hall_type", "period")
    work = np.einsum("iws,iwht->ihst", profile, hosted, optimize=True)
    load = np.einsum("ihs,iht->ist", overhead, halls) + np.einsum("ihs,ihst->ist", marginal, work)
    delivery = in_order(instance, "contract_delivery", "site", "energy_source", "slice", "hydro_year")
    contract = in_order(solution, "contract", "site", "energy_source", "period")
    delivered = 1 - in_order(instance, "rationed_share", "site", "slice", "hydro_year")
    grid = np.maximum(load[:, :, None] - np.einsum("iesy,iet->isyt", delivery, contract, optimize=True), 0)
    price = in_order(instance, "grid_price", "site", "slice", "hydro_year", "period")
    weight = (in_order(instance, name, dim) for name, dim in WEIGHTS)
    return float(np.einsum("isyt,isy,isyt,s,y,t->", grid, delivered, price, *weight, optimize=True))
