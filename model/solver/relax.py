"""The relaxation of the whole problem: each period alone first, so that the whole begins almost solved."""

from __future__ import annotations

from dataclasses import dataclass
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
from model.solver.recourse import begin_cuts
from model.solver.root import Relaxation, solve_root
from model.solver.search import Search
from model.solver.sifting import likely_idle
from model.solver.warm import prices_of, shares_of, traces_of

Array = np.ndarray[Any, Any]
NEARLY_USED = 0.05  # of a column's cost: reduced cost up to which the whole begins with it
ALONE, RESUMED = 1e-3, 5e-5  # tolerance of a period's bound: the whole follows, or a plan at once
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


def each_alone(search: Search, guess: Array, asleep: Array, known: dict[int, Trace]) -> list[Alone]:
    """Relaxations of all periods, the last first: shares and rows one needs are likely to be needed in the next.

    What rows cost that tie the periods is in the search. `known` are traces of an earlier solve.
    """
    master, split, prices, progress = search.master, search.split, search.prices, search.progress
    assert split is not None
    assert prices is not None
    found: list[Alone] = []
    for t in reversed(range(master.x.size("period"))):
        block = split.block(t, prices)
        a, here = one_period(master.assignment, t), guess[..., t : t + 1]
        options = progress.options
        idle, grid = asleep[block.columns], master.strong.grid
        small = Master(a.x, block.core, a, 2 * here.min(axis=1), options.threads, options.seed, idle, grid)
        small.highs.go_on = progress.go_on
        if t in known:
            given = known[t].give(small, 0, known[t].flags(small, 0) | cheapest(here, 1))
            begin_cuts(small)
            give_basis(small, [given])
        elif found:
            found[-1].trace.give(small, 0, found[-1].near(small, 0, 2) | cheapest(here, 1))
            begin_cuts(small)
        else:
            small.add_shares(cheapest(here, 6))
            begin_cuts(small)
        tolerance = RESUMED if t in known else ALONE
        relaxation = solve_root(small, tolerance, lambda *_: progress.go_on())
        if not relaxation.settled:  # stopped, or there is no plan: the whole will say so
            return []
        found.append(Alone(t, block, small, relaxation, Trace.of(small, 0)))
    # With what couples them priced, at nothing or better, the periods' bounds are a bound of the whole.
    progress.raise_bound(split.constant(prices) + sum(alone.relaxation.bound for alone in found))
    return found


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


def begin(core: Core, progress: Progress, start: xr.Dataset | None) -> tuple[Search, list[Alone]]:
    """A search, and what the periods need each alone; their bounds together are a first bound.

    A `start` tells what the rows that tie the periods cost, and where each period's relaxation begins.
    """
    a = Assignment(core.problem)
    guess, hosting = likely_cost(a), hosting_cost(core.problem)
    compiled = compile_core(core)
    asleep = likely_idle(core.problem, compiled, hosting)
    least = guess.min(axis=1)
    master = Master(core.problem, compiled, a, 2 * least, progress.options.threads, progress.options.seed, asleep)
    master.highs.go_on = progress.go_on
    split = Split.of(compiled, core.problem.size("period"))
    if split is None:
        master.add_shares(cheapest(guess, 3))
        begin_cuts(master)
        return Search(master, progress, None, least), []
    search = Search(master, progress, None, least, split, split.honest(prices_of(compiled, start)))
    alone = each_alone(search, guess, asleep, {} if start is None else traces_of(core.problem, start))
    search.traces = {one.period: one.trace for one in alone}
    if not alone:
        master.add_shares(cheapest(guess, 3))
    return search, alone


def relaxed(search: Search, alone: list[Alone], start: xr.Dataset | None = None) -> Relaxation:
    """The relaxation of the whole."""
    progress, master = search.progress, search.master
    progress.enter("bound", "generating shares and rows")
    join(master, alone)
    if start is not None:
        master.add_shares(shares_of(master, start))

    def proceed(bound: float, columns: int, rows: int) -> bool:
        progress.columns, progress.rows = columns, rows
        progress.raise_bound(bound)
        return progress.go_on() and progress.seconds < BOUND_SHARE * progress.options.time_limit_s

    tolerance = float(np.clip(progress.options.gap / 10, 1e-4, 5e-4))
    return solve_root(master, tolerance, proceed)
