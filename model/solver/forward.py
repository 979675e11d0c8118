"""A first plan, period by period: each is made whole with those planned before it given and the others priced."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from model.solver.carry import Trace, give_basis
from model.solver.master import Master
from model.solver.periods import Block, Split, one_period
from model.solver.prover import Task
from model.solver.recourse import begin_cuts
from model.solver.search import Search
from model.solver.small_plan import descended, whole_plan

Array = np.ndarray[Any, Any]
Found = dict[int, tuple[Master, Array]]  # by period, a master with the values of a whole plan
BROAD = 200  # sites from which on each period takes so long that two are planned at once
TIED = 1e-6  # by how much a row that ties the periods may be missed


@dataclass(frozen=True)
class Left:
    """What the relaxation left, so that plans can be made from it while the master goes on growing.

    have: shares, D × K × T; asleep: of all core columns; trace: of each period, None where there is none.
    """

    have: Array
    asleep: Array
    trace: Callable[[int], Trace | None]

    @classmethod
    def of(cls, search: Search) -> Left:
        """As the search has it now."""
        master = search.master
        return cls(master.have.copy(), master.highs.place[: len(master.core.cost)] < 0, dict(search.traces).get)


@dataclass(frozen=True)
class Parts:
    """A whole plan in parts: core values, and each period's master with its values. `cost` exact, in million CNY."""

    known: Array
    found: Found
    cost: float


def period_master(search: Search, left: Left, block: Block, t: int, wanted: Array) -> Master:
    """A master of period `t` alone with the flagged shares (D × K × T), where the relaxation left that period."""
    master, options = search.master, search.progress.options
    a = one_period(master.assignment, t)
    asleep, least = left.asleep[block.columns], search.stream_cost[:, t : t + 1]
    small = Master(a.x, block.core, a, least, options.seed, asleep, master.strong.grid)
    small.highs.go_on = master.highs.go_on
    small.serve_everyone()
    trace = left.trace(t)
    assert trace is not None
    given = trace.give(small, 0, wanted[..., t : t + 1])
    begin_cuts(small)
    give_basis(small, [given])
    return small


def bound_tasks(search: Search, split: Split, prices: Array) -> list[Task]:
    """Each period's whole MIP over every share, its ties to other periods priced."""
    master, left, tasks = search.master, Left.of(search), []
    whole = np.zeros(len(master.core.cost), dtype=bool)
    whole[search.everything()] = True
    for t in range(master.x.size("period")):
        block = split.block(t, prices)
        small = period_master(search, left, block, t, master.assignment.open_pairs)
        keep = np.ones(small.highs.columns, dtype=bool)
        small.gates.keep_replicas_apart(keep)
        keep[small.elastic] = False
        cost, matrix, row_lower, row_upper, lower, upper = small.highs.lp()
        columns = np.flatnonzero(keep)
        halls = np.zeros(len(columns), dtype=bool)
        halls[: len(block.columns)] = whole[block.columns]
        lp = (cost[columns], matrix[:, columns], row_lower, row_upper, lower[columns], upper[columns])
        tasks.append(Task(lp, halls, search.progress.options.seed))
    return tasks


def plan_forward(
    search: Search,
    split: Split,
    prices: Array,
    left: Left,
    gap: float,
    guide: Array | None = None,
    held: Found | None = None,
) -> Parts | None:
    """A whole plan, or None where some period finds none. Reads of the master only what does not change.

    Each period's search ends at about `gap`. `guide` (one a core column) has whole decisions to begin them from; `held`
    are periods whose plans stand already. Without these, and with many sites, periods are planned from the middle one
    outward, both ways at once; one after the other where that leads nowhere.
    """
    todo = [t for t in range(search.master.x.size("period")) if t not in (held or {})]
    make = partial(_in_turn, search, split, prices, left, gap, guide)
    found = None
    if not held and len(todo) > 2 and search.master.x.size("site") > BROAD:
        found = _outward(make, todo, search.progress.options.threads)
    if found is None or not keeps_ties(split, _core_values(split, found)):
        found = make(held or {}, todo)
    if found is None or not keeps_ties(split, known := _core_values(split, found)):
        return None
    return Parts(known, found, _cost(search, known, found))


def _outward(make: Callable[[Found, list[int]], Found | None], periods: list[int], threads: int) -> Found | None:
    """Plans of all periods: a middle one's first, then those before it and those after it, both ways at once."""
    middle = (len(periods) - 1) // 2
    begun = make({}, periods[middle : middle + 1])
    if begun is None:
        return None
    with ThreadPoolExecutor(threads) as pool:
        earlier, later = pool.map(partial(make, begun), (periods[:middle][::-1], periods[middle + 1 :]))
    return None if earlier is None or later is None else earlier | later


def _in_turn(
    search: Search,
    split: Split,
    prices: Array,
    left: Left,
    gap: float,
    guide: Array | None,
    held: Found,
    periods: list[int],
) -> Found | None:
    """The held plans and those of some periods, each made among those before it; None where one has none."""
    found = dict(held)
    for t in periods:
        settled = np.isin(np.arange(split.touched.shape[1]), list(found))
        block = split.block(t, prices, _core_values(split, found), settled)
        plan = _period_plan(search, left, block, t, gap, guide)
        if plan is None:
            return None
        found[t] = plan
    return found


def _core_values(split: Split, found: Found) -> Array:
    """Values of all core columns, 0 in periods without a plan."""
    known = np.zeros(len(split.core.cost))
    for t, (small, values) in found.items():
        known[split.column == t] = values[: len(small.core.cost)]
    return known


def _cost(search: Search, known: Array, found: Found) -> float:
    """What the periods' plans come to together, exactly, million CNY."""
    cost = float(search.master.core.cost @ known)
    for t, (small, values) in found.items():
        alone = Search(small, search.progress, None, search.stream_cost[:, t : t + 1])
        cost += alone.exact(values) - float(small.core.cost @ values[: len(small.core.cost)])
    return cost


def _period_plan(
    search: Search, left: Left, block: Block, t: int, gap: float, guide: Array | None
) -> tuple[Master, Array] | None:
    """A master of period `t` and its whole plan, the guide's if that serves everyone."""
    if (trace := left.trace(t)) is None:
        return None
    small = period_master(search, left, block, t, left.have | trace.flags(search.master, t))
    alone = Search(small, search.progress, None, search.stream_cost[:, t : t + 1])
    values = None
    if guide is not None:
        begin = alone.padded(np.clip(guide[block.columns], block.core.lower, block.core.upper))
        values = descended(alone, begin, 0)
    if values is None:
        values = whole_plan(search, small, t, gap)
    return None if values is None else (small, values)


def keeps_ties(split: Split, known: Array) -> bool:
    """Whether core values keep the rows that tie the periods."""
    core, ties = split.core, split.coupling
    at = core.matrix[ties] @ known
    return bool((at >= core.row_lower[ties] - TIED).all() and (at <= core.row_upper[ties] + TIED).all())


@dataclass(frozen=True)
class Anew:
    """A period of a plan made anew among the others: its part of the core, its master with values."""

    period: int
    block: Block
    small: Master
    found: Array


def polished(search: Search, split: Split, values: Array, t: int, most: int) -> Anew | None:
    """Period `t` searched anew by local search while the plan's other periods stand; None where that finds nothing."""
    small, block = _among_others(search, split, values, t)
    alone = Search(small, search.progress, None, search.stream_cost[:, t : t + 1])
    given = np.zeros(small.highs.columns)
    given[: len(block.columns)] = values[block.columns]
    found = descended(alone, given, most)
    return None if found is None else Anew(t, block, small, found)


def reworked(search: Search, split: Split, values: Array, t: int) -> Anew | None:
    """Period `t` made anew by a MIP of its own while the plan's other periods stand; None where that finds nothing."""
    small, block = _among_others(search, split, values, t)
    found = whole_plan(search, small, t, search.progress.options.gap)
    return None if found is None else Anew(t, block, small, found)


def _among_others(search: Search, split: Split, values: Array, t: int) -> tuple[Master, Block]:
    """A master of one period in which all rows are kept that tie it to the others as they are in a plan."""
    core, settled = len(search.master.core.cost), np.ones(search.master.x.size("period"), dtype=bool)
    settled[t] = False
    block = split.block(t, np.zeros(search.master.core.matrix.shape[0]), values[:core], settled)
    return period_master(search, Left.of(search), block, t, search.master.have), block


def offered(search: Search, split: Split, new: Anew | None) -> bool:
    """Offer the best plan with a period replaced; returns whether it was taken."""
    if new is None or search.values is None:
        return False
    known = search.values[: len(search.master.core.cost)].copy()
    known[new.block.columns] = new.found[: len(new.block.columns)]
    if not keeps_ties(split, known):  # another period was replaced meanwhile
        return False
    return search.offer(together(search.master, known, {new.period: (new.small, new.found)}, search.values))


def together(master: Master, known: Array, found: Found, base: Array | None = None) -> Array:
    """The core's values and the shares of the periods found, the other periods' as in `base`, over the whole master."""
    for t, (small, _) in found.items():
        flags = np.zeros(master.have.shape, dtype=bool)
        flags[..., t] = small.have[..., 0]
        master.add_shares(flags)
    used = np.zeros(master.highs.columns, dtype=bool)
    used[np.flatnonzero(known)] = True
    master.highs.wake(used)
    values = np.zeros(master.highs.columns)
    if base is not None:
        values[: len(base)] = base
    values[: len(known)] = known
    where = np.full(master.have.shape, -1, dtype=np.int64)
    where[tuple(master.share.T)] = master.share_column
    for t, (small, part) in found.items():
        values[master.share_column[master.share[:, 2] == t]] = 0.0
        d, k, _ = small.share.T
        values[where[d, k, t]] = part[small.share_column]
    return values
