"""The instance: what is in it, what is refused, and who may be served from where."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from data.catalogue import (
    EVIDENCE_COLUMNS,
    catalogue_fingerprint,
    catalogue_overview,
    catalogue_site,
    evidence_table,
)
from data.errors import BadInput
from data.evidence import EVIDENCE_CLASSES, sources
from data.fields import INSTANCE
from data.frame import make_setting
from data.instance import admissible, build_instance, check_instance, unservable_streams
from data.scenario.reading import read_scenario, shipped_scenarios, with_overrides
from tests.synthetic import synthetic_instance

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


@pytest.fixture
def plain() -> xr.Dataset:
    return synthetic_instance()


def faults_of(instance: xr.Dataset) -> list[str]:
    with pytest.raises(BadInput) as caught:
        check_instance(instance)
    return [str(fault) for fault in caught.value.faults]


# what is in it


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


# limits


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


# own figures


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


# what is refused


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


# copies at home


def test_a_duty_to_keep_a_copy_at_home_adds_a_replica_there(tmp_path: Path) -> None:
    path = tmp_path / "study.yaml"
    path.write_text("""
name: x
law:
  rules:
    off: [CN-PIPL-40]
    add:
      - {id: TEST, origin: CN, data: [personal], effect: local_copy, local_copy: true,
         effective_from: 2020-01-01, instrument: Test}
""")
    without = build_instance(read_scenario("guizhou", SMALL))
    instance = build_instance(with_overrides(read_scenario(path), SMALL))
    added = set(instance["stream"].to_numpy()) - set(without["stream"].to_numpy())
    assert added == {
        f"{origin}/{work}/2" for origin in SMALL["demand.provinces"] for work in ("web", "storage", "ai_inference")
    }
    copy, active = (instance["load"].sel(stream=f"guizhou/web/{replica}") for replica in (2, 1))
    assert (copy / active).to_numpy() == pytest.approx([0.1, 0.1])  # local_copy_load_fraction
    here = admissible(instance).sel(stream="guizhou/web/2").any(["operator_mode", "period"])
    assert set(instance["site_jurisdiction"].to_numpy()[here.to_numpy()]) == {"CN"}


# who may be served from where


def test_latency_law_and_halls_each_forbid(plain: xr.Dataset) -> None:
    everywhere = plain.copy(deep=True)
    everywhere["latency_limit"][:] = 1e3
    everywhere["transfer_allowed"][:] = True
    everywhere["site_allowed"][:] = True
    everywhere["open_allowed"][:] = True
    everywhere["hall_type_allowed"][:] = True
    assert admissible(everywhere).all()

    far = everywhere.copy(deep=True)
    far["latency_limit"][:] = far["round_trip"].sel(origin="o-0", site="site-1").item()  # exactly reached: allowed
    served = admissible(far).any(["operator_mode", "period"])
    by_hand = far["round_trip"].sel(origin=far["stream_origin"]) <= far["latency_limit"][0]
    assert (served.to_numpy() == by_hand.to_numpy()).all()
    assert bool(served.sel(stream=served["stream"].str.startswith("o-0/"), site="site-1").all())

    lawless = everywhere.copy(deep=True)
    lawless["transfer_allowed"].loc[{"jurisdiction": "HK", "operator_mode": "own"}] = False
    abroad = lawless["site_jurisdiction"] == "HK"
    assert not admissible(lawless).sel(operator_mode="own", site=abroad).any()
    assert admissible(lawless).sel(operator_mode="ring_fenced", site=abroad).all()

    late = everywhere.copy(deep=True)
    late["open_allowed"].loc[{"site": "site-0", "period": 2026}] = False
    assert not admissible(late).sel(site="site-0", period=2026).any()
    assert admissible(late).sel(site="site-0", period=2028).all()


def test_existing_halls_serve_where_nothing_may_be_built(plain: xr.Dataset) -> None:
    plain["latency_limit"][:] = 1e3
    plain["transfer_allowed"][:] = True
    plain["site_allowed"][:] = False
    served = admissible(plain).any(["stream", "operator_mode", "period"])
    assert served.to_series().to_dict() == {site: site.startswith("existing") for site in plain["site"].to_numpy()}
    dense = plain.copy(deep=True)
    dense["can_host"].loc[{"workload": "work-1", "hall_type": "legacy"}] = False
    of_work = dense["stream_workload"] == "work-1"
    assert not admissible(dense).sel(stream=of_work).any()


def test_a_stream_without_a_site_is_named_with_the_nearest_and_the_reason(plain: xr.Dataset) -> None:
    assert unservable_streams(plain) == []
    far = plain.copy(deep=True)
    far["latency_limit"].loc[{"workload": "work-1"}] = 0.5
    told = unservable_streams(far)
    nearest = str(far["round_trip"].sel(origin="o-0").idxmin("site").item())
    of_first = [sentence for sentence in told if sentence.startswith("o-0/work-1/1")]
    assert len(told) == far.sizes["origin"]
    assert nearest in of_first[0]
    assert "limit 0.5 ms" in of_first[0]
    assert "too far" in of_first[0]

    shaken = plain.copy(deep=True)
    shaken["existing_halls"][:] = 0
    shaken["site_allowed"][:] = False
    shaken["site_exclusion"][:] = "pga-nine"
    assert all("pga-nine" in sentence or "law" in sentence for sentence in unservable_streams(shaken))

    forbidden = plain.copy(deep=True)
    forbidden["transfer_allowed"][:] = False
    forbidden["transfer_mechanism"][:] = "domestic_only"
    assert all("the law says domestic_only" in sentence for sentence in unservable_streams(forbidden))


def test_a_plot_too_small_for_a_whole_hall_hosts_nothing(plain: xr.Dataset) -> None:
    plain["plot_limit"].loc[{"site": "site-2"}] = float(plain["hall_size"].min()) - 0.1
    assert not admissible(plain).sel(site="site-2").any()


def test_a_load_beyond_all_halls_is_named_with_both_figures(plain: xr.Dataset) -> None:
    assert unservable_streams(plain) == []
    standing = plain["existing_halls"] * plain["hall_size"]
    room = 0.9 * float(plain["plot_limit"].sum() + standing.sel(period=2028).sum())  # 90 % of a hall may be used
    plain["load"].loc[{"period": 2028}] *= (room + 50) / float(plain["load"].sel(period=2028).sum())
    assert unservable_streams(plain) == [
        f"in 2028 {room + 50:,.0f} MW are to be served, but all halls that stand or may be built hold {room:,.0f} MW."
    ]


def test_replicas_that_find_one_zone_only_are_named(plain: xr.Dataset) -> None:
    plain["latency_limit"][:] = 1e3
    plain["site_zone"][:] = "one-basin"
    told = unservable_streams(plain)
    assert len(told) == plain.sizes["origin"]  # the one workload with a standby
    assert "keeps 2 replicas in different zones" in told[0]
    assert "one-basin" in told[0]


# where values come from


def test_every_value_of_gui_an_has_a_unit_a_source_and_a_class() -> None:
    shown = catalogue_site("gui-an")
    assert {"marginal_power", "grid_price", "plot_limit", "land_capital", "latitude"} <= set(shown["field"])
    assert set(shown["evidence"]) <= set(EVIDENCE_CLASSES)
    assert (shown.loc[shown["evidence"] != "user", "title"] != "").all()
    assert set(shown["source"]) - {"scenario"} <= set(sources().index)


def test_evidence_covers_every_priced_field_of_every_site() -> None:
    setting = make_setting(read_scenario("guizhou"))
    rows = evidence_table(setting)
    candidates = setting.sites.index[setting.sites["kind"] == "candidate"]
    assert list(rows.columns) == EVIDENCE_COLUMNS
    for field in (
        "grid_price",
        "demand_charge",
        "hall_capital",
        "land_capital",
        "marginal_power",
        "grid_carbon",
    ):
        told = set(rows.loc[rows["field"] == field, "site"])
        assert "*" in told or set(candidates) <= told, field


def test_the_catalogue_is_small_enough_to_ship() -> None:
    overview = catalogue_overview()
    assert overview["kB"].sum() <= 10_000
    assert catalogue_fingerprint() == catalogue_fingerprint()


def test_an_unknown_site_is_answered_with_the_nearest() -> None:
    with pytest.raises(BadInput, match="did you mean gui-an"):
        catalogue_site("guian")
