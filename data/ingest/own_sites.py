"""Own sites from CSV, Excel, GeoJSON or GeoPackage: only coordinates are needed, the rest is estimated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from data.errors import Fault, raise_faults
from data.fields import INSTANCE
from data.geodesy import great_circle_km
from data.ingest.own_tables import read_own_table
from data.wording import did_you_mean, nearest

ALIASES = {
    "lat": "latitude", "y": "latitude", "纬度": "latitude",
    "lon": "longitude", "lng": "longitude", "long": "longitude", "x": "longitude", "经度": "longitude",
    "altitude": "altitude_m", "elevation": "altitude_m", "elevation_m": "altitude_m", "海拔": "altitude_m",
    "pga": "pga_g", "plot_limit_mw": "plot_limit",
    "site": "id", "site_name": "name", "名称": "name", "省份": "province", "国家": "country",
}  # fmt: skip
BORROWED = {"province": "", "country": "", "jurisdiction": "", "zone": "", "altitude_m": "m"}
COORDINATES = ("latitude", "longitude")
TEXTS = ("id", "name", "name_zh", "province", "country", "jurisdiction", "zone")
RANGES = {"latitude": (-90.0, 90.0), "longitude": (-180.0, 180.0), "altitude_m": (-430.0, 5200.0)}
TAKEN = ("site_latitude", "site_longitude", "site_altitude", "site_station_distance", "existing_halls")
SITE_FIELDS = tuple(
    name for name, field in INSTANCE.items()
    if "site" in field.dims and field.kind != "text" and name not in TAKEN
)  # fmt: skip
HAZARD_RANGES = {
    "pga_g": (0.0, 3.0), "fault_distance_km": (0.0, 20_000.0), "earthquakes_300km": (0.0, 1e6),
    "largest_magnitude_300km": (0.0, 10.0), "lead_years": (0.0, 30.0),
}  # fmt: skip
LEVELS = ("low", "medium", "high", "unknown")
HAZARD_CLASSES = {
    "karst": ("yes", "no", "unknown"), "flood": LEVELS, "landslide": LEVELS,
    "rock": ("carbonate", "granite", "sandstone", "sediment", "loess", "unknown"),
    "water_stress": ("low", "low_medium", "medium_high", "high", "extremely_high", "unknown"),
}  # fmt: skip
NUMBERS = {**RANGES, **HAZARD_RANGES}
FARTHEST_NEIGHBOUR_KM = 1500.0


@dataclass(frozen=True)
class OwnSites:
    """Rows like sites.csv, what was borrowed from the nearest embedded site, and the user's own figures.

    sites: also has the columns of the hazards the user states; an empty cell is missing.
    borrowed: site, field, value, unit, distance_km, source (the embedded site it comes from).
    figures: site × instance field; a missing cell leaves the catalogue's value in place.
    """

    sites: pd.DataFrame
    borrowed: pd.DataFrame
    figures: pd.DataFrame


def read_own_sites(path: Path, embedded: pd.DataFrame) -> OwnSites:
    """Own sites beside the embedded ones (indexed by id). Raises BadInput with every fault of the file.

    A column called like a quantity of a site (`plot_limit`, `demand_charge`, `water_permit` …) replaces it;
    so does a hazard (`pga_g`, `karst`, `flood`, `rock` …), which then fires the rules of the ground.
    """
    table = read_own_table(path).rename(columns=lambda name: ALIASES.get(name.lower(), name.lower()))
    file = str(path)
    known = (*TEXTS, *NUMBERS, *HAZARD_CLASSES, *SITE_FIELDS)
    faults = [*_column_faults(file, list(table.columns), known)]
    if table.columns.is_unique and {*COORDINATES} <= set(table.columns):
        faults += _row_faults(file, table, embedded)
    raise_faults(faults)
    own = _typed(table).set_index("id")
    return _completed(own, embedded, file)


def _column_faults(file: str, columns: list[str], known: tuple[str, ...]) -> Iterator[Fault]:
    for name in COORDINATES:
        if name not in columns:
            remedy = did_you_mean(name, columns, f"add a column {name} in decimal degrees")
            yield Fault(file, "header", f"has no column {name}", remedy)
    for name in sorted({name for name in columns if columns.count(name) > 1}):
        yield Fault(file, "header", f"has the column {name} more than once", "keep one of them")
    for name in columns:
        # Other columns of a user's table are theirs; a near miss is most likely a slip.
        if name not in known and (guess := nearest(name, known, likeness=0.8)):
            yield Fault(file, "header", f"column {name} is not one we know", f"did you mean {guess}?")


def _row_faults(file: str, table: pd.DataFrame, embedded: pd.DataFrame) -> Iterator[Fault]:
    ids = _ids(table)
    for (label, row), site in zip(table.iterrows(), ids, strict=True):
        where = str(label)
        if ids.count(site) > 1:
            yield Fault(file, where, f"id {site!r} is used more than once", "give each site its own id")
        elif site in embedded.index or site.startswith("existing-"):
            yield Fault(file, where, f"id {site!r} is one of the embedded sites", "choose another id")
        numbers = [name for name in (*NUMBERS, *SITE_FIELDS) if name in table.columns]
        problems = [
            *_number_faults(file, where, row, numbers),
            *_label_faults(file, where, row, embedded),
            *_class_faults(file, where, row),
        ]
        yield from problems or _loneliness(file, where, row, embedded)


def _number_faults(file: str, where: str, row: pd.Series[Any], names: list[str]) -> Iterator[Fault]:
    for name in names:
        text = row[name]
        required = name in COORDINATES
        if text == "":
            if required:
                yield Fault(file, where, f"{name} is missing", "give decimal degrees")
            continue
        value = _number(text)
        if value is None:
            dotted = _number(text.replace(",", "."))
            remedy = f"did you mean {dotted:g}?" if dotted is not None else "write a plain number"
            yield Fault(file, where, f"{name} {text!r} is not a number", remedy)
            continue
        lower, upper = NUMBERS.get(name) or (INSTANCE[name].lower, INSTANCE[name].upper)
        if (lower is not None and value < lower) or (upper is not None and value > upper):
            low, high = (_bound(lower, "−∞"), _bound(upper, "∞"))
            yield Fault(file, where, f"{name} {text} is outside {low}…{high}", _correction(name, value, row))


def _correction(name: str, value: float, row: pd.Series[Any]) -> str:
    """What a wrong coordinate was most likely meant to be."""
    if name not in COORDINATES:
        return "check the value and its unit"
    other = _number(row["longitude" if name == "latitude" else "latitude"])
    if name == "latitude" and abs(value) <= 180 and other is not None and abs(other) <= 90:
        return f"latitude and longitude seem exchanged: did you mean {other:g}, {value:g}?"
    while abs(value) > RANGES[name][1]:
        value /= 10
    return f"did you mean {value:g}?"


def _label_faults(file: str, where: str, row: pd.Series[Any], embedded: pd.DataFrame) -> Iterator[Fault]:
    for name in ("country", "jurisdiction", "province"):
        text = str(row.get(name, ""))
        known = sorted(set(embedded[name]))
        if text and text not in known:
            remedy = did_you_mean(text, known, f"use one of {', '.join(known)}")
            yield Fault(file, where, f"{name} {text!r} is not one we know", remedy)


def _class_faults(file: str, where: str, row: pd.Series[Any]) -> Iterator[Fault]:
    for name, known in HAZARD_CLASSES.items():
        text = str(row.get(name, ""))
        if text and text not in known:
            remedy = did_you_mean(text, known, f"use one of {', '.join(known)}")
            yield Fault(file, where, f"{name} {text!r} is not a class we know", remedy)


def _loneliness(file: str, where: str, row: pd.Series[Any], embedded: pd.DataFrame) -> Iterator[Fault]:
    distances = _distances(row, embedded)
    needed = [name for name in ("country", "jurisdiction") if not row.get(name, "")]
    if distances.min() > FARTHEST_NEIGHBOUR_KM and needed:
        problem = f"the nearest embedded site ({distances.idxmin()}) is {distances.min():,.0f} km away"
        yield Fault(file, where, problem, f"state {' and '.join(needed)}; they cannot be guessed from so far")


def _distances(row: pd.Series[Any], embedded: pd.DataFrame) -> pd.Series[float]:
    """Distances from an own site to the embedded ones, in km."""
    place, there = (float(row[name]) for name in COORDINATES), (embedded[name] for name in COORDINATES)
    return pd.Series(great_circle_km(*place, *there), index=embedded.index)


def _ids(table: pd.DataFrame) -> list[str]:
    """The id column, else the name as an id, else own-1, own-2 …"""
    empty = pd.Series([""] * len(table), index=table.index)
    given, names = table.get("id", empty), table.get("name", empty)
    slugs = [re.sub(r"[^a-z0-9]+", "-", name.lower().replace("'", "")).strip("-") for name in names]
    return [
        identity or slug or f"own-{number}"
        for number, (identity, slug) in enumerate(zip(given, slugs, strict=True), start=1)
    ]


def _typed(table: pd.DataFrame) -> pd.DataFrame:
    """Checked text cells as numbers where numbers belong; empty cells are missing."""
    own = table.assign(id=_ids(table))
    for name in own.columns:
        if name in NUMBERS or name in SITE_FIELDS:
            own[name] = [_number(text) if text else None for text in own[name]]
            own[name] = own[name].astype(float)
        elif name in HAZARD_CLASSES:
            own[name] = own[name].where(own[name] != "", None)
    return own


def _completed(own: pd.DataFrame, embedded: pd.DataFrame, file: str) -> OwnSites:
    rows, borrowed = [], []
    hazards = [name for name in (*HAZARD_RANGES, *HAZARD_CLASSES) if name in own.columns]
    for site, row in own.iterrows():
        distances = _distances(row, embedded)
        host, distance = str(distances.idxmin()), float(distances.min())
        values = {name: row.get(name, "") for name in BORROWED}
        for name, unit in BORROWED.items():
            if values[name] == "" or pd.isna(values[name]):
                values[name] = embedded.loc[host, name]
                borrowed.append((site, name, values[name], unit, round(distance, 1), host))
        name = row.get("name", "") or str(site)
        rows.append({
            "id": site, "name": name, "name_zh": row.get("name_zh", "") or name, "kind": "candidate",
            "latitude": row["latitude"], "longitude": row["longitude"], **values,
            "host_site": host, "origin_of_row": "own", "cluster": "no", "source": file, "evidence": "user",
            **{name: row[name] for name in hazards},
        })  # fmt: skip
    columns = ["site", "field", "value", "unit", "distance_km", "source"]
    figures = own[[name for name in own.columns if name in SITE_FIELDS]]
    return OwnSites(
        sites=pd.DataFrame(rows).set_index("id").rename_axis(index="site"),
        borrowed=pd.DataFrame(borrowed, columns=columns),
        figures=figures.rename_axis(index="site"),
    )


def _number(text: object) -> float | None:
    try:
        value = float(str(text))
    except ValueError:
        return None
    return value if np.isfinite(value) else None


def _bound(value: float | None, otherwise: str) -> str:
    return otherwise if value is None else f"{value:g}".replace("-", "−")
