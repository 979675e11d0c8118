"""A measurement in a process of its own: what it printed, how long it took, the most memory its tree held."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from dataclasses import dataclass
from typing import Any

import psutil

EVERY_S = 0.05
ASKED = "measured "  # how a worker's result begins, on a line of its own


@dataclass(frozen=True)
class Finished:
    """A process that ended: JSON result (None if it failed), wall seconds, peak resident memory of the tree in GiB."""

    result: Any
    wall_s: float
    peak_gib: float
    problem: str = ""


def run_python(arguments: list[str], limit_s: float | None = None) -> Finished:
    """Run python with arguments, memory sampled; its result is the line `tell` printed. Ended after `limit_s`."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        begun, peak = time.perf_counter(), 0.0
        child = psutil.Popen([sys.executable, *arguments], stdout=out, stderr=err)
        ended = ""
        while child.poll() is None:
            peak = max(peak, resident(child))
            if limit_s is not None and time.perf_counter() - begun > limit_s:
                ended = f"ended after {limit_s:g} s"
                for process in [*child.children(recursive=True), child]:
                    process.kill()
                child.wait()
                break
            time.sleep(EVERY_S)
        wall = time.perf_counter() - begun
        out.seek(0)
        err.seek(0)
        told = [line for line in out.read().splitlines() if line.startswith(ASKED)]
        problem = ended or ("" if child.returncode == 0 else err.read()[-2000:] or f"exit code {child.returncode}")
    result = json.loads(told[-1].removeprefix(ASKED)) if told else None
    return Finished(result, wall, peak / 2**30, problem)


def run_module(name: str, *arguments: str, limit_s: float | None = None) -> Finished:
    """The same for `python -m name arguments`."""
    return run_python(["-m", name, *arguments], limit_s)


def resident(process: psutil.Process) -> float:
    """Bytes a process and its children hold."""
    total = 0.0
    try:
        for one in [process, *process.children(recursive=True)]:
            total += one.memory_info().rss
    except psutil.NoSuchProcess:
        pass
    return total


def tell(result: Any) -> None:
    """Print the result of a worker for `run_module` to read."""
    print(ASKED + json.dumps(result), flush=True)
