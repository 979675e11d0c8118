"""A first plan, period by period: each is made whole with what stands before it given and what comes after priced."""

from __future__ import annotations

from typing import Any

import numpy as np

from model.solver.carry import give_basis
from model.solver.descent import Descent
from model.solver.master import Master
from model.solver.periods import Block, Split, one_period
from model.solver.prover import Task
from model.solver.recourse import begin_cuts
from model.solver.root import Relaxation, solve_root
from model.solver.search import Search

Array = np.ndarray[Any, Any]
TRIALS = 150  # moves tried in one period's local search
NEAR = 0.6  # of the gap asked for: gap of a period's small MIP, whose sites and shares the relaxation chooses
REACH = 2e-3  # of a stream's cost: how much dearer a share may be to be in that MIP
NEARLY_OPEN = 5e-4  # of the bound: reduced cost of a closed site that may still open
FIRM, SURE = 0.9, 3  # how open the relaxation has a site that stays open; shares at such sites for each stream
MANY = 60  # sites that may open, from which on few of them at a time are in doubt
FEW = ((4, True), (16, False), (48, True))  # closed sites that may open then, in turn; leaving out most searches
ENOUGH = 0.8  # of the gap asked for: how much dearer than its relaxation such a plan of a period may be
SITE_COLUMNS = ("is_open", "built_halls", "grid_steps", "hosted_load", "energy_contract", "contract_saving")


def period_master(search: Search, block: Block, t: int, wanted: Array) -> Master:
    """A master of period `t` alone with the flagged shares (D × K × T), where the relaxation left that period."""
    master, options = search.master, search.progress.options
    a = one_period(master.assignment, t)
    asleep, least = master.highs.place[block.columns] < 0, search.stream_cost[:, t : t + 1]
    small = Master(a.x, block.core, a, least, options.threads, options.seed, asleep, master.strong.grid)
    small.highs.go_on = master.highs.go_on
    small.serve_everyone()
    given = search.traces[t].give(small, 0, wanted[..., t : t + 1])
    begin_cuts(small)
    give_basis(small, [given])
    return small


def bound_tasks(search: Search, split: Split, prices: Array) -> list[Task]:
    """Each period's whole MIP over every share, its ties to other periods priced."""
    master, tasks = search.master, []
    whole = np.zeros(len(master.core.cost), dtype=bool)
    whole[search.everything()] = True
    for t in range(master.x.size("period")):
        block = split.block(t, prices)
        small = period_master(search, block, t, master.assignment.open_pairs)
        keep = np.ones(small.highs.columns, dtype=bool)
        small.keep_replicas_apart(keep)
        keep[small.elastic] = False
        cost, matrix, row_lower, row_upper, lower, upper = small.highs.lp()
        columns = np.flatnonzero(keep)
        halls = np.zeros(len(columns), dtype=bool)
        halls[: len(block.columns)] = whole[block.columns]
        lp = (cost[columns], matrix[:, columns], row_lower, row_upper, lower[columns], upper[columns])
        tasks.append(Task(lp, halls, search.progress.options.seed))
    return tasks


def plan_forward(search: Search, split: Split, prices: Array, guide: Array | None = None) -> Array | None:
    """Whole values over the master's columns, or None where some period finds no plan.

    `guide` (one a core column) has whole decisions to begin each period's local search from.
    """
    master, periods = search.master, search.master.x.size("period")
    known, settled = np.zeros(len(master.core.cost)), np.zeros(periods, dtype=bool)
    found: dict[int, tuple[Master, Array]] = {}
    for t in range(periods):
        block = split.block(t, prices, known, settled)
        small = period_master(search, block, t, master.have | search.traces[t].flags(master, t))
        values = None
        if guide is not None:
            alone = Search(small, search.progress, None, search.stream_cost[:, t : t + 1])
            begin = alone.padded(np.clip(guide[block.columns], block.core.lower, block.core.upper))
            values = descended(alone, begin, 0)
        if values is None:
            values = _whole(search, small, t)
        if values is None:
            return None
        known[block.columns] = values[: len(block.columns)]
        settled[t] = True
        found[t] = small, values
    return together(master, known, found)


def _whole(search: Search, small: Master, t: int) -> Array | None:
    """A whole plan of one period's master: a small MIP around its relaxation, over everything if that finds none."""
    progress = search.progress
    root = solve_root(small, 1e-3, lambda *_: progress.go_on())
    if not root.settled or root.unserved > 1e-6:
        return None
    alone = Search(small, progress, root, search.stream_cost[:, t : t + 1])
    gap = NEAR * progress.options.gap
    promising, none = _promising(alone, root), alone.everything()[:0]
    if (found := _among_few(alone, root) if _many_sites(alone, promising) else None) is not None:
        return found
    # Where rows that came late leave no room, everything anew.
    for keep, effort in ((promising, 0.0), (alone.kept(2e-2), 0.2)):
        if (found := _found(alone, keep, none, gap, effort, effort == 0)) is not None:
            return found
    values = alone.dive_sites()
    halls = None if values is None else alone.dive_halls(values, firm=False)
    return None if halls is None else descended(alone, alone.padded(halls))


def _found(alone: Search, keep: Array, firm: Array, gap: float, effort: float, quick: bool) -> Array | None:
    """What the MIP over the kept columns finds with the `firm` ones at 1, made exact."""
    whole = alone.everything()
    plan = alone.run(keep, whole[keep[whole]], (firm, np.ones(len(firm))), gap, 1, False, effort, quick)
    return None if plan is None else descended(alone, alone.padded(plan), 0)


def _many_sites(alone: Search, keep: Array) -> bool:
    """Whether so many sites are in doubt that a MIP over all of them would take long and find little."""
    at = alone.master.core.at["is_open"]
    return int(keep[at[at >= 0]].sum()) > MANY


def _among_few(alone: Search, root: Relaxation) -> Array | None:
    """A plan that opens what the relaxation opens wholly and few sites more; more of them where it costs too much."""
    gap, best, least = alone.progress.options.gap, None, np.inf
    for more, quick in FEW:
        keep, firm = _few(alone, root, more)
        found = _found(alone, keep, firm, gap / 5, 0.0, quick)
        cost = np.inf if found is None else alone.exact(found)
        if cost < least:
            best, least = found, cost
        if least <= root.bound * (1 + ENOUGH * gap):
            break
    return best


def _promising(alone: Search, root: Relaxation) -> Array:
    """Columns of the sites the relaxation opens, or nearly, and of the shares it uses there, or nearly."""
    opens, closed = _closed(alone, root)
    closed &= alone.padded(root.reduced_costs, np.inf)[opens] > NEARLY_OPEN * root.bound
    return _without(alone, root, closed, SURE)


def _few(alone: Search, root: Relaxation, more: int) -> tuple[Array, Array]:
    """Columns of the sites the relaxation opens and the `more` nearest to that; `is_open` of those it opens wholly."""
    opens, closed = _closed(alone, root)
    reduced = alone.padded(root.reduced_costs, np.inf)[opens]
    closed[np.argsort(np.where(closed, reduced, np.inf), kind="stable")[:more]] = False
    firm = (alone.master.core.at["is_open"][:, 0] >= 0) & (root.values[opens] > 1 - 1e-6)
    return _without(alone, root, closed, SURE + 2), opens[firm]


def _closed(alone: Search, root: Relaxation) -> tuple[Array, Array]:
    """Columns of the sites' `is_open` (0 without one), and flags of the sites that the relaxation keeps closed."""
    at = alone.master.core.at["is_open"][:, 0]
    opens = np.maximum(at, 0)
    return opens, (at >= 0) & (root.values[opens] < 1e-6) & (alone.master.highs.lower[opens] < 0.5)


def _without(alone: Search, root: Relaxation, closed: Array, sure: int) -> Array:
    """Columns of sites not closed; shares there in use, or nearly, and each stream's `sure` best at open sites."""
    small, core = alone.master, len(alone.master.core.cost)
    keep, reduced = alone.kept(REACH), alone.padded(root.reduced_costs, np.inf)
    keep[:core] &= small.highs.place[:core] >= 0
    for name, columns in small.core.at.items():
        if name in SITE_COLUMNS:
            gone = columns[closed].ravel()
            keep[gone[gone >= 0]] = False
    host, at = small.x.host_site[small.share[:, 1]], small.core.at["is_open"][:, 0]
    keep[small.share_column[closed[host]]] = False
    open_sites = (at < 0) | (root.values[np.maximum(at, 0)] > FIRM)
    keep[small.share_column[_sure(small, open_sites, host, reduced, sure)]] = True
    return keep


def _sure(small: Master, open_sites: Array, host: Array, reduced: Array, count: int) -> Array:
    """The best shares of each stream at sites that are open anyway, so that whole sites leave nobody without one."""
    here = np.flatnonzero(open_sites[host])
    order = here[np.lexsort((reduced[small.share_column[here]], small.share[here, 0]))]
    stream = small.share[order, 0]
    first = np.searchsorted(stream, stream)
    sure: Array = order[np.arange(len(order)) - first < count]
    return sure


def polished(search: Search, split: Split, values: Array, t: int, most: int) -> Array | None:
    """The plan with period `t` searched anew by local search while the other periods stand."""
    small, block = _among_others(search, split, values, t)
    alone = Search(small, search.progress, None, search.stream_cost[:, t : t + 1])
    given = np.zeros(small.highs.columns)
    given[: len(block.columns)] = values[block.columns]
    return _put_back(search, values, t, block, small, descended(alone, given, most))


def reworked(search: Search, split: Split, values: Array, t: int) -> Array | None:
    """The plan with period `t` made anew by a MIP of its own while the other periods stand."""
    small, block = _among_others(search, split, values, t)
    return _put_back(search, values, t, block, small, _whole(search, small, t))


def _among_others(search: Search, split: Split, values: Array, t: int) -> tuple[Master, Block]:
    """A master of one period in which all rows are kept that tie it to the others as they are in a plan."""
    core, settled = len(search.master.core.cost), np.ones(search.master.x.size("period"), dtype=bool)
    settled[t] = False
    block = split.block(t, np.zeros(search.master.core.matrix.shape[0]), values[:core], settled)
    return period_master(search, block, t, search.master.have), block


def _put_back(search: Search, values: Array, t: int, block: Block, small: Master, found: Array | None) -> Array | None:
    """A plan with one period replaced."""
    if found is None:
        return None
    known = values[: len(search.master.core.cost)].copy()
    known[block.columns] = found[: len(block.columns)]
    return together(search.master, known, {t: (small, found)}, values)


def descended(search: Search, values: Array, most: int = TRIALS) -> Array | None:
    """The best whole plan that local search finds from a whole plan; None if nobody can be served from there."""
    with Descent(search, values) as descent:
        found = descent.run(most)
    if found is None:
        return None
    found, whole = search.padded(found), search.everything()
    found[whole] = np.round(found[whole])
    return found


def together(master: Master, known: Array, found: dict[int, tuple[Master, Array]], base: Array | None = None) -> Array:
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
