"""The labels of a study: sites, slices, periods, hydrological years."""

from __future__ import annotations

import pytest

from data.frame import FLEET_HOSTS, investment_periods, make_setting, time_slices
from data.geodesy import great_circle_km
from data.scenario import Scenario
from data.scenario.reading import with_overrides
from data.setting import Setting

PLAIN = Scenario(name="test")


@pytest.fixture(scope="module")
def setting() -> Setting:
    return make_setting(PLAIN)


def test_the_hours_of_the_slices_are_those_of_a_year() -> None:
    slices = time_slices(PLAIN)
    assert len(slices) == 12 * 3
    assert slices["hours"].sum() == 8760
    assert slices.loc["02-08", "hours"] == 28 * 8
    assert slices.loc["07-16", ["month", "first_hour", "last_hour"]].tolist() == [7, 16, 24]


def test_seasons_gather_three_months_and_keep_the_hours() -> None:
    slices = time_slices(with_overrides(PLAIN, {"time.resolution": "season", "time.block_starts": [0, 6]}))
    assert len(slices) == 4 * 2
    assert slices["hours"].sum() == 8760
    assert slices.loc["DJF-06", "months"] == (12, 1, 2)
    assert slices.loc["DJF-06", "month"] == 1
    assert slices.loc["DJF-06", "hours"] == (31 + 31 + 28) * 18


def test_a_period_stands_for_the_years_until_the_next_and_the_last_year_is_included() -> None:
    changes = {"time.periods": [2026, 2030], "time.last_year": 2035, "finance.discount_rate": 0.1}
    periods = investment_periods(with_overrides(PLAIN, changes))
    assert periods["years"].tolist() == [4, 6]
    assert periods["mid_year"].tolist() == [2027.5, 2032.5]
    by_hand = sum(1.1**-n for n in range(4))  # 2026 to 2029, the base year in full
    assert periods.loc[2026, "discounted_years"] == pytest.approx(by_hand)


def test_stress_years_weigh_more_when_a_scenario_says_so() -> None:
    changes = {
        "time.hydro_years": [2021, 2022, 2023, 2024],
        "power.drought_years": [2022],
        "power.drought_year_weight": 3.0,
    }
    years = make_setting(with_overrides(PLAIN, changes)).hydro_years["probability"]
    assert years.tolist() == pytest.approx([1 / 6, 3 / 6, 1 / 6, 1 / 6])


def test_every_province_has_a_host_for_its_fleet_within_four_hundred_km_of_it(setting: Setting) -> None:
    provinces = setting.origins.index[setting.origins["kind"] == "province"]
    assert set(FLEET_HOSTS) == set(provinces)
    for province, host in FLEET_HOSTS.items():
        site, origin = setting.sites.loc[host], setting.origins.loc[province]
        away = great_circle_km(site["latitude"], site["longitude"], origin["latitude"], origin["longitude"])
        assert site["province"] == province
        assert away < 400, (province, away)


def test_existing_fleets_stand_at_their_host_and_are_told_apart(setting: Setting) -> None:
    fleet = setting.sites[setting.sites["kind"] == "existing"]
    assert "existing-hebei" in fleet.index
    assert fleet.loc["existing-hebei", "host_site"] == "langfang"
    shared = ["latitude", "longitude", "jurisdiction", "altitude_m", "zone", "province"]
    assert (fleet[shared].to_numpy() == setting.sites.loc[fleet["host_site"], shared].to_numpy()).all()


def test_the_default_study_has_the_sites_it_promises(setting: Setting) -> None:
    candidates = setting.sites[setting.sites["kind"] == "candidate"]
    in_china = candidates[candidates["country"] == "CN"]
    assert len(in_china) >= 40
    assert len(candidates) - len(in_china) >= 10
    assert (in_china["province"] == "guizhou").sum() >= 6
    assert (candidates["cluster"] == "yes").sum() == 10
    assert len(setting.workloads) >= 6
    assert len(setting.hall_types[setting.hall_types["buildable"]]) >= 5
    assert (setting.origins["kind"] == "province").all()


def test_a_scenario_narrows_the_sites() -> None:
    changes = {
        "sites.include": ["gui-an", "shenzhen", "frankfurt"],
        "sites.countries": ["CN"],
        "sites.exclude": ["existing-tibet"],
    }
    sites = make_setting(with_overrides(PLAIN, changes)).sites
    assert sites.index[sites["kind"] == "candidate"].tolist() == ["gui-an", "shenzhen"]
    assert "existing-beijing" in sites.index
    assert "existing-tibet" not in sites.index
    without = make_setting(with_overrides(PLAIN, changes | {"sites.existing_fleet": False})).sites
    assert without.index.tolist() == ["gui-an", "shenzhen"]


def test_markets_abroad_are_origins_only_when_asked_for() -> None:
    setting = make_setting(with_overrides(PLAIN, {"demand.markets": {"de": 20.0}, "demand.provinces": ["guizhou"]}))
    assert setting.origins.index.tolist() == ["guizhou", "de"]


def test_a_study_keeps_the_workloads_it_names() -> None:
    setting = make_setting(with_overrides(PLAIN, {"demand.workloads": ["storage", "web"]}))
    assert set(setting.workloads.index) == {"storage", "web"}
