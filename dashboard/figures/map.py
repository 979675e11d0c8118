"""The map: what stands where, who serves whom, and one layer of what sites are like."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import xarray as xr

from dashboard.figures.layers import Choice, Layer, layer
from dashboard.figures.outline import geography, land
from dashboard.figures.style import (
    SEQUENTIAL,
    drawn,
    ink,
    month_names,
    name_of,
    palette,
    site_names,
    with_unit,
)
from dashboard.figures.symbols import labelled, pies
from dashboard.look import Look
from dashboard.numerals import scale
from data.evidence import read_table
from model.report import served_streams

HALLS = "halls"
FLOW_WIDTHS = (0.7, 1.6, 3.0, 5.0)
VIEW_MARGIN = 1.5  # degrees
MECHANISM_SWATCH = {
    "domestic": 0, "free": 2, "adequacy": 4, "consent": 8, "contract": 3, "local_copy": 7, "assessment": 5,
    "forbidden": 1, "unknown": 6,
}  # fmt: skip


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
) -> go.Figure:  # fmt: skip
    """The sketch of land, sites as pies of hall types or coloured by a layer, and flows of a workload.

    flows_of: a workload, "" for all of them, None for no flows. chosen: the site the reader looks at. Points
    carry ["site", id] or ["origin", id] as customdata. whole: every candidate, not the plan's part of the world.
    """
    names = site_names(instance, look)
    table, users = map_table(instance, solution, choice), _origins(instance)
    table = table if whole else _near(table, users)
    traces = land(look)
    if flows_of is not None:
        traces += _flows(flow_table(instance, solution, choice.period, flows_of), table, look)
    traces += _users(users, look, choice, shown == HALLS)
    if shown == HALLS:
        traces += _plan(instance, solution, table, names, look, choice.period)
    else:
        told, table = layer(shown, instance, choice, evidence), _one_a_place(table)
        traces += (
            _mechanisms(table, told, names, look) if told.group else _values(table, told, names, look, instance, choice)
        )
    traces += labelled(table, names, look)
    if chosen:
        traces += _ring(table[table["site"] == chosen], look)
    return drawn(
        traces,
        look,
        geo=geography([*table["longitude"], *users["longitude"]], [*table["latitude"], *users["latitude"]], look),
        margin={"l": 0, "r": 0, "t": 58, "b": 0},
        legend={"y": 1.01, "x": 0.01},
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
    if anchors.empty:
        return table
    low, high = anchors.min() - VIEW_MARGIN, anchors.max() + VIEW_MARGIN
    inside = (table[["longitude", "latitude"]] >= low) & (table[["longitude", "latitude"]] <= high)
    return table[inside.all(axis=1)]


def _one_a_place(table: pd.DataFrame) -> pd.DataFrame:
    """Candidates, and existing fleets only where no candidate shows the place."""
    places = table.loc[table["kind"] == "candidate", ["longitude", "latitude"]].round(2)
    taken = pd.MultiIndex.from_frame(places)
    hidden = (table["kind"] == "existing") & pd.MultiIndex.from_frame(table[["longitude", "latitude"]].round(2)).isin(
        taken
    )
    return table[~hidden]


def _plan(
    instance: xr.Dataset,
    solution: xr.Dataset,
    table: pd.DataFrame,
    names: dict[str, str],
    look: Look,
    period: int,
) -> list[dict[str, Any]]:
    used = table[table["halls_all"] > 0]
    counts = solution["halls"].sel(period=period).transpose("site", "hall_type").to_pandas().loc[used["site"]]
    idle = table[(table["halls_all"] == 0) & (table["kind"] == "candidate")]
    told = [_told(row, counts, names, look) for row in used.to_dict("records")]
    return [
        *_idle(idle, names, look),
        *pies(used, counts, look),
        _targets(used, told, look),
    ]


def _told(row: dict[str, Any], counts: pd.DataFrame, names: dict[str, str], look: Look) -> str:
    """What hovering over a site in use says."""
    halls = counts.loc[row["site"]]
    kinds = [f"{look.name('hall_type', str(kind))}: {count:.0f}" for kind, count in halls.items() if count > 0]
    lines = [f"<b>{names[row['site']]}</b>", f"{look.t('column.it_mw').split(',')[0].split('（')[0]}: "
             f"{look.quantity(row['it_mw'], 'MW')}", f"PUE: {look.number(row['pue'], 3)}", *kinds]  # fmt: skip
    return "<br>".join(lines)


def _targets(rows: pd.DataFrame, told: list[str], look: Look) -> dict[str, Any]:
    """Invisible points that answer hovering and clicking where pies are drawn."""
    return {
        "type": "scattergeo", "mode": "markers", "lon": rows["longitude"].tolist(), "lat": rows["latitude"].tolist(),
        "marker": {"size": 16, "color": "rgba(0,0,0,0.01)"}, "text": told, "hovertemplate": "%{text}<extra></extra>",
        "customdata": [["site", site] for site in rows["site"]], "showlegend": False,
    }  # fmt: skip


def _idle(rows: pd.DataFrame, names: dict[str, str], look: Look) -> list[dict[str, Any]]:
    traces = []
    for excluded, symbol, word in (
        (False, "circle-open", "map.closed"),
        (True, "x-thin-open", "map.excluded"),
    ):
        part = rows[(rows["exclusion"] != "") == excluded]
        if part.empty:
            continue
        traces.append({
            "type": "scattergeo", "mode": "markers", "name": look.t(word), "lon": part["longitude"].tolist(),
            "lat": part["latitude"].tolist(),
            "marker": {"size": 7, "symbol": symbol, "color": ink(look, "soft"), "line": {"width": 1.4, "color": ink(look, "soft")}},
            "text": [f"<b>{names[site]}</b><br>{why or look.t('map.idle')}" for site, why in zip(part["site"], part["exclusion"], strict=True)],
            "customdata": [["site", site] for site in part["site"]], "hovertemplate": "%{text}<extra></extra>",
        })  # fmt: skip
    return traces


def _values(
    table: pd.DataFrame, told: Layer, names: dict[str, str], look: Look, instance: xr.Dataset, choice: Choice
) -> list[dict[str, Any]]:
    rows = table.assign(value=pd.to_numeric(told.values.reindex(table["site"])).to_numpy())
    bare, rows = rows[rows["value"].isna()], rows[rows["value"].notna()]
    shown = scale(told.unit, float(rows["value"].abs().max()) if len(rows) else 1.0, look.language)
    notes = told.notes if told.notes is not None else pd.Series("", index=table["site"])
    title = with_unit(_layer_title(told, instance, look, choice), shown.unit)
    hover = [
        f"<b>{names[site]}</b><br>{_quantity(value, told.unit, look)}{_note(notes.get(site), look)}"
        for site, value in zip(rows["site"], rows["value"], strict=True)
    ]
    return [
        *_idle(bare.assign(exclusion=bare["exclusion"].where(bare["exclusion"] != "", look.t("map.no_value"))), names, look),
        {
            "type": "scattergeo", "mode": "markers", "lon": rows["longitude"].tolist(), "lat": rows["latitude"].tolist(),
            "showlegend": False, "text": hover, "hovertemplate": "%{text}<extra></extra>",
            "customdata": [["site", site] for site in rows["site"]],
            "marker": {
                "size": np.where(rows["halls_all"] > 0, 16, 11).tolist(), "color": (rows["value"] / shown.factor).tolist(),
                "colorscale": SEQUENTIAL, "opacity": 1, "cmin": float((rows["value"] / shown.factor).quantile(0.02)), "cmax": float((rows["value"] / shown.factor).quantile(0.98)), "line": {"width": 1, "color": ink(look, "text")},
                "colorbar": {
                    "title": {"text": title, "side": "top"}, "orientation": "h", "thickness": 10, "len": 0.42,
                    "x": 0.01, "xanchor": "left", "y": 1.0, "yanchor": "bottom", "bgcolor": "rgba(0,0,0,0)", "outlinewidth": 0,
                    "tickfont": {"size": 11},
                },
            },
        },
    ]  # fmt: skip


def _mechanisms(table: pd.DataFrame, told: Layer, names: dict[str, str], look: Look) -> list[dict[str, Any]]:
    rows = table.assign(value=told.values.reindex(table["site"]).fillna("unknown").to_numpy())
    symbols = ("circle", "square", "diamond", "triangle-up", "cross", "star", "x", "hexagon", "pentagon")
    traces = []
    for value, part in rows.groupby("value", sort=True):
        at = MECHANISM_SWATCH.get(str(value), 6)
        word = name_of(told.group, str(value), look)
        traces.append({
            "type": "scattergeo", "mode": "markers", "name": word, "lon": part["longitude"].tolist(),
            "lat": part["latitude"].tolist(), "text": [f"<b>{names[site]}</b><br>{word}" for site in part["site"]],
            "hovertemplate": "%{text}<extra></extra>", "customdata": [["site", site] for site in part["site"]],
            "marker": {"size": 13, "color": palette(look)[at], "symbol": symbols[at], "line": {"width": 1, "color": ink(look, "text")}},
        })  # fmt: skip
    return traces


def _users(places: pd.DataFrame, look: Look, choice: Choice, in_legend: bool) -> list[dict[str, Any]]:
    chosen = [origin == choice.origin for origin in places.index]
    return [
        {
            "type": "scattergeo",
            "mode": "markers",
            "name": look.t("map.origins"),
            "lon": places["longitude"].tolist(),
            "lat": places["latitude"].tolist(),
            "text": [name_of("origin", str(origin), look) for origin in places.index],
            "hovertemplate": "%{text}<extra></extra>",
            "customdata": [["origin", str(origin)] for origin in places.index],
            "showlegend": in_legend,
            "marker": {
                "symbol": "diamond",
                "size": [13 if is_it else 5 for is_it in chosen],
                "color": [ink(look, "text") if is_it else ink(look, "soft") for is_it in chosen],
                "line": {"width": 0},
            },
        }
    ]


def _flows(flows: pd.DataFrame, table: pd.DataFrame, look: Look) -> list[dict[str, Any]]:
    users = read_table("origins.csv", "id")
    flows = flows[flows["origin"].isin(users.index)]
    if flows.empty:
        return []
    at = table.set_index("site")
    size = np.digitize(flows["mw"] / flows["mw"].max(), (0.05, 0.2, 0.5))
    traces = []
    for width, part in flows.groupby(size):
        longitudes, latitudes = list[Any](), list[Any]()
        for origin, site in zip(part["origin"], part["site"], strict=True):
            longitudes += [users.loc[origin, "longitude"], at.loc[site, "longitude"], None]
            latitudes += [users.loc[origin, "latitude"], at.loc[site, "latitude"], None]
        traces.append({
            "type": "scattergeo", "mode": "lines", "lon": longitudes, "lat": latitudes, "hoverinfo": "skip",
            "line": {"width": FLOW_WIDTHS[int(width)], "color": palette(look)[0]}, "opacity": 0.5,
            "name": look.t("map.flows"), "showlegend": bool(width == size.max()), "legendgroup": "flows",
        })  # fmt: skip
    return traces


def _ring(row: pd.DataFrame, look: Look) -> list[dict[str, Any]]:
    return [{
        "type": "scattergeo", "mode": "markers", "lon": row["longitude"].tolist(), "lat": row["latitude"].tolist(),
        "marker": {"symbol": "circle-open", "size": 30, "line": {"width": 3, "color": ink(look, "text")}},
        "hoverinfo": "skip", "showlegend": False,
    }]  # fmt: skip


def _layer_title(told: Layer, instance: xr.Dataset, look: Look, choice: Choice) -> str:
    title = look.t(f"layer.{told.name}")
    if told.name == "latency":
        return f"{title} · {name_of('origin', choice.origin, look)}"
    if told.name == "price":
        month = month_names(instance, look).get(choice.month, look.t("map.all_year"))
        return f"{title} · {month}"
    if told.name in ("pue", "water"):
        known = choice.hall_type in instance["hall_type"].values
        return f"{title} · {look.name('hall_type', choice.hall_type) if known else look.t('map.best_type')}"
    return title


def _quantity(value: float, unit: str, look: Look) -> str:
    return look.number(value, 3) if unit == "1" else look.quantity(value, unit)


def _note(note: Any, look: Look) -> str:
    if not isinstance(note, str) or not note:
        return ""
    return f"<br>{look.name('hall_type', note)}"


def _sketch_note(look: Look) -> dict[str, Any]:
    return {"text": look.t("map.sketch"), "showarrow": False, "xref": "paper", "yref": "paper", "x": 0.005, "y": 0.0,
            "xanchor": "left", "yanchor": "bottom", "font": {"size": 10, "color": ink(look, "soft")}}  # fmt: skip
