"""The relaxation of the whole problem: each period alone first, so that the whole begins almost solved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from model.assignment import Assignment, cheapest, hosting_cost, likely_cost
from model.core import Core
from model.solver.carry import Basis, Carrier
from model.solver.compiling import compile_core
from model.solver.master import Master
from model.solver.periods import Block, Split, one_period
from model.solver.progress import Progress
from model.solver.recourse import begin_cuts
from model.solver.root import Relaxation, solve_root
from model.solver.search import Search
from model.solver.sifting import likely_idle
from model.solver.warm import prices_of, shares_of

Array = np.ndarray[Any, Any]
NEARLY_USED = 0.05  # of a column's cost: reduced cost up to which the whole begins with it
BOUND_SHARE = 0.4  # of the time limit, after which a plan matters more than a better bound


@dataclass
class Alone:
    """One period's relaxation: its part of the core and its master, solved."""

    period: int
    block: Block
    master: Master
    relaxation: Relaxation

    def near(self, more: int) -> Array:
        """Flags (D × K × 1) of the shares in use and of the `more` next cheapest of each stream."""
        master, values = self.master, self.relaxation.values
        known = master.share_column < len(values)
        used = np.zeros(master.have.shape, dtype=bool)
        at = master.share[known][values[master.share_column[known]] > 1e-9]
        used[tuple(at.T)] = True
        cost = np.where(master.assignment.open_pairs, self.relaxation.share_reduced_cost, np.inf)
        return used | cheapest(cost, more)


def each_alone(
    master: Master, split: Split, guess: Array, asleep: Array, progress: Progress, prices: Array
) -> list[Alone]:
    """Relaxations of all periods, the last first: shares and rows one needs are likely to be needed in the next.

    `prices` (one a core row) is what the rows that tie the periods cost.
    """
    found: list[Alone] = []
    for t in reversed(range(master.x.size("period"))):
        block = split.block(t, prices)
        a, here = one_period(master.assignment, t), guess[..., t : t + 1]
        small = Master(
            a.x,
            block.core,
            a,
            2 * here.min(axis=1),
            progress.options.threads,
            progress.options.seed,
            asleep[block.columns],
            master.strong.grid,
        )
        small.highs.go_on = progress.go_on
        if found:
            carrier = Carrier(found[-1].master, small, [(0, 0)])
            carrier.awake()
            carrier.shares(found[-1].near(2))
            small.add_shares(cheapest(here, 1))
            carrier.gates()
            carrier.strong()
            carrier.cuts()
        else:
            small.add_shares(cheapest(here, 6))
        begin_cuts(small)
        relaxation = solve_root(small, 1e-3, lambda *_: progress.go_on())
        if not relaxation.settled:  # stopped, or there is no plan: the whole will say so
            break
        found.append(Alone(t, block, small, relaxation))
    else:  # with what couples them priced, at nothing or better, the periods' bounds are a bound of the whole
        progress.raise_bound(split.constant(prices) + sum(alone.relaxation.bound for alone in found))
    return found


def join(master: Master, periods: list[Alone]) -> None:
    """Give the whole master what the periods found, and the basis they make together."""
    if not periods:
        return
    carried = []
    for alone in periods:
        carrier = Carrier(alone.master, master, [(0, alone.period)])
        carrier.awake()
        master.highs.wake(_nearly_used(master, alone))
        carrier.shares(alone.near(6))
        carried.append((alone, carrier))
    cuts = []
    for _, carrier in carried:
        tight = carrier.source.highs.tight
        carrier.gates(tight)
        carrier.strong(tight)
        cuts.append(carrier.cuts(tight))
    basis = Basis(master)
    for (alone, carrier), rows in zip(carried, cuts, strict=True):
        basis.take(carrier, (np.arange(len(alone.block.rows)), alone.block.rows), rows)
    basis.give()


def _nearly_used(master: Master, alone: Alone) -> Array:
    """Flags of the whole's columns whose reduced cost in the period is small: together, periods use some of them."""
    flags = np.zeros(master.highs.columns, dtype=bool)
    columns = alone.block.columns
    reduced = alone.relaxation.reduced_costs[: len(columns)]
    flags[columns] = reduced < NEARLY_USED * np.maximum(np.abs(master.core.cost[columns]), 1e-9)
    return flags


def begin(core: Core, progress: Progress, start: xr.Dataset | None) -> Search:
    """A search whose master has what the periods need each alone; their bounds together are a first bound.

    A `start` tells what the rows that tie the periods cost, without it nothing.
    """
    a = Assignment(core.problem)
    guess, hosting = likely_cost(a), hosting_cost(core.problem)
    compiled = compile_core(core)
    asleep = likely_idle(core.problem, compiled, hosting)
    least = guess.min(axis=1)
    master = Master(core.problem, compiled, a, 2 * least, progress.options.threads, progress.options.seed, asleep)
    master.highs.go_on = progress.go_on
    split = Split.of(compiled, core.problem.size("period"))
    prices = prices_of(compiled, start)
    alone = []
    if split is not None:
        prices = split.honest(prices)
        alone = each_alone(master, split, guess, asleep, progress, prices)
    join(master, alone)
    begin_cuts(master)
    if len(alone) < core.problem.size("period"):
        master.add_shares(cheapest(guess, 3))
    if start is not None:
        master.add_shares(shares_of(master, start))
    return Search(master, progress, None, least, split, prices)


def relaxed(search: Search) -> Relaxation:
    """The relaxation of the whole."""
    progress = search.progress
    progress.enter("bound", "generating shares and rows")

    def proceed(bound: float, columns: int, rows: int) -> bool:
        progress.columns, progress.rows = columns, rows
        progress.raise_bound(bound)
        return progress.go_on() and progress.seconds < BOUND_SHARE * progress.options.time_limit_s

    tolerance = float(np.clip(progress.options.gap / 10, 1e-4, 5e-4))
    return solve_root(search.master, tolerance, proceed)
