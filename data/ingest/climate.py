"""Typical years of Chinese and foreign stations condensed to the weather bins of the catalogue."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from data import psychrometrics as moist
from data.ingest.weather_files import read_weather_file
from data.weather_bins import DESIGN, bins_from_hourly

CHINA_UTC_OFFSET = 8.0
CHINA_HOURLY = "cswd_270_hourly.parquet"
SCALE = 0.1
COUNTRY_FIXES = {"Zuerich-Kloten": "CHE"}
SOURCES = {kind: f"climate-{kind.lower()}" for kind in ("CSWD", "IWEC", "TMY3", "TMYx", "TMY")}
EPW_LOCATION = ("location", "city", "region", "country", "source", "wmo", "lat", "lon", "tz", "elev_m")


def rebuild(raw: Path, tables: Path) -> None:
    """Write weather_bins.nc and weather_stations.csv from `raw`/climate, the same every time."""
    folder = raw / "climate" if (raw / "climate").is_dir() else raw
    found = [*_china(folder), *_world(folder)]
    bins = xr.concat([station for station, _ in found], dim="station").sortby("station")
    stations = pd.DataFrame([row for _, row in found]).sort_values("id")
    stations.to_csv(tables / "weather_stations.csv", index=False, lineterminator="\n", float_format="%.6g")
    _packed(bins).to_netcdf(tables / "weather_bins.nc", engine="h5netcdf", encoding=_encoding(bins))


def _packed(bins: xr.Dataset) -> xr.Dataset:
    """Wet bulb as depression below dry bulb, which is small and packs well; strings as fixed bytes."""
    depression = (bins["dry_bulb"].round(1) - bins["wet_bulb"].round(1)).clip(min=0)
    packed = bins.drop_vars("wet_bulb").assign(wet_bulb_depression=depression)
    order = ["dry_bulb", "wet_bulb_depression", "hours", "pressure", "utc_offset", *DESIGN]
    return packed[order]


def _encoding(bins: xr.Dataset) -> dict[str, dict[str, object]]:
    small = {"dtype": "int16", "scale_factor": SCALE, "_FillValue": -32768,
             "zlib": True, "complevel": 9, "shuffle": True}  # fmt: skip
    names = ("dry_bulb", "wet_bulb_depression", *DESIGN)
    return {name: dict(small) for name in names} | {
        "hours": {"dtype": "int8", "_FillValue": -1, "zlib": True, "complevel": 9},
        "pressure": {"dtype": "float32"},
        "utc_offset": {"dtype": "float32"},
    }


def _china(folder: Path) -> Iterator[tuple[xr.Dataset, dict[str, object]]]:
    path = folder / CHINA_HOURLY
    if not path.is_file():
        return
    table = pd.read_csv(folder / "cswd_270_station_stats.csv", dtype=str)
    facts = {cells[0]: dict(zip(table.columns, cells, strict=True)) for cells in table.to_numpy().tolist()}
    hourly = pd.read_parquet(path).sort_values(["station", "hour_of_year"])
    calendar = pd.date_range("2025-01-01", periods=8760, freq="h")
    for name, rows in hourly.groupby("station", observed=True, sort=True):
        when = calendar[rows["hour_of_year"].to_numpy()]
        dry = rows["dry_bulb_dC"].to_numpy() / 10
        frame = pd.DataFrame({
            "month": when.month, "hour": when.hour, "dry_bulb": dry,
            "wet_bulb": np.minimum(rows["wet_bulb_dC"].to_numpy() / 10, dry),
            "pressure": rows["pressure_hPa"].to_numpy() * 100.0,
        })  # fmt: skip
        yield _station(frame, facts[f"{name}.epw"], "CSWD", CHINA_UTC_OFFSET)


def _world(folder: Path) -> Iterator[tuple[xr.Dataset, dict[str, object]]]:
    for path in sorted((folder / "epw_world").glob("*.epw.gz")):
        weather = read_weather_file(path)
        with gzip.open(path, "rt", encoding="latin-1") as stream:
            fact = dict(zip(EPW_LOCATION, stream.readline().strip().split(","), strict=False))
        expected = float(moist.standard_pressure(float(fact["elev_m"])))
        # A file whose pressure belongs to another altitude describes another place than it says.
        if abs(weather.hourly["pressure"].mean() / expected - 1) < 0.03:
            kind = next((kind for kind in ("IWEC", "TMY3", "TMYx") if kind in path.name), "TMY")
            yield _station(weather.hourly, fact, kind, weather.utc_offset)


def _station(
    hourly: pd.DataFrame, fact: Mapping[str, str], kind: str, utc_offset: float
) -> tuple[xr.Dataset, dict[str, object]]:
    identity = f"{kind.lower()}-{fact['wmo'].zfill(6)}"
    city = str(fact["city"]).replace("_", "").strip()
    row: dict[str, object] = {
        "id": identity,
        "name": city.title() if city.isupper() else city,
        "region": "" if fact["region"] == "-" else fact["region"],
        "country": COUNTRY_FIXES.get(city, fact["country"]),
        "latitude": float(fact["lat"]),
        "longitude": float(fact["lon"]),
        "altitude_m": float(fact["elev_m"]),
        "utc_offset": utc_offset,
        "mean_dry_bulb": round(float(hourly["dry_bulb"].mean()), 2),
        "mean_wet_bulb": round(float(hourly["wet_bulb"].mean()), 2),
        "source": SOURCES[kind],
        "evidence": "derived",
    }
    return bins_from_hourly(hourly, identity, utc_offset), row
