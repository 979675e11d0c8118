"""The problem period by period: a core row that touches several periods couples them, and is priced or substituted.

Capital is paid as annuities, so without the rows that say "what stands stays" (and budgets, and a user's own) periods
are problems of their own. With those rows priced at the duals of the relaxation, the sum of the periods' bounds is a
bound of the whole, and as good as the relaxation before a single hall is made whole.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import scipy.sparse as sp

from model.assignment import Assignment
from model.problem import Problem
from model.solver.compiling import Compiled

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Block:
    """One period's core: `columns` and `rows` are positions in the whole core."""

    core: Compiled
    columns: Array
    rows: Array


@dataclass(frozen=True)
class Split:
    """Period of each core column, and which periods each core row touches (rows × T)."""

    core: Compiled
    column: Array
    touched: Array

    @classmethod
    def of(cls, core: Compiled, periods: int) -> Split | None:
        """None where there is one period only, or a column (of a user's own) that belongs to no period."""
        column = np.full(len(core.cost), -1)
        for at in core.at.values():
            for t in range(periods):
                here = at[..., t]
                column[here[here >= 0]] = t
        if periods < 2 or (column < 0).any():
            return None
        member = sp.csr_array((np.ones(len(column)), (np.arange(len(column)), column)), shape=(len(column), periods))
        return cls(core, column, (abs(core.matrix) @ member).toarray() > 0)

    @property
    def coupling(self) -> Array:
        """Flags of the rows that touch several periods."""
        flags: Array = self.touched.sum(axis=1) > 1
        return flags

    def block(self, t: int, prices: Array, known: Array | None = None, settled: Array | None = None) -> Block:
        """The core of period `t`.

        `settled` flags periods whose columns are at `known`: rows that otherwise touch only them are kept, their part
        moved to the right-hand side. Rows that touch other periods are priced at `prices` (one a core row).
        """
        core, periods = self.core, self.touched.shape[1]
        free = np.ones(periods, dtype=bool) if settled is None else ~settled
        free[t] = False
        mine = self.touched[:, t]
        kept = mine & ~self.touched[:, free].any(axis=1)
        columns, rows = np.flatnonzero(self.column == t), np.flatnonzero(kept)
        priced = np.flatnonzero(mine & ~kept)
        cost = core.cost[columns] - core.matrix[priced][:, columns].T @ prices[priced]
        shift = np.zeros(len(rows))
        if known is not None:
            shift = core.matrix[rows] @ np.where(self.column == t, 0.0, known)
        place, row_place = _inverse(columns, len(core.cost)), _inverse(rows, core.matrix.shape[0])
        block = replace(
            core,
            cost=cost,
            matrix=sp.csr_array(core.matrix[rows][:, columns]),
            row_lower=core.row_lower[rows] - shift,
            row_upper=core.row_upper[rows] - shift,
            lower=core.lower[columns],
            upper=core.upper[columns],
            integer=core.integer[columns],
            at={name: _moved(at[..., t : t + 1], place) for name, at in core.at.items()},
            row_at={name: _moved(at[..., t : t + 1], row_place) for name, at in core.row_at.items()},
            row_names=[core.row_names[r] for r in rows],
        )
        block.__dict__["row_keys"] = core.row_keys[rows]
        return Block(block, columns, rows)

    def constant(self, prices: Array) -> float:
        """What the priced rows' right-hand sides are worth, million CNY; a bound is this plus the periods' bounds."""
        rows = np.flatnonzero(self.coupling & (np.abs(prices) > 0))
        side = np.where(prices[rows] > 0, self.core.row_lower[rows], self.core.row_upper[rows])
        return float(prices[rows] @ side)

    def honest(self, prices: Array, tolerance: float = 1e-9) -> Array:
        """Prices of the coupling rows that are valid multipliers: none on a side that a row does not have."""
        low, high = self.core.row_lower, self.core.row_upper
        valid = np.where(prices > 0, np.isfinite(low), np.isfinite(high))
        return np.where(self.coupling & valid & (np.abs(prices) > tolerance), prices, 0.0)


def one_period(a: Assignment, t: int) -> Assignment:
    """The shares of period `t` alone, with the hosts of all periods."""
    x = Problem(a.x.instance.isel(period=[t]))
    x.__dict__.update(
        {name: getattr(a.x, name) for name in ("_hosts", "stream_group", "stream_workload_at", "site_zone_at")},
        admissible=a.x.admissible[..., t : t + 1],
    )
    alone = Assignment(x)
    alone.__dict__.update(
        {name: getattr(a, name)[..., t : t + 1] for name in ("open_pairs", "cost", "export_group")},
        leader=a.leader,
    )
    return alone


def _inverse(positions: Array, size: int) -> Array:
    place = np.full(size, -1, dtype=np.int64)
    place[positions] = np.arange(len(positions))
    return place


def _moved(at: Array, place: Array) -> Array:
    moved: Array = np.where(at >= 0, place[np.maximum(at, 0)], -1)
    return moved
