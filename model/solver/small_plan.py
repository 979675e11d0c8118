"""A whole plan of one period: small MIPs around its relaxation, in which more and more may change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from model.solver.descent import Descent
from model.solver.master import Master
from model.solver.root import Relaxation, solve_root
from model.solver.search import FIRST_STAGE, Search

Array = np.ndarray[Any, Any]
Held = tuple[Array, Array, Array]  # columns, the least and the most of each
FREE: Held = np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0)  # nothing held
WHOLE = 1e-6  # from a whole number within which the relaxation is at it
TRIALS = 150  # moves tried in one period's local search
NEAR = 0.6  # of the gap asked for: gap of a period's small MIP, whose sites and shares the relaxation chooses
REACH = 2e-3  # of a stream's cost: how much dearer a share may be to be in that MIP
NEARLY_OPEN = 5e-4  # of the bound: reduced cost of a closed site that may still open
FIRM, SURE = 0.9, 3  # how open the relaxation has a site that stays open; shares at such sites for each stream
MANY = 60  # sites that may open, from which on few of them at a time are in doubt
FEW = ((4, True), (16, False), (48, True))  # closed sites that may open then, in turn; leaving out most searches
ENOUGH = 0.8  # of the gap asked for: how much dearer than its relaxation such a plan of a period may be
SITE_COLUMNS = ("is_open", "built_halls", "grid_steps", "hosted_load", "energy_contract", "contract_saving")


def whole_plan(search: Search, small: Master, t: int, gap: float) -> Array | None:
    """A whole plan of period `t`: small MIPs around its relaxation until one is within about `gap`, else all of it."""
    progress = search.progress
    root = solve_root(small, 1e-3, lambda *_: progress.go_on())
    if not root.settled or root.unserved > 1e-6:
        return None
    alone = Search(small, progress, root, search.stream_cost[:, t : t + 1])
    keep = _promising(alone, root)
    found = _among_few(alone, root, gap) if _many_sites(alone, keep) else _by_steps(alone, root, keep, gap)
    if found is None:  # rows that came late leave no room: everything anew
        found = _found(alone, alone.kept(2e-2), FREE, NEAR * gap, 0.2, False)
    if found is not None:
        return found
    values = alone.dive_sites()
    halls = None if values is None else alone.dive_halls(values, firm=False)
    return None if halls is None else descended(alone, alone.padded(halls))


def _by_steps(alone: Search, root: Relaxation, keep: Array, gap: float) -> Array | None:
    """The best plan of MIPs in which more and more may change, until one is good enough."""
    tries = (_found(alone, keep, _around(alone, root, same), NEAR * gap, 0.0, True) for same in (True, False))
    found = _first_good(alone, root, tries, gap)
    return _found(alone, keep, FREE, NEAR * gap, 0.0, True) if found is None else found


def _first_good(alone: Search, root: Relaxation, tries: Iterator[Array | None], gap: float) -> Array | None:
    """The best of the plans tried up to the first that is near enough to the relaxation."""
    best, least = None, np.inf
    for found in tries:
        cost = np.inf if found is None else alone.exact(found)
        if cost < least:
            best, least = found, cost
        if least <= root.bound * (1 + ENOUGH * gap):
            break
    return best


def _around(alone: Search, root: Relaxation, same_types: bool) -> Held:
    """Sites stay open or closed where the relaxation says so; whole numbers at most one further than its neighbours.

    With `same_types` a site has halls only of the types that it has there.
    """
    sites, halls = alone.columns("is_open"), alone.columns("built_halls", "kept_halls")
    rest = alone.columns(*FIRST_STAGE[1:], "grid_steps")
    columns, at = np.concatenate([sites, halls, rest]), alone.padded(root.values)
    least, most = np.floor(at + WHOLE) - 1, np.ceil(at - WHOLE) + 1
    least[sites], most[sites] = at[sites] > 1 - WHOLE, at[sites] > WHOLE
    if same_types:
        most[halls] = np.where(at[halls] > WHOLE, most[halls], 0.0)
    highs = alone.master.highs
    low, high = highs.lower[columns], highs.upper[columns]
    return columns, np.clip(least[columns], low, high), np.clip(most[columns], low, high)


def _found(alone: Search, keep: Array, held: Held, gap: float, effort: float, quick: bool) -> Array | None:
    """What the MIP over the kept columns finds with some `held` between limits, made exact."""
    whole = alone.everything()
    plan = alone.run(keep, whole[keep[whole]], held, gap, 1, False, effort, quick)
    return None if plan is None else descended(alone, alone.padded(plan), 0)


def _many_sites(alone: Search, keep: Array) -> bool:
    """Whether so many sites are in doubt that a MIP over all of them would take long and find little."""
    at = alone.master.core.at["is_open"]
    return int(keep[at[at >= 0]].sum()) > MANY


def _among_few(alone: Search, root: Relaxation, gap: float) -> Array | None:
    """A plan that opens what the relaxation opens wholly and few sites more; more of them where it costs too much."""

    def tries() -> Iterator[Array | None]:
        for more, quick in FEW:
            keep, firm = _few(alone, root, more)
            yield _found(alone, keep, (firm, np.ones(len(firm)), np.ones(len(firm))), gap / 5, 0.0, quick)

    return _first_good(alone, root, tries(), gap)


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


def descended(search: Search, values: Array, most: int = TRIALS) -> Array | None:
    """The best whole plan that local search finds from a whole plan; None if nobody can be served from there."""
    with Descent(search, values) as descent:
        found = descent.run(most)
    if found is None:
        return None
    found, whole = search.padded(found), search.everything()
    found[whole] = np.round(found[whole])
    return found
