"""Limits that a study sets, and what a plan tells of itself: a part of the audit."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

from model.audited_bill import newly_opened
from model.audited_energy import Energy, in_order, labels_of, optional

Array = np.ndarray[Any, Any]
SITE, HALLS = ("site", "period"), ("site", "hall_type", "period")


def limit_faults(instance: xr.Dataset, solution: xr.Dataset, energy: Energy, tolerance: float) -> list[str]:
    """Permits, budgets, ceilings, shares and tariffs that are broken, and yearly amounts that the plan tells wrong."""

    def beyond(name: str, dim: str, amount: Array) -> bool:
        """Whether an amount, along the dimension first or alone, exceeds a limit that the study sets."""
        if name not in instance.variables:
            return False
        limit = in_order(instance, name, dim).reshape(-1, *[1] * (amount.ndim - 1))
        return bool((amount > limit * (1 + tolerance) + tolerance).any())

    is_new = labels_of(instance, "site_kind") == "candidate"
    open_sites = in_order(solution, "is_open", *SITE)[is_new].sum(axis=0)
    checks = [
        ("water exceeds a permit", beyond("water_permit", "site", energy.water)),
        ("emissions exceed the carbon budget", beyond("carbon_limit", "period", energy.carbon.sum(axis=0))),
        ("too many sites are open", beyond("site_limit", "period", open_sites)),
        ("cash capital exceeds the budget", beyond("capital_limit", "period", cash_capital(instance, solution))),
        ("a site's green share is not reached", _green_is_missing(instance, solution, energy, tolerance)),
        ("new halls exceed a PUE ceiling", _ceiling_is_broken(instance, solution, tolerance)),
        *_policy(instance, solution, energy, tolerance),
    ]
    told = {
        "facility_energy": energy.facility,
        "it_energy": energy.it,
        "water": energy.water,
        "carbon": energy.carbon,
        "grid_energy": energy.grid.sum(axis=(1, 2)),
        "backup_energy": energy.backup.sum(axis=(1, 2)),
    }
    wrong = [
        name
        for name, value in told.items()
        if (np.abs(in_order(solution, name, *SITE) - value) > tolerance * np.maximum(1.0, np.abs(value))).any()
    ]
    return [text for text, broken in checks if broken] + [f"{name} is not what the plan comes to" for name in wrong]


def cash_capital(instance: xr.Dataset, solution: xr.Dataset) -> Array:
    """Cash capital by period, CNY: what is newly bought, undiscounted."""
    built, steps = in_order(solution, "built_halls", *HALLS), in_order(solution, "grid_steps", *SITE)
    ground, step = (
        in_order(instance, "land_capital", "site") + in_order(instance, "fibre_capital", "site"),
        in_order(instance, "grid_step_capital", "site"),
    )
    halls = (in_order(instance, "hall_capital", *HALLS) * np.diff(built, axis=2, prepend=0)).sum(axis=(0, 1))
    cash: Array = ground @ newly_opened(instance, solution) + halls + step @ np.diff(steps, axis=1, prepend=0)
    return cash


def _green_is_missing(instance: xr.Dataset, solution: xr.Dataset, energy: Energy, tolerance: float) -> bool:
    """Contracts, as they deliver in the mean, and certificates are to reach a share of facility energy."""
    if "green_share" not in instance.variables:
        return False
    green = energy.contracted.sum(axis=1) + in_order(solution, "certificates", *SITE)
    need = np.nan_to_num(in_order(instance, "green_share", "site"))[:, None] * energy.facility
    return bool((green < need * (1 - tolerance) - 1.0).any())  # a MWh a year is none


def _ceiling_is_broken(instance: xr.Dataset, solution: xr.Dataset, tolerance: float) -> bool:
    """New halls with the load in types that can be built, over a year; load in old halls of such types counts too."""
    if "pue_ceiling" not in instance.variables:
        return False
    ceiling, hours = in_order(instance, "pue_ceiling", "site"), in_order(instance, "slice_hours", "slice")
    new = in_order(instance, "hall_buildable", "hall_type").astype(bool)
    overhead, marginal = (
        in_order(instance, name, "site", "hall_type", "slice")[:, new] for name in ("overhead_power", "marginal_power")
    )
    hosted = in_order(solution, "hosted", "site", "workload", "hall_type", "period")[:, :, new]
    profile = in_order(instance, "it_profile", "site", "workload", "slice")
    work = np.einsum("iws,iwht,s->ihst", profile, hosted, hours, optimize=True)
    idle = np.einsum("ihs,iht,s->it", overhead, in_order(solution, "built_halls", *HALLS)[:, new], hours, optimize=True)
    facility, it = idle + np.einsum("ihs,ihst->it", marginal, work), work.sum(axis=(1, 2))
    return bool((facility > ceiling[:, None] * it * (1 + tolerance) + 1.0).any())


def _policy(instance: xr.Dataset, solution: xr.Dataset, energy: Energy, tolerance: float) -> list[tuple[str, bool]]:
    """Energy under a policy tariff: where offered and taken up, from a load on, up to an amount, beside contracts."""
    bought, taken = in_order(solution, "policy_energy", *SITE), in_order(solution, "policy_uptake", *SITE)
    most = optional(instance, "policy_energy_limit", *SITE) * (optional(instance, "policy_discount", *SITE) > 0)
    load = in_order(solution, "hosted", "site", "workload", "hall_type", "period").sum(axis=(1, 2))
    least = optional(instance, "policy_minimum_load", "site")[:, None]
    from_grid = energy.facility - energy.contracted.sum(axis=1)
    return [
        (
            "more is bought under a policy tariff than it covers",
            bool((bought > most * taken * (1 + tolerance) + 1).any()),
        ),
        (
            "a policy tariff is taken up below its least load",
            bool(((taken > 0) & (load < least * (1 - tolerance) - tolerance)).any()),
        ),
        ("contracted energy is bought under a policy tariff", bool(((bought > 1) & (bought > from_grid + 1)).any())),
    ]
