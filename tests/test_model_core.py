"""The core as columns and rows, and as a Pyomo model that a user adds to."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pyomo.environ as pyo
import pytest
import xarray as xr

from data.errors import BadInput
from model.core import build_core
from model.errors import Infeasible
from model.events import SolveOptions
from model.problem import Problem
from model.solver import solve
from model.solver.compiling import Compiled, compile_core
from model.solver.extended import extend
from tests.synthetic import synthetic_instance

EXACT = SolveOptions(gap=1e-4, time_limit_s=60, threads=1)


def small() -> xr.Dataset:
    return synthetic_instance(sites=4, origins=3, workloads=2, law=False, replicas=False, existing=0)


def both_ways(instance: xr.Dataset) -> tuple[Compiled, Compiled]:
    core = build_core(Problem(instance))
    direct = compile_core(core)
    extend(core, lambda _: None)
    return direct, compile_core(core)


@pytest.mark.parametrize("seed", range(3))
def test_the_core_compiled_directly_is_the_one_that_pyomo_compiles(seed: int) -> None:
    direct, pyomos = both_ways(synthetic_instance(sites=6, origins=3, workloads=2, seed=seed))
    assert abs(direct.matrix - pyomos.matrix).max() == 0
    for name in ("cost", "row_lower", "row_upper", "lower", "upper", "integer"):
        np.testing.assert_array_equal(getattr(direct, name), getattr(pyomos, name))
    for name, at in direct.at.items():
        np.testing.assert_array_equal(at, pyomos.at[name])
    np.testing.assert_array_equal(direct.row_at["load_hosted"], pyomos.row_at["load_hosted"])


def test_a_solve_without_own_rows_needs_no_pyomo() -> None:
    heavy = "('pyomo', 'dask', 'scipy.stats', 'geopandas', 'plotly')"
    code = f"import sys, model.solver; print([name for name in {heavy} if name in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def fixed(name: str, key: tuple[Any, ...], value: float | None) -> Callable[[pyo.ConcreteModel], None]:
    def fix(model: pyo.ConcreteModel) -> None:
        getattr(model, name)[key].fix(value)

    return fix


def test_a_fixed_variable_is_held_at_its_value() -> None:
    """The free plan opens some sites; each of them in turn can be shut, and each closed one opened."""
    instance = small()
    free = solve(instance, EXACT)
    last = instance["period"].to_numpy()[-1]
    for site in free["site"].to_numpy()[:2]:
        other = 1 - int(free["is_open"].sel(site=site, period=last))
        held = solve(instance, EXACT, extra=fixed("is_open", (site, last), other))
        assert int(held["is_open"].sel(site=site, period=last)) == other
        assert held.attrs["objective_cny"] >= free.attrs["bound_cny"]


def test_halls_can_be_fixed_at_a_number() -> None:
    """One hall of a kind that the free plan leaves out, in the last period."""
    instance = small()
    free = solve(instance, EXACT)
    last = instance["period"].to_numpy()[-1]
    room = Problem(instance).new_halls_limit * (free["built_halls"].sel(period=last).to_numpy() == 0)
    site, kind = (int(at[0]) for at in np.nonzero(room >= 1))
    labels = (str(instance["site"].to_numpy()[site]), str(instance["hall_type"].to_numpy()[kind]))
    held = solve(instance, EXACT, extra=fixed("built_halls", (*labels, last), 1))
    assert int(held["built_halls"].sel(site=labels[0], hall_type=labels[1], period=last)) == 1


@pytest.mark.parametrize(
    ("value", "problem"),
    [(0.5, "whole"), (2.0, "above 1"), (-1.0, "below 0"), (None, "no value")],
)
def test_a_variable_fixed_at_what_it_cannot_be_is_refused(value: float | None, problem: str) -> None:
    instance = small()
    key = (instance["site"].to_numpy()[0], instance["period"].to_numpy()[-1])
    with pytest.raises(BadInput, match=problem) as told:
        solve(instance, EXACT, extra=fixed("is_open", key, value))
    assert str(key[0]) in str(told.value)


def add_objective(model: pyo.ConcreteModel) -> None:
    model.fewest_sites = pyo.Objective(expr=sum(model.is_open.values()))


def add_square(model: pyo.ConcreteModel) -> None:
    some = next(iter(model.hosted_load.values()))
    model.square = pyo.Constraint(expr=some * some <= 4)


def drop_rows(model: pyo.ConcreteModel) -> None:
    model.load_hosted.deactivate()


@pytest.mark.parametrize(
    ("extra", "named"), [(add_objective, "fewest_sites"), (add_square, "square"), (drop_rows, "load_hosted")]
)
def test_what_cannot_be_added_is_refused_by_name(extra: Callable[[Any], None], named: str) -> None:
    with pytest.raises(BadInput, match=named):
        solve(small(), EXACT, extra=extra)


def test_a_row_that_can_never_hold_is_told_as_such() -> None:
    def never(model: pyo.ConcreteModel) -> None:
        nothing = pyo.Var(bounds=(0, 0))
        model.nothing = nothing
        nothing.fix(0)
        model.never = pyo.Constraint(expr=nothing >= 1)

    with pytest.raises(Infeasible):
        solve(small(), EXACT, extra=never)
