"""A first plan, period by period: each is made whole with what stands before it given and what comes after priced."""

from __future__ import annotations

from typing import Any

import numpy as np

from model.solver.carry import Basis, Carrier
from model.solver.descent import Descent
from model.solver.master import Master
from model.solver.periods import Block, Split, one_period
from model.solver.prover import Task
from model.solver.root import Relaxation, solve_root
from model.solver.search import Search

Array = np.ndarray[Any, Any]
TRIALS = 150  # moves tried in one period's local search
NEAR = 0.6  # of the gap asked for: gap of a period's small MIP, whose sites and shares the relaxation chooses
REACH = 2e-3  # of a stream's cost: how much dearer a share may be to be in that MIP
NEARLY_OPEN = 5e-4  # of the bound: reduced cost of a closed site that may still open
SITE_COLUMNS = ("is_open", "built_halls", "grid_steps", "hosted_load", "energy_contract", "contract_saving")


def period_master(master: Master, block: Block, t: int, least: Array, wanted: Array, warm: bool = False) -> Master:
    """A master of period `t` alone with the flagged shares (D × K × T) and the whole's rows and cuts of that period.

    `warm` begins from the whole's basis.
    """
    a = one_period(master.assignment, t)
    options = master.highs.solver.getOptionValue
    asleep = master.highs.place[block.columns] < 0
    threads, seed = options("threads")[1], options("random_seed")[1]
    small = Master(a.x, block.core, a, least[:, t : t + 1], threads, seed, asleep, master.strong.grid)
    small.highs.go_on = master.highs.go_on
    small.serve_everyone()
    small.add_shares(wanted[..., t : t + 1])
    carrier = Carrier(master, small, [(t, 0)])
    carrier.gates()
    carrier.strong()
    cuts = carrier.cuts()
    if warm:
        basis = Basis(small)
        basis.take(carrier, (block.rows, np.arange(len(block.rows))), cuts)
        basis.give()
    return small


def bound_tasks(search: Search, split: Split, prices: Array) -> list[Task]:
    """Each period's whole MIP over every share, its ties to other periods priced."""
    master, tasks = search.master, []
    whole = np.zeros(len(master.core.cost), dtype=bool)
    whole[search.everything()] = True
    for t in range(master.x.size("period")):
        block = split.block(t, prices)
        small = period_master(master, block, t, search.stream_cost, master.assignment.open_pairs)
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
        small = period_master(master, block, t, search.stream_cost, master.have, search.root is not None)
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
    return _together(master, known, found)


def _whole(search: Search, small: Master, t: int) -> Array | None:
    """A whole plan of one period's master: a small MIP around its relaxation, over everything if that finds none."""
    progress = search.progress
    root = solve_root(small, 1e-3, lambda *_: progress.go_on())
    if not root.settled or root.unserved > 1e-6:
        return None
    alone = Search(small, progress, root, search.stream_cost[:, t : t + 1])
    near = NEAR * progress.options.gap
    # Where rows that came late leave no room, everything anew.
    for keep, effort in ((_promising(alone, root), 0.0), (alone.kept(2e-2), 0.2)):
        whole = alone.everything()
        plan = alone.run(keep, whole[keep[whole]], (whole[:0], np.zeros(0)), near, 1, False, effort, effort == 0)
        found = None if plan is None else descended(alone, alone.padded(plan), 0)
        if found is not None:
            return found
    values = alone.dive_sites()
    halls = None if values is None else alone.dive_halls(values, firm=False)
    return None if halls is None else descended(alone, alone.padded(halls))


def _promising(alone: Search, root: Relaxation) -> Array:
    """Columns of the sites the relaxation opens, or nearly, and of the shares it uses there, or nearly."""
    small, core = alone.master, len(alone.master.core.cost)
    keep, reduced = alone.kept(REACH), alone.padded(root.reduced_costs, np.inf)
    keep[:core] &= small.highs.place[:core] >= 0
    at = small.core.at["is_open"][:, 0]
    opens = np.maximum(at, 0)
    closed = (at >= 0) & (root.values[opens] < 1e-6) & (reduced[opens] > NEARLY_OPEN * root.bound)
    closed &= small.highs.lower[opens] < 0.5
    for name, columns in small.core.at.items():
        if name in SITE_COLUMNS:
            gone = columns[closed].ravel()
            keep[gone[gone >= 0]] = False
    keep[small.share_column[closed[small.x.host_site[small.share[:, 1]]]]] = False
    return keep


def polished(search: Search, split: Split, values: Array, t: int, most: int) -> Array | None:
    """The plan with period `t` searched anew while the other periods stand; with `most` 0 only made exact.

    All rows that tie the period to others are kept, so what comes back is a plan of the whole.
    """
    master = search.master
    core, settled = len(master.core.cost), np.ones(master.x.size("period"), dtype=bool)
    settled[t] = False
    known = values[:core].copy()
    block = split.block(t, np.zeros(master.core.matrix.shape[0]), known, settled)
    small = period_master(master, block, t, search.stream_cost, master.have)
    alone = Search(small, search.progress, None, search.stream_cost[:, t : t + 1])
    given = np.zeros(small.highs.columns)
    given[: len(block.columns)] = known[block.columns]
    found = descended(alone, given, most)
    if found is None:
        return None
    known[block.columns] = found[: len(block.columns)]
    return _together(master, known, {t: (small, found)}, values)


def descended(search: Search, values: Array, most: int = TRIALS) -> Array | None:
    """The best whole plan that local search finds from a whole plan; None if nobody can be served from there."""
    with Descent(search, values) as descent:
        found = descent.run(most)
    if found is None:
        return None
    found, whole = search.padded(found), search.everything()
    found[whole] = np.round(found[whole])
    return found


def _together(master: Master, known: Array, found: dict[int, tuple[Master, Array]], base: Array | None = None) -> Array:
    """The core's values and the shares of the periods found, the other periods' as in `base`, over the whole master."""
    for t, (small, _) in found.items():
        carrier = Carrier(small, master, [(0, t)])
        carrier.awake()
        carrier.shares(small.have)
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
