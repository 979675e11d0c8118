"""A plan beside the plan of the study it is compared with, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import xarray as xr

from data.evidence import read_table
from model.amounts import megawatts, money, percent
from model.studies.solving import gap_cny, opened


def comparison(
    instance: xr.Dataset, plan: xr.Dataset, other_instance: xr.Dataset, other: xr.Dataset, words: str
) -> list[str]:
    """What the plan costs more or less than the other one, and where, in which halls they differ.

    `words` names the other study, such as `policy.hub_pack: false`.
    """
    return [
        *_price(plan, other, words),
        *_places(instance, plan, other_instance, other),
        *_kinds(plan, other),
        *_figures(plan, other),
    ]


def _price(plan: xr.Dataset, other: xr.Dataset, words: str) -> Iterator[str]:
    cost, theirs = float(plan.attrs["objective_cny"]), float(other.attrs["objective_cny"])
    extra, doubt = cost - theirs, max(gap_cny(plan), gap_cny(other))
    yield (
        f"With {words} the plan would cost {money(theirs)}: {money(abs(extra))} "
        f"({percent(abs(extra) / cost)}) {'less' if extra >= 0 else 'more'} than this one."
    )
    if abs(extra) <= doubt:
        yield f"That is within the {money(doubt)} to which the plans are proved, so which is cheaper stays open."
    else:
        low, high = sorted((extra - gap_cny(plan), extra + gap_cny(other)))
        yield f"Proved: between the best plans of the two lie {money(low)} to {money(high)}."


def _places(instance: xr.Dataset, plan: xr.Dataset, other_instance: xr.Dataset, other: xr.Dataset) -> Iterator[str]:
    here, there = opened(plan), opened(other)
    for verb, sites, world in (("It would also build at", there - here, other_instance),
                               ("It would not build at", here - there, instance)):  # fmt: skip
        if sites:
            names = world["site_name"].to_series()
            yield f"{verb} {', '.join(sorted(str(names[site]) for site in sites))}."
    if here == there:
        yield "It would build at the same sites."


def _kinds(plan: xr.Dataset, other: xr.Dataset) -> Iterator[str]:
    counts = {
        name: found["built_halls"].isel(period=-1).sum("site").to_series()
        for name, found in (("here", plan), ("there", other))
    }
    table = pd.DataFrame(counts).fillna(0).astype(int)
    changed = table.loc[table["here"] != table["there"]]
    if len(changed):
        told = [f"{str(kind).replace('_', ' ')} {row['there']} for {row['here']}" for kind, row in changed.iterrows()]
        yield f"New halls in the last period would be: {', '.join(told)}."


def _figures(plan: xr.Dataset, other: xr.Dataset) -> Iterator[str]:
    told = []
    for found in (other, plan):
        last = found.isel(period=-1).sum("site")
        told.append((float(last["facility_energy"] / last["it_energy"]), float(last["carbon"]) / 1e6))
    (pue, carbon), (our_pue, our_carbon) = told
    yield (
        f"In the last period PUE would be {pue:.3f} for {our_pue:.3f}, "
        f"CO2 {carbon:.2f} for {our_carbon:.2f} million t a year."
    )


def hub_rules(instance: xr.Dataset, plan: xr.Dataset) -> list[str]:
    """By how much each national cluster that the plan builds at keeps its rules, in the last period."""
    rules = read_table("hub_rules.csv")
    clusters = [str(site) for site in rules["site"].unique() if site in instance["site"].values]
    names, last = instance["site_name"].to_series(), plan.isel(period=-1)
    built = {site for site in clusters if int(last["built_halls"].sel(site=site).sum())}
    told = [_kept(instance, last, site, str(names[site])) for site in clusters if site in built]
    left = [str(names[site]) for site in clusters if site not in built]
    return [*told, *([f"Clusters where the plan builds nothing: {', '.join(left)}."] if left else [])]


def _kept(instance: xr.Dataset, last: xr.Dataset, site: str, name: str) -> str:
    at, world = last.sel(site=site), instance.sel(site=site)
    usable = instance["hall_size"] * instance["hall_utilisation_limit"]
    load, halls = float(at["it_load"]), float((at["halls"] * instance["hall_size"]).sum())
    parts = [f"{megawatts(load)} MW in {int(at['halls'].sum())} halls, {percent(load / halls)} of them in use"]
    parts[0] += f" (at most {percent(float((at['halls'] * usable).sum()) / halls)})"
    if "pue_ceiling" in instance and float(world["pue_ceiling"]) > 0:
        ceiling, pue = float(world["pue_ceiling"]), float(at["pue"])
        parts.append(f"PUE {pue:.3f}, {ceiling - pue:.3f} within its {ceiling:.2f}")
    if "green_share" in instance and float(world["green_share"]) > 0:
        hours = instance["slice_hours"] * instance["hydro_year_probability"]
        expected = (world["contract_delivery"] * hours).sum(["slice", "hydro_year"])
        contracted, energy = float((at["contract"] * expected).sum()), float(at["facility_energy"])
        green = (contracted + float(at["certificates"])) / energy
        parts.append(
            f"green {percent(green)} of the {percent(float(world['green_share']))} due, "
            f"{percent(float(at['certificates']) / energy)} by certificates"
        )
    return f"{name}: {'; '.join(parts)}."
