"""Draws generalised outlines of China and the world from Natural Earth, as a sketch behind maps."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from shapely.geometry import MultiPolygon, Polygon, box, shape
from shapely.ops import unary_union

CHINA_TOLERANCE_DEG = 0.2  # coarse on purpose: a sketch, no map of borders
WORLD_TOLERANCE_DEG = 0.5
SMALLEST_CHINA_DEG2 = 0.15
SMALLEST_WORLD_DEG2 = 1.5
GLOBE = box(-180, -90, 180, 90)
NOTE = "Sketch from Natural Earth (public domain), generalised; no official map, no statement on borders."


def write_outlines(geography: Path, tables: Path) -> None:
    """Write china_outline.geojson and world_outline.geojson (land without inner borders)."""
    _write(tables / "china_outline.geojson", "china", china_outline(geography))
    _write(tables / "world_outline.geojson", "world", world_outline(geography))


def china_outline(geography: Path) -> list[Polygon]:
    """Mainland and islands of China as one shape without provinces."""
    collection = json.loads((geography / "ne_50m_CHN.geojson").read_text(encoding="utf-8"))
    return _generalised(_shapes(collection), CHINA_TOLERANCE_DEG, SMALLEST_CHINA_DEG2)


def world_outline(geography: Path) -> list[Polygon]:
    """All land but Antarctica, with every border dissolved."""
    text = (geography / "ne_110m_admin_0_countries.json").read_text(encoding="utf-8")
    collection = json.loads(text)
    keep = [f for f in collection["features"] if f["properties"].get("ADM0_A3") != "ATA"]
    return _generalised(_shapes({"features": keep}), WORLD_TOLERANCE_DEG, SMALLEST_WORLD_DEG2)


def _shapes(collection: dict[str, Any]) -> list[Any]:
    features = collection.get("features", [collection])
    return [shape(feature["geometry"]).buffer(0) for feature in features]


def _generalised(shapes: list[Any], tolerance: float, smallest: float) -> list[Polygon]:
    # A small buffer closes the slivers that dissolving neighbours would leave.
    land = unary_union(shapes).buffer(0.05).simplify(tolerance).intersection(GLOBE)
    parts = list(land.geoms) if isinstance(land, MultiPolygon) else [land]
    kept = [Polygon(part.exterior) for part in parts if part.area >= smallest]
    return sorted(kept, key=lambda part: (-part.area, part.bounds))


def _write(path: Path, name: str, parts: list[Polygon]) -> None:
    rings = [[[[round(x, 2), round(y, 2)] for x, y in part.exterior.coords]] for part in parts]
    geometry = {"type": "MultiPolygon", "coordinates": rings}
    feature = {"type": "Feature", "properties": {"name": name, "note": NOTE}, "geometry": geometry}
    text = json.dumps({"type": "FeatureCollection", "features": [feature]}, separators=(",", ":"))
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
