"""What is refused of an instance, with all faults at once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from data.errors import BadInput
from data.instance import build_instance, check_instance, unservable_streams
from data.scenario.reading import read_scenario, shipped_scenarios
from tests.synthetic import synthetic_instance


@pytest.fixture
def plain() -> xr.Dataset:
    return synthetic_instance()


def faults_of(instance: xr.Dataset) -> list[str]:
    with pytest.raises(BadInput) as caught:
        check_instance(instance)
    return [str(fault) for fault in caught.value.faults]


def test_a_sound_instance_passes(plain: xr.Dataset) -> None:
    assert check_instance(plain) is plain


def test_an_instance_without_export_groups_survives_a_file_too(tmp_path: Path) -> None:
    own = build_instance(read_scenario("own-data"))
    own.to_netcdf(tmp_path / "own.nc", engine="h5netcdf")
    xr.testing.assert_identical(own, xr.load_dataset(tmp_path / "own.nc", engine="h5netcdf"))


@pytest.mark.parametrize("name", sorted(set(shipped_scenarios()) - {"guizhou"}))
def test_every_shipped_study_is_sound_and_can_serve_every_stream(name: str) -> None:
    assert unservable_streams(build_instance(read_scenario(name))) == []


def test_every_fault_of_an_instance_is_told_at_once(plain: xr.Dataset) -> None:
    plain["round_trip"][0, 0] = np.nan
    plain["hall_size"][0] = -1
    plain["site_jurisdiction"][0] = "XX"
    plain["slice_hours"][0] = 1.0
    plain["marginal_power"] = plain["marginal_power"].isel(slice=0, drop=True)
    plain["rationed_share"][0, 0, 0] = 1.5
    plain["existing_halls"] = plain["existing_halls"] + 0.5
    plain["site_allowed"] = plain["site_allowed"].astype(int)
    plain["gird_price"] = plain["grid_price"]
    told = faults_of(plain.drop_vars("load"))
    expected = [
        "gird_price: is no field we know; did you mean grid_price?",
        "load: is missing",
        "marginal_power: has dimensions (site, hall_type); it needs (site, hall_type, slice)",
        "round_trip at origin o-0, site site-0: is missing (1 of 28 values)",
        "hall_size at hall_type type-0: -1.0 is below 0",
        "rationed_share at site site-0",
        "is not a whole number",
        "site_allowed: holds int64 values",
        "site_jurisdiction: 'XX' is no jurisdiction",
        "slice_hours: sums to",
    ]
    for part in expected:
        assert any(part in fault for fault in told), (part, told)
    assert len(told) == len(expected)


def test_a_limit_may_be_missing_for_a_site_and_a_figure_may_not(plain: xr.Dataset) -> None:
    plain["pue_ceiling"] = ("site", np.where(np.arange(plain.sizes["site"]) == 0, 1.3, np.nan))
    assert check_instance(plain) is plain
    plain["water_price"][1] = np.nan
    assert "water_price at site site-1: is missing" in faults_of(plain)[0]


def test_faults_of_all_parts_come_at_once_with_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "study.yaml"
    path.write_text("\n".join([
        "name: x",                                       # 1
        "ground:",                                       # 2
        "  lead_years: {nowhere: 1}",                    # 3
        "costs:",                                        # 4
        "  water_cny_per_m3: {elsewhere: 3}",            # 5
        "power:",                                        # 6
        "  own_tariffs: none.csv",                       # 7
        "demand:",                                       # 8
        "  own_demand: none-either.csv",                 # 9
    ]))  # fmt: skip
    with pytest.raises(BadInput) as caught:
        build_instance(read_scenario(path))
    told = str(caught.value)
    for part in (
        "line 3, ground.lead_years",
        "line 5, costs.water_cny_per_m3",
        "none.csv",
        "none-either.csv",
    ):
        assert part in told, (part, told)
