"""CO2 factor of grid energy by site, hydrological year and period."""

from __future__ import annotations

import numpy as np
import pandas as pd
import xarray as xr

from data.evidence import read_table
from data.hydrology import decomposition, dependence
from data.price_areas import lookup
from data.setting import Setting

TIBET = "tibet"
LEAST_SHARE = 0.5  # plant kept for peaks and heat: a wet year at most halves the factor of a normal one


def latest_factors(named: dict[str, float]) -> pd.DataFrame:
    """The newest factor of each place: index place; year, t_per_mwh, source, evidence."""
    newer = read_table("power_carbon_2023.csv").assign(year=2023)
    table = pd.concat([read_table("power_carbon.csv"), newer], ignore_index=True).sort_values("year")
    latest = table.groupby("place").last()
    latest.loc[TIBET] = pd.Series(
        {
            "year": 2023,
            "t_per_mwh": named["power_tibet_carbon_t_per_mwh"],
            "source": "power-carbon-recalled",
            "evidence": "estimated",
        }
    )
    return latest


def carbon_places(areas: pd.DataFrame) -> pd.Series:
    """The row of the carbon table that stands for each site."""
    abroad = read_table("power_abroad.csv", "area")["carbon_place"]
    return areas["place"].where(~areas["abroad"], areas["area"].map(abroad))


def hydro_swings(named: dict[str, float]) -> pd.DataFrame:
    """province × year rise of the factor in t/MWh: hydro missing against the trend, met by thermal plant."""
    split = decomposition()
    drought = split["drought"] / split["trend"]
    provinces, years = drought["province"].to_index(), drought["year"].to_index()
    share = dependence().reindex(provinces).fillna(0.0).to_numpy(float)
    exporter, user = named["power_hydro_carbon_exporter_factor"], named["power_hydro_carbon_factor"]
    factor = np.where(share > 1, exporter, user) * share
    return pd.DataFrame(-drought.values * factor[:, None], index=provinces, columns=years)


def grid_carbon(setting: Setting, areas: pd.DataFrame, named: dict[str, float]) -> xr.DataArray:
    """site × hydro_year × period in t/MWh: the newest factor brought to a normal year, moved, and falling."""
    rows = latest_factors(named).loc[carbon_places(areas)]
    base, year = rows["t_per_mwh"].to_numpy(float), rows["year"].to_numpy(int)
    swings = hydro_swings(named).reindex(areas["place"].where(~areas["abroad"])).fillna(0.0)
    of_year = swings.reindex(columns=range(2014, 2101), fill_value=0.0).to_numpy(float)
    normal = base - of_year[np.arange(len(base)), year - 2014]
    moved = normal[:, None] + swings[setting.hydro_years.index.tolist()].to_numpy(float)
    moved = np.maximum(moved, LEAST_SHARE * normal[:, None])
    middle = setting.periods["mid_year"].to_numpy(float)
    fall = (1 - named["power_grid_carbon_decline"]) ** (middle - year[:, None])
    fixed = lookup(setting.scenario.power.grid_carbon_t_per_mwh, setting, np.nan)[:, None, None]
    table = np.where(np.isnan(fixed), moved[:, :, None] * fall[:, None, :], fixed)
    return xr.DataArray(table, dims=("site", "hydro_year", "period"))
