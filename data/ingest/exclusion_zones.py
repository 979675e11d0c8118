"""Polygons of a user's GeoJSON or GeoPackage in which no new hall may be built."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from data.errors import Fault
from data.scenario.ground import ExclusionZones

WGS84 = 4326


def sites_in_zones(
    zones: Iterable[ExclusionZones], base: Path, latitude: pd.Series, longitude: pd.Series
) -> tuple[dict[str, str], list[Fault]]:
    """Site id → reason for every site inside (or on the edge of) a polygon, and all faults of the files.

    A polygon may have any CRS its file declares; sites are points in WGS 84.
    """
    reasons: dict[str, str] = {}
    faults: list[Fault] = []
    for zone in zones:
        polygons, found = _read(zone, base)
        faults += found
        if not found:
            reasons |= _inside(zone, polygons, latitude, longitude)
    return reasons, faults


def _read(zone: ExclusionZones, base: Path) -> tuple[Any, list[Fault]]:
    import geopandas  # heavy; only studies with exclusion zones pay for it

    path = base / zone.file
    if not path.is_file():
        return None, [Fault(zone.file, "file", f"is not found in {base}", "give the path relative to the scenario")]
    try:
        frame = geopandas.read_file(path, layer=zone.layer) if zone.layer else geopandas.read_file(path)
    except (OSError, ValueError, RuntimeError) as error:
        return None, [Fault(zone.file, "file", f"cannot be read ({error})", "save it as GeoPackage")]
    if not isinstance(frame, geopandas.GeoDataFrame):
        return None, [Fault(zone.file, "file", "has no geometry", "save polygons as GeoJSON or GeoPackage")]
    faults = list(_faults(zone, frame))
    return (None if faults else frame.to_crs(WGS84)), faults


def _faults(zone: ExclusionZones, frame: Any) -> Iterable[Fault]:
    if frame.crs is None:
        yield Fault(zone.file, "CRS", "is not declared", "store it with the polygons")
    if zone.name_column is not None and zone.name_column not in frame.columns:
        yield Fault(
            zone.file,
            "columns",
            f"there is no column {zone.name_column}",
            f"use one of {', '.join(map(str, frame.columns.drop(frame.geometry.name)))}",
        )
    for number, (shape, kind) in enumerate(zip(frame.geometry, frame.geom_type, strict=True), start=1):
        if shape is None or shape.is_empty:
            yield Fault(zone.file, f"feature {number}", "has no geometry", "remove it or draw the polygon")
        elif kind not in ("Polygon", "MultiPolygon"):
            yield Fault(zone.file, f"feature {number}", f"is a {kind}", "draw a polygon around it")
        elif not shape.is_valid:
            yield Fault(zone.file, f"feature {number}", "is no valid polygon: it crosses itself", "redraw it")


def _inside(zone: ExclusionZones, polygons: Any, latitude: pd.Series, longitude: pd.Series) -> dict[str, str]:
    import geopandas

    points = geopandas.GeoDataFrame(
        {"site": latitude.index}, geometry=geopandas.points_from_xy(longitude, latitude), crs=WGS84
    )
    labels = polygons[zone.name_column] if zone.name_column else pd.Series(range(1, len(polygons) + 1))
    polygons = polygons.assign(zone_label=[str(label) for label in labels])
    labelled = polygons[["zone_label", polygons.geometry.name]]
    hits = points.sjoin(labelled, predicate="intersects").drop_duplicates("site")
    return {str(row.site): f"inside exclusion zone {row.zone_label} of {zone.file}" for row in hits.itertuples()}
