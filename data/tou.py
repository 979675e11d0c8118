"""Time-of-use calendars: the ratio of each hour's energy price to the mean of its month."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.evidence import read_table

Array = npt.NDArray[np.float64]
HALF_HOURS = 48
PAINTED = ("valley", "deep", "peak", "sharp")  # each over the ones before


@cache
def _calendars() -> dict[str, Array]:
    table = read_table("power_tou.csv")
    calendars: dict[str, Array] = {}
    for name, rows in table.groupby("tou"):
        calendar = np.ones((12, HALF_HOURS))
        for _, row in rows.iterrows():
            day = _paint(row)
            for month in str(row["months"]).split():
                calendar[int(month) - 1] = day
        calendars[str(name)] = calendar.reshape(12, 24, 2).mean(axis=2)
    return calendars


def tou_ratios(tou: str, spread: float) -> Array:
    """month × hour of the Beijing day: price over the month's mean for a flat load; `spread` moves it from 1.

    A flat load pays the month's market mean whatever the calendar, so each month averages 1.
    """
    shape = _calendars()[tou]
    ratios = shape / shape.mean(axis=1, keepdims=True)
    return np.asarray(1 + spread * (ratios - 1))


def _paint(row: pd.Series) -> Array:
    """48 half hours of a day with the calendar's ratios; flat is 1."""
    day = np.ones(HALF_HOURS)
    for kind in PAINTED:
        if pd.notna(row[kind]):
            for span in str(row[kind]).split():
                first, last = (round(2 * float(edge)) for edge in span.split("-"))
                hours = range(first, last if last > first else last + HALF_HOURS)
                day[[hour % HALF_HOURS for hour in hours]] = float(row[f"ratio_{kind}"])
    return day
