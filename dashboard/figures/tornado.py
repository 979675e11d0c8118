"""Estimates moved by a quarter: what each shifts between sites, largest first."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import xarray as xr

from dashboard.figures.style import Figure, axis_title, drawn, ink, message, palette, short
from dashboard.look import Look
from dashboard.numerals import scale
from data.evidence import assumption_table

MOST = 15
MOVES = ("less", "more")
OTHER_SITES = "other sites"


def tornado_table(study: xr.Dataset) -> pd.DataFrame:
    """A row per estimate and move, largest shift first; the plan's own gap stands in `attrs["gap_cny"]`."""
    kinds, meaning = assumption_table()["evidence"].to_dict(), study["meaning"].to_series().to_dict()
    both = study[["shift", "outcome", "opens", "drops", "regret"]].to_dataframe().reset_index()
    own = study[["value", "unit"]].to_dataframe().reset_index()
    rows = both.merge(own, on="adder", sort=False)
    rows["regret"] = rows["regret"].replace({np.nan: None, np.inf: None})
    rows["evidence"] = [str(kinds.get(name, "unknown")) for name in rows["adder"]]
    rows["meaning"] = rows["adder"].map(meaning)
    order = ["adder", "move", "shift", "outcome", "opens", "drops", "regret", "value", "unit", "evidence", "meaning"]
    rows = rows[order].rename(columns={"shift": "shift_cny", "regret": "regret_cny"})
    rows.attrs["gap_cny"] = float(study.attrs["gap_cny"])
    return rows


def tornado_figure(rows: pd.DataFrame, names: Mapping[str, str], look: Look) -> Figure:
    """Bars by estimate, less to the left and more to the right; a star where other sites would be opened."""
    order = list(rows.groupby("adder", sort=False)["shift_cny"].max().nlargest(MOST).index)
    shifts = rows[rows["adder"].isin(order)]
    most = float(shifts["shift_cny"].max()) if len(shifts) else 0.0
    if most <= 0:
        return message(look.t("study_sensitivity.none"), look)
    shown, gap = scale("CNY", most, look.language), float(rows.attrs.get("gap_cny", 0.0))
    traces = []
    for at, (move, sign) in enumerate(zip(MOVES, (-1, 1), strict=True)):
        part = shifts[shifts["move"] == move].set_index("adder").loc[order]
        changes = part["outcome"].str.startswith(OTHER_SITES)
        traces.append(
            {
                "type": "bar", "orientation": "h", "name": look.t(f"study_sensitivity.move.{move}"),
                "y": [_label(name) for name in order], "x": (sign * part["shift_cny"] / shown.factor).tolist(),
                "text": ["★" if one else "" for one in changes], "textposition": "outside", "cliponaxis": False,
                "marker": {"color": palette(look)[at]},
                "customdata": [
                    f"{look.quantity(shift, 'CNY')} · {look.t(f'study_sensitivity.outcome.{outcome}')}"
                    for shift, outcome in zip(part["shift_cny"], part["outcome"], strict=True)
                ],
                "hovertemplate": "%{y}: %{customdata}",
            }
        )  # fmt: skip
    edges = [
        {"type": "line", "x0": at, "x1": at, "yref": "paper", "y0": 0, "y1": 1,
         "line": {"dash": "dot", "width": 1.5, "color": ink(look, "soft")}}
        for at in (-gap / shown.factor, gap / shown.factor)
    ]  # fmt: skip
    return drawn(
        traces, look, shapes=edges if gap > 0 else [], barmode="overlay",
        xaxis={"title": axis_title(look.t("study_sensitivity.axis"), shown), "range": [
            -1.15 * most / shown.factor, 1.15 * most / shown.factor]},
        yaxis={"type": "category", "autorange": "reversed", "showgrid": False},
    )  # fmt: skip


def _label(adder: str) -> str:
    return short(adder.replace("_", " "), 34)
