"""The halls an operator already has, and when they reach the end of their life."""

from __future__ import annotations

import pandas as pd
import xarray as xr

from data.evidence import read_table
from data.ingest.demand_sheet import read_fleet_sheet
from data.setting import Setting


def existing_halls(setting: Setting) -> xr.DataArray:
    """Halls still standing [site, hall_type, period]; a hall is gone from the year it retires."""
    labels = {
        "site": list(setting.sites.index),
        "hall_type": list(setting.hall_types.index),
        "period": list(setting.periods.index),
    }
    halls = xr.DataArray(0, coords=labels, dims=list(labels))
    fleet = fleet_table(setting)
    fleet = fleet.assign(site="existing-" + fleet["province"])
    fleet = fleet.loc[fleet["site"].isin(labels["site"])]
    for (site, hall_type), cohort in fleet.groupby(["site", "hall_type"]):
        retires, count = cohort["retire_year"], cohort["halls"]
        standing = [int(count[retires > period].sum()) for period in labels["period"]]
        halls.loc[{"site": site, "hall_type": hall_type}] = standing
    return halls


def fleet_table(setting: Setting) -> pd.DataFrame:
    """The embedded fleet, or the scenario's own: province, hall_type, halls, retire_year. Raises BadInput."""
    own = setting.scenario.demand.own_fleet
    if own is None:
        return read_table("existing_fleet.csv")
    origins = read_table("origins.csv")
    provinces = origins.loc[origins["kind"] == "province", "id"]
    return read_fleet_sheet(setting.base / own, provinces, setting.hall_types.index)
