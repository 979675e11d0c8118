"""A plan that solves in seconds, and one like it at other prices: what the tests of figures start from."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import xarray as xr

from data.scenario import Scenario
from model.events import SolveOptions
from model.runs import save_run
from model.solver import solve
from tests.synthetic import synthetic_instance

OPTIONS = SolveOptions(gap=1e-3, time_limit_s=30, threads=1)
Plan = tuple[xr.Dataset, xr.Dataset]


@cache
def plan(carbon_price: float = 60.0) -> Plan:
    """Instance and solution of three candidates and one existing fleet, two periods, two hydrological years."""
    instance = synthetic_instance(sites=3, origins=3, workloads=2, replicas=False, demand_mw=60.0, seed=1)
    instance["carbon_price"] = instance["carbon_price"] * 0 + carbon_price
    return instance, solve(instance, OPTIONS)


def saved_plan(root: Path, name: str, title: str, carbon_price: float = 60.0) -> Path:
    """The plan as a run folder under `root`."""
    study = Scenario.model_validate({"name": name, "title": title, "policy": {"carbon_price_cny_per_t": carbon_price}})
    return save_run(root / name, study, *plan(carbon_price))
