"""Which halls of a plan could stand at another site: whole sites, or as many halls as may follow their streams."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from model.problem import Problem
from model.solution import Plan

if TYPE_CHECKING:
    from model.studies.variations import Variations

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


def movable(x: Problem, plan: Plan) -> Array:
    """Flags, I: new halls stand there, and neither old halls nor a policy tariff hold them."""
    new: Array = plan.built.sum(axis=(1, 2)) > 0
    free: Array = new & (plan.kept.sum(axis=(1, 2)) == 0) & (plan.policy_uptake.sum(axis=1) == 0)
    return free


def moves_from(v: Variations, site: int) -> Iterator[Move]:
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
