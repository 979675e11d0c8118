"""The solver's plan and bound against the complete Pyomo model, solved by Pyomo's own HiGHS interface."""

from __future__ import annotations

from typing import Any

import pyomo.environ as pyo
import pytest
import xarray as xr

from model.audit import audit
from model.events import SolveOptions
from model.full import to_pyomo
from model.problem import MONEY
from model.solver import solve
from tests.synthetic import synthetic_instance

SMALL: dict[str, dict[str, Any]] = {
    "plain": {"sites": 4, "origins": 3, "workloads": 2, "law": False, "replicas": False, "existing": 0},
    "existing fleet and replicas": {"sites": 5, "origins": 3, "workloads": 2, "seed": 1},
    "law with tiers": {"sites": 6, "origins": 3, "workloads": 2, "seed": 2},
    "three periods": {
        "sites": 4, "origins": 2, "workloads": 2, "periods": 3, "demand_mw": 60.0, "hall_types": 2, "seed": 3,
    },
    "tight plots": {"sites": 5, "origins": 3, "workloads": 2, "plot_mw": 40.0, "demand_mw": 60.0, "seed": 4},
}


def complete_optimum(instance: xr.Dataset) -> float:
    model = to_pyomo(instance, full=True)
    highs = pyo.SolverFactory("appsi_highs")
    highs.highs_options = {"mip_rel_gap": 1e-7, "time_limit": 120.0}
    result = highs.solve(model)
    assert result.solver.termination_condition == pyo.TerminationCondition.optimal
    return float(pyo.value(model.total_cost)) / MONEY


@pytest.mark.parametrize("case", SMALL)
def test_the_complete_model_reaches_the_same_optimum(case: str) -> None:
    instance = synthetic_instance(**SMALL[case])
    solution = solve(instance, SolveOptions(gap=1e-6, time_limit_s=120, threads=1))
    optimum = complete_optimum(instance)
    assert audit(instance, solution) == []
    assert solution.attrs["objective_cny"] == pytest.approx(optimum, rel=5e-6)
    assert solution.attrs["bound_cny"] <= optimum * (1 + 1e-6)
    assert float(solution["account_cost"].sum()) == pytest.approx(solution.attrs["objective_cny"], rel=1e-9)
