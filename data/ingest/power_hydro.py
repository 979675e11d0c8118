"""Hydro and wind capacity factors from monthly generation and year-end capacity of the provinces."""

from __future__ import annotations

from calendar import monthrange
from pathlib import Path

import pandas as pd

from data.ingest.power_provinces import province_id

GENERATION = "nbs_province_monthly_generation_2014_2024.csv"
CAPACITY = "china_province_capacity_yearend_gw_2013_2024.csv"
HYDRO_FACTORS = "china_hydro_monthly_cf_2014_2024.csv"
YEARS = range(2014, 2025)
WIND_YEARS = range(2016, 2024)
DECEMBER_WIND_YEARS = range(2014, 2018)  # the series has no December from 2018
OVERSTATED = 1.5  # a month before a negative one is an artefact when this far above its climatology
SOURCE = "power-nbs-monthly"
HYDRO_COLUMNS = ["province", "year", "month", "capacity_factor", "basis", "source", "evidence"]


def hydro_factors(folder: Path) -> pd.DataFrame:
    """province, year, month, capacity_factor, basis (month, two-months, climatology), source, evidence.

    January and February are published together. A month that is missing, or spoilt by a revision of the
    year-to-date figure, takes the mean of the other years and says so.
    """
    raw = pd.read_csv(folder / HYDRO_FACTORS).dropna(subset=["cf"])  # Tibet's hydro capacity is not published
    raw["province"] = raw["province"].map(province_id)
    spans = [
        {
            "province": row["province"],
            "year": row["year"],
            "month": month,
            "last": row["to_month"],
            "capacity_factor": row["cf"],
            "basis": "two-months" if row["to_month"] > row["from_month"] else "month",
        }
        for row in raw.to_dict("records")
        for month in range(row["from_month"], row["to_month"] + 1)
    ]
    given = pd.DataFrame(spans)
    given = given.loc[~_before_negative(given, folder)].drop_duplicates(["province", "year", "month"])
    climatology = given.groupby(["province", "month"], as_index=False)["capacity_factor"].mean()
    grid = climatology.merge(pd.DataFrame({"year": list(YEARS)}), how="cross")
    table = grid.merge(given, on=["province", "year", "month"], how="left", suffixes=("_mean", ""))
    table["basis"] = table["basis"].fillna("climatology")
    table["capacity_factor"] = table["capacity_factor"].fillna(table["capacity_factor_mean"]).clip(0, 1).round(4)
    ordered: pd.DataFrame = table.sort_values(["province", "year", "month"], ignore_index=True)
    return ordered.assign(source=SOURCE, evidence="derived")[HYDRO_COLUMNS]


def _before_negative(given: pd.DataFrame, folder: Path) -> pd.Series:
    """Months that carry too much because the next month's year-to-date figure was revised down."""
    generation = pd.read_csv(folder / GENERATION)
    negative = generation.loc[(generation["source"] == "hydro") & (generation["gen_gwh"] < 0)]
    before = {(province_id(row["province"]), row["year"], row["from_month"] - 1) for row in negative.to_dict("records")}
    usual = given.groupby(["province", "month"])["capacity_factor"].transform("median")
    keys = pd.Series(list(zip(given["province"], given["year"], given["last"], strict=True)), index=given.index)
    return keys.isin(before) & (given["capacity_factor"] > OVERSTATED * usual)


def wind_factors(folder: Path) -> pd.DataFrame:
    """province, month, capacity_factor, source, evidence: mean over years, December from earlier ones."""
    generation = pd.read_csv(folder / GENERATION)
    wind = generation.loc[(generation["source"] == "wind") & generation["flag"].isna()].copy()
    months = wind["from_month"].where(wind["from_month"] == 12)
    kept = wind["year"].isin(WIND_YEARS) & months.isna() | wind["year"].isin(DECEMBER_WIND_YEARS) & months.notna()
    wind = wind.loc[kept].merge(_capacity(folder, "Wind Power"), on=["province", "year"])
    rows = [
        {
            "province": province_id(row["province"]),
            "month": month,
            "capacity_factor": row["gen_gwh"]
            / (row["mean_gw"] * _hours(row["year"], row["from_month"], row["to_month"])),
        }
        for row in wind.to_dict("records")
        if row["mean_gw"] > 0
        for month in range(row["from_month"], row["to_month"] + 1)
    ]
    table = pd.DataFrame(rows)
    table = table.loc[table["capacity_factor"].between(0.01, 0.9)]
    means = table.groupby(["province", "month"])["capacity_factor"].mean().reset_index()
    ordered: pd.DataFrame = means.sort_values(["province", "month"], ignore_index=True)
    return ordered.round({"capacity_factor": 4}).assign(source=SOURCE, evidence="derived")


def province_years(folder: Path) -> pd.DataFrame:
    """province, year, hydro_gwh, thermal_gwh, consumption_gwh, hydro_gw, wind_gw: the statistics."""
    generation = pd.read_csv(folder / GENERATION)
    totals = generation.pivot_table(index=["province", "year"], columns="source", values="gen_gwh", aggfunc="sum")[
        ["hydro", "thermal", "consumption"]
    ].add_suffix("_gwh")
    capacity = pd.read_csv(folder / CAPACITY)
    ends = capacity.pivot_table(index=["province", "year"], columns="type", values="cap_gw", aggfunc="sum")
    ends = ends[["Hydropower", "Wind Power"]].set_axis(["hydro_gw", "wind_gw"], axis=1)
    table = totals.join(ends, how="left").reset_index()
    table = table.loc[table["year"].isin(YEARS)].assign(
        province=lambda frame: frame["province"].map(province_id), source=SOURCE, evidence="derived"
    )
    return table.round(3).sort_values(["province", "year"], ignore_index=True)


def _capacity(folder: Path, kind: str) -> pd.DataFrame:
    """province, year, mean_gw: mean of the capacities at the start and the end of a year."""
    capacity = pd.read_csv(folder / CAPACITY)
    ends = capacity.loc[capacity["type"] == kind].sort_values(["province", "year"])
    before = ends.groupby("province")["cap_gw"].shift(1)
    return ends.assign(mean_gw=(ends["cap_gw"] + before.fillna(ends["cap_gw"])) / 2)[["province", "year", "mean_gw"]]


def _hours(year: int, first: int, last: int) -> float:
    return 24.0 * sum(monthrange(year, month)[1] for month in range(first, last + 1))
