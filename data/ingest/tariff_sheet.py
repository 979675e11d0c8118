"""Reads a user's own all-in tariffs: rows of place, months, hours and price."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.errors import Fault, raise_faults
from data.ingest.own_tables import read_own_sheet
from data.wording import did_you_mean

Array = npt.NDArray[np.float64]
COLUMNS = ("place", "months", "first_hour", "last_hour", "price_cny_per_mwh")
DEMAND_COLUMN = "demand_charge_cny_per_kw_month"
PRICE_RANGE = (-1000.0, 10000.0)
SLIP_BELOW = 5.0  # a price this small was meant in CNY/kWh
KW_IN_MW = 1000
EMPTY = float("nan")


@dataclass(frozen=True)
class OwnTariffs:
    """price: month × hour of the UTC+8 day in CNY/MWh by place; demand_charge: CNY/MW/month by place."""

    price: dict[str, Array]
    demand_charge: dict[str, float]


def read_tariffs(path: Path, places: Iterable[str]) -> OwnTariffs:
    """Read a CSV or Excel sheet with columns place, months, first_hour, last_hour, price_cny_per_mwh.

    `place` is a site id, province or country code; `months` is * or months such as "6 7 8" or "6-8"; hours
    are of the UTC+8 day, half-open, and together cover every hour of every month once. The optional column
    demand_charge_cny_per_kw_month says one figure per place. Raises BadInput with every fault of the sheet.
    """
    table = read_own_sheet(path)
    missing = [column for column in COLUMNS if column not in table.columns]
    raise_faults(
        Fault(path.name, f"column {column}", "is missing", f"the sheet needs {', '.join(COLUMNS)}")
        for column in missing
    )
    known, faults = list(places), []
    grids: dict[str, Array] = {}
    for index, row in table.iterrows():
        where = f"row {index}"
        months, found = _checked(row, known, path.name, where)
        faults += found
        if not found:
            grid = grids.setdefault(str(row["place"]), np.full((12, 24), EMPTY))
            faults += _fill(grid, row, months, path.name, where)
    faults += [fault for place, grid in grids.items() for fault in _gaps(grid, place, path.name)]
    charges, more = _demand_charges(table, path.name)
    raise_faults(faults + more)
    return OwnTariffs(grids, charges)


def _checked(row: pd.Series, known: list[str], file: str, where: str) -> tuple[list[int], list[Fault]]:
    """The months of a row, and what is wrong with the row."""
    faults = []
    if str(row["place"]) not in known:
        problem = f'place "{row["place"]}" is neither a site of the study nor its province or country'
        faults.append(Fault(file, where, problem, did_you_mean(str(row["place"]), known)))
    months = _months(str(row["months"]))
    if not months:
        faults.append(Fault(file, where, f'months "{row["months"]}" are not months', "write *, 7, 6-8 or 12 1 2"))
    first, last, price = (_number(row[name]) for name in ("first_hour", "last_hour", "price_cny_per_mwh"))
    whole = not np.isnan(first + last) and first == int(first) and last == int(last)
    if not whole or not 0 <= first < last <= 24:
        problem = f"hours {row['first_hour']} to {row['last_hour']} do not lie in 0 to 24"
        remedy = "use whole hours, first before last; split a span over midnight in two"
        faults.append(Fault(file, where, problem, remedy))
    if np.isnan(price) or not PRICE_RANGE[0] <= price <= PRICE_RANGE[1]:
        faults.append(Fault(file, where, f"price {row['price_cny_per_mwh']} is not a price in CNY/MWh", ""))
    elif 0 < price < SLIP_BELOW:
        faults.append(
            Fault(file, where, f"price {price:g} CNY/MWh looks like CNY/kWh", f"did you mean {price * 1000:g}?")
        )
    return months, faults


def _months(text: str) -> list[int]:
    """Months of a cell, or an empty list when it does not name months.

    >>> _months("12 1-2"), _months("*")[-1], _months("13")
    ([12, 1, 2], 12, [])
    """
    if text.strip() == "*":
        return list(range(1, 13))
    months: list[int] = []
    for part in text.replace(",", " ").split():
        edges = [_number(edge) for edge in part.split("-")]
        if len(edges) > 2 or any(np.isnan(edge) or edge != int(edge) or not 1 <= edge <= 12 for edge in edges):
            return []
        months += range(int(edges[0]), int(edges[-1]) + 1)
    return months


def _fill(grid: Array, row: pd.Series, months: list[int], file: str, where: str) -> list[Fault]:
    """Write a row into its place's grid; a second price for the same hour is a fault."""
    hours = slice(int(_number(row["first_hour"])), int(_number(row["last_hour"])))
    part = grid[[month - 1 for month in months], hours]
    if not np.isnan(part).all():
        return [
            Fault(
                file,
                where,
                f"gives {row['place']} a second price for the same hours",
                "leave one of the rows out",
            )
        ]
    grid[[month - 1 for month in months], hours] = _number(row["price_cny_per_mwh"])
    return []


def _gaps(grid: Array, place: str, file: str) -> list[Fault]:
    """One fault per place whose rows leave hours without a price."""
    empty = np.argwhere(np.isnan(grid))
    if not len(empty):
        return []
    month, hour = empty[0]
    problem = f"{len(empty)} of 288 month-hours have no price, the first in month {month + 1} at {hour}:00"
    return [Fault(file, f"place {place}", problem, "add rows until every hour of every month has one")]


def _demand_charges(table: pd.DataFrame, file: str) -> tuple[dict[str, float], list[Fault]]:
    if DEMAND_COLUMN not in table.columns:
        return {}, []
    charges, faults = {}, []
    for place, values in table.groupby("place")[DEMAND_COLUMN]:
        numbers = {_number(value) for value in values.dropna()}
        if len(numbers) > 1 or any(np.isnan(number) or number < 0 for number in numbers):
            problem = f"demand charges {sorted(values.dropna())} are not one figure"
            remedy = "give one charge per place, in CNY per kW and month"
            faults.append(Fault(file, f"place {place}", problem, remedy))
        elif numbers:
            charges[str(place)] = numbers.pop() * KW_IN_MW
    return charges, faults


def _number(cell: object) -> float:
    try:
        return float(str(cell).strip())
    except ValueError:
        return EMPTY
