"""Rounding rows: no whole plan breaks one, and the relaxation gains by them."""

from __future__ import annotations

import numpy as np
import pytest

from model.events import SolveOptions
from model.problem import Problem
from model.solver.engine import framed, relax
from model.solver.integer import Budget, solve_whole
from model.solver.progress import Progress
from model.solver.search import Search
from model.solver.strong import GridRounding, HallRounding
from tests.synthetic import synthetic_instance


def searched(seed: int, **changes: object) -> Search:
    sizes = {"sites": 4, "origins": 3, "workloads": 2, "periods": 2, "hall_types": 3, "demand_mw": 70.0}
    instance = synthetic_instance(seed=seed, **(sizes | changes))  # type: ignore[arg-type]
    return relax(framed(Problem(instance), None), Progress(SolveOptions(threads=1), None, None))


@pytest.mark.parametrize("seed", range(12))
def test_no_whole_plan_breaks_a_rounding_row_whatever_things_cost(seed: int) -> None:
    search = searched(seed)
    master, everything = search.master, search.everything()
    master.serve_everyone()
    master.add_shares(master.assignment.open_pairs)
    keep = np.ones(master.highs.columns, dtype=bool)
    keep[master.elastic] = False
    master.gates.keep_replicas_apart(keep)
    rows = master.strong.row[master.strong.row >= 0]
    master.highs.row_lower[rows] = -np.inf  # the plan is found without them
    r, cost = np.random.default_rng(seed), master.highs.cost.copy()
    free = np.full(master.highs.columns, np.inf)
    for _ in range(3):
        master.highs.cost[:] = cost * r.uniform(0.2, 3.0, len(cost))
        budget = Budget(0.02, 20.0, 50, 0, lambda *_: True)
        plan = solve_whole(master, keep, everything, None, budget, -free, free, 0.5)
        assert plan.values is not None
        assert (master.strong.missing(plan.values) <= 1e-5).all()


def test_full_plots_and_whole_halls_raise_the_relaxation() -> None:
    search = searched(0)
    master = search.master
    assert (master.strong.row >= 0).any()
    highs = master.highs
    assert highs.solve() == "Optimal"
    with_rows = highs.objective
    for row in master.strong.row[master.strong.row >= 0]:
        highs.solver.changeRowBounds(int(row), -np.inf, np.inf)
    assert highs.solve() == "Optimal"
    assert highs.objective < with_rows * (1 - 1e-5)


def test_a_full_plot_that_needs_two_and_a_half_steps_needs_three() -> None:
    instance = synthetic_instance(sites=1, existing=0, origins=1, workloads=1, periods=1, hall_types=1, plot_mw=60.0)
    x = Problem(instance)
    grid = GridRounding.of(x)
    i, month = int(grid.site[0]), 0
    per_hall = x.peak_overhead[i, 0] + x.peak_marginal[i, 0] * x.hall_size[0] * x.hall_utilisation_limit[0]
    full = per_hall.max() / x.hall_size[0] * x.plot_limit[i] / x.grid_step_size[i]
    halls = x.plot_limit[i] / x.hall_size[0]
    hosted = halls * x.hall_size[0] * x.hall_utilisation_limit[0]
    left = grid.opened[month] + grid.hall[month, 0] * halls + grid.hosted[month, 0] * hosted
    assert np.ceil(full) == pytest.approx(-left)  # steps ≥ ⌈full⌉ where the plot is full
    assert grid.opened[month] == pytest.approx(full / (full - np.floor(full)) - np.ceil(full))  # none hosted


def test_a_load_of_two_and_a_bit_halls_needs_three_or_stays_unserved() -> None:
    instance = synthetic_instance(
        sites=2, existing=0, origins=1, workloads=1, periods=1, hall_types=1, replicas=False, law=False
    )
    x = Problem(instance)
    unit = x.hall_size[0] * x.hall_utilisation_limit[0]
    units = x.load[:, 0].sum() / unit
    rounding = HallRounding.of(x)
    assert rounding.least[0, 0] == np.ceil(units)
    assert rounding.hall[0, 0, 0] == 1.0
    served = np.floor(units) * unit / x.load[:, 0].sum()  # what whole halls one fewer can serve
    short = (1 - served) * rounding.unserved[0, :, 0].sum()
    assert np.floor(units) + short == pytest.approx(np.ceil(units))
