"""How long large instances take: one size, or a decade of sizes with the exponent of time against admissible shares.

    python -m tests.benchmarks.scale [--sites 1000] [--streams 2000] [--periods 5] [--seed 1] [--gap 0.01]
        [--time-limit 300] [--json]
    python -m tests.benchmarks.scale --decade [--steps 5]     sizes up to the one given, over a decade of shares

Every size is solved in a process of its own, whose memory is watched from outside.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import xarray as xr

from data.admissible import admissible
from data.instance_check import check_instance
from model.errors import NoPlan
from model.events import SolveOptions
from tests.benchmarks.processes import Finished, run_module, tell
from tests.benchmarks.scale_instance import Size, scale_instance
from tests.benchmarks.timing import as_values, import_first, timed

FIXED_ACCOUNTS = ["land", "fibre", "site_operation"]  # what opening a site costs, halls and connection not counted
FULL = 1000 * 2000 * 5
FULL_SHARES = 3e6
MANY_SITES = 300
STARTING_S = 60.0  # beyond the time limit, for imports, drawing the instance and checking the plan


def instance_figures(instance: xr.Dataset) -> dict[str, float]:
    """Sizes and what can be said before solving."""
    shares = admissible(instance)
    load = instance["load"].sum("stream")
    return {
        "sites": instance.sizes["site"],
        "streams": instance.sizes["stream"],
        "periods": instance.sizes["period"],
        "slices": instance.sizes["slice"],
        "hydro_years": instance.sizes["hydro_year"],
        "admissible_shares": int(shares.any("operator_mode").sum()),
        "capacity_over_demand": float((instance["plot_limit"].sum() / load).max()),
    }


def plan_figures(solution: xr.Dataset) -> dict[str, float]:
    """What the plan says about the properties asked for; halls and sites are those of the last period."""
    bill = solution["account_cost"].sum(["account_site", "period"])
    last = solution.isel(period=-1)
    halls = last["built_halls"].sum("hall_type").to_numpy()[last["is_open"].to_numpy() > 0]
    return {
        "fixed_share": float(bill.sel(account=FIXED_ACCOUNTS).sum() / bill.sum()),
        "open_sites": int(halls.size),
        "halls_per_open_site": float(halls.mean()) if halls.size else 0.0,
        "least_halls_of_an_open_site": int(halls.min()) if halls.size else 0,
    }


def properties(figures: dict[str, float]) -> list[tuple[str, float, str, bool]]:
    """Each property asked for: name, value, limit, and whether it is kept."""
    asked = [
        ("capacity_over_demand", "<=", 5.0),
        ("fixed_share", ">=", 0.2),
        ("halls_per_open_site", ">=", 2),
        ("least_halls_of_an_open_site", ">=", 2),
    ]
    if figures["sites"] >= MANY_SITES:
        asked.append(("open_sites", ">=", 30))
    if figures["sites"] * figures["streams"] * figures["periods"] >= FULL:
        asked.append(("admissible_shares", ">=", FULL_SHARES))
    return [
        (name, figures[name], f"{sign} {limit:g}", figures[name] >= limit if sign == ">=" else figures[name] <= limit)
        for name, sign, limit in asked
        if name in figures
    ]


def worker(size: Size, options: SolveOptions) -> dict[str, Any]:
    """Draw and solve one size; figures, times and properties."""
    import_first()
    begun = time.perf_counter()
    instance = check_instance(scale_instance(size))
    figures: dict[str, Any] = {"seed": size.seed, "drawn_s": round(time.perf_counter() - begun, 3)}
    figures |= instance_figures(instance)
    try:
        told, solution = timed(instance, options)
    except NoPlan as stopped:
        wall = round(time.perf_counter() - begun - figures["drawn_s"], 3)
        return figures | {"status": "no_plan", "wall_s": wall, "bound_cny": stopped.bound, "gap": None}
    figures |= as_values(told) | plan_figures(solution)
    return figures | {"properties": properties(figures)}


def measured(size: Size, options: SolveOptions) -> dict[str, Any]:
    """`worker` in a process of its own, with its peak memory; a failed one has the status `failed`."""
    arguments = [
        f"--sites={size.sites}", f"--streams={size.streams}", f"--periods={size.periods}", f"--seed={size.seed}",
        f"--blocks={size.blocks}", f"--hydro-years={size.hydro_years}", f"--gap={options.gap!r}",
        f"--time-limit={options.time_limit_s!r}", f"--threads={options.threads}", "--worker",
    ]  # fmt: skip
    found: Finished = run_module("tests.benchmarks.scale", *arguments, limit_s=2 * options.time_limit_s + STARTING_S)
    result: dict[str, Any] = found.result or {"status": "failed", "failure": found.problem}
    return result | {"peak_gib": round(found.peak_gib, 3)}


def decade(largest: Size, steps: int) -> list[Size]:
    """Sizes whose admissible shares grow tenfold, sites and streams alike."""
    factors = 10 ** (np.linspace(-1, 0, steps) / 2)
    return [Size(round(largest.sites * f), round(largest.streams * f), *_rest(largest)) for f in factors.tolist()]


def _rest(size: Size) -> tuple[int, int, int, int]:
    return size.periods, size.blocks, size.hydro_years, size.seed


def exponent(shares: list[float], seconds: list[float]) -> float:
    """Slope of log seconds over log shares by least squares."""
    return float(np.polyfit(np.log(shares), np.log(seconds), 1)[0])


def decade_measured(
    largest: Size, steps: int, options: SolveOptions, listen: Callable[[dict[str, Any]], None] | None = None
) -> dict[str, Any]:
    """Every size of a decade, and the exponent over those solved to the gap (two at least); `listen` hears each."""
    found = []
    for size in decade(largest, steps):
        found.append(measured(size, options))
        if listen is not None:
            listen(found[-1])
    result: dict[str, Any] = {"sizes": found}
    done = [one for one in found if one["status"] == "optimal_within_gap"]
    if len(done) > 1:
        slope = exponent([one["admissible_shares"] for one in done], [one["wall_s"] for one in done])
        result["exponent"] = round(slope, 3)
    return result


def printed(found: dict[str, Any]) -> str:
    """One measurement in words."""
    if found["status"] == "failed":
        return f"failed: {found['failure']}"
    lines = [
        f"{found['sites']} sites × {found['streams']} streams × {found['periods']} periods, {found['slices']} slices, "
        f"{found['hydro_years']} years, seed {found['seed']}: {found['admissible_shares']:,} admissible shares",
        f"{found['status']} after {found['wall_s']:.1f} s, peak memory {found['peak_gib']:.2f} GiB "
        f"(drawn in {found['drawn_s']:.1f} s)",
    ]
    if found["gap"] is not None:
        reached = ", ".join(
            f"{float(gap):.1%} {'not reached' if at is None else f'{at:.1f} s'}" for gap, at in found["to_gap"].items()
        )
        lines.append(f"gap {found['gap']:.3%}; {reached}; {found['columns']:,} columns, {found['rows']:,} rows")
        lines += [
            f"  {'kept  ' if kept else 'BROKEN'} {name.replace('_', ' ')}: {value:,.4g} ({limit})"
            for name, value, limit, kept in found["properties"]
        ]
    return "\n".join(lines)


def parser() -> argparse.ArgumentParser:
    """The arguments."""
    known = argparse.ArgumentParser(prog="python -m tests.benchmarks.scale", description=__doc__.split("\n")[0])
    for name, default in (("sites", 1000), ("streams", 2000), ("periods", 5), ("seed", 1), ("blocks", 3)):
        known.add_argument(f"--{name}", type=int, default=default)
    known.add_argument("--hydro-years", type=int, default=11)
    known.add_argument("--gap", type=float, default=0.01)
    known.add_argument("--time-limit", type=float, default=300.0)
    known.add_argument("--threads", type=int, default=2)
    known.add_argument("--json", action="store_true")
    known.add_argument("--decade", action="store_true", help="sizes over a decade of shares, and the exponent")
    known.add_argument("--steps", type=int, default=5, help="sizes of the decade")
    known.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    return known


def main(arguments: list[str] | None = None) -> None:
    """Measure and print."""
    asked = parser().parse_args(arguments)
    size = Size(asked.sites, asked.streams, asked.periods, asked.blocks, asked.hydro_years, asked.seed)
    options = SolveOptions(gap=asked.gap, time_limit_s=asked.time_limit, threads=asked.threads)
    if asked.worker:
        tell(worker(size, options))
        return
    if asked.decade:
        result = decade_measured(size, asked.steps, options, None if asked.json else _aloud)
        told = f"to the power {result['exponent']:.2f}" if "exponent" in result else "in a way two sizes must show"
        print(json.dumps(result, indent=1) if asked.json else f"time grows with admissible shares {told}")
    else:
        result = measured(size, options)
        print(json.dumps(result, indent=1) if asked.json else printed(result))


def _aloud(found: dict[str, Any]) -> None:
    print(printed(found), flush=True)


if __name__ == "__main__":
    main()
