"""A second process that only raises the bound: period by period, while the first looks for plans.

HiGHS holds the interpreter while it runs, so threads would take turns; the child gets its tasks on standard input and
tells what it has proved a line at a time on standard output. It is killed when nobody needs it any more.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from model.solver.highs import Highs
from model.solver.integer import may_prove_more
from model.solver.progress import Progress

Array = np.ndarray[Any, Any]
SEARCHES_FOR_PLANS = ("rins", "rens", "root_reduced_cost", "feasibility_jump")


@dataclass(frozen=True)
class Effort:
    """When a search for a bound ends: nodes, and how long without a gain, as a multiple of the root LP's time."""

    nodes: int
    patience: float


# A bound for every period first, then better ones.
ROUNDS = (Effort(1, 0.6), Effort(1, np.inf), Effort(300, np.inf), Effort(1_000_000, np.inf))


@dataclass(frozen=True)
class Task:
    """One period's whole MIP over every share: what HiGHS takes, and which columns are whole."""

    lp: tuple[Array, Any, Array, Array, Array, Array]
    whole: Array
    seed: int

    def raise_bound(self, effort: Effort, gap: float, seconds: float, tell: Callable[[float], bool]) -> str:
        """Search as far as the effort goes; `tell(bound)` hears every better bound and ends it by returning False."""
        mip = Highs(*self.lp, 1, self.seed)
        mip.make_whole(self.whole)
        for option, value in (
            ("mip_rel_gap", gap),
            ("time_limit", max(0.05, seconds)),
            ("mip_max_nodes", effort.nodes),
            ("mip_heuristic_effort", 0.0),
            ("mip_allow_restart", False),
            *((f"mip_heuristic_run_{name}", False) for name in SEARCHES_FOR_PLANS),
        ):
            mip.option(option, value)
        begun = time.perf_counter()
        first, gained_at, best = np.inf, np.inf, -np.inf

        def hear(event: Any) -> None:
            nonlocal first, gained_at, best
            now, bound = time.perf_counter() - begun, float(event.data_out.mip_dual_bound)
            if bound > best + 5e-5 * abs(bound):
                first, gained_at, best = min(first, now), now, bound
            if (bound < np.inf and not tell(bound)) or now - gained_at > effort.patience * first:
                event.data_in.user_interrupt = True

        mip.solver.cbMipInterrupt.subscribe(hear)
        status = mip.solve()
        # A period without a plan has no bound to add up: the status says it, and nothing is certified from it.
        if (bound := float(mip.solver.getInfo().mip_dual_bound)) < np.inf:
            tell(bound)
        return status


class Prover:
    """Runs beside the search. `bound` is the best valid bound it has told, million CNY."""

    def __init__(self, progress: Progress):
        self.progress = progress
        self.constant, self.bounds = 0.0, np.array([-np.inf])
        self.begun: set[int] = set()
        self.infeasible, self.reader = False, threading.Thread(target=self._read, daemon=True)
        room = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
        self.child = subprocess.Popen(
            [sys.executable, "-P", "-c", "from model.solver.prover import main; main()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=room,
        )

    def give(self, tasks: list[Task], constant: float) -> None:
        """Hand over the periods' MIPs; their bounds and `constant` add up to a bound of the whole."""
        self.constant, self.bounds = constant, np.full(len(tasks), -np.inf)
        assert self.child.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            pickle.dump((tasks, self.progress.options.gap, self.progress.left), self.child.stdin, protocol=5)
            self.child.stdin.close()
        self.reader.start()

    @property
    def bound(self) -> float:
        """The sum of what is proved of the periods."""
        return self.constant + float(self.bounds.sum())

    def _read(self) -> None:
        assert self.child.stdout is not None
        for line in self.child.stdout:
            period, word = line.decode().split()
            self.begun.add(int(period))
            if word == "begun":
                continue
            if word == "infeasible":
                self.infeasible = True
            else:
                self.bounds[int(period)] = max(self.bounds[int(period)], float(word))

    def help(self, tasks: list[Task]) -> None:
        """Do, in this process, the periods the child has not begun, until all have a bound or nobody needs more."""
        for t in reversed(range(len(tasks))):
            if t in self.begun or self.progress.close_enough or not self.progress.go_on():
                continue

            def tell(bound: float, t: int = t) -> bool:
                self.bounds[t] = max(self.bounds[t], bound)
                return self.progress.go_on() and not self.progress.close_enough

            tasks[t].raise_bound(ROUNDS[0], self.progress.options.gap / 10, self.progress.left, tell)

    @property
    def complete(self) -> bool:
        """Whether every period has some bound, or nothing more will come."""
        return bool(np.isfinite(self.bounds).all()) or not self.running

    @property
    def running(self) -> bool:
        """Whether more may come."""
        return self.child.poll() is None or self.reader.is_alive()

    def close(self) -> None:
        """End the child; what it has told stays."""
        self.child.kill()
        self.child.wait()
        if self.reader.is_alive():
            self.reader.join(1.0)


def main() -> None:
    """Read tasks, solve them in rounds, print every better bound."""
    tasks, gap, seconds = pickle.load(sys.stdin.buffer)
    open_tasks = list(range(len(tasks)))
    best = [-np.inf] * len(tasks)
    for effort in ROUNDS:
        for t in list(open_tasks):
            print(t, "begun", flush=True)

            def tell(bound: float, t: int = t) -> bool:
                if bound > best[t] + 1e-6 * abs(bound):
                    best[t] = bound
                    print(t, repr(bound), flush=True)
                return True

            status = tasks[t].raise_bound(effort, gap / 10, seconds, tell)
            if status == "Infeasible":
                print(t, "infeasible", flush=True)
            if not may_prove_more(status):
                open_tasks.remove(t)
