"""What one hall costs to build and to run: the published turnkey price, hazards, climate, rock and wages."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.errors import Fault, raise_faults
from data.evidence import read_table
from data.fields import MONEY_YEAR
from data.setting import Setting

Array = npt.NDArray[np.float64]


def hall_rows(setting: Setting) -> pd.DataFrame:
    """Cost factors of the study's hall types; BadInput names a type that has no row."""
    table = read_table("costs_hall_types.csv", "id")
    raise_faults(
        Fault("costs_hall_types.csv", str(name), "this hall type has no cost row", "add a row for it")
        for name in setting.hall_types.index.difference(table.index)
    )
    return table.loc[setting.hall_types.index]


def hall_capital(setting: Setting, sites: pd.DataFrame, halls: pd.DataFrame, values: Mapping[str, float]) -> Array:
    """CNY of one new hall [site, hall_type, period], hazards, cooling design day and tunnelling included.

    size · (turnkey price · (civil share · civil hazards + electrical share + cooling share · design day)
    + tunnelling · rock), each share times the hall type's factor, all times the price trend.
    """
    from data.climate import plant_cost_factor
    from data.ground import civil_cost_factor, tunnel_cost_factor

    civil, electrical, cooling = shares(halls, values)
    size = setting.hall_types["size_mw"].to_numpy(dtype=float)
    # The mainland has one price for every place; a city's own price already pays for its earthquakes.
    local = (sites["hazards_in_price"] == "no").to_numpy()
    hazards = np.where(local, civil_cost_factor(setting).to_numpy(), 1.0)[:, None]
    rock = tunnel_cost_factor(setting).to_numpy()[:, None]
    parts = civil * hazards + electrical + cooling * plant_cost_factor(setting).to_numpy()
    tunnel = np.where(halls["tunnelled"] == "yes", values["costs_cave_tunnelling_cny_per_mw"], 0.0)
    price = sites[["cny_per_mw"]].to_numpy(dtype=float)
    level = sites[["price_level"]].to_numpy(dtype=float)
    scale = multiplier(halls.index, setting.scenario.costs.hall_price_multiplier).to_numpy()
    hall = size * scale * (price * parts + level * tunnel * rock)
    return np.asarray(hall[:, :, None] * price_trend(setting, halls, values), dtype=np.float64)


def shares(halls: pd.DataFrame, values: Mapping[str, float]) -> tuple[Array, Array, Array]:
    """Civil, electrical and cooling part [hall_type] of the turnkey price of a reference hall.

    >>> chilled = pd.DataFrame({"civil_factor": [1.0], "electrical_factor": [1.0], "cooling_factor": [1.5]})
    >>> parts = shares(chilled, {"costs_civil_share": 0.3, "costs_cooling_share_of_plant": 0.5})
    >>> [round(float(part[0]), 3) for part in parts]
    [0.3, 0.35, 0.525]
    """
    civil, cooling = values["costs_civil_share"], values["costs_cooling_share_of_plant"]
    base = {"civil": civil, "electrical": (1 - civil) * (1 - cooling), "cooling": (1 - civil) * cooling}
    parts = {name: share * halls[f"{name}_factor"].to_numpy(dtype=float) for name, share in base.items()}
    return parts["civil"], parts["electrical"], parts["cooling"]


def price_trend(setting: Setting, halls: pd.DataFrame, values: Mapping[str, float]) -> Array:
    """Price of a hall built at the start of a period against MONEY_YEAR [hall_type, period]."""
    yearly = np.array([values[name] for name in halls["price_trend"]])
    years = setting.periods.index.to_numpy(dtype=float) - MONEY_YEAR
    return np.asarray((1 + yearly[:, None]) ** years, dtype=np.float64)


def hall_opex(setting: Setting, sites: pd.DataFrame, halls: pd.DataFrame, values: Mapping[str, float]) -> Array:
    """CNY a year of one hall [site, hall_type]: upkeep follows the turnkey price, staff the local wage."""
    size = setting.hall_types["size_mw"].to_numpy(dtype=float)
    upkeep = size * values["costs_hall_upkeep_share"] * halls["upkeep_factor"].to_numpy(dtype=float)
    staff = values["costs_staff_per_hall"] * halls["staff_factor"].to_numpy(dtype=float)
    by_price = sites[["cny_per_mw"]].to_numpy(dtype=float) * upkeep
    by_wage = sites[["staff_cny_per_year"]].to_numpy(dtype=float) * staff
    return np.asarray(by_price + by_wage, dtype=np.float64)


def replaced(embedded: pd.Series[float], chosen: Mapping[str, float]) -> pd.Series[float]:
    """The embedded figures with the scenario's own where it names the id."""
    return pd.Series(chosen, dtype=float).reindex(embedded.index).fillna(embedded)


def multiplier(
    ids: pd.Index, chosen: Mapping[str, float], otherwise: pd.Series[float] | float = 1.0
) -> pd.Series[float]:
    """The scenario's value of each id, else its value of `*`, else `otherwise`."""
    base = pd.Series(chosen.get("*", otherwise), index=ids, dtype=float)
    return replaced(base, chosen)
