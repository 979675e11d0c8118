"""A second process that only raises the bound: period by period, while the first looks for plans.

A process can be ended at any moment, a search of HiGHS only when it next asks. The child gets its tasks on standard
input and tells what it has proved a line at a time on standard output. It is killed when nobody needs it any more.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from model.solver.highs import Highs
from model.solver.integer import SEARCHES_FOR_PLANS, STOPPED_AT_NODES, may_prove_more
from model.solver.progress import Progress

Array = np.ndarray[Any, Any]


# Nodes of each period's search in turn: its relaxation first, so that all have a bound to add up. No round ends by the
# clock, so that the same seed proves the same.
ROUNDS = (0, 1, 300, 1_000_000)


@dataclass(frozen=True)
class Task:
    """One period's whole MIP over every share: what HiGHS takes, and which columns are whole."""

    lp: tuple[Array, Any, Array, Array, Array, Array]
    whole: Array
    seed: int

    def raise_bound(self, nodes: int, gap: float, seconds: float, tell: Callable[[float], bool]) -> str:
        """Search so many nodes; `tell(bound)` hears every better bound and ends the search by returning False."""
        mip = Highs(*self.lp, self.seed)
        if nodes:
            mip.make_whole(self.whole)
        for option, value in (
            ("mip_rel_gap", gap),
            ("time_limit", max(0.05, seconds)),
            ("mip_max_nodes", nodes),
            ("mip_heuristic_effort", 0.0),
            ("mip_allow_restart", False),
            *((f"mip_heuristic_run_{name}", False) for name in SEARCHES_FOR_PLANS),
        ):
            mip.option(option, value)

        def hear(event: Any) -> None:
            if (bound := float(event.data_out.mip_dual_bound)) < np.inf and not tell(bound):
                event.data_in.user_interrupt = True

        mip.solver.cbMipInterrupt.subscribe(hear)
        status = mip.solve()
        # A period without a plan has no bound to add up: the status says it, and nothing is certified from it.
        bound = (
            float(mip.solver.getInfo().mip_dual_bound) if nodes else mip.objective if status == "Optimal" else np.inf
        )
        if bound < np.inf:
            tell(bound)
        return status if nodes or status == "Infeasible" else STOPPED_AT_NODES


class Prover:
    """Runs beside the search. `bound` is the best valid bound it has told, million CNY."""

    def __init__(self, progress: Progress, tasks: list[Task], constant: float):
        """The periods' MIPs; their bounds and `constant` add up to a bound of the whole."""
        self.progress = progress
        self.constant, self.bounds = constant, np.full(len(tasks), -np.inf)
        self.infeasible, self.reader = False, threading.Thread(target=self._read, daemon=True)
        room = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
        self.child = subprocess.Popen(
            [sys.executable, "-P", "-c", "from model.solver.prover import main; main()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=room,
        )
        assert self.child.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            pickle.dump((tasks, progress.options.gap, progress.left), self.child.stdin, protocol=5)
            self.child.stdin.close()
        self.reader.start()

    def __enter__(self) -> Prover:
        self.progress.listen = lambda: self.bound
        return self

    def __exit__(self, *_: object) -> None:
        """End the child; what it has told stays."""
        self.progress.listen = None
        self.child.kill()
        self.child.wait()
        if self.reader.is_alive():
            self.reader.join(1.0)

    @property
    def bound(self) -> float:
        """The sum of what is proved of the periods."""
        return self.constant + float(self.bounds.sum())

    def _read(self) -> None:
        assert self.child.stdout is not None
        for line in self.child.stdout:
            period, word = line.decode().split()
            if word == "infeasible":
                self.infeasible = True
            else:
                self.bounds[int(period)] = max(self.bounds[int(period)], float(word))

    @property
    def running(self) -> bool:
        """Whether more may come."""
        return self.child.poll() is None or self.reader.is_alive()


def main() -> None:
    """Read tasks, solve them in rounds, print every better bound."""
    tasks, gap, seconds = pickle.load(sys.stdin.buffer)
    open_tasks = list(range(len(tasks)))
    best = [-np.inf] * len(tasks)
    for nodes in ROUNDS:
        for t in list(open_tasks):

            def tell(bound: float, t: int = t) -> bool:
                if bound > best[t] + 1e-6 * abs(bound):
                    best[t] = bound
                    print(t, repr(bound), flush=True)
                return True

            status = tasks[t].raise_bound(nodes, gap / 10, seconds, tell)
            if status == "Infeasible":
                print(t, "infeasible", flush=True)
            if not may_prove_more(status):
                open_tasks.remove(t)
