"""Weather bins: hourly weather condensed to a few dry-bulb × wet-bulb pairs per month and hour of day.

Within each month and hour of day the days are sorted by dry bulb into five groups, each halved by wet bulb;
a bin holds the mean pair and the hours of a year it stands for. A bins dataset has dimensions station,
month (1–12), hour (0–23, local standard time), bin; dry_bulb and wet_bulb in °C, hours in h/a; and per station
pressure (Pa), utc_offset (h) and design conditions by design_period (months 1–12, and 0 for the year).
"""

from __future__ import annotations

from calendar import monthrange

import numpy as np
import pandas as pd
import xarray as xr

from data.psychrometrics import Array

DRY_GROUPS, WET_GROUPS = 5, 2
DESIGN_SHARE = 0.004
PLAIN_YEAR = 2025  # no 29 February
DAYS = np.array([monthrange(PLAIN_YEAR, month)[1] for month in range(1, 13)])
DESIGN = ("design_dry_bulb", "design_dry_bulb_wet", "design_wet_bulb", "design_wet_bulb_dry")


def bins_from_hourly(hourly: pd.DataFrame, station: str, utc_offset: float) -> xr.Dataset:
    """Bins of one station from an hourly frame: month, hour (local standard), dry_bulb, wet_bulb, pressure.

    Any number of years; every month and hour needs at least ten values (ValueError otherwise).
    """
    counts = hourly.groupby(["month", "hour"]).size().reindex(_month_hours(), fill_value=0)
    if counts.min() < DRY_GROUPS * WET_GROUPS:
        month, hour = counts.idxmin()
        raise ValueError(f"month {month}, hour {hour} has {counts.min()} values; ten are needed")
    shape = (12, 24, DRY_GROUPS * WET_GROUPS)
    dry, wet, hours = np.empty(shape), np.empty(shape), np.empty(shape)
    groups = hourly.groupby(["month", "hour"])
    for (month, hour), days in groups:
        pairs = _bin_pairs(days["dry_bulb"].to_numpy(float), days["wet_bulb"].to_numpy(float))
        where = int(month) - 1, int(hour)
        dry[where], wet[where] = pairs[0], pairs[1]
        hours[where] = pairs[2] * DAYS[int(month) - 1] / len(days)
    grid = ("station", "month", "hour", "bin")
    return xr.Dataset(
        {
            "dry_bulb": (grid, dry[None]),
            "wet_bulb": (grid, wet[None]),
            "hours": (grid, hours[None]),
            "pressure": ("station", [float(hourly["pressure"].mean())]),
            "utc_offset": ("station", [float(utc_offset)]),
            **{name: (("station", "design_period"), values[None]) for name, values in _designs(hourly).items()},
        },
        coords={"station": [station], "month": np.arange(1, 13), "hour": np.arange(24), "design_period": np.arange(13)},
    )


def _month_hours() -> pd.MultiIndex:
    return pd.MultiIndex.from_product([range(1, 13), range(24)], names=["month", "hour"])


def _bin_pairs(dry: Array, wet: Array) -> Array:
    """Mean dry bulb, mean wet bulb and count of each bin, as a 3 × bins array, coolest first."""
    order = np.lexsort((wet, dry))
    cells = [
        half
        for group in np.array_split(order, DRY_GROUPS)
        for half in np.array_split(group[np.argsort(wet[group], kind="stable")], WET_GROUPS)
    ]
    return np.array([[dry[c].mean() for c in cells], [wet[c].mean() for c in cells], [len(c) for c in cells]])


def _designs(hourly: pd.DataFrame) -> dict[str, Array]:
    """0.4 % design dry bulb and wet bulb with the coincident other, for the year (0) and each month."""
    periods = [hourly, *(hourly[hourly["month"] == month] for month in range(1, 13))]
    hot = [_design(part, "dry_bulb", "wet_bulb") for part in periods]
    humid = [_design(part, "wet_bulb", "dry_bulb") for part in periods]
    columns = [[pair[0] for pair in hot], [pair[1] for pair in hot],
               [pair[0] for pair in humid], [pair[1] for pair in humid]]  # fmt: skip
    return {name: np.array(values) for name, values in zip(DESIGN, columns, strict=True)}


def _design(part: pd.DataFrame, first: str, second: str) -> tuple[float, float]:
    """The value exceeded 0.4 % of the time, and the mean of the other among the hours around it."""
    ranked = part.sort_values([first, second], ascending=False)
    rank = max(1, round(DESIGN_SHARE * len(ranked)))
    return float(ranked[first].iloc[rank - 1]), float(ranked[second].iloc[: 2 * rank].mean())
