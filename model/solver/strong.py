"""Rows that no whole plan breaks and the relaxation does: rounded grid steps of full plots, rounded hall counts.

Both are mixed-integer rounding of rows of the core. A site's grid covers its design peak in whole steps; a full plot of
some hall type needs a known number of them, and what the plan falls short of that peak may save a step only in whole.
Halls of the types that can hold a group of workloads come whole too, so the group's load rounds their number up. The
rows speak of no cost: they hold for every price, and every study with the same sites and loads.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from model.families.grid import binding_months
from model.problem import Problem
from model.solver.highs import INF, compressed

if TYPE_CHECKING:
    from model.solver.master import Master

Array = np.ndarray[Any, Any]
Rows = tuple[Array, Array, Array, Array, Array]  # keys, counts, columns, coefficients and lower limits of rows
LEAST_REST = 0.02  # a fraction nearer to 0 makes coefficients that numbers of limited precision cannot carry


@dataclass(frozen=True)
class GridRounding:
    """steps + open · `opened` + Σ built · `hall` + Σ hosted · `hosted` ≥ 0, per site, month and type of a full plot.

    site n, opened n, hall n × H, hosted n × H.
    """

    site: Array
    opened: Array
    hall: Array
    hosted: Array

    @classmethod
    def of(cls, x: Problem) -> GridRounding:
        """With peak ≤ full · open + extra (what types of a higher peak add), the shortfall full · open + extra − peak
        is ≥ 0, and size · steps ≥ full · open − shortfall rounds to steps + shortfall / (size · rest) ≥ ⌈full / size⌉.
        """
        per_hall = x.peak_overhead + x.peak_marginal * (x.hall_size * x.hall_utilisation_limit)[:, None]
        density = per_hall / x.hall_size[:, None]
        found = []
        for i in np.flatnonzero(x.is_candidate & ~x.has_existing & (x.grid_steps_allowed > 0).any(axis=-1)).tolist():
            types, size = np.flatnonzero(x.new_halls_limit[i] > 0), float(x.grid_step_size[i])
            for month in binding_months(x, i):
                for full_of in types:
                    full = (density[i, full_of, month] * x.plot_limit[i] - x.grid_existing[i]) / size
                    rest = full - np.floor(full)
                    if full <= 0 or rest < LEAST_REST:
                        continue
                    extra = np.maximum(0.0, density[i, :, month] - density[i, full_of, month]) * x.hall_size
                    per = 1 / (size * rest)
                    connected = density[i, full_of, month] * x.plot_limit[i] * per
                    found.append(
                        (
                            i,
                            connected - np.ceil(full),
                            np.where(x.new_halls_limit[i] > 0, extra - x.peak_overhead[i, :, month], 0.0) * per,
                            -x.peak_marginal[i, :, month] * per,
                        )
                    )
        if not found:
            nothing = np.zeros((0, x.size("hall_type")))
            return cls(np.zeros(0, np.int64), np.zeros(0), nothing, nothing)
        return cls(*(np.array(part) for part in zip(*found, strict=True)))


@dataclass(frozen=True)
class HallRounding:
    """Σ halls · `hall` + Σ unserved · `unserved` ≥ `least`, one for each group of workloads and unit it is counted in.

    hall n × H × T, unserved n × D × T, least n × T (0 where the load is a whole number of units).
    """

    hall: Array
    unserved: Array
    least: Array

    @classmethod
    def of(cls, x: Problem) -> HallRounding:
        """From Σ capacity · halls ≥ Σ load · (1 − unserved) over the types that hold the group, divided by a unit."""
        capacity, hosts = x.hall_size * x.hall_utilisation_limit, x.can_host.astype(bool)
        types, hall, unserved, least = np.any(x.hall_usable, axis=(0, 2)), [], [], []
        for held in np.unique(hosts & types, axis=0):
            group = ~(hosts & types & ~held).any(axis=1) & (hosts & types).any(axis=1)
            load = np.where(group[x.stream_workload_at][:, None], x.load, 0.0)
            for unit in np.unique(capacity[held]):
                units = load.sum(axis=0) / unit
                rest = units - np.floor(units)
                known = (rest >= LEAST_REST) & (units > 0)
                share = np.where(known, 1 / np.maximum(rest, LEAST_REST), 0.0)
                whole = np.floor(capacity / unit + 1e-9)
                part = np.minimum(1.0, np.maximum(capacity / unit - whole, 0.0)[:, None] * share)
                hall.append(np.where(known & held[:, None], whole[:, None] + part, 0.0))
                unserved.append(load / unit * share)
                least.append(np.where(known, np.ceil(units), 0.0))
        if not hall:
            return cls(np.zeros((0, len(capacity), x.size("period"))), np.zeros((0, *x.load.shape)), np.zeros((0, 1)))
        return cls(np.array(hall), np.array(unserved), np.array(least))


class Strong:
    """Which of these rows a master has: `row` is candidate × period, −1 where not; grid candidates first."""

    def __init__(self, master: Master, grid: GridRounding | None):
        """`grid` of a master over other periods of the same sites saves working it out again."""
        self.master = master
        self.grid, self.halls = grid or GridRounding.of(master.x), HallRounding.of(master.x)
        self.row = np.full((len(self.grid.site) + len(self.halls.least), master.x.size("period")), -1, dtype=np.int64)

    def separate(self, values: Array, tolerance: float = 1e-5) -> int:
        """Add the rows that the values break by more than the tolerance; returns how many."""
        return self.add(np.argwhere((self.row < 0) & (self.missing(values) > tolerance)))

    def missing(self, values: Array) -> Array:
        """By how much each candidate is broken, candidate × period."""
        block, grid, halls = self.master.block, self.grid, self.halls
        built = block("built_halls", values)
        at_site = (
            block("grid_steps", values)[grid.site]
            + grid.opened[:, None] * block("is_open", values)[grid.site]
            + np.einsum("nh,nht->nt", grid.hall, built[grid.site])
            + np.einsum("nh,nht->nt", grid.hosted, block("hosted_load", values).sum(axis=1)[grid.site])
        )
        standing = (built + block("kept_halls", values)).sum(axis=0)
        short = values[self.master.elastic].reshape(self.master.demand_row.shape)
        counted = np.einsum("nht,ht->nt", halls.hall, standing) + np.einsum("ndt,dt->nt", halls.unserved, short)
        return np.concatenate([-at_site, halls.least - counted])

    def add(self, keys: Array) -> int:
        """Add the rows of those keys (n × 2: candidate, period) that are not there and say something."""
        new = keys[self.row[tuple(keys.T)] < 0]
        of_grid = new[:, 0] < len(self.grid.site)
        added = [self._grid_rows(new[of_grid]), *(self._hall_rows(key) for key in new[~of_grid])]
        made = np.concatenate([key for key, *_ in added])
        if len(made):
            counts, columns, values, least = (np.concatenate(part) for part in list(zip(*added, strict=True))[1:])
            limit = np.full(len(made), INF)
            self.row[tuple(made.T)] = self.master.highs.add_rows(least, limit, compressed(counts), columns, values)
        return len(made)

    def _grid_rows(self, keys: Array) -> Rows:
        """Rows on the grid steps of full plots, of those sites that may have both steps and halls."""
        at, grid = self.master.core.at, self.grid
        site, period = grid.site[keys[:, 0]], keys[:, 1]
        there = (at["grid_steps"][site, period] >= 0) & (at["is_open"][site, period] >= 0)
        keys, site, period = keys[there], site[there], period[there]
        c, n = keys[:, 0], len(keys)
        hosted = at["hosted_load"][site, :, :, period]
        flat = n, hosted.shape[1] * hosted.shape[2]
        columns = (
            at["grid_steps"][site, period][:, None],
            at["is_open"][site, period][:, None],
            at["built_halls"][site, :, period],
            hosted.reshape(flat),
        )
        per_load = np.broadcast_to(grid.hosted[c][:, None], hosted.shape)
        values = (np.ones((n, 1)), grid.opened[c][:, None], grid.hall[c], per_load.reshape(flat))
        return keys, *_live(np.concatenate(columns, axis=1), np.concatenate(values, axis=1)), np.zeros(n)

    def _hall_rows(self, key: Array) -> Rows:
        """The row on whole halls of one candidate and period, if there is one."""
        at, n, period = self.master.core.at, key[0] - len(self.grid.site), key[1]
        least = self.halls.least[n, period]
        elastic = self.master.elastic.reshape(self.master.demand_row.shape)[:, period]
        standing = [at[name][..., period] for name in ("built_halls", "kept_halls")]
        per_hall = np.broadcast_to(self.halls.hall[n, :, period], standing[0].shape).ravel()
        columns = np.concatenate([*(part.ravel() for part in standing), elastic])
        values = np.concatenate([per_hall, per_hall, self.halls.unserved[n, :, period]])
        some = int(least > 0)
        return key[None][:some], *_live(columns[None][:some], values[None][:some]), np.array([least])[:some]


def _live(columns: Array, values: Array) -> tuple[Array, Array, Array]:
    """Of rows (n × m): how many columns of each exist and have a coefficient, these, and the coefficients."""
    live = (columns >= 0) & (values != 0)
    return live.sum(axis=1), columns[live], values[live]
