"""A plan made for the mean hydrological year against one made for all years."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

from model.events import Event, SolveOptions
from model.studies import study_text
from model.studies.solving import Solving
from model.studies.stress import mean_year, stress, stress_text
from tests.synthetic import synthetic_instance

QUICK = Solving(SolveOptions(gap=0.003, time_limit_s=60))


def world(**changes: Any) -> xr.Dataset:
    """Two hydrological years; contracted hydro is cheap, and delivers all or nothing."""
    instance = synthetic_instance(sites=4, origins=3, workloads=2, periods=1, hydro_years=2, replicas=False)
    delivery = instance["contract_delivery"].copy()
    delivery.loc[{"energy_source": "hydro", "hydro_year": 2014}] = 1.0
    delivery.loc[{"energy_source": "hydro", "hydro_year": 2015}] = 0.0
    limit = xr.full_like(instance["contract_limit"], 500.0)
    price = instance["contract_price"].copy()
    price.loc[{"energy_source": "hydro"}], price.loc[{"energy_source": "wind"}] = 150.0, 700.0
    return instance.assign(contract_delivery=delivery, contract_limit=limit, contract_price=price, **changes)


@pytest.fixture(scope="module")
def study() -> xr.Dataset:
    return stress(world(), stress_years=(2015,), solving=QUICK)


def test_the_mean_year_is_the_probability_weighted_mean() -> None:
    instance = world(hydro_year_probability=("hydro_year", [0.25, 0.75]))
    mean = mean_year(instance)
    assert mean.sizes["hydro_year"] == 1
    assert float(mean["hydro_year_probability"].sum()) == 1
    assert float(mean["contract_delivery"].sel(energy_source="hydro").max()) == pytest.approx(0.25 * 1 + 0.75 * 0)
    assert mean["grid_price"].dims == instance["grid_price"].dims


def test_a_plan_for_the_mean_year_promises_what_it_cannot_keep(study: xr.Dataset) -> None:
    """It takes half a delivery for granted; the rivers give all in one year and none in the other."""
    mean, spread = study.sel(plan="mean_year"), study.sel(plan="distribution")
    assert float(mean["expected_cost"]) > float(mean["promised_cost"]) * 1.001
    assert float(spread["expected_cost"]) == pytest.approx(float(spread["promised_cost"]), rel=1e-6)
    assert float(spread["expected_cost"]) <= float(mean["expected_cost"]) + float(spread["gap"])
    hydro = study["contract"].sel(energy_source="hydro").sum(["site", "period"])
    assert float(hydro.sel(plan="mean_year")) > float(hydro.sel(plan="distribution"))


def test_the_expected_cost_is_the_mean_over_the_years(study: xr.Dataset) -> None:
    expected = (study["present_cost"] * study["probability"]).sum("hydro_year")
    np.testing.assert_allclose(expected, study["expected_cost"])


def test_equal_years_leave_nothing_to_choose() -> None:
    instance = world()
    same = instance.isel(hydro_year=[0, 0]).assign_coords(hydro_year=instance["hydro_year"])
    same["hydro_year_probability"] = instance["hydro_year_probability"]
    study = stress(same, solving=QUICK)
    costs = study["present_cost"]
    np.testing.assert_allclose(costs.max("hydro_year"), costs.min("hydro_year"))
    assert abs(float(costs.diff("plan").max())) <= float(study["gap"].max()) * 2
    assert "no provable harm" in stress_text(study)


def test_a_plan_at_hand_is_not_solved_again_and_solves_are_told_apart() -> None:
    instance = world()
    told: list[Event] = []
    own = QUICK.solve(instance, "mine")
    study = stress(instance, own, solving=Solving(QUICK.options, told.append))
    assert {event.message.split(":")[0] for event in told} == {"plan for the mean year"}
    assert float(study["promised_cost"].sel(plan="distribution")) == own.attrs["objective_cny"]


def test_a_requirement_the_mean_hides_is_named() -> None:
    """The carbon budget is what the plan for the mean year says it emits; over the years it emits more."""
    promised = QUICK.solve(mean_year(world()), "mean")["carbon"].sum("site") * 1.01
    study = stress(world(carbon_limit=promised), stress_years=(2015,), solving=QUICK)
    broken = json.loads(study.attrs["broken"])
    assert broken["distribution"] == []
    assert any("carbon" in fault for fault in broken["mean_year"])
    assert broken["mean_year"][0] in stress_text(study)


def test_the_text_names_the_stress_years_only(study: xr.Dataset) -> None:
    told = stress_text(study)
    assert "If every year were 2015, the plan made for all years would cost" in told
    assert "If every year were 2014, the plan" not in told
    assert "Contracted hydro in the last period" in told


def test_every_study_is_told_by_its_own_text(study: xr.Dataset) -> None:
    assert study_text(study) == stress_text(study)
    with pytest.raises(ValueError, match="no study we know"):
        study_text(study.assign_attrs(study="horoscope"))


def test_a_study_survives_a_file(study: xr.Dataset, tmp_path: Path) -> None:
    study.to_netcdf(tmp_path / "study.nc", engine="h5netcdf")
    again = xr.load_dataset(tmp_path / "study.nc", engine="h5netcdf")
    xr.testing.assert_identical(study, again)
    assert study_text(again) == study_text(study)
