"""Readers of hourly weather that users own: EPW, CSV and ERA5 netCDF."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from data import psychrometrics as moist
from data.errors import BadInput, Fault, raise_faults

EPW_COLUMNS = {1: "month", 2: "day", 3: "hour", 6: "dry_bulb", 8: "humidity", 9: "pressure"}
EPW_MISSING = {"dry_bulb": 99.0, "humidity": 999.0, "pressure": 999999.0}
CSV_COLUMNS = {
    "time": ("time", "timestamp", "datetime", "date", "valid_time"),
    "dry_bulb": ("dry_bulb", "dry_bulb_c", "temperature", "temperature_2m", "t_c", "temp_c", "t2m"),
    "humidity": ("relative_humidity", "relative_humidity_2m", "rh", "rh_pct", "humidity"),
    "dew_point": ("dew_point", "dew_point_c", "dewpoint", "dew_point_2m", "d2m"),
    "pressure": ("pressure", "pressure_pa", "pressure_hpa", "surface_pressure", "sp"),
}  # fmt: skip
LIMITS = {
    "dry_bulb": (-70.0, 60.0), "dew_point": (-90.0, 40.0), "humidity": (0.0, 110.0), "pressure": (4e4, 1.1e5),
}  # fmt: skip
ERA5 = {"t2m": "dry_bulb", "d2m": "dew_point", "sp": "pressure"}
WHOLE_YEAR = 8760
FARTHEST_CELL_DEG = 0.5
TIME_EXAMPLE = "2024-07-01T13:00+08:00"


@dataclass(frozen=True)
class WeatherFile:
    """Hourly weather of one place.

    hourly: month, hour (0–23, local standard), dry_bulb and wet_bulb in °C, pressure in Pa.
    Latitude, longitude and altitude are missing when the file does not state them.
    """

    hourly: pd.DataFrame
    utc_offset: float
    latitude: float | None = None
    longitude: float | None = None
    altitude_m: float | None = None


def read_weather_file(
    path: Path, altitude_m: float | None = None, place: tuple[float, float] | None = None
) -> WeatherFile:
    """Read EPW (also .gz), hourly CSV or ERA5 netCDF. Raises BadInput with every fault of the file.

    `altitude_m` stands in for pressure where a CSV has none; `place` (latitude, longitude) picks the ERA5
    cell.
    """
    name = path.name.lower()
    if not path.is_file():
        raise BadInput([Fault(str(path), "file", "does not exist", "paths start at the scenario's folder")])
    if name.endswith((".epw", ".epw.gz")):
        return _read_epw(path)
    if name.endswith((".csv", ".csv.gz")):
        return _read_csv(path, altitude_m)
    if name.endswith((".nc", ".nc4")):
        return _read_era5(path, place)
    raise BadInput([Fault(str(path), "file", "is not weather we can read", "use .epw, .csv or ERA5 .nc")])


def _open(path: Path) -> BytesIO:
    content = path.read_bytes()
    return BytesIO(gzip.decompress(content) if path.suffix == ".gz" else content)


def _read_epw(path: Path) -> WeatherFile:
    """EnergyPlus weather: 8 header lines, hours 1–24 that end at the stated hour, local standard time."""
    file = str(path)
    with _open(path) as stream:
        header = stream.readline().decode("latin-1").strip().split(",")
    try:
        latitude, longitude, offset, altitude = (float(cell) for cell in header[6:10])
    except ValueError as error:
        fault = Fault(file, "line 1", "is not an EPW LOCATION line", "check that the file is EPW")
        raise BadInput([fault]) from error
    with _open(path) as stream:
        table = pd.read_csv(stream, skiprows=8, header=None, encoding="latin-1", usecols=list(EPW_COLUMNS))
    table = table.rename(columns=EPW_COLUMNS)
    for name, missing in EPW_MISSING.items():
        table[name] = pd.to_numeric(table[name], errors="coerce").where(lambda v, top=missing: v < top)
    table["hour"] = (pd.to_numeric(table["hour"], errors="coerce") - 1) % 24
    table = table.loc[~((table["month"] == 2) & (table["day"] == 29))].reset_index(drop=True)
    raise_faults(_value_faults(file, table, 9, ("dry_bulb", "humidity", "pressure")))
    hourly = _with_wet_bulb(table, table["humidity"])
    return WeatherFile(hourly, offset, latitude, longitude, altitude)


def _read_csv(path: Path, altitude_m: float | None) -> WeatherFile:
    """Hourly CSV: time (with its UTC offset, or UTC), temperature in °C, humidity in % or dew point in °C."""
    file = str(path)
    try:
        table = pd.read_csv(_open(path), comment="#")
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
        fault = Fault(file, "file", f"is not a table: {error}", "save it as CSV in UTF-8")
        raise BadInput([fault]) from error
    lower = {str(column).strip().lower(): column for column in table.columns}
    found = {
        quantity: next((lower[name] for name in names if name in lower), None)
        for quantity, names in CSV_COLUMNS.items()
    }
    raise_faults(_csv_header_faults(file, found, altitude_m))
    clean = pd.DataFrame({
        quantity: pd.to_numeric(table[column], errors="coerce")
        for quantity, column in found.items() if column is not None and quantity != "time"
    })  # fmt: skip
    if "pressure" not in clean:
        clean["pressure"] = float(moist.standard_pressure(altitude_m or 0.0))
    elif clean["pressure"].median() < 2000:
        clean["pressure"] *= 100.0
    stamps = table[found["time"]].astype(str)
    times = pd.to_datetime(stamps, errors="coerce", utc=True)
    offset = _stated_offset(stamps)
    local = times + pd.Timedelta(hours=offset)
    clean["month"], clean["hour"], clean["day"] = local.dt.month, local.dt.hour, local.dt.day
    faults = [
        Fault(file, f"line {row + 2}", f"time {stamps[row]!r} is not understood", f"write {TIME_EXAMPLE}")
        for row in np.flatnonzero(times.isna())[:5]
    ]
    if "humidity" in clean and len(clean) and clean["humidity"].max() <= 1:
        faults.append(Fault(file, "humidity", "never exceeds 1", "give relative humidity in percent"))
    needed = tuple(name for name in ("dry_bulb", "humidity", "dew_point", "pressure") if name in clean)
    raise_faults([*faults, *_value_faults(file, clean, 2, needed)])
    return WeatherFile(_with_wet_bulb(clean, clean.get("humidity")), offset)


def _csv_header_faults(file: str, found: Mapping[str, str | None], altitude_m: float | None) -> list[Fault]:
    faults = [
        Fault(file, "header", f"has no column for {name}", f"add one called {CSV_COLUMNS[name][0]}")
        for name in ("time", "dry_bulb") if found[name] is None
    ]  # fmt: skip
    if found["humidity"] is None and found["dew_point"] is None:
        problem = "has neither humidity nor dew point"
        faults.append(Fault(file, "header", problem, "add relative_humidity in %"))
    if found["pressure"] is None and altitude_m is None:
        faults.append(Fault(file, "header", "has no pressure", "add pressure, or the site's altitude_m"))
    return faults


def _stated_offset(stamps: pd.Series) -> float:
    """UTC offset of the first time stamp in hours; 0 when none is stated."""
    first = pd.Timestamp(stamps.iloc[0]) if len(stamps) else pd.NaT
    offset = first.utcoffset() if isinstance(first, pd.Timestamp) else None
    return offset.total_seconds() / 3600 if offset else 0.0


def _read_era5(path: Path, place: tuple[float, float] | None) -> WeatherFile:
    """ERA5 single levels: t2m and d2m in K, sp in Pa, time in UTC; the cell nearest to `place`."""
    file = str(path)
    try:
        dataset = xr.open_dataset(path)
    except (OSError, ValueError) as error:
        fault = Fault(file, "file", "is not netCDF", "download ERA5 as netCDF, not GRIB")
        raise BadInput([fault]) from error
    with dataset as source:
        absent = [name for name in ERA5 if name not in source]
        raise_faults(
            Fault(file, "variables", f"has no {name}", "download t2m, d2m and sp from ERA5 single levels")
            for name in absent
        )
        cell = source[list(ERA5)].rename({"valid_time": "time"} if "valid_time" in source.coords else {})
        if "expver" in cell.dims:  # final and preliminary data stand side by side; each hour has one of them
            cell = cell.max("expver")
        if "latitude" in cell.dims and "longitude" in cell.dims:
            if place is None and cell.sizes["latitude"] * cell.sizes["longitude"] > 1:
                raise BadInput([Fault(file, "grid", "has several cells", "name the site it serves")])
            latitude, longitude = place or (float(cell["latitude"][0]), float(cell["longitude"][0]))
            cell = cell.sel(latitude=latitude, longitude=longitude, method="nearest")
            away = max(abs(float(cell["latitude"]) - latitude), abs(float(cell["longitude"]) - longitude))
            if away > FARTHEST_CELL_DEG:
                problem = f"has no cell within {FARTHEST_CELL_DEG}° of {latitude:g}, {longitude:g}"
                raise BadInput([Fault(file, "grid", problem, "download an area around the site")])
        frame = cell.squeeze(drop=True).to_dataframe().reset_index().rename(columns=ERA5)
    frame["dry_bulb"] -= 273.15
    frame["dew_point"] -= 273.15
    frame["month"], frame["hour"] = frame["time"].dt.month, frame["time"].dt.hour
    raise_faults(_value_faults(file, frame, 1, ("dry_bulb", "dew_point", "pressure")))
    return WeatherFile(_with_wet_bulb(frame, None), 0.0)


def _value_faults(file: str, table: pd.DataFrame, first_line: int, names: tuple[str, ...]) -> list[Fault]:
    """Too short, missing or impossible values; at most five lines of each kind, and how many more."""
    faults = []
    if len(table) < WHOLE_YEAR:
        faults.append(Fault(file, "rows", f"has {len(table)} hours", "a whole year of 8,760 hours is needed"))
    for name in names:
        lowest, highest = LIMITS[name]
        bad = np.flatnonzero(~table[name].between(lowest, highest).to_numpy())
        for row in bad[:5]:
            value = table[name].iloc[row]
            outside = f"{name} {value:g} is outside {lowest:g}…{highest:g}"
            problem = f"{name} is missing" if pd.isna(value) else outside
            remedy = "give °C, not kelvin" if highest < 100 < value < 350 else "correct or fill the hour"
            faults.append(Fault(file, f"line {row + first_line}", problem, remedy))
        if len(bad) > 5:
            faults.append(Fault(file, name, f"{len(bad) - 5} more hours like that", "correct or fill them"))
    return faults


def _with_wet_bulb(table: pd.DataFrame, humidity: pd.Series | None) -> pd.DataFrame:
    dry, pressure = table["dry_bulb"].to_numpy(float), table["pressure"].to_numpy(float)
    if humidity is not None:
        share = np.clip(humidity.to_numpy(float) / 100, 0.0, 1.0)
        wet = moist.wet_bulb(dry, share, pressure)
    else:
        dew = np.minimum(table["dew_point"].to_numpy(float), dry)
        vapour = moist.saturation_pressure(dew)
        humidity_ratio = moist.humidity_ratio_from_vapour(vapour, pressure)
        wet = moist.wet_bulb_from_humidity_ratio(dry, humidity_ratio, pressure)
    return pd.DataFrame({
        "month": table["month"].astype(int), "hour": table["hour"].astype(int),
        "dry_bulb": dry, "wet_bulb": np.minimum(wet, dry), "pressure": pressure,
    })  # fmt: skip
