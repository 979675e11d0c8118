"""The halls an operator already has, and when they reach the end of their life."""

from __future__ import annotations

import numpy as np
import pandas as pd
import xarray as xr

from data.evidence import read_table
from data.ingest.demand_sheet import read_fleet_sheet
from data.setting import Setting


def existing_halls(setting: Setting) -> xr.DataArray:
    """Halls still standing [site, hall_type, period]; a hall is gone from the year it retires."""
    sites, types, periods = setting.sites.index, setting.hall_types.index, setting.periods.index
    halls = np.zeros((len(sites), len(types), len(periods)), dtype=np.int64)
    fleet = fleet_table(setting)
    fleet = fleet.loc[("existing-" + fleet["province"]).isin(sites)]
    site = sites.get_indexer(pd.Index("existing-" + fleet["province"]))
    hall_type = types.get_indexer(pd.Index(fleet["hall_type"]))
    stands = fleet["retire_year"].to_numpy()[:, None] > periods.to_numpy()
    np.add.at(halls, (site, hall_type), stands * fleet["halls"].to_numpy()[:, None])
    coords = {ids.name: ids.to_numpy() for ids in (sites, types, periods)}
    return xr.DataArray(halls, coords=coords, dims=["site", "hall_type", "period"])


def fleet_table(setting: Setting) -> pd.DataFrame:
    """The embedded fleet, or the scenario's own: province, hall_type, halls, retire_year. Raises BadInput."""
    own = setting.scenario.demand.own_fleet
    if own is None:
        return read_table("existing_fleet.csv")
    origins = read_table("origins.csv")
    provinces = origins.loc[origins["kind"] == "province", "id"]
    return read_fleet_sheet(setting.base / own, provinces, setting.hall_types.index)
