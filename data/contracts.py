"""Contracts for hydro, wind and solar: what they deliver, cost and allow; green certificates."""

from __future__ import annotations

import numpy as np
import pandas as pd
import xarray as xr

from data.evidence import assumptions, read_table
from data.hydrology import by_place, delivered_factors
from data.once import once_per_setting
from data.price_areas import Array, hour_weights, rows_by_id, site_areas, slice_weights
from data.prices import HourlyPrices, growth, hourly_prices
from data.scenario.power import ContractSource
from data.setting import Setting

SOURCES: tuple[ContractSource, ...] = ("hydro", "wind", "solar")
CAPACITY_YEAR = 2024
MID_MONTH_DAY = (17, 47, 75, 105, 135, 162, 198, 228, 258, 288, 318, 344)
ZONE_MERIDIAN = 120.0  # of UTC+8
WIND_PEAK_HOUR = 3.0
GW_IN_MW = 1000
HOURS_A_YEAR = 8760
MINUTES = 4  # samples of the sun in an hour


def contracts(setting: Setting) -> dict[str, xr.DataArray]:
    """contract_price, contract_delivery, contract_limit and contract_carbon."""
    carbon = [setting.scenario.power.contract_carbon_t_per_mwh.get(source, 0.0) for source in SOURCES]
    return {
        "contract_price": contract_price(setting),
        "contract_delivery": contract_delivery(setting),
        "contract_limit": contract_limit(setting),
        "contract_carbon": xr.DataArray(carbon, dims="energy_source"),
    }


@once_per_setting
def contract_price(setting: Setting) -> xr.DataArray:
    """CNY/MWh of contracted energy, site × energy_source × period."""
    named, factors, prices = assumptions(setting.scenario.assumptions), hourly_factors(setting), hourly_prices(setting)
    price = np.stack([_price(source, factors[source], setting, prices, named) for source in SOURCES], axis=1)
    return xr.DataArray(price, dims=("site", "energy_source", "period"))


@once_per_setting
def contract_delivery(setting: Setting) -> xr.DataArray:
    """MW delivered per MW contracted, site × energy_source × slice × hydro_year."""
    factors, weights = hourly_factors(setting), slice_weights(setting)
    delivery = np.stack([np.einsum("symh,lmh->sly", factors[source], weights) for source in SOURCES], axis=1)
    return xr.DataArray(np.clip(delivery, 0, 1), dims=("site", "energy_source", "slice", "hydro_year"))


@once_per_setting
def contract_limit(setting: Setting) -> xr.DataArray:
    """MW that can be contracted, site × energy_source × period."""
    named, areas = assumptions(setting.scenario.assumptions), site_areas(setting)
    limit = np.stack([_limit(source, setting, areas, named) for source in SOURCES], axis=1)
    return xr.DataArray(limit, dims=("site", "energy_source", "period"))


@once_per_setting
def hourly_factors(setting: Setting) -> dict[str, Array]:
    """By source, site × hydro_year × month × hour of the UTC+8 day: MW delivered per MW contracted."""
    named, areas, years = assumptions(setting.scenario.assumptions), site_areas(setting), setting.hydro_years.index
    hydro = by_place(delivered_factors(setting.scenario.power.hydro_level), areas["place"], years, 0.0)
    hydro = hydro * ~areas["abroad"].to_numpy(bool)[:, None, None]
    shapes = {"wind": _wind(setting, areas, named), "solar": _solar(setting, areas)}
    steady = {source: np.repeat(shape[:, None], len(years), axis=1) for source, shape in shapes.items()}
    return {"hydro": np.repeat(hydro[..., None], 24, axis=3), **steady}  # reservoirs: flat over the day


def _wind(setting: Setting, areas: pd.DataFrame, named: dict[str, float]) -> Array:
    """site × month × hour capacity factor of wind: monthly statistics, and a swing to the local night."""
    table = read_table("power_wind_factors.csv")
    months = table.pivot_table(index="province", columns="month", values="capacity_factor")
    abroad = rows_by_id("power_wind_abroad.csv", "place")
    south = setting.sites["latitude"].to_numpy(float) < 0
    season = np.cos(2 * np.pi * (np.arange(12) - 0.5) / 12)  # highest in mid-January
    rows = []
    for place, below in zip(areas["place"], south, strict=True):
        if place in abroad:
            swing = abroad[place]["winter_swing"] * (-1 if below else 1)
            rows.append(abroad[place]["capacity_factor"] * (1 + swing * season))
        else:
            rows.append(months.loc[place].to_numpy(float) if place in months.index else np.zeros(12))
    local = _local_hours(setting)
    day = 1 + named["power_wind_night_swing"] * np.cos(2 * np.pi * (local - WIND_PEAK_HOUR) / 24)
    return np.asarray(np.stack(rows)[:, :, None] * day[:, None, :])


def _solar(setting: Setting, areas: pd.DataFrame) -> Array:
    """site × month × hour capacity factor of solar plant tilted by its latitude, scaled to full-load hours.

    Clear-sky shape: cosine of declination × cosine of the hour angle while the sun is up (Duffie and Beckman,
    Solar Engineering of Thermal Processes, ch. 1). Clouds move the yearly level only, not the months.
    """
    declination = np.radians(23.45) * np.sin(2 * np.pi * (284 + np.array(MID_MONTH_DAY)) / 365)
    latitude = np.radians(setting.sites["latitude"].to_numpy(float))
    fine = (np.arange(MINUTES) + 0.5) / MINUTES - 0.5
    angle = np.radians(15 * (_local_hours(setting)[:, :, None] + fine - 12))
    height = (
        np.sin(latitude)[:, None, None, None] * np.sin(declination)[None, :, None, None]
        + (np.cos(latitude)[:, None] * np.cos(declination))[:, :, None, None] * np.cos(angle)[:, None]
    )
    beam = np.cos(declination)[None, :, None, None] * np.cos(angle)[:, None]
    shape = np.where((height > 0) & (beam > 0), beam, 0.0).mean(axis=3)
    hours = read_table("power_solar.csv", "place")["full_load_hours"].reindex(areas["place"]).fillna(0.0)
    level = hours.to_numpy(float) / HOURS_A_YEAR
    mean = (shape * hour_weights()).sum(axis=(1, 2))
    return np.asarray(shape * (level / mean)[:, None, None])


def _local_hours(setting: Setting) -> Array:
    """site × hour: mean solar time in the middle of each hour of the UTC+8 day."""
    shift = (setting.sites["longitude"].to_numpy(float) - ZONE_MERIDIAN) / 15
    return np.asarray((np.arange(24) + 0.5 + shift[:, None]) % 24)


def _price(source: str, hourly: Array, setting: Setting, prices: HourlyPrices, named: dict[str, float]) -> Array:
    """site × period price: delivery-weighted market energy times the source's ratio, and network."""
    chance = setting.hydro_years["probability"].to_numpy(float)
    mean = np.einsum("symh,y->smh", hourly, chance)
    total = mean.sum(axis=(1, 2))
    share = np.where(total[:, None, None] > 0, mean, 1.0)
    share = share / share.sum(axis=(1, 2), keepdims=True)
    energy, network = (share * prices.energy).sum(axis=(1, 2)), (share * prices.network).sum(axis=(1, 2))
    ratio, premium = {
        "hydro": (
            (1 - named["power_hydro_contract_discount"]) * setting.scenario.power.hydro_price_multiplier,
            0.0,
        ),
        "wind": (named["power_wind_contract_ratio"], named["power_green_premium_cny_per_mwh"]),
        "solar": (named["power_solar_contract_ratio"], named["power_green_premium_cny_per_mwh"]),
    }[source]
    return np.asarray((energy * ratio)[:, None] * growth(setting) + (network + premium)[:, None])


def _limit(source: str, setting: Setting, areas: pd.DataFrame, named: dict[str, float]) -> Array:
    """site × period MW that can be contracted: a share of the capacity of the province or country."""
    choices = setting.scenario.power
    if source not in choices.contracts:
        return np.zeros((len(areas), len(setting.periods)))
    if source == "solar":
        capacity = read_table("power_solar.csv", "place")["capacity_gw"]
    else:
        years = read_table("power_province_years.csv")
        mainland = years.sort_values("year").groupby("province")[f"{source}_gw"].last().fillna(0.0)
        abroad = read_table("power_wind_abroad.csv", "place")["capacity_gw"]
        capacity = pd.concat([mainland, abroad]) if source == "wind" else _with_factors(mainland)
    level = capacity.reindex(areas["place"]).fillna(0.0).to_numpy(float) * GW_IN_MW * named["power_contract_share"]
    years_on = setting.periods["mid_year"].to_numpy(float) - CAPACITY_YEAR
    rise = (1 + named["power_contract_growth"]) ** years_on
    return np.asarray((level * choices.contract_limit_multiplier)[:, None] * rise)


def _with_factors(capacity: pd.Series) -> pd.Series:
    """Hydro capacity of the provinces whose delivery is known."""
    known = set(read_table("power_hydro_factors.csv")["province"])
    return capacity.loc[capacity.index.isin(known)]


def certificate_price(setting: Setting, areas: pd.DataFrame, named: dict[str, float]) -> xr.DataArray:
    """CNY/MWh of a green certificate, site × period."""
    value = np.where(
        areas["abroad"], named["power_certificate_abroad_cny_per_mwh"], named["power_certificate_cny_per_mwh"]
    )
    return xr.DataArray(np.repeat(value[:, None], len(setting.periods), axis=1), dims=("site", "period"))
