"""Members per minute of a sweep with one and two workers, beside a loop of independent `hallsite solve`.

    python -m tests.benchmarks.sweep_throughput [--study guizhou --gap 0.005 --members 200] [--alone 3] [--cold]

Without --study a season of the template is taken, which takes a few minutes. Members differ in carbon price and
price of hydro power, drawn as a Latin hypercube. Times are wall seconds with everything: imports, start of workers,
instances, solves, the cube. Memory is the largest of any worker, over the first and the last third of the sweep.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import Any

import numpy as np
import psutil

import hallsite

AXES = {"policy.carbon_price_cny_per_t": "0:200", "power.hydro_price_multiplier": "0.7:1.3"}
SEASON = {"time.resolution": "season", "time.periods": [2026, 2030], "time.last_year": 2033}
EVERY_S = 0.5


@dataclass(frozen=True)
class Measured:
    """A sweep: wall seconds, seconds of its solves, members without a plan, MB of the largest worker early and late."""

    seconds: float
    solving: float
    without_plan: int
    early_mb: float
    late_mb: float


def measured(study: str, fixed: dict[str, Any], members: int, workers: int, warm: bool) -> Measured:
    """Solve the sweep in a fresh folder."""
    done, sizes = Event(), list[float]()
    watcher = Thread(target=_watch, args=(done, sizes), daemon=True)
    with tempfile.TemporaryDirectory(prefix="hallsite-throughput-") as folder:
        begun = time.perf_counter()
        watcher.start()
        cube = hallsite.sweep(
            study, AXES, design="random", samples=members, seed=1, fixed=fixed, workers=workers, warm=warm,
            out=Path(folder) / "sweep",
        )  # fmt: skip
        seconds = time.perf_counter() - begun
        done.set()
        watcher.join()
        without = int(np.isnan(cube["objective_cny"].values).sum())
        solving = float(cube["seconds"].sum())
        cube.close()
    third = max(1, len(sizes) // 3)
    return Measured(seconds, solving, without, max(sizes[:third]), max(sizes[-third:]))


def alone(study: str, fixed: dict[str, Any], count: int) -> float:
    """Mean wall seconds of `hallsite solve` in a process of its own, with the threads it takes by itself."""
    begun = time.perf_counter()
    for price in np.linspace(0, 200, count):
        keys = {**fixed, "policy.carbon_price_cny_per_t": float(price)}
        words = [word for path, value in keys.items() for word in ("--set", f"{path}={value}")]
        with tempfile.TemporaryDirectory(prefix="hallsite-throughput-") as folder:
            command = [sys.executable, "-m", "hallsite", "solve", study, *words, "--quiet", "--out", f"{folder}/run"]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return (time.perf_counter() - begun) / count


def _watch(done: Event, sizes: list[float]) -> None:
    """Note the memory of the largest process under this one until done, MB."""
    while not done.wait(EVERY_S):
        largest = 0.0
        for child in psutil.Process().children(recursive=True):
            try:
                largest = max(largest, child.memory_info().rss / 1e6)
            except psutil.NoSuchProcess:
                continue
        sizes.append(largest)


def main() -> None:
    """Measure and print a line each, then the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--study")
    parser.add_argument("--gap", type=float, default=0.01)
    parser.add_argument("--members", type=int, default=24)
    parser.add_argument("--alone", type=int, default=3)
    parser.add_argument("--cold", action="store_true", help="every member from nothing")
    asked = parser.parse_args()
    study = asked.study or "own-data"
    fixed = {"solver.gap": asked.gap, **({} if asked.study else SEASON)}
    each = alone(study, fixed, asked.alone)
    print(f"alone      {60 / each:8.1f} members a minute   ({each:.1f} s each)", flush=True)
    rates = []
    for workers in (1, 2):
        found = measured(study, fixed, asked.members, workers, not asked.cold)
        rates.append(60 * asked.members / found.seconds)
        print(
            f"{workers} worker{'s' * (workers > 1):<3} {rates[-1]:8.1f} members a minute   ({found.seconds:.1f} s, "
            f"{found.solving / asked.members:.1f} s a solve, {found.without_plan} without a plan, "
            f"largest worker {found.early_mb:.0f} MB early, {found.late_mb:.0f} MB late)",
            flush=True,
        )
    print(f"2 workers against 1: {rates[1] / rates[0]:.2f}, against a loop: {rates[1] * each / 60:.2f}")


if __name__ == "__main__":
    main()
