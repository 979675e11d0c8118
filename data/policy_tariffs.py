"""Tariffs that local policy promises to data centres: counted only when a scenario turns them on."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
import xarray as xr

from data.evidence import read_table
from data.setting import Setting

KWH_IN_MWH = 1000


def policy_tariffs(setting: Setting, price: xr.DataArray, named: dict[str, float]) -> dict[str, xr.DataArray]:
    """policy_discount, policy_minimum_load and policy_energy_limit; nothing while the scenario has them off.

    The discount is the all-in mean price less the policy's price, never below zero, in periods that
    begin before the policy ends; `price` is the grid price (site, slice, hydro_year, period).
    """
    if not setting.scenario.power.policy_tariffs:
        return {}
    table = read_table("power_policy_tariffs.csv", "site").reindex(setting.sites.index)
    hours = xr.DataArray(setting.slices["hours"].to_numpy(float), dims="slice")
    chance = xr.DataArray(setting.hydro_years["probability"].to_numpy(float), dims="hydro_year")
    mean = (price * hours * chance).sum(["slice", "hydro_year"]) / (hours.sum() * chance.sum())
    gap = mean.values - table["price"].to_numpy(float)[:, None]
    counted = _in_force(table, setting, named)
    discount = np.where(counted, np.maximum(np.nan_to_num(gap), 0.0), 0.0)
    limit = np.where(counted, table["yearly_limit_mwh"].fillna(0.0).to_numpy(float)[:, None], 0.0)
    return {
        "policy_discount": xr.DataArray(discount, dims=("site", "period")),
        "policy_minimum_load": xr.DataArray(table["minimum_mw"].fillna(0.0).to_numpy(float), dims="site"),
        "policy_energy_limit": xr.DataArray(limit, dims=("site", "period")),
    }


def _in_force(table: pd.DataFrame, setting: Setting, named: dict[str, float]) -> npt.NDArray[np.bool_]:
    """site × period: the policy's price is known and its last year is not before the period begins."""
    chosen = setting.scenario.power.policy_tariff_end_year
    ends = table["valid_to"].fillna(named["power_policy_end_year"]).to_numpy(float)
    last = np.where(table["price"].notna(), ends if chosen is None else float(chosen), -np.inf)
    return np.asarray(last[:, None] >= setting.periods.index.to_numpy(float))
