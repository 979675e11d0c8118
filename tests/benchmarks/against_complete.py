"""Paired times: solve(instance) against the complete model built in Pyomo and handed to HiGHS, in one run.

    python -m tests.benchmarks.against_complete [--study guizhou] [--gap 0.005] [--cap 600]

Without --study a synthetic instance with a seed is taken. Times are wall seconds without imports.
"""

from __future__ import annotations

import argparse
import time

import pyomo.environ as pyo
import xarray as xr

from model.events import SolveOptions
from model.full import to_pyomo
from model.problem import MONEY
from model.solver import solve
from tests.synthetic import synthetic_instance


def complete(instance: xr.Dataset, gap: float, cap: float) -> tuple[float, float, float]:
    """The complete model: seconds to build, seconds in all, and its plan's cost in CNY (inf where none was found)."""
    begun = time.perf_counter()
    model = to_pyomo(instance, full=True)
    built = time.perf_counter() - begun
    highs = pyo.SolverFactory("appsi_highs")
    highs.config.load_solution = False
    highs.highs_options = {"mip_rel_gap": gap, "time_limit": cap}
    result = highs.solve(model, load_solutions=False)
    best = result.problem.upper_bound
    return built, time.perf_counter() - begun, float("inf") if best is None else float(best) / MONEY


def main() -> None:
    """Measure both and print one line each, then the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--study")
    parser.add_argument("--gap", type=float, default=0.005)
    parser.add_argument("--cap", type=float, default=600.0)
    asked = parser.parse_args()
    if asked.study:
        from data.instance import build_instance
        from data.scenario.reading import read_scenario

        instance = build_instance(read_scenario(asked.study))
    else:
        instance = synthetic_instance(sites=12, origins=10, workloads=4, periods=3, blocks=1, hydro_years=3)
    begun = time.perf_counter()
    solution = solve(instance, SolveOptions(gap=asked.gap, time_limit_s=asked.cap))
    ours = time.perf_counter() - begun
    found = solution.attrs
    print(f"hallsite  {ours:8.1f} s  gap {found['gap']:.4f}  {found['objective_cny'] / 1e9:.3f} bn CNY")
    built, theirs, best = complete(instance, asked.gap, asked.cap)
    print(f"complete  {theirs:8.1f} s  ({built:.1f} s to build)  {best / 1e9:.3f} bn CNY")
    print(f"ratio     {theirs / ours:8.1f}")


if __name__ == "__main__":
    main()
