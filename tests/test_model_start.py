"""A start is only where a search begins: what is certified does not rest on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from model.audit import audit
from model.events import SolveOptions
from model.problem import MONEY, Problem
from model.solver import solve
from model.solver.carry import BASIC
from model.solver.engine import framed
from model.solver.packing import packed, unpacked
from model.solver.progress import Progress
from model.solver.relax import begin, relaxed
from model.solver.warm import shares_of, traces_of
from tests.synthetic import synthetic_instance

OPTIONS = SolveOptions(gap=0.01, time_limit_s=60, threads=1)


@pytest.fixture(scope="module")
def study() -> tuple[xr.Dataset, xr.Dataset]:
    """A small study and its plan."""
    instance = synthetic_instance(sites=5, origins=4, periods=2, seed=3)
    return instance, solve(instance, OPTIONS)


@pytest.mark.parametrize("factor", [0.8, 1.0, 1.3])
def test_from_a_start_both_intervals_of_bound_and_cost_meet(
    study: tuple[xr.Dataset, xr.Dataset], factor: float
) -> None:
    instance, plan = study
    asked = instance.copy()
    asked["load"] = instance["load"] * factor
    cold, warm = solve(asked, OPTIONS), solve(asked, OPTIONS, start=plan)
    assert audit(asked, warm) == []
    assert warm.attrs["gap"] <= 0.01
    assert warm.attrs["bound_cny"] <= cold.attrs["objective_cny"] * (1 + 1e-7)
    assert cold.attrs["bound_cny"] <= warm.attrs["objective_cny"] * (1 + 1e-7)


def test_a_start_of_other_sites_and_periods_does_no_harm(study: tuple[xr.Dataset, xr.Dataset]) -> None:
    _, plan = study
    other = synthetic_instance(sites=4, origins=3, periods=1, seed=8)
    cold, warm = solve(other, OPTIONS), solve(other, OPTIONS, start=plan)
    assert np.isclose(warm.attrs["objective_cny"], cold.attrs["objective_cny"], rtol=0.011)


def test_the_prices_a_plan_tells_make_the_periods_alone_bound_as_well_as_together(
    study: tuple[xr.Dataset, xr.Dataset],
) -> None:
    """Without prices of what ties them, periods alone promise too much; at any prices their sum is below the plan."""
    instance, plan = study
    assert plan["tying_price"].size > 0
    core = framed(Problem(instance), None)

    def promised(start: xr.Dataset | None) -> float:
        search, alones = begin(core, Progress(OPTIONS, None, None), start)
        assert len(alones.all()) == instance.sizes["period"]
        return search.progress.bound

    free, priced = promised(None), promised(plan)
    assert free < priced <= plan.attrs["objective_cny"] * MONEY
    absurd = plan.copy()
    absurd["tying_price"] = plan["tying_price"] * 50
    assert promised(absurd) <= plan.attrs["objective_cny"] * MONEY


def test_a_start_hands_over_who_is_served_from_where(study: tuple[xr.Dataset, xr.Dataset]) -> None:
    instance, plan = study
    fewer = instance.isel(stream=slice(1, None))
    search, alones = begin(framed(Problem(fewer), None), Progress(OPTIONS, None, None), plan)
    relaxed(search, alones.all(), plan)
    had = shares_of(search.master, plan)
    stream, share = plan["assignment_stream"].to_numpy(), plan["assignment_share"].to_numpy()
    assert had.sum() == ((share > 0) & (stream > 0)).sum()  # all but those of the stream that is gone
    assert search.master.have[had].all()


@pytest.fixture(scope="module")
def large() -> tuple[xr.Dataset, xr.Dataset]:
    """A study large enough to be solved period by period, and its plan."""
    instance = synthetic_instance(sites=24, origins=30, workloads=4, periods=3, hydro_years=3, seed=1, demand_mw=600.0)
    return instance, solve(instance, OPTIONS)


def pivots(instance: xr.Dataset, start: xr.Dataset | None) -> int:
    """Simplex iterations of the last LP of each period alone."""
    _, alones = begin(framed(Problem(instance), None), Progress(OPTIONS, None, None), start)
    return sum(int(one.master.highs.solver.getInfo().simplex_iteration_count) for one in alones.all())


def test_the_same_study_again_begins_at_the_basis_that_was_found(large: tuple[xr.Dataset, xr.Dataset]) -> None:
    instance, plan = large
    again, moved = Problem(instance), traces_of(Problem(instance), plan)
    assert sorted(moved) == [0, 1, 2]
    assert all(list(one.gates) == sorted(one.gates) for one in moved.values())  # rows in one order in every process
    assert pivots(instance, plan) <= 0.1 * sum(len(one.demand) for one in moved.values())
    cut_off = ("beginning_byte", plan["beginning"].to_numpy()[:1000])
    assert traces_of(again, plan.drop_vars("beginning").assign(beginning=cut_off)) == {}  # it is only a help
    assert traces_of(Problem(instance.isel(stream=slice(1, None))), plan) == {}  # other streams: other positions


@pytest.mark.parametrize("factor", [0.7, 1.25])
def test_another_price_from_a_start_is_certified_like_one_without(
    large: tuple[xr.Dataset, xr.Dataset], factor: float
) -> None:
    instance, plan = large
    asked = instance.copy()
    asked["grid_price"] = instance["grid_price"] * factor ** np.arange(3)  # less or more from period to period
    cold, warm = solve(asked, OPTIONS), solve(asked, OPTIONS, start=plan)
    assert audit(asked, warm) == []
    assert warm.attrs["gap"] <= OPTIONS.gap
    assert warm.attrs["bound_cny"] <= cold.attrs["objective_cny"] * (1 + 1e-7)
    assert cold.attrs["bound_cny"] <= warm.attrs["objective_cny"] * (1 + 1e-7)


def grown(instance: xr.Dataset, plan: xr.Dataset) -> xr.Dataset:
    """A twelfth more of everything, which the halls of the plan do not hold."""
    return instance.assign(load=instance["load"] * (1 + 1 / 12))


def forced(instance: xr.Dataset, plan: xr.Dataset) -> xr.Dataset:
    """The first site that the plan leaves closed must be open in the last period."""
    closed = (plan["is_open"].sum("period") == 0) & instance["open_allowed"].isel(period=-1) & instance["site_allowed"]
    must = instance["open_forced"].copy(deep=True)
    must[{"site": int(closed.to_numpy().argmax()), "period": -1}] = True
    return instance.assign(open_forced=must)


@pytest.mark.parametrize("change", [grown, forced])
def test_a_plan_that_does_not_fit_any_more_is_mended_from_a_start(
    large: tuple[xr.Dataset, xr.Dataset], change: Callable[[xr.Dataset, xr.Dataset], xr.Dataset]
) -> None:
    instance, plan = large
    asked = change(instance, plan)
    assert audit(asked, plan) != []
    cold, warm = solve(asked, OPTIONS), solve(asked, OPTIONS, start=plan)
    assert audit(asked, warm) == []
    assert warm.attrs["gap"] <= OPTIONS.gap
    assert warm.attrs["bound_cny"] <= cold.attrs["objective_cny"] * (1 + 1e-7)
    assert cold.attrs["bound_cny"] <= warm.attrs["objective_cny"] * (1 + 1e-7)


def test_starts_handed_from_solve_to_solve_do_not_grow(large: tuple[xr.Dataset, xr.Dataset]) -> None:
    instance, plan = large

    def rows(start: xr.Dataset) -> int:
        _, alones = begin(framed(Problem(instance), None), Progress(OPTIONS, None, None), start)
        return sum(one.master.highs.rows for one in alones.all())

    first = rows(plan)
    for factor in (1.2, 0.9, 1.1, 0.8, 1.0):
        plan = solve(instance.assign(grid_price=instance["grid_price"] * factor), OPTIONS, start=plan)
    assert rows(plan) <= 1.1 * first


def test_where_no_cut_binds_none_is_handed_on(large: tuple[xr.Dataset, xr.Dataset]) -> None:
    instance, plan = large
    x = Problem(instance)
    traces = traces_of(x, plan)
    assert any(len(cuts) for trace in traces.values() for cuts, _ in trace.cuts.values())
    slack = {
        t: replace(
            trace, cuts={name: (cuts, np.full_like(status, BASIC)) for name, (cuts, status) in trace.cuts.items()}
        )
        for t, trace in traces.items()
    }
    again = unpacked(packed(slack, x), x)
    assert again.keys() == traces.keys()
    assert [len(cuts) for trace in again.values() for cuts, _ in trace.cuts.values()] == [0] * sum(
        len(trace.cuts) for trace in traces.values()
    )
