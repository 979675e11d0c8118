"""What stands when: halls by type over time, and capacity beside the loads it carries."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import xarray as xr

from dashboard.figures.style import DASHES, Figure, axis_title, colour, drawn, ink, message, palette
from dashboard.look import Look
from dashboard.numerals import scale


def halls_table(instance: xr.Dataset, solution: xr.Dataset, sites: Sequence[str] | None = None) -> pd.DataFrame:
    """Halls standing by period and type, of all or the named sites: period, hall_type, halls, capacity_mw."""
    halls = solution["halls"] if sites is None else solution["halls"].sel(site=list(sites))
    summed = halls.sum("site").transpose("period", "hall_type")
    labels = {"index": pd.Index(summed["period"].values, name="period"), "columns": summed["hall_type"].values.tolist()}
    counts = pd.DataFrame(summed.to_numpy(), **labels)
    size = instance["hall_size"].to_series()
    long = counts.reset_index().melt("period", var_name="hall_type", value_name="halls")
    long["halls"] = long["halls"].round().astype(int)
    long["capacity_mw"] = long["halls"] * long["hall_type"].map(size)
    used = long.groupby("hall_type")["halls"].transform("sum") > 0
    return long[used].sort_values("period", kind="stable").reset_index(drop=True)


def halls_figure(instance: xr.Dataset, solution: xr.Dataset, look: Look, sites: Sequence[str] | None = None) -> Figure:
    """Stacked columns of halls standing, by type."""
    table = halls_table(instance, solution, sites)
    if table.empty:
        return message(look.t("figure.nothing"), look)
    types = list(dict.fromkeys(table["hall_type"]))
    traces = []
    for hall_type in types:
        part = table[table["hall_type"] == hall_type]
        name = look.name("hall_type", hall_type)
        traces.append(
            {
                "type": "bar",
                "name": name,
                "x": part["period"].astype(str).tolist(),
                "y": part["halls"].tolist(),
                "text": [str(count) if count else "" for count in part["halls"]],
                "textposition": "inside",
                "insidetextanchor": "middle",
                "textangle": 0,
                "customdata": [look.quantity(value, "MW") for value in part["capacity_mw"]],
                "marker": {
                    "color": colour(look, "hall_type", hall_type, types),
                    "line": {"width": 1, "color": ink(look, "edge")},
                },
                "hovertemplate": f"%{{x}}, {name}: %{{y}} · %{{customdata}}<extra></extra>",
            }
        )
    return drawn(
        traces,
        look,
        barmode="stack",
        uniformtext={"minsize": 10, "mode": "hide"},
        xaxis={"type": "category", "showgrid": False},
        yaxis={"title": {"text": look.t("axis.halls")}, "tickformat": "d"},
    )


def capacity_table(instance: xr.Dataset, solution: xr.Dataset) -> pd.DataFrame:
    """All sites by period: period, capacity_mw, it_mw, facility_mw (mean), peak_mw, connected_mw."""
    size = instance["hall_size"] * instance["hall_utilisation_limit"]
    standing = (solution["halls"] * size).sum(["site", "hall_type"])
    hours = float(instance["slice_hours"].sum())
    used = solution["halls"].sum("hall_type") > 0
    wires = instance["grid_existing"] + solution["grid_steps"] * instance["grid_step_size"]
    columns = {
        "capacity_mw": standing,
        "it_mw": solution["it_load"].sum("site"),
        "facility_mw": solution["facility_energy"].sum("site") / hours,
        "peak_mw": solution["peak_load"].sum("site"),
        "connected_mw": wires.where(used, 0.0).sum("site"),
    }
    table = pd.DataFrame({name: values.to_series() for name, values in columns.items()})
    return table.rename_axis(index="period").reset_index()


def capacity_figure(table: pd.DataFrame, instance: xr.Dataset, look: Look) -> Figure:
    """Steps of a capacity table: capacity and grid connection above the loads they carry."""
    lines = (
        ("connected_mw", "connected"),
        ("peak_mw", "peak"),
        ("capacity_mw", "capacity"),
        ("it_mw", "it"),
        ("facility_mw", "facility"),
    )
    colours = palette(look)
    places = {"connected_mw": 6, "peak_mw": 1, "capacity_mw": 4, "it_mw": 0, "facility_mw": 2}
    dashes = {"connected_mw": 2, "peak_mw": 1, "capacity_mw": 4, "it_mw": 0, "facility_mw": 3}
    shown = scale("MW", float(np.nanmax(table["connected_mw"])), look.language)
    last = int(table["period"].iloc[-1] + instance["period_years"].values[-1])
    years = [*table["period"].tolist(), last]
    traces = [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "name": look.t(f"line.{label}"),
            "x": years,
            "y": [*table[column].tolist(), table[column].iloc[-1]],
            "line": {
                "shape": "hv",
                "width": 2.5,
                "color": colours[places[column]],
                "dash": DASHES[dashes[column]],
            },
            "marker": {"size": [7] * len(table) + [0.1], "color": colours[places[column]]},
            "customdata": [look.quantity(value, "MW") for value in [*table[column], table[column].iloc[-1]]],
            "hovertemplate": f"%{{x}}, {look.t(f'line.{label}')}: %{{customdata}}<extra></extra>",
        }
        for column, label in lines
    ]
    return drawn(
        traces,
        look,
        xaxis={"tickformat": "d", "tickvals": years, "showgrid": False},
        yaxis={"title": axis_title(look.t("axis.load"), shown), "rangemode": "tozero"},
    )
