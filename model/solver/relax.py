"""The relaxation of the whole problem: each period alone first, so that the whole begins almost solved."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import xarray as xr

from model.assignment import Assignment, cheapest, hosting_cost, likely_cost
from model.core import Core
from model.solver.carry import Trace, give_basis
from model.solver.compiling import compile_core
from model.solver.master import Master
from model.solver.periods import Block, Split, one_period
from model.solver.progress import Progress
from model.solver.recourse import begin_again, begin_cuts
from model.solver.root import Relaxation, solve_root
from model.solver.search import Search
from model.solver.sifting import likely_idle
from model.solver.warm import prices_of, shares_of, traces_of

Array = np.ndarray[Any, Any]
NEARLY_USED = 0.05  # of a column's cost: reduced cost up to which the whole begins with it
FIRST_SHARES, MORE_SHARES = 12, 8  # of each stream: a period alone is small, so that rounds cost more than shares
ALONE, RESUMED = 1e-3, 1e-4  # tolerance of a period's bound: the whole follows, or a plan at once
GENTLE = 0.1  # of the usual perturbation of costs, of which an LP that begins nearly solved needs little
BOUND_SHARE = 0.4  # of the time limit, after which a plan matters more than a better bound


@dataclass
class Alone:
    """One period's relaxation: its part of the core, its master, what that knew when it was solved."""

    period: int
    block: Block
    master: Master
    relaxation: Relaxation
    trace: Trace

    def near(self, target: Master, t: int, more: int) -> Array:
        """Flags, over period `t` of a target, of the shares in use and of the `more` next cheapest of each stream."""
        master, values = self.master, self.relaxation.values
        known = master.share_column < len(values)
        used = np.zeros(master.have.shape, dtype=bool)
        at = master.share[known][values[master.share_column[known]] > 1e-9]
        used[tuple(at.T)] = True
        cost = np.where(master.assignment.open_pairs, self.relaxation.share_reduced_cost, np.inf)
        flags = np.zeros(target.have.shape, dtype=bool)
        flags[..., t] = (used | cheapest(cost, more))[..., 0]
        return flags


class Alones:
    """Relaxations of all periods, each for itself and so as many at once as there are threads.

    What rows cost that tie the periods is in the search. `known` are traces of an earlier solve.
    """

    def __init__(self, search: Search, guess: Array, asleep: Array, known: dict[int, Trace]):
        self.search, split, prices = search, search.split, search.prices
        self.running: list[Future[Alone | None]] = []
        if split is None or prices is None:
            return
        self.pool = ThreadPoolExecutor(search.progress.options.threads)
        for t in range(search.master.x.size("period")):
            block, here = split.block(t, prices), guess[..., t : t + 1]
            self.running.append(self.pool.submit(_alone, search, block, t, here, asleep, known.get(t)))

    def then(self, more: Callable[[Alone], Array | None]) -> list[Future[Array | None]]:
        """Do more with each of them that settled, as soon as a thread has nothing left of them to do."""

        def done(one: Future[Alone | None]) -> Array | None:
            alone = one.result()
            return None if alone is None else more(alone)

        return [self.pool.submit(done, one) for one in self.running]

    def trace(self, t: int) -> Trace | None:
        """What a period's relaxation left, once it is there; None if it did not settle."""
        alone = self.running[t].result()
        return None if alone is None else alone.trace

    def all(self) -> list[Alone]:
        """All of them; none if one did not settle, since it was stopped or there is no plan: the whole will say so."""
        search, found = self.search, [alone for one in self.running if (alone := one.result()) is not None]
        if not found or len(found) < len(self.running):
            return []
        self.pool.shutdown(wait=False)  # what was asked of it is still done
        assert search.split is not None
        assert search.prices is not None
        # With what couples them priced, at nothing or better, the periods' bounds are a bound of the whole.
        bounds = sum(alone.relaxation.bound for alone in found)
        search.progress.raise_bound(search.split.constant(search.prices) + bounds)
        search.traces = {alone.period: alone.trace for alone in found}
        return found


def _alone(search: Search, block: Block, t: int, guess: Array, asleep: Array, known: Trace | None) -> Alone | None:
    """One period's relaxation, from where an earlier one ended if that is known; None if it does not settle."""
    master, progress = search.master, search.progress
    a, least, idle = one_period(master.assignment, t), guess.min(axis=1), asleep[block.columns]
    small = Master(a.x, block.core, a, 5 * least, progress.options.seed, idle, master.strong.grid)
    small.highs.go_on = progress.go_on
    if known is None:
        small.add_shares(cheapest(guess, FIRST_SHARES))
        begin_cuts(small)
    else:
        given = known.give(small, 0, known.flags(small, 0) | cheapest(guess, 1))
        begin_again(small)
        small.serve_everyone()  # the earlier shares do so, or nearly
        small.highs.option("dual_simplex_cost_perturbation_multiplier", GENTLE)
        give_basis(small, [given])
    relaxation = solve_root(small, ALONE if known is None else RESUMED, lambda *_: progress.go_on(), MORE_SHARES)
    return Alone(t, block, small, relaxation, Trace.each(small)[0]) if relaxation.settled else None


def join(master: Master, periods: list[Alone]) -> None:
    """Give the whole master what the periods found, and the basis they make together."""
    given = []
    for alone in periods:
        master.highs.wake(_nearly_used(master, alone))
        given.append(alone.trace.give(master, alone.period, alone.near(master, alone.period, 6), tight=True))
    begin_cuts(master)
    if given:
        give_basis(master, given)


def _nearly_used(master: Master, alone: Alone) -> Array:
    """Flags of the whole's columns whose reduced cost in the period is small: together, periods use some of them."""
    flags = np.zeros(master.highs.columns, dtype=bool)
    columns = alone.block.columns
    reduced = alone.relaxation.reduced_costs[: len(columns)]
    flags[columns] = reduced < NEARLY_USED * np.maximum(np.abs(master.core.cost[columns]), 1e-9)
    return flags


def begin(core: Core, progress: Progress, start: xr.Dataset | None) -> tuple[Search, Alones]:
    """A search, and the relaxation of each period alone on its way; their bounds together are a first bound.

    A `start` tells what the rows that tie the periods cost, and where each period's relaxation begins.
    """
    a = Assignment(core.problem)
    guess, hosting = likely_cost(a), hosting_cost(core.problem)
    compiled = compile_core(core)
    asleep = likely_idle(core.problem, compiled, hosting)
    least = guess.min(axis=1)
    master = Master(core.problem, compiled, a, 2 * least, progress.options.seed, asleep)
    master.highs.go_on = lambda: progress.go_on() and not progress.close_enough
    split = Split.of(compiled, core.problem.size("period"))
    search = Search(master, progress, None, least)
    if split is not None:
        search = replace(search, split=split, prices=split.honest(prices_of(compiled, start)))
    return search, Alones(search, guess, asleep, {} if start is None else traces_of(core.problem, start))


def relaxed(search: Search, alone: list[Alone], start: xr.Dataset | None = None) -> Relaxation:
    """The relaxation of the whole."""
    progress, master = search.progress, search.master
    progress.enter("bound", "generating shares and rows")
    if not alone:
        master.add_shares(cheapest(likely_cost(master.assignment), 3))
    join(master, alone)
    if start is not None:
        master.add_shares(shares_of(master, start))

    def proceed(bound: float, columns: int, rows: int) -> bool:
        progress.columns, progress.rows = columns, rows
        progress.raise_bound(bound)
        go_on = progress.go_on() and not progress.close_enough
        return go_on and progress.seconds < BOUND_SHARE * progress.options.time_limit_s

    tolerance = float(np.clip(progress.options.gap / 10, 1e-4, 5e-4))
    return solve_root(master, tolerance, proceed)
