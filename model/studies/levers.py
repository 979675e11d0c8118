"""How far a requirement must give: the least move of its lever that admits a plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from math import ceil, floor, log10
from typing import Any

import numpy as np

from model.studies.easing import Loose, Loosening, closed
from model.studies.feasible import Feasible
from model.studies.freed import FAR
from model.studies.loosened import LIMIT_ROWS, Loosened
from model.studies.requirements import SCENARIO_FORBIDS

Array = np.ndarray[Any, Any]
SITE_LEVERS = ("forbid", "ground", "lead", "hall-types")
SCALE = {"capital": 1e6, "carbon": 1e3, "site": 1.0}  # of a unit of the model's rows in the instance's unit
MOST_EASED = {"pue": 2.0, "green": 1.0}
STEPS = 8  # halvings when a standard is eased


@dataclass(frozen=True)
class Move:
    """A lever and how far it goes: `value` is its new figure, `sites` those it touches, `extra` what they get more.

    value: ms (latency), CNY, t/a, sites (limits), share of a green rule that remains or PUE added (standards),
    share of the demand served (demand). extra: MW (plots), steps (grid), thousand m3 a year (water). An endless
    value means that the requirement is lifted.
    """

    lever: str
    opening: Loosening
    value: float = np.inf
    sites: Array = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    extra: Array = field(default_factory=lambda: np.zeros(0))

    @property
    def kind(self) -> str:
        return self.lever.split("/")[0]


def wide_open(m: Loosened, lever: str) -> Move:
    """The lever moved so far that its requirements ask nothing."""
    columns = np.concatenate([m.held[key] for key in m.of_lever(lever)])
    return Move(lever, Loosening(columns), sites=barred_sites(m, lever.split("/")[0]))


def least_move(f: Feasible, keys: list[str], loose: Loose, lever: str) -> Move | None:
    """The least move of one lever that admits a plan while the others stand where `loose` has them; None for none."""
    kind = lever.split("/")[0]
    seek: dict[str, Callable[[Feasible, list[str], Loose, str], Move | None]] = {
        "latency": _latency, "demand": _demand, **dict.fromkeys(SCALE, _limit), **dict.fromkeys(MOST_EASED, _standard),
        **dict.fromkeys(("plots", "grid", "water"), _by_site), **dict.fromkeys(SITE_LEVERS, _sites),
    }  # fmt: skip
    return seek[kind](f, keys, loose, lever) if kind in seek else wide_open(f.m, lever)


def _with(loose: Loose, move: Move) -> Loose:
    return {**loose, move.lever: move.opening}


def _latency(f: Feasible, keys: list[str], loose: Loose, lever: str) -> Move | None:
    """The first of the round trips there are, rounded up to a tenth of a millisecond, that admits a plan."""
    m, work = f.m, f.m.x.labels("workload").index(lever.split("/")[1])
    d, k, _ = m.shares.T
    trip = m.x.round_trip[m.x.stream_origin_at[d], m.x.host_site[k]]
    shut = np.unique(np.concatenate([m.held[key] for key in m.of_lever(lever)]))
    mine = (m.x.stream_workload_at[d] == work) & np.isin(m.share_column, shut)
    steps = np.unique(np.ceil(trip[mine] * 10 - 1e-9) / 10)

    def at(limit: float) -> Move:
        return Move(lever, Loosening(m.share_column[mine & (trip <= limit)]), limit)

    def admits(place: int, whole: bool) -> bool:
        return f.conflict(keys, _with(loose, at(float(steps[place]))), whole) is None

    place = int(np.searchsorted(steps, _nearest_hosts(f, keys, loose, lever) - 1e-9))
    for whole in (False, True):
        found = _first(place, len(steps), partial(admits, whole=whole))
        if found is None:
            return None
        place = found
    return at(float(steps[place]))


def _first(low: int, count: int, admits: Callable[[int], bool]) -> int | None:
    """The first place from `low` on that admits a plan, if all after it do: in doubling strides, then by halving."""
    if low >= count:
        return None
    if admits(low):
        return low
    stride, high = 1, min(low + 1, count - 1)
    while not admits(high):
        if high == count - 1:
            return None
        low, stride = high, 2 * stride
        high = min(high + stride, count - 1)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if admits(middle) else (middle, high)
    return high


def _nearest_hosts(f: Feasible, keys: list[str], loose: Loose, lever: str) -> float:
    """The round trip below which some stream of the workload has no host at all."""
    m = f.m
    upper = closed(f.m, keys, {**loose, lever: wide_open(m, lever).opening})
    d, k, t = m.shares.T
    built = m.core.at["built_halls"]
    new = (built >= 0) & (upper[np.maximum(built, 0)] > 0)
    halls: Array = np.any(new | (m.x.existing_halls > 0), axis=1)
    usable = (upper[m.share_column] > 0) & halls[m.x.host_site[k], t]
    mine = m.x.stream_workload_at[d] == m.x.labels("workload").index(lever.split("/")[1])
    trip = np.where(usable, m.x.round_trip[m.x.stream_origin_at[d], m.x.host_site[k]], FAR)
    best = np.full(m.x.load.shape, FAR)
    np.minimum.at(best, (d[mine], t[mine]), trip[mine])
    asked = np.zeros(best.shape, dtype=bool)
    asked[d[mine], t[mine]] = True
    return float(np.ceil(best[asked].max(initial=0.0) * 10 - 1e-9) / 10)


def _demand(f: Feasible, keys: list[str], loose: Loose, lever: str) -> Move | None:
    (column,) = f.m.held["demand"]
    free = wide_open(f.m, lever)
    if (values := f.least(keys, _with(loose, free), {int(column): 1.0})) is None:
        return None
    served = floor((1 - float(values[column])) * 1000) / 1000
    return Move(lever, Loosening(free.opening.columns, 1 - served), served)


def _limit(f: Feasible, keys: list[str], loose: Loose, lever: str) -> Move | None:
    """The least limit that could hold in every period, rounded up to three figures."""
    m, field_name = f.m, f"{lever}_limit"
    assert field_name in LIMIT_ROWS
    column, free = m.worst[lever], wide_open(m, lever)
    if (values := f.least(keys, _with(loose, free), {column: 1.0})) is None:
        return None
    limits = getattr(m.asked, field_name)
    finite = np.isfinite(limits)
    over = np.array([float(values[m.held[key][0]]) for key in m.of_lever(lever)]) * SCALE[lever]
    value = _rounded_up(float((limits[finite] + over).max()), whole=lever == "site")
    room = np.maximum(0.0, value - limits[finite]) / SCALE[lever]
    columns = np.array([m.held[key][0] for key in m.of_lever(lever)])
    return Move(lever, Loosening(columns, room), value)


def _rounded_up(value: float, whole: bool = False) -> float:
    """The next figure of three digits, or the next whole number."""
    if whole:
        return float(round(value))
    step = 10.0 ** (floor(log10(value)) - 2) if value > 0 else 1.0
    return ceil(value / step - 1e-6) * step


def _standard(f: Feasible, keys: list[str], loose: Loose, lever: str) -> Move | None:
    """A standard eased for all its sites alike, by halving."""
    low, high = 0.0, MOST_EASED[lever]

    def at(eased: float) -> Move:
        value = round(1 - eased, 3) if lever == "green" else round(eased, 3)
        return Move(lever, Loosening(np.zeros(0, dtype=np.int64), eased=eased), value)

    if f.conflict(keys, _with(loose, at(high))) is not None:
        return None
    for _ in range(STEPS):
        middle = round((low + high) / 2, 3)
        low, high = (low, middle) if f.conflict(keys, _with(loose, at(middle))) is None else (middle, high)
    return at(high)


def _by_site(f: Feasible, keys: list[str], loose: Loose, lever: str) -> Move | None:
    """What the fewest megawatts, steps or cubic metres more are, and where."""
    columns = f.m.slack[lever]
    live = np.flatnonzero(columns >= 0)
    free = wide_open(f.m, lever)
    values = f.least(keys, _with(loose, free), dict.fromkeys(columns[live].tolist(), 1.0))
    if values is None:
        return None
    extra = np.ceil(values[columns[live]] * 100 - 1e-4) / 100
    sites = live[extra > 0]
    return Move(lever, Loosening(columns[live], extra), sites=sites, extra=extra[extra > 0])


def barred_sites(m: Loosened, kind: str) -> Array:
    """Sites that a lever about sites is about."""
    asked = m.asked
    candidate = np.any(m.core.at["built_halls"] >= 0, axis=(1, 2))
    barred = candidate & ~asked.site_allowed
    ours = np.isin(asked.site_exclusion.astype(str), SCENARIO_FORBIDS)
    refused = (asked.hall_buildable & ~asked.hall_type_allowed).any(axis=1)
    flags = {
        "forbid": barred & ours,
        "ground": barred & ~ours,
        "lead": candidate & ~barred & ~asked.open_allowed.all(axis=1),
        "hall-types": candidate & refused,
    }.get(kind, np.zeros(len(barred), dtype=bool))
    return np.flatnonzero(flags)


def _sites(f: Feasible, keys: list[str], loose: Loose, lever: str) -> Move | None:
    """The fewest sites that must be let, those with the shorter sums of round trips first."""
    m, free = f.m, wide_open(f.m, lever)
    trips = m.x.round_trip.mean(axis=0)
    cost: dict[int, float] = {}
    for site in free.sites:
        columns = _opening(m, lever, int(site), free)
        cost |= dict.fromkeys(columns.tolist(), (1 + 1e-3 * float(trips[site])) / max(1, len(columns)))
    if (values := f.least(keys, _with(loose, free), cost)) is None:
        return None
    chosen = [site for site in free.sites if values[_opening(m, lever, int(site), free)].max(initial=0.0) > 0.5]
    built = np.concatenate([_touched(m, int(site), free) for site in chosen] or [np.zeros(0, dtype=np.int64)])
    return Move(lever, Loosening(built), sites=np.array(chosen, dtype=np.int64))


def _touched(m: Loosened, site: int, free: Move) -> Array:
    """The columns of a lever at one site."""
    mine = np.concatenate([m.core.at[name][site].ravel() for name in ("built_halls", "is_open")])
    found: Array = mine[np.isin(mine, free.opening.columns) & (mine >= 0)]
    return found


def _opening(m: Loosened, lever: str, site: int, free: Move) -> Array:
    """Columns whose use means that the lever is used at the site: opening it, or building what was not permitted."""
    is_open: Array = m.core.at["is_open"][site]
    touched = _touched(m, site, free)
    if lever in ("forbid", "ground") and is_open[-1] >= 0:
        return is_open[-1:]
    if lever == "lead":
        opened: Array = is_open[np.isin(is_open, touched) & (is_open >= 0)]
        return opened if len(opened) else touched
    return touched
