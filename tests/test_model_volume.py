"""Bounds from prices of demand hold whatever the prices, and the tree over sites finds what trying all sets finds."""

from __future__ import annotations

import contextlib
import itertools
import time
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.core import build_core
from model.errors import NoPlan
from model.events import Event, SolveOptions
from model.problem import Problem
from model.solver import solve
from model.solver.plain import is_plain
from model.solver.progress import Progress
from model.solver.site_tree import SiteTree, cheapest_service
from model.solver.volume import Facilities, Steps, ascend
from tests.benchmarks.random_cap import random_warehouses
from tests.benchmarks.rivals import by_highs
from tests.benchmarks.warehouses import money_scale, warehouse_instance
from tests.synthetic import synthetic_instance

Array = np.ndarray[Any, Any]
MANY = settings(max_examples=150, deadline=None, derandomize=True)
FEW = settings(max_examples=25, deadline=None, derandomize=True)


def drawn(seed: int, places: int = 4, customers: int = 7) -> Facilities:
    """Places of uneven room, about a third of the pairs missing."""
    r = np.random.default_rng(seed)
    there = r.uniform(0, 1, (places, customers)) < 0.7
    place, customer = np.nonzero(there)
    load = r.uniform(1, 10, customers)
    room = r.uniform(0.3, 1.2, places) * load.sum() * r.choice([0.5, 1.0])
    cost = r.uniform(0, 20, there.shape)[there] * load[customer]
    return Facilities(r.uniform(0, 150, places), room, load, place, customer, cost)


def of_every_set(places: Facilities) -> dict[tuple[int, ...], float]:
    """Million CNY of the best plan for every set of open places that can serve everyone."""
    found = {}
    for opened in itertools.product((False, True), repeat=len(places.fixed)):
        flags = np.array(opened)
        if places.can_serve(flags) and np.isfinite(cost := cheapest_service(places, flags)[1]):
            found[tuple(np.flatnonzero(flags).tolist())] = cost
    return found


def everywhere(places: Facilities) -> tuple[Array, Array]:
    """All places free, none forced."""
    return np.ones(len(places.fixed), dtype=bool), np.zeros(len(places.fixed), dtype=bool)


@MANY
@given(seed=st.integers(0, 100_000), scale=st.sampled_from([0.0, 5.0, 50.0, 500.0]))
def test_no_prices_give_a_bound_above_any_plan(seed: int, scale: float) -> None:
    places = drawn(seed)
    costs = of_every_set(places)
    prices = np.random.default_rng(seed).uniform(-0.2, 1, len(places.load)) * scale
    free, opened = everywhere(places)
    at = ascend(places, prices, free, opened, Steps(1, 0.1), np.inf, lambda: True)
    assert at.bound <= min(costs.values(), default=np.inf) * (1 + 1e-9)
    for chosen, cost in costs.items():  # what the tree settles places by
        assert prices.sum() + at.value[list(chosen)].sum() <= cost + 1e-6 * abs(cost)


@FEW
@given(seed=st.integers(0, 100_000))
def test_the_ascent_rises_and_stays_below_the_best_plan(seed: int) -> None:
    places = drawn(seed)
    best = min(of_every_set(places).values(), default=np.inf)
    free, opened = everywhere(places)
    bounds = [
        ascend(places, np.zeros(len(places.load)), free, opened, Steps(most, 0.5), np.inf, lambda: True).bound
        for most in (1, 20, 200)
    ]
    assert bounds == sorted(bounds)
    assert bounds[-1] <= best * (1 + 1e-9)


@FEW
@given(seed=st.integers(0, 100_000), forced=st.integers(-1, 3))
def test_the_tree_finds_what_trying_every_set_finds(seed: int, forced: int) -> None:
    places = drawn(seed)
    free, opened = everywhere(places)
    if forced >= 0:
        free[forced], opened[forced] = False, True
    costs = {chosen: cost for chosen, cost in of_every_set(places).items() if forced < 0 or forced in chosen}
    progress = Progress(SolveOptions(gap=1e-9))
    tree = SiteTree(places, progress, 1e-10, lambda _: None)
    assert tree.run(free, opened)
    if not costs:
        assert tree.best is None
        return
    assert tree.best is not None
    assert tree.best.cost == pytest.approx(min(costs.values()), rel=1e-8)
    assert progress.bound <= min(costs.values()) * (1 + 1e-9)
    assert progress.bound >= min(costs.values()) * (1 - 1e-8)


def test_a_warehouse_file_of_six_thousand_pairs_is_solved_as_by_highs() -> None:
    problem = random_warehouses(30, 200, seed=4, tightness=0.2)
    scale = money_scale(problem)
    instance = warehouse_instance(problem, scale)
    assert is_plain(build_core(Problem(instance)))
    options = SolveOptions(gap=1e-9, time_limit_s=120, threads=1)
    found = solve(instance, options)
    objective, _, _, _ = by_highs(problem, options)
    assert found.attrs["status"] == "optimal_within_gap"
    assert found.attrs["objective_cny"] / scale == pytest.approx(objective, rel=1e-8)
    again = solve(instance, options)
    assert (again["is_open"] == found["is_open"]).all()
    assert again.attrs["objective_cny"] == found.attrs["objective_cny"]


def test_the_tree_stops_when_asked_and_keeps_the_best_plan() -> None:
    problem = random_warehouses(100, 300, seed=7, tightness=0.2)
    instance = warehouse_instance(problem, money_scale(problem))
    heard: list[Event] = []
    asked: list[float] = []

    def stop() -> bool:
        if any(e.incumbent is not None for e in heard):
            asked.append(time.perf_counter())
        return bool(asked)

    found = solve(instance, SolveOptions(gap=1e-9, time_limit_s=60, threads=1), heard.append, stop)
    assert time.perf_counter() - asked[0] < 2
    assert found.attrs["status"] == "stopped"
    assert found.attrs["bound_cny"] <= found.attrs["objective_cny"]


def test_the_tree_keeps_the_time_limit() -> None:
    problem = random_warehouses(100, 400, seed=3, tightness=0.2)
    instance = warehouse_instance(problem, money_scale(problem))
    begun = time.perf_counter()
    with contextlib.suppress(NoPlan):
        solve(instance, SolveOptions(gap=1e-9, time_limit_s=2, threads=1))
    assert time.perf_counter() - begun < 3.5  # what the machine is busy with beside is in it


def test_a_study_of_data_centres_is_not_taken_for_a_warehouse_problem() -> None:
    assert not is_plain(build_core(Problem(synthetic_instance(periods=1, existing=0))))
    problem = random_warehouses(10, 20, seed=1)
    instance = warehouse_instance(problem, money_scale(problem))
    assert is_plain(build_core(Problem(instance)))
    limited = instance.assign(site_limit=("period", np.array([3.0]), {"units": "1"}))
    assert not is_plain(build_core(Problem(limited)))
