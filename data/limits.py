"""Prices and limits a scenario or a policy pack sets from outside."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import xarray as xr

from data.evidence import read_table
from data.fields import INSTANCE
from data.setting import Setting


def limits(setting: Setting) -> xr.Dataset:
    """The carbon price, and each limit the scenario sets; where a limit has no value (nan) there is none."""
    policy, periods = setting.scenario.policy, setting.periods
    count = len(periods)
    of_period: dict[str, float | None] = {
        "carbon_limit": policy.carbon_limit_t_per_year,
        "capital_limit": policy.capital_limit_cny,
        "site_limit": setting.scenario.sites.most_open,
    }
    of_site = {
        "pue_ceiling": pue_ceilings(setting),
        "green_share": green_shares(setting),
        "water_permit": by_site(setting, policy.water_permit_m3),
    }
    years = periods["mid_year"].to_numpy(dtype=float)
    carbon_price = policy.carbon_price_cny_per_t * (1 + policy.carbon_price_growth) ** (years - years[0])
    return xr.Dataset(
        {"carbon_price": ("period", carbon_price)}
        | {name: ("period", np.full(count, float(v))) for name, v in of_period.items() if v is not None}
        | {name: ("site", v.to_numpy()) for name, v in of_site.items() if v.notna().any()},
        coords={"site": setting.sites.index.to_numpy(dtype=object), "period": periods.index.to_numpy()},
    )


def pue_ceilings(setting: Setting) -> pd.Series[float]:
    """Yearly PUE new halls must keep, by site; the stricter of the scenario and the hubs' rules."""
    chosen = by_site(setting, setting.scenario.policy.pue_ceiling)
    return pd.concat([chosen, _hub_rule(setting, "pue_ceiling")], axis=1).min(axis=1)


def green_shares(setting: Setting) -> pd.Series[float]:
    """Least share of green energy, by site; the stricter of the scenario and the hubs' rules."""
    chosen = by_site(setting, setting.scenario.policy.green_share)
    return pd.concat([chosen, _hub_rule(setting, "green_share")], axis=1).max(axis=1)


def by_site(setting: Setting, given: Mapping[str, float]) -> pd.Series[float]:
    """Values by candidate site: its own, else its country's, else the one for `*`, else none (nan)."""
    sites = setting.sites
    values = [
        given.get(str(site), given.get(country, given.get("*", np.nan))) if kind == "candidate" else np.nan
        for site, country, kind in zip(sites.index, sites["country"], sites["kind"], strict=True)
    ]
    return pd.Series(values, index=sites.index, dtype=float)


def evidence_limits(setting: Setting) -> pd.DataFrame:
    """Where each limit and the carbon price come from: the scenario, or the rules of the national hubs."""
    values = limits(setting)
    rows: list[tuple[str, str, float, str, str, str]] = [
        ("*", str(name), float(array.mean()), "scenario", "user", "")
        for name, array in values.data_vars.items()
        if array.dims == ("period",)
    ]
    for name in ("pue_ceiling", "green_share", "water_permit"):
        for site, value in _present(values, name).items():
            rows.append((site, name, value, *_origin(setting, site, name, value)))
    frame = pd.DataFrame(rows, columns=["site", "field", "value", "source", "evidence", "note"])
    return frame.assign(unit=[INSTANCE[name].unit for name in frame["field"]])


def _present(values: xr.Dataset, name: str) -> dict[str, float]:
    """The sites that have a limit."""
    if name not in values:
        return {}
    return {str(site): float(value) for site, value in values[name].to_series().dropna().items()}


def _origin(setting: Setting, site: str, name: str, value: float) -> tuple[str, str, str]:
    """Source, evidence and note of a site's limit: the hubs' rule where it is the one that holds."""
    if setting.scenario.policy.hub_pack:
        rules = read_table("hub_rules.csv").query("rule == @name")
        for row in rules[rules["site"].isin([site, "*"]) & (rules["value"] == value)].itertuples():
            return str(row.source), str(row.evidence), str(row.meaning)
    return "scenario", "user", ""


def _hub_rule(setting: Setting, rule: str) -> pd.Series[float]:
    """A rule of the hub pack on the sites of national clusters, where the scenario asks for the pack."""
    sites = setting.sites
    values = pd.Series(np.nan, index=sites.index)
    if setting.scenario.policy.hub_pack:
        rules = read_table("hub_rules.csv").query("rule == @rule").set_index("site")["value"]
        for site in sites.index[(sites["cluster"] == "yes") & (sites["kind"] == "candidate")]:
            values[site] = rules.get(site, rules.get("*", np.nan))
    return values
