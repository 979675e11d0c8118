"""Rows that tie contracts, connection and tariff to an open site lose no plan: the optimum stays what it is without."""

from __future__ import annotations

import numpy as np
import pyomo.environ as pyo
import pytest
import xarray as xr

from model.full import to_pyomo
from tests.synthetic import synthetic_instance

LOOSE = ("contracts_need_open_site", "policy_needs_open_site")


def optimum(model: pyo.ConcreteModel, whole: bool = True) -> float:
    """Million CNY; with `whole` false, of the relaxation."""
    if not whole:
        pyo.TransformationFactory("core.relax_integer_vars").apply_to(model)
    highs = pyo.SolverFactory("appsi_highs")
    highs.highs_options = {"mip_rel_gap": 1e-7, "time_limit": 120.0}
    assert highs.solve(model).solver.termination_condition == pyo.TerminationCondition.optimal
    return float(pyo.value(model.total_cost))


def with_tariff(seed: int) -> xr.Dataset:
    """Sites with contracts of 40 MW or none, a small connection of their own, and a tariff from 5 MW on."""
    instance = synthetic_instance(sites=4, origins=2, workloads=2, periods=1, seed=seed, demand_mw=70.0)
    n = instance.sizes["site"]
    units = {name: {"units": unit} for name, unit in (("discount", "CNY/MWh"), ("limit", "MWh/a"), ("load", "MW"))}
    return instance.assign(
        contract_limit=instance["contract_limit"] * 0 + 40.0,
        grid_existing=("site", np.where(instance["site_kind"] == "candidate", 6.0, 100.0), units["load"]),
        policy_discount=(("site", "period"), np.full((n, 1), 60.0), units["discount"]),
        policy_minimum_load=("site", np.full(n, 5.0), units["load"]),
        policy_energy_limit=(("site", "period"), np.full((n, 1), 1.5e5), units["limit"]),
    )


def without_the_rows(instance: xr.Dataset) -> pyo.ConcreteModel:
    """The complete model with contracts, connection and tariff at closed sites too."""
    model = to_pyomo(instance)
    for name in LOOSE:
        getattr(model, name).deactivate()
    for (site, _, period), row in model.peak_within_connection.items():
        if (site, period) in model.is_open:
            there = float(instance["grid_existing"].sel(site=site))
            row.set_value((None, row.body + there * model.is_open[site, period], there))
    return model


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_optimum_is_the_same_and_the_relaxation_better(seed: int) -> None:
    instance = with_tariff(seed)
    assert optimum(to_pyomo(instance)) == pytest.approx(optimum(without_the_rows(instance)), rel=1e-6)
    assert optimum(to_pyomo(instance), whole=False) > optimum(without_the_rows(instance), whole=False) * (1 + 1e-5)
