"""Plans and a rising bound: period by period where a problem has periods and is large, else all at once."""

from __future__ import annotations

import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import xarray as xr

from model.errors import Infeasible
from model.solver.forward import (
    Left,
    Parts,
    bound_tasks,
    offered,
    plan_forward,
    polished,
    reworked,
    together,
)
from model.solver.heap import give_back
from model.solver.periods import Split
from model.solver.progress import Progress
from model.solver.prover import ROUNDS, Prover, Task
from model.solver.relax import Alone, Alones
from model.solver.replan import replanned
from model.solver.search import BY_PERIOD, FIRST_STAGE, Search, is_large
from model.solver.small_plan import TRIALS, descended
from model.solver.warm import guide_of, shares_of

Array = np.ndarray[Any, Any]
NO_WHOLE_PLAN = "no whole number of halls, sites and grid steps keeps all requirements at once"
NODES = 100  # of one neighbourhood's MIP, where its root alone finds nothing any more
EARLY = 0.004  # gap from which on a plan made beside the relaxation of the whole may do; it is there soon
ROUGH = 1.5  # of the gap asked for: that of a period planned anew, which is made anew again where that is too much
SWEEP_GAIN = 1e-4  # a round of local search that saves less is the last


def find_plans(search: Search, guide: Array | None) -> None:
    """Plans, better and better, until the gap asked for is certified, time is up or nothing more is found.

    `guide` (one a core column) has whole decisions to begin from.
    """
    if search.progress.close_enough:
        return
    search.master.serve_everyone()
    search.progress.enter("plans", "choosing sites, then halls")
    large = is_large(search.master.x)
    if search.split is not None and search.root is not None and large:
        _by_period(search, search.split, guide)
    else:
        _at_once(search, guide)
        if large:
            improve(search)


def plan_again(search: Search, alones: Alones, start: xr.Dataset) -> None:
    """An earlier plan under new figures, and its periods made anew, before the relaxation of the whole is known."""
    if search.split is None or search.prices is None or not is_large(search.master.x):
        return
    guide = guide_of(search.master, start)
    holding = replanned(search, alones, guide, shares_of(search.master, start))
    if not (alone := alones.all()):
        return
    search.progress.enter("plans", "choosing sites, then halls")
    left, gap = replace(Left.of(search), trace=alones.trace), ROUGH * search.progress.options.gap
    stand = holding()
    # Where the guide serves not everyone any more, or lacks what is asked for now, a period is planned anew.
    for held in (stand, {}):
        plan = plan_forward(search, search.split, search.prices, left, gap, guide, held)
        if plan is not None and search.offer(together(search.master, plan.known, plan.found)):
            rework(search, search.split, alone)
        if search.values is not None or not stand or not search.progress.go_on():
            return


class Early:
    """A plan made beside the relaxation of the whole, at what is known by then of the prices that tie the periods.

    With one thread it is made before. It is told when it is there, and taken (`take`) when the relaxation is done.
    """

    def __init__(self, search: Search, alones: Alones, guide: Array | None):
        self.search, self.guide = search, guide
        self.thread = ThreadPoolExecutor(1)
        self.plan: Future[Parts | None] | None = None
        options = search.progress.options
        wanted = search.values is None and (options.threads > 1 or options.gap >= EARLY)
        if search.split is not None and is_large(search.master.x) and wanted:
            search.progress.enter("plans", "choosing sites, then halls")
            self.plan = self.thread.submit(self._made, replace(Left.of(search), trace=alones.trace))
            if options.threads == 1:
                self.plan.result()

    def _made(self, left: Left) -> Parts | None:
        search, progress = self.search, self.search.progress
        assert search.split is not None
        assert search.prices is not None
        plan = plan_forward(search, search.split, search.prices, left, max(EARLY, progress.options.gap), self.guide)
        if plan is not None:
            progress.improve(plan.cost)
        return plan

    def take(self) -> None:
        """Wait for the plan, and make it the incumbent; nothing where that was done before."""
        search = self.search
        plan = self.plan.result() if self.plan is not None else None
        self.plan = None
        if plan is not None and not search.offer(together(search.master, plan.known, plan.found)):
            search.progress.incumbent = search.objective  # a row of the whole is broken, and told was too much

    def __enter__(self) -> Early:
        return self

    def __exit__(self, *_: object) -> None:
        self.thread.shutdown()


def rework(search: Search, split: Split, alone: list[Alone]) -> None:
    """Each period of the plan made anew, as many at once as there are threads.

    Those go first where the plan is farthest, for its size, from what the relaxation says.
    """
    progress = search.progress
    order = sorted(alone, key=lambda one: 1 - _told(search, one) / one.relaxation.bound)
    with ThreadPoolExecutor(progress.options.threads) as pool:
        for n in range(0, len(order), progress.options.threads):
            values = search.values
            if values is None or progress.close_enough or not progress.go_on():
                return
            some = [one.period for one in order[n : n + progress.options.threads]]
            for new in list(pool.map(partial(reworked, search, split, values), some)):
                offered(search, split, new)


def _told(search: Search, one: Alone) -> float:
    """What the plan costs in a period, rows that tie it to others priced, million CNY."""
    assert search.values is not None
    master, values = search.master, search.values
    mine = master.share[:, 2] == one.period
    shares = master.share_column[mine]
    shares = shares[shares < len(values)]
    return float(one.block.core.cost @ values[one.block.columns] + master.highs.cost[shares] @ values[shares])


def _at_once(search: Search, guide: Array | None) -> None:
    """A plan from the guide, or else from the relaxation rounded up and from diving."""
    values = None if guide is None else descended(search, search.padded(guide))
    if values is None or not search.offer(values):
        rough = np.ceil(search.relaxed - 1e-6)  # whatever the relaxation uses at all: dear, but soon there
        trials = TRIALS if is_large(search.master.x) else 0
        if (values := descended(search, search.padded(rough), trials)) is not None:
            search.offer(values)
        search.first_plan()


def _by_period(search: Search, split: Split, guide: Array | None) -> None:
    """Forward through the periods; what that leaves of the gap is closed from both sides, at once with two threads."""
    progress = search.progress
    assert search.prices is not None
    constant = split.constant(search.prices)
    if progress.options.threads == 1:
        _forward(search, split, search.prices, guide)
        if progress.close_enough or not progress.go_on():
            return
        tasks = bound_tasks(search, split, search.prices)
        raise_bounds(progress, tasks, constant, ROUNDS[:2])
        improve(search)
        raise_bounds(progress, tasks, constant, ROUNDS[2:])
        return
    with Prover(progress, bound_tasks(search, split, search.prices), constant) as prover:
        _forward(search, split, search.prices, guide)
        improve(search)
        while prover.running and not progress.close_enough and progress.go_on():
            time.sleep(0.02)
        if prover.infeasible:
            raise Infeasible([NO_WHOLE_PLAN])


def _forward(search: Search, split: Split, prices: Array, guide: Array | None) -> None:
    """A plan at the prices of the relaxation, from the guide's whole decisions where no early plan was made of them."""
    progress = search.progress
    for begin in (None,) if guide is None or search.values is not None else (guide, None):
        plan = plan_forward(search, split, prices, Left.of(search), progress.options.gap, begin)
        if plan is not None:
            search.offer(together(search.master, plan.known, plan.found))
        if progress.close_enough or not progress.go_on():
            return
    if search.values is None:
        _at_once(search, None)


def raise_bounds(progress: Progress, tasks: list[Task], constant: float, rounds: tuple[int, ...]) -> None:
    """What a second process would prove, in this one: each period's MIP in turn."""
    progress.enter("bound", "each period's own search")
    bounds = np.full(len(tasks), -np.inf)
    for nodes in rounds:
        for t, task in enumerate(tasks):

            def tell(bound: float, t: int = t) -> bool:
                bounds[t] = max(bounds[t], bound)
                progress.raise_bound(constant + float(bounds.sum()))
                return progress.go_on() and not progress.close_enough

            if progress.close_enough or not progress.go_on():
                return
            if task.raise_bound(nodes, progress.options.gap / 10, progress.left, tell) == "Infeasible":
                raise Infeasible([NO_WHOLE_PLAN])


def improve(search: Search) -> None:
    """Search around the best plan: each period's halls by local search, then neighbourhoods as MIPs of their own."""
    progress, periods, effort = search.progress, search.master.x.size("period"), search.progress.options.effort
    progress.enter("improve", "neighbourhoods of the best plan")

    def wanted() -> bool:
        return effort > 0 and search.values is not None and not progress.close_enough and progress.go_on()

    before = np.inf
    give_back()
    while search.split is not None and wanted() and progress.incumbent < before * (1 - SWEEP_GAIN):
        before = progress.incumbent
        for t in reversed(range(periods)):
            if wanted():
                _polish(search, t, round(TRIALS * effort))
    quiet, turn = 0, 0
    while wanted() and quiet <= 2 * periods * effort:
        step = turn % (periods + 1)
        if step == periods:
            free = search.in_doubt()
        else:  # late periods first: they hold most halls
            pair = sorted({(2 * periods - 2 - step) % periods, (2 * periods - 1 - step) % periods})
            free = np.concatenate([search.columns(*FIRST_STAGE, *BY_PERIOD, period=t) for t in pair])
        quiet = 0 if search.improve_around(free, 5e-3, 1 if quiet <= periods else NODES) else quiet + 1
        give_back()
        turn += 1


def _polish(search: Search, t: int, most: int) -> bool:
    """Search one period anew while the others stand; returns whether that made a better plan."""
    if search.values is None or search.split is None:
        return False
    return offered(search, search.split, polished(search, search.split, search.values, t, most))
