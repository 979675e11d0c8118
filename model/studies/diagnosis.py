"""Conflicts among the requirements of a study, and the levers that resolve them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from data.admissible import admissible
from model.studies.feasible import Feasible, OutOfTime
from model.studies.irreducible import irreducible
from model.studies.levers import Move, least_move, wide_open
from model.studies.loosened import Loosened

Array = np.ndarray[Any, Any]
Tell = Callable[[str], None]
ABOUT_HALLS = ("forbid", "ground", "lead", "hall-types")
MOST_CONFLICTS, MOST_WAYS, MOST_LEVERS = 3, 6, 3
LEAST_WANTED = ("plots", "hall-types", "lead", "ground", "law", "forbid", "latency")  # left out first when they can be


@dataclass(frozen=True)
class Conflict:
    """Requirements that cannot hold together; `alike` more streams are in the same position."""

    keys: tuple[str, ...]
    found_by: str
    alike: int = 0
    proved: bool = True

    def levers(self, m: Loosened) -> list[str]:
        """Levers that loosen one of the requirements, in order."""
        return list(dict.fromkeys(m.requirements[key].lever for key in self.keys))


def find_conflicts(f: Feasible, instance: xr.Dataset, tell: Tell) -> Iterator[Conflict]:
    """Irreducible conflicts with no lever in common, those that arithmetic shows first."""
    keys, done = list(f.m.requirements), set[str]()
    for found, alike in without_host(f.m, instance):
        conflict = _checked(f, list(found), "arithmetic", alike, tell)
        if done.isdisjoint(levers := conflict.levers(f.m)):
            done.update(levers)
            yield conflict
    while True:
        rest = [key for key in keys if f.m.requirements[key].lever not in done]
        f.whole_needed, f.proved = False, True
        tell(f"{len(rest)} requirements held")
        if (clash := f.conflict(rest)) is None:
            return
        how = "whole" if f.whole_needed else "linear"
        conflict = _checked(f, clash, how, 0, tell)
        done.update(conflict.levers(f.m))
        yield conflict


def _checked(f: Feasible, keys: list[str], found_by: str, alike: int, tell: Tell) -> Conflict:
    """The conflict with every requirement left out that can be; each that stays was shown to be needed."""
    f.proved, f.whole_needed = True, False

    def conflict(held: list[str]) -> list[str] | None:
        tell(f"{len(held)} of {len(keys)} requirements held")
        return f.conflict(held)

    try:
        found = irreducible(keys, conflict)
    except OutOfTime:
        return Conflict(tuple(keys), found_by, alike, proved=False)
    how = "whole" if f.whole_needed else found_by
    return Conflict(tuple(found), how, alike, f.proved)


def without_host(m: Loosened, instance: xr.Dataset) -> list[tuple[list[str], int]]:
    """Streams that no site may serve: what stands in the way, one for each set of levers, the largest load first.

    Beside each the number of other streams with the same levers in their way. Nothing is solved.
    """
    flags = admissible(instance).any("operator_mode").transpose("stream", "site", "period").values
    alone = (m.asked.load > 0) & ~flags.any(axis=1)
    order = np.argsort(-(m.asked.load * alone).max(axis=1), kind="stable")
    found: dict[tuple[str, ...], tuple[list[str], int]] = {}
    for stream in order[: int(alone.any(axis=1).sum())]:
        keys = _in_the_way(m, int(stream), int(np.flatnonzero(alone[stream])[0]))
        levers = tuple(sorted({m.requirements[key].lever for key in keys}))
        first, alike = found.get(levers, (keys, -1))
        found[levers] = (first, alike + 1)
    return [(keys, alike) for keys, alike in found.values() if keys]


def _in_the_way(m: Loosened, stream: int, period: int) -> list[str]:
    """An irreducible set of requirements of which every host breaks one."""
    mine = (m.shares[:, 0] == stream) & (m.shares[:, 2] == period)
    about_shares = [key for key, columns in m.held.items() if key.split("/")[0] in ("latency", "law")]
    barred = {key: set(np.intersect1d(m.share_column[mine], m.held[key]).tolist()) for key in about_shares}
    work = int(m.x.stream_workload_at[stream])
    ways: list[set[str]] = []
    for column, host in zip(m.share_column[mine].tolist(), m.shares[mine, 1], strict=True):
        here = {key for key, columns in barred.items() if column in columns}
        ways += [here | halls for halls in _halls(m, int(m.x.host_site[host]), work, period)]
    needed = set().union(*ways) if ways else set()
    for kind in LEAST_WANTED:
        for key in sorted(key for key in needed if key.split("/")[0] == kind):
            if all(way & (needed - {key}) for way in ways):
                needed = needed - {key}
    return [key for key in m.requirements if key in needed]


def _halls(m: Loosened, site: int, work: int, period: int) -> Iterator[set[str]]:
    """For each hall type that could host the work at the site: the requirements in its way."""
    fits = m.x.can_host.astype(bool)[work]
    if (m.x.existing_halls[site, fits, period] > 0).any():
        yield set()
        return
    for kind in np.flatnonzero(fits & (m.core.at["built_halls"][site, :, period] >= 0)):
        column = m.core.at["built_halls"][site, kind, period]
        found = {key for key in ABOUT_HALLS if key in m.held and column in m.held[key]}
        if m.asked.plot_limit[site] < m.asked.hall_size[kind]:
            found.add("plots")
        yield found


def ways_out(f: Feasible, conflicts: list[Conflict], tell: Tell) -> Iterator[tuple[str, ...]]:
    """Sets of levers that together admit a plan, the smaller sets first; no set contains another."""
    keys, known = list(f.m.requirements), list(conflicts)
    queue: list[tuple[str, ...]] = [()]
    ways: list[frozenset[str]] = []
    seen: set[frozenset[str]] = set()
    while queue and len(ways) < MOST_WAYS:
        levers = queue.pop(0)
        if frozenset(levers) in seen or any(way <= frozenset(levers) for way in ways):
            continue
        seen.add(frozenset(levers))
        clash = next((one for one in known if not set(one.levers(f.m)) & set(levers)), None)
        if clash is None:
            tell(f"giving up {', '.join(levers)}")
            found = f.conflict(keys, {lever: wide_open(f.m, lever).opening for lever in levers})
            if found is None:
                ways.append(frozenset(levers))
                yield levers
                continue
            loosened = [key for key in found if f.m.requirements[key].lever not in levers]
            clash = _checked_beside(f, loosened, levers)
            known.append(clash)
        if len(levers) < MOST_LEVERS:
            queue += [(*levers, lever) for lever in clash.levers(f.m)]


def _checked_beside(f: Feasible, keys: list[str], levers: tuple[str, ...]) -> Conflict:
    """A conflict that remains after other levers were moved."""
    opened = {lever: wide_open(f.m, lever).opening for lever in levers}
    return Conflict(tuple(irreducible(keys, lambda held: f.conflict(held, opened))), "linear")


def least_moves(f: Feasible, levers: tuple[str, ...], tell: Tell) -> list[Move] | None:
    """Each lever moved as little as the others, already moved, permit; None where time or search failed."""
    keys = list(f.m.requirements)
    loose = {lever: wide_open(f.m, lever).opening for lever in levers}
    moves = []
    for lever in levers:
        tell(f"how far {lever} must give")
        move = least_move(f, keys, {name: given for name, given in loose.items() if name != lever}, lever)
        if move is None:
            return None
        loose[lever] = move.opening
        moves.append(move)
    return moves
