"""OR-Library `cap` files through our engine, and through HiGHS and SCIP with the strong formulation.

    python -m tests.benchmarks.orlib FILE... [--gap G] [--time-limit S] [--json] [--capacity C] [--against]

Every file has its turn. Exit code: 1 something failed, else 2 a file is bad, else 3 no plan exists for one, else 4 one
was stopped before it had a plan.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from data.errors import BadInput
from model.errors import Infeasible, NoPlan, RejectedPlan
from model.events import SolveOptions
from model.solver import solve
from tests.benchmarks.capfile import Warehouses, read_cap_file
from tests.benchmarks.rivals import RIVALS, Engine, Found, absent_rivals
from tests.benchmarks.timing import import_first
from tests.benchmarks.warehouses import money_scale, warehouse_instance

ENDS = {"failed": 1, "rejected_by_audit": 1, "bad_file": 2, "infeasible": 3, "no_plan": 4}


@dataclass(frozen=True)
class Row:
    """What one engine found on one file; money in units of the file, None where there is none."""

    file: str
    objective: float | None
    bound: float | None
    gap: float | None
    wall_s: float
    status: str


def through_engine(problem: Warehouses, options: SolveOptions) -> Found:
    """Objective, bound, status and seconds from the parsed file to the plan, the instance and its audit included."""
    begun = time.perf_counter()
    scale = money_scale(problem)
    instance = warehouse_instance(problem, scale)
    objective, bound = None, None
    try:
        found = solve(instance, options).attrs
        objective, bound, status = found["objective_cny"] / scale, found["bound_cny"] / scale, str(found["status"])
    except Infeasible:
        status = "infeasible"
    except NoPlan as stopped:
        bound, status = None if stopped.bound is None else stopped.bound / scale, "no_plan"
    except RejectedPlan:
        status = "rejected_by_audit"
    except Exception as failure:  # one file must not cost the others their turn
        print(f"{type(failure).__name__}: {failure}", file=sys.stderr)
        status = "failed"
    return objective, bound, status, time.perf_counter() - begun


def measure(file: str, problem: Warehouses, engine: Engine, options: SolveOptions) -> Row:
    """One row, with the gap as it follows from objective and bound."""
    objective, bound, status, wall = engine(problem, options)
    bound = None if bound is None or abs(bound) == float("inf") else bound
    gap = None
    if objective is not None and bound is not None:
        gap = max(0.0, objective - bound) / abs(objective) if objective else 0.0
    return Row(file, objective, bound, gap, round(wall, 4), status)


def with_each(file: str, problem: Warehouses, engines: dict[str, Engine], options: SolveOptions) -> dict[str, Row]:
    """One file through every engine, the clock of none running while it is imported."""
    import_first()
    return {name: measure(file, problem, engine, options) for name, engine in engines.items()}


def published_optima(files: list[Path]) -> dict[str, float]:
    """Optima by file stem, from optima.csv (instance, optimum) beside the files or in the folder above."""
    known: dict[str, float] = {}
    for place in {parent for file in files for parent in (file.parent, file.resolve().parent.parent)}:
        if (table := place / "optima.csv").is_file():
            with table.open(newline="") as lines:
                known |= {row["instance"]: float(row["optimum"]) for row in csv.DictReader(lines)}
    return known


def printed(rows: list[Row], optima: dict[str, float]) -> str:
    """A table with a line per file and the total time."""
    lines = [f"{'file':<24}{'objective':>16}{'bound':>16}{'gap':>10}{'wall s':>9}  {'off published':>13}  status"]
    for row in rows:
        stem = Path(row.file).stem
        off = "" if row.objective is None or stem not in optima else f"{row.objective - optima[stem]:+.3f}"
        lines.append(
            f"{Path(row.file).name:<24}{_told(row.objective, '.3f'):>16}{_told(row.bound, '.3f'):>16}"
            f"{_told(row.gap, '.1e'):>10}{row.wall_s:>9.2f}  {off:>13}  {row.status}"
        )
    return "\n".join([*lines, f"total {sum(row.wall_s for row in rows):.2f} s"])


def _told(value: float | None, form: str) -> str:
    return "-" if value is None else format(value, form)


def main(arguments: list[str] | None = None) -> int:
    """Read, solve and print; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.orlib", description=__doc__.split("\n")[0])
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--gap", type=float, default=1e-9, help="relative gap to certify (default 1e-9)")
    parser.add_argument("--time-limit", type=float, default=600.0, help="seconds per file (default 600)")
    parser.add_argument("--capacity", type=float, help="what the word `capacity` in a file stands for")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", action="store_true", help="print one list of objects")
    parser.add_argument("--against", action="store_true", help="the same files with HiGHS and SCIP, too")
    asked = parser.parse_args(arguments)
    options = SolveOptions(gap=asked.gap, time_limit_s=asked.time_limit, threads=asked.threads)
    engines: dict[str, Engine] = {"hallsite": through_engine}
    if asked.against:
        engines |= RIVALS
        for absent in absent_rivals():
            print(absent, file=sys.stderr)
    rows: dict[str, list[Row]] = {name: [] for name in engines}
    for file in asked.files:
        try:
            problem = read_cap_file(file, asked.capacity)
        except BadInput as bad:
            print(bad, file=sys.stderr)
            rows["hallsite"].append(Row(str(file), None, None, None, 0.0, "bad_file"))
            continue
        for name, row in with_each(str(file), problem, engines, options).items():
            rows[name].append(row)
    if asked.json:
        told = [asdict(row) | ({"engine": name} if asked.against else {}) for name in rows for row in rows[name]]
        print(json.dumps(told, indent=1))
    else:
        optima = published_optima(asked.files)
        print("\n\n".join(f"{name}\n{printed(found, optima)}" for name, found in rows.items()))
    return next((code for status, code in ENDS.items() if any(r.status == status for r in rows["hallsite"])), 0)


if __name__ == "__main__":
    sys.exit(main())
