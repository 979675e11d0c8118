"""Network: round trips over the backbone, their fit to measurements, measured pairs, cost of traffic."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from data.backbone import (
    FEATURES,
    LINK_CLASSES,
    Mode,
    Points,
    backbone_links,
    backbone_nodes,
    open_links,
    quickest_features,
    route_features,
)
from data.errors import BadInput
from data.evidence import assumptions, read_table, sources
from data.frame import make_setting
from data.geodesy import great_circle_km
from data.ingest.network import fit, rebuild
from data.ingest.wondernetwork import MAINLAND_CITIES, read_pairs
from data.network import evidence_network, mean_round_trips, network, round_trip_weights
from data.scenario import Scenario
from data.setting import Setting
from tests.benchmarks.latency import published_errors


def setting_with(base: Path | None = None, **sections: Any) -> Setting:
    return make_setting(Scenario.model_validate({"name": "network", **sections}), base)


def trips(setting: Setting) -> pd.DataFrame:
    table = network(setting)["round_trip"].to_pandas()
    assert isinstance(table, pd.DataFrame)
    return table


def test_backbone_is_connected_and_its_links_name_known_nodes() -> None:
    nodes, links = backbone_nodes(), backbone_links()
    assert set(links["node_a"]) | set(links["node_b"]) == set(nodes.index)
    assert (links["km"] > 0).all()
    weights = dict.fromkeys(FEATURES, 1.0)
    for mode in ("direct_link", "public_internet"):
        assert np.isfinite(quickest_features(weights, mode)[0]).all()
    assert set(nodes.index[nodes["gateway"] == "yes"]) == {"beijing", "shanghai", "guangzhou"}


def test_public_internet_leaves_the_mainland_by_a_gateway_only() -> None:
    def pairs(mode: Mode) -> set[frozenset[str]]:
        links = open_links(mode)
        return {frozenset(ends) for ends in zip(links["node_a"], links["node_b"], strict=True)}

    leased, public = pairs("direct_link"), pairs("public_internet")
    assert {"hong-kong", "shenzhen"} in leased
    assert {"hong-kong", "shenzhen"} not in public
    assert {"guangzhou", "hong-kong"} in public


def test_light_needs_a_hand_computed_time_along_one_link() -> None:
    setting = setting_with()
    guiyang, chongqing = (Points.of(setting.sites.loc[[name]]) for name in ("guiyang", "chongqing"))
    km = float(great_circle_km(np.array(26.58), np.array(106.72), np.array(29.56), np.array(106.60)))
    by_hand = 3 + 0.2 + 2 * km * 1.5 / 204.2  # access, one link passed, there and back over the fibre
    computed = mean_round_trips(setting, guiyang, chongqing, "direct_link")[0, 0]
    assert computed == pytest.approx(by_hand, rel=0.01)


def test_features_of_a_way_add_up_to_its_round_trip() -> None:
    setting = setting_with()
    weights = round_trip_weights(setting, "public_internet")
    a, b = Points.of(setting.origins), Points.of(setting.sites)
    features = route_features(a, b, weights, "public_internet")
    crossings = features[..., FEATURES.index("crossings")]
    assert (crossings[:, ~b.mainland] >= 1).all()
    assert (crossings[:, b.mainland] == 0).all()
    straight = great_circle_km(a.latitude[:, None], a.longitude[:, None], b.latitude, b.longitude)
    assert (features[..., : len(LINK_CLASSES)].sum(axis=-1) >= straight * 0.999).all()


def test_no_round_trip_beats_light_in_fibre() -> None:
    setting = setting_with()
    straight = great_circle_km(
        setting.origins["latitude"].to_numpy()[:, None], setting.origins["longitude"].to_numpy()[:, None],
        setting.sites["latitude"].to_numpy(), setting.sites["longitude"].to_numpy(),
    )  # fmt: skip
    assert (trips(setting).to_numpy() > 2 * straight / 204.2).all()


def test_world_error_on_held_out_cities_is_below_20_percent_and_beats_the_great_circle() -> None:
    errors = read_table("latency_fit.csv").set_index(["group", "model"])["median_absolute_relative_error"]
    for group in ("held-out cities, both ends", "held-out cities, at least one end"):
        assert errors[(group, "backbone graph")] < 0.20
        assert errors[(group, "backbone graph")] < 0.7 * errors[(group, "great circle, one factor")]
    assert errors[("mainland to abroad, held-out cities", "backbone graph")] < 0.25


def test_figures_published_by_gui_an_are_predicted_as_one_way_in_their_order() -> None:
    table = published_errors().set_index("place")
    assert list(table["one_way_ms"]) == [3, 6, 10, 15, 20]
    assert table["direct_link"].is_monotonic_increasing
    assert table["public_internet"].is_monotonic_increasing
    # The published figures lie between a bare direct link and the public internet.
    assert (table["direct_link"] <= table["one_way_ms"]).all()
    assert (table["public_internet"] >= table["one_way_ms"]).all()


def test_modes_and_percentiles_order_round_trips() -> None:
    direct, public = trips(setting_with()), trips(setting_with(network={"mode": "public_internet"}))
    inland = [site for site in direct.columns if site in ("gui-an", "beijing", "guangzhou")]
    assert (public[inland] > direct[inland]).all(axis=None)
    median, late = (trips(setting_with(network={"percentile": q})) for q in (50, 99))
    value = assumptions({})["latency_percentile_99_direct"]
    assert late.loc["beijing", "gui-an"] == pytest.approx(value * median.loc["beijing", "gui-an"])


def test_crossing_the_border_costs_a_gateway_on_the_public_internet() -> None:
    public = trips(setting_with())
    leased = trips(setting_with(network={"cross_border_mode": "direct_link"}))
    # Hong Kong is as near to Guangdong as Shaoguan; the gateway makes the difference.
    assert public.loc["guangdong", "hong-kong"] > public.loc["guangdong", "shaoguan"] + 80
    assert leased.loc["guangdong", "hong-kong"] < leased.loc["guangdong", "shaoguan"] + 3
    assert (public.loc["guangdong", "gui-an"]) == leased.loc["guangdong", "gui-an"]


def test_measured_pairs_override_the_model_for_a_site_and_the_fleet_beside_it(tmp_path: Path) -> None:
    (tmp_path / "ping.csv").write_text(
        "origin,site,latency_ms,direction,percentile\nbeijing,gui-an,14,one_way,95\nshanghai,guiyang,30,round_trip,\n"
    )
    setting = setting_with(tmp_path, network={"measured": "ping.csv"})
    measured, modelled = trips(setting), trips(setting_with())
    assert measured.loc["beijing", "gui-an"] == pytest.approx(28.0)  # 2 × 14, already at the 95th percentile
    assert measured.loc["shanghai", "guiyang"] == pytest.approx(30 * 1.02)  # median raised to the 95th
    assert measured.loc["shanghai", "existing-guizhou"] == pytest.approx(30 * 1.02)
    assert measured.loc["beijing", "guiyang"] == modelled.loc["beijing", "guiyang"]
    classes = evidence_network(setting).query("site == 'gui-an' and field == 'round_trip'")["evidence"]
    assert set(classes) == {"estimated", "user"}


def test_excel_sheets_of_measured_pairs_are_read_too(tmp_path: Path) -> None:
    rows = {"origin": ["beijing"], "site": ["gui-an"], "latency_ms": [30], "direction": ["round_trip"]}
    pd.DataFrame(rows).to_excel(tmp_path / "ping.xlsx", index=False)
    measured = trips(setting_with(tmp_path, network={"measured": "ping.xlsx", "percentile": 50}))
    assert measured.loc["beijing", "gui-an"] == 30


def test_published_latencies_replace_the_model_only_when_asked() -> None:
    asked = trips(setting_with(network={"use_published": True, "percentile": 50}))
    assert asked.loc["beijing", "gui-an"] == 2 * 20
    assert asked.loc["guangdong", "gui-an"] == 2 * 10
    assert trips(setting_with(network={"percentile": 50})).loc["beijing", "gui-an"] < 40


def test_every_fault_of_a_latency_sheet_is_told(tmp_path: Path) -> None:
    (tmp_path / "ping.csv").write_text(
        "origin,site,latency_ms,direction,percentile\n"
        "bejing,gui-an,30,round_trip,50\nbeijing,guian,30,round_trip,50\nbeijing,gui-an,-3,round_trip,50\n"
        "hebei,gui-an,30,both,50\nhubei,gui-an,thirty,one_way,90\nshanghai,gui-an,30,one_way,95\n"
        "shanghai,gui-an,31,one_way,95\n"
    )
    with pytest.raises(BadInput) as caught:
        network(setting_with(tmp_path, network={"measured": "ping.csv"}))
    message = str(caught.value)
    for text in (
        "row 2: bejing is no origin of this study; did you mean beijing?",
        "row 3: guian is no site of this study; did you mean gui-an?",
        "row 4: latency_ms -3", "row 5: direction both is unknown", "row 6: latency_ms thirty",
        "row 6: percentile 90", "row 8: shanghai to gui-an appears twice",
    ):  # fmt: skip
        assert text in message
    assert len(caught.value.faults) == 7


def test_a_sheet_without_direction_is_refused_because_one_way_is_never_guessed(tmp_path: Path) -> None:
    (tmp_path / "ping.csv").write_text("origin,site,latency_ms\nbeijing,gui-an,30\n")
    with pytest.raises(BadInput, match="the column direction is missing"):
        network(setting_with(tmp_path, network={"measured": "ping.csv"}))
    with pytest.raises(BadInput, match="absent"):
        network(setting_with(tmp_path, network={"measured": "absent.csv"}))


def test_traffic_costs_grow_with_distance_and_at_the_border() -> None:
    cost: xr.DataArray = network(setting_with())["network_cost"]
    guangdong = cost.sel(origin="guangdong")
    assert float(guangdong.sel(site="guangzhou")) < float(guangdong.sel(site="gui-an"))
    assert float(guangdong.sel(site="gui-an")) < float(guangdong.sel(site="harbin"))
    # The border on the public internet: 80,000 + 150,000 and some km.
    assert 230_000 < float(guangdong.sel(site="hong-kong")) < 232_000
    doubled = setting_with(assumptions={"traffic_direct_china_cny_per_gbps_km_a": 50.0})
    dearer = network(doubled)["network_cost"].sel(origin="guangdong", site="gui-an")
    ports = 20_000
    assert float(dearer) - ports == pytest.approx(2 * (float(guangdong.sel(site="gui-an")) - ports))


def test_workload_limits_come_from_the_setting() -> None:
    setting = setting_with()
    instance = network(setting)
    assert (
        float(instance["latency_limit"].sel(workload="payments"))
        == setting.workloads.loc["payments", "latency_limit_ms"]
    )


def test_the_scenario_can_state_a_latency_limit() -> None:
    setting = setting_with(demand={"latency_limit_ms": {"payments": 20}})
    instance = network(setting)
    assert float(instance["latency_limit"].sel(workload="payments")) == 20
    web = setting.workloads.loc["web", "latency_limit_ms"]
    assert float(instance["latency_limit"].sel(workload="web")) == web
    rows = evidence_network(setting).query("field == 'latency_limit'").set_index("note")
    assert rows.loc["payments", "evidence"] == "user"


def test_network_of_the_default_study_takes_less_than_half_a_second() -> None:
    setting = setting_with()
    network(setting)
    start = time.perf_counter()
    network(setting)
    assert time.perf_counter() - start < 0.5


def test_every_cited_source_is_listed() -> None:
    known = set(sources().index)
    names = ("backbone_nodes.csv", "backbone_links.csv", "latency_parameters.csv", "latency_fit.csv")
    for name in (*names, "latency_published.csv", "assumptions_network.csv"):
        assert set(read_table(name)["source"]) <= known, name
    assert set(evidence_network(setting_with())["source"]) <= known


TRUE_PARAMETERS = {
    "land_europe": 1.6, "land_north_america": 1.4, "land_other": 2.0, "sea": 1.3, "hops": 0.8, "access": 6.0,
    "gateway": 70.0,
}  # fmt: skip


def synthetic_pings(raw: Path) -> Path:
    """Pings between some world cities that follow the model exactly, in the layout of the raw files."""
    folder = raw / "network"
    folder.mkdir(parents=True)
    nodes = backbone_nodes().query("country != 'CN'").iloc[::2]
    mainland = backbone_nodes().loc[[name.lower() for name in MAINLAND_CITIES]]
    cities = pd.concat([nodes, mainland])
    cities["city"] = [str(name).capitalize() for name in cities.index]
    weights = {name: 2 * TRUE_PARAMETERS.get(name, 1.4) / 204.2 for name in LINK_CLASSES}
    weights |= {"hops": TRUE_PARAMETERS["hops"], "crossings": TRUE_PARAMETERS["gateway"]}
    points = Points.of(cities)
    features = route_features(points, points, weights, "public_internet")
    ms = features @ np.array([weights[name] for name in FEATURES]) + TRUE_PARAMETERS["access"]
    latitude, longitude = points.latitude, points.longitude
    km = great_circle_km(latitude[:, None], longitude[:, None], latitude, longitude)
    first, second = (index.ravel() for index in np.indices(ms.shape))
    apart = first != second
    names = cities["city"].to_numpy()
    pd.DataFrame({
        "src": names[first[apart]], "dst_label": [f"{name} Land, World" for name in names[second[apart]]],
        "distance_km": km.ravel()[apart].round(), "avg_ms": ms.ravel()[apart],
    }).to_csv(folder / "wondernetwork_2018_pairs.csv.gz", index=False)  # fmt: skip
    places = cities.rename(columns={"latitude": "Lat", "longitude": "Long"})[["city", "Lat", "Long"]]
    places.to_csv(folder / "wondernetwork_2018_cities.csv", index=False)
    return raw


def test_the_fit_finds_the_parameters_that_made_the_pings_and_writes_the_same_bytes(tmp_path: Path) -> None:
    raw, tables = synthetic_pings(tmp_path / "raw"), tmp_path / "tables"
    tables.mkdir()
    fitted = fit(read_pairs(raw / "network"))
    assert fitted["route_factor_sea"] == pytest.approx(TRUE_PARAMETERS["sea"], abs=0.05)
    assert fitted["route_factor_land_europe"] == pytest.approx(TRUE_PARAMETERS["land_europe"], abs=0.05)
    assert fitted["route_factor_land_north_america"] == pytest.approx(1.4, abs=0.05)
    assert fitted["public_access_ms"] == pytest.approx(TRUE_PARAMETERS["access"], abs=0.5)
    assert fitted["public_gateway_ms"] == pytest.approx(TRUE_PARAMETERS["gateway"], abs=3)
    rebuild(raw, tables)
    first = {path.name: path.read_bytes() for path in tables.iterdir()}
    rebuild(raw, tables)
    assert first == {path.name: path.read_bytes() for path in tables.iterdir()}
    assert set(first) == {"latency_parameters.csv", "latency_fit.csv"}
