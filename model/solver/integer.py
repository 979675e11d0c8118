"""Plans: the master with whole halls, over some of its columns."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np

from model.solver.highs import INTERRUPTED, Highs
from model.solver.master import Master

Array = np.ndarray[Any, Any]


# HiGHS spends most of a short search on MIPs within the MIP, at effort 0 too: off where plans come otherwise.
SEARCHES_FOR_PLANS = ("rens", "rins", "root_reduced_cost", "feasibility_jump")

STOPPED_AT_NODES = "Solution limit reached"  # as HiGHS names it


@dataclass(frozen=True)
class WholePlan:
    """What one MIP found: values over all master columns (None if nothing), and its own bound over its own columns."""

    values: Array | None
    objective: float
    bound: float
    status: str
    seconds: float


@dataclass(frozen=True)
class Budget:
    """When one MIP stops: relative gap, wall seconds, nodes; `proceed(objective, bound)` may stop it too.

    `quick` leaves out all searches for plans but the first, which finds most of what they find in half the time.
    """

    gap: float
    seconds: float
    nodes: int
    seed: int
    proceed: Callable[[float | None, float], bool]
    quick: bool = False


def solve_whole(
    master: Master,
    keep: Array,
    integer: Array,
    start: Array | None,
    budget: Budget,
    lower: Array,
    upper: Array,
    effort: float,
    presolve: bool = True,
) -> WholePlan:
    """Solve over the kept columns, the `integer` ones whole; `start` and tighter bounds are over all columns."""
    begun = time.perf_counter()
    cost, matrix, row_lower, row_upper, low, high = master.highs.lp()
    low, high = np.maximum(low, lower), np.minimum(high, upper)
    columns = np.flatnonzero(keep)
    mip = Highs(
        cost[columns],
        matrix[:, columns],
        row_lower,
        row_upper,
        low[columns],
        high[columns],
        budget.seed,
    )
    whole = np.zeros(master.highs.columns, dtype=bool)
    whole[integer] = True
    mip.make_whole(whole[columns])
    for option, value in (
        ("mip_rel_gap", budget.gap),
        ("time_limit", max(0.05, budget.seconds)),
        ("mip_heuristic_effort", effort),
        ("mip_max_nodes", budget.nodes),
        ("mip_feasibility_tolerance", 1e-7),
        ("presolve", "choose" if presolve else "off"),
        *((f"mip_heuristic_run_{name}", False) for name in SEARCHES_FOR_PLANS[1:] if budget.quick),
    ):
        mip.option(option, value)
    if start is not None:
        given = highspy.HighsSolution()
        given.col_value, given.value_valid = start[columns].tolist(), True
        mip.solver.setSolution(given)
    _watch(mip, budget)
    status = mip.solve()
    info = mip.solver.getInfo()
    found = info.primal_solution_status == 2
    values = None
    if found:
        values = np.zeros(master.highs.columns)
        values[columns] = mip.values
    return WholePlan(
        values,
        float(info.objective_function_value) if found else np.inf,
        float(info.mip_dual_bound),
        status,
        time.perf_counter() - begun,
    )


def may_prove_more(status: str) -> bool:
    """Whether HiGHS stopped at its number of nodes or when told to, so that a longer search could prove more."""
    return status in (STOPPED_AT_NODES, INTERRUPTED)


def _watch(mip: Highs, budget: Budget) -> None:
    """Let `proceed` see every improvement and stop the search; HiGHS calls back several times a second."""

    def on_event(event: Any) -> None:
        out = event.data_out
        primal = float(out.mip_primal_bound)
        if not budget.proceed(primal if np.isfinite(primal) and primal < 1e29 else None, float(out.mip_dual_bound)):
            event.data_in.user_interrupt = True

    mip.solver.cbMipInterrupt.subscribe(on_event)
    mip.solver.cbMipImprovingSolution.subscribe(on_event)
