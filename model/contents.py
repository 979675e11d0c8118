"""What an instance is made of, in sentences: for `hallsite check` and for a first look at own data."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import xarray as xr

from data.fields import INSTANCE

MOST_NAMED = 6


def contents(instance: xr.Dataset) -> list[str]:
    """Sites, halls, demand, time, law and limits of an instance, a sentence each."""
    return [*_sites(instance), *_demand(instance), *_time(instance), *_law(instance), *_limits(instance)]


def _sites(instance: xr.Dataset) -> Iterator[str]:
    candidate = instance["site_kind"].values == "candidate"
    allowed = instance["site_allowed"].values.astype(bool)
    names = instance["site_name"].values
    fleet = int(instance["existing_halls"].isel(period=0).sum())
    yield f"{candidate.sum()} candidate sites, {(candidate & allowed).sum()} of which may be built on"
    for name, reason in _reasons(instance, candidate & ~allowed):
        yield f"{name} is excluded: {reason}"
    if fleet:
        where = ~candidate & (instance["existing_halls"].isel(period=0).sum("hall_type").values > 0)
        yield f"{fleet} existing halls in {where.sum()} places"
    far = instance["site_station_distance"].values
    borrowed = [f"{names[i]} ({far[i]:.0f} km)" for i in np.argsort(-far) if far[i] >= 50 and candidate[i]]
    if borrowed:
        yield f"weather from a station 50 km away or more: {_some(borrowed)}"
    buildable = instance["hall_buildable"].values.astype(bool)
    types = [str(name).replace("_", " ") for name in instance["hall_type"].values[buildable]]
    yield f"{len(types)} hall types to build: {', '.join(types)}"


def _reasons(instance: xr.Dataset, excluded: np.ndarray) -> Iterator[tuple[str, str]]:
    for place in np.flatnonzero(excluded):
        reason = str(instance["site_exclusion"].values[place]) or "the scenario forbids it"
        yield str(instance["site_name"].values[place]), reason


def _demand(instance: xr.Dataset) -> Iterator[str]:
    load = instance["load"].sum("stream")
    first, last = load["period"].values[[0, -1]]
    growth = f"{float(load[0]):,.0f} MW of IT load in {first}, {float(load[-1]):,.0f} MW in {last}"
    sizes = instance.sizes
    parts = f"{sizes['origin']} origins and {sizes['workload']} workloads"
    yield f"{sizes['stream']} streams from {parts}: {growth}"


def _time(instance: xr.Dataset) -> Iterator[str]:
    years, sizes = float(instance["period_years"].sum()), instance.sizes
    yield f"{sizes['period']} periods over {years:.0f} years, a year in {sizes['slice']} slices"
    yield f"{sizes['hydro_year']} hydrological years"


def _law(instance: xr.Dataset) -> Iterator[str]:
    rules = instance["transfer_mechanism"]
    kinds, counts = np.unique(rules.values.astype(str), return_counts=True)
    told = ", ".join(f"{kind.replace('_', ' ')} {count}" for kind, count in zip(kinds, counts, strict=True))
    yield f"data law: {instance.sizes['legal_case']} legal cases; answers by mechanism: {told}"


def _limits(instance: xr.Dataset) -> Iterator[str]:
    limits = [name for name, field in INSTANCE.items() if field.optional and field.kind != "text"]
    present = [name for name in limits if name in instance]
    if present:
        yield f"optional quantities in force: {', '.join(name.replace('_', ' ') for name in present)}"


def _some(words: list[str]) -> str:
    more = f" and {len(words) - MOST_NAMED} more" if len(words) > MOST_NAMED else ""
    return ", ".join(words[:MOST_NAMED]) + more
