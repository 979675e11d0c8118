"""At what price a kind of hall stops paying."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from data.instance import build_instance
from data.scenario import Scenario
from data.scenario.reading import read_scenario, with_overrides
from model.events import SolveOptions
from model.studies.breakeven import TUNNELLING, breakeven, breakeven_text
from model.studies.hall_costs import PARTS, hall_costs
from model.studies.solving import Solving
from tests.synthetic import synthetic_instance


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return read_scenario(
        "cave-halls",
        {
            "time.periods": [2026, 2028], "time.last_year": 2029,
            "time.resolution": "season", "time.hydro_years": [2020],
            "sites.include": ["gui-an", "bijie", "guangzhou"], "sites.existing_fleet": False,
            "demand.provinces": ["guizhou", "guangdong"], "demand.workloads": ["storage"], "demand.market_share": 0.05,
        },
    )  # fmt: skip


@pytest.fixture(scope="module")
def study(scenario: Scenario) -> xr.Dataset:
    return breakeven(scenario, trials=[])


def test_a_hall_costs_its_annuities_and_its_energy_per_usable_mw() -> None:
    """One period of weight 1.9, no discounting in sight: each part by hand for the first hall of the first site."""
    instance = synthetic_instance(sites=2, origins=1, workloads=1, periods=1, hydro_years=1, replicas=False)
    costs = hall_costs(instance, np.array([True])).isel(site=0, hall_type=0, period=0)
    usable = 10.0 * 0.9  # MW
    annuity = 0.08 / (1 - 1.08**-20)
    capital = float(instance["hall_capital"][0, 0, 0]) * annuity * 1.9 / usable
    assert float(costs.sel(part="capital")) == pytest.approx(capital)
    assert float(costs.sel(part="upkeep")) == pytest.approx(6e6 / usable * 1.9)
    load = instance["marginal_power"][0, 0] * instance["it_profile"][0, 0] + instance["overhead_power"][0, 0] / usable
    carbon, backup = 60.0, 2200.0 + 0.7 * 60.0
    grid = instance["grid_price"][0, :, 0, 0] + instance["grid_carbon"][0, 0, 0] * carbon
    rationed = instance["rationed_share"][0, :, 0]
    energy = (load * instance["slice_hours"] * ((1 - rationed) * grid + rationed * backup)).sum() * 1.9
    assert float(costs.sel(part="energy")) == pytest.approx(float(energy))
    assert set(costs["part"].values) == set(PARTS)


def test_at_its_break_even_a_cave_costs_as_much_as_its_rival(scenario: Scenario, study: xr.Dataset) -> None:
    value = float(study["breakeven"].sel(site="gui-an", period=2026))
    there = build_instance(with_overrides(scenario, {f"assumptions.{TUNNELLING}": value}))
    costs = (
        hall_costs(there, there["can_host"].sel(hall_type="cave").values).sum("part").sel(site="gui-an", period=2026)
    )
    rival = study["rival"].sel(site="gui-an", period=2026).item()
    assert float(costs.sel(hall_type="cave")) == pytest.approx(float(costs.sel(hall_type=rival)), rel=1e-9)


def test_a_site_whose_rock_permits_no_cave_has_no_break_even(study: xr.Dataset) -> None:
    assert not bool(study["permitted"].sel(site="guangzhou"))
    assert np.isnan(study["breakeven"].sel(site="guangzhou")).all()


def test_plans_turn_to_caves_below_the_break_even_and_away_above(scenario: Scenario) -> None:
    """Far from it on both sides; one cave may stay, where a smaller hall fits a remainder better."""
    run = Solving(SolveOptions(gap=0.002, time_limit_s=60))
    study = breakeven(scenario, trials=[0.0, 9e6], solving=run)
    assert int(study["halls"].sel(trial=0.0)) >= 3 > int(study["halls"].sel(trial=9e6))
    assert "A plan solved at 0 has" in breakeven_text(study)


def test_a_site_that_cannot_open_in_time_has_no_break_even_then(study: xr.Dataset) -> None:
    assert bool(study["permitted"].sel(site="bijie"))
    assert np.isnan(float(study["breakeven"].sel(site="bijie", period=2026)))  # two years of lead time


def test_the_text_says_whether_the_range_of_the_estimate_matters(study: xr.Dataset) -> None:
    text = breakeven_text(study)
    assert "cheapest other hall (evaporative)" in text
    assert "range of the estimate (2,000,000 to 10,000,000)" in text
    none = study.assign(breakeven=xr.full_like(study["breakeven"], np.nan))
    assert breakeven_text(none) == "No site of this study permits cave halls."
