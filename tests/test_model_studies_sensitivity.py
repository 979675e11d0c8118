"""Which estimated figure would change the sites a plan opens."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from data.evidence import assumption_table
from data.frame import make_setting
from data.instance import build_instance, instance_of, with_moved_part
from data.scenario import Scenario
from data.scenario.reading import with_overrides
from model.events import SolveOptions
from model.problem import MONEY
from model.studies.rivals import Rivals, rivals_of, shifts
from model.studies.sensitivity import adder_table, keeping_sites, sensitivity, sensitivity_text
from model.studies.solving import Solving, opened
from tests.storage_study import storage_study

RUN = Solving(SolveOptions(gap=0.001, time_limit_s=60))
DECIDES = "power_transmission_factor"
ALIKE = "costs_staff_per_existing_site"  # nobody has existing halls here


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return storage_study()


@pytest.fixture(scope="module")
def plan(scenario: Scenario) -> xr.Dataset:
    return RUN.solve(build_instance(scenario), "plan")


@pytest.fixture(scope="module")
def study(scenario: Scenario, plan: xr.Dataset) -> xr.Dataset:
    return sensitivity(scenario, plan, [DECIDES, ALIKE, "costs_fibre_cny_per_km"], swing=0.9, solving=RUN)


def test_costs_that_rise_alike_shift_nothing() -> None:
    """One stream at the first of two hosts; a whole share costs 10 and 11 million CNY."""
    cost = np.array([[[10.0], [11.0]]])
    share = np.array([[[1.0], [0.0]]])
    base = Rivals(share, cost, np.ones_like(cost, dtype=bool))
    assert shifts(base, cost + 3.0) == (0.0, 0.0)
    dearer_here = cost + np.array([[[3.0], [1.0]]])
    assert list(shifts(base, dearer_here)) == pytest.approx([2.0 / MONEY, 0.0])
    assert list(shifts(base, cost - np.array([[[3.0], [1.0]]]))) == pytest.approx([0.0, 2.0 / MONEY])


def test_a_host_far_dearer_is_no_rival(scenario: Scenario, plan: xr.Dataset) -> None:
    instance = build_instance(scenario)
    dear = instance["land_capital"].where(instance["site"] != "gui-an", 500 * instance["land_capital"])
    far = instance.assign(land_capital=dear)
    assert rivals_of(instance, plan).near.all()
    near = rivals_of(far, plan).near
    assert not near[:, instance.indexes["site"].get_loc("gui-an")].any()


MOVED = (
    "power_tou_spread",
    "power_grid_step_mw",
    "costs_civil_share",
    "civil_hazard_scale",
    "traffic_direct_cny_per_gbps_a",
)


@pytest.mark.parametrize("name", MOVED)
def test_a_moved_part_is_what_a_whole_new_instance_would_hold(scenario: Scenario, name: str) -> None:
    table = assumption_table()
    value = table["value"].astype(float).to_dict()[name] * 1.25
    there = make_setting(with_overrides(scenario, {f"assumptions.{name}": value}))
    before = build_instance(scenario)
    moved = with_moved_part(before, there, str(table["part"].to_dict()[name]))
    whole = instance_of(there)
    for field in whole.data_vars:
        xr.testing.assert_equal(moved[field], whole[field])
    assert not moved.equals(before)


def test_an_adder_that_decides_is_named_with_the_sites_and_the_price(study: xr.Dataset, plan: xr.Dataset) -> None:
    at = study.sel(adder=DECIDES, move="more")
    assert at["outcome"].item() == "other sites"
    assert set(at["drops"].item().split()) <= opened(plan)
    assert float(at["regret"]) > study.attrs["gap_cny"]
    assert f"{DECIDES} 90% more: the plan opens" in sensitivity_text(study)


def test_an_adder_that_touches_no_site_is_settled_without_a_solve(study: xr.Dataset) -> None:
    at = study.sel(adder=ALIKE)
    assert (at["shift"] == 0).all()
    assert (at["outcome"] == "below the gap").all()
    assert np.isnan(at["regret"]).all()


def test_a_move_of_nothing_changes_nothing(scenario: Scenario, plan: xr.Dataset) -> None:
    still = sensitivity(scenario, plan, [DECIDES, "costs_hall_life_years"], swing=0.0, solving=RUN)
    assert float(still["shift"].max()) < 1.0
    assert set(still["outcome"].values.ravel()) == {"below the gap"}


def test_kept_sites_are_open_and_no_others(scenario: Scenario, plan: xr.Dataset) -> None:
    kept = keeping_sites(build_instance(scenario), plan)
    allowed = set(kept["site"].values[kept["site_allowed"].values])
    assert allowed == opened(plan)
    assert bool(kept["open_forced"].sel(site=sorted(allowed)).all())


def test_all_estimated_prices_move_unless_named(scenario: Scenario) -> None:
    table = adder_table(scenario)
    assert {DECIDES, "costs_cave_tunnelling_cny_per_mw", "power_tou_spread", "civil_hazard_scale"} <= set(table.index)
    assert not {"fibre_km_per_ms", "power_policy_end_year", "cny_per_usd_2025"} & set(table.index)
    with pytest.raises(KeyError):
        adder_table(scenario, ["power_transmision_factor"])
