"""What weather makes of a hall: PUE and water by month and hall type."""

from __future__ import annotations

from typing import Any, Literal

import pandas as pd
import plotly.graph_objects as go
import xarray as xr

from dashboard.figures.style import DASHES, colour, drawn, message, month_names, with_unit
from dashboard.look import Look
from dashboard.numerals import UNIT_WORDS

MARKS = ("circle", "square", "diamond", "triangle-up", "x", "cross", "star", "hourglass", "pentagon")
Quantity = Literal["pue", "wue_m3_per_mwh"]


def climate_table(instance: xr.Dataset, site: str) -> pd.DataFrame:
    """PUE and WUE of hall types that may stand at a site: hall_type, month, pue, wue_m3_per_mwh.

    A hall is taken at its usable size times the mean profile of the site's workloads.
    """
    here = instance.sel(site=site)
    there = here["hall_type_allowed"] | (here["existing_halls"].sum("period") > 0)
    types = [
        str(name) for name, allowed in zip(here["hall_type"].values, there.values, strict=True) if allowed
    ]
    here = here.sel(hall_type=types)
    load = here["hall_size"] * here["hall_utilisation_limit"] * here["it_profile"].mean("workload")
    hours, month = here["slice_hours"], here["slice_month"]
    it = (load * hours).groupby(month).sum("slice")
    facility = ((here["overhead_power"] + here["marginal_power"] * load) * hours).groupby(month).sum("slice")
    water = (here["water_use"] * load * hours).groupby(month).sum("slice")
    columns = {"pue": facility / it, "wue_m3_per_mwh": water / it}
    table = xr.Dataset(columns).rename(slice_month="month").to_dataframe().reset_index()
    return table[["hall_type", "month", "pue", "wue_m3_per_mwh"]].sort_values(
        ["hall_type", "month"], ignore_index=True
    )


def climate_figure(instance: xr.Dataset, site: str, look: Look, quantity: Quantity = "pue") -> go.Figure:
    """A line per hall type over the months, told apart by colour, dash and marker."""
    table = climate_table(instance, site)
    if table.empty:
        return message(look.t("figure.nothing"), look)
    everything = [str(name) for name in instance["hall_type"].values]
    traces, months = list[Any](), month_names(instance, look)
    for hall_type, part in table.groupby("hall_type", sort=False):
        at = everything.index(str(hall_type))
        paint = colour(look, "hall_type", str(hall_type), everything)
        traces.append(
            {
                "type": "scatter",
                "mode": "lines+markers",
                "name": look.name("hall_type", str(hall_type)),
                "x": [months[month] for month in part["month"]],
                "y": part[quantity].tolist(),
                "line": {"color": paint, "width": 2, "dash": DASHES[at % len(DASHES)]},
                "marker": {"color": paint, "size": 7, "symbol": MARKS[at % len(MARKS)]},
                "hovertemplate": "%{x}: %{y:.3f}",
            }
        )
    title = "PUE" if quantity == "pue" else with_unit("WUE", UNIT_WORDS[look.language]["m3/MWh"])
    return drawn(traces, look, xaxis={"showgrid": False}, yaxis={"title": {"text": title}})
