"""Plans that differ from a plan in where some halls stand: made by the hundred, priced side by side, not solved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from model.assignment import Assignment
from model.problem import Problem
from model.solution import Plan, tidied
from model.studies.site_books import Holding, connected, contracted_best, cost_of, fits

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Move:
    """Halls that stand at `target` instead of `origin`: what leaves and what is built for it, H × T.

    `follows` is the share of the origin's load that goes along, W × H × T, and `arriving` that load in the hall
    types of the target, MW. `rows` are the plan's shares that follow, `part` how much of each.
    """

    origin: int
    target: int
    leaves: Array
    arrives: Array
    follows: Array
    arriving: Array
    rows: Array
    part: Array


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
        origins = [self._left(move) for move in self.moves]
        targets = [self._grown(move) for move in self.moves]
        both = [*origins, *targets]
        stacked = {name: np.stack([getattr(one, name) for one in both]) for name in Holding.__dataclass_fields__}
        return connected(self.x, Holding(**stacked))

    def _left(self, move: Move) -> Holding:
        here = self.whole.at(np.array(move.origin))
        built = here.built - move.leaves
        return replace(
            here, built=built, hosted=here.hosted * (1 - move.follows), is_open=self._opened(move.origin, built)
        )

    def _grown(self, move: Move) -> Holding:
        there = self.whole.at(np.array(move.target))
        built = there.built + move.arrives
        return replace(
            there, built=built, hosted=there.hosted + move.arriving, is_open=self._opened(move.target, built)
        )

    def _opened(self, site: int, built: Array) -> Array:
        if self.x.has_existing[site]:
            return np.asarray(self.plan.is_open[site])
        return np.asarray((built.sum(axis=0) > 0) | self.x.open_forced[site], dtype=float)

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
        """Some of the variations."""
        return Variations(self.a, self.plan, tuple(self.moves[int(n)] for n in at))

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
    moves = tuple(move for site in np.flatnonzero(_movable(a.x, plan)) for move in _moves_from(empty, int(site)))
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


def change(v: Variations, x: Problem, held: Holding, moved: frozenset[str] | None = None) -> Array:
    """Cost of the places after the moves less those before, V, CNY; network apart."""
    after, count = cost_of(x, held, moved), len(v.moves)
    touched, place = np.unique(v.sites, return_inverse=True)
    before = cost_of(x, v.whole.at(touched), moved)[place]
    return after[:count] + after[count:] - before[:count] - before[count:]


def _movable(x: Problem, plan: Plan) -> Array:
    """Flags, I: new halls stand there, and neither old halls nor a policy tariff hold them."""
    new: Array = plan.built.sum(axis=(1, 2)) > 0
    free: Array = new & (plan.kept.sum(axis=(1, 2)) == 0) & (plan.policy_uptake.sum(axis=1) == 0)
    return free


def _moves_from(v: Variations, site: int) -> Iterator[Move]:
    """Moves of one site's halls to every target: the whole site, or as many halls of one type as can follow."""
    x, plan = v.x, v.plan
    used = [int(h) for h in np.flatnonzero(plan.built[site].sum(axis=1))]
    room = x.plot_limit - (plan.built[:, :, -1] * x.hall_size[None]).sum(axis=1)
    targets = x.is_candidate & (x.site_jurisdiction_at == x.site_jurisdiction_at[site]) & (room >= x.hall_size.min())
    for target in np.flatnonzero(targets):
        if target == site:
            continue
        rows = _may_follow(v, site, int(target))
        choices = [(used, True)] * (len(used) > 1) + [([h], False) for h in used]
        for types, all_of_them in choices:
            there = [_types_there(v, site, int(target), h) for h in types]
            if not all(there):
                continue
            for pick in (0, -1) if any(len(kinds) > 1 for kinds in there) else (0,):
                kinds = [kinds[pick] for kinds in there]
                move = _move(v, site, int(target), types, kinds, rows, float(room[target]), all_of_them)
                if move is not None:
                    yield move


def _move(
    v: Variations, site: int, target: int, types: list[int], kinds: list[int], rows: Array, room: float, whole: bool
) -> Move | None:
    """Halls of these types, as `kinds` there, with load that may follow: all or, if not `whole`, as many as can."""
    x, plan = v.x, v.plan
    d, _, t = plan.share_at[rows].T
    free = np.zeros(plan.hosted.shape[1::2])  # W × T, MW that may be served from the target
    np.add.at(free, (x.stream_workload_at[d], t), plan.share[rows] * x.load[d, t])
    served, shape = free.copy(), plan.built[site].shape
    leaves, arrives = np.zeros(shape), np.zeros(shape)
    follows, arriving = np.zeros(plan.hosted[site].shape), np.zeros(plan.hosted[site].shape)
    for h, g in zip(types, kinds, strict=True):
        gone, load = _that_can(x, plan, site, h, free, int(room / x.hall_size[g] + 1e-9), whole)
        usable = x.hall_size[g] * x.hall_utilisation_limit[g]
        new = gone if g == h else np.maximum.accumulate(np.ceil(load.sum(axis=0) / usable - 1e-9))
        room -= new[-1] * x.hall_size[g]
        if not gone.any() or room < -1e-6 or ((new > 0) & ~x.open_allowed[target]).any():
            return None
        held = plan.hosted[site, :, h]
        leaves[h], arrives[g] = gone, arrives[g] + new
        follows[:, h] = np.divide(load, held, out=np.zeros_like(load), where=held > 0)
        arriving[:, g] += load
        free = np.maximum(0.0, free - load)
    taken = served - free
    part = np.divide(taken, served, out=np.zeros_like(served), where=served > 0)[x.stream_workload_at[d], t]
    kept = part > 0
    return Move(site, target, leaves, arrives, follows, arriving, rows[kept], part[kept])


def _that_can(x: Problem, plan: Plan, site: int, h: int, free: Array, room: int, whole: bool) -> tuple[Array, Array]:
    """Halls of a type that leave, T, the last built first, and the load they take along, W × T."""
    built, hosted = plan.built[site, h], plan.hosted[site, :, h]
    each = np.divide(hosted.sum(axis=0), built, out=np.zeros(len(built)), where=built > 0)
    able = np.minimum(hosted, free)
    count = int(built[-1])
    for going in range(min(count, room), count - 1 if whole else 0, -1):
        gone = np.maximum(0.0, built - (count - going))
        if (able.sum(axis=0) >= each * gone - 1e-9).all():
            load = np.minimum(each * gone, able.sum(axis=0))
            share = np.divide(load, able.sum(axis=0), out=np.zeros_like(load), where=able.sum(axis=0) > 0)
            return gone, able * share
    return np.zeros(len(built)), np.zeros_like(hosted)


def _types_there(v: Variations, site: int, target: int, h: int) -> list[int]:
    """Hall types that can stand for one at the target: the same one where it may stand, and the cheapest."""
    x = v.x
    works = np.flatnonzero(v.plan.hosted[site, :, h].sum(axis=1) > 1e-9)
    able = np.flatnonzero((x.new_halls_limit[target] > 0) & x.can_host[works].astype(bool).all(axis=0))
    if not len(able):
        return []
    cheapest = int(able[np.argmin(v.hosting_cost[target, able])])
    return [h, cheapest] if h in able and h != cheapest else [cheapest]


def _may_follow(v: Variations, site: int, target: int) -> Array:
    """Rows of the site's shares that law and latency let the target serve, with replicas in different zones."""
    x, plan = v.x, v.plan
    rows = np.flatnonzero(x.host_site[plan.share_at[:, 1]] == site)
    d, k, t = plan.share_at[rows].T
    there = v.host_of[target, x.host_mode[k]]
    good = (there >= 0) & v.a.open_pairs[d, there, t]
    zone = x.site_zone_at[target]
    if zone != x.site_zone_at[site]:
        share = plan.share[rows]
        group = x.stream_group[d]
        same = (
            v.zone_shares[group, t, zone]
            + np.bincount(group * x.size("period") + t, weights=share * good, minlength=v.zone_shares[..., 0].size)[
                group * x.size("period") + t
            ]
        )
        good &= ~v.a.replicated[d] | (same <= 1 + 1e-6)
    following: Array = rows[good]
    return following


def _joined(share_at: Array, share: Array) -> tuple[Array, Array]:
    """Shares of the same stream, host and period as one."""
    unique, where = np.unique(share_at, axis=0, return_inverse=True)
    total = np.zeros(len(unique))
    np.add.at(total, where.ravel(), share)
    return unique, total
