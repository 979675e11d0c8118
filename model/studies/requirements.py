"""What a study requires, in groups people would name: each with a sentence and a key to its lever."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from model.amounts import figures, megawatts, money
from model.problem import Problem

Array = np.ndarray[Any, Any]
MOST_NAMED = 4
SCENARIO_FORBIDS = ("", "forbidden by the scenario")


@dataclass(frozen=True)
class Requirement:
    """One requirement. `lever` is what a user would change to loosen it; several requirements may share one."""

    key: str
    lever: str
    sentence: str

    @property
    def kind(self) -> str:
        return self.key.split("/")[0]


def words(identifier: Any) -> str:
    """An id as people write it."""
    return str(identifier).replace("_", " ").replace("-", " ")


def named(instance: xr.Dataset, flags: Array) -> str:
    """Names of the flagged sites, the first few."""
    names = [str(name) for name in instance["site_name"].values[flags]]
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more


def latency(instance: xr.Dataset, workload: int, origin: int) -> Requirement:
    """One origin's limit on one workload."""
    work, place = str(instance["workload"].values[workload]), str(instance["origin"].values[origin])
    limit = float(instance["latency_limit"].values[workload])
    sentence = f"{words(work).capitalize()} of {words(place).title()} within {limit:g} ms round trip"
    return Requirement(f"latency/{work}/{place}", f"latency/{work}", sentence)


def law(instance: xr.Dataset, case: int) -> Requirement:
    """What the law says of one legal case."""
    name = str(instance["legal_case"].values[case])
    allowed = instance["transfer_allowed"].isel(legal_case=case).sel(operator_mode="own").all("period")
    closed = [str(place) for place in instance["jurisdiction"].values[~allowed.values.astype(bool)]]
    told = f"no host of the operator's own in {', '.join(closed)}" if closed else "its conditions"
    return Requirement(f"law/{name}", f"law/{name}", f"Data law on {name}: {told}")


def exports(instance: xr.Dataset, group: int) -> Requirement:
    """The largest number of persons whose data may be exported."""
    name = str(instance["export_group"].values[group])
    return Requirement(f"persons/{name}", f"persons/{name}", f"Data law on {name}: the persons exported, counted")


def forbidden(instance: xr.Dataset, flags: Array) -> Requirement:
    """Sites the scenario forbids."""
    return Requirement("forbid", "forbid", f"No new halls at {named(instance, flags)} (forbidden by the scenario)")


def ground(instance: xr.Dataset, flags: Array) -> Requirement:
    """Sites that the ground or an exclusion zone excludes."""
    reasons = sorted({str(reason) for reason in instance["site_exclusion"].values[flags]})
    told = reasons[0] if len(reasons) == 1 else f"{reasons[0]} and {len(reasons) - 1} more"
    return Requirement("ground", "ground", f"No new halls at {named(instance, flags)} (ground: {told})")


def lead(instance: xr.Dataset, flags: Array) -> Requirement:
    """Sites that cannot be open from the start."""
    when = instance["open_allowed"].values.astype(bool)[flags]
    late = int(instance["period"].values[int(np.argmax(when.all(axis=0)))]) if when.all(axis=0).any() else None
    until = f"before {late}" if late is not None else "in every period"
    return Requirement("lead", "lead", f"Lead times: {named(instance, flags)} cannot be open {until}")


def hall_types(instance: xr.Dataset, flags: Array) -> Requirement:
    """Hall types that some sites do not permit; flags site × hall_type."""
    some: Array = np.any(flags, axis=1)
    kinds = [words(kind) for kind in instance["hall_type"].values[np.any(flags, axis=0)]]
    sites = named(instance, some)
    return Requirement("hall-types", "hall-types", f"Hall types not permitted ({', '.join(kinds)}) at {sites}")


def plots(instance: xr.Dataset) -> Requirement:
    """How much the plots hold."""
    total = float(instance["plot_limit"].where(instance["site_kind"] == "candidate", 0.0).sum())
    return Requirement("plots", "plots", f"Plots: new halls of {megawatts(total)} MW at most, site by site")


def grid(instance: xr.Dataset) -> Requirement:
    """How fast connections grow."""
    steps = (instance["grid_steps_allowed"] * instance["grid_step_size"]).sum("site")
    first, last = megawatts(float(steps[0])), megawatts(float(steps[-1]))
    years = instance["period"].values
    told = f"{first} MW can be connected by {years[0]}" + (f", {last} MW by {years[-1]}" if len(years) > 1 else "")
    return Requirement("grid", "grid", f"Grid steps and their lead times: {told}, site by site")


def forced(instance: xr.Dataset, site: int) -> Requirement:
    """A site that must be open."""
    name = str(instance["site"].values[site])
    since = int(instance["period"].values[int(np.argmax(instance["open_forced"].values.astype(bool)[site]))])
    told = f"{instance['site_name'].values[site]} open from {since}"
    return Requirement(f"forced/{name}", f"forced/{name}", told)


def limit(instance: xr.Dataset, field: str, period: int) -> Requirement:
    """A limit of the whole study in one period."""
    year, value = int(instance["period"].values[period]), float(instance[field].values[period])
    told = {
        "capital_limit": f"Capital of {year}: at most {money(value)} in cash",
        "carbon_limit": f"Carbon of {year}: at most {figures(value)} t a year",
        "site_limit": f"Sites of {year}: at most {value:.0f} open",
    }[field]
    name = field.removesuffix("_limit")
    return Requirement(f"{name}/{year}", name, told)


def standard(instance: xr.Dataset, field: str) -> Requirement:
    """A standard that sites must keep."""
    values = instance[field].values
    found = values[np.isfinite(values)]
    between = f"{found.min():g}" if found.min() == found.max() else f"{found.min():g} to {found.max():g}"
    sites = named(instance, np.isfinite(values))
    told = {
        "pue_ceiling": f"Yearly PUE of new halls at most {between}, at {sites}",
        "green_share": f"Green share of energy at least {between}, at {sites}",
        "water_permit": f"Water permits of {between} m3 a year, at {sites}",
    }[field]
    return Requirement(field.split("_")[0], field.split("_")[0], told)


def replicas(instance: xr.Dataset, workload: int) -> Requirement:
    """Replicas of one workload in different zones."""
    name = str(instance["workload"].values[workload])
    return Requirement(f"replicas/{name}", f"replicas/{name}", f"Replicas of {words(name)} in different hazard zones")


def demand(x: Problem) -> Requirement:
    """How much is to be served."""
    total = x.load.sum(axis=0)
    years = x.labels("period")
    told = f"{megawatts(total[0])} MW in {years[0]}" + (
        f" to {megawatts(total[-1])} MW in {years[-1]}" if len(years) > 1 else ""
    )
    return Requirement("demand", "demand", f"Demand of {told} served in full")
