"""Where the power figures of a study come from: per site and field, and per part of the price."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from data.carbon import carbon_places, latest_factors
from data.contracts import SOURCES
from data.evidence import assumptions
from data.fields import INSTANCE
from data.ingest.tariff_sheet import OwnTariffs
from data.once import once_per_setting
from data.price_areas import hour_weights, rows_by_id, site_areas
from data.prices import KWH_IN_MWH, hourly_prices, market_prices, mean_price
from data.setting import Setting

COLUMNS = ["site", "field", "value", "unit", "source", "evidence", "note"]
JUDGEMENT = "power-judgement"
EVERYWHERE = "*"


def power_evidence(setting: Setting, data: xr.Dataset, own: OwnTariffs) -> pd.DataFrame:
    """One row per site and power field (contracts: per source, named in the note); see COLUMNS."""
    named, areas = assumptions(setting.scenario.assumptions), site_areas(setting)
    places = areas.assign(carbon_place=carbon_places(areas)).to_dict("index")
    figures = {str(site): row for site, row in _figures(setting, data).to_dict("index").items()}
    latest = latest_factors(named).to_dict("index")
    mainland = rows_by_id("power_areas.csv", "area")
    rows = _grid_prices(setting, data, own)
    for key, area in places.items():
        site = str(key)
        values = figures[site]
        charge = _charge(site in own.demand_charge, bool(area["abroad"]), mainland.get(area["area"], {}))
        rows.append(_row(site, "demand_charge", values["demand_charge"], *charge))
        chosen = {site, area["place"]} & set(setting.scenario.power.grid_carbon_t_per_mwh)
        factor = _factor(bool(chosen), latest[area["carbon_place"]])
        rows.append(_row(site, "grid_carbon", values["grid_carbon"], *factor))
        rows += _contract_rows(site, bool(area["abroad"]), values)
        rows += _connection_rows(site, values)
    rows += _everywhere(data)
    rows += _price_parts(setting, figures, own)
    return pd.DataFrame(rows, columns=COLUMNS)


def _figures(setting: Setting, data: xr.Dataset) -> pd.DataFrame:
    """One representative number per site and field: first period, means over hours and hydrological years."""
    hours = xr.DataArray(setting.slices["hours"].to_numpy(float), dims="slice")
    first, share = data.isel(period=0), hours / hours.sum()
    columns = {
        "demand_charge": data["demand_charge"],
        "grid_carbon": first["grid_carbon"].mean("hydro_year"),
        "rationed_share": (data["rationed_share"] * share).sum("slice").mean("hydro_year"),
        "grid_step_size": data["grid_step_size"],
        "grid_steps_allowed": data["grid_steps_allowed"].isel(period=-1),
        "grid_existing": data["grid_existing"],
    }
    for field in ("policy_discount", "policy_energy_limit"):
        if field in data:
            columns[field] = first[field]
    delivery = (data["contract_delivery"] * share).sum("slice").mean("hydro_year")
    for source in SOURCES:
        columns[f"contract_price {source}"] = first["contract_price"].sel(energy_source=source)
        columns[f"contract_limit {source}"] = first["contract_limit"].sel(energy_source=source)
        columns[f"contract_delivery {source}"] = delivery.sel(energy_source=source)
    return pd.DataFrame({name: column.values for name, column in columns.items()}, index=setting.sites.index)


def _charge(own: bool, abroad: bool, row: dict[str, Any]) -> tuple[str, str, str]:
    """Source, evidence and note of a demand charge."""
    if own:
        return "scenario", "user", "own tariff sheet"
    if abroad:
        return "power-adders-recalled", "estimated", "contained in the adder of the energy price"
    return row["source"], row["demand_evidence"], f"price area {row['name']}"


def _factor(chosen: bool, row: dict[Hashable, Any]) -> tuple[str, str, str]:
    """Source, evidence and note of a grid carbon factor."""
    if chosen:
        return "scenario", "user", "scenario"
    newest = f"from {row['t_per_mwh']:.4f} of {row['year']:.0f}"
    note = f"{newest}: brought to a normal year, falling by a named assumption"
    return row["source"], "derived" if row["evidence"] == "published" else row["evidence"], note


@once_per_setting
def price_components(setting: Setting) -> pd.DataFrame:
    """Parts of the mean grid price in a normal year: site, component, cny_per_mwh, evidence, source, note; shared.

    The parts of a site sum to its mean price before growth; they say how much of a bill rests on estimates.
    """
    named, areas = assumptions(setting.scenario.assumptions), site_areas(setting)
    prices = hourly_prices(setting)
    energy = np.einsum("smh,mh->s", prices.energy, hour_weights())
    network = np.einsum("smh,mh->s", prices.network, hour_weights())
    energy_told = _energy_told(market_prices(named["power_spot_share"]))
    mainland, abroad = rows_by_id("power_areas.csv", "area"), rows_by_id("power_abroad.csv", "area")
    rows: list[dict[str, object]] = []
    for index, (site, area) in enumerate(areas.to_dict("index").items()):
        if area["abroad"]:
            row = abroad[area["area"]]
            direct = float(row["price_scale"]) == 1 and not area["foreign"]
            note = f"zone {row['zone']} × {float(row['price_scale']):g}" + (
                ", another country" if area["foreign"] else ""
            )
            source, evidence = ("power-wholesale-abroad", "derived") if direct else (str(row["source"]), "estimated")
            rows.append(_part(site, "energy", energy[index], evidence, source, note))
            rows.append(_part(site, "network, taxes and supply", network[index], "estimated", str(row["source"]), ""))
            continue
        row = mainland[area["area"]]
        weakest, basis, source = energy_told[row["province"]]
        approved = float(row["transmission"]) * named["power_transmission_factor"]
        levies = float(row["levies"]) * named["power_levies_factor"]
        estimated = named["power_system_fee_cny_per_mwh"] + named["power_voltage_adder_cny_per_mwh"]
        rows += [
            _part(site, "energy", energy[index], weakest, source, basis),
            _part(site, "transmission", approved, str(row["evidence"]), str(row["source"]), str(row["name"])),
            _part(site, "levies", levies, str(row["evidence"]), str(row["source"]), ""),
            _part(site, "capacity fee", float(row["capacity_fee"]), "published", str(row["source"]), ""),
            _part(site, "system fee and connection voltage", estimated, "estimated", JUDGEMENT, ""),
        ]
    return pd.DataFrame(rows)


def _energy_told(market: pd.DataFrame) -> dict[str, tuple[str, str, str]]:
    """Weakest evidence, basis in words and source of the energy prices of each province."""
    told = {}
    for province, months in market.groupby(level="province", sort=False):
        weakest = max(months["evidence"], key=("published", "derived", "estimated").index)
        basis = ", ".join(f"{count} months {kind}" for kind, count in months["basis"].value_counts().items())
        told[str(province)] = (weakest, basis, str(months["source"].iloc[0]))
    return told


def _part(site: object, component: str, value: float, evidence: str, source: str, note: str) -> dict[str, object]:
    return {"site": str(site), "component": component, "cny_per_mwh": float(value), "evidence": evidence,
            "source": source, "note": note}  # fmt: skip


def _grid_prices(setting: Setting, data: xr.Dataset, own: OwnTariffs) -> list[list[object]]:
    """Grid price of each site: class of its energy part, with the share of estimated parts in the note."""
    parts = price_components(setting)
    energy = parts.loc[parts["component"] == "energy"].set_index("site").to_dict("index")
    estimated = parts.loc[parts["evidence"] == "estimated"].groupby("site")["cny_per_mwh"].sum()
    rows: list[list[object]] = []
    for site, price in mean_price(setting, data).iloc[:, 0].items():
        name = str(site)
        if name in own.price:
            rows.append(_row(name, "grid_price", price, "scenario", "user", "own tariff sheet"))
            continue
        part = energy[name]
        evidence = "estimated" if part["evidence"] == "estimated" else "derived"
        note = f"{part['note']}; {estimated.get(name, 0.0) / price:.0%} of the price is estimated"
        rows.append(_row(name, "grid_price", price, part["source"], evidence, note))
    return rows


def _price_parts(setting: Setting, figures: dict[str, dict[Hashable, Any]], own: OwnTariffs) -> list[list[object]]:
    """What grid and contract prices are made of, CNY/MWh: a contract is the grid's parts and a judged difference."""
    parts = price_components(setting)
    rows: list[list[object]] = []
    of_site: dict[str, list[tuple[float, str, str, str]]] = {}
    columns = ("site", "cny_per_mwh", "source", "evidence", "component")
    for site, *part in zip(*(parts[column].tolist() for column in columns), strict=True):
        of_site.setdefault(site, []).append(tuple(part))
    for name, grid in of_site.items():
        if name not in own.price:
            rows += [[name, "grid_price_part", value, "CNY/MWh", *rest] for value, *rest in grid]
        for source in SOURCES:
            if not figures[name][f"contract_limit {source}"] > 0:
                continue
            difference = figures[name][f"contract_price {source}"] - sum(float(value) for value, *_ in grid)
            whole = [*grid, (difference, JUDGEMENT, "estimated", "against the grid's mean price")]
            rows += [[name, "contract_price_part", value, "CNY/MWh", origin, evidence, f"{source}: {component}"]
                     for value, origin, evidence, component in whole]  # fmt: skip
    return rows


def _contract_rows(site: str, abroad: bool, values: dict[Hashable, Any]) -> list[list[object]]:
    """Price, limit and mean delivery of each source that a site may contract."""
    rows: list[list[object]] = []
    for source in SOURCES:
        if not values[f"contract_limit {source}"] > 0:
            continue
        recalled = abroad or source == "solar"
        origin = ("power-solar-recalled", "estimated") if recalled else ("power-nbs-monthly", "derived")
        for field in ("contract_price", "contract_limit", "contract_delivery"):
            whence = origin if field == "contract_delivery" else (JUDGEMENT, "estimated")
            rows.append(_row(site, field, values[f"{field} {source}"], *whence, source))
    return rows


def _connection_rows(site: str, values: dict[Hashable, Any]) -> list[list[object]]:
    """Rationing, grid steps and policy tariff of a site."""
    events = ("power-crunch-2021", "estimated", "events, each with its source, times a named exposure")
    rationed = events if values["rationed_share"] > 0 else (JUDGEMENT, "estimated", "no event known")
    rows = [_row(site, "rationed_share", values["rationed_share"], *rationed)]
    for field, note in (("grid_step_size", ""), ("grid_steps_allowed", "last period"), ("grid_existing", "")):
        rows.append(_row(site, field, values[field], JUDGEMENT, "estimated", note))
    for field in ("policy_discount", "policy_energy_limit"):
        if values.get(field, 0.0) > 0:
            row = rows_by_id("power_policy_tariffs.csv", "site")[site]
            rows.append(_row(site, field, values[field], row["source"], row["evidence"], row["condition"]))
    return rows


def _everywhere(data: xr.Dataset) -> list[list[object]]:
    """Fields with the same value, or the same few values, at every site."""
    rows = [
        _row(EVERYWHERE, field, data[field].isel(site=0), JUDGEMENT, evidence, "own diesel plant")
        for field, evidence in (("backup_price", "estimated"), ("backup_carbon", "derived"))
    ]
    for source in SOURCES:
        value = data["contract_carbon"].sel(energy_source=source)
        rows.append(_row(EVERYWHERE, "contract_carbon", value, JUDGEMENT, "estimated", source))
    if "certificate_price" in data:
        for value in np.unique(data["certificate_price"].values):
            rows.append(_row(EVERYWHERE, "certificate_price", value, JUDGEMENT, "estimated", ""))
    return rows


def _row(site: str, field: str, value: float | xr.DataArray, source: str, evidence: str, note: str) -> list[object]:
    return [site, field, float(value), INSTANCE[field].unit, source, evidence, note]


def province_price_table(setting: Setting, data: xr.Dataset) -> pd.DataFrame:
    """Per province of the study in CNY/kWh: all-in mean price, energy part, demand charge; evidence, basis.

    The demand charge is spread over a flat load (730 hours a month).
    """
    parts, areas = price_components(setting), site_areas(setting)
    first = areas.loc[~areas["abroad"]].reset_index().drop_duplicates("place").set_index("place")["site"]
    energy = parts.loc[parts["component"] == "energy"].set_index("site")
    price = mean_price(setting, data).iloc[:, 0]
    charge = data["demand_charge"].to_series() / 730
    return pd.DataFrame({
        "all_in": price.loc[first].to_numpy() / KWH_IN_MWH,
        "energy": energy.loc[first, "cny_per_mwh"].to_numpy() / KWH_IN_MWH,
        "demand_charge": charge.loc[first].to_numpy() / KWH_IN_MWH,
        "evidence": energy.loc[first, "evidence"].to_numpy(),
        "basis": energy.loc[first, "note"].to_numpy(),
    }, index=first.index).round(3)  # fmt: skip
