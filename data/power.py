"""Electricity of a study: prices, contracts, policy tariffs, rationing, carbon and grid connection."""

from __future__ import annotations

import numpy as np
import pandas as pd
import xarray as xr

from data.carbon import grid_carbon
from data.contracts import SOURCES, certificate_price, contracts
from data.errors import Fault, raise_faults
from data.evidence import assumptions
from data.fields import INSTANCE
from data.grid_connection import backup, grid_steps, rationed_share
from data.hydrology import YEARS
from data.ingest.tariff_sheet import OwnTariffs, read_tariffs
from data.once import once_per_setting
from data.policy_tariffs import policy_tariffs
from data.power_evidence import power_evidence, province_price_table
from data.price_areas import site_areas
from data.prices import demand_charges, grid_price, hourly_prices
from data.setting import Setting
from data.wording import did_you_mean

NO_TARIFFS = OwnTariffs({}, {})


def power(setting: Setting) -> xr.Dataset:
    """Every power field of the instance; see data.fields. Raises BadInput with all faults of the section."""
    return power_fields(setting).copy(deep=True)


@once_per_setting
def power_fields(setting: Setting) -> xr.Dataset:
    """What `power` says, worked out once: for who reads and does not write."""
    check_power(setting)
    fields = {
        "grid_price": site_price(setting),
        **_connection(setting),
        "grid_carbon": _carbon(setting),
        "rationed_share": _rationed(setting),
        **contracts(setting),
        **policy_tariffs(setting, site_price(setting), assumptions(setting.scenario.assumptions)),
    }
    if setting.scenario.power.certificates:
        fields["certificate_price"] = certificate_price(
            setting, site_areas(setting), assumptions(setting.scenario.assumptions)
        )
    return _labelled(fields, setting)


@once_per_setting
def _connection(setting: Setting) -> dict[str, xr.DataArray]:
    """What the grid connects, what a peak costs, and the backup plant."""
    areas, named = site_areas(setting), assumptions(setting.scenario.assumptions)
    charge = demand_charges(areas, own_tariffs(setting).demand_charge, named)
    return {"demand_charge": charge, **backup(setting, named), **grid_steps(setting, areas, named)}


@once_per_setting
def _carbon(setting: Setting) -> xr.DataArray:
    return grid_carbon(setting, site_areas(setting), assumptions(setting.scenario.assumptions))


@once_per_setting
def _rationed(setting: Setting) -> xr.DataArray:
    return rationed_share(setting, site_areas(setting), assumptions(setting.scenario.assumptions))


def evidence_power(setting: Setting) -> pd.DataFrame:
    """Where every power figure of a study comes from: site, field, value, unit, source, evidence, note."""
    return power_evidence(setting, power_fields(setting), own_tariffs(setting))


def province_prices(setting: Setting) -> pd.DataFrame:
    """Per province in CNY/kWh: all-in mean price, energy part, demand charge; evidence and basis."""
    return province_price_table(setting, power_fields(setting))


@once_per_setting
def site_price(setting: Setting) -> xr.DataArray:
    """All-in price, site × slice × hydro_year × period, unlabelled; own tariff sheets first."""
    check_power(setting)
    own, named = own_tariffs(setting).price, assumptions(setting.scenario.assumptions)
    return grid_price(setting, hourly_prices(setting), own, named)


def block_price_order(setting: Setting) -> xr.DataArray:
    """site × slice price over the site's mean, averaged over hydrological years, first period.

    Says which block of a month is cheap; deferrable work goes there.
    """
    chance, hours = setting.hydro_years["probability"].to_numpy(float), setting.slices["hours"].to_numpy(float)
    first = (site_price(setting).to_numpy()[..., 0] * chance).sum(axis=2)
    relative = first / ((first * hours).sum(axis=1, keepdims=True) / hours.sum())
    return xr.DataArray(relative, coords=[_labels(setting)[dim] for dim in ("site", "slice")], dims=("site", "slice"))


@once_per_setting
def own_tariffs(setting: Setting) -> OwnTariffs:
    """The user's sheet spread onto sites: the site itself wins over its province, that over its country."""
    choice = setting.scenario.power.own_tariffs
    if choice is None:
        return NO_TARIFFS
    sheet = read_tariffs(setting.base / choice, _places(setting))
    price, charge = {}, {}
    for site, row in setting.sites.iterrows():
        for key in (str(row["country"]), str(row["province"]), str(site)):  # the narrowest last
            if key in sheet.price:
                price[str(site)] = sheet.price[key]
            if key in sheet.demand_charge:
                charge[str(site)] = sheet.demand_charge[key]
    return OwnTariffs(price, charge)


@once_per_setting
def check_power(setting: Setting) -> None:
    """Refuse hydrological years without statistics and places that no site of the study has, all at once."""
    choices, places = setting.scenario.power, _places(setting)
    faults = [
        Fault(
            "scenario",
            "time.hydro_years",
            f"{year} has no hydro statistics",
            f"use years from {YEARS[0]} to {YEARS[-1]}",
        )
        for year in setting.hydro_years.index
        if year not in YEARS
    ]
    for key in ("energy_price_multiplier", "grid_carbon_t_per_mwh", "grid_site_limit_mw"):
        known = places if key != "grid_site_limit_mw" else [str(site) for site in setting.sites.index]
        faults += [
            Fault(
                "scenario",
                f"power.{key}.{place}",
                "names no site, province or country of the study",
                did_you_mean(place, known),
            )
            for place in getattr(choices, key)
            if place not in known and not (place == "*" and key == "energy_price_multiplier")
        ]
    raise_faults(faults)


def _places(setting: Setting) -> list[str]:
    """Site ids, provinces and country codes a user may name."""
    sites = setting.sites
    return [str(name) for name in dict.fromkeys([*sites.index, *sites["province"], *sites["country"]])]


def _labelled(fields: dict[str, xr.DataArray], setting: Setting) -> xr.Dataset:
    """Attach coordinates and units, and order dimensions as the fields declare them."""
    variables = {name: field.variable.transpose(*INSTANCE[name].dims) for name, field in fields.items()}
    for name, variable in variables.items():
        variable.attrs = {"units": INSTANCE[name].unit}
    return xr.Dataset(variables, coords=_labels(setting))


@once_per_setting
def _labels(setting: Setting) -> xr.Coordinates:
    labels = {
        "site": setting.sites.index.to_numpy(object),
        "slice": setting.slices.index.to_numpy(object),
        "period": setting.periods.index.to_numpy(np.int64),
        "hydro_year": setting.hydro_years.index.to_numpy(np.int64),
        "energy_source": np.array(SOURCES, dtype=object),
    }
    return xr.Coordinates(labels)
