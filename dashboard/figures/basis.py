"""What the figures rest on: the bill by evidence class, and PUE of the model against published PUE."""

from __future__ import annotations

import pandas as pd
import xarray as xr

from dashboard.figures.layers import yearly_ratios
from dashboard.figures.style import Figure, axis_title, colour, drawn, ink, message, palette, site_names
from dashboard.look import Look
from dashboard.numerals import scale
from data.evidence import read_table
from model.bill_evidence import bill_by_evidence


def basis_table(solution: xr.Dataset, evidence: pd.DataFrame | None) -> pd.DataFrame:
    """Present value by the weakest evidence class of its figures: evidence, cost_cny, share."""
    if evidence is None:
        return pd.DataFrame(columns=["evidence", "cost_cny", "share"])
    costs = bill_by_evidence(solution, evidence)
    return pd.DataFrame({
        "evidence": [str(name) for name in costs.index], "cost_cny": costs.to_numpy(float),
        "share": costs.to_numpy(float) / float(costs.sum()),
    })  # fmt: skip


def basis_figure(solution: xr.Dataset, evidence: pd.DataFrame | None, look: Look) -> Figure:
    """One bar per evidence class, weakest first."""
    table = basis_table(solution, evidence)
    if table.empty:
        return message(look.t("basis.none"), look)
    shown = scale("CNY", float(table["cost_cny"].max()), look.language)
    names = [look.name("evidence", name) for name in table["evidence"]]
    trace = {
        "type": "bar",
        "orientation": "h",
        "y": names,
        "x": (table["cost_cny"] / shown.factor).tolist(),
        "text": [look.percent(share) for share in table["share"]],
        "textposition": "outside",
        "cliponaxis": False,
        "customdata": [look.quantity(value, "CNY") for value in table["cost_cny"]],
        "hovertemplate": "%{y}: %{customdata}<extra></extra>",
        "marker": {"color": [colour(look, "evidence", name) for name in table["evidence"]]},
    }
    most = float(table["cost_cny"].max()) / shown.factor
    return drawn(
        [trace],
        look,
        xaxis={"title": axis_title(look.t("axis.present_cost"), shown), "range": [0, most * 1.12]},
        yaxis={"categoryorder": "array", "categoryarray": names[::-1], "showgrid": False},
    )


def pue_table(instance: xr.Dataset) -> pd.DataFrame:
    """Published PUE beside the model's range over hall types: site, operator, published_pue, low_pue, high_pue.

    The model's halls are new and full; published figures are of fleets of mixed age.
    """
    published = read_table("climate_published_pue.csv")
    ratio, _ = yearly_ratios(instance)
    buildable = [str(name) for name in instance["hall_type"].values[instance["hall_buildable"].values.astype(bool)]]
    known = published[published["site"].isin(ratio.index)].reset_index(drop=True)
    range_of = ratio[buildable].loc[known["site"]]
    return known[["site", "operator", "place", "date", "published_pue"]].assign(
        low_pue=range_of.min(axis=1).round(3).to_numpy(), high_pue=range_of.max(axis=1).round(3).to_numpy(),
        source=known["source"], evidence=known["evidence"],
    )  # fmt: skip


def pue_check_figure(instance: xr.Dataset, look: Look) -> Figure:
    """Per place: the model's range over hall types as a bar, published figures as points."""
    table, names = pue_table(instance), site_names(instance, look)
    if table.empty:
        return message(look.t("basis.no_published"), look)
    order = table.groupby("site")["low_pue"].min().sort_values(ascending=False).index.tolist()
    ranges = table.drop_duplicates("site").set_index("site").loc[order]
    labels = [names[site] for site in order]
    traces = [
        {
            "type": "bar",
            "orientation": "h",
            "name": look.t("basis.model_range"),
            "y": labels,
            "base": ranges["low_pue"].tolist(),
            "x": (ranges["high_pue"] - ranges["low_pue"]).tolist(),
            "marker": {"color": ink(look, "faint"), "opacity": 0.7},
            "customdata": [
                f"{low:.2f}–{high:.2f}" for low, high in zip(ranges["low_pue"], ranges["high_pue"], strict=True)
            ],
            "hovertemplate": "%{y}: %{customdata}",
        }
    ]
    symbols = ("circle", "square", "diamond", "star", "triangle-up")
    for at, (operator, part) in enumerate(table.groupby("operator")):
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": look.name("cloud", str(operator)),
                "y": [names[site] for site in part["site"]],
                "x": part["published_pue"].tolist(),
                "customdata": [look.name("region", str(place)) for place in part["place"]],
                "hovertemplate": "%{customdata}: %{x:.2f}",
                "marker": {
                    "size": 11,
                    "symbol": symbols[at % len(symbols)],
                    "color": palette(look)[at],
                    "line": {"width": 1, "color": ink(look, "text")},
                },
            }
        )
    return drawn(
        traces,
        look,
        xaxis={"title": {"text": "PUE"}},
        yaxis={"categoryorder": "array", "categoryarray": labels, "showgrid": False},
    )
