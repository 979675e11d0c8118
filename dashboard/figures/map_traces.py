"""The parts of the map: the plan, one layer, users, flows and the ring around the chosen site."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from dashboard.figures.layers import Choice, Layer
from dashboard.figures.style import SEQUENTIAL, ink, month_names, name_of, palette, with_unit
from dashboard.figures.symbols import pies
from dashboard.look import Look
from dashboard.numerals import scale
from dashboard.site_notes import note_told
from data.evidence import read_table

FLOW_WIDTHS = (0.7, 1.6, 3.0, 5.0)
WIDTH_STEPS = (0.05, 0.2, 0.5)  # shares of the largest flow
FEW = 0.02
BAR = {
    "orientation": "h", "thickness": 10, "len": 0.42, "x": 0.01, "xanchor": "left", "y": 1.0, "yanchor": "bottom",
    "bgcolor": "rgba(0,0,0,0)", "outlinewidth": 0, "tickfont": {"size": 11},
}  # fmt: skip
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "star", "x", "hexagon", "pentagon")
MECHANISM_SWATCH = {
    "domestic": 0, "free": 2, "adequacy": 4, "consent": 8, "contract": 3, "local_copy": 7, "assessment": 5,
    "forbidden": 1, "unknown": 6,
}  # fmt: skip


def plan_traces(
    instance: xr.Dataset,
    solution: xr.Dataset,
    table: pd.DataFrame,
    names: dict[str, str],
    look: Look,
    period: int,
) -> list[dict[str, Any]]:
    """Pies where halls stand, rings where they might, crosses where they must not."""
    used = table[table["halls_all"] > 0]
    standing = solution["halls"].sel(period=period, site=used["site"].tolist()).transpose("site", "hall_type")
    types = [str(name) for name in standing["hall_type"].values]
    counts = pd.DataFrame(standing.to_numpy().astype(int), index=used["site"].tolist(), columns=types)
    idle = table[(table["halls_all"] == 0) & (table["kind"] == "candidate")]
    halls = counts.to_dict("index")
    told = [_told(row, halls[row["site"]], names, look) for row in used.to_dict("records")]
    # Pies answer neither hovering nor clicking; points that nobody sees do.
    unseen = {"size": 16, "color": "rgba(0,0,0,0.01)"}
    return [*_idle(idle, names, look), *pies(used, counts, look), _points(used, told, unseen, showlegend=False)]


def value_traces(
    table: pd.DataFrame, told: Layer, names: dict[str, str], look: Look, title: str
) -> list[dict[str, Any]]:
    """Sites coloured by a number, with a scale in its unit; what has no figure is drawn as unused."""
    rows = table.assign(value=pd.to_numeric(told.values.reindex(table["site"])).to_numpy())
    bare, rows = rows[rows["value"].isna()], rows[rows["value"].notna()]
    shown = scale(told.unit, float(rows["value"].abs().max()) if len(rows) else 1.0, look.language)
    values = rows["value"] / shown.factor
    notes = told.notes if told.notes is not None else pd.Series("", index=table["site"])
    hover = [
        f"<b>{names[site]}</b><br>{_quantity(value, told.unit, look)}{_note(notes.get(site), look)}"
        for site, value in zip(rows["site"], rows["value"], strict=True)
    ]
    marker = {
        "size": np.where(rows["halls_all"] > 0, 16, 11).tolist(),
        "color": values.tolist(),
        "colorscale": SEQUENTIAL,
        "opacity": 1,
        # One dear site would leave all others in one colour; hovering tells its figure.
        "cmin": float(values.quantile(FEW)),
        "cmax": float(values.quantile(1 - FEW)),
        "line": {"width": 1, "color": ink(look, "text")},
        "colorbar": BAR | {"title": {"text": with_unit(title, shown.unit), "side": "top"}},
    }
    why = bare["exclusion"].where(bare["exclusion"] != "", look.t("map.no_value"))
    return [*_idle(bare.assign(exclusion=why), names, look), _points(rows, hover, marker, showlegend=False)]


def mechanism_traces(table: pd.DataFrame, told: Layer, names: dict[str, str], look: Look) -> list[dict[str, Any]]:
    """Sites by legal mechanism, each with a colour and a symbol of its own."""
    rows = table.assign(value=told.values.reindex(table["site"]).fillna("unknown").to_numpy())
    traces = []
    for value, part in rows.groupby("value", sort=True):
        at, word = MECHANISM_SWATCH.get(str(value), 6), name_of(told.group, str(value), look)
        edge = {"width": 1, "color": ink(look, "text")}
        marker = {"size": 13, "color": palette(look)[at], "symbol": SYMBOLS[at], "line": edge}
        traces.append(_points(part, [f"<b>{names[site]}</b><br>{word}" for site in part["site"]], marker, name=word))
    return traces


def user_traces(places: pd.DataFrame, look: Look, choice: Choice, in_legend: bool) -> list[dict[str, Any]]:
    """Where users are; the chosen origin larger."""
    chosen = [origin == choice.origin for origin in places.index]
    marker = {
        "symbol": "diamond",
        "size": [13 if is_it else 5 for is_it in chosen],
        "color": [ink(look, "text") if is_it else ink(look, "soft") for is_it in chosen],
        "line": {"width": 0},
    }
    words = [name_of("origin", str(origin), look) for origin in places.index]
    trace = _points(places, words, marker, name=look.t("map.origins"), showlegend=in_legend)
    return [trace | {"customdata": [["origin", str(origin)] for origin in places.index]}]


def flow_traces(flows: pd.DataFrame, table: pd.DataFrame, look: Look) -> list[dict[str, Any]]:
    """Lines from users to sites in four widths by load; origins of the user's own have no place and no line."""
    users = read_table("origins.csv", "id")
    flows = flows[flows["origin"].isin(users.index)]
    if flows.empty:
        return []
    origins, sites = users.loc[flows["origin"]], table.set_index("site").loc[flows["site"]]
    width = np.digitize(flows["mw"] / flows["mw"].max(), WIDTH_STEPS)
    traces = []
    for step in sorted(set(width.tolist())):
        at, gap = width == step, np.full(int((width == step).sum()), None)
        longitude = np.column_stack([origins["longitude"].to_numpy()[at], sites["longitude"].to_numpy()[at], gap])
        latitude = np.column_stack([origins["latitude"].to_numpy()[at], sites["latitude"].to_numpy()[at], gap])
        traces.append({
            "type": "scattergeo", "mode": "lines", "hoverinfo": "skip",
            "lon": longitude.ravel().tolist(), "lat": latitude.ravel().tolist(),
            "line": {"width": FLOW_WIDTHS[step], "color": palette(look)[0]}, "opacity": 0.5,
            "name": look.t("map.flows"), "showlegend": bool(step == width.max()), "legendgroup": "flows",
        })  # fmt: skip
    return traces


def ring(row: pd.DataFrame, look: Look) -> dict[str, Any]:
    """A ring around the chosen site."""
    tone = ink(look, "text")
    marker = {"symbol": "circle-open", "color": tone, "size": 30, "line": {"width": 3, "color": tone}}
    return _points(row, [""] * len(row), marker, showlegend=False, hoverinfo="skip", hovertemplate=None)


def layer_title(told: Layer, instance: xr.Dataset, look: Look, choice: Choice) -> str:
    """What the colours mean: the layer and what it was asked for."""
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


def _points(rows: pd.DataFrame, text: list[str], marker: dict[str, Any], **more: Any) -> dict[str, Any]:
    sites = rows["site"] if "site" in rows else pd.Series(rows.index)
    return {
        "type": "scattergeo",
        "mode": "markers",
        "lon": rows["longitude"].tolist(),
        "lat": rows["latitude"].tolist(),
        "text": text,
        "hovertemplate": "%{text}<extra></extra>",
        "customdata": [["site", str(site)] for site in sites],
        "marker": marker,
    } | more


def _told(row: dict[Any, Any], halls: dict[Any, Any], names: dict[str, str], look: Look) -> str:
    """What hovering over a site in use says."""
    kinds = [f"{look.name('hall_type', kind)}: {count}" for kind, count in halls.items() if count]
    load = f"{look.t('line.it')}: {look.quantity(row['it_mw'], 'MW')}"
    return "<br>".join([f"<b>{names[row['site']]}</b>", load, f"PUE: {look.number(row['pue'], 3)}", *kinds])


def _idle(rows: pd.DataFrame, names: dict[str, str], look: Look) -> list[dict[str, Any]]:
    traces, tone = [], ink(look, "soft")
    for excluded, symbol, word in ((False, "circle-open", "map.closed"), (True, "x-thin-open", "map.excluded")):
        part = rows[(rows["exclusion"] != "") == excluded]
        if part.empty:
            continue
        told = [
            f"<b>{names[site]}</b><br>{note_told(look, why) or look.t('map.idle')}"
            for site, why in zip(part["site"], part["exclusion"], strict=True)
        ]
        marker = {"size": 7, "symbol": symbol, "color": tone, "line": {"width": 1.4, "color": tone}}
        traces.append(_points(part, told, marker, name=look.t(word)))
    return traces


def _quantity(value: float, unit: str, look: Look) -> str:
    return look.number(value, 3) if unit == "1" else look.quantity(value, unit)


def _note(note: Any, look: Look) -> str:
    return f"<br>{note_told(look, look.name('hall_type', note))}" if isinstance(note, str) and note else ""
