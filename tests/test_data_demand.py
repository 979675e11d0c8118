"""Streams, their load and people, load profiles, the existing fleet and own demand tables."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from data.demand import demand, evidence_demand, operator_mw, origin_weights, reconciliation, stream_table
from data.errors import BadInput
from data.evidence import read_table, sources
from data.fields import INSTANCE
from data.frame import make_setting
from data.ingest.demand import rebuild
from data.load_shape import natural_profile, shift_to_cheap_blocks
from data.scenario import Scenario

PERIODS = [2026, 2028, 2030, 2032, 2034]


def study(base: Path | None = None, **sections):
    return make_setting(Scenario.model_validate({"name": "demand", **sections}), base)


@pytest.fixture(scope="module")
def setting():
    return study()


@pytest.fixture(scope="module")
def instance(setting):
    return demand(setting)


def test_every_field_has_its_declared_dimensions(instance):
    streams = {"stream_origin", "stream_workload", "stream_replica", "load", "people"}
    assert set(instance.data_vars) == streams | {"it_profile", "existing_halls"}
    for name in instance.data_vars:
        assert instance[name].dims == INSTANCE[name].dims, name
    assert (instance["load"] > 0).all()


def test_the_operator_has_its_share_of_the_published_racks(setting):
    """1.55 % of 10.85 million racks of 2.5 kW."""
    assert operator_mw(setting) == pytest.approx(0.0155 * 10.85e6 * 2.5 / 1000)


def test_shares_of_load_sum_to_the_whole():
    assert read_table("workloads.csv")["share_of_load"].sum() == pytest.approx(1.0)


def test_provinces_share_each_kind_of_work_completely(setting):
    weights = origin_weights(setting)
    assert len(weights) == 31
    assert weights.sum().to_numpy() == pytest.approx([1.0, 1.0, 1.0])


def test_load_of_the_first_period_is_the_share_grown_workload_by_workload(setting, instance):
    """Base ÷ (1 + 0.06·0.5 + 0.16·0.35) is active; each workload grows 1.5 years to the period's middle."""
    table = read_table("workloads.csv", "id")
    active = operator_mw(setting) / (1 + 0.06 * 0.5 + 0.16 * 0.35)
    grown = active * table["share_of_load"] * (1 + table["growth_per_year"]) ** (2026.5 - 2025)
    with_standby = grown * (1 + (table["replicas"] - 1) * table["standby_fraction"])
    assert instance["load"].sel(period=2026).sum().item() == pytest.approx(with_standby.sum())


def test_the_operator_is_of_the_size_the_study_speaks_of(instance):
    total = instance["load"].sum("stream")
    assert 450 < total.sel(period=2026) < 600
    assert 1300 < total.sel(period=2034) < 1600


def test_the_model_s_use_of_racks_comes_near_the_published_electricity(setting):
    """8.1 million racks · 2.5 kW · mean use · 8,760 h · PUE 1.48 against 150 TWh: within 10 %."""
    table = reconciliation(setting).set_index(["quantity", "year"])["value"]
    assert abs(table.loc[("its error against the published figure", 2023)]) < 0.10
    assert table.loc[("load of the study", 2026)] == pytest.approx(stream_table(setting)[2026].sum())


def test_joining_small_streams_conserves_load_and_people():
    joined = stream_table(study())
    apart = stream_table(study(demand={"smallest_stream_share": 0.0, "smallest_stream_mw": 0.0}))
    assert len(joined) < len(apart)
    for amounts in (["people"], PERIODS):
        by_workload = [table.groupby("workload")[amounts].sum() for table in (joined, apart)]
        pd.testing.assert_frame_equal(*by_workload)


def test_a_small_stream_joins_its_nearest_neighbour():
    """Lhasa is nearest to Kunming by a few km before Chengdu; Xining's small AI training goes to Lanzhou."""
    apart = stream_table(study(demand={"smallest_stream_share": 0.0}))[2026]
    joined = stream_table(study())[2026]
    gained = joined - apart.reindex(joined.index)
    assert not {"tibet/payments/1", "qinghai/ai_training/1"} & set(joined.index)
    assert gained["yunnan/payments/1"] == pytest.approx(apart["tibet/payments/1"])
    assert gained["gansu/ai_training/1"] == pytest.approx(apart["qinghai/ai_training/1"])


def test_the_share_of_the_market_changes_every_stream_alike_and_none_vanishes(instance):
    doubled = demand(study(demand={"market_share": 0.031}))
    assert doubled["stream"].equals(instance["stream"])
    assert doubled["load"].values == pytest.approx(2 * instance["load"].values)


def test_a_standby_holds_the_same_people_and_its_fraction_of_the_load(instance):
    active, standby = (instance.sel(stream=f"guizhou/payments/{replica}") for replica in (1, 2))
    assert standby["load"].values == pytest.approx(0.5 * active["load"].values)
    assert (standby["people"] == active["people"]).all()
    assert "guizhou/web/2" not in instance["stream"]


def test_people_are_users_within_reach_of_the_workload():
    """Guizhou: 38.6 million residents · 70 % online · 15 % reached · 90 % pay."""
    whole = demand(study(demand={"smallest_stream_share": 0.0}))
    found = whole["people"].sel(stream="guizhou/payments/1", period=2026).item()
    assert found == pytest.approx(38.6e6 * 0.70 * 0.15 * 0.9, abs=1)


def test_markets_abroad_appear_only_when_asked_for_with_the_load_stated():
    terms = {"markets": {"sg": 20.0}, "workloads": ["enterprise"], "provinces": ["shanghai"]}
    table = stream_table(study(demand={**terms, "growth_multiplier": 0.0}))
    assert set(table["origin"]) == {"sg", "shanghai"}
    assert table.loc[table["origin"] == "sg", 2026].sum() == pytest.approx(20.0)


def test_a_market_is_never_joined_to_the_mainland():
    table = stream_table(study(demand={"markets": {"hk": 0.02}, "workloads": ["web"]}))
    assert "hk/web/1" in table.index


def test_leaving_work_out_leaves_the_rest_as_it_was(instance):
    only = demand(study(demand={"workloads": ["web"]}))
    assert only["load"].values == pytest.approx(instance["load"].sel(stream=only["stream"]).values)


def test_the_profile_uses_the_same_energy_each_month_at_every_site(setting, instance):
    hours = xr.DataArray(setting.slices["hours"].to_numpy(), dims="slice")
    month = xr.DataArray(setting.slices["month"].to_numpy(), dims="slice", name="month")
    energy = (instance["it_profile"] * hours).groupby(month).sum()
    natural = xr.DataArray(natural_profile(setting, 0.6), dims=["workload", "slice"])
    expected = (natural * hours).groupby(month).sum()
    for site in ("gui-an", "frankfurt", "existing-beijing"):
        np.testing.assert_allclose(energy.sel(site=site), expected, rtol=1e-12)


def test_the_profile_stays_within_provisioned_load(instance):
    assert instance["it_profile"].min() > 0
    assert instance["it_profile"].max() <= 0.95 + 1e-12


def test_waiting_work_fills_the_cheapest_block_and_spills_into_the_next():
    """0.6 in three 8 h blocks, 40 % may wait: 0.72 to place; the cheapest takes 0.95 − 0.36 = 0.59."""
    natural, hours = np.array([[0.6, 0.6, 0.6]]), np.array([8.0, 8.0, 8.0])
    shifted = shift_to_cheap_blocks(natural, hours, np.array([[1.0, 3.0, 2.0]]), np.array([0.4]), 0.95)
    assert shifted[0, 0] == pytest.approx([0.95, 0.36, 0.36 + 0.72 - 0.59])


def test_work_that_cannot_wait_and_sites_with_one_price_keep_their_hours():
    natural, hours, price = np.array([[0.6, 0.7]]), np.array([12.0, 12.0]), np.array([[2.0, 1.0], [1.0, 1.0]])
    firm = shift_to_cheap_blocks(natural, hours, price, np.array([0.0]), 0.95)
    assert firm[0] == pytest.approx(natural)
    flat = shift_to_cheap_blocks(natural, hours, price, np.array([0.5]), 0.95)
    assert flat[1] == pytest.approx(natural)
    assert flat[0, 0, 1] > 0.9


@pytest.mark.parametrize("time", [{"resolution": "season"}, {"block_starts": [0, 7, 11, 19]}])
def test_profiles_follow_any_cut_of_the_year(time):
    cut = study(time=time)
    found = demand(cut)["it_profile"]
    hours = xr.DataArray(cut.slices["hours"].to_numpy(), dims="slice")
    mean = (found * hours).sum("slice") / 8760
    assert found.sizes["slice"] == len(cut.slices)
    expected = np.broadcast_to(cut.workloads["utilisation"].to_numpy(), mean.shape)
    assert mean.values == pytest.approx(expected, abs=1e-4)


def test_the_fleet_carries_most_of_the_first_load_and_retires_on_its_year(instance):
    """5 MW halls used to 85 %: 60 to 75 % of 2026; Beijing's two halls of 2028 are gone in 2028."""
    halls = instance["existing_halls"].sum(["site", "hall_type"])
    assert 0.60 < 5 * 0.85 * halls.sel(period=2026) / instance["load"].sel(period=2026).sum() < 0.75
    beijing = instance["existing_halls"].sel(site="existing-beijing", hall_type="legacy")
    table = read_table("existing_fleet.csv").query("province == 'beijing'").set_index("retire_year")["halls"]
    assert beijing.sel(period=2026) == table.sum()
    assert beijing.sel(period=2026) - beijing.sel(period=2028) == table.loc[2028]
    assert instance["existing_halls"].sel(site="gui-an").sum() == 0


def test_every_province_has_a_fleet():
    provinces = read_table("origins.csv").query("kind == 'province'")["id"]
    assert set(read_table("existing_fleet.csv")["province"]) == set(provinces)


def test_evidence_names_streams_and_known_sources(setting):
    table = evidence_demand(setting)
    assert set(table["source"]) <= set(sources().index)
    assert table.loc[table["field"] == "load", "note"].str.contains("guizhou/web/1").any()
    assert set(table.loc[table["field"] == "existing_halls", "site"]) == {
        site for site in setting.sites.index if site.startswith("existing-")
    }


def test_own_demand_replaces_the_embedded_one(tmp_path: Path):
    """12 MW in 2026 and 30 MW in 2036: half-way through 2027 it is 12 + 0.05 · 18."""
    (tmp_path / "loads.csv").write_text(
        "origin,workload,people,2026,2036\nguizhou,web,1000,12,30\nshanghai,payments,,4,4\n", encoding="utf-8"
    )
    own = study(tmp_path, demand={"own_demand": "loads.csv"})
    table = stream_table(own)
    assert list(table.index) == ["guizhou/web/1", "shanghai/payments/1", "shanghai/payments/2"]
    assert table.loc["guizhou/web/1", 2026] == pytest.approx(12 + 0.05 * 18)
    assert table.loc["guizhou/web/1", "people"] == 1000
    assert table.loc["shanghai/payments/1", "people"] > 0
    assert table.loc["shanghai/payments/2", 2034] == pytest.approx(2.0)
    assert set(evidence_demand(own).query("field == 'load'")["evidence"]) == {"user"}


def test_an_own_demand_table_is_refused_with_every_fault(tmp_path: Path):
    (tmp_path / "loads.csv").write_text(
        "origin,workload,2028,2030,size\nguizou,web,12,1\nguizhou,webb,-3,\nbeijing,web,1,1\nbeijing,web,1,inf\n",
        encoding="utf-8",
    )
    with pytest.raises(BadInput) as refused:
        stream_table(study(tmp_path, demand={"own_demand": "loads.csv"}))
    message = str(refused.value)
    wrong = ("'size'", "does not enclose", "did you mean guizhou?", "did you mean web?", "2028 is -3")
    for part in (*wrong, "2030 is inf", "appears twice"):
        assert part in message, part
    assert {fault.where for fault in refused.value.faults} == {"header", "row 2", "row 3", "row 5"}


def test_an_own_fleet_replaces_the_embedded_one(tmp_path: Path):
    (tmp_path / "fleet.csv").write_text(
        "province,hall_type,halls,retire_year\nguizhou,legacy,3,2030\n", encoding="utf-8"
    )
    halls = demand(study(tmp_path, demand={"own_fleet": "fleet.csv"}))["existing_halls"]
    assert halls.sum(["site", "hall_type"]).values.tolist() == [3, 3, 0, 0, 0]


def test_load_shapes_are_rebuilt_byte_for_byte(tmp_path: Path):
    """From synthetic traces that peak at hour 12 with a tenth of the mean."""
    from data.ingest.demand import TRACES

    (tmp_path / "workload").mkdir()
    for files in TRACES.values():
        for name, hours in files:
            hour = np.arange(hours)
            load = 0.5 * (1 - 0.1 * np.cos(2 * np.pi * hour / 24))
            pd.DataFrame({"cpu_load": load}).to_csv(tmp_path / "workload" / name, index=False)
    written = []
    for _ in range(2):
        rebuild(tmp_path, tmp_path)
        written.append((tmp_path / "demand_profiles.csv").read_bytes())
    assert written[0] == written[1]
    shapes = pd.read_csv(tmp_path / "demand_profiles.csv").pivot_table("shape", "hour", "profile")
    assert shapes.loc[12, ["batch", "online", "steady"]].tolist() == pytest.approx([1.1, 1.1, 1.0])
    assert shapes.mean().tolist() == pytest.approx([1.0, 1.0, 1.0], abs=1e-4)
