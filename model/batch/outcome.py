"""What a sweep keeps of a member: how it ended, its decisions, accounts and key figures, a small Dataset."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

from model.report import by_period, energy_price, it_price

SOLVED = ("optimal_within_gap", "best_found", "time_limit", "stopped")
NEVER_BETTER = (*SOLVED, "infeasible", "bad_input")  # solving again would end the same way
STATUS_MEANING = (
    "optimal_within_gap, time_limit, best_found: a plan; infeasible: none exists; no_plan: none found in "
    "time; bad_input: the values cannot be used; failed: our fault; lost: its worker died; pending: not "
    "solved yet"
)
NUMBERS: dict[str, tuple[str, str]] = {
    "objective_cny": ("CNY", "present cost of the plan"),
    "bound_cny": ("CNY", "cost that no plan can undercut"),
    "gap": ("1", "certified gap relative to the plan"),
    "seconds": ("s", "wall time of the solve"),
    "build_seconds": ("s", "wall time of building the instance"),
    "energy_cny_per_kwh": ("CNY/kWh", "energy bill per facility energy, levelised"),
    "it_cny_per_kwh": ("CNY/kWh", "whole bill per IT energy, levelised"),
}
YEARLY = {
    "open_sites": "1", "it_mw": "MW", "it_mwh": "MWh/a", "facility_mwh": "MWh/a", "pue": "1",
    "water_m3": "m3/a", "carbon_t": "t/a",
}  # fmt: skip
DECISIONS = ("is_open", "halls", "grid_steps", "contract", "it_load", "policy_uptake", "ring_fence")


def outcome(instance: xr.Dataset, solution: xr.Dataset, build_seconds: float) -> xr.Dataset:
    """Decisions and key figures of a plan. Its variables have the dimensions and units of the solution.

    account_cost is by account and period, site_cost by site and period: present value, CNY.
    """
    attrs = solution.attrs
    numbers = {name: float(attrs[name]) for name in ("objective_cny", "bound_cny", "gap")} | {
        "seconds": float(attrs["wall_s"]),
        "build_seconds": build_seconds,
        "energy_cny_per_kwh": float(energy_price(instance, solution).sel(site="all")),
        "it_cny_per_kwh": it_price(instance, solution),
    }
    kept = solution[[name for name in DECISIONS if name in solution]]
    costs = solution["account_cost"]
    places = costs.sum("account").rename(account_site="site").reindex(site=instance["site"].values)
    years = by_period(instance, solution)[list(YEARLY)]
    found = _ended(str(attrs["status"]), "", numbers).merge(kept)
    found["account_cost"] = costs.sum("account_site").assign_attrs(units="CNY", long_name="present cost by account")
    found["site_cost"] = places.assign_attrs(units="CNY", long_name="present cost caused by a site")
    for name, unit in YEARLY.items():
        found[name] = (
            "period",
            years[name].to_numpy(float),
            {"units": unit, "long_name": f"{name} of a year"},
        )
    used = sorted({str(dim) for variable in found.data_vars.values() for dim in variable.dims})
    return found.drop_vars([name for name in found.coords if name not in used])


def no_outcome(status: str, reason: str, seconds: float = 0.0) -> xr.Dataset:
    """A member without a plan, and why."""
    return _ended(status, reason, dict.fromkeys(NUMBERS, np.nan) | {"seconds": seconds})


def _ended(status: str, reason: str, numbers: dict[str, float]) -> xr.Dataset:
    variables: dict[str, Any] = {
        "status": ((), np.array(status, dtype=object), {"long_name": STATUS_MEANING}),
        "reason": ((), np.array(reason, dtype=object), {"long_name": "why there is no plan"}),
    }
    for name, (unit, meaning) in NUMBERS.items():
        variables[name] = ((), numbers[name], {"units": unit, "long_name": meaning})
    return xr.Dataset(variables)
