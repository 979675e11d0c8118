"""Laws that hold for every instance: what may be done more never costs more, what is tighter never costs less."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from model.errors import Infeasible, NoPlan
from model.events import Event, SolveOptions
from model.solver import solve
from tests.synthetic import synthetic_instance

FEW = settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
SEEDS = st.sampled_from((7, 77, 777))
EXACT = SolveOptions(gap=2e-3, time_limit_s=30, threads=1)


def small(seed: int, **changes: Any) -> xr.Dataset:
    return synthetic_instance(
        sites=4,
        origins=2,
        workloads=2,
        periods=2,
        hydro_years=2,
        hall_types=2,
        seed=seed,
        **({"demand_mw": 50.0} | changes),
    )


@cache
def plan(seed: int) -> xr.Dataset:
    """The plan of the small instance of a seed, solved once for all that is said about it."""
    return solve(small(seed), EXACT)


@FEW
@given(seed=SEEDS)
def test_one_more_site_never_costs_more(seed: int) -> None:
    instance = small(seed)
    fewer = instance.copy()
    fewer["site_allowed"] = instance["site_allowed"] & (instance["site"] != "site-0")
    full = plan(seed)
    try:
        without = solve(fewer, EXACT)
    except Infeasible:
        return  # no plan at all is dearer than any
    assert full.attrs["bound_cny"] <= without.attrs["objective_cny"] * (1 + 1e-9)


@FEW
@given(seed=SEEDS, price=st.floats(1.0, 400.0))
def test_a_higher_carbon_price_never_costs_less(seed: int, price: float) -> None:
    instance = small(seed)
    dearer = instance.copy()
    dearer["carbon_price"] = instance["carbon_price"] + price
    assert plan(seed).attrs["bound_cny"] <= solve(dearer, EXACT).attrs["objective_cny"] * (1 + 1e-9)


@FEW
@given(seed=SEEDS, gap=st.sampled_from([0.2, 0.02]))
def test_the_bound_is_below_the_best_plan_known(seed: int, gap: float) -> None:
    instance = small(seed)
    best = plan(seed)
    loose = solve(instance, SolveOptions(gap=gap, time_limit_s=60, threads=1))
    assert loose.attrs["bound_cny"] <= best.attrs["objective_cny"] * (1 + 1e-9)
    assert best.attrs["bound_cny"] <= loose.attrs["objective_cny"] * (1 + 1e-9)
    assert loose.attrs["gap"] <= gap


def test_a_carbon_budget_is_kept_and_costs_something() -> None:
    instance = small(5)
    free = solve(instance, EXACT)
    budget = free["carbon"].sum("site") * 0.8
    tight = instance.assign(carbon_limit=("period", budget.to_numpy(), {"units": "t/a"}))
    try:
        held = solve(tight, EXACT)
    except Infeasible:
        pytest.fail("a fifth less carbon must be possible with two contracted sources on offer")
    assert (held["carbon"].sum("site").to_numpy() <= budget.to_numpy() * (1 + 1e-6)).all()
    assert held.attrs["objective_cny"] >= free.attrs["bound_cny"]


def test_a_capital_budget_is_cash_and_kept() -> None:
    instance = small(6)
    free = solve(instance, EXACT)
    new = free["built_halls"] - free["built_halls"].shift(period=1, fill_value=0)
    halls = (instance["hall_capital"] * new).sum(("site", "hall_type"))
    limit = float(halls.max()) * 1.02 + 4e8
    held = solve(instance.assign(capital_limit=("period", np.full(2, limit), {"units": "CNY"})), EXACT)
    assert held.attrs["objective_cny"] >= free.attrs["bound_cny"]


def test_no_site_in_reach_is_said_before_solving() -> None:
    instance = small(1)
    far = instance.copy()
    far["latency_limit"] = instance["latency_limit"] * 0
    with pytest.raises(Infeasible, match="may be served from no site"):
        solve(far, EXACT)


def test_too_little_plot_names_the_streams_that_are_short() -> None:
    instance = small(1, existing=0)
    crowded = instance.copy()
    crowded["plot_limit"] = instance["plot_limit"] * 0 + 12.0
    with pytest.raises(Infeasible, match=r"to be served|cannot be served"):
        solve(crowded, EXACT)


def test_a_forced_site_beyond_the_capital_is_said_to_have_no_plan() -> None:
    instance = small(1)
    forced = instance.copy()
    forced["open_forced"] = instance["open_forced"] | (instance["site_kind"] == "candidate")
    with pytest.raises(Infeasible, match="exclude each other"):
        solve(forced.assign(capital_limit=("period", np.full(2, 1e6), {"units": "CNY"})), EXACT)


def test_stopping_at_once_is_no_plan_and_no_proof() -> None:
    with pytest.raises(NoPlan, match="not a proof"):
        solve(small(1), EXACT, should_stop=lambda: True)


def test_events_tell_a_rising_bound_and_a_falling_incumbent() -> None:
    events: list[Event] = []
    solution = solve(small(3), EXACT, events.append)
    bounds = [e.bound for e in events if e.bound is not None]
    incumbents = [e.incumbent for e in events[:-2] if e.incumbent is not None]
    assert bounds == sorted(bounds)
    assert incumbents == sorted(incumbents, reverse=True)
    assert [e.seconds for e in events] == sorted(e.seconds for e in events)
    assert events[-1].phase == "done"
    assert solution.attrs["gap"] <= 2e-3


def test_a_user_may_add_rows_of_their_own() -> None:
    import pyomo.environ as pyo

    instance = small(4)
    free = solve(instance, EXACT)

    def no_more_than(model: pyo.ConcreteModel) -> None:
        last = instance["period"].to_numpy()[-1]
        model.few_sites = pyo.Constraint(expr=sum(v for (_, t), v in model.is_open.items() if t == last) <= 1)

    try:
        held = solve(instance, EXACT, extra=no_more_than)
    except Infeasible:
        return
    assert int(held["is_open"].where(instance["site_kind"] == "candidate", 0).isel(period=-1).sum()) <= 1
    assert held.attrs["objective_cny"] >= free.attrs["bound_cny"]
