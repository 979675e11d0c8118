"""What each rule of data law costs a plan, with the interval in which the true cost lies."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import xarray as xr

from dashboard.figures.style import Figure, axis_title, drawn, ink, message, palette, short
from dashboard.look import Look
from dashboard.numerals import scale

MOST = 15
MONEY = {"cost": "cost_cny", "cost_low": "cost_low_cny", "cost_high": "cost_high_cny"}


def rule_cost_table(study: xr.Dataset) -> pd.DataFrame:
    """Rules that reach the plan, dearest first: cost with its bounds, sites opened and dropped without the rule."""
    names = ("instrument", "article", "effect", "verified", *MONEY, "opens", "drops")
    table = study[[*names, "reaches"]].to_dataframe().reset_index()
    table = table[table["reaches"].astype(bool)].sort_values("cost", ascending=False, kind="stable")
    shown = table[["rule", *names]].rename(columns=MONEY).reset_index(drop=True)
    return shown.assign(cost_high_cny=shown["cost_high_cny"].replace([np.inf], np.nan))


def rule_cost_figure(rows: pd.DataFrame, names: Mapping[str, str], look: Look) -> Figure:
    """Bars by rule, each with the interval in which the true cost is proved to lie."""
    if rows.empty:
        return message(look.t("study_law_cost.none"), look)
    kept = rows.head(MOST)
    cost, low = (kept[name].astype(float) for name in ("cost_cny", "cost_low_cny"))
    high = pd.to_numeric(kept["cost_high_cny"]).fillna(cost)
    shown = scale("CNY", float(high.max()), look.language)
    said = [
        look.t("study_law_cost.between", cost=look.quantity(one, "CNY"), low=look.quantity(least, "CNY"),
               high=look.quantity(float(most), "CNY"))
        for one, least, most in zip(cost, low, kept["cost_high_cny"], strict=True)
    ]  # fmt: skip
    bars = {
        "type": "bar", "orientation": "h", "y": [short(str(rule), 34) for rule in kept["rule"]],
        "x": (cost / shown.factor).tolist(), "marker": {"color": palette(look)[0]}, "customdata": said,
        "error_x": {
            "type": "data", "symmetric": False, "array": ((high - cost).clip(lower=0) / shown.factor).tolist(),
            "arrayminus": ((cost - low).clip(lower=0) / shown.factor).tolist(), "color": ink(look, "text"),
        },
        "hovertemplate": "%{y}: %{customdata}<extra></extra>",
    }  # fmt: skip
    return drawn(
        [bars], look, showlegend=False,
        xaxis={"title": axis_title(look.t("study_law_cost.axis"), shown), "rangemode": "tozero"},
        yaxis={"type": "category", "autorange": "reversed", "showgrid": False},
    )  # fmt: skip


def moved_by_law_table(study: xr.Dataset) -> pd.DataFrame:
    """Where load would be without a rule: rule, jurisdiction, load of the last period with and without it, MW."""
    table = study[["mw_with", "mw_without"]].to_dataframe().reset_index()
    moved = table[(table["mw_with"] - table["mw_without"]).abs() >= 0.1]
    return moved[["rule", "jurisdiction", "mw_with", "mw_without"]].reset_index(drop=True)
