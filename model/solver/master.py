"""The master LP: the compiled core, the shares generated so far, and the rows found violated so far."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from model.assignment import Assignment, Prices
from model.cuts import PURPOSE, Cuts, entries
from model.dispatch import State, weights
from model.problem import MONEY, Problem
from model.solver.compiling import Compiled
from model.solver.highs import INF, Highs, compressed
from model.solver.strong import GridRounding, Strong

Array = np.ndarray[Any, Any]


class Master:
    """Grows by columns (`add_shares`) and rows (`add_violated`, `add_cuts`); values and duals come in model shapes."""

    def __init__(
        self,
        x: Problem,
        compiled: Compiled,
        assignment: Assignment,
        patience: Array,
        seed: int = 0,
        asleep: Array | None = None,
        grid: GridRounding | None = None,
    ):
        """`patience` (D × T, million CNY): what leaving a stream unserved costs at first; see `raise_elastic`.

        `asleep` flags core columns that HiGHS need not see at first; `price_asleep` wakes those that pay.
        """
        self.x, self.core, self.assignment = x, compiled, assignment
        self.highs = Highs(
            compiled.cost,
            compiled.matrix,
            compiled.row_lower,
            compiled.row_upper,
            compiled.lower,
            compiled.upper,
            seed,
            asleep,
        )
        self.share = np.zeros((0, 3), dtype=np.int64)  # stream, host, period of each share column
        self.share_column = np.zeros(0, dtype=np.int64)
        self.have = np.zeros(assignment.open_pairs.shape, dtype=bool)
        self.gate_row = self._no_gates()
        self.cuts: list[tuple[str, Cuts, Array]] = []  # as added, with their rows, so that another master can have them
        self.elastic_most = np.repeat(self._elastic_cost()[:, None], x.size("period"), axis=1)
        self._add_fixed_rows(patience)
        self.strong = Strong(self, grid)

    def _add_fixed_rows(self, patience: Array) -> None:
        """Demand rows with an elastic column each, and rows that count exported persons."""
        x, (D, _, T) = self.x, self.assignment.open_pairs.shape
        one, zero = np.ones(D * T), np.zeros(0)
        self.demand_row = self._rows(one, one, np.zeros(D * T, np.int64), zero, zero).reshape(D, T)
        self.served_row = self.core.row_at["load_hosted"]
        self.export_row = np.full((D, x.size("export_group"), T), -1, dtype=np.int64)
        if (exported := self.core.at.get("exported")) is not None:
            group = self.assignment.export_group
            d, k, t = np.nonzero(self.assignment.open_pairs & (group >= 0))
            keys = np.unique(np.stack([d, group[d, k, t], t], axis=1), axis=0)
            columns = exported[x.stream_origin_at[keys[:, 0]], keys[:, 1], keys[:, 2]]
            n = len(keys)
            self.export_row[tuple(keys.T)] = self._rows(
                np.full(n, -INF), np.zeros(n), np.arange(n), columns, -np.ones(n)
            )
        self.elastic_cost = np.minimum(patience, self.elastic_most)
        self.elastic = self.highs.add_columns(
            self.elastic_cost.ravel(), np.full(D * T, INF), np.arange(D * T), self.demand_row.ravel(), one
        )

    def _no_gates(self) -> dict[str, Array]:
        x, (streams, _, periods) = self.x, self.assignment.open_pairs.shape
        shapes = {
            "link": (streams, x.size("site"), periods),
            "apart": (int(x.stream_group.max()) + 1, int(x.site_zone_at.max()) + 1, periods),
            "ring": (streams, x.size("jurisdiction"), periods),
        }
        return {kind: np.full(shape, -1, dtype=np.int32) for kind, shape in shapes.items()}

    def _elastic_cost(self) -> Array:
        """Per stream, dearer than a new site with halls enough to serve it alone; D, million CNY."""
        x = self.x
        peak = x.load.max(axis=1)
        once = x.land_capital.max() + x.fibre_capital.max() + 2 * x.grid_step_capital.max() + x.hall_capital.max()
        per_mw = (x.hall_capital / x.hall_size[None, :, None]).max() * 2 + x.grid_step_capital.max()
        yearly = (x.energy_value.max() * 3 * 8760 + x.demand_charge.max() * 36 + x.site_opex.max()) * (1 + peak)
        share = np.where(self.assignment.open_pairs, self.assignment.cost, 0.0).max(axis=(1, 2), initial=0.0)
        cost: Array = MONEY * (once + per_mw * peak + yearly * x.year_weight.sum()) + 2 * share
        return cost

    def _rows(self, lower: Array, upper: Array, start: Array, index: Array, value: Array) -> Array:
        return self.highs.add_rows(lower, upper, start, index, value)

    def raise_elastic(self, values: Array, tolerance: float = 1e-7) -> int:
        """Make leaving unserved dearer where the last solution does so; returns how many could still be raised."""
        short = values[self.elastic].reshape(self.elastic_most.shape) > tolerance
        raised = short & (self.elastic_cost < self.elastic_most)
        dearer = np.clip(self.elastic_cost * 4, 1e-3 * self.elastic_most, self.elastic_most)
        self.elastic_cost = np.where(raised, dearer, self.elastic_cost)
        self.highs.set_cost(self.elastic, self.elastic_cost.ravel())
        return int(raised.sum())

    def serve_everyone(self) -> None:
        """Make leaving anything unserved as dear as it gets, for the search for plans."""
        self.elastic_cost = self.elastic_most
        self.highs.set_cost(self.elastic, self.elastic_cost.ravel())

    # columns
    def add_shares(self, wanted: Array) -> int:
        """Add the shares flagged in `wanted` (D × K × T) that are admissible and not there yet."""
        x, a = self.x, self.assignment
        new = np.argwhere(wanted & ~self.have & a.open_pairs)
        if not len(new):
            return 0
        d, k, t = new.T
        site = x.host_site[k]
        entries = [
            (np.arange(len(new)), self.demand_row[d, t], np.ones(len(new))),
            (np.arange(len(new)), self.served_row[site, x.stream_workload_at[d], t], -x.load[d, t]),
        ]
        group = a.export_group[d, k, t]
        counted = np.flatnonzero(group >= 0)
        entries.append(
            (counted, self.export_row[d[counted], group[counted], t[counted]], a.people[d[counted], t[counted]])
        )
        for kind, rows in self.gate_row.items():
            mine, keys = self._gate_keys(kind, d, k, t)
            found = rows[keys]
            entries.append((mine[found >= 0], found[found >= 0], np.ones(int((found >= 0).sum()))))
        column, row, value = (np.concatenate(part) for part in zip(*entries, strict=True))
        order = np.argsort(column, kind="stable")
        positions = self.highs.add_columns(
            a.cost[d, k, t],
            np.ones(len(new)),  # said by the demand row too; with it the dual simplex starts warm after new columns
            compressed(np.bincount(column, minlength=len(new))),
            row[order],
            value[order],
        )
        self.share, self.share_column = np.vstack([self.share, new]), np.concatenate([self.share_column, positions])
        self.have[d, k, t] = True
        return len(new)

    def _gate_keys(self, kind: str, d: Array, k: Array, t: Array) -> tuple[Array, tuple[Array, Array, Array]]:
        """Which of the given shares a kind of gate row is about, and their keys, each with the period last.

        `link` stream, site: served only where open; a group's replicas never meet at a site, so they share the row of
        the group's first stream. `apart` stream group, zone: replicas in different zones.
        `ring` stream, jurisdiction: ring-fenced only with a local operator.
        """
        x, a = self.x, self.assignment
        if kind == "link":
            return np.arange(len(d)), (a.leader[d], x.host_site[k], t)
        mine = np.flatnonzero(a.replicated[d] if kind == "apart" else a.ring_jurisdiction[k] >= 0)
        d, k, t = d[mine], k[mine], t[mine]
        return mine, (x.stream_group[d], a.host_zone[k], t) if kind == "apart" else (d, a.ring_jurisdiction[k], t)

    def _gate_column(self, kind: str, keys: Array) -> Array:
        """The binary column each key's row is bounded by, −1 where by one; keys n × 3."""
        if kind == "apart":
            return np.full(len(keys), -1)
        column: Array = self.core.at["is_open" if kind == "link" else "ring_fence"][keys[:, 1], keys[:, 2]]
        return column

    # rows
    def add_violated(self, values: Array, tolerance: float) -> int:
        """Add the gate rows the present shares break by more than `tolerance`; how many are broken, new or not."""
        at = values[self.share_column]
        live = at > tolerance
        (d, k, t), at = self.share[live].T, at[live]
        broken = 0
        for kind in self.gate_row:
            mine, keys = self._gate_keys(kind, d, k, t)
            if not len(mine):
                continue
            table, inverse = np.unique(np.stack(keys, axis=1), axis=0, return_inverse=True)
            total = np.bincount(inverse.ravel(), weights=at[mine], minlength=len(table))
            column = self._gate_column(kind, table)
            limit = np.where(column >= 0, values[np.maximum(column, 0)], 1.0)
            over = table[total > limit + tolerance]
            self.add_gates(kind, over)
            broken += len(over)
        return broken

    def add_gates(self, kind: str, keys: Array) -> int:
        """Add the rows Σ share ≤ gate of those keys (n × 3) that have shares, a gate and no row yet; how many."""
        keys = keys[self.gate_row[kind][tuple(keys.T)] < 0]
        if not len(keys):
            return 0
        column = self._gate_column(kind, keys)
        if kind != "apart":  # without a binary the site is always open
            keys, column = keys[column >= 0], column[column >= 0]
        mine, parts = self._gate_keys(kind, *self.share.T)
        shape = self.gate_row[kind].shape
        have = np.ravel_multi_index(parts, shape)
        order = np.argsort(have, kind="stable")
        wanted = np.ravel_multi_index(tuple(keys.T), shape)
        first, last = np.searchsorted(have[order], wanted), np.searchsorted(have[order], wanted, side="right")
        some = last > first
        keys, column, first, last = keys[some], column[some], first[some], last[some]
        if not len(keys):
            return 0
        members = [order[low:high] for low, high in zip(first, last, strict=True)]
        index = [
            np.append(self.share_column[mine[m]], c) if c >= 0 else self.share_column[mine[m]]
            for m, c in zip(members, column, strict=True)
        ]
        value = [
            np.append(np.ones(len(m)), -1.0) if c >= 0 else np.ones(len(m))
            for m, c in zip(members, column, strict=True)
        ]
        starts = compressed(np.array([len(part) for part in index]))
        rows = self._rows(
            np.full(len(keys), -INF),
            np.where(column >= 0, 0.0, 1.0),
            starts,
            np.concatenate(index),
            np.concatenate(value),
        )
        self.gate_row[kind][tuple(keys.T)] = rows
        return len(keys)

    def closed(self, whole: Array) -> Array:
        """Flags of the shares whose site or local operator is not there in a solution with whole gates."""
        flags = np.zeros(len(self.share), dtype=bool)
        for kind in ("link", "ring"):
            mine, keys = self._gate_keys(kind, *self.share.T)
            if len(mine):
                column = self._gate_column(kind, np.stack(keys, axis=1))
                flags[mine] |= (column >= 0) & (whole[np.maximum(column, 0)] < 0.5)
        return flags

    def gates(self, kind: str) -> Array:
        """Keys of the rows of a kind that are there, n × 3."""
        return np.argwhere(self.gate_row[kind] >= 0)

    def keep_replicas_apart(self, columns: Array) -> int:
        """Add every row on replicas in one zone that the kept columns could break."""
        a, (d, k, t) = self.assignment, self.share.T
        mine = columns[self.share_column] & a.replicated[d]
        keys = np.stack([self.x.stream_group[d[mine]], a.host_zone[k[mine]], t[mine], d[mine]], axis=1)
        pairs, count = np.unique(np.unique(keys, axis=0)[:, :3], axis=0, return_counts=True)
        return self.add_gates("apart", pairs[count > 1]) if len(pairs) else 0

    @cached_property
    def weights(self) -> dict[str, Array]:
        """What a missing MW adds up to, I × S × Y × T, for savings and for emissions if capped."""
        return {name: weights(self.x, purpose) for name, purpose in PURPOSE.items() if name in self.core.at}

    def add_cuts(self, name: str, cuts: Cuts) -> Array:
        """Bound `contract_saving` (million CNY) or `contract_avoided` (kt) above; returns the rows."""
        counts, columns, values = entries(self.x, self.core.at, name, cuts, self.weights[name])
        n = len(counts)
        rows = self._rows(np.full(n, -INF), np.zeros(n), compressed(counts), columns, values)
        self.cuts.append((name, cuts, rows))
        return rows

    def price_asleep(self, reduced: Array, threshold: float) -> tuple[int, float]:
        """Wake the sleeping columns whose reduced cost is below `threshold`.

        Returns how many, and the most that all sleeping columns of negative reduced cost could gain (million CNY, ≤ 0).
        """
        pays = (self.highs.place < 0) & (reduced < 0)
        most = np.array(self.highs.upper[: len(self.core.cost)])
        hosted, x = self.core.at["hosted_load"], self.x
        total = np.zeros((x.size("workload"), x.size("period")))
        np.add.at(total, x.stream_workload_at, x.load)
        everywhere = np.broadcast_to(total[None, :, None, :], hosted.shape)
        most[hosted[hosted >= 0]] = everywhere[hosted >= 0]  # no site hosts more of a workload than there is
        at = np.flatnonzero(pays)
        return self.highs.wake(pays & (reduced < threshold)), float((reduced[at] * most[at]).sum())

    # what the last solve says
    def prices(self, duals: Array) -> Prices:
        """Duals in the shapes pricing reads; a share that is not there yet meets the rows that are."""
        served = np.where(self.served_row >= 0, duals[np.maximum(self.served_row, 0)], 0.0)
        export = (
            np.where(self.export_row >= 0, duals[np.maximum(self.export_row, 0)], 0.0)
            if (self.export_row >= 0).any()
            else None
        )
        apart, ring = (
            np.where(rows >= 0, duals[np.maximum(rows, 0)], 0.0) if (rows >= 0).any() else None
            for rows in (self.gate_row["apart"], self.gate_row["ring"])
        )
        link = None
        if self.assignment.replicated.any():
            rows = self.gate_row["link"]
            link = np.where((rows >= 0) & self.assignment.replicated[:, None, None], duals[np.maximum(rows, 0)], 0.0)
        return Prices(duals[self.demand_row], served, export, apart, ring, link)

    def block(self, name: str, values: Array) -> Array:
        """Values of a core variable in its own shape, 0 where it does not exist."""
        at = self.core.at[name]
        return np.where(at >= 0, values[np.maximum(at, 0)], 0.0)

    def state(self, values: Array) -> State:
        """What dispatch reads of a solution."""
        return State(
            self.block("built_halls", values) + self.block("kept_halls", values),
            self.block("hosted_load", values),
            self.block("energy_contract", values),
        )
