"""Which limits hold a plan back, in plain arithmetic: what is used up, out of reach or forbidden."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import xarray as xr

from model.amounts import megawatts, percent

Array = np.ndarray[Any, Any]
TOUCHES = 1e-4  # relative distance at which a limit counts as reached
OUT_OF_REACH = 0.5  # a workload that fewer than this share of open sites can serve is held by latency


@dataclass(frozen=True)
class Binding:
    """One limit that is reached: its name, the site and first period it is reached in, and a sentence."""

    limit: str
    site: str
    period: int
    sentence: str


def binding_limits(instance: xr.Dataset, solution: xr.Dataset) -> list[dict[str, Any]]:
    """Limits the plan reaches, those of the whole study first: limit, site (or empty), period, sentence."""
    found = [
        *_study_limits(instance, solution),
        *_latency(instance, solution),
        *_law(instance, solution),
        *_site_limits(instance, solution),
        *_lead_times(instance, solution),
        *_plots(instance, solution),
        *_contracts(instance, solution),
        *_grid(instance, solution),
    ]
    return [asdict(limit) for limit in found]


def _study_limits(instance: xr.Dataset, solution: xr.Dataset) -> Iterator[Binding]:
    """Budgets of the whole study in each period."""
    candidates = instance["site_kind"] == "candidate"
    used: dict[str, tuple[xr.DataArray, str]] = {}
    if "carbon_limit" in instance:
        used["carbon_limit"] = (solution["carbon"].sum("site"), "the carbon budget is used up")
    if "site_limit" in instance:
        used["site_limit"] = ((solution["is_open"] * candidates).sum("site"), "no more sites may be open")
    if "capital_limit" in instance:
        used["capital_limit"] = (_cash(instance, solution), "the cash capital of the period is spent")
    for name, (amount, words) in used.items():
        for period in _periods_reached(amount, instance[name]):
            yield Binding(name, "", period, f"In {period} {words}.")


def _cash(instance: xr.Dataset, solution: xr.Dataset) -> xr.DataArray:
    """Capital paid in each period, CNY."""
    opened = _new(solution["is_open"].where(instance["site_kind"] == "candidate", 0))
    halls = (_new(solution["built_halls"]) * instance["hall_capital"]).sum(["site", "hall_type"])
    ground = (opened * (instance["land_capital"] + instance["fibre_capital"])).sum("site")
    return halls + ground + (_new(solution["grid_steps"]) * instance["grid_step_capital"]).sum("site")


def _new(standing: xr.DataArray) -> xr.DataArray:
    return standing.diff("period").combine_first(standing.isel(period=[0]))


def _site_limits(instance: xr.Dataset, solution: xr.Dataset) -> Iterator[Binding]:
    """Permits and standards of single sites."""
    energy = solution["facility_energy"]
    used: dict[str, tuple[xr.DataArray, str]] = {}
    if "water_permit" in instance:
        used["water_permit"] = (solution["water"], "uses its whole water permit")
    if "pue_ceiling" in instance:
        used["pue_ceiling"] = (solution["pue"], "is at its PUE ceiling")
    if "policy_energy_limit" in instance and "policy_energy" in solution:
        used["policy_energy_limit"] = (solution["policy_energy"], "uses all energy under its policy tariff")
    for name, (amount, words) in used.items():
        yield from _reached_at_sites(instance, name, amount, instance[name], words)
    if "green_share" in instance:
        green = solution["contract_energy"] + solution["certificates"]
        owed = (instance["green_share"] * energy).where(energy > 0, 0)
        # Green energy is a floor: it binds where no more is bought than owed.
        yield from _reached_at_sites(
            instance, "green_share", owed, green.where(owed > 0), "buys just the green energy it must"
        )


def _reached_at_sites(
    instance: xr.Dataset, name: str, amount: xr.DataArray, limit: xr.DataArray, words: str
) -> Iterator[Binding]:
    for site in instance["site"].values:
        here = limit.sel(site=site)
        periods = _periods_reached(amount.sel(site=site), here)
        if periods:
            yield Binding(name, str(site), periods[0], f"{_name(instance, site)} {words} from {periods[0]}.")


def _latency(instance: xr.Dataset, solution: xr.Dataset) -> Iterator[Binding]:
    """Workloads that few of the open sites are near enough for."""
    is_open = solution["it_load"].isel(period=-1).values > 0
    last = int(instance["period"].values[-1])
    load = instance["load"].sel(period=last).values
    trips = instance["round_trip"].sel(origin=instance["stream_origin"].values).transpose(..., "site").values
    for workload in instance["workload"].values:
        mine = (instance["stream_workload"].values == workload) & (load > 0)
        limit = float(instance["latency_limit"].sel(workload=workload))
        if not mine.any() or not is_open.any():
            continue
        near = (trips[mine][:, is_open] <= limit).sum(axis=1)
        typical = float(np.average(near, weights=load[mine]))
        if typical < OUT_OF_REACH * is_open.sum():
            words = str(workload).replace("_", " ")
            yield Binding("latency_limit", "", last, (
                f"Latency: {words} within {limit:g} ms can use {typical:.0f} of {is_open.sum()} "
                "serving sites on average."
            ))  # fmt: skip


def _law(instance: xr.Dataset, solution: xr.Dataset) -> Iterator[Binding]:
    """Load that law keeps from every host abroad though some are near enough."""
    last = int(instance["period"].values[-1])
    load = instance["load"].sel(period=last).values
    allowed = instance["transfer_allowed"].sel(period=last).any("operator_mode")
    cases, places = instance["stream_legal_case"].values, instance["site_jurisdiction"].values
    by_pair = allowed.sel(legal_case=cases, jurisdiction=places).transpose("legal_case", "jurisdiction")
    lawful = by_pair.values.astype(bool)
    trips = instance["round_trip"].sel(origin=instance["stream_origin"].values).transpose(..., "site").values
    limits = instance["latency_limit"].sel(workload=instance["stream_workload"].values).values
    near = (trips <= limits[:, None]) & instance["site_allowed"].values.astype(bool)[None]
    held = load[(near & ~lawful).any(axis=1)].sum()
    if held > 0:
        yield Binding("transfer_allowed", "", last, (
            f"Data law keeps {percent(held / load.sum())} of the load from hosts that latency would allow."
        ))  # fmt: skip


def _plots(instance: xr.Dataset, solution: xr.Dataset) -> Iterator[Binding]:
    """Plots that no further hall fits on."""
    used = (solution["built_halls"] * instance["hall_size"]).sum("hall_type")
    usable = instance["hall_type_allowed"].astype(bool) & instance["hall_buildable"].astype(bool)
    smallest = instance["hall_size"].where(usable).min("hall_type")
    full = (used > 0) & (used + smallest > instance["plot_limit"] * (1 + TOUCHES))
    for site in instance["site"].values[full.any("period").values]:
        period = _first(full.sel(site=site))
        limit = float(instance["plot_limit"].sel(site=site))
        yield Binding("plot_limit", str(site), period, (
            f"{_name(instance, site)}: the plot of {megawatts(limit)} MW is full from {period}."
        ))  # fmt: skip


def _contracts(instance: xr.Dataset, solution: xr.Dataset) -> Iterator[Binding]:
    """Energy contracts taken up to what is offered."""
    limit, taken = instance["contract_limit"], solution["contract"]
    full = (limit > 0) & (taken >= limit * (1 - TOUCHES))
    for source in instance["energy_source"].values:
        here = full.sel(energy_source=source)
        sites = instance["site"].values[here.any("period").transpose("site").values]
        if len(sites):
            period = _first(here.any("site"))
            total = float(taken.sel(energy_source=source, site=sites).isel(period=-1).sum())
            names = ", ".join(_name(instance, site) for site in sites[:4])
            more = f" and {len(sites) - 4} more" if len(sites) > 4 else ""
            yield Binding("contract_limit", str(sites[0]) if len(sites) == 1 else "", period, (
                f"All {source} power on offer is contracted at {names}{more} ({megawatts(total)} MW)."
            ))  # fmt: skip


def _grid(instance: xr.Dataset, solution: xr.Dataset) -> Iterator[Binding]:
    """Grid connections that can grow no further in a period."""
    limit, steps = instance["grid_steps_allowed"], solution["grid_steps"]
    full = (steps > 0) & (steps >= limit)
    for site in instance["site"].values[full.any("period").transpose("site").values]:
        period = _first(full.sel(site=site))
        count = int(steps.sel(site=site, period=period))
        yield Binding("grid_steps_allowed", str(site), period, (
            f"{_name(instance, site)}: the grid connection is at its limit of {count} steps in {period}."
        ))  # fmt: skip


def _lead_times(instance: xr.Dataset, solution: xr.Dataset) -> Iterator[Binding]:
    """Sites that open in the first period they can, which is not the first of the study."""
    candidates = instance["site_kind"] == "candidate"
    allowed, is_open = instance["open_allowed"].astype(bool), solution["is_open"] > 0
    late = (candidates & ~allowed.isel(period=0)).values
    for site in instance["site"].values[late]:
        if is_open.sel(site=site).any() and _first(is_open.sel(site=site)) == _first(allowed.sel(site=site)):
            period = _first(allowed.sel(site=site))
            yield Binding("open_allowed", str(site), period, f"{_name(instance, site)} cannot open before {period}.")


def _periods_reached(amount: xr.DataArray, limit: xr.DataArray) -> list[int]:
    """Periods in which an amount is at its limit; a missing limit is never reached."""
    reached = (amount > 0) & (amount >= limit * (1 - TOUCHES))
    return [int(period) for period in amount["period"].values[reached.transpose("period").values]]


def _first(flags: xr.DataArray) -> int:
    return int(flags["period"].values[int(flags.transpose("period").values.argmax())])


def _name(instance: xr.Dataset, site: Any) -> str:
    return str(instance["site_name"].sel(site=site).item())
