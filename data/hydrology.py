"""Hydro by province, month and historical year: level, trend and drought, and which years to plan with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pandas as pd
import xarray as xr

from data.evidence import read_table

Array = npt.NDArray[np.float64]
YEARS: tuple[int, ...] = tuple(range(2014, 2025))
RECENT = range(2020, 2025)  # years over which a province's dependence on hydro is taken
HYDRO_PROVINCE = 0.2  # a province counts as living on hydro from this share of its use
STRESS_YEARS: dict[int, str] = {
    2022: "Sichuan and Chongqing: inflow halved in July and August; not a dry year by annual total",
    2023: "Guizhou, Yunnan and Guangxi: lowest hydro of the record in spring",
}
QUARTERS: tuple[tuple[int, ...], ...] = ((1, 2, 3), (4, 5, 6), (7, 8, 9), (10, 11, 12))


@cache
def factors() -> xr.DataArray:
    """Hydro capacity factor, province × year × month, from the statistics of generation and capacity."""
    table = read_table("power_hydro_factors.csv")
    series = table.set_index(["province", "year", "month"])["capacity_factor"]
    return xr.DataArray.from_series(series).astype(float)


def filled_months() -> pd.DataFrame:
    """Months whose statistic is missing or spoilt and which take the mean of the other years."""
    table = read_table("power_hydro_factors.csv")
    return table.loc[table["basis"] == "climatology", ["province", "year", "month", "capacity_factor"]]


@cache
def decomposition() -> xr.Dataset:
    """Yearly factor by province split into trend (straight line over the record) and drought (the rest).

    Variables factor, trend, drought (province × year) and slope (province, 1/a). Guizhou's fall from about
    0.36 to 0.18–0.29 is a trend of which 2023 is a drought below it.
    """
    yearly = factors().mean("month")
    years = yearly["year"].values.astype(float)
    centred = xr.DataArray(years - years.mean(), dims="year", coords={"year": yearly["year"]})
    slope = (yearly * centred).sum("year") / (centred**2).sum("year")
    trend = yearly.mean("year") + slope * centred
    return xr.Dataset({"factor": yearly, "trend": trend, "drought": yearly - trend, "slope": slope})


@cache
def dependence() -> pd.Series:
    """Hydro generation over electricity used, mean of recent years, by province; above 1 for exporters."""
    table = read_table("power_province_years.csv")
    recent = table.loc[table["year"].isin(RECENT)]
    share = (recent["hydro_gwh"] / recent["consumption_gwh"]).groupby(recent["province"]).mean()
    return share.fillna(0.0)


@cache
def drought_ratio() -> xr.DataArray:
    """Hydro of a month over what that month has on the trend of its year; 1 is normal, mean over years 1."""
    split = decomposition()
    usual = factors().mean("year") * (split["trend"] / split["trend"].mean("year"))
    ratio = factors() / usual.where(usual > 0)
    return (ratio / ratio.mean("year")).fillna(1.0).transpose("province", "year", "month")


def delivered_factors(level: str) -> xr.DataArray:
    """Capacity factors as observed, or each year's months carried to the trend's level of the last year."""
    if level == "as_observed":
        return factors()
    trend = decomposition()["trend"]
    return (factors() * (trend.isel(year=-1) / trend)).clip(0, 1).transpose("province", "year", "month")


def by_place(table: xr.DataArray, places: Iterable[str], years: Iterable[int], missing: float) -> Array:
    """place × year × month from a province table; places without hydro statistics take `missing`."""
    chosen = table.sel(year=list(years)).transpose("province", "year", "month")
    known = {str(province): index for index, province in enumerate(chosen["province"].values)}
    values, empty = chosen.values, np.full(chosen.shape[1:], missing)
    return np.stack([values[known[place]] if place in known else empty for place in places])


def hydro_year_probabilities(
    years: Iterable[int], base: Iterable[float], stress_years: Iterable[int], weight: float
) -> pd.Series:
    """Probabilities of hydrological years with the stress years weighted up, summing to 1."""
    chances = pd.Series(list(base), index=pd.Index(list(years), name="hydro_year"), dtype=float)
    chances *= np.where(chances.index.isin(list(stress_years)), weight, 1.0)
    return chances / chances.sum()


@dataclass(frozen=True)
class YearChoice:
    """A few hydrological years that stand for the record.

    probabilities: by year. mean_error: largest relative error of a hydro province's mean factor.
    worst_quarter_error: largest relative gap between a province's worst quarter and the worst one kept.
    """

    probabilities: pd.Series
    mean_error: float
    worst_quarter_error: float


def choose_hydro_years(count: int, keep: Iterable[int] = tuple(STRESS_YEARS)) -> YearChoice:
    """The `count` years, `keep` among them, that best preserve each hydro province's mean and worst quarter.

    Hydro provinces are those that take at least a fifth of their electricity from hydro. Every subset is
    tried; its probabilities are the non-negative least squares fit of the quarterly means.
    """
    kept = sorted(set(keep))
    if not len(kept) <= count <= len(YEARS):
        raise ValueError(f"choose between {max(1, len(kept))} and {len(YEARS)} hydrological years, not {count}")
    quarters = _quarterly()
    rest = [year for year in YEARS if year not in kept]
    choices = [_fit(sorted((*kept, *more)), quarters) for more in combinations(rest, count - len(kept))]
    return min(choices, key=lambda choice: choice.mean_error + choice.worst_quarter_error)


def _quarterly() -> xr.DataArray:
    """province × year × quarter mean factors of the hydro provinces."""
    share = dependence()
    table = factors()
    hydro = [p for p in table["province"].values.tolist() if share.get(p, 0.0) >= HYDRO_PROVINCE]
    parts = [table.sel(province=hydro, month=list(months)).mean("month") for months in QUARTERS]
    return xr.concat(parts, "quarter").transpose("province", "year", "quarter")


def _fit(years: list[int], quarters: xr.DataArray) -> YearChoice:
    from scipy.optimize import nnls  # heavy, and only a choice of years needs it

    table = quarters.values
    part = quarters.sel(year=years).values
    target = table.mean(axis=1)
    columns = (part / target[:, None, :]).transpose(1, 0, 2).reshape(len(years), -1)
    heavy = 100.0  # holds the sum of the probabilities at 1
    matrix = np.vstack([columns.T, np.full((1, len(years)), heavy)])
    chances, _ = nnls(matrix, np.append(np.ones(columns.shape[1]), heavy))
    chances = np.maximum(chances, 0.02)  # a kept year stays possible
    chances /= chances.sum()
    mean = np.einsum("y,pyq->p", chances, part) / 4
    worst, worst_kept = table.min(axis=(1, 2)), part.min(axis=(1, 2))
    return YearChoice(
        pd.Series(chances, index=pd.Index(years, name="hydro_year")),
        float(np.abs(mean / target.mean(axis=1) - 1).max()),
        float((worst_kept / worst - 1).max()),
    )
