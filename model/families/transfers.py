"""Data leaving a jurisdiction: persons counted per exporter, tiers of what the law then asks, ring-fenced operators."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from model.accounts import Accounts
    from model.core import Core
    from model.problem import Problem

CLEAR_OF_ALL = 1e-5  # a smaller share than this at home is lost in the tolerances of shares
PERSONS = 1e-3  # persons are counted in thousands: a tolerance of 1e-6 is then a thousandth of a person


def add_transfers(m: Core, accounts: Accounts) -> None:
    """`exported[origin, export_group, period]`, thousand persons, and the tiers and local operators they ask for.

    These are `tier[exporter, export_tier, period]` and `ring_fence[jurisdiction, period]`.
    Distinct persons: replicas and workloads of one origin may hold the same people, so the largest counts, not the sum.
    """
    x = m.problem
    _add_ring_fence(m, accounts)
    counted = _counted(m)
    if not counted.any():
        return
    exported = m.variables("exported", ("origin", "export_group", "period"), counted)
    exporter = x.positions("exporter", x.export_group_exporter)
    bound = np.zeros((x.size("exporter"), x.size("export_tier"), x.size("period")), dtype=bool)
    for g in range(x.size("export_group")):
        bound[exporter[g]] |= np.any(counted[:, g], axis=0)[None, :]
    tier = m.variables("tier", ("exporter", "export_tier", "period"), bound, whole=True, upper=1.0)

    exporters, groups, periods = x.labels("exporter"), x.labels("export_group"), x.labels("period")
    m.rows(
        "one_tier_each",
        (
            ((exporters[e], periods[t]), [1.0] * tier.shape[1], list(tier[e, :, t]), 1.0, 1.0)
            for e, t in np.argwhere(bound.any(axis=1))
        ),
    )
    m.rows(
        "exports_within_tier",
        (
            (
                (groups[g], periods[t]),
                [1.0] * len(found) + [-float(p) * PERSONS for p in _reachable(m, g, t)],
                [*found, *tier[exporter[g], :, t]],
                None,
                0.0,
            )
            for g, t in np.argwhere(counted.any(axis=0))
            if (found := [v for v in exported[:, g, t] if v is not None])
        ),
    )

    m.rows("nearly_all_is_not_all", _clear_of_all(m, exported, tier))
    accounts.post_nowhere("compliance", tier, x.export_tier_cost * x.year_weight)


def _clear_of_all(m: Core, exported: np.ndarray, tier: np.ndarray) -> Iterator[tuple[Any, ...]]:
    """Where a tier admits all persons of a stream but a few, those few are a share at home that counts as one.

    999,999 of a million is a share of 1 − 1e-6: without this row its remainder would vanish, and all would leave.
    """
    x = m.problem
    origins, groups, periods = x.labels("origin"), x.labels("export_group"), x.labels("period")
    exporter = x.positions("exporter", x.export_group_exporter)
    for o, g, t in np.argwhere(np.vectorize(lambda v: v is not None, otypes=[bool])(exported)):
        people = np.unique(x.people[x.stream_origin_at == o, t])
        cap = np.full(tier.shape[1], people.max(initial=0.0))
        for k, limit in enumerate(x.export_tier_people[g, :, t]):
            near = people[(limit < people) & (limit >= people * (1 - CLEAR_OF_ALL))]
            cap[k] = min(cap[k], *(near * (1 - CLEAR_OF_ALL)), np.inf)
        if (cap < people.max(initial=0.0)).any():
            columns = [exported[o, g, t], *tier[exporter[g], :, t]]
            yield (origins[o], groups[g], periods[t]), [1.0, *(-cap * PERSONS)], columns, None, 0.0


def _reachable(m: Core, g: int, t: int) -> np.ndarray:
    """Persons per tier, none larger than all there are: a smaller big-M, and the same plans."""
    x = m.problem
    everyone = sum(x.people[x.stream_origin_at == o, t].max(initial=0.0) for o in range(x.size("origin")))
    reachable: np.ndarray = np.minimum(x.export_tier_people[g, :, t], everyone)
    return reachable


def _counted(m: Core) -> np.ndarray:
    """Flags, O × export_group × T: some stream of the origin may be exported under the group."""
    x = m.problem
    flags = np.zeros((x.size("origin"), x.size("export_group"), x.size("period")), dtype=bool)
    group = export_group_at(m.problem)  # D × I × M × T
    for d, g, t in {
        (int(d), int(group[d, i, mode, t]), int(t)) for d, i, mode, t in np.argwhere(x.admissible & (group >= 0))
    }:
        flags[x.stream_origin_at[d], g, t] = True
    return flags


def export_group_at(x: Problem) -> np.ndarray:
    """Position of the export group each transfer counts to, D × I × M × T; −1 where it counts to none."""
    where = {label: g for g, label in enumerate(x.labels("export_group"))} | {"": -1}
    by_case = np.vectorize(where.__getitem__, otypes=[np.int64])(x.transfer_group)
    group: np.ndarray = by_case[x.stream_case_at[:, None], x.site_jurisdiction_at[None, :]]
    return group


def _add_ring_fence(m: Core, accounts: Accounts) -> None:
    x = m.problem
    modes = x.labels("operator_mode")
    if "ring_fenced" not in modes:
        return
    used = x.admissible[:, :, modes.index("ring_fenced")].any(axis=0)  # I × T
    wanted = np.zeros((x.size("jurisdiction"), x.size("period")), dtype=bool)
    for i, t in np.argwhere(used):
        wanted[x.site_jurisdiction_at[i], t] = True
    ring_fence = m.variables("ring_fence", ("jurisdiction", "period"), wanted, whole=True, upper=1.0)
    accounts.post_nowhere("compliance", ring_fence, x.ring_fence_cost * x.year_weight)
