"""Problems so small that every share and row is there from the start: one LP, and where it is not whole one MIP."""

from __future__ import annotations

import numpy as np

from model.assignment import Assignment
from model.core import Core
from model.solver.compiling import compile_core
from model.solver.highs import INF, compressed
from model.solver.integer import Budget, solve_whole
from model.solver.master import Master
from model.solver.progress import Progress
from model.solver.root import solve_root
from model.solver.search import Search, is_large

WHOLE = 1e-7  # values this near a whole number are one
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
    _link_every_share(master)
    everywhere = np.zeros(master.highs.columns)
    everywhere[master.share_column] = 1.0
    master.add_violated(everywhere, 0.5)
    progress.enter("bound", "every share in one search")
    relaxation = solve_root(master, 1e-9, lambda *_: progress.go_on())
    if not relaxation.settled or relaxation.unserved > 1e-6:
        return None
    progress.raise_bound(relaxation.bound)
    search = Search(master, progress, relaxation, dear)
    whole = relaxation.values[search.everything()]
    if bool((np.abs(whole - np.round(whole)) < WHOLE).all()):
        search.offer(relaxation.values)
    elif not _searched(search):
        return None
    return search


def _link_every_share(master: Master) -> None:
    """Served only where open: all these rows in one go."""
    (mine, keys), at_gate = master._gate_keys("link", *master.share.T), master.core.at["is_open"]
    gate = at_gate[keys[1], keys[2]]
    gated = gate >= 0
    rows = master.gate_row["link"]
    found, row = np.unique(np.ravel_multi_index(keys, rows.shape)[gated], return_inverse=True)
    of_row = np.zeros(len(found), dtype=np.int64)
    of_row[row] = gate[gated]
    count = len(found)
    where = np.concatenate([row.ravel(), np.arange(count)])
    order = np.argsort(where, kind="stable")
    columns = np.concatenate([master.share_column[mine[gated]], of_row])
    values = np.concatenate([np.ones(int(gated.sum())), -np.ones(count)])
    starts = compressed(np.bincount(where, minlength=count))
    rows.reshape(-1)[found] = master.highs.add_rows(
        np.full(count, -INF), np.zeros(count), starts, columns[order], values[order]
    )


def _searched(search: Search) -> bool:
    """One MIP without presolve or heuristics, for the rows are strong; False if it proves that there is no plan."""
    progress, master = search.progress, search.master
    progress.enter("plans", "whole halls")

    def watch(_: float | None, bound: float) -> bool:
        progress.raise_bound(bound)
        return progress.go_on()

    keep = np.ones(master.highs.columns, dtype=bool)
    keep[master.elastic] = False
    free, options = np.full(master.highs.columns, np.inf), progress.options
    budget = Budget(options.gap * 0.9, progress.left, NODES, options.seed, watch)
    plan = solve_whole(master, keep, search.everything(), None, budget, -free, free, 0.0, presolve=False)
    if plan.status == "Infeasible":
        return False
    progress.raise_bound(min(plan.bound, plan.objective))
    if plan.values is not None:
        search.offer(plan.values)
    return True
