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
from data.power import mean_price, own_tariffs, power
from data.price_areas import hour_weights, rows_by_id, site_areas
from data.prices import KWH_IN_MWH, hourly_prices, market_prices
from data.setting import Setting

COLUMNS = ["site", "field", "value", "unit", "source", "evidence", "note"]
JUDGEMENT = "power-judgement"
EVERYWHERE = "*"


def evidence_power(setting: Setting) -> pd.DataFrame:
    """One row per site and power field (contracts: per source, named in the note); see COLUMNS."""
    named, areas, data = assumptions(setting.scenario.assumptions), site_areas(setting), power(setting)
    own = own_tariffs(setting)
    parts = price_components(setting)
    energy = parts.loc[parts["component"] == "energy"].set_index("site").to_dict("index")
    rows = [*_grid_prices(setting, data, parts, energy, set(own.price))]
    mainland, latest = rows_by_id("power_areas.csv", "area"), latest_factors(named).to_dict("index")
    for (site, area), place in zip(areas.to_dict("index").items(), carbon_places(areas), strict=True):
        name, at = str(site), data.sel(site=site)
        if name in own.demand_charge:
            charge = ("user", "user", "own tariff sheet")
        elif area["abroad"]:
            charge = ("power-adders-recalled", "estimated", "contained in the adder of the energy price")
        else:
            row = mainland[area["area"]]
            charge = (str(row["source"]), str(row["demand_evidence"]), f"price area {row['name']}")
        rows.append(_row(name, "demand_charge", at["demand_charge"], *charge))
        factor = latest[place]
        note = (
            f"newest factor {factor['t_per_mwh']:.4f} of {factor['year']:.0f}, falling by a named assumption"
        )
        chosen = setting.scenario.power.grid_carbon_t_per_mwh
        user = any(key in chosen for key in (name, str(area["place"])))
        first = at["grid_carbon"].isel(period=0).mean("hydro_year")
        rows.append(_row(name, "grid_carbon", first, *(("user", "user", "scenario") if user
                         else (str(factor["source"]), str(factor["evidence"]), note))))  # fmt: skip
        rows += _contract_rows(name, bool(area["abroad"]), at, setting)
        rows += _connection_rows(name, at)
    rows += _everywhere(data)
    return pd.DataFrame(rows, columns=COLUMNS)


def price_components(setting: Setting) -> pd.DataFrame:
    """Parts of the mean grid price in a normal year: site, component, cny_per_mwh, evidence, source, note.

    The parts of a site sum to its mean price before growth; they say how much of a bill rests on estimates.
    """
    named, areas = assumptions(setting.scenario.assumptions), site_areas(setting)
    prices = hourly_prices(setting, areas, named)
    energy = np.einsum("smh,mh->s", prices.energy, hour_weights())
    network = np.einsum("smh,mh->s", prices.network, hour_weights())
    market = market_prices(named["power_spot_share"])
    mainland, abroad = rows_by_id("power_areas.csv", "area"), rows_by_id("power_abroad.csv", "area")
    rows: list[dict[str, object]] = []
    for index, (site, area) in enumerate(areas.to_dict("index").items()):
        if area["abroad"]:
            row = abroad[area["area"]]
            direct = float(row["price_scale"]) == 1 and not area["foreign"]
            note = f"zone {row['zone']} × {float(row['price_scale']):g}" + (
                ", another country" if area["foreign"] else ""
            )
            source, evidence = (
                ("power-wholesale-abroad", "derived") if direct else (str(row["source"]), "estimated")
            )
            rows.append(_part(site, "energy", energy[index], evidence, source, note))
            rows.append(
                _part(site, "network, taxes and supply", network[index], "estimated", str(row["source"]), "")
            )
            continue
        row = mainland[area["area"]]
        months = market.loc[row["province"]]
        weakest = max(months["evidence"], key=("published", "derived", "estimated").index)
        basis = ", ".join(f"{count} months {kind}" for kind, count in months["basis"].value_counts().items())
        approved = float(row["transmission"]) * named["power_transmission_factor"]
        levies = float(row["levies"]) * named["power_levies_factor"]
        estimated = named["power_system_fee_cny_per_mwh"] + named["power_voltage_adder_cny_per_mwh"]
        rows += [
            _part(site, "energy", energy[index], weakest, str(months["source"].iloc[0]), basis),
            _part(site, "transmission", approved, str(row["evidence"]), str(row["source"]), str(row["name"])),
            _part(site, "levies", levies, str(row["evidence"]), str(row["source"]), ""),
            _part(site, "capacity fee", float(row["capacity_fee"]), "published", str(row["source"]), ""),
            _part(site, "system fee and connection voltage", estimated, "estimated", JUDGEMENT, ""),
        ]
    return pd.DataFrame(rows)


def _part(
    site: object, component: str, value: float, evidence: str, source: str, note: str
) -> dict[str, object]:
    return {"site": str(site), "component": component, "cny_per_mwh": float(value), "evidence": evidence,
            "source": source, "note": note}  # fmt: skip


def _grid_prices(
    setting: Setting,
    data: xr.Dataset,
    parts: pd.DataFrame,
    energy: dict[Hashable, dict[Hashable, Any]],
    own: set[str],
) -> list[list[object]]:
    """Grid price of each site: class of its energy part, with the share of estimated parts in the note."""
    mean = mean_price(setting, data).iloc[:, 0]
    estimated = parts.loc[parts["evidence"] == "estimated"].groupby("site")["cny_per_mwh"].sum()
    rows: list[list[object]] = []
    for site, price in mean.items():
        name = str(site)
        if name in own:
            rows.append(_row(name, "grid_price", price, "user", "user", "own tariff sheet"))
            continue
        part = energy[name]
        evidence = "estimated" if part["evidence"] == "estimated" else "derived"
        note = f"{part['note']}; {estimated.get(name, 0.0) / price:.0%} of the price is estimated"
        rows.append(_row(name, "grid_price", price, part["source"], evidence, note))
    return rows


def _contract_rows(site: str, abroad: bool, data: xr.Dataset, setting: Setting) -> list[list[object]]:
    """Price, limit and mean delivery of each source that a site may contract."""
    hours = xr.DataArray(setting.slices["hours"].to_numpy(float), dims="slice")
    rows: list[list[object]] = []
    for source in SOURCES:
        at = data.sel(energy_source=source).isel(period=0)
        if not float(at["contract_limit"]) > 0:
            continue
        statistics = source != "solar" and not abroad
        origin, evidence = (
            ("power-nbs-monthly", "derived") if statistics else ("power-solar-recalled", "estimated")
        )
        mean = (at["contract_delivery"].mean("hydro_year") * hours).sum() / hours.sum()
        rows += [
            _row(site, "contract_price", at["contract_price"], JUDGEMENT, "estimated", source),
            _row(site, "contract_limit", at["contract_limit"], JUDGEMENT, "estimated", source),
            _row(site, "contract_delivery", mean, origin, evidence, source),
        ]
    return rows


def _connection_rows(site: str, data: xr.Dataset) -> list[list[object]]:
    """Rationing, certificates, policy and grid steps of a site."""
    rationed = float(data["rationed_share"].mean())
    source, note = JUDGEMENT, "no event known"
    if rationed > 0:
        source, note = (
            "power-crunch-2021",
            "events of the years, each with its source, times a named exposure",
        )
    rows = [
        _row(site, "rationed_share", rationed, source, "estimated", note),
        _row(site, "grid_step_size", data["grid_step_size"], JUDGEMENT, "estimated", ""),
        _row(site, "grid_steps_allowed", data["grid_steps_allowed"].isel(period=-1), JUDGEMENT, "estimated",
             "in the last period"),
        _row(site, "grid_existing", data["grid_existing"], JUDGEMENT, "estimated", ""),
    ]  # fmt: skip
    for field in ("policy_discount", "policy_energy_limit"):
        if field in data and float(data[field].isel(period=0)) > 0:
            row = rows_by_id("power_policy_tariffs.csv", "site")[site]
            value = data[field].isel(period=0)
            rows.append(_row(site, field, value, row["source"], row["evidence"], row["condition"]))
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


def _row(
    site: str, field: str, value: float | xr.DataArray, source: str, evidence: str, note: str
) -> list[object]:
    return [site, field, float(value), INSTANCE[field].unit, source, evidence, note]


def province_price_table(setting: Setting) -> pd.DataFrame:
    """Per province of the study in CNY/kWh: all-in mean price, energy part, demand charge; evidence, basis.

    The demand charge is spread over a flat load (730 hours a month).
    """
    parts, areas, data = price_components(setting), site_areas(setting), power(setting)
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
