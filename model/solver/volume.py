"""Prices of demand that give a valid bound at any value, and the volume algorithm that makes them better.

With the rows "every customer is served" priced, places no longer know of one another: each takes what pays at the
prices until its room is full, and opens if that outweighs its fixed cost. No LP is solved. The average of what the
places would take tends to a solution of the relaxation (Barahona and Anbil, The volume algorithm, 2000).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
ROUNDING = 1e-13  # of all that is added up, by which a bound is lowered
PATIENCE = 6  # steps without a better bound before they become shorter
ASKED = 20  # steps between two looks at the clock: well below a second with a hundred thousand pairs
REACH = 1.05  # of the bound: how far above a plan is thought to be while none is known


@dataclass(frozen=True)
class Facilities:
    """Places that may serve customers: N places, M customers, pairs in the order of their place.

    fixed N and cost (pairs, all of the customer) in million CNY; room N and load M in MW.
    """

    fixed: Array
    room: Array
    load: Array
    place: Array
    customer: Array
    cost: Array

    @property
    def _short(self) -> type:
        """A type for numbers of places; those of 16 bits are sorted by radix, in no time."""
        return np.int16 if len(self.fixed) < 2**15 else np.int64

    def among(self, flags: Array) -> Facilities:
        """The same with the pairs of the flagged places only."""
        kept = flags[self.place]
        return replace(self, place=self.place[kept], customer=self.customer[kept], cost=self.cost[kept])

    def can_serve(self, flags: Array) -> bool:
        """Whether the flagged places have room for all, and everyone one of them to turn to."""
        reached = np.bincount(self.customer[flags[self.place]], minlength=len(self.load))
        return bool(reached.all() and self.room[flags].sum() >= self.load.sum() * (1 - 1e-12))

    def value(self, prices: Array) -> tuple[Array, Array, Array, Array]:
        """What each place costs when open (N), and who it would serve: place, customer and part of each such pair."""
        reduced = self.cost - prices[self.customer]
        pays = np.flatnonzero(reduced < 0)
        place, customer, reduced = self.place[pays], self.customer[pays], reduced[pays]
        load = self.load[customer]
        order = np.argsort(reduced / load)
        order = order[np.argsort(place[order].astype(self._short), kind="stable")]
        place, customer, reduced, load = place[order], customer[order], reduced[order], load[order]
        filled = np.cumsum(load)
        first = np.searchsorted(place, np.arange(len(self.fixed)))
        before = filled - load - np.append(0.0, filled)[first][place]
        part = np.clip((self.room[place] - before) / load, 0.0, 1.0)
        value = self.fixed + np.bincount(place, part * reduced, len(self.fixed))
        return value, place, customer, part


@dataclass(frozen=True)
class Standing:
    """Where an ascent ended: `bound` holds at `prices` (M), where open places cost `value` (N, million CNY).

    `open_part` N is how far each place is open on average.
    """

    prices: Array
    bound: float
    value: Array
    open_part: Array


@dataclass(frozen=True)
class Steps:
    """How an ascent goes: number of steps, length of the first, weight of the newest answer in the average."""

    most: int
    length: float
    newest: float = 0.1


def ascend(
    places: Facilities,
    prices: Array,
    free: Array,
    opened: Array,
    steps: Steps,
    target: float,
    go_on: Callable[[], bool],
) -> Standing:
    """Raise the bound of the plans that open all `opened` and some `free` places until it reaches `target`."""
    length, newest, missed = steps.length, steps.newest, 0
    best = Standing(prices, -np.inf, places.fixed, np.zeros(len(places.fixed)))
    average, unserved = best.open_part, np.zeros(len(prices))
    for step in range(steps.most):
        if step % ASKED == ASKED - 1 and not go_on():
            break
        value, place, customer, part = places.value(prices)
        chosen = (free & (value < 0)) | opened
        bound = _sum(prices, value[chosen])
        missing = 1.0 - np.bincount(customer, part * chosen[place], len(prices))
        weight = 1.0 if step == 0 else _weight(missing, unserved, newest)
        average = weight * chosen + (1 - weight) * average
        unserved = weight * missing + (1 - weight) * unserved
        if bound > best.bound:
            if missing @ unserved >= 0:
                length = min(2.0, 1.1 * length)
            missed = missed if bound <= best.bound + 1e-5 * abs(best.bound) else 0
            best = Standing(prices, bound, value, average)
        else:
            missed += 1
        if missed >= PATIENCE:
            length, missed = 0.7 * length, 0
        if step % 50 == 49:
            newest = max(0.75 * newest, 0.01)
        short = float(unserved @ unserved)
        if best.bound >= target or short < 1e-18:
            break
        goal = min(target * (1 + 5e-4), best.bound + (REACH - 1) * abs(best.bound))
        prices = best.prices + length * (goal - best.bound) / short * unserved
    return replace(best, open_part=average)


def _weight(missing: Array, unserved: Array, most: float) -> float:
    """Weight of the newest answer that makes the average serve everyone best, within limits."""
    move = missing - unserved
    square = float(move @ move)
    return float(np.clip(-(unserved @ move) / square, most / 10, most)) if square > 0 else most


def _sum(prices: Array, values: Array) -> float:
    """Prices and values added up, lowered by more than rounding could have raised them."""
    return float(prices.sum() + values.sum() - ROUNDING * (np.abs(prices).sum() + np.abs(values).sum()))
