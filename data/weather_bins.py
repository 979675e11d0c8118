"""Weather bins: hourly weather condensed to a few dry-bulb × wet-bulb pairs per month and hour of day.

Within each month and hour of day the days are sorted by dry bulb into five groups, each halved by wet bulb;
a bin holds the mean pair and the hours of a year it stands for. A bins dataset has dimensions station,
month (1–12), hour (0–23, local standard time), bin; dry_bulb and wet_bulb in °C, hours in h/a; and per
station pressure (Pa), utc_offset (h) and design conditions by design_period (0 is the year, then months).
"""

from __future__ import annotations

from calendar import monthrange

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from data.psychrometrics import Array

Indices = NDArray[np.int64]

DRY_GROUPS, WET_GROUPS = 5, 2
BINS = DRY_GROUPS * WET_GROUPS
CELLS = 12 * 24
DESIGN_SHARE = 0.004
PLAIN_YEAR = 2025  # no 29 February
DAYS = np.array([monthrange(PLAIN_YEAR, month)[1] for month in range(1, 13)])
DESIGN = ("design_dry_bulb", "design_dry_bulb_wet", "design_wet_bulb", "design_wet_bulb_dry")


def bins_from_hourly(hourly: pd.DataFrame, station: str, utc_offset: float) -> xr.Dataset:
    """Bins of one station from an hourly frame: month, hour (local standard), dry_bulb, wet_bulb, pressure.

    Any number of years; every month and hour needs at least ten values (ValueError otherwise).
    """
    cell = (hourly["month"].to_numpy(int) - 1) * 24 + hourly["hour"].to_numpy(int)
    counts = np.bincount(cell, minlength=CELLS)
    if counts.min() < BINS:
        month, hour = divmod(int(counts.argmin()), 24)
        raise ValueError(f"month {month + 1}, hour {hour} has {counts.min()} values; {BINS} are needed")
    pair = (hourly[name].to_numpy(float) for name in ("dry_bulb", "wet_bulb"))
    dry, wet, members = _bin_means(cell, *pair)
    hours = members / counts[:, None] * np.repeat(DAYS, 24)[:, None]
    grid, shape = ("station", "month", "hour", "bin"), (1, 12, 24, BINS)
    periods = ("station", "design_period")
    designs = {name: (periods, values[None]) for name, values in _designs(hourly).items()}
    return xr.Dataset(
        {
            "dry_bulb": (grid, dry.reshape(shape)),
            "wet_bulb": (grid, wet.reshape(shape)),
            "hours": (grid, hours.reshape(shape)),
            "pressure": ("station", [float(hourly["pressure"].mean())]),
            "utc_offset": ("station", [float(utc_offset)]),
            **designs,
        },
        coords={
            "station": [station], "month": np.arange(1, 13), "hour": np.arange(24),
            "design_period": np.arange(13),
        },
    )  # fmt: skip


def _bin_means(cell: Indices, dry: Array, wet: Array) -> tuple[Array, Array, Array]:
    """Mean dry bulb, mean wet bulb and number of values, cell × bin, coolest first."""
    group = np.empty_like(cell)
    order = np.lexsort((wet, dry, cell))
    group[order] = cell[order] * DRY_GROUPS + _part(cell[order], DRY_GROUPS)
    bins = np.empty_like(cell)
    order = np.lexsort((dry, wet, group))
    bins[order] = group[order] * WET_GROUPS + _part(group[order], WET_GROUPS)
    members = np.bincount(bins, minlength=CELLS * BINS)
    means = (np.bincount(bins, values, minlength=CELLS * BINS) / members for values in (dry, wet))
    mean_dry, mean_wet = (values.reshape(CELLS, BINS) for values in means)
    return mean_dry, mean_wet, members.reshape(CELLS, BINS).astype(float)


def _part(keys: Indices, parts: int) -> Indices:
    """Which of `parts` nearly equal runs each element falls in, among the elements of its (sorted) key."""
    sizes = np.bincount(keys)
    starts = np.cumsum(sizes) - sizes
    place, size = np.arange(len(keys)) - starts[keys], sizes[keys]
    return np.asarray(place * parts // size, dtype=np.int64)


def _designs(hourly: pd.DataFrame) -> dict[str, Array]:
    """0.4 % design dry bulb and wet bulb with the coincident other, for the year (0) and each month."""
    periods = [hourly, *(hourly[hourly["month"] == month] for month in range(1, 13))]
    hot = [_design(part, "dry_bulb", "wet_bulb") for part in periods]
    humid = [_design(part, "wet_bulb", "dry_bulb") for part in periods]
    columns = [*zip(*hot, strict=True), *zip(*humid, strict=True)]
    return {name: np.array(values) for name, values in zip(DESIGN, columns, strict=True)}


def _design(part: pd.DataFrame, first: str, second: str) -> tuple[float, float]:
    """The value exceeded 0.4 % of the time, and the mean of the other among the hours around it."""
    ranked = part.sort_values([first, second], ascending=False)
    rank = max(1, round(DESIGN_SHARE * len(ranked)))
    return float(ranked[first].iloc[rank - 1]), float(ranked[second].iloc[: 2 * rank].mean())
