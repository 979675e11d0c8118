"""Plans re-priced without a solve."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from model.events import SolveOptions
from model.solver import solve
from model.studies.pricing import PlanDoesNotFitError, present_cost_by_year, priced, yearly_costs
from tests.synthetic import synthetic_instance


@pytest.fixture(scope="module")
def instance() -> xr.Dataset:
    return synthetic_instance(sites=5, origins=4, workloads=2, periods=2, hydro_years=3, law=True)


@pytest.fixture(scope="module")
def solution(instance: xr.Dataset) -> xr.Dataset:
    return solve(instance, SolveOptions(gap=0.02, time_limit_s=60))


def test_on_its_own_instance_a_plan_costs_what_it_said(instance: xr.Dataset, solution: xr.Dataset) -> None:
    again = priced(instance, solution)
    xr.testing.assert_allclose(again, solution["account_cost"].drop_attrs(), rtol=1e-9)
    assert float(again.sum()) == pytest.approx(solution.attrs["objective_cny"])


def test_doubling_the_land_price_doubles_the_land_account_and_nothing_else(
    instance: xr.Dataset, solution: xr.Dataset
) -> None:
    dearer = instance.assign(land_capital=instance["land_capital"] * 2)
    rise = priced(dearer, solution) - priced(instance, solution)
    land = float(solution["account_cost"].sel(account="land").sum())
    assert land > 0
    assert float(rise.sum()) == pytest.approx(land)
    assert float(np.abs(rise.drop_sel(account="land")).max()) == 0


def test_the_mean_over_hydrological_years_is_the_plan_s_cost(instance: xr.Dataset, solution: xr.Dataset) -> None:
    by_year = present_cost_by_year(instance, solution)
    expected = float((by_year * instance["hydro_year_probability"]).sum())
    assert expected == pytest.approx(solution.attrs["objective_cny"], rel=1e-9)
    assert float(by_year.max()) > float(by_year.min())


def test_energy_of_each_year_is_what_the_halls_need(instance: xr.Dataset, solution: xr.Dataset) -> None:
    years = yearly_costs(instance, solution)
    supplied = years["grid_energy"] + years["backup_energy"] + years["contract_energy"]
    for year in supplied["hydro_year"].values:
        np.testing.assert_allclose(
            supplied.sel(hydro_year=year).transpose("site", "period"),
            solution["facility_energy"],
            rtol=1e-9,
            atol=1e-6,
        )


def test_a_plan_the_law_forbids_does_not_fit(instance: xr.Dataset, solution: xr.Dataset) -> None:
    forbidden = instance.copy()
    forbidden["transfer_allowed"] = xr.zeros_like(instance["transfer_allowed"])
    with pytest.raises(PlanDoesNotFitError, match="may not be served from"):
        priced(forbidden, solution)
    other = instance.isel(site=slice(None, None, -1))
    with pytest.raises(PlanDoesNotFitError, match="labels of site"):
        priced(other, solution)
