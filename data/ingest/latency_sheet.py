"""Reads a user's sheet of measured latencies between origins and sites."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from data.errors import BadInput, Fault
from data.ingest.own_tables import read_own_sheet
from data.wording import did_you_mean

COLUMNS = ("origin", "site", "latency_ms", "direction")
DIRECTIONS = {"round_trip": 1.0, "one_way": 2.0}  # round trips per stated value
PERCENTILES = (50, 95, 99)
LONGEST_MS = 2000.0
OVERRIDE_COLUMNS = ["origin", "site", "round_trip_ms", "percentile", "source", "evidence"]


def overridden(rows: list[tuple[object, ...]]) -> pd.DataFrame:
    """Table of pairs that replace the model."""
    return pd.DataFrame(rows, columns=OVERRIDE_COLUMNS)


def read_latency_sheet(path: Path, origins: pd.Index, sites: pd.Index) -> tuple[pd.DataFrame, list[Fault]]:
    """Pairs of a CSV or Excel sheet as round trips, and all its faults at once.

    Columns: origin, site, latency_ms, direction (round_trip or one_way; never guessed), and if wanted
    percentile (50, 95 or 99; 50 when left out).
    """
    table, faults = _read(path)
    missing = [name for name in COLUMNS if name not in table.columns] if not faults else []
    faults += [
        Fault(path.name, "header", f"the column {name} is missing", f"it needs {', '.join(COLUMNS)}")
        for name in missing
    ]
    if faults:
        return overridden([]), faults
    if "percentile" not in table.columns:
        table["percentile"] = 50
    table["percentile"] = table["percentile"].fillna(50)
    faults = [fault for number, row in _rows(table) for fault in _row_faults(path.name, number, row, origins, sites)]
    doubled = table.duplicated(["origin", "site"])
    faults += [
        Fault(path.name, f"row {number}", f"{row['origin']} to {row['site']} appears twice", "keep one")
        for number, row in _rows(table)
        if doubled.loc[number]
    ]
    if faults:
        return overridden([]), faults
    return overridden([
        (row["origin"], row["site"], float(str(row["latency_ms"])) * DIRECTIONS[str(row["direction"])],
         int(float(str(row["percentile"]))), "network-user", "user")
        for _, row in _rows(table)
    ]), []  # fmt: skip


def _read(path: Path) -> tuple[pd.DataFrame, list[Fault]]:
    try:
        return read_own_sheet(path), []
    except BadInput as error:
        return pd.DataFrame(), list(error.faults)


def _rows(table: pd.DataFrame) -> Iterable[tuple[int, dict[str, object]]]:
    """Rows with their number as the user's editor shows it: the header is row 1."""
    for number, row in zip(table.index, table.to_dict("records"), strict=True):
        yield int(number), {str(key): value for key, value in row.items()}


def _row_faults(file: str, number: int, row: dict[str, object], origins: pd.Index, sites: pd.Index) -> Iterable[Fault]:
    where = f"row {number}"
    for key, known in (("origin", origins), ("site", sites)):
        if row[key] not in known:
            names = [str(name) for name in known]
            remedy = did_you_mean(str(row[key]), names)
            yield Fault(file, where, f"{row[key]} is no {key} of this study", remedy)
    latency = pd.to_numeric(str(row["latency_ms"]), errors="coerce")
    if not 0 < latency <= LONGEST_MS:
        problem = f"latency_ms {row['latency_ms']} is not between 0 and {LONGEST_MS:g}"
        yield Fault(file, where, problem, "give milliseconds")
    if row["direction"] not in DIRECTIONS:
        yield Fault(file, where, f"direction {row['direction']} is unknown", "write round_trip or one_way")
    if pd.to_numeric(str(row["percentile"]), errors="coerce") not in PERCENTILES:
        yield Fault(file, where, f"percentile {row['percentile']} is unknown", "write 50, 95 or 99")
