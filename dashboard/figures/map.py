"""The map: what stands where, who serves whom, and one layer of what sites are like."""

from __future__ import annotations

from typing import Any

import pandas as pd
import xarray as xr

from dashboard.figures.layers import Choice, layer
from dashboard.figures.map_traces import (
    flow_traces,
    layer_title,
    mechanism_traces,
    plan_traces,
    ring,
    user_traces,
    value_traces,
)
from dashboard.figures.outline import geography, land
from dashboard.figures.style import Figure, drawn, ink, site_names
from dashboard.figures.symbols import labelled
from dashboard.look import Look
from data.evidence import read_table
from model.report import served_streams

HALLS = "halls"
VIEW_MARGIN = 1.5  # degrees


def map_table(
    instance: xr.Dataset, solution: xr.Dataset, choice: Choice, shown: str = HALLS,
    evidence: pd.DataFrame | None = None,
) -> pd.DataFrame:  # fmt: skip
    """A row per site: site, kind, longitude, latitude, halls_all, it_mw, pue of the plan, exclusion, value."""
    plan = solution.sel(period=choice.period)
    table = pd.DataFrame({
        "site": instance["site"].values.tolist(),
        "kind": instance["site_kind"].values.tolist(),
        "longitude": instance["site_longitude"].to_numpy().round(3),
        "latitude": instance["site_latitude"].to_numpy().round(3),
        "halls_all": plan["halls"].sum("hall_type").to_numpy().round().astype(int),
        "it_mw": plan["it_load"].to_numpy(),
        "pue": plan["pue"].to_numpy(),
        "exclusion": instance["site_exclusion"].values.tolist(),
    })  # fmt: skip
    if shown != HALLS:
        table["value"] = layer(shown, instance, choice, evidence).values.reindex(table["site"]).to_numpy()
    return table.sort_values(["it_mw", "site"], ascending=[False, True], ignore_index=True)


def flow_table(instance: xr.Dataset, solution: xr.Dataset, period: int, workload: str = "") -> pd.DataFrame:
    """Who serves whom in a period: origin, site, mw, round_trip_ms (mean by load); of one workload or of all."""
    served = served_streams(instance, solution)
    served = served[(served["period"] == period) & (served["mw"] > 1e-6)]
    if workload:
        served = served[served["workload"] == workload]
    weighted = served.assign(weight=served["mw"] * served["round_trip_ms"])
    flows = weighted.groupby(["origin", "site"], as_index=False)[["mw", "weight"]].sum()
    flows["round_trip_ms"] = flows.pop("weight") / flows["mw"]
    return flows.sort_values("mw", ascending=False, kind="stable", ignore_index=True)


def map_figure(
    instance: xr.Dataset, solution: xr.Dataset, look: Look, choice: Choice, shown: str = HALLS,
    flows_of: str | None = None, chosen: str = "", evidence: pd.DataFrame | None = None, whole: bool = False,
) -> Figure:  # fmt: skip
    """The sketch of land, sites as pies of hall types or coloured by a layer, and flows of a workload.

    flows_of: a workload, "" for all of them, None for no flows. chosen: the site the reader looks at. Points
    carry ["site", id] or ["origin", id] as customdata. whole: every candidate, not the plan's part of the world.
    """
    names = site_names(instance, look)
    table, users = map_table(instance, solution, choice), _origins(instance)
    table = table if whole else _near(table, users)
    traces, is_scale = land(look), False
    if flows_of is not None:
        traces += flow_traces(flow_table(instance, solution, choice.period, flows_of), table, look)
    traces += user_traces(users, look, choice, shown == HALLS)
    if shown == HALLS:
        traces += plan_traces(instance, solution, table, names, look, choice.period)
    else:
        told, table = layer(shown, instance, choice, evidence), _one_a_place(table)
        is_scale = not told.group
        title = layer_title(told, instance, look, choice)
        traces += (
            value_traces(table, told, names, look, title) if is_scale else mechanism_traces(table, told, names, look)
        )
    traces += labelled(table, names, look)
    if chosen:
        traces.append(ring(table[table["site"] == chosen], look))
    return drawn(
        traces,
        look,
        geo=geography([*table["longitude"], *users["longitude"]], [*table["latitude"], *users["latitude"]], look),
        margin={"l": 0, "r": 0, "t": 58, "b": 0},
        legend={"y": 1.01, "x": 0.5 if is_scale else 0.01},
        dragmode="pan",
        annotations=[_sketch_note(look)],
    )


def _origins(instance: xr.Dataset) -> pd.DataFrame:
    """Where users are: longitude and latitude by origin, for the origins the catalogue knows."""
    places = read_table("origins.csv", "id")[["longitude", "latitude"]]
    return places.reindex(instance["origin"].values.tolist()).dropna()


def _near(table: pd.DataFrame, users: pd.DataFrame) -> pd.DataFrame:
    """Sites in the part of the world where the plan stands and its users are."""
    anchors = pd.concat([table.loc[table["halls_all"] > 0, ["longitude", "latitude"]], users])
    if users.empty:  # users of a place of their own: nobody knows which part of the world is theirs
        return table
    low, high = anchors.min() - VIEW_MARGIN, anchors.max() + VIEW_MARGIN
    inside = (table[["longitude", "latitude"]] >= low) & (table[["longitude", "latitude"]] <= high)
    return table[inside.all(axis=1)]


def _one_a_place(table: pd.DataFrame) -> pd.DataFrame:
    """Candidates, and existing fleets only where no candidate shows the place."""
    places = table.loc[table["kind"] == "candidate", ["longitude", "latitude"]].round(2)
    everywhere = pd.MultiIndex.from_frame(table[["longitude", "latitude"]].round(2))
    return table[~((table["kind"] == "existing") & everywhere.isin(pd.MultiIndex.from_frame(places)))]


def _sketch_note(look: Look) -> dict[str, Any]:
    return {"text": look.t("map.sketch"), "showarrow": False, "xref": "paper", "yref": "paper", "x": 0.005, "y": 0.0,
            "xanchor": "left", "yanchor": "bottom", "font": {"size": 10, "color": ink(look, "soft")}}  # fmt: skip
