"""Problems that are nothing but places with a fixed cost, a room and a cost of serving each customer from there.

One period, one hall of one type on every site, nothing bought in steps or contracts, no replicas, no persons counted:
the public warehouse instances are such. The tree over sites then searches the whole problem.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from model.assignment import Assignment
from model.core import Core
from model.solver.compiling import Compiled, compile_core
from model.solver.master import Master
from model.solver.progress import Progress
from model.solver.root import Relaxation
from model.solver.search import Search
from model.solver.site_tree import Served, SiteTree
from model.solver.volume import Facilities

Array = np.ndarray[Any, Any]
VARIABLES = {"is_open", "built_halls", "hosted_load"}
ROWS = {"load_hosted", "load_within_halls", "halls_fit_plot", "open_site_has_hall", "halls_need_open_site"}


def is_plain(core: Core) -> bool:
    """Whether the problem is of this kind."""
    x = core.problem
    if x.size("period") > 1 or core.model is not None:
        return False
    known = {name for name, some in core.variable.items() if some.keys}
    rows = {rows.name for rows in core.row.values() if rows.keys}
    if not known <= VARIABLES or not rows <= ROWS or x.has_existing.any():
        return False
    a = Assignment(x)
    once = len(np.unique(x.host_site)) == len(x.host_site)
    free = not a.replicated.any() and (a.ring_jurisdiction < 0).all() and (a.export_group < 0).all()
    one_hall = ((x.new_halls_limit > 0).sum(axis=1) <= 1).all() and (x.new_halls_limit <= 1).all()
    return bool(once and free and one_hall and (x.load > 0).all())


@dataclass(frozen=True)
class Plain:
    """The problem as facilities, and where their decisions are: columns of each host (K), −1 where it cannot open.

    `hosting` is the column of each pair's hosted load.
    """

    places: Facilities
    opening: Array
    hall: Array
    hosting: Array

    @classmethod
    def of(cls, a: Assignment, core: Compiled) -> Plain:
        """Each host is a place; its fixed cost is that of opening with its one hall."""
        x = a.x
        site, kind = x.host_site, (x.new_halls_limit > 0).argmax(axis=1)[x.host_site]
        opening, hall = core.at["is_open"][site, 0], core.at["built_halls"][site, kind, 0]
        there = (opening >= 0) & (hall >= 0)
        k, d = np.nonzero((a.open_pairs[:, :, 0] & there).T)
        hosting = core.at["hosted_load"][site[k], x.stream_workload_at[d], kind[k], 0]
        load = x.load[:, 0]
        places = Facilities(
            fixed=np.where(there, core.cost[opening] + core.cost[hall], 0.0),
            room=np.where(there, (x.hall_size * x.hall_utilisation_limit)[kind], 0.0),
            load=load,
            place=k,
            customer=d,
            cost=a.cost[d, k, 0] + load[d] * core.cost[hosting],
        )
        return cls(places, opening, hall, hosting)

    def choices(self, core: Compiled) -> tuple[Array, Array]:
        """Places that may open and places that must, N flags each."""
        can = (self.opening >= 0) & (core.upper[self.opening] > 0.5)
        must = can & (core.lower[self.opening] > 0.5)
        return can & ~must, must

    def values(self, master: Master, plan: Served) -> Array:
        """The plan over the master's columns; its shares are added."""
        places, used = self.places, np.flatnonzero(plan.part > 0)
        d, k = places.customer[used], places.place[used]
        wanted = np.zeros(master.have.shape, dtype=bool)
        wanted[d, k, 0] = True
        master.add_shares(wanted)
        values = np.zeros(master.highs.columns)
        values[self.opening[plan.opened]] = values[self.hall[plan.opened]] = 1.0
        np.add.at(values, self.hosting[used], plan.part[used] * places.load[d])
        column = np.full(master.have.shape, -1, dtype=np.int64)
        column[tuple(master.share.T)] = master.share_column
        values[column[d, k, 0]] = plan.part[used]
        return values


def by_sites(core: Core, progress: Progress) -> Search | None:
    """A search with its bound and the best plan the tree over sites found; None where it found none."""
    x, a, compiled = core.problem, Assignment(core.problem), compile_core(core)
    plain = Plain.of(a, compiled)
    dear = np.full((x.size("stream"), x.size("period")), np.inf)
    master = Master(x, compiled, a, dear, progress.options.seed)
    nothing = np.zeros(0)
    bare = Relaxation(-np.inf, np.inf, nothing, nothing, nothing, nothing, 0.0, False)
    search = Search(master, progress, bare, np.zeros_like(dear))
    progress.enter("bound", "choosing sites by prices of demand")
    tree = SiteTree(
        plain.places, progress, progress.options.gap / 2, lambda plan: search.offer(plain.values(master, plan))
    )
    tree.run(*plain.choices(compiled))
    return search if search.values is not None else None
