"""What sites, halls, grid steps, staff and water cost, in CNY of 2025."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import pandas as pd
import xarray as xr

from data.errors import Fault, raise_faults
from data.evidence import assumptions, read_table
from data.fields import MONEY_YEAR
from data.finance import finance
from data.hall_prices import hall_capital, hall_opex, hall_rows, multiplier, replaced
from data.once import once_per_setting
from data.setting import Setting
from data.wording import did_you_mean

JUDGED = ("costs-judgement", "estimated")
SITE_UNITS = {
    "land_capital": "CNY", "fibre_capital": "CNY", "site_opex": "CNY/a",
    "grid_step_capital": "CNY", "water_price": "CNY/m3",
}  # fmt: skip
CHOSEN_FIELDS = {
    "land_cny_per_m2": "land_capital",
    "water_cny_per_m3": "water_price",
    "price_level": "hall_capital",
}
COLUMNS = ["site", "field", "value", "unit", "source", "evidence", "note"]
W_PER_MW = 1e6
KW_PER_MW = 1e3
EUROPE = "Frankfurt"  # the market whose price level the European grid price is read at


@once_per_setting
def costs(setting: Setting) -> xr.Dataset:
    """Capital, lives, yearly costs and the weights of periods; existing fleets have no site capital.

    Raises BadInput when the scenario's `costs` names a site or hall type the study does not have.
    """
    raise_faults(name_faults(setting))
    values, sites = assumptions(setting.scenario.assumptions), site_rows(setting)
    capital = {name: ("site", sites[name].to_numpy(dtype=float)) for name in SITE_UNITS}
    hall_fields = {
        "hall_capital": (("site", "hall_type", "period"), _hall_capital(setting)),
        "hall_opex": (("site", "hall_type"), _hall_opex(setting)),
        "hall_life": ("hall_type", np.full(len(setting.hall_types), values["costs_hall_life_years"])),
    }
    lives = {"site_life": values["costs_site_life_years"], "grid_life": values["costs_grid_life_years"]}
    coords = {
        "site": setting.sites.index.to_numpy(dtype=object),
        "hall_type": setting.hall_types.index.to_numpy(dtype=object),
        "period": setting.periods.index.to_numpy(),
    }
    money = {name: (array.dims, array.to_numpy()) for name, array in finance(setting).data_vars.items()}
    return xr.Dataset(capital | hall_fields | lives | money, coords=coords)


@once_per_setting
def _hall_capital(setting: Setting) -> np.ndarray:
    values = assumptions(setting.scenario.assumptions)
    return hall_capital(setting, _price_rows(setting), hall_rows(setting), values)


@once_per_setting
def _hall_opex(setting: Setting) -> np.ndarray:
    values = assumptions(setting.scenario.assumptions)
    return hall_opex(setting, _price_rows(setting), hall_rows(setting), values)


@once_per_setting
def site_rows(setting: Setting) -> pd.DataFrame:
    """Prices and the fields of SITE_UNITS by site, own sites and fleets reading their host's row.

    cny_per_mw is the turnkey price of a reference hall; price_level compares it with the mainland's.
    """
    chosen, existing = setting.scenario.costs, setting.sites["kind"] == "existing"
    rows, values = _price_rows(setting), assumptions(setting.scenario.assumptions)
    land_price = rows["land_cny_per_m2"].fillna(rows["land_market"].map(published_prices("land", values)))
    land_price = replaced(land_price, chosen.land_cny_per_m2)
    level, scale = rows["price_level"], multiplier(setting.sites.index, chosen.site_capital_multiplier)
    land = land_price * rows["site_area_m2"] + values["costs_site_works_cny"] * level
    fibre = rows["fibre_km"] * values["costs_fibre_cny_per_km"] * level
    staff = np.where(existing, values["costs_staff_per_existing_site"], values["costs_staff_per_site"])
    water = multiplier(setting.sites.index, chosen.water_cny_per_m3, rows["water_cny_per_m3"])
    return rows.assign(
        land_capital=(land * scale).where(~existing, 0.0),
        fibre_capital=(fibre * scale).where(~existing, 0.0),
        site_opex=staff * rows["staff_cny_per_year"],
        grid_step_capital=grid_step_price(values) * level,
        water_price=water,
    )


@once_per_setting
def _price_rows(setting: Setting) -> pd.DataFrame:
    """The row of every site in costs_sites.csv with its price of building."""
    chosen, values = setting.scenario.costs, assumptions(setting.scenario.assumptions)
    rows = read_table("costs_sites.csv", "id").loc[setting.sites["host_site"]].set_index(setting.sites.index)
    index = replaced(rows["market_index"], chosen.price_level)
    turnkey = published_prices("construction", values)
    built = rows["market"].map(turnkey) * index
    return rows.assign(cny_per_mw=built * W_PER_MW, price_level=built / turnkey["Chinese mainland"])


def published_prices(item: str, values: Mapping[str, float]) -> pd.Series[float]:
    """Published prices by market in CNY of MONEY_YEAR per the table's own unit (W or m2)."""
    table = read_table("costs_published.csv")
    table = table.loc[table["item"] == item].set_index("place")
    lifted = table["money_year"].map({MONEY_YEAR: 1.0, 2023: values["usd_2023_to_2025"]})
    return table["value"] * lifted * values["cny_per_usd_2025"]


def grid_step_price(values: Mapping[str, float]) -> float:
    """CNY for one grid step at the mainland's price level, from the published European price per kW."""
    table = read_table("costs_published.csv").set_index(["item", "place"])["value"]
    euro_per_kw = float(table.loc[("grid connection", "Europe")])
    level = float(table.loc[("construction", "Chinese mainland")] / table.loc[("construction", EUROPE)])
    cny_per_mw = euro_per_kw * KW_PER_MW * values["eur_2020_to_2025"] * values["cny_per_eur_2025"] * level
    return cny_per_mw * values["costs_grid_connection_factor"] * values["power_grid_step_mw"]


def name_faults(setting: Setting) -> Iterator[Fault]:
    """Sites and hall types that the scenario prices but the study does not have."""
    chosen = setting.scenario.costs
    sites, halls = list(setting.sites.index), list(setting.hall_types.index)
    named: list[tuple[str, Iterable[str], list[str]]] = [
        ("hall_price_multiplier", chosen.hall_price_multiplier, halls),
        ("site_capital_multiplier", chosen.site_capital_multiplier, sites),
        ("price_level", chosen.price_level, sites),
        ("land_cny_per_m2", chosen.land_cny_per_m2, sites),
        ("water_cny_per_m3", chosen.water_cny_per_m3, sites),
    ]
    for key, names, known in named:
        for name in names:
            if name not in known and not (name == "*" and key not in ("price_level", "land_cny_per_m2")):
                remedy = did_you_mean(name, known, "`hallsite catalogue` lists the names")
                yield Fault("scenario", f"costs.{key}", f"{name!r} is not in this study", remedy)


def evidence_costs(setting: Setting) -> pd.DataFrame:
    """One row per site and field (* everywhere): site, field, value, unit, source, evidence, note.

    A hall's price is `derived` where the site's own market is published, else estimated from one that is.
    """
    from data.ground import mark_stand_ins

    instance = costs(setting)
    of_sites = [
        (site, field, value, unit, *JUDGED, "")
        for field, unit in SITE_UNITS.items()
        for site, value in instance[field].to_series().items()
    ]
    opex = instance["hall_opex"].mean("hall_type").to_series()
    of_sites += [(site, "hall_opex", mean, "CNY/a", *JUDGED, "mean of types") for site, mean in opex.items()]
    everywhere = [
        ("*", "site_life", instance["site_life"].item(), "a", *JUDGED, ""),
        ("*", "hall_life", instance["hall_life"].values[0], "a", *JUDGED, ""),
        ("*", "grid_life", instance["grid_life"].item(), "a", "costs-technology-data", "derived", ""),
        ("*", "discount_rate", instance["discount_rate"].item(), "1", "scenario", "user", ""),
    ]
    rows = pd.DataFrame([*of_sites, *everywhere], columns=COLUMNS)
    table = pd.concat([rows, hall_evidence(setting, instance)], ignore_index=True)
    return mark_stand_ins(mark_chosen(table, setting), setting)


def hall_evidence(setting: Setting, instance: xr.Dataset) -> pd.DataFrame:
    """Price of one new hall in the first period, by candidate site and buildable hall type."""
    published = read_table("costs_published.csv")
    sources = published.loc[published["item"] == "construction"].set_index("place")["source"]
    sites = site_rows(setting)
    sites = sites.loc[setting.sites["kind"] != "existing"]
    halls = setting.hall_types.index[setting.hall_types["buildable"].astype(bool)]
    first = instance["hall_capital"].isel(period=0)
    prices = first.sel(site=sites.index.to_numpy(), hall_type=halls.to_numpy()).transpose("site", "hall_type").values
    rows = [
        (site, "hall_capital", float(price), "CNY", sources[market], "derived" if index == 1.0 else "estimated",
         f"{hall}, first period; {market} × {index:g}")
        for site, market, index, of_site in zip(
            sites.index, sites["market"], sites["market_index"], prices, strict=True)
        for hall, price in zip(halls, of_site, strict=True)
    ]  # fmt: skip
    return pd.DataFrame([*rows, *_hall_price_parts(setting, first)], columns=COLUMNS)


def _hall_price_parts(setting: Setting, first: xr.DataArray) -> list[tuple[object, ...]]:
    """A hall's price in two parts: the published turnkey price of its market, and what judgement adds or takes off."""
    published = read_table("costs_published.csv")
    sources = published.loc[published["item"] == "construction"].set_index("place")["source"]
    turnkey = published_prices("construction", assumptions(setting.scenario.assumptions)) * W_PER_MW
    buildable = setting.hall_types.loc[setting.hall_types["buildable"].astype(bool), "size_mw"].astype(float)
    new = setting.sites.index[setting.sites["kind"] != "existing"]
    prices = first.sel(site=new.to_numpy(), hall_type=buildable.index.to_numpy()).transpose("site", "hall_type").values
    rows: list[tuple[object, ...]] = []
    for site, market, row in zip(new, site_rows(setting).loc[new, "market"], prices, strict=True):
        for (hall, size), price in zip(buildable.items(), row, strict=True):
            base, told = float(turnkey[market]) * size, f"{hall}: turnkey price, {market}"
            rows += [
                (site, "hall_capital_part", base, "CNY", sources[market], "derived", told),
                (
                    site,
                    "hall_capital_part",
                    float(price) - base,
                    "CNY",
                    *JUDGED,
                    f"{hall}: index, hazards, cooling, rock",
                ),
            ]
    return rows


def mark_chosen(evidence: pd.DataFrame, setting: Setting) -> pd.DataFrame:
    """Class as the user's what the scenario's `costs` section says itself."""
    chosen = setting.scenario.costs.model_dump()
    said = pd.Series(False, index=evidence.index)
    for key, field in CHOSEN_FIELDS.items():
        said |= (evidence["field"] == field) & evidence["site"].isin(chosen[key])
    return evidence.assign(
        source=evidence["source"].mask(said, "scenario"), evidence=evidence["evidence"].mask(said, "user")
    )
