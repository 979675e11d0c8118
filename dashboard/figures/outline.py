"""The sketch of land under every map, and the look of the map itself."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from dashboard.figures.style import ink
from dashboard.look import Look

LEAST_DEGREES = 14.0  # of latitude, so that a small study still shows a coast
SHAPE = 1.7  # width to height of what is shown, so that land runs to the edges
Ring = list[list[float]]


def land(look: Look) -> list[dict[str, Any]]:
    """The world and, finer, the coast most studies plan for; one tone without a stroke, so no border shows."""
    return [
        _filled("world_outline.geojson", ink(look, "land")),
        _filled("china_outline.geojson", ink(look, "land")),
    ]


def geography(longitudes: list[float], latitudes: list[float], look: Look) -> dict[str, Any]:
    """The map's layout: an equal-area-like view of what is shown, without borders of anybody else's."""
    west, east = (min(longitudes), max(longitudes)) if longitudes else (73.0, 135.0)
    south, north = (min(latitudes), max(latitudes)) if latitudes else (18.0, 54.0)
    tall = max((north - south) * 0.09 + 1.0, (LEAST_DEGREES - (north - south)) / 2)
    middle = np.cos(np.radians((north + south) / 2))  # a mercator map stretches latitudes by this
    wide = max((east - west) * 0.09 + 1.0, (SHAPE * (north - south + 2 * tall) / middle - (east - west)) / 2)
    return {
        "visible": False, "resolution": 110, "bgcolor": "rgba(0,0,0,0)",
        "projection": {"type": "mercator" if east - west < 90 else "natural earth"},
        "lonaxis": {"range": [max(-180.0, west - wide), min(180.0, east + wide)]},
        "lataxis": {"range": [max(-80.0, south - tall), min(84.0, north + tall)]},
        "domain": {"x": [0, 1], "y": [0, 1]},
    }  # fmt: skip


def _filled(name: str, fill: str) -> dict[str, Any]:
    longitudes, latitudes = _rings(name)
    return {
        "type": "scattergeo", "mode": "lines", "lon": longitudes, "lat": latitudes, "fill": "toself",
        "fillcolor": fill, "line": {"width": 0, "color": fill}, "hoverinfo": "skip", "showlegend": False,
    }  # fmt: skip


@cache
def _rings(name: str) -> tuple[list[float | None], list[float | None]]:
    """Outer rings one after the other, None between them, clockwise as the sphere wants them."""
    collection = json.loads(files("data.tables").joinpath(name).read_text(encoding="utf-8"))
    longitudes: list[float | None] = []
    latitudes: list[float | None] = []
    for feature in collection["features"]:
        shape = feature["geometry"]
        polygons = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
        for polygon in polygons:
            ring = _clockwise(polygon[0])
            longitudes += [*(point[0] for point in ring), None]
            latitudes += [*(point[1] for point in ring), None]
    return longitudes[:-1], latitudes[:-1]


def _clockwise(ring: Ring) -> Ring:
    """The ring turned so that it encloses the land and not the rest of the globe."""
    turned = sum((b[0] - a[0]) * (b[1] + a[1]) for a, b in zip(ring, [*ring[1:], ring[0]], strict=True))
    return ring if turned > 0 else ring[::-1]
