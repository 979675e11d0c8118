"""What energy costs: the accounts in the price of a site's energy, and the grid's price over the year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from dashboard.figures.style import (
    DASHES,
    Figure,
    axis_title,
    drawn,
    ink,
    message,
    month_names,
    palette,
    short,
)
from dashboard.look import Look
from dashboard.numerals import scale
from model.report import ENERGY_ACCOUNTS

PARTS = (*ENERGY_ACCOUNTS, "carbon")
SWATCHES = dict(zip(PARTS, (6, 0, 1, 3, 2, 5, 7), strict=True))
MOST_SITES = 12
MOST_LINES = 6


def price_table(instance: xr.Dataset, solution: xr.Dataset) -> pd.DataFrame:
    """Energy accounts per discounted facility energy: site, account, price_cny_per_mwh, energy_mwh.

    Sites with the most energy first; energy_mwh is a year of the last period.
    """
    energy = (solution["facility_energy"] * instance["year_weight"]).sum("period").to_series()
    last = solution["facility_energy"].isel(period=-1).to_series()
    served = energy[energy > 0].sort_values(ascending=False, kind="stable").index
    known = [name for name in PARTS if name in solution["account"].values]
    costs = solution["account_cost"].sel(account=known, account_site=list(served)).sum("period")
    each = pd.DataFrame(costs.transpose("account_site", "account").to_numpy(), index=served, columns=known)
    each = each.div(energy[served], axis=0).rename_axis(index="site")
    table = each.reset_index().melt("site", var_name="account", value_name="price_cny_per_mwh")
    table["energy_mwh"] = table["site"].map(last)
    return table[table["price_cny_per_mwh"].abs() > 1e-9].reset_index(drop=True)


def price_figure(table: pd.DataFrame, names: Mapping[str, str], look: Look) -> Figure:
    """Stacked bars of a price table: what a kilowatt-hour is made of, site by site."""
    if table.empty:
        return message(look.t("figure.nothing"), look)
    kept = list(dict.fromkeys(table["site"]))[:MOST_SITES]
    wide = table.pivot_table(index="site", columns="account", values="price_cny_per_mwh").reindex(kept).fillna(0.0)
    shown = scale("CNY/MWh", float(wide.sum(axis=1).max()), look.language)
    labels = [short(names.get(site, site)) for site in kept]
    traces = [
        {
            "type": "bar",
            "orientation": "h",
            "name": look.name("account", account),
            "y": labels,
            "x": (wide[account] / shown.factor).tolist(),
            "customdata": [look.quantity(value, "CNY/MWh") for value in wide[account]],
            "hovertemplate": "%{y}: %{customdata}",
            "marker": {
                "color": palette(look)[SWATCHES[account]],
                "line": {"width": 0.5, "color": ink(look, "edge")},
            },
        }
        for account in PARTS
        if account in wide
    ]
    return drawn(
        traces,
        look,
        barmode="relative",
        xaxis={"title": axis_title(look.t("axis.price"), shown)},
        yaxis={"categoryorder": "array", "categoryarray": labels[::-1], "showgrid": False},
    )


def grid_price_table(instance: xr.Dataset, sites: Sequence[str], period: int) -> pd.DataFrame:
    """Grid price by month, mean over its hours, and its range over hydrological years; sites in their order.

    Columns site, month, price_cny_per_mwh, low_cny_per_mwh, high_cny_per_mwh.
    """
    chosen = list(sites)
    prices = instance["grid_price"].sel(site=chosen, period=period).transpose("site", "slice", "hydro_year").to_numpy()
    hours, month_of = instance["slice_hours"].to_numpy(), instance["slice_month"].to_numpy()
    chance = instance["hydro_year_probability"].to_numpy()
    months = sorted({int(month) for month in month_of})
    parts = []
    for month in months:
        weight = np.where(month_of == month, hours, 0.0)
        mean = np.einsum("isy,s->iy", prices, weight) / weight.sum()
        columns = {
            "site": chosen, "month": month, "price_cny_per_mwh": mean @ chance,
            "low_cny_per_mwh": mean.min(axis=1), "high_cny_per_mwh": mean.max(axis=1),
        }  # fmt: skip
        parts.append(pd.DataFrame(columns))
    order = {site: at for at, site in enumerate(chosen)}
    return pd.concat(parts).sort_values(
        ["site", "month"], key=lambda column: column.map(order) if column.name == "site" else column,
        kind="stable", ignore_index=True,
    )  # fmt: skip


def grid_price_figure(table: pd.DataFrame, instance: xr.Dataset, names: Mapping[str, str], look: Look) -> Figure:
    """A line per site of a grid price table over the months; bars span dry and wet years."""
    if table.empty:
        return message(look.t("figure.nothing"), look)
    shown = scale("CNY/MWh", float(table["high_cny_per_mwh"].max()), look.language)
    traces, months = list[Any](), month_names(instance, look)
    for at, site in enumerate(list(dict.fromkeys(table["site"]))[:MOST_LINES]):
        part = table[table["site"] == site]
        mean = part["price_cny_per_mwh"]
        traces.append(
            {
                "type": "scatter",
                "mode": "lines+markers",
                "name": names.get(site, site),
                "x": [months[month] for month in part["month"]],
                "y": (mean / shown.factor).tolist(),
                "error_y": {
                    "type": "data",
                    "symmetric": False,
                    "array": ((part["high_cny_per_mwh"] - mean) / shown.factor).tolist(),
                    "arrayminus": ((mean - part["low_cny_per_mwh"]) / shown.factor).tolist(),
                    "thickness": 1,
                    "width": 3,
                },
                "line": {"color": palette(look)[at], "dash": DASHES[at % len(DASHES)], "width": 2},
                "marker": {"color": palette(look)[at], "size": 6},
                "customdata": [look.quantity(value, "CNY/MWh") for value in mean],
                "hovertemplate": "%{x}: %{customdata}",
            }
        )
    return drawn(
        traces,
        look,
        xaxis={"showgrid": False},
        yaxis={"title": axis_title(look.t("axis.energy_price"), shown), "rangemode": "tozero"},
    )
