"""The instance: what is in it, what limits it, and own figures."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import xarray as xr

from data.catalogue import (
    catalogue_fingerprint,
    evidence_table,
)
from data.fields import INSTANCE
from data.frame import make_setting
from data.instance import build_instance, check_instance, unservable_streams
from data.scenario.reading import read_scenario, with_overrides

SMALL = {
    "time.resolution": "season",
    "time.periods": [2026, 2030],
    "time.hydro_years": [2021, 2022],
    "sites.include": ["gui-an", "shenzhen", "langfang", "hong-kong", "golmud"],
    "demand.provinces": ["guizhou", "guangdong", "beijing"],
}


@pytest.fixture(scope="module")
def national() -> xr.Dataset:
    return build_instance(read_scenario("guizhou"))


@pytest.fixture(scope="module")
def small() -> xr.Dataset:
    return build_instance(read_scenario("guizhou", SMALL))


def test_every_field_is_there_with_its_unit_and_dimensions(national: xr.Dataset) -> None:
    for name, field in INSTANCE.items():
        if name in national:
            assert national[name].dims == field.dims, name
            assert national[name].attrs["units"] == field.unit
            assert national[name].attrs["long_name"] == field.meaning
        else:
            assert field.optional, name


def test_the_default_study_can_serve_every_stream(national: xr.Dataset) -> None:
    assert unservable_streams(national) == []


def test_the_default_study_is_of_the_size_it_promises(national: xr.Dataset) -> None:
    served = national["load"].sum("stream")
    assert served.to_series().is_monotonic_increasing
    assert 1000 < float(served.sel(period=2034)) < 2000  # MW, about one to two gigawatts by 2035
    new = national.sel(site=national["site_kind"] == "candidate")
    sizes = new["hall_size"].where(new["hall_buildable"], drop=True)
    assert 5 <= float(sizes.min()) <= float(sizes.max()) <= 20
    room = new["plot_limit"].where(new["site_allowed"], 0.0)
    mainland = float(room.where(new["site_jurisdiction"] == "CN", 0.0).sum())
    assert 2 < mainland / float(served.sel(period=2034)) < 3
    assert ((room == 0) | (room >= 2 * sizes.max())).all()  # two halls of any type on every open site
    assert national.sizes["slice"] == 36
    assert national.sizes["hydro_year"] >= 5


def test_the_default_instance_is_built_within_three_seconds(national: xr.Dataset) -> None:
    scenario = read_scenario("guizhou")
    best = min(_seconds_of(lambda: build_instance(scenario)) for _ in range(3))
    assert best < 3.0


def _seconds_of(action: object) -> float:
    start = time.process_time()
    action()  # type: ignore[operator]
    return time.process_time() - start


def test_an_instance_survives_a_netcdf_file(national: xr.Dataset, tmp_path: Path) -> None:
    national.to_netcdf(tmp_path / "instance.nc", engine="h5netcdf")
    again = xr.load_dataset(tmp_path / "instance.nc", engine="h5netcdf")
    xr.testing.assert_identical(national, again)
    assert check_instance(again) is again
    assert again["site_allowed"].dtype == bool
    assert again["transfer_group"].to_numpy().tolist() == national["transfer_group"].to_numpy().tolist()


def test_the_same_study_gives_the_same_instance(small: xr.Dataset) -> None:
    xr.testing.assert_identical(small, build_instance(read_scenario("guizhou", SMALL)))


def test_an_instance_says_what_it_was_made_from(small: xr.Dataset) -> None:
    assert small.attrs["name"] == "guizhou"
    assert len(small.attrs["scenario_hash"]) == 64
    assert small.attrs["catalogue"] == catalogue_fingerprint()
    assert small.attrs["money_year"] == 2025


def test_seasons_keep_the_energy_of_the_months() -> None:
    base = {name: value for name, value in SMALL.items() if name != "time.resolution"}
    by_month = build_instance(read_scenario("guizhou", base | {"time.resolution": "month"}))
    by_season = build_instance(read_scenario("guizhou", base | {"time.resolution": "season"}))
    assert by_season.sizes["slice"] == 12
    for name in ("marginal_power", "water_use", "it_profile"):
        yearly = [float((one[name] * one["slice_hours"]).sum()) for one in (by_month, by_season)]
        assert yearly[0] == pytest.approx(yearly[1], rel=5e-3), name
    for name in ("grid_price", "contract_delivery"):
        yearly = [float((one[name] * one["slice_hours"]).sum()) for one in (by_month, by_season)]
        assert yearly[0] == pytest.approx(yearly[1], rel=5e-3), name


def test_limits_exist_only_where_a_scenario_sets_them(small: xr.Dataset) -> None:
    assert not {"carbon_limit", "capital_limit", "pue_ceiling", "green_share", "site_limit"} & set(small)
    limited = build_instance(read_scenario("guizhou", SMALL | {
        "policy.carbon_limit_t_per_year": 1e6, "policy.capital_limit_cny": 2e9, "sites.most_open": 3,
        "policy.pue_ceiling": {"gui-an": 1.15, "CN": 1.3, "*": 1.4},
        "policy.water_permit_m3": {"langfang": 5e5},
    }))  # fmt: skip
    assert limited["carbon_limit"].to_numpy().tolist() == [1e6, 1e6]
    assert limited["site_limit"].to_numpy().tolist() == [3, 3]
    ceilings = limited["pue_ceiling"].to_series()
    assert ceilings[["gui-an", "shenzhen", "hong-kong"]].tolist() == [1.15, 1.3, 1.4]
    assert ceilings.drop(["gui-an", "shenzhen", "hong-kong", "langfang", "golmud"]).isna().all()  # existing fleet
    assert limited["water_permit"].to_series().dropna().to_dict() == {"langfang": 5e5}


def test_the_hub_pack_binds_the_national_clusters_alone() -> None:
    hubs = build_instance(read_scenario("guizhou", SMALL | {"policy.hub_pack": True}))
    assert hubs["pue_ceiling"].to_series().dropna().to_dict() == {"gui-an": 1.2}
    assert hubs["green_share"].to_series().dropna().to_dict() == {"gui-an": 0.8}
    stricter = SMALL | {"policy.hub_pack": True, "policy.pue_ceiling": {"gui-an": 1.18}}
    assert float(build_instance(read_scenario("guizhou", stricter))["pue_ceiling"].sel(site="gui-an")) == 1.18


def test_the_carbon_price_grows_from_the_middle_of_the_first_period() -> None:
    prices = {"policy.carbon_price_cny_per_t": 100, "policy.carbon_price_growth": 0.1}
    instance = build_instance(read_scenario("guizhou", SMALL | prices))
    years_between = 2032.5 - 2027.5  # the middles of 2026–2029 and 2030–2035
    assert instance["carbon_price"].to_numpy() == pytest.approx([100, 100 * 1.1**years_between])


def test_a_figure_of_an_own_site_replaces_ours_and_the_rest_is_borrowed(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text(
        "id,latitude,longitude,plot_limit,water_permit,grid_price\nhill,26.42,106.43,33,4e5,512\n"
    )
    (tmp_path / "study.yaml").write_text("name: mine\nsites: {own_sites: mine.csv}\n")
    scenario = with_overrides(read_scenario(tmp_path / "study.yaml"), SMALL)
    instance = build_instance(scenario)
    hill, host = instance.sel(site="hill"), instance.sel(site="gui-an")
    assert float(hill["plot_limit"]) == 33
    assert (hill["grid_price"] == 512).all()
    assert float(hill["demand_charge"]) == float(host["demand_charge"])
    assert instance["water_permit"].to_series().dropna().to_dict() == {"hill": 4e5}
    rows = evidence_table(make_setting(scenario)).query("site == 'hill'").set_index("field")
    assert rows.loc["plot_limit", "evidence"] == "user"
    assert rows.loc["altitude_m", "evidence"] == "estimated"
    assert "gui-an" in rows.loc["altitude_m", "note"]
    assert "km away" in rows.loc["altitude_m", "note"]
