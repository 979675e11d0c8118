"""Daily load shapes from the hourly cluster traces."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

HOURS = 24
HARMONICS = 2

# The files repeat one recording to fill a year; only the first repeat is information.
TRACES: dict[str, tuple[tuple[str, int], ...]] = {
    "online": (("Alibaba_CPU_Data_Hourly_1.csv", 168), ("Alibaba_CPU_Data_Hourly_2.csv", 168)),
    "batch": (("GoogleClusteData_CPU_Data_Hourly_1.csv", 672),),
}
SOURCES = {"online": "demand-trace-alibaba", "batch": "demand-trace-google"}


def rebuild(raw: Path, tables: Path) -> None:
    """Write demand_profiles.csv (profile, hour, shape, source, evidence) from raw/workload."""
    rows = [
        (profile, hour, f"{value:.4f}", SOURCES[profile], "derived")
        for profile, files in sorted(TRACES.items())
        for hour, value in enumerate(profile_shape(raw / "workload", files))
    ]
    rows += [("steady", hour, "1.0000", "demand-workload-judgement", "estimated") for hour in range(HOURS)]
    table = pd.DataFrame(rows, columns=["profile", "hour", "shape", "source", "evidence"])
    table.to_csv(tables / "demand_profiles.csv", index=False, lineterminator="\n")


def profile_shape(folder: Path, files: tuple[tuple[str, int], ...]) -> npt.NDArray[np.float64]:
    """CPU load by hour of the day, mean 1; the mean of the files' smoothed shapes."""
    loads = [pd.read_csv(folder / name)["cpu_load"].to_numpy(dtype=float)[:hours] for name, hours in files]
    return np.asarray(np.mean([daily_shape(load) for load in loads], axis=0), dtype=np.float64)


def daily_shape(load: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Mean day of an hourly series, scaled to mean 1 and smoothed to its first two harmonics.

    A week holds seven samples of each hour: what is faster than half a day is noise there.
    The traces name no clock; their first hour is read as midnight (UTC+8).

    >>> hours = np.arange(48)
    >>> shape = daily_shape(2 + np.cos(2 * np.pi * hours / 24) + np.cos(2 * np.pi * hours / 3))
    >>> [round(float(value), 3) for value in shape[[0, 6, 12]]]
    [1.5, 1.0, 0.5]
    """
    if len(load) % HOURS:
        raise ValueError(f"a trace of {len(load)} hours is not whole days")
    spectrum = np.fft.rfft(load.reshape(-1, HOURS).mean(axis=0))
    spectrum[HARMONICS + 1 :] = 0
    return np.asarray(np.fft.irfft(spectrum, HOURS) / load.mean(), dtype=np.float64)
