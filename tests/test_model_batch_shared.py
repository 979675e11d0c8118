"""The parts of an instance that members of a sweep share."""

from __future__ import annotations

import pandas as pd
import pytest
import xarray as xr

from data.catalogue import evidence_table
from data.frame import make_setting
from data.instance import build_instance
from data.scenario.reading import read_scenario, with_overrides
from model.batch.shared import Builder

CARBON, LOAD = "policy.carbon_price_cny_per_t", "demand.load_multiplier"


@pytest.mark.parametrize(
    "changes",
    [
        {CARBON: 200},
        {"power.hydro_price_multiplier": 0.7},
        {"climate.warming_delta_k": 2},
        {"time.periods": [2026]},
        {"assumptions.cny_per_usd_2025": 7.9},
        {"assumptions.costs_cave_tunnelling_cny_per_mw": 3e6},
        {"assumptions.lapse_rate": 0.005},
        {LOAD: 1.3},
    ],
)
def test_an_instance_of_shared_parts_is_the_one_built_alone(changes: dict[str, object]) -> None:
    base = read_scenario("own-data")
    builder = Builder()
    builder.build(base)
    member = with_overrides(base, changes)
    xr.testing.assert_identical(builder.build(member), build_instance(member))


def test_where_figures_come_from_is_told_as_of_a_study_built_alone() -> None:
    base, builder = read_scenario("own-data"), Builder()
    builder.build_told(base)
    for changes in (
        {CARBON: 200, "power.hydro_price_multiplier": 0.7},
        {"assumptions.law_exposure_cny_per_mw_a": 1e5, "network.mode": "public_internet", LOAD: 1.3},
    ):
        member = with_overrides(base, changes)
        instance, evidence = builder.build_told(member)
        xr.testing.assert_identical(instance, build_instance(member))
        pd.testing.assert_frame_equal(evidence, evidence_table(make_setting(member)), check_exact=True)
    assert made(builder)["climate, told"] == made(builder)["ground, told"] == 1
    assert made(builder)["limits, told"] == made(builder)["law, told"] == made(builder)["power, told"] == 2


def test_parts_that_do_not_read_a_key_are_built_once() -> None:
    base, builder = read_scenario("own-data"), Builder()
    for price in range(0, 100, 10):
        builder.build(with_overrides(base, {CARBON: price}))
    assert made(builder) == {**dict.fromkeys(made(builder), 1), "limits": 10}, "ten carbon prices"


def made(builder: Builder) -> dict[str, int]:
    """How many results of each part a builder has made and kept."""
    return {part: len(results) for (_, part), results in builder._known.items()}


def test_an_assumption_rebuilds_the_parts_that_read_it_alone() -> None:
    base, builder = read_scenario("own-data"), Builder()
    tunnelling, hops = "assumptions.costs_cave_tunnelling_cny_per_mw", "assumptions.direct_hop_ms"
    for change in ({}, {tunnelling: 3e6}, {tunnelling: 5e6}, {hops: 0.2}):
        builder.build(with_overrides(base, change))
    assert made(builder) == {**dict.fromkeys(made(builder), 1), "costs": 3, "network": 2}


def test_more_load_of_the_same_origins_asks_law_nothing_new() -> None:
    base, builder = read_scenario("own-data"), Builder()
    for load in (1.0, 1.1, 1.2):
        builder.build(with_overrides(base, {LOAD: load}))
    assert made(builder)["demand"] == 3
    assert made(builder)["law"] == made(builder)["climate"] == 1
