"""Plans that differ from a plan in where some halls stand: made by the hundred, priced side by side, not solved."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from model.assignment import Assignment
from model.problem import Problem
from model.solution import Plan, tidied
from model.studies.hall_moves import Move, movable, moves_from
from model.studies.site_books import Amounts, Holding, amounts_of, connected, contracted_best, cost_of, fits

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Variations:
    """A plan and moves of its halls; everything but contracts and grid steps of the two sites stays."""

    a: Assignment
    plan: Plan
    moves: tuple[Move, ...]

    @property
    def x(self) -> Problem:
        return self.a.x

    @cached_property
    def whole(self) -> Holding:
        """The plan's own sites, I of them."""
        p = self.plan
        return Holding(
            np.arange(self.x.size("site")), p.is_open, p.built, p.kept, p.hosted, p.contract, p.steps, p.policy_energy
        )

    @cached_property
    def after(self) -> Holding:
        """Both sites of every move after it, origins first and then targets: 2 V places."""
        x, both = self.x, self.whole.at(self.sites)
        leaves, arrives, follows, arriving = (
            np.stack([getattr(move, name) for move in self.moves])
            for name in ("leaves", "arrives", "follows", "arriving")
        )
        built = both.built + np.concatenate([-leaves, arrives])
        origins, targets = np.split(both.hosted, 2)
        hosted = np.concatenate([origins * (1 - follows), targets + arriving])
        used = (built.sum(axis=1) > 0) | x.open_forced[self.sites]
        is_open = np.where(x.has_existing[self.sites][:, None], both.is_open, used)
        return connected(x, replace(both, built=built, hosted=hosted, is_open=is_open))

    @cached_property
    def before(self) -> Holding:
        """The sites that some move touches, as they are."""
        return self.whole.at(np.unique(self.sites))

    @cached_property
    def place(self) -> Array:
        """Where the origins and then the targets stand in `before`, 2 V."""
        return np.unique(self.sites, return_inverse=True)[1]

    def dearer_to_serve(self, x: Problem) -> Array:
        """What traffic, latency and law cost more from there, V, CNY; traffic at the prices of `x`."""
        now, of, (d, k, t) = self.x, self._row_of, self.plan.share_at[self._rows].T
        origin, target = self.sites[of], self.sites[of + len(self.moves)]
        there, prices = self.host_of[target, now.host_mode[k]], x.network_cost[now.stream_origin_at[d]]
        rows = np.arange(len(d))
        unit = (prices[rows, target] - prices[rows, origin]) * now.traffic[now.stream_workload_at[d]]
        cost = self.a.unit_cost
        unit = unit + cost["latency"][d, there] - cost["latency"][d, k]
        unit = unit + cost["compliance"][d, there, t] - cost["compliance"][d, k, t]
        part = np.concatenate([move.part for move in self.moves])
        amount = self.plan.share[self._rows] * part * now.load[d, t] * now.year_weight[t] * unit
        return np.asarray(np.bincount(of, weights=amount, minlength=len(self.moves)))

    @cached_property
    def _rows(self) -> Array:
        return np.concatenate([move.rows for move in self.moves])

    @cached_property
    def _row_of(self) -> Array:
        """Which move a row of all moves' shares belongs to."""
        return np.repeat(np.arange(len(self.moves)), [len(move.rows) for move in self.moves])

    @cached_property
    def host_of(self) -> Array:
        """Host by site and operator mode, −1 for none."""
        host = np.full((self.x.size("site"), self.x.size("operator_mode")), -1, dtype=np.int64)
        host[self.x.host_site, self.x.host_mode] = np.arange(len(self.x.host_site))
        return host

    @cached_property
    def sites(self) -> Array:
        """Origins and then targets of the moves, 2 V."""
        return np.array([*(m.origin for m in self.moves), *(m.target for m in self.moves)], dtype=np.int64)

    @cached_property
    def hosting_cost(self) -> Array:
        """Present cost of a usable MW in a new hall that runs full from the first period, I × H, CNY/MW."""
        x, usable = self.x, self.x.hall_size * self.x.hall_utilisation_limit
        capital = x.hall_capital[:, :, 0] * x.capital_charge(x.hall_life)[None, :, 0]
        power = x.overhead_power / usable[None, :, None] + x.marginal_power
        peak = (x.peak_overhead / usable[None, :, None] + x.peak_marginal).sum(axis=2) * x.demand_charge[:, None]
        energy = np.einsum("ihs,isyt,sy,t->ih", power, x.energy_value, x.year_hours, x.year_weight, optimize=True)
        cost: Array = (capital + x.hall_opex * x.year_weight.sum()) / usable + energy + peak * x.year_weight.sum()
        return cost

    @cached_property
    def zone_shares(self) -> Array:
        """Shares that replicas of a stream already have in a zone, group × T × zone."""
        x, (d, k, t) = self.x, self.plan.share_at.T
        total = np.zeros((x.stream_group.max() + 1, x.size("period"), x.site_zone_at.max() + 1))
        np.add.at(total, (x.stream_group[d], t, x.site_zone_at[x.host_site[k]]), self.plan.share)
        return total

    def changes_sites(self) -> Array:
        """Flags, V: other sites are open in the last period."""
        count = len(self.moves)
        was = self.plan.is_open[self.sites, -1]
        differs = (self.after.is_open[:, -1] > 0) != (was > 0)
        return np.asarray(differs[:count] | differs[count:], dtype=bool)

    def only(self, at: Array) -> Variations:
        """Some of the variations; what is known of their sites is kept."""
        some = Variations(self.a, self.plan, tuple(self.moves[int(n)] for n in at))
        if len(some.moves):
            places = np.concatenate([at, len(self.moves) + at])
            some.__dict__.update(whole=self.whole, after=self.after.at(places), host_of=self.host_of)
        return some

    def made(self, at: int) -> Plan:
        """One variation as a plan of its own."""
        move, count, p = self.moves[at], len(self.moves), self.plan
        places = {move.origin: at, move.target: count + at}
        changed: dict[str, Array] = {}
        for name in ("is_open", "built", "hosted", "steps"):
            array = getattr(p, name).copy()
            for site, place in places.items():
                array[site] = getattr(self.after, name)[place]
            changed[name] = array
        rows, part = move.rows, move.part
        moved_at = p.share_at[rows].copy()
        moved_at[:, 1] = self.host_of[move.target, self.x.host_mode[moved_at[:, 1]]]
        stays = p.share.copy()
        stays[rows] *= 1 - part
        share_at, share = _joined(np.concatenate([p.share_at, moved_at]), np.concatenate([stays, p.share[rows] * part]))
        return tidied(replace(p, **changed, share_at=share_at, share=share), self.a)


def variations_of(a: Assignment, plan: Plan) -> Variations:
    """Every move of a site's new halls, all of them or those of one type, to another site that can take them."""
    empty = Variations(a, plan, ())
    moves = tuple(move for site in np.flatnonzero(movable(a.x, plan)) for move in moves_from(empty, int(site)))
    found = Variations(a, plan, moves)
    return found.only(np.flatnonzero(fits_both(found, a.x))) if moves else found


def fits_both(v: Variations, x: Problem) -> Array:
    """Flags, V: both sites keep their limits."""
    good = fits(x, replace(v.after, contract=np.zeros_like(v.after.contract)))
    return np.asarray(good[: len(v.moves)] & good[len(v.moves) :], dtype=bool)


def changes_of_cost(v: Variations, x: Problem, years: Array | None = None) -> Array:
    """What each variation costs more than the plan, V, CNY; contracts of the two sites chosen anew in it."""
    held = contracted_best(x, v.after, years)
    return change(v, x, held) + v.dearer_to_serve(x)


def change(
    v: Variations,
    x: Problem,
    held: Holding,
    moved: frozenset[str] | None = None,
    amounts: tuple[Amounts, Amounts] | None = None,
) -> Array:
    """Cost of the places after the moves less those before, V, CNY; network apart.

    `amounts` are those of both, as `used_by` tells them, where they are known already.
    """
    now, then = (None, None) if amounts is None else amounts
    after, count = cost_of(x, held, moved, then), len(v.moves)
    before = cost_of(x, v.before, moved, now)[v.place]
    return after[:count] + after[count:] - before[:count] - before[count:]


def used_by(v: Variations, held: Holding) -> tuple[Amounts, Amounts]:
    """What the places use before the moves and after them."""
    return amounts_of(v.x, v.before), amounts_of(v.x, held)


def _joined(share_at: Array, share: Array) -> tuple[Array, Array]:
    """Shares of the same stream, host and period as one."""
    unique, where = np.unique(share_at, axis=0, return_inverse=True)
    total = np.zeros(len(unique))
    np.add.at(total, where.ravel(), share)
    return unique, total
