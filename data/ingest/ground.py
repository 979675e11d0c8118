"""Derives ground_hazards.csv, the provincial figures of origins.csv and the outline maps from raw files."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from data.geodesy import great_circle_km
from data.ingest.outlines import write_outlines
from data.ingest.writing import write_csv

KM_PER_DEGREE = 111.195
EARTHQUAKE_RADIUS_KM = 300.0


def rebuild(raw: Path, tables: Path) -> None:
    """Write ground_hazards.csv, origins.csv, china_outline.geojson and world_outline.geojson into `tables`.

    Reads raw/geology, raw/power/pypsa_china and raw/geography, and the typed sites.csv and origins.csv.
    """
    sites = pd.read_csv(tables / "sites.csv")
    write_csv(site_hazards(sites, raw / "geology"), tables / "ground_hazards.csv")
    origins = pd.read_csv(tables / "origins.csv", keep_default_na=False)
    write_csv(provincial_figures(origins, raw / "power" / "pypsa_china"), tables / "origins.csv")
    write_outlines(raw / "geography", tables)


def site_hazards(sites: pd.DataFrame, geology: Path) -> pd.DataFrame:
    """Distance to the nearest mapped active fault (0.1 km), and earthquakes of M5.5+ within 300 km."""
    segments = fault_segments(geology / "gem_active_faults_2021_traces_only.geojson.gz")
    quakes = pd.read_csv(geology / "usgs_earthquakes_1965_2016_M5.5plus.csv")
    rows = []
    for site, latitude, longitude in zip(sites["id"], sites["latitude"], sites["longitude"], strict=True):
        epicentres = quakes["Latitude"].to_numpy(), quakes["Longitude"].to_numpy()
        distance = great_circle_km(np.asarray(latitude), np.asarray(longitude), *epicentres)
        near = quakes["Magnitude"].to_numpy()[distance < EARTHQUAKE_RADIUS_KM]
        rows.append({
            "site": site,
            "fault_distance_km": round(distance_to_segments_km(latitude, longitude, segments), 1),
            "earthquakes_300km": len(near),
            "largest_magnitude_300km": float(near.max()) if len(near) else None,
        })  # fmt: skip
    return pd.DataFrame(rows)


def fault_segments(path: Path) -> np.ndarray:
    """Straight pieces of all fault traces: array (n, 4) of longitude, latitude at both ends."""
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        features = json.load(stream)["features"]
    pieces = []
    for feature in features:
        for line in _lines(feature["geometry"]):
            points = np.asarray(line, dtype=float)[:, :2]
            pieces.append(np.hstack([points[:-1], points[1:]]))
    return np.vstack(pieces)


def distance_to_segments_km(latitude: float, longitude: float, segments: np.ndarray) -> float:
    """Shortest distance from a point to the segments, on a plane tangent at the point (good below 500 km)."""
    scale = np.array([np.cos(np.radians(latitude)) * KM_PER_DEGREE, KM_PER_DEGREE])
    start = (segments[:, :2] - [longitude, latitude]) * scale
    step = (segments[:, 2:] - segments[:, :2]) * scale
    length = (step**2).sum(axis=1)
    along = np.clip(-(start * step).sum(axis=1) / np.where(length == 0, 1, length), 0, 1)
    nearest = start + along[:, None] * step
    return float(np.sqrt((nearest**2).sum(axis=1)).min())


def provincial_figures(origins: pd.DataFrame, folder: Path) -> pd.DataFrame:
    """Population (persons) and GDP (billion CNY, current prices) of 2024; markets abroad stay as typed."""
    people = _statistic(folder / "historical_population.csv") * 10_000
    product = _statistic(folder / "historical_gdp.csv") / 10
    key = origins["name"].str.replace(" ", "").str.lower()
    is_province = origins["kind"] == "province"
    population = key.map(people).where(is_province, pd.to_numeric(origins["population"]))
    gdp = key.map(product).where(is_province, pd.to_numeric(origins["gdp_cny_bn"]))
    return origins.assign(population=population.round().astype(int), gdp_cny_bn=gdp.round(2))


def _statistic(path: Path) -> pd.Series:
    table = pd.read_csv(path, comment="#", index_col=0)
    return table["2024"].set_axis(table.index.str.lower()).astype(float)


def _lines(geometry: dict[str, Any]) -> list[Any]:
    coordinates: list[Any] = geometry["coordinates"]
    return [coordinates] if geometry["type"] == "LineString" else coordinates
