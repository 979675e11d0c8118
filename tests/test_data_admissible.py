"""Who may be served from where, and copies kept at home."""

from __future__ import annotations

from pathlib import Path

import pytest
import xarray as xr

from data.instance import admissible, build_instance, unservable_streams
from data.scenario.reading import read_scenario, with_overrides
from tests.synthetic import synthetic_instance

SMALL = {
    "time.resolution": "season",
    "time.periods": [2026, 2030],
    "time.hydro_years": [2021, 2022],
    "sites.include": ["gui-an", "shenzhen", "langfang", "hong-kong", "golmud"],
    "demand.provinces": ["guizhou", "guangdong", "beijing"],
}


@pytest.fixture
def plain() -> xr.Dataset:
    return synthetic_instance()


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


@pytest.mark.parametrize("limit", [0.5, 0.01])
def test_a_stream_without_a_site_is_named_with_the_nearest_and_the_reason(plain: xr.Dataset, limit: float) -> None:
    assert unservable_streams(plain) == []
    far = plain.copy(deep=True)
    far["latency_limit"].loc[{"workload": "work-1"}] = limit
    told = unservable_streams(far)
    nearest = str(far["round_trip"].sel(origin="o-0").idxmin("site").item())
    of_first = [sentence for sentence in told if sentence.startswith("o-0/work-1/1")]
    assert len(told) == far.sizes["origin"]
    assert nearest in of_first[0]
    assert f"limit {limit} ms" in of_first[0]
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
