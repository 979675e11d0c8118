"""Ground: which hazards exclude, which cost, which permit, and that what is unknown is never read as safe."""

from __future__ import annotations

import gzip
import json
import shutil
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box

from data.errors import BadInput
from data.evidence import read_table, sources
from data.frame import make_setting
from data.ground import civil_cost_factor, evidence_ground, ground, tunnel_cost_factor
from data.hazards import fired_rules, hazards
from data.ingest.ground import rebuild
from data.scenario import Scenario
from data.setting import Setting

CLUSTERS = {
    "zhangjiakou", "qingpu", "wuhu", "shaoguan", "tianfu",
    "chongqing", "horinger", "gui-an", "qingyang", "zhongwei",
}  # fmt: skip


def setting_with(base: Path | None = None, **sections: Any) -> Setting:
    return make_setting(Scenario.model_validate({"name": "ground", **sections}), base)


def test_sites_and_origins_are_complete_and_every_cluster_is_there() -> None:
    sites, origins = read_table("sites.csv", "id"), read_table("origins.csv", "id")
    assert set(sites.index[sites["cluster"] == "yes"]) == CLUSTERS
    assert (sites["country"] == "CN").sum() >= 40
    assert (sites["country"] != "CN").sum() >= 10
    provinces = set(origins.index[origins["kind"] == "province"])
    assert len(provinces) == 31
    assert set(sites.loc[sites["country"] == "CN", "province"]) == provinces
    assert origins.loc["guizhou", "population"] == 38_600_000
    assert sites[["latitude", "longitude", "altitude_m", "zone"]].notna().all(axis=None)


def test_every_cited_source_is_listed() -> None:
    known = set(sources().index)
    for table, columns in {
        "sites.csv": ["source", "altitude_source"], "origins.csv": ["source", "population_source"],
        "ground_sites.csv": ["source", "pga_source"], "ground_rules.csv": ["source"],
        "assumptions_ground.csv": ["source"],
    }.items():  # fmt: skip
        assert set(read_table(table)[columns].to_numpy().ravel()) <= known, table


def test_sites_of_different_zones_are_at_least_100_km_apart() -> None:
    sites = read_table("sites.csv", "id")
    inland = sites[sites["country"] == "CN"]
    latitude, longitude = (np.radians(inland[axis].to_numpy()) for axis in ("latitude", "longitude"))
    north = latitude[:, None] - latitude
    east = (longitude[:, None] - longitude) * np.cos((latitude[:, None] + latitude) / 2)
    km = 6371 * np.hypot(north, east)
    apart = inland["zone"].to_numpy()[:, None] != inland["zone"].to_numpy()
    assert km[apart].min() > 100


def test_lhasa_is_excluded_by_altitude_and_no_cluster_is_lost() -> None:
    instance = ground(setting_with())
    reason = str(instance["site_exclusion"].sel(site="lhasa").item())
    assert reason == "altitude 3649 m is at least 3050 m (altitude-ashrae)"
    excluded = set(instance["site"].values[~instance["site_allowed"].values])
    assert excluded == {"lhasa"}
    assert not excluded & CLUSTERS
    assert not instance["open_allowed"].sel(site="lhasa").any()


def test_a_rule_can_be_moved_or_ignored() -> None:
    higher = ground(setting_with(ground={"thresholds": {"altitude-ashrae": 4000}}))
    ignored = ground(setting_with(ground={"ignore_rules": ["altitude-ashrae"]}))
    lower = ground(setting_with(ground={"thresholds": {"altitude-ashrae": 2500}}))
    assert bool(higher["site_allowed"].sel(site="lhasa"))
    assert bool(ignored["site_allowed"].sel(site="lhasa"))
    assert not bool(lower["site_allowed"].sel(site="golmud"))


def test_unknown_fires_no_rule_and_is_shown_as_unknown() -> None:
    setting = setting_with()
    table, fired = hazards(setting), fired_rules(setting)
    unknown_rock = table.index[table["rock"] == "unknown"]
    assert not fired[(fired["quantity"] == "rock") & fired["site"].isin(unknown_rock)].size
    evidence = evidence_ground(setting)
    shown = evidence[(evidence["field"] == "rock") & (evidence["site"] == "horinger")].iloc[0]
    assert shown["value"] == "unknown"
    assert "not to be read as safe" in shown["note"]


def test_caves_need_rock_that_carries_them() -> None:
    cave = ground(setting_with())["hall_type_allowed"].sel(hall_type="cave")
    for site in ("gui-an", "guiyang", "zunyi", "chongqing"):
        assert bool(cave.sel(site=site)), site
    for site in ("beijing", "qingyang", "horinger", "frankfurt", "leshan", "existing-guizhou"):
        assert not bool(cave.sel(site=site)), site
    opened = setting_with(ground={"cave_sites": {"horinger": True, "gui-an": False}})
    permitted = ground(opened)["hall_type_allowed"].sel(hall_type="cave")
    assert bool(permitted.sel(site="horinger"))
    assert not bool(permitted.sel(site="gui-an"))


def test_existing_fleets_hold_only_legacy_halls_and_are_always_open() -> None:
    instance = ground(setting_with())
    existing = [site for site in instance["site"].values if site.startswith("existing-")]
    candidates = [site for site in instance["site"].values if site not in existing]
    allowed = instance["hall_type_allowed"]
    assert allowed.sel(site=existing, hall_type="legacy").all()
    assert not allowed.sel(site=existing).drop_sel(hall_type="legacy").any()
    assert not allowed.sel(site=candidates, hall_type="legacy").any()
    assert instance["open_forced"].sel(site=existing).all()
    assert float(instance["plot_limit"].sel(site=existing).sum()) == 0


def test_civil_factor_multiplies_the_severest_rule_of_each_quantity() -> None:
    factor = civil_cost_factor(setting_with())
    # Kunming: 0.20 g × fault below 5 km × karst × slopes; its 1892 m stay below the altitude rule.
    assert float(factor.sel(site="kunming")) == pytest.approx(1.10 * 1.10 * 1.05 * 1.02)
    assert float(factor.sel(site="gui-an")) == pytest.approx(1.05)
    assert float(factor.sel(site="dublin")) == 1.0
    halved = civil_cost_factor(setting_with(assumptions={"civil_hazard_scale": 0.5}))
    assert float(halved.sel(site="gui-an")) == pytest.approx(1.025)


def test_tunnelling_costs_more_in_sandstone_and_in_karst() -> None:
    factor = tunnel_cost_factor(setting_with())
    assert float(factor.sel(site="gui-an")) == pytest.approx(1.10)
    assert float(factor.sel(site="chongqing")) == pytest.approx(1.15)
    assert float(factor.sel(site="stockholm")) == pytest.approx(1.05)


def test_a_plot_on_a_fault_is_halved_and_the_scenario_can_state_plots() -> None:
    limits = ground(setting_with())["plot_limit"]
    assert float(limits.sel(site="kunming")) == 60 * 0.5
    stated = ground(setting_with(ground={"plot_limit_mw": {"*": 50, "gui-an": 300}}))["plot_limit"]
    assert float(stated.sel(site="gui-an")) == 300
    assert float(stated.sel(site="beijing")) == 50
    assert float(stated.sel(site="existing-beijing")) == 0


def test_lead_time_and_force_open_meet_in_the_first_possible_period() -> None:
    instance = ground(setting_with(sites={"force_open": ["bijie"]}))
    assert instance["open_allowed"].sel(site="bijie").values.tolist() == [False, True, True, True, True]
    assert instance["open_forced"].sel(site="bijie").values.tolist() == [False, True, True, True, True]
    sooner = ground(setting_with(ground={"lead_years": {"bijie": 0}}))
    assert sooner["open_allowed"].sel(site="bijie").all()


def test_a_forbidden_site_says_so() -> None:
    instance = ground(setting_with(sites={"forbid": ["gui-an"]}))
    assert str(instance["site_exclusion"].sel(site="gui-an").item()) == "forbidden by the scenario"
    assert not bool(instance["site_allowed"].sel(site="gui-an"))


def test_wet_cooling_can_be_forbidden_where_water_is_short() -> None:
    allowed = ground(setting_with(ground={"wet_cooling_forbidden": "high"}))["hall_type_allowed"]
    assert not bool(allowed.sel(site="zhongwei", hall_type="evaporative"))
    assert bool(allowed.sel(site="zhongwei", hall_type="liquid"))
    assert bool(allowed.sel(site="gui-an", hall_type="evaporative"))


def test_all_faults_of_the_ground_section_come_at_once() -> None:
    setting = setting_with(
        ground={
            "thresholds": {"altitude-ashre": 1, "karst-civil": 2},
            "plot_limit_mw": {"guian": 10, "beijing": -1},
            "exclusion_zones": [{"file": "none.geojson"}],
        }
    )  # fmt: skip
    with pytest.raises(BadInput) as caught:
        ground(setting)
    assert len(caught.value.faults) == 5
    assert "did you mean altitude-ashrae?" in str(caught.value)
    assert "did you mean gui-an?" in str(caught.value)


def test_a_site_that_must_open_on_excluded_ground_is_a_fault() -> None:
    with pytest.raises(BadInput, match="must be open, but altitude 3649 m"):
        ground(setting_with(sites={"force_open": ["lhasa"]}))


def test_exclusion_zones_work_in_any_coordinate_system(tmp_path: Path) -> None:
    zone = geopandas.GeoDataFrame({"name": ["reserve"]}, geometry=[box(106.3, 26.3, 106.6, 26.5)], crs=4326)
    zone.to_crs(32648).to_file(tmp_path / "zones.gpkg")
    zones = [{"file": "zones.gpkg", "name_column": "name"}]
    instance = ground(setting_with(tmp_path, ground={"exclusion_zones": zones}))
    reason = str(instance["site_exclusion"].sel(site="gui-an").item())
    assert reason == "inside exclusion zone reserve of zones.gpkg"
    assert bool(instance["site_allowed"].sel(site="guiyang"))


def test_faulty_zone_files_name_every_feature(tmp_path: Path) -> None:
    bow_tie = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}
    point = {"type": "Point", "coordinates": [0, 0]}
    features = [{"type": "Feature", "properties": {}, "geometry": shape} for shape in (bow_tie, point)]
    (tmp_path / "z.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    zones = [{"file": "z.geojson", "name_column": "n"}]
    with pytest.raises(BadInput) as caught:
        ground(setting_with(tmp_path, ground={"exclusion_zones": zones}))
    assert [fault.where for fault in caught.value.faults] == ["columns", "feature 1", "feature 2"]


def test_a_column_of_the_users_site_table_goes_before_the_catalogue() -> None:
    setting = setting_with()
    own = setting.sites.assign(pga_g=np.where(setting.sites.index == "gui-an", 0.20, np.nan))
    moved = replace(setting, sites=own)
    assert float(civil_cost_factor(moved).sel(site="gui-an")) == pytest.approx(1.05 * 1.10)
    evidence = evidence_ground(moved).set_index(["site", "field"])
    assert evidence.loc[("gui-an", "pga_g"), "evidence"] == "user"
    assert evidence.loc[("guiyang", "pga_g"), "evidence"] == "estimated"


def test_evidence_covers_every_site_and_counts_verified_accelerations() -> None:
    setting = setting_with()
    evidence = evidence_ground(setting)
    assert set(evidence["site"]) == set(setting.sites.index)
    accelerations = evidence[(evidence["field"] == "pga_g") & ~evidence["site"].str.startswith("existing-")]
    assert (accelerations["evidence"] == "published").sum() >= 7
    assert set(evidence["source"]) <= set(sources().index)


def tiny_raw(folder: Path) -> Path:
    """A raw folder with one fault, two earthquakes, two provinces' figures and two countries."""
    geology, geography, power = (folder / name for name in ("geology", "geography", "power/pypsa_china"))
    for path in (geology, geography, power):
        path.mkdir(parents=True)
    # A fault along the meridian 1° east of Gui'an: cos(26.4°) × 111.195 km = 99.6 km away.
    trace = {"type": "MultiLineString", "coordinates": [[[107.45, 20.0], [107.45, 30.0]]]}
    with gzip.open(geology / "gem_active_faults_2021_traces_only.geojson.gz", "wt") as stream:
        json.dump({"features": [{"geometry": trace}]}, stream)
    (geology / "usgs_earthquakes_1965_2016_M5.5plus.csv").write_text(
        "Date,Latitude,Longitude,Magnitude\n1,26.4,106.0,6.1\n2,26.4,120.0,7.5\n"
    )
    names = read_table("origins.csv").query("kind == 'province'")["name"].str.replace(" ", "")
    rows = "".join(f"{name},100\n" for name in names)
    for table in ("historical_population.csv", "historical_gdp.csv"):
        (power / table).write_text(f"# source\nregion,2024\n{rows}")
    square = {"type": "Polygon", "coordinates": [[[100, 20], [120, 20], [120, 40], [100, 40], [100, 20]]]}
    feature = {"type": "Feature", "properties": {"ADM0_A3": "CHN"}, "geometry": square}
    (geography / "ne_50m_CHN.geojson").write_text(json.dumps({"features": [feature]}))
    (geography / "ne_110m_admin_0_countries.json").write_text(json.dumps({"features": [feature]}))
    return folder


def test_rebuild_derives_hazards_from_raw_and_gives_the_same_bytes_again(tmp_path: Path) -> None:
    raw, tables = tiny_raw(tmp_path / "raw"), tmp_path / "tables"
    tables.mkdir()
    for name in ("sites.csv", "origins.csv"):
        shutil.copy(str(files("data.tables").joinpath(name)), tables / name)
    rebuild(raw, tables)
    first = {path.name: path.read_bytes() for path in tables.iterdir()}
    rebuild(raw, tables)
    assert first == {path.name: path.read_bytes() for path in tables.iterdir()}
    hazard = pd.read_csv(tables / "ground_hazards.csv").set_index("site").loc["gui-an"]
    assert hazard["fault_distance_km"] == pytest.approx(99.6, abs=0.1)
    assert (hazard["earthquakes_300km"], hazard["largest_magnitude_300km"]) == (1, 6.1)
    population = pd.read_csv(tables / "origins.csv").set_index("id")["population"]
    assert population["guizhou"] == 100 * 10_000  # the statistic counts ten thousands
    assert population["de"] == 83_500_000


def test_outlines_are_small_valid_and_carry_their_caveat() -> None:
    for name, largest in (("china_outline.geojson", 50_000), ("world_outline.geojson", 100_000)):
        text = files("data.tables").joinpath(name).read_text(encoding="utf-8")
        assert len(text) < largest
        assert "no official map" in text
        assert geopandas.GeoDataFrame.from_features(json.loads(text)).geometry.is_valid.all()
