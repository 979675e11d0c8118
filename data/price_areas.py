"""Which price area a site lies in, and how hours and months of a year fall into slices."""

from __future__ import annotations

from calendar import monthrange
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.evidence import read_table
from data.geodesy import great_circle_km
from data.once import once_per_setting
from data.setting import Setting

Array = npt.NDArray[np.float64]
PLAIN_YEAR = 2025
MAINLAND = "CN"


@cache
def rows_by_id(name: str, index: str) -> dict[str, dict[str, Any]]:
    """The rows of an embedded table by their id, shared by all who read them."""
    rows = read_table(name, index).to_dict("index")
    return {str(key): {str(column): value for column, value in row.items()} for key, row in rows.items()}


@once_per_setting
def site_areas(setting: Setting) -> pd.DataFrame:
    """Per site: abroad, area, place (province or country), area_distance_km, foreign (no area of its own).

    A mainland site takes the nearest area of its province, a site abroad the nearest of its country;
    a country without an area takes the nearest area abroad and says so in `foreign`.
    """
    sites = setting.sites
    abroad = (sites["country"] != MAINLAND).to_numpy(bool)
    place = sites["country"].where(abroad, sites["province"]).astype(str)
    found = [
        _nearest(sites, place, read_table(name, "area"), key)
        for name, key in (("power_areas.csv", "province"), ("power_abroad.csv", "country"))
    ]
    columns = {
        name: np.where(abroad, found[1][name], found[0][name]) for name in ("area", "area_distance_km", "foreign")
    }
    return pd.DataFrame({"abroad": abroad, "place": place, **columns}, index=sites.index)


def _nearest(sites: pd.DataFrame, place: pd.Series, areas: pd.DataFrame, key: str) -> pd.DataFrame:
    """The nearest area of each site among those of its place, or among all where its place has none."""
    distance = _distance_km(sites, areas)
    own = place.to_numpy()[:, None] == areas[key].to_numpy()[None, :]
    foreign = ~own.any(axis=1)
    nearest = np.where(own | foreign[:, None], distance, np.inf).argmin(axis=1)
    return pd.DataFrame(
        {
            "area": areas.index.to_numpy(object)[nearest],
            "area_distance_km": distance[np.arange(len(sites)), nearest],
            "foreign": foreign,
        }
    )


@once_per_setting
def slice_weights(setting: Setting) -> Array:
    """slice × month × hour of the UTC+8 day: share of a slice's hours, summing to 1 per slice."""
    weights = np.zeros((len(setting.slices), 12, 24))
    for index, row in enumerate(setting.slices.to_dict("records")):
        for month in row["months"]:
            days = monthrange(PLAIN_YEAR, month)[1]
            weights[index, month - 1, row["first_hour"] : row["last_hour"]] = days
    return np.asarray(weights / weights.sum(axis=(1, 2), keepdims=True))


def hour_weights() -> Array:
    """month × hour: share of the year's hours, summing to 1."""
    days = np.array([monthrange(PLAIN_YEAR, month)[1] for month in range(1, 13)], dtype=float)
    return np.asarray(np.repeat(days[:, None], 24, axis=1) / (24 * days.sum()))


def lookup(choices: dict[str, float], setting: Setting, otherwise: float) -> Array:
    """One value per site from a mapping by site id, province, country code or *; the narrowest wins."""
    sites = setting.sites
    return np.array(
        [
            next(
                (choices[key] for key in (str(site), province, country, "*") if key in choices),
                otherwise,
            )
            for site, province, country in zip(
                sites.index, sites["province"].astype(str), sites["country"].astype(str), strict=True
            )
        ]
    )


def _distance_km(sites: pd.DataFrame, areas: pd.DataFrame) -> Array:
    """Great-circle distance of every site to every area."""
    here, there = (table[["latitude", "longitude"]].to_numpy(float).T for table in (sites, areas))
    return great_circle_km(here[0][:, None], here[1][:, None], *there)
