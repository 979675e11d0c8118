"""A solve with its clock: when each gap was certified, and what it took."""

from __future__ import annotations

import gc
import importlib
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field

import xarray as xr

from model.events import Event, SolveOptions
from model.solver import solve

GAPS = (0.02, 0.01, 0.005, 0.001)
# xarray imports dask and pint, where they are installed, when it first asks whether an array is one of theirs.
LATE_IMPORTS = ("pyomo.environ", "pyomo.repn.plugins.standard_form", "dask.array", "pint")


def import_first() -> None:
    """Import what a solve would import late, so that times are without imports."""
    for module in LATE_IMPORTS:
        importlib.import_module(module)
    xr.Dataset({"amount": ("place", [1.0])}, coords={"place": ["here"]}).sum()  # what these import for labels and sums
    gc.collect()
    gc.freeze()  # nor is a solve charged for looking through what they made


@dataclass
class Timed:
    """Wall seconds of a solve and to each gap (None where it was not reached), money in CNY."""

    wall_s: float
    gap: float
    objective_cny: float
    bound_cny: float
    status: str
    columns: int
    rows: int
    to_gap: dict[str, float | None] = field(default_factory=dict)
    to_first_plan: float | None = None


def timed(
    instance: xr.Dataset, options: SolveOptions, run: Callable[..., xr.Dataset] = solve
) -> tuple[Timed, xr.Dataset]:
    """Solve with `run` and note when the stream of events first tells each gap."""
    seen: list[Event] = []
    begun = time.perf_counter()
    solution = run(instance, options, seen.append)
    wall, found = time.perf_counter() - begun, solution.attrs
    reached = [(event.seconds, event.gap) for event in seen if event.gap is not None] + [(wall, found["gap"])]
    told = Timed(
        round(wall, 3),
        float(found["gap"]),
        float(found["objective_cny"]),
        float(found["bound_cny"]),
        str(found["status"]),
        max((event.columns for event in seen), default=0),
        max((event.rows for event in seen), default=0),
    )
    for gap in GAPS:
        told.to_gap[f"{gap:g}"] = next((round(seconds, 3) for seconds, at in reached if at <= gap), None)
    told.to_first_plan = next((round(event.seconds, 3) for event in seen if event.incumbent is not None), None)
    return told, solution


def as_values(told: Timed) -> dict[str, object]:
    """The record as plain JSON values."""
    return asdict(told)
