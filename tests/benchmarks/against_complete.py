"""Paired times: solve(instance) against the complete model built in Pyomo and handed to HiGHS and to SCIP, in one run.

    python -m tests.benchmarks.against_complete [--study guizhou] [--gap 0.005] [--cap 1800] [--json]

Without --study a synthetic instance with a seed is taken. Times are wall seconds without imports, each in a process of
its own; those of the others include building and handing over, told apart. `--cap` bounds the others' solve.
"""

from __future__ import annotations

import argparse
import importlib
import json
import time
from importlib.util import find_spec
from typing import Any

import pyomo.environ as pyo
import xarray as xr

from model.events import SolveOptions
from model.full import to_pyomo
from model.problem import MONEY
from tests.benchmarks.processes import run_module, tell
from tests.benchmarks.study import built
from tests.benchmarks.timing import import_first, timed
from tests.synthetic import synthetic_instance

STARTING_S = 900.0  # beyond the cap, for building the complete model and handing it over


def instance_of(study: str | None) -> xr.Dataset:
    """The instance of a study, or a small one with a seed."""
    if study:
        return built(study)
    return synthetic_instance(sites=12, origins=10, workloads=4, periods=3, blocks=1, hydro_years=3)


def by_highs(model: pyo.ConcreteModel, gap: float, cap: float, threads: int) -> tuple[float | None, float | None]:
    """Plan's cost and bound in million CNY, by Pyomo's own interface to HiGHS; None where nothing was found."""
    highs = pyo.SolverFactory("appsi_highs")
    highs.config.load_solution = False
    highs.highs_options = {"mip_rel_gap": gap, "time_limit": cap, "threads": threads}
    found = highs.solve(model, load_solutions=False).problem
    return found.upper_bound, found.lower_bound


def by_scip(model: pyo.ConcreteModel, gap: float, cap: float, threads: int) -> tuple[float | None, float | None]:
    """The same by Pyomo's interface to SCIP, which uses one thread."""
    scip = importlib.import_module("pyomo.contrib.solver.solvers.scip.scip_direct").ScipDirect()
    found = scip.solve(
        model, rel_gap=gap, time_limit=cap, load_solutions=False, raise_exception_on_nonoptimal_result=False
    )
    return found.incumbent_objective, found.objective_bound


OTHERS = {"HiGHS": by_highs, "SCIP": by_scip}


def worker(engine: str, instance: xr.Dataset, gap: float, cap: float, threads: int) -> dict[str, Any]:
    """One engine on one instance: seconds, certified gap, cost in CNY."""
    if engine == "hallsite":
        told, _ = timed(instance, SolveOptions(gap, cap, threads))
        return {"wall_s": told.wall_s, "build_s": 0.0, "gap": told.gap, "objective_cny": told.objective_cny}
    if engine == "SCIP" and not find_spec("pyscipopt"):
        return {"absent": "pyscipopt is not installed"}
    begun = time.perf_counter()
    model = to_pyomo(instance, full=True)
    built_s = time.perf_counter() - begun
    best, bound = OTHERS[engine](model, gap, cap, threads)
    wall = time.perf_counter() - begun
    certified = None if best is None or bound is None or abs(best) == float("inf") else max(0.0, best - bound) / best
    return {
        "wall_s": round(wall, 3),
        "build_s": round(built_s, 3),
        "gap": certified,
        "objective_cny": None if certified is None or best is None else best / MONEY,
    }


def compared(study: str | None, gap: float, cap: float, threads: int = 2) -> dict[str, Any]:
    """Every engine in a process of its own; `times_faster` where another's wall time is known to be at least that."""
    rows: dict[str, Any] = {}
    for engine in ("hallsite", *OTHERS):
        asked = [f"--gap={gap!r}", f"--cap={cap!r}", f"--threads={threads}", f"--worker={engine}"]
        ended = run_module(
            "tests.benchmarks.against_complete", *asked, *([f"--study={study}"] if study else []),
            limit_s=2 * cap + STARTING_S,
        )  # fmt: skip
        rows[engine] = (ended.result or {"problem": ended.problem}) | {"peak_gib": round(ended.peak_gib, 3)}
    ours = rows["hallsite"].get("wall_s")
    for engine in OTHERS:
        row = rows[engine]
        if ours and row.get("wall_s"):
            row["times_faster"] = round(row["wall_s"] / ours, 1)
            row["reached"] = row["gap"] is not None and row["gap"] <= gap * (1 + 1e-6)
    return {"gap": gap, "cap_s": cap, "study": study or "synthetic", "rows": rows}


def printed(found: dict[str, Any]) -> str:
    """A line per engine."""
    lines = []
    for engine, row in found["rows"].items():
        if "wall_s" not in row:
            lines.append(f"{engine:<9} {row.get('absent') or row.get('problem')}")
            continue
        gap = "none" if row["gap"] is None else f"{row['gap']:.3%}"
        cost = "no plan" if row["objective_cny"] is None else f"{row['objective_cny'] / 1e9:.3f} bn CNY"
        ratio = (
            f"  {'' if row['reached'] else 'at least '}{row['times_faster']:g} times" if "times_faster" in row else ""
        )
        lines.append(f"{engine:<9} {row['wall_s']:8.1f} s ({row['build_s']:.1f} s to build)  gap {gap}  {cost}{ratio}")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> None:
    """Measure all and print a line each, or JSON."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.against_complete")
    parser.add_argument("--study")
    parser.add_argument("--gap", type=float, default=0.005)
    parser.add_argument("--cap", type=float, default=1800.0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.worker:
        import_first()
        tell(worker(asked.worker, instance_of(asked.study), asked.gap, asked.cap, asked.threads))
        return
    found = compared(asked.study, asked.gap, asked.cap, asked.threads)
    print(json.dumps(found, indent=1) if asked.json else printed(found))


if __name__ == "__main__":
    main()
