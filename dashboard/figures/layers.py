"""What a map can be coloured by: one value per site, its unit and its meaning, worked out from the instance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from data.evidence import read_table

BEST = "best"
ALL_YEAR = 0


@dataclass(frozen=True)
class Choice:
    """What the reader asked a layer for.

    period: first year. month: 1 to 12, or ALL_YEAR. hall_type: an id, or BEST for the permitted type with the
    least yearly PUE. origin: whose latency or law. workload: whose law; empty for the first there is.
    """

    period: int
    month: int = ALL_YEAR
    hall_type: str = BEST
    origin: str = ""
    workload: str = ""


@dataclass(frozen=True)
class Layer:
    """A value by site: numbers with a unit, or words of a group such as `mechanism`. note: by site, for hover."""

    name: str
    values: pd.Series
    unit: str = "1"
    group: str = ""
    notes: pd.Series | None = None


def pue_layer(instance: xr.Dataset, choice: Choice, evidence: pd.DataFrame | None = None) -> Layer:
    """Yearly PUE of a full hall of the type, or of the best permitted one; notes name the type."""
    ratio, _ = yearly_ratios(instance)
    values, types = _of_type(instance, ratio, ratio, choice)
    return Layer("pue", values, notes=types)


def water_layer(instance: xr.Dataset, choice: Choice, evidence: pd.DataFrame | None = None) -> Layer:
    """Yearly water of a full hall of the type, or of the type with the best PUE, m3/MWh."""
    ratio, water = yearly_ratios(instance)
    values, types = _of_type(instance, ratio, water, choice)
    return Layer("water", values, "m3/MWh", notes=types)


def price_layer(instance: xr.Dataset, choice: Choice, evidence: pd.DataFrame | None = None) -> Layer:
    """Grid price of a year or a month, mean over hours and hydrological years, CNY/MWh."""
    prices = instance["grid_price"].sel(period=choice.period)
    expected = (prices * instance["hydro_year_probability"]).sum("hydro_year")
    hours = instance["slice_hours"]
    if choice.month != ALL_YEAR:
        hours = hours.where(instance["slice_month"] == choice.month, 0.0)
    return Layer("price", expected.weighted(hours).mean("slice").to_series(), "CNY/MWh")


def latency_layer(instance: xr.Dataset, choice: Choice, evidence: pd.DataFrame | None = None) -> Layer:
    """Round trip from the chosen origin, ms."""
    return Layer("latency", instance["round_trip"].sel(origin=_origin(instance, choice)).to_series(), "ms")


def hazard_layer(instance: xr.Dataset, choice: Choice, evidence: pd.DataFrame | None = None) -> Layer:
    """Peak ground acceleration (475 years) in g; notes tell what excludes a site."""
    known = read_table("ground_sites.csv", "site")["pga_g"].astype(float)
    values = known.reindex(instance["site"].values.tolist())
    if evidence is not None:
        told = evidence[evidence["field"] == "pga_g"]
        values = pd.to_numeric(told.set_index("site")["value"], errors="coerce").reindex(values.index)
    return Layer("hazard", values, "g", notes=instance["site_exclusion"].to_series())


def law_layer(instance: xr.Dataset, choice: Choice, evidence: pd.DataFrame | None = None) -> Layer:
    """Mechanism by which data of the origin's workload may be held at each site under own operation."""
    origin = _origin(instance, choice)
    streams = instance["stream_origin"].values == origin
    if choice.workload:
        streams &= instance["stream_workload"].values == choice.workload
    if not streams.any():
        return Layer("law", pd.Series("unknown", index=instance["site"].values.tolist()), "", "mechanism")
    case = str(instance["stream_legal_case"].values[np.argmax(streams)])
    told = instance["transfer_mechanism"].sel(legal_case=case, operator_mode="own", period=choice.period)
    by_place = told.to_series()
    where = instance["site_jurisdiction"].to_series()
    return Layer("law", where.map(by_place), "", "mechanism")


LAYERS: dict[str, Callable[[xr.Dataset, Choice, pd.DataFrame | None], Layer]] = {
    "pue": pue_layer, "price": price_layer, "latency": latency_layer, "hazard": hazard_layer, "law": law_layer,
    "water": water_layer,
}  # fmt: skip


def layer(name: str, instance: xr.Dataset, choice: Choice, evidence: pd.DataFrame | None = None) -> Layer:
    """A layer by name. Raises KeyError for one that does not exist."""
    return LAYERS[name](instance, choice, evidence)


def _origin(instance: xr.Dataset, choice: Choice) -> str:
    known = instance["origin"].values.tolist()
    return choice.origin if choice.origin in known else str(known[0])


def yearly_ratios(instance: xr.Dataset) -> tuple[pd.DataFrame, pd.DataFrame]:
    """PUE and WUE of a year by site and hall type, at usable size times the mean profile; nan where forbidden."""
    axes = ("site", "hall_type", "slice")
    hours = instance["slice_hours"].to_numpy()
    profile = instance["it_profile"].mean("workload").transpose("site", "slice").to_numpy()
    size = (instance["hall_size"] * instance["hall_utilisation_limit"]).to_numpy()
    load = profile[:, None, :] * size[None, :, None]
    overhead, marginal, water = (
        instance[name].transpose(*axes).to_numpy() for name in ("overhead_power", "marginal_power", "water_use")
    )
    it = (load * hours).sum(axis=2)
    pue, wue = (
        ((overhead + marginal * load) * hours).sum(axis=2) / it,
        (water * load * hours).sum(axis=2) / it,
    )
    there = instance["hall_type_allowed"] | (instance["existing_halls"].sum("period") > 0)
    closed = ~there.transpose("site", "hall_type").to_numpy()
    labels = {"index": instance["site"].values.tolist(), "columns": instance["hall_type"].values.tolist()}
    return tuple(pd.DataFrame(np.where(closed, np.nan, a), **labels) for a in (pue, wue))  # type: ignore[return-value]


def _of_type(
    instance: xr.Dataset, ratio: pd.DataFrame, wanted: pd.DataFrame, choice: Choice
) -> tuple[pd.Series, pd.Series]:
    if choice.hall_type in wanted:
        return wanted[choice.hall_type], pd.Series(choice.hall_type, index=wanted.index)
    best = ratio.fillna(np.inf).idxmin(axis=1).where(ratio.notna().any(axis=1))
    column = [wanted.columns.get_loc(kind) if isinstance(kind, str) else 0 for kind in best]
    values = pd.Series(wanted.to_numpy()[np.arange(len(wanted)), column], index=wanted.index)
    return values.where(best.notna()), best
