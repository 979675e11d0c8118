"""At which price a kind of hall starts to pay: site by site, and in whole plans."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from dashboard.figures.style import Figure, axis_title, drawn, ink, message, palette, short
from dashboard.look import Look
from dashboard.numerals import scale

UNIT = "CNY/MW"
LEAST_CNY = 5e3
RANGE = ("low", "assumed", "high")


def breakeven_table(study: xr.Dataset) -> pd.DataFrame:
    """Sites that permit the hall type, at their best period, best site first; the estimate's range in `attrs`."""
    rows = study[["breakeven", "rival", "extra"]].to_dataframe().reset_index().dropna(subset="breakeven")
    best = rows.sort_values("breakeven", ascending=False, kind="stable").drop_duplicates("site")
    named = {"rival": "hall_type", "breakeven": "breakeven_cny_per_mw", "extra": "extra_cny_per_mw"}
    best = best.rename(columns=named)[["site", "period", *named.values()]].reset_index(drop=True)
    best.attrs = {name: float(study.attrs[name]) for name in RANGE}
    return best


def breakeven_figure(rows: pd.DataFrame, names: Mapping[str, str], look: Look) -> Figure:
    """Bars up to the break-even price of each site; the range of the estimate is shaded, what is assumed a line."""
    if rows.empty:
        return message(look.t("study_breakeven.nowhere"), look)
    low, assumed, high = (float(rows.attrs[name]) for name in RANGE)
    shown = scale(UNIT, max(high, float(rows["breakeven_cny_per_mw"].max())), look.language)
    prices = rows["breakeven_cny_per_mw"]
    bars = {
        "type": "bar", "orientation": "h", "y": [short(names.get(site, site)) for site in rows["site"]],
        "x": (prices / shown.factor).tolist(), "marker": {"color": palette(look)[0]}, "cliponaxis": False,
        "text": [look.quantity(price, UNIT, shown) for price in prices], "textposition": "outside",
        "hovertemplate": "%{y}: %{text}<extra></extra>",
    }  # fmt: skip
    band = {"type": "rect", "layer": "below", "x0": low / shown.factor, "x1": high / shown.factor, "yref": "paper",
            "y0": 0, "y1": 1, "fillcolor": ink(look, "here"), "line": {"width": 0}}  # fmt: skip
    line = {"type": "line", "x0": assumed / shown.factor, "x1": assumed / shown.factor, "yref": "paper", "y0": 0,
            "y1": 1, "line": {"dash": "dash", "width": 2, "color": palette(look)[1]}}  # fmt: skip
    note = {"x": assumed / shown.factor, "y": 1, "yref": "paper", "yanchor": "bottom", "showarrow": False,
            "text": look.t("study_breakeven.assumed", price=look.quantity(assumed, UNIT, shown)),
            "font": {"size": 12, "color": ink(look, "text")}}  # fmt: skip
    return drawn(
        [bars], look, shapes=[band, line], annotations=[note], showlegend=False, margin={"t": 28},
        xaxis={"title": axis_title(look.t("study_breakeven.axis"), shown)},
        yaxis={"type": "category", "autorange": "reversed", "showgrid": False},
    )  # fmt: skip


def extra_table(study: xr.Dataset) -> pd.DataFrame:
    """What such a hall costs more than its rival by part, at each site's best period: site, part, amount."""
    best = breakeven_table(study)[["site", "period"]]
    parts = study["extra_by_part"].to_series().rename("extra_cny_per_mw").reset_index()
    rows = best.merge(parts, on=["site", "period"], sort=False)
    return rows[rows["extra_cny_per_mw"].abs() >= LEAST_CNY].reset_index(drop=True)


def extra_figure(rows: pd.DataFrame, names: Mapping[str, str], look: Look) -> Figure:
    """Stacked bars by site: what is dearer to the right of zero, what is cheaper to the left."""
    if rows.empty:
        return message(look.t("study_breakeven.nowhere"), look)
    shown = scale(UNIT, float(rows["extra_cny_per_mw"].abs().max()), look.language)
    traces: list[dict[str, Any]] = [
        {
            "type": "bar", "orientation": "h", "name": look.t(f"study_breakeven.part.{part}"),
            "y": [short(names.get(site, site)) for site in own["site"]],
            "x": (own["extra_cny_per_mw"] / shown.factor).tolist(),
            "customdata": [look.quantity(value, UNIT, shown, signed=True) for value in own["extra_cny_per_mw"]],
            "hovertemplate": "%{y}: %{customdata}", "marker": {"color": palette(look)[at % 7]},
        }
        for at, (part, own) in enumerate(rows.groupby("part", sort=False))
    ]  # fmt: skip
    order = [short(names.get(site, site)) for site in dict.fromkeys(rows["site"])]
    return drawn(
        traces, look, barmode="relative",
        xaxis={"title": axis_title(look.t("study_breakeven.axis_extra"), shown)},
        yaxis={"type": "category", "autorange": "reversed", "showgrid": False, "categoryorder": "array",
               "categoryarray": order},
    )  # fmt: skip


def trials_table(study: xr.Dataset) -> pd.DataFrame:
    """Whole plans solved at some prices: price, halls of the type, cost, and what a better plan could save."""
    names = {"trial": "trial_cny_per_mw", "objective_cny": "cost_cny", "gap_cny": "open_cny"}
    table = study[["halls", "objective_cny", "gap_cny"]].to_dataframe().reset_index().rename(columns=names)
    return table.astype({"halls": np.int64})
