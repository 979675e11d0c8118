"""What weather makes of a hall: PUE and water by month and hall type."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pandas as pd
import xarray as xr

from dashboard.figures.style import DASHES, Figure, colour, drawn, message, month_names, with_unit
from dashboard.look import Look
from dashboard.numerals import UNIT_WORDS

MARKS = ("circle", "square", "diamond", "triangle-up", "x", "cross", "star", "hourglass", "pentagon")
Quantity = Literal["pue", "wue_m3_per_mwh"]


def climate_table(instance: xr.Dataset, site: str) -> pd.DataFrame:
    """PUE and WUE of hall types that may stand at a site: hall_type, month, pue, wue_m3_per_mwh.

    A hall is taken at its usable size times the mean profile of the site's workloads.
    """
    at = int(np.flatnonzero(instance["site"].values == site)[0])
    profile = instance["it_profile"].transpose("site", "workload", "slice").to_numpy()[at].mean(axis=0)
    load = (instance["hall_size"] * instance["hall_utilisation_limit"]).to_numpy()[:, None] * profile
    overhead, marginal, water = (
        instance[name].transpose("site", "hall_type", "slice").to_numpy()[at]
        for name in ("overhead_power", "marginal_power", "water_use")
    )
    there = instance["hall_type_allowed"].transpose("site", "hall_type").to_numpy()[at] | (
        instance["existing_halls"].transpose("site", "hall_type", "period").to_numpy()[at].sum(axis=1) > 0
    )
    hours, month_of = instance["slice_hours"].to_numpy(), instance["slice_month"].to_numpy()
    rows = []
    for number, hall_type in enumerate(instance["hall_type"].values.tolist()):
        for month in sorted(set(month_of.tolist())) if there[number] else []:
            weight = np.where(month_of == month, hours, 0.0)
            it = float((load[number] * weight).sum())
            facility = float(((overhead[number] + marginal[number] * load[number]) * weight).sum())
            drawn_water = float((water[number] * load[number] * weight).sum())
            rows.append((hall_type, month, facility / it, drawn_water / it))
    return pd.DataFrame(rows, columns=["hall_type", "month", "pue", "wue_m3_per_mwh"])


def climate_figure(table: pd.DataFrame, instance: xr.Dataset, look: Look, quantity: Quantity = "pue") -> Figure:
    """A line per hall type of a climate table over the months, told apart by colour, dash and marker."""
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
