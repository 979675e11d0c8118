"""The weather of each site of a study: its station's bins, moved to the site's altitude, year and clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files

import numpy as np
import pandas as pd
import xarray as xr

from data import psychrometrics as moist
from data.errors import BadInput, Fault
from data.evidence import assumptions, read_table
from data.geodesy import great_circle_km
from data.ingest.weather_files import read_weather_file
from data.once import once_per_setting
from data.psychrometrics import Array
from data.setting import Setting
from data.weather_bins import DAYS, DESIGN, bins_from_hourly

STUDY_UTC_OFFSET = 8
HOT_MONTHS = 3
HEAT_WAVES = {"hot-summer": "heat_wave", "china-2022": "heat_wave_2022"}
NEGLIGIBLE_K = 0.05
GRIDDED = ("dry_bulb", "wet_bulb", "hours")


@dataclass(frozen=True)
class SiteWeather:
    """Weather by place; sites that share place and altitude share a row.

    place: for each site, its row in the arrays. stations: by site the station's id, name, distance_km,
    altitude_m, source, evidence. dry, wet (°C) and hours (h/a): place × month × hour of the UTC+8 day × bin.
    pressure (Pa) and ground (°C): by place. design_dry, design_wet: place × design period (0 is the year,
    then the months) × kind (hottest dry bulb, highest wet bulb).
    """

    place: pd.Series
    stations: pd.DataFrame
    dry: Array
    wet: Array
    hours: Array
    pressure: Array
    ground: Array
    design_dry: Array
    design_wet: Array


def stations() -> pd.DataFrame:
    """Embedded weather stations by id: name, region, country, latitude, longitude, altitude_m, source …"""
    return read_table("weather_stations.csv", "id")


@cache
def station_bins() -> xr.Dataset:
    """Bins of all embedded stations, in memory (see data/weather_bins.py for the dimensions)."""
    with as_file(files("data.tables").joinpath("weather_bins.nc")) as path:
        bins = xr.load_dataset(path, engine="h5netcdf")
    return bins.assign(wet_bulb=bins["dry_bulb"] - bins["wet_bulb_depression"])


def nearest_stations(latitudes: Array, longitudes: Array) -> pd.DataFrame:
    """The embedded station nearest to each place, in their order: its row of `stations()`, distance_km."""
    table = stations()
    places = (table[name].to_numpy(float) for name in ("latitude", "longitude"))
    distance = great_circle_km(latitudes[:, None], longitudes[:, None], *places)
    nearest = distance.argmin(axis=1)
    found: pd.DataFrame = table.iloc[nearest].reset_index(names="station")
    found["distance_km"] = distance[np.arange(len(nearest)), nearest]
    return found


@once_per_setting
def site_weather(setting: Setting) -> SiteWeather:
    """Weather of every site, warmed and with a heat wave as the scenario says. BadInput for bad own files."""
    values, climate = assumptions(setting.scenario.assumptions), setting.scenario.climate
    serving, own = _serving_stations(setting)
    keys = serving["station"] + serving["site_altitude_m"].map("@{:.1f}".format)
    unique = ~keys.duplicated()
    place = keys.map(dict(zip(keys[unique], range(unique.sum()), strict=True)))
    base = _stacked(serving.loc[unique], own)
    moved = _moved(base, serving.loc[unique], values["lapse_rate"], climate.warming_delta_k)
    # One hot summer does not warm the ground, so its mean is taken before.
    mean = (moved["dry"] * moved["hours"]).sum((1, 2, 3)) / moved["hours"].sum((1, 2, 3))
    if climate.heat_wave != "none":
        name = HEAT_WAVES[climate.heat_wave]
        moved = _with_heat_wave(moved, values[f"{name}_days"], values[f"{name}_delta"])
    columns = ["station", "name", "distance_km", "altitude_m", "source", "evidence"]
    return SiteWeather(place, serving[columns], ground=mean + values["ground_above_air"], **moved)


def _serving_stations(setting: Setting) -> tuple[pd.DataFrame, dict[str, xr.Dataset]]:
    """Station of each site, and the bins of stations that users bring."""
    sites = setting.sites
    serving = nearest_stations(sites["latitude"].to_numpy(float), sites["longitude"].to_numpy(float))
    serving = serving.set_index(sites.index).assign(site_altitude_m=sites["altitude_m"].astype(float))
    own = _own_stations(setting)
    for site in map(str, sites.index):
        beside = sites["kind"][site] == "existing" and site not in own
        owner = str(sites["host_site"][site]) if beside else site
        if owner in own:
            serving.loc[site, "station"] = f"own-{owner}"
            serving.loc[site, "name"] = f"own weather of {owner}"
            serving.loc[site, "source"], serving.loc[site, "evidence"] = "user", "user"
            serving.loc[site, "distance_km"] = 0.0
            serving.loc[site, "altitude_m"] = serving["site_altitude_m"][site]
    return serving, {f"own-{site}": bins for site, bins in own.items()}


def _own_stations(setting: Setting) -> dict[str, xr.Dataset]:
    """Bins of the weather files a scenario names, all faults of all files at once."""
    faults: list[Fault] = []
    bins: dict[str, xr.Dataset] = {}
    for site, name in setting.scenario.climate.own_weather.items():
        if site not in setting.sites.index:
            where = f"climate.own_weather.{site}"
            faults.append(Fault("scenario", where, "is not a site of the study", "use a site id"))
            continue
        altitude, latitude, longitude = (
            float(setting.sites[column][site]) for column in ("altitude_m", "latitude", "longitude")
        )
        try:
            weather = read_weather_file(setting.base / name, altitude, (latitude, longitude))
            bins[site] = bins_from_hourly(weather.hourly, f"own-{site}", weather.utc_offset)
        except BadInput as bad:
            faults += bad.faults
        except ValueError as error:
            faults.append(Fault(str(setting.base / name), "hours", str(error), "give whole years"))
    if faults:
        raise BadInput(faults)
    return bins


def _stacked(serving: pd.DataFrame, own: Mapping[str, xr.Dataset]) -> dict[str, Array]:
    """Bins and design conditions of the serving stations, hours turned to the UTC+8 clock."""
    bins = station_bins()
    rows = {str(station): number for number, station in enumerate(bins["station"].to_numpy())}
    fields: dict[str, list[Array]] = {name: [] for name in (*GRIDDED, "pressure", *DESIGN)}
    for station in serving["station"]:
        source, row = (own[station], 0) if station in own else (bins, rows[station])
        shift = round(STUDY_UTC_OFFSET - float(source["utc_offset"].values[row]))
        for name, parts in fields.items():
            values = source[name].values[row].astype(float)
            # Month edges stay: a few hours of the last day count to the neighbour month.
            parts.append(np.roll(values, shift, axis=1) if values.ndim == 3 else values)
    stack = {name: np.stack(parts) for name, parts in fields.items()}
    return {
        "dry": stack["dry_bulb"], "wet": stack["wet_bulb"], "hours": stack["hours"],
        "pressure": stack["pressure"],
        "design_dry": np.stack([stack["design_dry_bulb"], stack["design_wet_bulb_dry"]], axis=-1),
        "design_wet": np.stack([stack["design_dry_bulb_wet"], stack["design_wet_bulb"]], axis=-1),
    }  # fmt: skip


def _moved(base: dict[str, Array], serving: pd.DataFrame, lapse: float, warming: float) -> dict[str, Array]:
    """Bins at the site's altitude and after warming, relative humidity kept."""
    here, there = serving["site_altitude_m"].to_numpy(float), serving["altitude_m"].to_numpy(float)
    delta = warming - lapse * (here - there) / 1000
    pressure = base["pressure"] * moist.standard_pressure(here) / moist.standard_pressure(there)
    moved = {**base, "pressure": pressure}
    rows = np.flatnonzero(np.abs(delta) > NEGLIGIBLE_K)
    for dry, wet in (("dry", "wet"), ("design_dry", "design_wet")):
        column = (slice(None),) + (None,) * (base[dry].ndim - 1)
        shape = (rows, *column[1:])
        warmer = moist.warmed(base[dry][rows], base[wet][rows], base["pressure"][shape], delta[shape], pressure[shape])
        for name, values in zip((dry, wet), warmer, strict=True):
            moved[name] = base[name].copy()
            moved[name][rows] = values
    return moved


def _with_heat_wave(base: dict[str, Array], days: float, delta: float) -> dict[str, Array]:
    """Some days of the three hottest months become the hottest plus `delta` K, moisture unchanged."""
    dry, wet, hours, pressure = base["dry"], base["wet"], base["hours"], base["pressure"]
    monthly = (dry * hours).sum((2, 3)) / hours.sum((2, 3))
    hot = monthly >= np.sort(monthly, axis=1)[:, [-HOT_MONTHS]]
    share = np.where(hot, np.minimum(days / HOT_MONTHS / DAYS, 1.0), 0.0)[:, :, None, None]
    top_dry, top_wet = dry[..., -2:].mean(-1, keepdims=True), wet[..., -2:].mean(-1, keepdims=True)
    heat_dry, heat_wet = _heated(top_dry, top_wet, pressure[:, None, None, None], delta)
    whole = hours.sum(-1, keepdims=True)
    period = np.concatenate([np.ones((len(hot), 1), bool), hot], axis=1)[:, :, None]
    design = _heated(base["design_dry"], base["design_wet"], pressure[:, None, None], delta)
    return {
        **base,
        "dry": np.concatenate([dry, heat_dry], axis=-1),
        "wet": np.concatenate([wet, heat_wet], axis=-1),
        "hours": np.concatenate([hours * (1 - share), whole * share], axis=-1),
        "design_dry": np.where(period, design[0], base["design_dry"]),
        "design_wet": np.where(period, design[1], base["design_wet"]),
    }


def _heated(dry: Array, wet: Array, pressure: Array, delta: float) -> tuple[Array, Array]:
    humidity = moist.humidity_ratio(dry, wet, pressure)
    return dry + delta, moist.wet_bulb_from_humidity_ratio(dry + delta, humidity, pressure)
