"""The bound: the LP over every share and every row, reached by generating columns, rows and cuts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from model.solver.highs import INTERRUPTED, SolverFailed
from model.solver.master import Master
from model.solver.recourse import separate

Array = np.ndarray[Any, Any]
LINK_TOLERANCE = 1e-2  # a share this little above its gate moves the bound by less than the tolerance of the bound


@dataclass(frozen=True)
class Relaxation:
    """An LP solution with all columns priced: `bound` is valid for the full problem, million CNY."""

    bound: float
    objective: float
    values: Array
    reduced_costs: Array
    share_reduced_cost: Array
    duals: Array
    unserved: float
    settled: bool


def solve_root(
    master: Master,
    tolerance: float,
    proceed: Callable[[float, int, int], bool],
    most_per_stream: int = 4,
) -> Relaxation:
    """Generate until the bound moves by less than `tolerance` (relative) or `proceed(bound, columns, rows)` refuses."""
    bound = -np.inf
    nothing = np.zeros(0)
    while True:
        status = master.highs.solve()
        if status == "Infeasible" and master.highs.wake(np.ones(master.highs.columns, dtype=bool)):
            continue
        if status == "Infeasible":  # only when whole columns have been fixed: demand itself is elastic
            return Relaxation(np.inf, np.inf, nothing, nothing, nothing, nothing, np.inf, False)
        if status == INTERRUPTED:
            return Relaxation(bound, np.inf, nothing, nothing, nothing, nothing, np.inf, False)
        if status != "Optimal":
            raise SolverFailed(f"The linear relaxation ended as {status}.")
        values, objective, duals = master.highs.values, master.highs.objective, master.highs.duals
        basis = master.highs.reduced_costs(duals)
        reduced = master.assignment.reduced_cost(master.prices(duals))
        # A present share at its upper bound of 1 is all of its stream: an absent one must be better than that.
        told = np.zeros(master.have.shape)  # what HiGHS tells: the duals of link rows are in it, not in `reduced`
        told[tuple(master.share.T)] = np.minimum(basis[master.share_column], 0.0)
        present = told.min(axis=1, keepdims=True)
        absent = np.where(master.have, 0.0, np.minimum(reduced - present, 0.0))
        best = absent.min(axis=1)  # every stream is served once, so its best absent share bounds what is gained
        slack = tolerance * max(1.0, abs(objective))
        woken, gained = master.price_asleep(basis, -1e-9)
        before, bound = bound, max(bound, objective + float(best.sum()) + gained)
        raised = master.raise_elastic(values)
        rows = master.gates.add_violated(values, LINK_TOLERANCE) + separate(master, values, tolerance)
        rows += master.strong.separate(values)
        columns = woken + master.add_shares(_most_negative(absent, -0.1 * slack / best.size, most_per_stream))
        settled = raised == 0 and objective - bound <= slack and (bound - before <= slack or columns + rows == 0)
        if settled or not proceed(bound, master.highs.columns, master.highs.rows):
            unserved = float(values[master.elastic].sum())
            return Relaxation(bound, objective, values, basis, reduced, duals, unserved, settled)


def _most_negative(absent: Array, threshold: float, count: int) -> Array:
    """Flags of the `count` most negative absent shares of each stream and period."""
    count = min(count, absent.shape[1])
    flags = np.zeros(absent.shape, dtype=bool)
    best = np.argpartition(absent, count - 1, axis=1)[:, :count]
    np.put_along_axis(flags, best, True, axis=1)
    return flags & (absent < threshold)
