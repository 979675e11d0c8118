"""Branch and bound on which places open, each branch bounded by prices of demand instead of an LP.

After Görtz and Klose, A simple but usually fast branch-and-bound algorithm for the capacitated facility location
problem (2012): places whose value at the prices says so are settled, the place nearest to half open is tried both ways.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import numpy as np
import scipy.sparse as sp

from model.solver.highs import INF, Highs
from model.solver.progress import Progress
from model.solver.volume import Facilities, Standing, Steps, ascend

Array = np.ndarray[Any, Any]
ROOT, BRANCH = Steps(400, 0.5), Steps(30, 0.03)  # of the lengths tried the quickest over files of 100 × 1000
SPARE = 2  # so many numbers of places are tried as a plan, from the fewest that have the room


@dataclass(frozen=True)
class Served:
    """A plan: which places are open (N), the part of each pair (of all pairs), what it costs in million CNY."""

    opened: Array
    part: Array
    cost: float


@dataclass(frozen=True)
class Node:
    """The plans that open all `opened` and some `free` places (N each): none costs less than `bound`."""

    bound: float
    at: Standing
    free: Array
    opened: Array


@dataclass
class SiteTree:
    """Searches until `tolerance` (relative) is proved; `found(plan)` hears every better plan."""

    places: Facilities
    progress: Progress
    tolerance: float
    found: Callable[[Served], object]
    best: Served | None = None
    tried: set[bytes] = field(default_factory=set)

    @property
    def target(self) -> float:
        """From this bound on a branch holds no plan worth having, million CNY."""
        return np.inf if self.best is None else self.best.cost - self.tolerance * abs(self.best.cost)

    def run(self, free: Array, opened: Array) -> bool:
        """Search the plans with all `opened` and some `free` places; whether nothing is left to search."""
        numbers, progress = count(), self.progress
        if not self.places.can_serve(free | opened):
            return True
        start = _likely_prices(self.places.among(free | opened))
        queue = self._with(Node(-np.inf, start, free, opened), ROOT)
        heap = [(node.bound, next(numbers), node) for node in queue]
        while heap and progress.go_on():
            _, _, node = heapq.heappop(heap)
            progress.raise_bound(min(node.bound, self.target))
            if node.bound >= self.target:
                return True
            for child in self._branches(node):
                heapq.heappush(heap, (child.bound, next(numbers), child))
        if heap or not progress.go_on():
            return False
        if self.best is not None:
            progress.raise_bound(self.target)
        return True

    def _branches(self, node: Node) -> list[Node]:
        """The node's children that may hold a better plan."""
        free, opened = self._settled(node)
        if not free.any():
            self._try(opened)
            return []
        doubt = np.where(free, np.abs(node.at.open_part - 0.5), np.inf)
        place = np.arange(len(free)) == int(np.argmin(doubt))
        return [
            child
            for up in (True, False)
            for child in self._with(Node(node.bound, node.at, free & ~place, opened | (place & up)), BRANCH)
        ]

    def _settled(self, node: Node) -> tuple[Array, Array]:
        """Free and open places once those are settled whose other choice costs too much at the node's prices."""
        room = self.target - node.at.bound
        shut, needed = node.free & (node.at.value >= room), node.free & (-node.at.value >= room)
        return node.free & ~shut & ~needed, node.opened | needed

    def _with(self, node: Node, steps: Steps) -> list[Node]:
        """The node with a bound of its own, and plans tried from it; none if there is nothing to find in it."""
        some = node.free | node.opened
        if not self.places.can_serve(some):
            return []
        if not node.free.any():
            self._try(node.opened)
            return []
        among = self.places.among(some)
        at = ascend(among, node.at.prices, node.free, node.opened, steps, self.target, self.progress.go_on)
        if max(at.bound, node.bound) >= self.target:
            return []
        order = np.flatnonzero(some)
        order = order[np.argsort(-(at.open_part + node.opened)[order], kind="stable")]
        fewest = int(np.searchsorted(np.cumsum(self.places.room[order]), self.places.load.sum() * (1 - 1e-12))) + 1
        for number in range(max(fewest, int(node.opened.sum())), min(len(order), fewest + SPARE - 1) + 1):
            chosen = np.zeros(len(some), dtype=bool)
            chosen[order[:number]] = True
            gained = at.value[chosen].sum() - at.value[(node.free & (at.value < 0)) | node.opened].sum()
            if at.bound + gained < self.target:
                self._try(chosen)
        return [Node(max(at.bound, node.bound), at, node.free, node.opened)]

    def _try(self, opened: Array) -> None:
        """Serve everyone from the open places at the least cost, and keep that if it is better."""
        if opened.tobytes() in self.tried or not self.places.can_serve(opened):
            return
        self.tried.add(opened.tobytes())
        most = np.inf if self.best is None else self.best.cost
        part, cost = cheapest_service(self.places, opened, most)
        if cost < most:
            self.best = Served(opened, part, cost)
            self.found(self.best)


def cheapest_service(places: Facilities, opened: Array, most: float = np.inf) -> tuple[Array, float]:
    """Part of each pair, and million CNY with what the open places cost; infinite where that cannot be below `most`."""
    pairs = np.flatnonzero(opened[places.place])
    customer, place, number = places.customer[pairs], places.place[pairs], np.arange(len(pairs))
    served = sp.csr_array((np.ones(len(pairs)), (customer, number)), shape=(len(places.load), len(pairs)))
    filled = sp.csr_array((places.load[customer], (place, number)), shape=(len(places.room), len(pairs)))
    one = np.ones(len(places.load))
    lp = Highs(
        places.cost[pairs],
        sp.vstack([served, filled]),
        np.append(one, np.full(len(places.room), -INF)),
        np.append(one, places.room),
        np.zeros(len(pairs)),
        np.full(len(pairs), INF),
    )
    part, fixed = np.zeros(len(places.place)), float(places.fixed[opened].sum())
    lp.option("presolve", "off")  # it takes as long as the simplex method
    lp.option("objective_bound", most - fixed)
    if lp.solve() != "Optimal":
        return part, np.inf
    part[pairs] = lp.values
    return part, lp.objective + fixed


def _likely_prices(places: Facilities) -> Standing:
    """What serving each customer costs at the least if every place were full, as a beginning."""
    fixed = (places.fixed / np.maximum(places.room, 1e-12))[places.place] * places.load[places.customer]
    prices = np.full(len(places.load), np.inf)
    np.minimum.at(prices, places.customer, places.cost + fixed)
    return Standing(prices, -np.inf, places.fixed, np.zeros(len(places.fixed)))
