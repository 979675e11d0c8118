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
from model.solver.gates import Gates
from model.solver.highs import INF, Highs, compressed
from model.solver.strong import GridRounding, Strong

Array = np.ndarray[Any, Any]


class Master:
    """Grows by columns (`add_shares`) and rows (`gates`, `add_cuts`, `strong`); tells duals in the model's shapes."""

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
        self.gates = Gates(self)
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
        for kind, rows in self.gates.row.items():
            mine, keys = self.gates.keys(kind, d, k, t)
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

    # rows
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
            for rows in (self.gates.row["apart"], self.gates.row["ring"])
        )
        link = None
        if self.assignment.replicated.any():
            rows = self.gates.row["link"]
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
