"""Cuts on what contracts save: valid at the prices of the period they stand in, whichever period found them."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from model.cuts import Cuts
from model.dispatch import State, contracted, facility_load, weights
from model.events import SolveOptions
from model.problem import MONEY, Problem
from model.solver.engine import framed
from model.solver.progress import Progress
from model.solver.relax import begin, relaxed
from model.solver.root import solve_root
from tests.synthetic import synthetic_instance


def priced_over_time(factor: float) -> xr.Dataset:
    """Three periods with contracts, large enough to be solved period by period; grid energy × factor per period."""
    instance = synthetic_instance(sites=24, origins=30, workloads=4, periods=3, hydro_years=3, seed=1, demand_mw=600.0)
    instance["grid_price"] = instance["grid_price"] * (factor ** np.arange(3))
    return instance


@pytest.mark.parametrize("factor", [0.5, 1.6])
def test_a_bound_holds_whether_energy_grows_cheaper_or_dearer(factor: float) -> None:
    instance = priced_over_time(factor)
    progress = Progress(SolveOptions(gap=1e-3, threads=1), None, None)
    search, alones = begin(framed(Problem(instance), None), progress, None)
    told = relaxed(search, alones.all())
    master = search.master
    everything = solve_root(master, 1e-7, lambda *_: True)  # go on from there to the end
    true = search.exact(everything.values)  # what that solution costs with savings in closed form
    assert progress.bound <= true * (1 + 1e-6)
    assert told.bound <= true * (1 + 1e-6)


def test_a_cut_is_what_contracts_save_where_it_was_made_and_no_less_elsewhere() -> None:
    x = Problem(synthetic_instance(sites=3, periods=2, hydro_years=3, seed=5))
    weight, r = weights(x, "bill"), np.random.default_rng(0)

    def state() -> State:
        halls = r.uniform(0, 3, (x.size("site"), x.size("hall_type"), x.size("period")))
        hosted = r.uniform(0, 5, (x.size("site"), x.size("workload"), *halls.shape[1:]))
        return State(halls, hosted, r.uniform(0, 40, (x.size("site"), x.size("energy_source"), x.size("period"))))

    def saved(at: State) -> np.ndarray:
        load, contract = facility_load(x, at)[:, :, None, :], contracted(x, at.contract)
        return (weight * np.minimum(load, contract)).sum(axis=(1, 2)) * MONEY

    made = state()
    covered = facility_load(x, made)[:, :, None, :] < contracted(x, made.contract)
    cuts = Cuts.where(np.ones((x.size("site"), x.size("period")), dtype=bool), covered)
    slopes = cuts.slopes(x, weight)

    def told(at: State) -> np.ndarray:
        i, t = cuts.site, cuts.period
        total = (slopes.halls * at.halls[i, :, t]).sum(axis=1)
        total += (slopes.hosted * at.hosted[i, :, :, t]).sum(axis=(1, 2))
        return (total + (slopes.contract * at.contract[i, :, t]).sum(axis=1)) * MONEY

    np.testing.assert_allclose(told(made), saved(made)[cuts.site, cuts.period])
    for _ in range(5):
        other = state()
        assert (told(other) >= saved(other)[cuts.site, cuts.period] * (1 - 1e-9)).all()
