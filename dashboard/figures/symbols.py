"""Symbols of the map that Plotly does not have: pies of hall types drawn on the ground, and sparse labels."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from dashboard.figures.style import colour, ink
from dashboard.look import Look

MOST_LABELS = 16
ARC = 0.25  # rad between two points of an arc


def pies(rows: pd.DataFrame, counts: pd.DataFrame, look: Look) -> list[dict[str, Any]]:
    """A pie per site, its area by IT load and its sectors by halls: one filled trace per hall type.

    rows: site, longitude, latitude, it_mw. counts: halls by site and hall type.
    """
    if rows.empty:
        return []
    largest = _largest_radius(rows)
    radius = largest * np.sqrt(np.maximum(rows["it_mw"], 0.02 * rows["it_mw"].max()) / max(rows["it_mw"].max(), 1e-9))
    types = [str(name) for name in counts.columns if counts[name].sum() > 0]
    halls = counts.loc[rows["site"], types].to_numpy(float)
    edges = (
        np.cumsum(np.hstack([np.zeros((len(halls), 1)), halls]), axis=1) / np.maximum(halls.sum(axis=1), 1.0)[:, None]
    )
    places = list(zip(rows["longitude"].tolist(), rows["latitude"].tolist(), radius.tolist(), strict=True))
    traces = []
    for at, hall_type in enumerate(types):
        longitudes, latitudes = list[Any](), list[Any]()
        for (longitude, latitude, r), edge in zip(places, edges, strict=True):
            if edge[at + 1] > edge[at]:
                x, y = _sector(longitude, latitude, r, edge[at], edge[at + 1])
                longitudes += [*x, None]
                latitudes += [*y, None]
        traces.append({
            "type": "scattergeo", "mode": "lines", "lon": longitudes, "lat": latitudes, "fill": "toself",
            "fillcolor": colour(look, "hall_type", hall_type, types),
            "line": {"width": 0.8, "color": ink(look, "edge")},
            "name": look.name("hall_type", hall_type), "hoverinfo": "skip",
        })  # fmt: skip
    return traces


def labelled(table: pd.DataFrame, names: dict[str, str], look: Look) -> list[dict[str, Any]]:
    """Names of the sites with the most load, as many as do not run into each other."""
    used = table[(table["it_mw"] > 0) & (table["kind"] == "candidate")]
    used = used if len(used) else table[table["it_mw"] > 0]
    if used.empty:
        return []
    tall = max(float(np.ptp(table["latitude"])), 6.0)
    kept: list[dict[Any, Any]] = []
    for row in used.to_dict("records"):
        clear = all(
            abs(row["latitude"] - other["latitude"]) > tall / 18
            or abs(row["longitude"] - other["longitude"]) > tall / 4.5
            for other in kept
        )
        if clear and len(kept) < MOST_LABELS:
            kept.append(row)
    return [{
        "type": "scattergeo", "mode": "text", "lon": [row["longitude"] for row in kept],
        "lat": [row["latitude"] + 1.15 * _largest_radius(table) for row in kept],
        "text": [names[row["site"]] for row in kept],
        "textposition": "top center", "textfont": {"size": 12, "color": ink(look, "text")}, "hoverinfo": "skip",
        "showlegend": False,
    }]  # fmt: skip


def _largest_radius(rows: pd.DataFrame) -> float:
    """Radius of the largest pie, degrees of latitude: a share of what the map shows."""
    return max(0.12, 0.028 * max(float(np.ptp(rows["latitude"])), 0.5 * float(np.ptp(rows["longitude"])), 3.0))


def _sector(
    longitude: float, latitude: float, radius: float, start: float, end: float
) -> tuple[list[float], list[float]]:
    """A sector from share `start` to `end` of the turn, clockwise from north, round on a conformal map."""
    steps = max(2, int(np.ceil((end - start) * 2 * np.pi / ARC)) + 1)
    angles = 2 * np.pi * np.linspace(start, end, steps)
    x = longitude + radius * np.sin(angles) / np.cos(np.radians(latitude))
    y = latitude + radius * np.cos(angles)
    whole = end - start > 0.999
    middle = [] if whole else [(longitude, latitude)]
    ring = [*middle, *zip(x.tolist(), y.tolist(), strict=True)]
    ring.append(ring[0])
    return [round(p[0], 3) for p in ring], [round(p[1], 3) for p in ring]
