"""Measures everything the page of measurements tells, and writes it.

    python -m tests.benchmarks [ENTRY ...] [--orlib FOLDER] [--study guizhou] [--repeats 5] [--missing] [--render]
    python -m tests.benchmarks --list

FOLDER holds OR-Library's `cap` files as .txt; without it the entry `orlib` is left out. What is measured is kept at
once in measurements.json beside the page, so a run that is cut short goes on with `--missing`.
"""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from model.events import SolveOptions
from tests.benchmarks.against_complete import compared
from tests.benchmarks.capfile import Warehouses, read_cap_file
from tests.benchmarks.orlib import published_optima, through_engine, with_each
from tests.benchmarks.page import failure, page
from tests.benchmarks.random_cap import random_warehouses
from tests.benchmarks.record import circumstances, load, save
from tests.benchmarks.rivals import RIVALS
from tests.benchmarks.scale import decade_measured, measured
from tests.benchmarks.scale_instance import Size
from tests.benchmarks.study import cold, import_time, what_ifs_measured, yaml_to_exit

PAGE = Path(__file__).with_name("README.md")
RANDOM = [(100, 1000, seed, tightness) for seed, tightness in ((1, 0.08), (2, 0.12), (3, 0.2))]


def entries(asked: argparse.Namespace) -> dict[str, Callable[[], Any]]:
    """What can be measured, in the order of the page."""
    study, repeats = asked.study, asked.repeats
    return {
        "cold": lambda: cold(study, (0.02, 0.005, 0.001), repeats, 120.0),
        "what-ifs": lambda: what_ifs_measured(study, SolveOptions(0.005)),
        "import": lambda: import_time(repeats),
        "exit": lambda: yaml_to_exit(study, 0.005, repeats),
        "orlib": lambda: warehouse_files(asked.orlib),
        "orlib-large": large_warehouse_files,
        "scale": lambda: measured(Size(), SolveOptions(0.01, 300.0)),
        "scale-300": lambda: measured(Size(sites=300, periods=4), SolveOptions(0.005, 120.0)),
        "scale-decade": lambda: decade_measured(Size(), 5, SolveOptions(0.01, 600.0)),
        "complete-0.005": lambda: compared(study, 0.005, 1800.0),
        "complete-0.001": lambda: compared(study, 0.001, 1800.0),
    }


def warehouse_files(folder: Path) -> dict[str, Any]:
    """OR-Library's files in a folder through every engine at gap 1e-9."""
    files = sorted(folder.glob("*.txt"))
    if not files:
        raise SystemExit(f"{folder} holds no .txt files: name the folder of OR-Library's `cap` files")
    problems = {file.stem: read_cap_file(file) for file in files}
    return through_all(problems, SolveOptions(1e-9, 600.0)) | {"optima": published_optima(files)}


def large_warehouse_files() -> dict[str, Any]:
    """Random problems of the size of OR-Library's largest through every engine at gap 1e-4, 200 s each."""
    problems = {
        f"random-{m}-{n}-seed-{seed}-{tightness:g}": random_warehouses(m, n, seed, tightness)
        for m, n, seed, tightness in RANDOM
    }
    return through_all(problems, SolveOptions(1e-4, 200.0)) | {"optima": {}}


def through_all(problems: dict[str, Warehouses], options: SolveOptions) -> dict[str, Any]:
    """Rows by engine, the engines in turn on each problem."""
    engines = {"hallsite": through_engine} | RIVALS
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in engines}
    for file, problem in problems.items():
        for name, row in with_each(file, problem, engines, options).items():
            rows[name].append(asdict(row))
    return {"gap": options.gap, "engines": rows}


def command(entry: str, asked: argparse.Namespace) -> str:
    """The line that repeats an entry; the folder of files is named by what it holds."""
    words = ["python", "-m", "tests.benchmarks", entry]
    if entry == "orlib":
        words += ["--orlib", "FOLDER"]
    if entry in ("cold", "import", "exit"):
        words.append(f"--repeats={asked.repeats}")
    if asked.study != "guizhou" and entry in ("cold", "what-ifs", "exit", "complete-0.005", "complete-0.001"):
        words.append(f"--study={asked.study}")
    return shlex.join(words)


def parser() -> argparse.ArgumentParser:
    """The arguments."""
    known = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__.split("\n")[0])
    known.add_argument("entries", nargs="*", metavar="ENTRY", help="what to measure; everything when left out")
    known.add_argument("--orlib", type=Path, metavar="FOLDER", help="folder of OR-Library's cap files")
    known.add_argument("--study", default="guizhou")
    known.add_argument("--repeats", type=int, default=5)
    known.add_argument("--missing", action="store_true", help="only what is not kept yet, or failed")
    known.add_argument("--render", action="store_true", help="write the page from what is kept, measure nothing")
    known.add_argument("--list", action="store_true", help="print the names of the entries")
    return known


def main(arguments: list[str] | None = None) -> int:
    """Measure what is asked, keep it, write the page; 1 when an entry failed."""
    asked = parser().parse_args(arguments)
    known = entries(asked)
    if asked.list:
        print("\n".join(known))
        return 0
    if strange := [name for name in asked.entries if name not in known]:
        print(f"No entry is called {', '.join(strange)}; there are {', '.join(known)}.", file=sys.stderr)
        return 2
    records = load()
    wanted = [] if asked.render else asked.entries or list(known)
    if asked.orlib is None and "orlib" in wanted:
        print("orlib is left out: --orlib FOLDER says where the files are.", file=sys.stderr)
        wanted = [name for name in wanted if name != "orlib"]
    if asked.missing:
        wanted = [name for name in wanted if name not in records or failure(records[name].result)]
    failed = False
    for name in wanted:
        print(f"measuring {name}", file=sys.stderr, flush=True)
        try:
            result = known[name]()
        except Exception as problem:  # the other entries are to be measured all the same
            result = {"failure": f"{type(problem).__name__}: {problem}"}
        failed |= bool(failure(result))
        records[name] = circumstances(command(name, asked), result)
        save(records)
        PAGE.write_text(page(records), encoding="utf-8")
    PAGE.write_text(page(records), encoding="utf-8")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
