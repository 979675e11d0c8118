"""One study measured: cold solves, what-ifs on the solved study, import of the solver, YAML to exit.

    python -m tests.benchmarks.study cold [--study guizhou] [--gap 0.02 0.005 0.001] [--repeats 3]
    python -m tests.benchmarks.study what-ifs [--study guizhou] [--gap 0.005]
    python -m tests.benchmarks.study import | exit [--repeats 5]

Every solve is in a process of its own with the imports done before the clock starts; `exit` is the command line whole.
"""

from __future__ import annotations

import argparse
import inspect
import json
import statistics
import tempfile
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from model.events import SolveOptions
from tests.benchmarks.processes import Finished, run_module, run_python, tell

Change = Callable[[xr.Dataset, xr.Dataset], xr.Dataset]  # instance and its plan to the changed instance


def built(study: str, *overrides: str) -> xr.Dataset:
    """The instance of a study."""
    from data.instance import build_instance
    from data.scenario.reading import read_scenario

    return build_instance(read_scenario(study, overrides))


def energy_dearer(instance: xr.Dataset, plan: xr.Dataset) -> xr.Dataset:
    """A tenth on the grid price of the site with most load."""
    most = int(plan["it_load"].sum("period").to_numpy().argmax())
    price = instance["grid_price"].copy(deep=True)
    price[{"site": most}] = price[{"site": most}] * 1.1
    return instance.assign(grid_price=price)


def site_forced(instance: xr.Dataset, plan: xr.Dataset) -> xr.Dataset:
    """The largest plot that the plan leaves closed must be open in the last period."""
    closed = (plan["is_open"].sum("period") == 0) & instance["open_allowed"].isel(period=-1) & instance["site_allowed"]
    chosen = int(instance["plot_limit"].where(closed, -np.inf).to_numpy().argmax())
    forced = instance["open_forced"].copy(deep=True)
    forced[{"site": chosen, "period": -1}] = True
    return instance.assign(open_forced=forced)


def as_told(_: xr.Dataset, __: xr.Dataset, study: str, override: str) -> xr.Dataset:
    """The study built again with one value changed."""
    return built(study, override)


def what_ifs(study: str) -> dict[str, Change]:
    """The changes measured, by name."""
    return {
        "grid price of the busiest site +10 %": energy_dearer,
        "carbon price 120 CNY/t": partial(as_told, study=study, override="policy.carbon_price_cny_per_t=120"),
        "demand growth × 1.1": partial(as_told, study=study, override="demand.growth_multiplier=1.1"),
        "a closed site forced open": site_forced,
        "the law of June 2021": partial(as_told, study=study, override="law.as_of=2021-06-01"),
    }


def cold_worker(study: str, options: SolveOptions) -> dict[str, Any]:
    """One cold solve."""
    from tests.benchmarks.timing import as_values, import_first, timed

    import_first()
    return as_values(timed(built(study), options)[0])


def what_if_worker(study: str, options: SolveOptions) -> dict[str, Any]:
    """The study solved, then every what-if warm (where the solver takes a start) and cold."""
    from model.solver import solve
    from tests.benchmarks.timing import import_first, timed

    import_first()
    instance = built(study)
    base, plan = timed(instance, options)
    engine: Callable[..., xr.Dataset] = solve
    can_start = "start" in inspect.signature(solve).parameters
    rows = []
    for name, change in what_ifs(study).items():
        changed = change(instance, plan)
        row: dict[str, Any] = {"what_if": name, "warm_s": None, "warm_gap": None}
        if can_start:
            warm, _ = timed(changed, options, partial(engine, start=plan))
            row |= {"warm_s": warm.wall_s, "warm_gap": warm.gap, "warm_cny": warm.objective_cny}
        cold, _ = timed(changed, options)
        rows.append(row | {"cold_s": cold.wall_s, "cold_gap": cold.gap, "cold_cny": cold.objective_cny})
    return {"base_s": base.wall_s, "rows": rows} | what_if_medians(rows)


def what_if_medians(rows: list[dict[str, Any]]) -> dict[str, float | None]:
    """Median seconds warm and cold, and the median of cold over warm."""
    warm = [row["warm_s"] for row in rows if row["warm_s"] is not None]
    return {
        "cold_s": statistics.median(row["cold_s"] for row in rows),
        "warm_s": statistics.median(warm) if warm else None,
        "ratio": statistics.median(row["cold_s"] / row["warm_s"] for row in rows) if warm else None,
    }


def in_process(kind: str, study: str, options: SolveOptions) -> Finished:
    """A worker in a process of its own."""
    return run_module(
        "tests.benchmarks.study", kind, f"--study={study}", f"--gap={options.gap!r}",
        f"--time-limit={options.time_limit_s!r}", f"--threads={options.threads}", "--worker",
    )  # fmt: skip


def cold(study: str, gaps: Iterable[float], repeats: int, time_limit_s: float, threads: int = 2) -> dict[str, Any]:
    """Medians of cold solves by gap: wall seconds, and seconds to the event that certified the gap; peak memory."""
    by_gap = {}
    for gap in gaps:
        ended = [in_process("cold", study, SolveOptions(gap, time_limit_s, threads)) for _ in range(repeats)]
        by_gap[f"{gap:g}"] = summary(ended, f"{gap:g}")
    return by_gap


def what_ifs_measured(study: str, options: SolveOptions) -> dict[str, Any]:
    """The what-ifs of a study in a process of its own."""
    ended = in_process("what-ifs", study, options)
    return ended.result or {"failure": ended.problem}


def summary(ended: list[Finished], gap: str) -> dict[str, Any]:
    """Medians over repeated solves; what failed is told."""
    good = [one.result for one in ended if one.result is not None]
    told: dict[str, Any] = {
        "repeats": len(good), "failed": [one.problem for one in ended if one.result is None],
        "peak_gib": round(max(one.peak_gib for one in ended), 3),
    }  # fmt: skip
    if good:
        certified = [one["to_gap"].get(gap) for one in good]
        told |= {
            "wall_s": statistics.median(one["wall_s"] for one in good),
            "slowest_s": max(one["wall_s"] for one in good),
            "certified_s": None if None in certified else statistics.median(certified),
            "first_plan_s": statistics.median(one["to_first_plan"] or one["wall_s"] for one in good),
            "gap": max(one["gap"] for one in good), "objective_cny": min(one["objective_cny"] for one in good),
            "columns": good[0]["columns"],
        }  # fmt: skip
    return told


def import_time(repeats: int) -> dict[str, float]:
    """Median seconds `import model.solver` takes, in processes of their own after a first one that warms the disk."""
    clock = "time.perf_counter()"
    code = f"import time; begun = {clock}; import model.solver; print('measured', round({clock} - begun, 4))"
    found = [run_python(["-c", code]).result for _ in range(repeats + 1)][1:]
    return {"import_s": statistics.median(found), "slowest_s": max(found), "repeats": repeats}


def yaml_to_exit(study: str, gap: float, repeats: int) -> dict[str, Any]:
    """Median wall seconds of `hallsite solve STUDY --gap GAP`, run folder written, process ended; and peak memory."""
    ended = []
    for _ in range(repeats):
        with tempfile.TemporaryDirectory() as folder:
            words = ("solve", study, f"--gap={gap!r}", f"--out={Path(folder) / 'run'}", "--quiet")
            ended.append(run_module("hallsite", *words))
    return {
        "wall_s": statistics.median(one.wall_s for one in ended), "slowest_s": max(one.wall_s for one in ended),
        "peak_gib": round(max(one.peak_gib for one in ended), 3), "repeats": repeats,
        "failed": [one.problem for one in ended if one.problem],
    }  # fmt: skip


def main(arguments: list[str] | None = None) -> None:
    """Measure one kind and print it as JSON."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.study", description=__doc__.split("\n")[0])
    parser.add_argument("kind", choices=["cold", "what-ifs", "import", "exit"])
    parser.add_argument("--study", default="guizhou")
    parser.add_argument("--gap", type=float, nargs="+")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--time-limit", type=float, default=600.0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    gaps = asked.gap or ([0.02, 0.005, 0.001] if asked.kind == "cold" else [0.005])
    options = SolveOptions(gaps[0], asked.time_limit, asked.threads)
    if asked.worker:
        tell((cold_worker if asked.kind == "cold" else what_if_worker)(asked.study, options))
        return
    result: Any
    if asked.kind == "cold":
        result = cold(asked.study, gaps, asked.repeats, asked.time_limit, asked.threads)
    elif asked.kind == "what-ifs":
        result = what_ifs_measured(asked.study, options)
    elif asked.kind == "import":
        result = import_time(asked.repeats)
    else:
        result = yaml_to_exit(asked.study, gaps[0], asked.repeats)
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
