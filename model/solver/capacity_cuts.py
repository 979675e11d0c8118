"""Cuts that know halls are whole: mixed-integer rounding of what a site, or a set of sites, must hold.

For streams J served from sites S, Σ load·share ≤ Σ capacity·halls. With L the load of J and δ one hall's capacity,
rounding gives ⌈L/δ⌉·open + Σ F(−capacity/δ)·halls ≤ Σ load·(open − share)/(δ(1 − f)), f the fractional part of −L/δ and
F(a) = ⌊a⌋ + max(0, frac(a) − f)/(1 − f). A share that is not in J has coefficient 0, so shares generated later need none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from model.solver.highs import INF
from model.solver.master import Master

Array = np.ndarray[Any, Any]
LEAST_VIOLATION = 1e-3


@dataclass(frozen=True)
class Hold:
    """One place that holds load: sites and a period, the shares present with their load, the halls that can hold them."""

    shares: Array  # positions into master.share
    load: Array
    inside: Array  # value of each share
    halls: Array  # hall columns
    capacity: Array  # of each hall column, MW
    hall_value: Array
    gate: int  # column of is_open, −1 where always open
    gate_value: float


def separate_capacity(master: Master, values: Array, most: int = 400) -> int:
    """Add the most violated rounding cuts of every site and period, and of neighbouring pairs; returns how many."""
    found = []
    for hold in _holds(master, values):
        found += [(violation, hold, chosen, delta) for violation, chosen, delta in _violated(hold)]
    found.sort(key=lambda row: -row[0])
    starts, index, value = [], [], []
    for _, hold, chosen, delta in found[:most]:
        starts.append(len(index))
        columns, coefficients = _row(master, hold, chosen, delta)
        index += columns
        value += coefficients
    upper = [0.0 if hold.gate >= 0 else -_round_up(hold.load[chosen].sum() / delta) + hold.load[chosen].sum() * _slope(hold, chosen, delta)
             for _, hold, chosen, delta in found[:most]]
    if starts:
        master.add_plain_rows(np.full(len(starts), -INF), np.array(upper), np.array(starts), np.array(index), np.array(value))
    return len(starts)


def _round_up(value: float) -> float:
    return float(np.ceil(value - 1e-9))


def _slope(hold: Hold, chosen: Array, delta: float) -> float:
    """1 / (δ (1 − f)) for the chosen shares."""
    ratio = hold.load[chosen].sum() / delta
    return 1.0 / (delta * (1.0 - (_round_up(ratio) - ratio)))


def _hall_coefficients(capacity: Array, delta: float, fraction: Array | float) -> Array:
    """F(−capacity/δ) for f = fraction; broadcasts."""
    ratio = -capacity / delta
    whole = np.floor(ratio + 1e-9)
    return whole + np.maximum(0.0, (ratio - whole) - fraction) / (1.0 - fraction)


def _violated(hold: Hold) -> list[tuple[float, Array, float]]:
    """The best cut for each hall size, over the prefixes of the shares sorted by how full they are."""
    order = np.argsort(hold.gate_value - hold.inside, kind="stable")
    load = hold.load[order].cumsum()
    gap = (hold.load[order] * (hold.gate_value - hold.inside[order])).cumsum()
    best: list[tuple[float, Array, float]] = []
    for delta in np.unique(hold.capacity):
        ratio = load / delta
        up = np.ceil(ratio - 1e-9)
        fraction = up - ratio
        usable = fraction < 0.99
        safe = np.where(usable, fraction, 0.0)
        halls = (_hall_coefficients(hold.capacity[None, :], delta, safe[:, None]) * hold.hall_value).sum(axis=1)
        violation = np.where(usable, up * hold.gate_value + halls - gap / (delta * (1.0 - safe)), -np.inf)
        at = int(violation.argmax())
        if violation[at] > LEAST_VIOLATION:
            best.append((float(violation[at]), order[: at + 1], float(delta)))
    return best


def _row(master: Master, hold: Hold, chosen: Array, delta: float) -> tuple[list[int], list[float]]:
    """The cut as columns and coefficients of a row ≤ upper."""
    load = hold.load[chosen]
    up, slope = _round_up(load.sum() / delta), _slope(hold, chosen, delta)
    fraction = up - load.sum() / delta
    columns = [*master.share_column[hold.shares[chosen]].tolist(), *hold.halls.tolist()]
    coefficients = [*(slope * load).tolist(), *_hall_coefficients(hold.capacity, delta, fraction).tolist()]
    if hold.gate >= 0:
        columns.append(hold.gate)
        coefficients.append(up - slope * load.sum())
    return columns, coefficients


def _holds(master: Master, values: Array) -> Iterator[Hold]:
    """Every site and period with some share in use, for all workloads and for those only some hall types can host."""
    x, core = master.x, master.core
    d, k, t = master.share.T
    site = x.host_site[k]
    inside = values[master.share_column]
    capacity = x.hall_size * x.hall_utilisation_limit
    order = np.lexsort((t, site))
    ends = np.flatnonzero(np.diff(site[order] * x.size("period") + t[order])) + 1
    hosts = x.can_host.astype(bool)
    for members in np.split(order, ends):
        if inside[members].max(initial=0.0) < 1e-6:
            continue
        i, period = int(site[members[0]]), int(t[members[0]])
        gate = int(core.at["is_open"][i, period])
        for works, types in _classes(hosts):
            part = members[works[x.stream_workload_at[d[members]]]]
            halls, sizes = [], []
            for name in ("built_halls", "kept_halls"):
                columns = core.at[name][i, :, period]
                live = np.flatnonzero((columns >= 0) & types)
                halls += columns[live].tolist()
                sizes += capacity[live].tolist()
            if len(part) and halls:
                columns = np.array(halls)
                yield Hold(
                    part, x.load[d[part], period], inside[part], columns, np.array(sizes), values[columns],
                    gate, 1.0 if gate < 0 else float(values[gate]),
                )


def _classes(hosts: Array) -> list[tuple[Array, Array]]:
    """Workloads with the hall types any of them can use: all together, and each group that is choosier."""
    every = [(np.ones(len(hosts), dtype=bool), hosts.any(axis=0))]
    for pattern in np.unique(hosts, axis=0):
        works = (hosts <= pattern).all(axis=1)
        if not works.all():
            every.append((works, pattern))
    return every
