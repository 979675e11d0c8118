"""What the grid connects and when it withholds: grid steps, existing connections, rationing, backup plant."""

from __future__ import annotations

from math import floor
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from data.evidence import read_table
from data.price_areas import Array, rows_by_id, slice_weights
from data.setting import Setting

MONTHS_A_YEAR = 12
ABROAD_HEADROOM = "low"  # connection queues abroad are long


def headroom(areas: pd.DataFrame) -> pd.Series:
    """Headroom class of each site's price area."""
    classes = read_table("power_areas.csv", "area")["headroom"]
    return areas["area"].map(classes).fillna(ABROAD_HEADROOM)


def grid_steps(setting: Setting, areas: pd.DataFrame, named: dict[str, float]) -> dict[str, xr.DataArray]:
    """grid_step_size, grid_steps_allowed and grid_existing. An existing fleet gets no new steps."""
    size = named["power_grid_step_mw"]
    classes = rows_by_id("power_headroom.csv", "headroom")
    limits = setting.scenario.power.grid_site_limit_mw
    months = (setting.periods.index.to_numpy(float) - setting.scenario.finance.base_year) * MONTHS_A_YEAR
    allowed = [
        [0] * len(months)
        if kind == "existing"
        else _steps(classes[name], months, limits.get(str(site), classes[name]["site_limit_mw"]), size)
        for site, kind, name in zip(areas.index, setting.sites["kind"], headroom(areas), strict=True)
    ]
    return {
        "grid_step_size": xr.DataArray(np.full(len(areas), size), dims="site"),
        "grid_steps_allowed": xr.DataArray(np.array(allowed, dtype=np.int64), dims=("site", "period")),
        "grid_existing": xr.DataArray(_existing(setting, named), dims="site"),
    }


def _steps(row: dict[str, Any], months: Array, limit_mw: float, size: float) -> list[int]:
    """Most steps by the start of each period: those at hand, then a yearly rate after the lead time."""
    most = floor(limit_mw / size)
    waited = np.maximum(0.0, months - row["lead_months"])
    steps = row["initial_steps"] + waited / MONTHS_A_YEAR * row["steps_per_year"]
    return [min(most, floor(value + 1e-9)) for value in steps]


def _existing(setting: Setting, named: dict[str, float]) -> Array:
    """MW connected per site: the IT load of the existing fleet times a ratio; new sites have none."""
    fleet = read_table("existing_fleet.csv").merge(
        setting.hall_types["size_mw"].rename("size_mw"), left_on="hall_type", right_index=True
    )
    load = (fleet["halls"] * fleet["size_mw"]).groupby(fleet["province"]).sum()
    province = setting.sites["province"].map(load) * named["power_existing_grid_ratio"]
    existing = setting.sites["kind"] == "existing"
    return np.asarray(np.where(existing, province.fillna(named["power_existing_grid_mw"]), 0.0))


def rationed_share(setting: Setting, areas: pd.DataFrame, named: dict[str, float]) -> xr.DataArray:
    """site × slice × hydro_year share of grid energy withheld: just the months of the event table."""
    years = setting.hydro_years.index.tolist()
    months = np.zeros((len(areas), len(years), 12))
    if setting.scenario.power.rationing:
        events = read_table("power_rationing.csv")
        for event in events.loc[events["year"].isin(years)].to_dict("records"):
            hit = (areas["place"] == event["province"]).to_numpy() & ~areas["abroad"].to_numpy(bool)
            months[hit, years.index(event["year"]), event["month"] - 1] = event["industrial_share"]
    shares = np.einsum("sym,lm->sly", months, slice_weights(setting).sum(axis=2))
    exposure = named["power_rationing_exposure"]
    return xr.DataArray(np.clip(shares * exposure, 0, 1), dims=("site", "slice", "hydro_year"))


def backup(setting: Setting, named: dict[str, float]) -> dict[str, xr.DataArray]:
    """Price and CO2 of energy from own diesel plant, the same everywhere."""
    count = len(setting.sites)
    return {
        "backup_price": xr.DataArray(np.full(count, named["power_backup_cny_per_mwh"]), dims="site"),
        "backup_carbon": xr.DataArray(np.full(count, named["power_backup_carbon_t_per_mwh"]), dims="site"),
    }
