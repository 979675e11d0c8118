"""Cuts that know halls are whole, region by region: what only these sites may serve, these sites must hold.

For a set of sites S and the streams J that no other site may serve, Σ capacity·halls over S ≥ L, the load of J. The
rounding for a hall size δ is Σ G(capacity/δ)·halls ≥ ⌈L/δ⌉ with G(a) = ⌊a⌋ + min(1, frac(a)/frac(L/δ)). Only core variables
appear, so shares generated later change nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from model.solver.highs import INF
from model.solver.master import Master

Array = np.ndarray[Any, Any]
LEAST_VIOLATION = 1e-4


@dataclass(frozen=True)
class Regions:
    """Site sets worth a cut, with the load bound to them, for one class of workloads and the hall types they can use."""

    inside: Array  # R × I flags
    load: Array  # R × T
    types: Array  # H flags


class RegionCuts:
    """Finds violated region cuts of a master; the regions are worked out once."""

    def __init__(self, master: Master):
        self.master = master
        self.done: set[tuple[int, int, int, int]] = set()

    @cached_property
    def regions(self) -> list[Regions]:
        """Reach of every stream, of pairs of origins, and of everything, per class of workloads."""
        x = self.master.x
        reach = x.admissible.any(axis=(2, 3))  # D × I
        hosts = x.can_host.astype(bool)
        classes = [np.ones(len(hosts), dtype=bool)]
        classes += [(hosts <= p).all(axis=1) for p in np.unique(hosts, axis=0) if not (hosts <= p).all()]
        found = []
        for works in classes:
            streams = works[x.stream_workload_at]
            sets = np.unique(reach[streams], axis=0)
            pairs = np.unique((sets[:, None] | sets[None, :]).reshape(-1, sets.shape[1]), axis=0)
            pairs = np.unique(np.vstack([pairs, np.ones((1, sets.shape[1]), dtype=bool)]), axis=0)
            outside = (~pairs).astype(np.float32) @ reach[streams].T.astype(np.float32)  # R × D
            bound = (outside < 0.5).astype(float)
            found.append(Regions(pairs, bound @ x.load[streams], hosts[works].any(axis=0)))
        return found

    def separate(self, values: Array, most: int = 300) -> int:
        """Add the most violated cuts; returns how many."""
        x, master = self.master.x, self.master
        capacity = x.hall_size * x.hall_utilisation_limit
        halls = master.block("built_halls", values) + master.block("kept_halls", values)  # I × H × T
        found = []
        for c, regions in enumerate(self.regions):
            types = np.flatnonzero(regions.types)
            stand = np.einsum("ri,iht->rht", regions.inside.astype(float), halls[:, types], optimize=True)
            for s, delta in enumerate(np.unique(capacity[types])):
                violation = self._violation(regions.load, stand, capacity[types], float(delta))
                for r, t in np.argwhere(violation > LEAST_VIOLATION):
                    if (c, s, int(r), int(t)) not in self.done:
                        found.append((float(violation[r, t]), c, s, int(r), int(t), float(delta)))
        found.sort(reverse=True)
        return self._add(self._spread(found, most), capacity)

    @staticmethod
    def _violation(load: Array, stand: Array, capacity: Array, delta: float) -> Array:
        ratio = load / delta
        up = np.ceil(ratio - 1e-7)
        fraction = np.where(up - ratio < 1e-6, 1.0, ratio - np.floor(ratio))
        coefficient = _rounded(capacity / delta, fraction[..., None])  # R × T × H
        return np.where(load > 1e-6, up - np.einsum("rth,rht->rt", coefficient, stand), -1.0)

    @staticmethod
    def _spread(found: list[tuple[float, int, int, int, int, float]], most: int) -> list[tuple[float, int, int, int, int, float]]:
        """At most a few cuts per class, size and period, so that one period does not crowd out the others."""
        count: dict[tuple[int, int, int], int] = {}
        chosen = []
        for row in found:
            key = (row[1], row[2], row[4])
            if count.get(key, 0) < 12:
                count[key] = count.get(key, 0) + 1
                chosen.append(row)
        return chosen[:most]

    def _add(self, chosen: list[tuple[float, int, int, int, int, float]], capacity: Array) -> int:
        master = self.master
        starts, index, value, lower = [], [], [], []
        for _, c, s, r, t, delta in chosen:
            regions = self.regions[c]
            ratio = float(regions.load[r, t]) / delta
            up = float(np.ceil(ratio - 1e-7))
            fraction = 1.0 if up - ratio < 1e-6 else ratio - float(np.floor(ratio))
            coefficient = _rounded(capacity / delta, np.array(fraction)) * regions.types
            starts.append(len(index))
            lower.append(up)
            for name in ("built_halls", "kept_halls"):
                at = master.core.at[name][:, :, t]
                live = (at >= 0) & regions.inside[r][:, None] & (coefficient > 1e-9)[None, :]
                index += at[live].tolist()
                value += np.broadcast_to(coefficient, at.shape)[live].tolist()
            self.done.add((c, s, r, t))
        if starts:
            master.add_plain_rows(np.array(lower), np.full(len(lower), INF), np.array(starts), np.array(index), np.array(value))
        return len(starts)


def _rounded(ratio: Array, fraction: Array) -> Array:
    """G(a) = ⌊a⌋ + min(1, frac(a)/fraction)."""
    whole = np.floor(ratio + 1e-9)
    return whole + np.minimum(1.0, np.maximum(0.0, ratio - whole) / fraction)
