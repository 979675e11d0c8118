"""A second process that only raises the bound: the whole MIP over every share, while the first looks for plans.

HiGHS holds the interpreter while it runs, so threads would take turns; the child gets the matrix on standard input
and tells its bound a line at a time on standard output. It is killed when nobody needs it any more.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np

from model.solver.highs import Highs
from model.solver.master import Master
from model.solver.progress import Progress

Array = np.ndarray[Any, Any]


class Prover:
    """Runs beside the search; `bound` is the best valid bound it has told, million CNY."""

    def __init__(self, complete: Master, integer: Array, progress: Progress):
        keep = np.ones(complete.highs.columns, dtype=bool)
        keep[complete.elastic] = False
        cost, matrix, row_lower, row_upper, lower, upper = complete.highs.lp()
        columns = np.flatnonzero(keep)
        whole = np.isin(columns, integer)
        task = (
            cost[columns],
            matrix[:, columns],
            row_lower,
            row_upper,
            lower[columns],
            upper[columns],
            whole,
            progress.options.gap,
            progress.left,
            progress.options.seed,
        )
        room = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
        self.child = subprocess.Popen(
            [sys.executable, "-P", "-c", "from model.solver.prover import main; main()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=room,
        )
        self.bound, self.infeasible = -np.inf, False
        assert self.child.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            pickle.dump(task, self.child.stdin, protocol=5)
            self.child.stdin.close()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        assert self.child.stdout is not None
        for line in self.child.stdout:
            word = line.decode().strip()
            if word == "infeasible":
                self.infeasible = True
            else:
                self.bound = max(self.bound, float(word))

    @property
    def running(self) -> bool:
        """Whether more may come."""
        return self.child.poll() is None or self.reader.is_alive()

    def close(self) -> None:
        """End the child; what it has told stays."""
        self.child.kill()
        self.child.wait()
        self.reader.join(1.0)


def completed(master: Master, patience: Array) -> Master:
    """A master of its own with every admissible share, and the rows and cuts the given one has found."""
    every = Master(master.x, master.core, master.assignment, patience)
    every.add_shares(master.assignment.open_pairs)
    for kind in master.gate_row:
        every.add_gates(kind, master.gates(kind))
    every.keep_replicas_apart(np.ones(every.highs.columns, dtype=bool))
    for name, cuts, where in master.cuts:
        every.add_cuts(name, cuts, where)
    return every


def main() -> None:
    """Read a task, solve, print every better bound."""
    cost, matrix, row_lower, row_upper, lower, upper, whole, gap, seconds, seed = pickle.load(sys.stdin.buffer)
    mip = Highs(cost, matrix, row_lower, row_upper, lower, upper, 1, seed)
    mip.make_whole(whole)
    for option, value in (("mip_rel_gap", gap / 10), ("time_limit", seconds), ("mip_heuristic_effort", 0.0)):
        mip.option(option, value)
    told = -np.inf

    def tell(event: Any) -> None:
        nonlocal told
        bound = float(event.data_out.mip_dual_bound)
        if bound > told + 1e-6 * abs(bound):
            told = bound
            print(repr(bound), flush=True)

    mip.solver.cbMipInterrupt.subscribe(tell)
    status = mip.solve()
    if status == "Infeasible":
        print("infeasible", flush=True)
    else:
        print(repr(float(mip.solver.getInfo().mip_dual_bound)), flush=True)
