"""A first plan is made beside the relaxation of the whole: what is told of it holds, whatever is finished first."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from model.audit import audit
from model.events import Event, SolveOptions
from model.problem import Problem
from model.solver import forward, solve
from model.solver.engine import framed
from model.solver.planning import Early
from model.solver.progress import Progress
from model.solver.relax import begin, relaxed
from tests.synthetic import synthetic_instance


@pytest.fixture(scope="module")
def large() -> xr.Dataset:
    """A study large enough to be planned period by period."""
    return synthetic_instance(sites=24, origins=30, workloads=4, periods=3, hydro_years=3, seed=1, demand_mw=600.0)


@pytest.mark.parametrize("broad", [0, 1000])
def test_two_threads_make_the_plan_that_one_makes(
    large: xr.Dataset, broad: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Forward through the periods, and from the middle one outward, as with many sites."""
    monkeypatch.setattr(forward, "BROAD", broad)
    one, two = (solve(large, SolveOptions(gap=0.02, time_limit_s=120, threads=n)) for n in (1, 2))
    assert one.attrs["objective_cny"] == pytest.approx(two.attrs["objective_cny"], rel=1e-9)
    assert (one["built_halls"] == two["built_halls"]).all()
    assert two.attrs["gap"] <= 0.02
    assert audit(large, two) == []


@pytest.mark.parametrize("threads", [1, 2])
def test_what_is_told_of_an_early_plan_is_what_it_costs(large: xr.Dataset, threads: int) -> None:
    progress = Progress(SolveOptions(gap=0.004, time_limit_s=120, threads=threads))
    search, alones = begin(framed(Problem(large), None), progress, None)
    with Early(search, alones, None) as early:
        relaxation = relaxed(search, alones.all())
        assert early.plan is not None
        assert (plan := early.plan.result()) is not None
        told = progress.incumbent
        early.take()
    assert told == plan.cost
    assert search.objective == pytest.approx(told, rel=1e-9)
    assert relaxation.bound <= told


def test_no_bound_is_told_above_the_plan() -> None:
    heard: list[Event] = []
    progress = Progress(SolveOptions(), heard.append)
    progress.bound = 100.0 * (1 + 1e-12)  # as an optimum proved in floating point may come out
    progress.improve(100.0)
    assert heard[-1].bound == heard[-1].incumbent
    assert heard[-1].gap == 0.0
    assert np.isfinite(heard[-1].bound or np.nan)
