"""A limit is told when it is reached and not a moment before; figures of tests/by_hand.py."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from model.binding import binding_limits
from tests.by_hand import IT_LOAD_MW

WATER_M3 = IT_LOAD_MW["site-0"][1] * 8760 * 0.6 * 0.5
CARBON_T = sum(load[1] for load in IT_LOAD_MW.values()) * 8760 * 0.6 * 0.4


def told(world: xr.Dataset, plan: xr.Dataset, limit: str) -> list[tuple[str, int]]:
    return [
        (found["site"], found["period"]) for found in binding_limits(world, plan) if found["limit"] == limit
    ]


@pytest.mark.parametrize(
    ("plot", "expected"), [(52.0, []), (51.9, [("site-0", 2028)]), (29.9, [("site-0", 2026)])]
)
def test_a_plot_binds_when_the_smallest_hall_no_longer_fits(
    world: xr.Dataset, plan: xr.Dataset, plot: float, expected: list[tuple[str, int]]
) -> None:
    # site-0 holds 2 × 10 MW in 2026 and 3 × 10 + 12 MW in 2028; the smallest new hall is 10 MW
    world["plot_limit"].loc["site-0"] = plot
    assert told(world, plan, "plot_limit") == expected


@pytest.mark.parametrize(("permit", "expected"), [(WATER_M3 * 1.01, []), (WATER_M3, [("site-0", 2028)])])
def test_a_water_permit_binds_when_it_is_used_up(
    world: xr.Dataset, plan: xr.Dataset, permit: float, expected: list[tuple[str, int]]
) -> None:
    limited = world.assign(water_permit=("site", np.array([permit, np.nan, np.nan])))
    assert told(limited, plan, "water_permit") == expected


@pytest.mark.parametrize(("budget", "expected"), [(CARBON_T * 1.01, []), (CARBON_T, [("", 2028)])])
def test_a_carbon_budget_binds_in_the_year_it_is_used_up(
    world: xr.Dataset, plan: xr.Dataset, budget: float, expected: list[tuple[str, int]]
) -> None:
    limited = world.assign(carbon_limit=("period", np.array([budget, budget])))
    assert told(limited, plan, "carbon_limit") == expected


@pytest.mark.parametrize(("most", "expected"), [(3, []), (2, [("", 2028)]), (1, [("", 2026), ("", 2028)])])
def test_a_limit_on_open_sites_does_not_count_the_existing_fleet(
    world: xr.Dataset, plan: xr.Dataset, most: int, expected: list[tuple[str, int]]
) -> None:
    limited = world.assign(site_limit=("period", np.array([most, most])))
    assert told(limited, plan, "site_limit") == expected


def test_the_capital_of_a_period_is_what_is_new_in_it(world: xr.Dataset, plan: xr.Dataset) -> None:
    hall = world["hall_capital"].sel(site="site-0", period=2026)
    first = 2 * float(hall.sel(hall_type="type-0")) + float(
        world["land_capital"][0] + world["fibre_capital"][0]
    )
    limited = world.assign(capital_limit=("period", np.array([first, 1e12])))
    assert told(limited, plan, "capital_limit") == [("", 2026)]
    looser = world.assign(capital_limit=("period", np.array([first * 1.01, 1e12])))
    assert told(looser, plan, "capital_limit") == []


def test_a_contract_binds_when_all_on_offer_is_taken(world: xr.Dataset, plan: xr.Dataset) -> None:
    assert told(world, plan, "contract_limit") == []
    plan["contract"].loc[{"site": "site-0", "energy_source": "hydro", "period": 2028}] = 80.0
    assert told(world, plan, "contract_limit") == [("site-0", 2028)]


def test_a_lead_time_binds_when_a_site_opens_as_soon_as_it_can(world: xr.Dataset, plan: xr.Dataset) -> None:
    world["open_allowed"].loc["site-1", 2026] = False
    assert told(world, plan, "open_allowed") == [("site-1", 2028)]


def test_the_grid_binds_at_its_last_step(world: xr.Dataset, plan: xr.Dataset) -> None:
    plan["grid_steps"].loc["site-1", 2028] = 7
    assert told(world, plan, "grid_steps_allowed") == []
    plan["grid_steps"].loc["site-1", 2028] = 8
    assert told(world, plan, "grid_steps_allowed") == [("site-1", 2028)]


def test_latency_binds_a_workload_that_few_serving_sites_are_near_enough_for(
    world: xr.Dataset, plan: xr.Dataset
) -> None:
    assert told(world, plan, "latency_limit") == []
    nearest = float(world["round_trip"].min("site").max())
    world["latency_limit"].loc["work-1"] = nearest * 1.0001
    sentences = [
        found["sentence"] for found in binding_limits(world, plan) if found["limit"] == "latency_limit"
    ]
    assert len(sentences) == 1
    assert "work-1" in sentences[0]
    assert "1 of 3 serving sites" in sentences[0]


def test_law_binds_where_a_near_host_is_forbidden(world: xr.Dataset, plan: xr.Dataset) -> None:
    assert told(world, plan, "transfer_allowed") == [], "every site of this plan is at home"
    world["site_jurisdiction"].loc["site-1"] = "HK"
    kept = [
        found["sentence"] for found in binding_limits(world, plan) if found["limit"] == "transfer_allowed"
    ]
    important = world["stream_legal_case"].values == "CN/important/operator"
    share = float(world["load"].values[important, -1].sum() / world["load"].values[:, -1].sum())
    assert kept == [
        f"Data law keeps {share:.0%} of the load from hosts that latency would allow.".replace("%", " %")
    ]
