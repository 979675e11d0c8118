"""All-in grid prices: market energy by month and hour, losses, network, fees, and the hydrological year."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from data.evidence import assumptions, read_table
from data.hydrology import by_place, dependence, drought_ratio
from data.once import once_per_setting
from data.price_areas import Array, lookup, rows_by_id, site_areas, slice_weights
from data.setting import Setting
from data.tou import tou_ratios

PRICE_YEAR = 2025  # prices of the tables; growth counts from here
KWH_IN_MWH = KW_IN_MW = 1000
HOURS = [f"h{hour:02d}" for hour in range(24)]


@dataclass(frozen=True)
class HourlyPrices:
    """Price parts in CNY/MWh per site, month and hour of the UTC+8 day, in a normal hydrological year.

    energy: bought energy with losses, which moves with markets and droughts. network: transmission,
    fees, levies, taxes, which do not.
    """

    energy: Array
    network: Array


@once_per_setting
def hourly_prices(setting: Setting) -> HourlyPrices:
    """site × month × hour price parts before growth, drought and own tariffs."""
    areas, named = site_areas(setting), assumptions(setting.scenario.assumptions)
    mainland, abroad = rows_by_id("power_areas.csv", "area"), rows_by_id("power_abroad.csv", "area")
    months = market_prices(named["power_spot_share"])["cny_per_mwh"]
    market = {str(province): prices.to_numpy(float) for province, prices in months.groupby(level="province")}
    parts = {
        area: _mainland_parts(mainland[area], market[mainland[area]["province"]], named)
        if area in mainland
        else _abroad_parts(abroad[area], named)
        for area in areas["area"].unique().tolist()
    }
    scale = lookup(setting.scenario.power.energy_price_multiplier, setting, 1.0)[:, None, None]
    energy, network = (np.stack([parts[area][part] for area in areas["area"]]) for part in (0, 1))
    return HourlyPrices(energy * scale, network)


def _mainland_parts(row: dict[str, Any], market: Array, named: dict[str, float]) -> tuple[Array, Array]:
    """Energy and network parts of a mainland price area, month × hour, from its monthly market prices."""
    ratios = tou_ratios(str(row["tou"]), named["power_tou_spread"])
    energy = (market / (1 - float(row["loss_rate"])))[:, None] * ratios
    transmission = (
        float(row["transmission"]) * named["power_transmission_factor"] + named["power_voltage_adder_cny_per_mwh"]
    )
    fees = (
        named["power_system_fee_cny_per_mwh"]
        + float(row["capacity_fee"])
        + float(row["levies"]) * named["power_levies_factor"]
    )
    floats = _floats_all(str(row["tou"]))
    return energy, (ratios * transmission if floats else np.full((12, 24), transmission)) + fees


def _abroad_parts(row: dict[str, Any], named: dict[str, float]) -> tuple[Array, Array]:
    """Energy and network parts of an area abroad, month × hour."""
    rate = named["cny_per_usd_2025"]
    energy = _wholesale()[str(row["zone"])] * float(row["price_scale"]) * rate
    adder = float(row["adder"]) * named["power_abroad_adder_factor"] * rate
    return energy, np.full((12, 24), adder)


@cache
def _wholesale() -> dict[str, Array]:
    """month × hour mean wholesale price in USD/MWh by market zone."""
    table = read_table("power_wholesale_abroad.csv").sort_values(["zone", "month"])
    return {str(zone): rows[HOURS].to_numpy(float) for zone, rows in table.groupby("zone")}


@cache
def _floats_all(tou: str) -> bool:
    table = read_table("power_tou.csv")
    return bool((table.loc[table["tou"] == tou, "base"] == "all").all())


@lru_cache(maxsize=4)
def market_prices(spot_share: float) -> pd.DataFrame:
    """Energy price by province and month in CNY/MWh with its basis, evidence and source; shared by all who read it.

    The market's medium- and long-term price where it is published; where only spot prices are, they are mixed
    with the coal benchmark; where neither is, a recalled price, else the coal benchmark.
    """
    table = read_table("power_energy_prices.csv").set_index(["province", "month"])
    recalled = read_table("power_energy_recalled.csv").set_index(["province", "month"])["cny_per_mwh"]
    mixed = (1 - spot_share) * table["coal_benchmark"] + spot_share * table["spot_price"]
    remembered = recalled.reindex(table.index)
    price = table["contract_price"].fillna(mixed).fillna(remembered).fillna(table["coal_benchmark"])
    basis = pd.Series("coal benchmark", index=table.index)
    basis = basis.mask(remembered.notna(), "recalled")
    basis = basis.mask(table["spot_price"].notna(), "spot " + table["spot_basis"].fillna(""))
    basis = basis.mask(table["contract_price"].notna(), "market " + table["contract_basis"].fillna(""))
    evidence = basis.map(ENERGY_EVIDENCE)
    source = table["source"].mask(basis == "recalled", "power-energy-recalled")
    return pd.DataFrame({"cny_per_mwh": price, "basis": basis, "evidence": evidence, "source": source})


ENERGY_EVIDENCE: dict[str, str] = {
    "market month": "published", "market year": "published",
    "market season": "derived", "market months": "derived",
    "spot month": "derived", "spot months": "derived", "spot year": "derived",
    "coal benchmark": "estimated", "recalled": "estimated",
}  # fmt: skip


def grid_price(
    setting: Setting,
    prices: HourlyPrices,
    own: dict[str, Array],
    named: dict[str, float],
) -> xr.DataArray:
    """All-in price, site × slice × hydro_year × period. Own tariffs neither grow nor move with droughts."""
    weights = slice_weights(setting)
    moves = hydro_moves(setting, named)
    by_month = np.einsum("smh,lmh->slm", prices.energy, weights)
    energy = np.einsum("slm,sym->sly", by_month, moves)
    network = np.einsum("smh,lmh->sl", prices.network, weights)
    table = energy[..., None] * growth(setting) + network[:, :, None, None]
    for index, site in enumerate(setting.sites.index):
        if (tariff := own.get(str(site))) is not None:
            table[index] = np.einsum("mh,lmh->l", tariff, weights)[:, None, None]
    return xr.DataArray(table, dims=("site", "slice", "hydro_year", "period"))


def hydro_moves(setting: Setting, named: dict[str, float]) -> Array:
    """site × hydro_year × month factor on energy prices: dear in a drought, where hydro matters.

    price factor = 1 + elasticity × share of hydro in use × shortfall against the trend of the year. The trend
    itself moves nothing: the market of 2025 already lives on it. The mean over the record is 1.
    """
    share, ratio = _dependence_and_ratio(setting)
    limit = named["power_hydro_price_limit"]
    move = named["power_hydro_price_elasticity"] * share[:, None, None] * (1 - ratio)
    return np.asarray(1 + np.clip(move, -limit, limit))


@once_per_setting
def _dependence_and_ratio(setting: Setting) -> tuple[Array, Array]:
    """Share of hydro in use by site, none abroad, and the drought ratio by site × hydro_year × month."""
    areas = site_areas(setting)
    ratio = by_place(drought_ratio(), areas["place"], setting.hydro_years.index, 1.0)
    share = np.minimum(dependence().reindex(areas["place"]).fillna(0.0).to_numpy(float), 1.0)
    return np.where(areas["abroad"], 0.0, share), ratio


def growth(setting: Setting) -> Array:
    """Factor on energy prices per period, at the period's middle year."""
    years = setting.periods["mid_year"].to_numpy(float) - PRICE_YEAR
    return np.asarray((1 + setting.scenario.power.energy_price_growth) ** years)


def demand_charges(areas: pd.DataFrame, own: dict[str, float], named: dict[str, float]) -> xr.DataArray:
    """CNY per MW and month of peak load, by site; own tariff sheets first."""
    mainland, abroad = rows_by_id("power_areas.csv", "area"), rows_by_id("power_abroad.csv", "area")
    per_kw = {name: row["demand_charge"] * named["power_demand_charge_factor"] for name, row in mainland.items()}
    per_kw |= {name: row["demand_charge"] * named["cny_per_usd_2025"] for name, row in abroad.items()}
    table = areas["area"].map(per_kw) * KW_IN_MW
    values = [own.get(str(site), float(charge)) for site, charge in table.items()]
    return xr.DataArray(values, dims="site")


def mean_price(setting: Setting, data: xr.Dataset) -> pd.DataFrame:
    """site × period mean grid price over slices and hydrological years, CNY/MWh."""
    hours = xr.DataArray(setting.slices["hours"].to_numpy(float), dims="slice")
    chance = xr.DataArray(setting.hydro_years["probability"].to_numpy(float), dims="hydro_year")
    mean = (data["grid_price"] * hours * chance).sum(["slice", "hydro_year"]) / (hours.sum() * chance.sum())
    return pd.DataFrame(mean.values, index=setting.sites.index, columns=setting.periods.index)
