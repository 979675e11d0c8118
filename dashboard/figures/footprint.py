"""Water and carbon of a year, by period and site."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import pandas as pd
import xarray as xr

from dashboard.figures.style import Figure, axis_title, drawn, ink, message, palette, short
from dashboard.look import Look
from dashboard.numerals import scale

Quantity = Literal["water", "carbon"]
COLUMN: dict[Quantity, str] = {"water": "water_m3", "carbon": "carbon_t"}
UNIT: dict[Quantity, str] = {"water": "m3/a", "carbon": "t/a"}
MOST_SITES = 6


def footprint_table(instance: xr.Dataset, solution: xr.Dataset) -> pd.DataFrame:
    """A year of each period by site: site, period, it_mw, water_m3, carbon_t; only sites that serve."""
    columns = {"it_mw": "it_load", "water_m3": "water", "carbon_t": "carbon"}
    parts = {name: solution[field].transpose("site", "period").to_series() for name, field in columns.items()}
    table = pd.DataFrame(parts).reset_index()
    return table[table["it_mw"] > 1e-6].reset_index(drop=True)


def footprint_figure(table: pd.DataFrame, names: Mapping[str, str], look: Look, quantity: Quantity) -> Figure:
    """Stacked columns of a footprint table by period: the sites with the largest, the others together."""
    if table.empty:
        return message(look.t("figure.nothing"), look)
    wide = table.pivot_table(index="period", columns="site", values=COLUMN[quantity]).fillna(0.0)
    wide = wide[wide.sum().sort_values(ascending=False, kind="stable").index]
    rest = wide.iloc[:, MOST_SITES:]
    kept = wide.iloc[:, :MOST_SITES].rename(
        columns={site: short(names.get(str(site), str(site))) for site in wide.columns}
    )
    if rest.shape[1]:
        kept[look.t("bill.other_sites", count=rest.shape[1])] = rest.sum(axis=1)
    shown = scale(UNIT[quantity], float(kept.sum(axis=1).max()), look.language)
    colours = (*palette(look)[:MOST_SITES], ink(look, "faint"))
    traces = [
        {
            "type": "bar",
            "name": name,
            "x": [str(period) for period in kept.index],
            "y": (kept[name] / shown.factor).tolist(),
            "marker": {"color": colours[at], "line": {"width": 0.5, "color": ink(look, "edge")}},
            "customdata": [look.quantity(value, UNIT[quantity]) for value in kept[name]],
            "hovertemplate": "%{x}: %{customdata}",
        }
        for at, name in enumerate(kept.columns)
    ]
    return drawn(
        traces,
        look,
        barmode="stack",
        xaxis={"type": "category", "showgrid": False},
        yaxis={"title": axis_title(look.t(f"axis.{quantity}"), shown)},
    )
