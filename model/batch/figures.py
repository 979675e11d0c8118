"""The response of cost, price, PUE and sites to each axis of a sweep, as one page that needs no network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from model.batch.gathering import open_sweep
from model.batch.outcome import SOLVED
from model.batch.store import DECISIONS, PAGE, find_sweep, sweep_facts
from model.batch.tables import member_table
from model.writing import replacing

MEASURES = {
    "objective_cny": ("present cost, bn CNY", 1e-9),
    "it_cny_per_kwh": ("whole bill, CNY per IT kWh", 1.0),
    "pue_last": ("PUE in the last period", 1.0),
    "carbon_t_last": ("CO2 in the last period, kt/a", 1e-3),
}
MOST_STEPS = 24  # an axis drawn at random is shown in this many parts
MOST_SITES = 15
LEGEND = "A dot is a member, a line the mean over all else. A bar under a cost ends where no plan can be cheaper."
MOST_TOLD = 12  # columns of a heat map that still have room for their numbers
BLUE, GREY = "#2563a8", "#8a8f98"


def draw_sweep(sweep: Path | str) -> Path:
    """Write sweep.html, how cost, price, PUE, CO2 and sites answer to each axis, and return where it is.

    sweep: a folder, the beginning of a name in ./sweeps, or `last`. Raises BadInput when there is no such sweep.
    """
    folder = find_sweep(str(sweep))
    open_sweep(folder).close()  # brings the tables up to date
    facts, members = sweep_facts(folder), member_table(folder)
    figure = response(members, site_loads(folder), _axes(facts))
    figure.update_layout(title={"text": f"{facts['name']}: {_counted(members)}", "subtitle": {"text": LEGEND}})
    # "Share chart" would upload the figure, which no planner's data should do.
    config = {"showSendToCloud": False, "displaylogo": False, "responsive": True}
    page = figure.to_html(include_plotlyjs=True, full_html=True, config=config)
    with replacing(folder / PAGE) as draft:
        draft.write_text(page, encoding="utf-8")
    return folder / PAGE


def site_loads(folder: Path) -> pd.DataFrame:
    """IT load of the last period by member (rows) and site (columns), MW; the largest sites first."""
    rows = pd.read_parquet(
        folder / DECISIONS,
        columns=["member", "site", "period", "value"],
        filters=[("quantity", "==", "it_load")],
    )
    if rows.empty:
        return pd.DataFrame()
    last = rows.loc[rows["period"] == rows.groupby("member")["period"].transform("max")]
    loads = last.pivot_table(index="member", columns="site", values="value", aggfunc="sum", fill_value=0.0)
    return loads[loads.sum().sort_values(ascending=False).index]


def response(members: pd.DataFrame, loads: pd.DataFrame, axes: list[str]) -> go.Figure:
    """A row of panels per axis: a point per member and the mean over the other axes, then load by site.

    members: a row per member as member_table gives; loads: as site_loads gives.
    """
    solved = members.loc[members["status"].isin(SOLVED)]
    titles = [title for _ in axes for title in (*(label for label, _ in MEASURES.values()), "mean IT load by site, MW")]
    figure = make_subplots(
        rows=max(1, len(axes)), cols=len(MEASURES) + 1, subplot_titles=titles, horizontal_spacing=0.05,
        vertical_spacing=0.25 / max(1, len(axes)),
    )  # fmt: skip
    for row, axis in enumerate(axes, start=1):
        along = parts(solved[axis])
        for column, (name, (_, factor)) in enumerate(MEASURES.items(), start=1):
            dots = _dots(solved[axis], solved[name] * factor)
            if name == "objective_cny":
                below = (solved[name] - solved["bound_cny"]) * factor
                dots.error_y = {"symmetric": False, "array": 0 * below, "arrayminus": below, "width": 0, "thickness": 1}
            means = (solved[name] * factor).groupby(along).mean()
            line = go.Scatter(x=means.index, y=means, mode="lines", line={"color": BLUE}, hoverinfo="skip")
            figure.add_trace(dots, row=row, col=column)
            figure.add_trace(line, row=row, col=column)
        _add_sites(figure, row, len(MEASURES) + 1, loads, along)
        for column in range(1, len(MEASURES) + 2):
            figure.update_xaxes(title_text=axis, row=row, col=column)
    figure.update_layout(
        template="plotly_white", showlegend=False, height=180 + 320 * max(1, len(axes)), margin={"t": 130}
    )
    figure.update_annotations(font_size=12)
    return figure


def parts(values: pd.Series[Any]) -> pd.Series[Any]:
    """The place of each member along an axis: its value, or the middle of its part where values are many.

    >>> parts(pd.Series([0, 80, 80])).tolist()
    [0, 80, 80]
    """
    if values.nunique() <= MOST_STEPS or not pd.api.types.is_numeric_dtype(values):
        return values
    edges = np.linspace(values.min(), values.max(), MOST_STEPS + 1)
    middles = (edges[1:] + edges[:-1]) / 2
    at = np.clip(np.searchsorted(edges, values.to_numpy(), side="right") - 1, 0, MOST_STEPS - 1)
    return pd.Series(middles[at], index=values.index)


def _dots(where: pd.Series[Any], values: pd.Series[Any]) -> go.Scatter:
    told = [f"member {number + 1}" for number in values.index]
    look = {"color": GREY, "size": 5, "opacity": 0.6}
    return go.Scatter(x=where, y=values, mode="markers", text=told, marker=look)


def _add_sites(figure: go.Figure, row: int, column: int, loads: pd.DataFrame, along: pd.Series[Any]) -> None:
    if loads.empty:
        return
    means = loads.iloc[:, :MOST_SITES].groupby(along.reindex(loads.index)).mean()
    along_axis = [f"{value:.4g}" if isinstance(value, float) else str(value) for value in means.index]
    heat = go.Heatmap(
        x=along_axis, y=list(means.columns), z=means.to_numpy().T,
        colorscale="Blues", zmin=0, showscale=False, hovertemplate="%{y} at %{x}: %{z:.1f} MW<extra></extra>",
        texttemplate="%{z:.0f}" if len(along_axis) <= MOST_TOLD else None,
    )  # fmt: skip
    figure.add_trace(heat, row=row, col=column)
    figure.update_yaxes(autorange="reversed", side="right", row=row, col=column)
    figure.update_xaxes(type="category", row=row, col=column)


def _counted(members: pd.DataFrame) -> str:
    """How many members there are, and how those without a plan ended."""
    told = [f"{count} {str(status).replace('_', ' ')}" for status, count in members["status"].value_counts().items()]
    return f"{len(members)} members ({', '.join(told)})"


def _axes(facts: dict[str, Any]) -> list[str]:
    design = facts["design"]
    listed = (path for member in design["members"] for path in member)
    return [axis["path"] for axis in design["axes"]] or list(dict.fromkeys(listed))
