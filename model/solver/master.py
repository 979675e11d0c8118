"""The master LP: the compiled core, the shares generated so far, and the rows found violated so far."""

from __future__ import annotations

from typing import Any

import numpy as np

from model.assignment import Assignment, Prices
from model.dispatch import Slopes, State
from model.problem import MONEY, Problem
from model.solver.compiling import Compiled
from model.solver.highs import INF, Highs, compressed

Array = np.ndarray[Any, Any]
RowKey = tuple[str, int, int, int]
KILO = 1e-3


class Master:
    """Grows by columns (`add_shares`) and rows (`add_violated`, `add_cuts`); values and duals come back in model shapes."""

    def __init__(
        self, x: Problem, compiled: Compiled, assignment: Assignment, patience: Array, threads: int = 1, seed: int = 0
    ):
        """`patience` (D × T, million CNY) is what leaving a stream unserved costs at first; see `raise_elastic`."""
        self.x, self.core, self.assignment = x, compiled, assignment
        self.highs = Highs(
            compiled.cost,
            compiled.matrix,
            compiled.row_lower,
            compiled.row_upper,
            compiled.lower,
            compiled.upper,
            threads,
            seed,
        )
        self.share = np.zeros((0, 3), dtype=np.int64)  # stream, host, period of each share column
        self.share_column = np.zeros(0, dtype=np.int64)
        self.have = np.zeros(assignment.open_pairs.shape, dtype=bool)
        self.row_of: dict[RowKey, int] = {}
        self.cuts: list[tuple[str, Slopes, Array]] = []  # as added, so that another master can have them too
        self.elastic_most = np.repeat(self._elastic_cost()[:, None], x.size("period"), axis=1)
        self._add_fixed_rows(patience)

    def _add_fixed_rows(self, patience: Array) -> None:
        """Demand rows with an elastic column each, and rows that count exported persons."""
        x, (D, K, T) = self.x, self.assignment.open_pairs.shape
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
        self.elastic_cost = np.where(raised, np.minimum(self.elastic_cost * 4, self.elastic_most), self.elastic_cost)
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
        if self.row_of:
            for n, key in ((n, key) for n in range(len(new)) for key in self._dynamic_rows(d[n], k[n], t[n])):
                if (row := self.row_of.get(key)) is not None:
                    entries.append((np.array([n]), np.array([row]), np.ones(1)))
        column, row, value = (np.concatenate(part) for part in zip(*entries, strict=True))
        order = np.argsort(column, kind="stable")
        positions = self.highs.add_columns(
            a.cost[d, k, t],
            np.full(len(new), INF),
            compressed(np.bincount(column, minlength=len(new))),
            row[order],
            value[order],
        )
        self.share, self.share_column = np.vstack([self.share, new]), np.concatenate([self.share_column, positions])
        self.have[d, k, t] = True
        return len(new)

    def _dynamic_rows(self, d: int, k: int, t: int) -> list[RowKey]:
        a = self.assignment
        keys: list[RowKey] = [("link", int(d), int(self.x.host_site[k]), int(t))]
        if a.replicated[d]:
            keys.append(("apart", int(self.x.stream_group[d]), int(a.host_zone[k]), int(t)))
        if a.ring_jurisdiction[k] >= 0:
            keys.append(("ring", int(d), int(a.ring_jurisdiction[k]), int(t)))
        return keys

    # rows
    def add_violated(self, values: Array, tolerance: float) -> int:
        """Add the rows the present shares break: served only where open, replicas apart, ring-fenced where so run."""
        x, a = self.x, self.assignment
        at = values[self.share_column]
        d, k, t = self.share.T
        live = at > tolerance
        d, k, t, at = d[live], k[live], t[live], at[live]
        site = x.host_site[k]
        added = self._violated("link", (d, site, t), at, self._column_value("is_open", (site, t), values), tolerance)
        if (ring := a.ring_jurisdiction[k] >= 0).any():
            dd, jj, tt = d[ring], a.ring_jurisdiction[k[ring]], t[ring]
            added += self._violated(
                "ring", (dd, jj, tt), at[ring], self._column_value("ring_fence", (jj, tt), values), tolerance
            )
        if (apart := a.replicated[d]).any():
            keys = (x.stream_group[d[apart]], a.host_zone[k[apart]], t[apart])
            added += self._violated(
                "apart", keys, at[apart], (np.full(apart.sum(), -1), np.ones(apart.sum())), tolerance
            )
        return added

    def _column_value(self, name: str, place: tuple[Array, ...], values: Array) -> tuple[Array, Array]:
        column = self.core.at[name][place]
        return column, np.where(column >= 0, values[np.maximum(column, 0)], 1.0)

    def _violated(
        self, kind: str, keys: tuple[Array, Array, Array], at: Array, gate: tuple[Array, Array], tolerance: float
    ) -> int:
        """Rows Σ share ≤ gate (a binary column, or 1) for the keys where it fails."""
        table, first, inverse = np.unique(np.stack(keys, axis=1), axis=0, return_index=True, return_inverse=True)
        total = np.bincount(inverse.ravel(), weights=at, minlength=len(table))
        column, limit = gate[0][first], gate[1][first]
        fails = (total > limit + tolerance) & ((column >= 0) | (kind == "apart"))
        found = [((kind, *map(int, table[n])), int(column[n])) for n in np.flatnonzero(fails)]
        fresh = [(key, at) for key, at in found if key not in self.row_of]
        if fresh:
            self._add_gate_rows(kind, fresh)
        return len(fresh)

    def add_gates(self, kind: str, keys: Array) -> int:
        """Add rows before they are violated: `link` (stream, site, period) or `apart` (stream group, zone, period)."""
        found = [(kind, *map(int, key)) for key in keys]
        members = self._members(kind)
        gate = self.core.at["is_open"]
        fresh = [
            (key, int(gate[key[2], key[3]]) if kind == "link" else -1)
            for key in found
            if key not in self.row_of and key[1:] in members and (kind == "apart" or gate[key[2], key[3]] >= 0)
        ]
        if fresh:
            self._add_gate_rows(kind, fresh)
        return len(fresh)

    def keep_replicas_apart(self, columns: Array) -> int:
        """Add every row on replicas in one zone that the kept columns could break."""
        a, (d, k, t) = self.assignment, self.share.T
        mine = columns[self.share_column] & a.replicated[d]
        keys = np.stack([self.x.stream_group[d[mine]], a.host_zone[k[mine]], t[mine], d[mine]], axis=1)
        pairs, count = np.unique(np.unique(keys, axis=0)[:, :3], axis=0, return_counts=True)
        return self.add_gates("apart", pairs[count > 1])

    def _add_gate_rows(self, kind: str, fresh: list[tuple[RowKey, int]]) -> None:
        members = self._members(kind)
        starts, index, value, upper = [], [], [], []
        for key, column in fresh:
            starts.append(len(index))
            found = members[key[1:]]
            index += found
            value += [1.0] * len(found)
            if column >= 0:
                index.append(column)
                value.append(-1.0)
            upper.append(0.0 if column >= 0 else 1.0)
        rows = self._rows(
            np.full(len(fresh), -INF), np.array(upper), np.array(starts), np.array(index), np.array(value)
        )
        self.row_of.update({key: int(row) for (key, _), row in zip(fresh, rows, strict=True)})

    def _members(self, kind: str) -> dict[tuple[int, ...], list[int]]:
        x, a = self.x, self.assignment
        d, k, t = self.share.T
        keys = {
            "link": (d, x.host_site[k], t),
            "ring": (d, a.ring_jurisdiction[k], t),
            "apart": (x.stream_group[d], a.host_zone[k], t),
        }[kind]
        found: dict[tuple[int, ...], list[int]] = {}
        for column, *key in zip(self.share_column.tolist(), *(part.tolist() for part in keys), strict=True):
            found.setdefault(tuple(key), []).append(column)
        return found

    def add_cuts(self, name: str, cuts: Slopes, where: Array) -> int:
        """Bound `contract_saving` (million CNY) or `contract_avoided` (kt) above by the cuts of the flagged I × T."""
        scale = MONEY if name == "contract_saving" else KILO
        self.cuts.append((name, cuts, where.copy()))
        target = self.core.at[name]
        starts, index, value = [], [], []
        blocks = (
            (self.core.at["built_halls"], cuts.halls),
            (self.core.at["kept_halls"], cuts.halls),
            (self.core.at["hosted_load"], cuts.hosted),
            (self.core.at["energy_contract"], cuts.contract),
        )
        for i, t in np.argwhere(where & (target >= 0)):
            starts.append(len(index))
            index.append(int(target[i, t]))
            value.append(1.0)
            for at, coefficient in blocks:
                column, slope = at[i, ..., t].ravel(), coefficient[i, ..., t].ravel()
                live = (column >= 0) & (np.abs(slope) * scale > 1e-9)
                index += column[live].tolist()
                value += (-slope[live] * scale).tolist()
        n = len(starts)
        if n:
            self._rows(np.full(n, -INF), np.zeros(n), np.array(starts), np.array(index), np.array(value))
        return n

    # what the last solve says
    def prices(self, duals: Array) -> Prices:
        """Duals in the shapes pricing reads; a share that is not there yet meets the rows that are."""
        x, a = self.x, self.assignment
        served = np.where(self.served_row >= 0, duals[np.maximum(self.served_row, 0)], 0.0)
        export = (
            np.where(self.export_row >= 0, duals[np.maximum(self.export_row, 0)], 0.0)
            if (self.export_row >= 0).any()
            else None
        )
        apart = ring = None
        if any(key[0] == "apart" for key in self.row_of):
            apart = np.zeros((int(x.stream_group.max()) + 1, int(x.site_zone_at.max()) + 1, x.size("period")))
        if any(key[0] == "ring" for key in self.row_of):
            ring = np.zeros((x.size("stream"), x.size("jurisdiction"), x.size("period")))
        for (kind, p, q, t), row in self.row_of.items():
            if kind == "apart" and apart is not None:
                apart[p, q, t] = duals[row]
            elif kind == "ring" and ring is not None:
                ring[p, q, t] = duals[row]
        return Prices(duals[self.demand_row], served, export, apart, ring)

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
