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

Row = dict[str, object]

CHINA_UTC_OFFSET = 8.0
CHINA_HOURLY = "cswd_270_hourly.parquet"
SCALE, HOURS_SCALE = 0.1, 0.001
# Zones of the reanalysis file: city, country, standard UTC offset.
RECENT_ZONES = {
    "AU-VIC": ("Melbourne", "AUS", 10.0),
    "BR-SP": ("São Paulo", "BRA", -3.0),
    "CA-ON": ("Toronto", "CAN", -5.0),
    "CL-SIC": ("Santiago", "CHL", -4.0),
    "IN-WE": ("Mumbai", "IND", 5.5),
    "JP-TK": ("Tokyo", "JPN", 9.0),
    "KR": ("Seoul", "KOR", 9.0),
    "US-MIDA-PJM": ("Philadelphia", "USA", -5.0),
    "US-NY-NYIS": ("New York", "USA", -5.0),
    "ZA": ("Johannesburg", "ZAF", 2.0),
}
RECENT_HOURLY = "openmeteo_16zones_hourly_2020_2024.csv.gz"
COUNTRY_FIXES = {"Zuerich-Kloten": "CHE"}
SOURCES = {kind: f"climate-{kind.lower()}" for kind in ("CSWD", "IWEC", "TMY3", "TMYx", "TMY", "ERA5")}
EPW_LOCATION = ("location", "city", "region", "country", "source", "wmo", "lat", "lon", "tz", "elev_m")


def rebuild(raw: Path, tables: Path) -> None:
    """Write weather_bins.nc and weather_stations.csv from `raw`/climate, the same every time.

    Raises FileNotFoundError when the folder holds no weather.
    """
    found = list(_stations(raw))
    if not found:
        raise FileNotFoundError(2, "no typical years were found", str(raw / "climate"))
    bins = xr.concat(
        [bins_from_hourly(hourly, str(row["id"]), float(str(row["utc_offset"]))) for row, hourly in found],
        dim="station",
    ).sortby("station")
    stations = pd.DataFrame([row for row, _ in found]).sort_values("id")
    stations.to_csv(tables / "weather_stations.csv", index=False, lineterminator="\n", float_format="%.6g")
    _packed(bins).to_netcdf(tables / "weather_bins.nc", engine="h5netcdf", encoding=_encoding(bins))


def hourly_stations(raw: Path) -> Iterator[tuple[str, pd.DataFrame]]:
    """Id and hourly weather of every station of `raw`/climate, one at a time."""
    return ((str(row["id"]), hourly) for row, hourly in _stations(raw))


def _stations(raw: Path) -> Iterator[tuple[Row, pd.DataFrame]]:
    folder = raw / "climate" if (raw / "climate").is_dir() else raw
    yield from _china(folder)
    yield from _world(folder)
    yield from _recent(folder)


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
        "hours": {**small, "scale_factor": HOURS_SCALE},
        "pressure": {"dtype": "float32"},
        "utc_offset": {"dtype": "float32"},
    }


def _china(folder: Path) -> Iterator[tuple[Row, pd.DataFrame]]:
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
        yield _row(frame, facts[f"{name}.epw"], "CSWD", CHINA_UTC_OFFSET), frame


def _world(folder: Path) -> Iterator[tuple[Row, pd.DataFrame]]:
    for path in sorted((folder / "epw_world").glob("*.epw.gz")):
        weather = read_weather_file(path)
        with gzip.open(path, "rt", encoding="latin-1") as stream:
            fact = dict(zip(EPW_LOCATION, stream.readline().strip().split(","), strict=False))
        expected = float(moist.standard_pressure(float(fact["elev_m"])))
        # A file whose pressure belongs to another altitude describes another place than it says.
        if abs(weather.hourly["pressure"].mean() / expected - 1) < 0.03:
            kind = next((kind for kind in ("IWEC", "TMY3", "TMYx") if kind in path.name), "TMY")
            yield _row(weather.hourly, fact, kind, weather.utc_offset), weather.hourly


def _recent(folder: Path) -> Iterator[tuple[Row, pd.DataFrame]]:
    """Reanalysis years 2020–2024 of cities that have no typical year of their own."""
    path = folder / RECENT_HOURLY
    if not path.is_file():
        return
    places = pd.read_csv(folder / "openmeteo_16zones_stats.csv").drop_duplicates("zone").set_index("zone")
    hourly = pd.read_csv(path)
    for zone, (city, country, offset) in RECENT_ZONES.items():
        rows = hourly.loc[hourly["zone"] == zone]
        # The clock of the file runs through without summer time; it is read as standard time.
        when = pd.to_datetime(rows["time_local"]).dt
        place = {name: float(places[name][zone]) for name in ("lat", "lon", "elev")}
        dry, share = rows["t_c"].to_numpy(float), rows["rh_pct"].to_numpy(float).clip(0, 100) / 100
        pressure = float(moist.standard_pressure(place["elev"]))
        frame = pd.DataFrame({
            "month": when.month, "hour": when.hour, "dry_bulb": dry,
            "wet_bulb": np.minimum(moist.wet_bulb(dry, share, pressure), dry), "pressure": pressure,
        })  # fmt: skip
        slug = city.lower().replace(" ", "-").replace("ã", "a")
        fact = {"wmo": slug, "city": city, "region": "-", "country": country}
        fact |= {"lat": str(place["lat"]), "lon": str(place["lon"]), "elev_m": str(place["elev"])}
        yield _row(frame, fact, "ERA5", offset), frame


def _row(hourly: pd.DataFrame, fact: Mapping[str, str], kind: str, utc_offset: float) -> Row:
    """A station's line in weather_stations.csv."""
    number = fact["wmo"]
    identity = f"{kind.lower()}-{number.zfill(6) if number.isdigit() else number}"
    city = str(fact["city"]).replace("_", "").strip()
    return {
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
