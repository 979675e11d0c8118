"""Writes random warehouse files of any size in the manner of OR-Library's large ones (capa to capc are 100 × 1000).

python -m tests.benchmarks.random_cap FOLDER [--warehouses 100] [--customers 1000] [--files 4] [--seed 1]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from tests.benchmarks.capfile import Warehouses


def random_warehouses(
    warehouses: int, customers: int, seed: int, tightness: float = 0.1, dearness: float = 1.0
) -> Warehouses:
    """Places in a square, costs by distance within a quarter, all demand filling `tightness` of all capacity.

    `dearness` multiplies fixed costs.
    """
    r = np.random.default_rng(seed)
    here, there = r.uniform(0, 1000, (warehouses, 2)), r.uniform(0, 1000, (customers, 2))
    demand = r.integers(10, 110, customers).astype(float)
    distance = np.hypot(*(there[:, None] - here[None]).transpose(2, 0, 1))
    unit = distance * r.uniform(1.0, 1.25, distance.shape)
    capacity = np.round(demand.sum() / tightness / warehouses * r.uniform(0.7, 1.3, warehouses))
    fixed = np.round(dearness * demand.sum() * 250 / np.sqrt(warehouses) * r.uniform(0.8, 1.2, warehouses))
    return Warehouses(capacity, fixed, demand, np.round(unit * demand[:, None], 3))


def write_cap_file(problem: Warehouses, path: Path) -> None:
    """The problem in OR-Library's format, seven costs to a line."""
    m, n = problem.capacity.size, problem.demand.size
    lines = [f" {m} {n}"]
    lines += [f" {c:.0f} {f:.3f}" for c, f in zip(problem.capacity, problem.fixed_cost, strict=True)]
    for demand, costs in zip(problem.demand, problem.serving_cost, strict=True):
        lines.append(f" {demand:.0f}")
        lines += [" " + " ".join(f"{c:.3f}" for c in costs[at : at + 7]) for at in range(0, m, 7)]
    path.write_text("\n".join(lines) + "\n", encoding="ascii")


def main() -> None:
    """Write the files, tighter from one to the next, and print their names."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.random_cap")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--warehouses", type=int, default=100)
    parser.add_argument("--customers", type=int, default=1000)
    parser.add_argument("--files", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    for number in range(asked.files):
        tightness = 0.08 + 0.12 * number / max(1, asked.files - 1)
        problem = random_warehouses(asked.warehouses, asked.customers, asked.seed + number, tightness)
        path = asked.folder / f"random-{asked.warehouses}-{asked.customers}-{number + 1}.txt"
        write_cap_file(problem, path)
        print(path)


if __name__ == "__main__":
    main()
