"""What a plan's bill must be, from the instance and the decisions alone: a part of the audit."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

from model.audited_energy import Energy, in_order, labels_of, optional

Array = np.ndarray[Any, Any]


def newly_opened(instance: xr.Dataset, solution: xr.Dataset) -> Array:
    """Sites that open in a period, site × period; those with existing halls were open before."""
    had: Array = np.any(in_order(instance, "existing_halls", "site", "hall_type", "period") > 0, axis=(1, 2))
    return np.diff(np.where(had[:, None], 0, in_order(solution, "is_open", "site", "period")), axis=1, prepend=0)


def account_faults(instance: xr.Dataset, solution: xr.Dataset, energy: Energy, tolerance: float) -> list[str]:
    """Every account follows from the instance and the decisions, they add up, and the bound is not above their sum."""
    faults = []
    costs = in_order(solution, "account_cost", "account", "account_site", "period")
    total, objective = float(costs.sum()), float(solution.attrs["objective_cny"])
    if abs(total - objective) > tolerance * abs(objective):
        faults.append(f"the accounts add up to {total:.0f} CNY, not to the objective {objective:.0f}")
    if solution.attrs["bound_cny"] > objective * (1 + tolerance):
        faults.append("the bound is above the objective")
    told = dict(zip(labels_of(solution, "account").tolist(), costs.sum(axis=(1, 2)).tolist(), strict=True))
    due = _capital(instance, solution) | _running(instance, solution, energy) | _serving(instance, solution)
    for name in sorted(told.keys() | due.keys()):
        has, must = told.get(name, 0.0), due.get(name, 0.0)
        if abs(has - must) > tolerance * max(1.0, abs(must)):
            faults.append(f"the account {name} is {has:.0f} CNY, not the {must:.0f} that follow from the plan")
    return faults


def _capital(instance: xr.Dataset, solution: xr.Dataset) -> dict[str, float]:
    """Annuities to the horizon on what is new in each period, and the upkeep of what stands."""
    rate, years = float(instance.variables["discount_rate"]), in_order(instance, "year_weight", "period")
    until_horizon = years[::-1].cumsum()[::-1]

    def annuity(name: str, *dims: str) -> Array:
        life = in_order(instance, name, *dims)
        return rate / (1 - (1 + rate) ** -life) if rate > 0 else 1 / life

    opened, steps = newly_opened(instance, solution), in_order(solution, "grid_steps", "site", "period")
    built, halls = (in_order(solution, name, "site", "hall_type", "period") for name in ("built_halls", "halls"))
    capital = (
        in_order(instance, "hall_capital", "site", "hall_type", "period") * annuity("hall_life", "hall_type")[:, None]
    )
    by_site = {
        name: in_order(instance, name, "site")
        for name in ("land_capital", "fibre_capital", "grid_step_capital", "site_opex")
    }
    ground = opened @ until_horizon * annuity("site_life")
    return {
        "land": float(by_site["land_capital"] @ ground),
        "fibre": float(by_site["fibre_capital"] @ ground),
        "halls": float((capital * np.diff(built, axis=2, prepend=0)).sum(axis=(0, 1)) @ until_horizon),
        "grid_connection": float(
            by_site["grid_step_capital"] @ np.diff(steps, axis=1, prepend=0) @ until_horizon * annuity("grid_life")
        ),
        "site_operation": float(by_site["site_opex"] @ opened.cumsum(axis=1) @ years),
        "hall_operation": float(
            (in_order(instance, "hall_opex", "site", "hall_type")[..., None] * halls).sum(axis=(0, 1)) @ years
        ),
    }


def _running(instance: xr.Dataset, solution: xr.Dataset, found: Energy) -> dict[str, float]:
    """Energy, its peaks, its carbon and its water."""
    years = in_order(instance, "year_weight", "period")
    price = in_order(instance, "grid_price", "site", "slice", "hydro_year", "period")
    at = ("site", "period")
    backup, charge, water = (
        in_order(instance, name, "site") for name in ("backup_price", "demand_charge", "water_price")
    )
    certificates, policy = in_order(solution, "certificates", *at), in_order(solution, "policy_energy", *at)
    contract_price = in_order(instance, "contract_price", "site", "energy_source", "period")
    return {
        "energy_grid": float((found.grid * price).sum(axis=(0, 1, 2)) @ years),
        "backup": float(backup @ found.backup.sum(axis=(1, 2)) @ years),
        "energy_contracts": float((found.contracted * contract_price).sum(axis=(0, 1)) @ years),
        "certificates": float((certificates * optional(instance, "certificate_price", *at)).sum(axis=0) @ years),
        "policy_discount": -float((policy * optional(instance, "policy_discount", *at)).sum(axis=0) @ years),
        "demand_charge": float(charge @ found.peaks @ years),
        "water": float(water @ found.water @ years),
        "carbon": float(found.carbon.sum(axis=0) * in_order(instance, "carbon_price", "period") @ years),
    }


def _serving(instance: xr.Dataset, solution: xr.Dataset) -> dict[str, float]:
    """Traffic, the value of its latency, and what the law asks for."""
    d, i, mode, t, share = (
        labels_of(solution, f"assignment_{n}") for n in ("stream", "site", "mode", "period", "share")
    )
    years = in_order(instance, "year_weight", "period")
    load = share * in_order(instance, "load", "stream", "period")[d, t] * years[t]

    def place(field: str, dim: str) -> Array:
        """Where the labels of a text field stand along a dimension."""
        order = {label: n for n, label in enumerate(labels_of(instance, dim).tolist())}
        return np.array([order[label] for label in labels_of(instance, field).tolist()], dtype=np.int64)

    origin, work = place("stream_origin", "origin")[d], place("stream_workload", "workload")[d]
    case, host = place("stream_legal_case", "legal_case")[d], place("site_jurisdiction", "jurisdiction")[i]
    between = {name: in_order(instance, name, "origin", "site")[origin, i] for name in ("network_cost", "round_trip")}
    per_load = {name: in_order(instance, name, "workload")[work] for name in ("traffic", "latency_value")}
    of_law = in_order(instance, "transfer_cost", "legal_case", "jurisdiction", "operator_mode", "period")
    tier, fence = ("exporter", "export_tier", "period"), ("jurisdiction", "period")
    fixed = (in_order(solution, "tier", *tier) * in_order(instance, "export_tier_cost", *tier)).sum(axis=(0, 1)) + (
        in_order(solution, "ring_fence", *fence) * in_order(instance, "ring_fence_cost", *fence)
    ).sum(axis=0)
    return {
        "network": float(load @ (between["network_cost"] * per_load["traffic"])),
        "latency": float(load @ (between["round_trip"] * per_load["latency_value"])),
        "compliance": float(load @ of_law[case, host, mode, t] + fixed @ years),
    }
