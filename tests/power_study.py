"""The default study's power figures, built once, and studies that differ from it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import xarray as xr

from data.frame import make_setting
from data.power import power
from data.scenario import Scenario
from data.setting import Setting


def study(base: Path | None = None, assumptions: dict[str, float] | None = None, **sections: Any) -> Setting:
    """The setting of a study with these sections; own files are looked up in `base`."""
    scenario = Scenario.model_validate({"name": "power", "assumptions": assumptions or {}, **sections})
    return make_setting(scenario, base)


@cache
def default_study() -> tuple[Setting, xr.Dataset]:
    """The setting of the default study and its power figures."""
    setting = study()
    return setting, power(setting)


def mean_price(setting: Setting, data: xr.Dataset, site: str, period: int = 2026) -> float:
    """Mean price of a site over the hours of a year and over hydrological years, CNY/MWh."""
    hours = setting.slices["hours"].to_numpy(float)
    table = data["grid_price"].sel(site=site, period=period).mean("hydro_year").values
    return float(table @ hours / 8760)
