"""Demand and fleet tables that users own: loads by origin, workload and year; halls by province and year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from data.errors import Fault, raise_faults
from data.ingest.own_tables import read_own_table
from data.wording import did_you_mean

KEYS = ("origin", "workload")
FLEET_KEYS = ("province", "hall_type")
FLEET_NUMBERS = ("halls", "retire_year")


def read_demand_sheet(
    path: Path, origins: Iterable[str], workloads: Iterable[str], years: tuple[float, float]
) -> pd.DataFrame:
    """Own loads in MW: columns origin, workload, people (NaN when empty), then one column per year (int).

    `years` is the first and last year that the year columns must enclose. Raises BadInput with every fault.
    """
    table, file = read_own_table(path), str(path)
    columns = year_columns(table)
    faults = [*header_faults(file, table, years)]
    if set(KEYS) <= set(table.columns):
        faults += name_faults(file, table, dict(zip(KEYS, (list(origins), list(workloads)), strict=True)))
        faults += [
            Fault(file, str(where), f"{row.origin} / {row.workload} appears twice", "join the two rows")
            for where, row in table.loc[table.duplicated(list(KEYS))].iterrows()
        ]
    faults += number_faults(file, table, columns, "write MW, 0 or more")
    if "people" in table:
        stated = table.loc[table["people"] != ""]
        faults += number_faults(file, stated, ["people"], "write persons, 0 or more")
    raise_faults(faults)
    people = pd.to_numeric(table["people"]) if "people" in table else np.nan
    loads = table[columns].astype(float).rename(columns=int)
    return pd.concat([table[list(KEYS)].assign(people=people), loads.sort_index(axis=1)], axis=1)


def read_fleet_sheet(path: Path, provinces: Iterable[str], hall_types: Iterable[str]) -> pd.DataFrame:
    """Own existing halls: columns province, hall_type, halls, retire_year. BadInput names every fault."""
    table, file = read_own_table(path), str(path)
    wanted = (*FLEET_KEYS, *FLEET_NUMBERS)
    raise_faults(missing_columns(file, table, wanted))
    known = dict(zip(FLEET_KEYS, (list(provinces), list(hall_types)), strict=True))
    faults = [*name_faults(file, table, known)]
    faults += number_faults(file, table, list(FLEET_NUMBERS), "write a whole number", whole=True)
    raise_faults(faults)
    return table[list(wanted)].astype(dict.fromkeys(FLEET_NUMBERS, int))


def year_columns(table: pd.DataFrame) -> list[str]:
    """The columns named by a year."""
    return [column for column in table.columns if column.isdigit() and len(column) == 4]


def header_faults(file: str, table: pd.DataFrame, years: tuple[float, float]) -> Iterator[Fault]:
    """What the header of a demand table lacks: keys, or years that enclose the study."""
    yield from missing_columns(file, table, KEYS)
    columns = year_columns(table)
    for column in set(table.columns) - {*KEYS, "people", "note", *columns}:
        remedy = "name it by a year such as 2026, or remove it"
        yield Fault(file, "header", f"column {column!r} is not known", remedy)
    found = [int(column) for column in columns]
    if not found:
        yield Fault(file, "header", "no column is named by a year", "add columns of MW such as 2026 and 2035")
    elif min(found) > years[0] or max(found) < years[1]:
        problem = f"{min(found)} to {max(found)} does not enclose the study's {years[0]:g} to {years[1]:g}"
        yield Fault(file, "header", problem, "add the missing years")


def missing_columns(file: str, table: pd.DataFrame, wanted: Iterable[str]) -> Iterator[Fault]:
    """One fault per wanted column that the table does not have."""
    for column in wanted:
        if column not in table:
            remedy = did_you_mean(column, table.columns, "add it")
            yield Fault(file, "header", f"column {column} is missing", remedy)


def name_faults(file: str, table: pd.DataFrame, known: dict[str, list[str]]) -> Iterator[Fault]:
    """Cells whose name is not among the known ones of their column."""
    for column, choices in known.items():
        for where, name in table[column].items():
            if name not in choices:
                remedy = did_you_mean(name, choices, "`hallsite catalogue` lists the names")
                yield Fault(file, str(where), f"{column} {name!r} is not in this study", remedy)


def number_faults(
    file: str, table: pd.DataFrame, columns: list[str], remedy: str, whole: bool = False
) -> Iterator[Fault]:
    """Cells that are not finite numbers of 0 or more (or not whole ones)."""
    for column in columns:
        numbers = pd.to_numeric(table[column], errors="coerce")
        bad = ~np.isfinite(numbers) | (numbers < 0) | (whole & (numbers % 1 != 0))
        for where, cell in table.loc[bad, column].items():
            yield Fault(file, str(where), f"{column} is {cell or 'empty'}", remedy)
