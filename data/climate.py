"""Climate fields of an instance: facility load and water of each hall type at each site."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from data.cooling import Operation, Outdoor, facility
from data.cooling.parts import SEA_LEVEL_DENSITY, Parameters
from data.evidence import assumptions
from data.once import once_per_setting
from data.psychrometrics import STANDARD_PRESSURE, Array
from data.setting import Setting
from data.weather import SiteWeather, site_weather

# The affine fit is exact at the stated part load; its slope spans the loads halls are used at.
FIT_SPAN = 0.15
PLACES_AT_ONCE = 8  # arrays of more leave the processor's cache and take twice as long
Hall = Mapping[Any, Any]  # a row of hall_types.csv
EVIDENCE = ["site", "field", "value", "unit", "source", "evidence", "note"]
MODEL_SOURCE = "climate-lei-masanet"


def climate(setting: Setting) -> xr.Dataset:
    """Overhead and marginal facility load, design peaks, water, hall facts and serving stations."""
    weather = site_weather(setting)
    by_slice, by_month = _fits(setting)
    rows = weather.place.to_numpy()
    fitted = {name: (("site", "hall_type", "slice"), values[rows]) for name, values in by_slice.items()}
    fitted |= {name: (("site", "hall_type", "month"), values[rows]) for name, values in by_month.items()}
    served = {
        "site_station": ("site", weather.stations["station"].to_numpy(object)),
        "site_station_distance": ("site", weather.stations["distance_km"].to_numpy(float)),
    }
    return xr.Dataset({**fitted, **served, **_hall_facts(setting)}, coords=_coords(setting))


@once_per_setting
def _fits(setting: Setting) -> tuple[dict[str, Array], dict[str, Array]]:
    """The affine fits of every hall type: place × hall_type × slice, and × month."""
    weather, p, run = site_weather(setting), _parameters(setting), operation(setting)
    hot, halls = _design_air(weather), setting.hall_types.to_dict("records")
    parts = [(part, _outdoor(part)) for part in _few_places_each(weather)]
    slices = [_stacked([_slice_fields(air, part, hall, setting, p, run) for part, air in parts]) for hall in halls]
    peaks = [_peak_fields(hot, hall, p, run) for hall in halls]
    by_slice, by_month = (
        {name: np.stack([hall[name] for hall in fits], axis=1) for name in fits[0]} for fits in (slices, peaks)
    )
    return by_slice, by_month


def _few_places_each(weather: SiteWeather) -> Iterator[SiteWeather]:
    """The weather of a few places after another; the design days stay with the whole."""
    for first in range(0, len(weather.dry), PLACES_AT_ONCE):
        fields = {name: getattr(weather, name) for name in ("dry", "wet", "hours", "pressure", "ground")}
        yield replace(weather, **{name: values[first : first + PLACES_AT_ONCE] for name, values in fields.items()})


def _stacked(parts: list[dict[str, Array]]) -> dict[str, Array]:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def operation(setting: Setting) -> Operation:
    """How the scenario runs its halls."""
    chosen = setting.scenario.climate
    return Operation(chosen.envelope == "allowable", chosen.supply_drift_k, chosen.dry_cooling)


def _parameters(setting: Setting) -> Parameters:
    return assumptions(setting.scenario.assumptions)


def _coords(setting: Setting) -> dict[str, NDArray[Any]]:
    tables = (setting.sites, setting.hall_types, setting.workloads, setting.slices)
    names = ("site", "hall_type", "workload", "slice")
    labels = {name: table.index.to_numpy(object) for name, table in zip(names, tables, strict=True)}
    return labels | {"month": np.arange(1, 13)}


def _hall_facts(setting: Setting) -> dict[str, tuple[tuple[str, ...], Array]]:
    types, dense = setting.hall_types, setting.workloads["density"].to_numpy() == "high"
    can = ~dense[:, None] | (types["density"].to_numpy() == "high")[None, :]
    return {
        "hall_size": (("hall_type",), types["size_mw"].to_numpy(float)),
        "hall_utilisation_limit": (("hall_type",), types["utilisation_limit"].to_numpy(float)),
        "hall_buildable": (("hall_type",), types["buildable"].to_numpy(bool)),
        "can_host": (("workload", "hall_type"), can),
    }


def _outdoor(weather: SiteWeather) -> Outdoor:
    by_place = (slice(None), None, None, None)
    return Outdoor(weather.dry, weather.wet, weather.pressure[by_place], weather.ground[by_place])


def _slice_means(values: Array, weather: SiteWeather, setting: Setting) -> Array:
    """Hour-weighted means over the bins of each slice: … × place × slice from … × place × month × hour × bin."""
    member = _slice_members(setting)
    total = np.einsum("...pmhb,pmhb->...pmh", values, weather.hours)
    weight = weather.hours.sum(-1).reshape(len(weather.hours), -1)
    return np.asarray((total.reshape(*total.shape[:-2], -1) @ member) / (weight @ member))


def _slice_members(setting: Setting) -> Array:
    """Which month and hour of the UTC+8 day belong to which slice: 288 × slice, 0 or 1."""
    member = np.zeros((12, 24, len(setting.slices)))
    columns = (setting.slices[name] for name in ("months", "first_hour", "last_hour"))
    for number, (months, first, last) in enumerate(zip(*columns, strict=True)):
        for month in months:
            member[month - 1, first:last, number] = 1.0
    return member.reshape(288, -1)


def _slice_fields(
    air: Outdoor, weather: SiteWeather, hall: Hall, setting: Setting, p: Parameters, run: Operation
) -> dict[str, Array]:
    """Affine fit of one hall type: MW per hall, MW per MW of IT load, m3 per MWh; place × slice."""
    stated = float(hall["part_load"])
    loads = np.array([stated, stated + FIT_SPAN, stated - FIT_SPAN])[:, None, None, None, None]
    draw = facility(hall["cooling_system"], air, loads, p, run)  # together: what only the air decides, once
    exact, more, less = _slice_means(draw.power, weather, setting)
    overhead, marginal = _through(exact, (more - less) / (2 * FIT_SPAN), stated)
    water = _slice_means(draw.water[0], weather, setting) / stated
    return {"overhead_power": overhead * hall["size_mw"], "marginal_power": marginal, "water_use": water}


def _through(exact: Array, slope: Array, load: float) -> tuple[Array, Array]:
    """A line through (load, exact) with the given slope; a hall's overhead cannot be negative."""
    overhead = np.maximum(exact - slope * load, 0.0)
    return overhead, (exact - overhead) / load


def _design_air(weather: SiteWeather) -> Outdoor:
    shape = weather.design_dry.shape
    column = (slice(None), None, None)
    return Outdoor(
        weather.design_dry, np.minimum(weather.design_wet, weather.design_dry),
        np.broadcast_to(weather.pressure[column], shape), np.broadcast_to(weather.ground[column], shape),
    )  # fmt: skip


def _peak_fields(air: Outdoor, hall: Hall, p: Parameters, run: Operation) -> dict[str, Array]:
    """Affine fit at the worse of the two design hours of each month, exact at the utilisation limit."""
    full, stated = float(hall["utilisation_limit"]), float(hall["part_load"])
    high = facility(hall["cooling_system"], air, full, p, run).power.max(-1)[:, 1:]
    low = facility(hall["cooling_system"], air, stated, p, run).power.max(-1)[:, 1:]
    overhead, marginal = _through(high, (high - low) / (full - stated), full)
    return {"peak_overhead": overhead * hall["size_mw"], "peak_marginal": marginal}


@once_per_setting
def plant_cost_factor(setting: Setting) -> xr.DataArray:
    """Cost of cooling plant relative to the reference design day at sea level; site × hall_type.

    Compressors are sized for the heat they lift on the year's 0.4 % design hour, fans and coils for the
    volume of air, which grows as air thins.
    """
    weather, p, run = site_weather(setting), _parameters(setting), operation(setting)
    reference = Outdoor(
        *(np.array(value) for value in (
            p["design_dry_bulb_reference"], p["design_wet_bulb_reference"], STANDARD_PRESSURE, 16.0
        ))
    )  # fmt: skip
    air = _design_air(weather)
    thin = SEA_LEVEL_DENSITY / air.density[:, 0, 0] - SEA_LEVEL_DENSITY / reference.density
    columns = []
    for hall in setting.hall_types.to_dict("records"):
        full, system = float(hall["utilisation_limit"]), hall["cooling_system"]
        lifted = facility(system, air, full, p, run).mechanical.max(-1)[:, 0]
        usual = facility(system, reference, full, p, Operation()).mechanical
        columns.append(1 + p["plant_mechanical_share"] * (lifted - usual) + p["plant_air_share"] * thin)
    values = np.stack(columns, axis=1)[weather.place.to_numpy()]
    coords = {name: _coords(setting)[name] for name in ("site", "hall_type")}
    return xr.DataArray(values, coords=coords, dims=("site", "hall_type"), name="plant_cost_factor")


def fit_error(setting: Setting, reach: float = 0.1) -> xr.DataArray:
    """Largest error of the yearly PUE that the affine fit makes within `reach` of the stated part load.

    site × hall_type, 1. Exactly zero at the stated load.
    """
    weather, p, run = site_weather(setting), _parameters(setting), operation(setting)
    air, hours, columns = _outdoor(weather), setting.slices["hours"].to_numpy(float), []
    for hall in setting.hall_types.to_dict("records"):
        stated, size = float(hall["part_load"]), float(hall["size_mw"])
        fit = _slice_fields(air, weather, hall, setting, p, run)
        errors = []
        for load in stated + reach * np.linspace(-1, 1, 5):
            true = _slice_means(facility(hall["cooling_system"], air, load, p, run).power, weather, setting)
            fitted = fit["overhead_power"] / size + fit["marginal_power"] * load
            errors.append(np.abs((fitted - true) @ hours / hours.sum()) / load)
        columns.append(np.max(errors, axis=0))
    values = np.stack(columns, axis=1)[weather.place.to_numpy()]
    coords = {name: _coords(setting)[name] for name in ("site", "hall_type")}
    return xr.DataArray(values, coords=coords, dims=("site", "hall_type"), name="fit_error")


def evidence_climate(setting: Setting) -> pd.DataFrame:
    """Where the climate values of each site come from; one row per site and field (and hall type)."""
    weather, fields, types = site_weather(setting), climate(setting), setting.hall_types
    hours = setting.slices["hours"].to_xarray()
    yearly = fields[["overhead_power", "marginal_power", "water_use"]].weighted(hours).mean("slice")
    units = {"overhead_power": "MW", "marginal_power": "1", "water_use": "m3/MWh"}
    values = {name: yearly[name].transpose("site", "hall_type").to_numpy() for name in units}
    load = types["part_load"].to_numpy(float)
    pue = values["overhead_power"] / (types["size_mw"].to_numpy(float) * load) + values["marginal_power"]
    served = weather.stations.to_dict("index")
    moved = (setting.sites["altitude_m"].astype(float) - weather.stations["altitude_m"]).to_dict()
    ground_above_air = _parameters(setting)["ground_above_air"]
    rows: list[tuple[object, ...]] = []
    for place, site in enumerate(map(str, setting.sites.index)):
        rows += _station_evidence(site, served[site], moved[site], weather, ground_above_air)
        for kind, hall in enumerate(types.index):
            note = f"{hall}: PUE {pue[place, kind]:.3f} at {load[kind]:.2f} of its IT load"
            rows += [
                (site, name, round(float(values[name][place, kind]), 4), unit, MODEL_SOURCE, "derived", note)
                for name, unit in units.items()
            ]
    return pd.DataFrame(rows, columns=EVIDENCE)


def _station_evidence(
    site: str, served: Mapping[Any, Any], moved_m: float, weather: SiteWeather, ground_above_air: float
) -> list[tuple[object, ...]]:
    place, distance = int(weather.place[site]), float(served["distance_km"])
    note = f"{served['name']}, {distance:.0f} km away"
    note += f", moved {moved_m:+.0f} m by the lapse rate" if abs(moved_m) > 1 else ""
    ground = weather.ground[place] - ground_above_air
    values = (
        ("site_station", served["station"], ""),
        ("site_station_distance", round(distance, 1), "km"),
        ("mean_dry_bulb", round(float(ground), 1), "degC"),
        ("design_dry_bulb", round(float(weather.design_dry[place, 0, 0]), 1), "degC"),
        ("design_wet_bulb", round(float(weather.design_wet[place, 0, 1]), 1), "degC"),
    )
    return [(site, *value, served["source"], served["evidence"], note) for value in values]
