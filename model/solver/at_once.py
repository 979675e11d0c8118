"""Problems so small that every share and row is there from the start: one LP, and where it is not whole few more.

What these leave open is settled by a MIP, or by the tree over sites where a problem has nothing but sites.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from model.assignment import Assignment
from model.core import Core
from model.solver.compiling import compile_core
from model.solver.integer import Budget, solve_whole
from model.solver.master import Master
from model.solver.plain import by_sites, is_plain
from model.solver.progress import Progress
from model.solver.root import Relaxation, solve_root
from model.solver.search import Search, is_large

Array = np.ndarray[Any, Any]
WHOLE = 1e-7  # values this near a whole number are one
FEW = 24  # LPs of branching before HiGHS searches
NODES = 2000  # that HiGHS searches bare; what takes more gains by its presolve and heuristics


def fits_at_once(core: Core) -> bool:
    """Whether all can be there from the start: few shares, and nothing that is bounded by cuts found on the way."""
    return not is_large(core.problem) and not _cut(core, "contract_saving") and not _cut(core, "contract_avoided")


def _cut(core: Core, name: str) -> bool:
    return name in core.variable and bool(core.variable[name].keys)


def all_at_once(core: Core, progress: Progress) -> Search | None:
    """A search with its bound and, where one was found, its plan; None where someone cannot be served."""
    a, x = Assignment(core.problem), core.problem
    dear = np.full((x.size("stream"), x.size("period")), np.inf)
    master = Master(x, compile_core(core), a, dear, progress.options.seed)
    master.highs.option("presolve", "off")
    master.add_shares(a.open_pairs)
    master.gates.link_every_share()
    everywhere = np.zeros(master.highs.columns)
    everywhere[master.share_column] = 1.0
    master.gates.add_violated(everywhere, 0.5)
    progress.enter("bound", "every share in one search")
    relaxation = solve_root(master, 1e-9, lambda *_: progress.go_on())
    if not relaxation.settled or relaxation.unserved > 1e-6:
        return None
    progress.raise_bound(relaxation.bound)
    search = Search(master, progress, relaxation, dear)
    whole = relaxation.values[search.everything()]
    if bool((np.abs(whole - np.round(whole)) < WHOLE).all()):
        search.offer(relaxation.values)
    elif not _branched(search, relaxation):
        if is_plain(core):
            return by_sites(core, progress) or search
        if not _searched(search):
            return None
    return search


def _branched(search: Search, root: Relaxation) -> bool:
    """Branch with few LPs, depth first, each from the basis of the last; returns whether that settled it.

    Rows are strong, so that the relaxation is nearly whole, and a MIP search takes longer to begin than this to end.
    """
    progress, highs, whole = search.progress, search.master.highs, search.everything()
    progress.enter("plans", "whole halls")
    low, high = highs.lower[whole], highs.upper[whole]
    todo: list[tuple[float, Array, Array, Array]] = [(root.bound, low, high, root.values)]
    floor = np.inf  # of what was left out
    for _ in range(FEW):
        if not todo or not progress.go_on():
            break
        bound, least, most, values = todo.pop()
        if search.values is not None and bound >= search.objective - progress.options.gap * abs(search.objective) / 2:
            floor = min(floor, bound)
            continue
        at = values[whole]
        away = np.abs(at - np.round(at))
        n = int(away.argmax())
        if away[n] < WHOLE:
            if not search.offer(values):  # no better, or a row is broken: not settled by it
                floor = min(floor, bound)
            continue
        nearer_up = bool(at[n] - np.floor(at[n]) >= 0.5)
        for up in (not nearer_up, nearer_up):  # the last is looked at first
            below, above = least.copy(), most.copy()
            (below if up else above)[n] = np.ceil(at[n]) if up else np.floor(at[n])
            highs.set_bounds(whole, below, above)
            status = highs.solve()
            if status == "Optimal" and search.serves_everyone(found := highs.values):
                todo.append((max(bound, highs.objective), below, above, found))
            elif status != "Infeasible":  # its bound counts all the same
                floor = min(floor, max(bound, highs.objective) if status == "Optimal" else bound)
    highs.set_bounds(whole, low, high)
    floor = min([floor, search.objective, *(bound for bound, *_ in todo)])
    if floor < np.inf:
        progress.raise_bound(floor)
    return search.values is not None and progress.close_enough


def _searched(search: Search) -> bool:
    """One MIP without presolve or heuristics, for the rows are strong; False if it proves that there is no plan."""
    progress, master = search.progress, search.master

    def watch(_: float | None, bound: float) -> bool:
        progress.raise_bound(bound)
        return progress.go_on()

    keep = np.ones(master.highs.columns, dtype=bool)
    keep[master.elastic] = False
    free, options = np.full(master.highs.columns, np.inf), progress.options
    budget = Budget(options.gap * 0.9, progress.left, NODES, options.seed, watch)
    known = search.values  # of a branch, if it found any
    plan = solve_whole(master, keep, search.everything(), known, budget, -free, free, 0.0, presolve=False)
    if plan.status == "Infeasible":
        return False
    progress.raise_bound(min(plan.bound, plan.objective))
    if plan.values is not None:
        search.offer(plan.values)
    return True
