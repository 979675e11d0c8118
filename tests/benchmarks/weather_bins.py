"""PUE and WUE from the embedded weather bins against the hourly typical years they were made from.

Run `python -m tests.benchmarks.weather_bins RAW`, where RAW/climate holds the files `data/ingest/climate.py`
reads. Every station, every cooling system, wet and dry, at 0.65 of IT load; the aim is 0.002 of PUE.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd

from data.cooling import SYSTEMS, Operation, Outdoor, facility
from data.evidence import assumptions
from data.ingest.climate import hourly_stations
from data.psychrometrics import Array
from data.weather import station_bins

LOAD = 0.65


def compare(raw: Path) -> pd.DataFrame:
    """Absolute error of yearly PUE and WUE by station, system and way of running."""
    p, embedded, rows = assumptions({}), station_bins(), []
    for station, hourly in hourly_stations(raw):
        bins = embedded.sel(station=station)
        dry, wet, hours = (bins[name].to_numpy() for name in ("dry_bulb", "wet_bulb", "hours"))
        ground = float(hourly["dry_bulb"].mean()) + p["ground_above_air"]
        year = [hourly[name].to_numpy(float) for name in ("dry_bulb", "wet_bulb", "pressure")]
        exact = Outdoor(year[0], year[1], year[2], np.full(len(hourly), ground))
        binned = Outdoor(dry, wet, np.full_like(dry, float(bins["pressure"])), np.full_like(dry, ground))
        for system in SYSTEMS:
            for sparing in (False, True):
                run = Operation(dry=sparing)
                true, close = (facility(system, air, LOAD, p, run) for air in (exact, binned))
                errors = [
                    abs(_mean(getattr(close, name), hours) - getattr(true, name).mean()) / LOAD
                    for name in ("power", "water")
                ]
                rows.append((station, system, "dry" if sparing else "wet", *errors))
    return pd.DataFrame(rows, columns=["station", "system", "run", "pue_error", "wue_error"])


def _mean(values: Array, hours: Array) -> float:
    return float((values * hours).sum() / hours.sum())


if __name__ == "__main__":
    table = compare(Path(sys.argv[1]))
    print(f"{table['station'].nunique()} stations")
    errors = table.groupby(["system", "run"])[["pue_error", "wue_error"]]
    print(errors.agg(["mean", "max"]).round(5).to_string())
