"""Sweeps: designs, the instance parts members share, what is kept and never solved twice, and the cube."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from data.errors import BadInput
from data.instance import build_instance
from data.scenario.reading import read_scenario, with_overrides
from model.batch.design import Axis, Design, members_of
from model.batch.figures import response, site_loads, write_page
from model.batch.plan import plan_sweep
from model.batch.reading import axis_of, is_study, read_study, read_words, words_and_faults
from model.batch.running import plan_work
from model.batch.shared import Builder
from model.batch.store import begin, from_plain, keep, known_members, member_file
from model.batch.sweeping import assemble, sweep, variants
from model.batch.tables import member_table

CARBON, LOAD = "policy.carbon_price_cny_per_t", "demand.load_multiplier"
LATENCY = "demand.latency_limit_ms.web"
QUICK = {"solver.gap": 0.1, "solver.time_limit_s": 60}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sweep of 2 × 2 members solved in this process; the second latency limit can be met, the first cannot."""
    place = tmp_path_factory.mktemp("sweeps") / "small"
    sweep("own-data", {CARBON: [0, 200], LATENCY: [0.01, 60]}, fixed=QUICK, workers=0, out=place)
    return place


def test_a_grid_has_every_combination_and_pairs_go_side_by_side() -> None:
    axes = (Axis("a", (1, 2, 3)), Axis("b", ("x", "y")))
    assert len(members_of(Design("grid", axes))) == 3 * 2
    with pytest.raises(BadInput, match="a has 3, b has 2 values"):
        members_of(Design("paired", axes))


def test_a_latin_hypercube_draws_every_part_of_an_axis_once_and_repeats_by_seed() -> None:
    axes = (Axis("a", (), 0.0, 10.0), Axis("b", (), 1, 4, whole=True), Axis("c", ("x", "y")))
    design = Design("random", axes, samples=20, seed=3)
    drawn = pd.DataFrame(members_of(design))
    assert sorted(np.floor(drawn["a"] / 0.5)) == list(range(20)), "20 parts of 10 / 20 = 0.5, one draw in each"
    assert drawn["b"].value_counts().to_dict() == {1: 5, 2: 5, 3: 5, 4: 5}
    assert drawn["c"].value_counts().to_dict() == {"x": 10, "y": 10}
    assert members_of(design) == members_of(Design("random", axes, samples=20, seed=3))
    assert members_of(design) != members_of(Design("random", axes, samples=20, seed=4))


@pytest.mark.parametrize(
    ("word", "values"),
    [
        (f"{CARBON}=0:200:50", (0, 50, 100, 150, 200)),
        (f"{LOAD}=0.8:1.2:0.1", (0.8, 0.9, 1.0, 1.1, 1.2)),
        (f"{CARBON}=100:0:-50", (100, 50, 0)),
        ("law.as_of=2016-01-01,2018-01-01", (date(2016, 1, 1), date(2018, 1, 1))),
        ("time.hydro_years=[2021, 2022],[2023]", ([2021, 2022], [2023])),
        ("sites.existing_fleet=true,false", (True, False)),
    ],
)
def test_words_of_the_command_line_become_axes(word: str, values: tuple[object, ...]) -> None:
    assert read_words([word]).axes[0].values == values


def test_all_slips_of_a_design_are_told_at_once_with_what_was_meant() -> None:
    with pytest.raises(BadInput) as caught:
        read_words(["policy.carbon_prize_cny_per_t=0,1", f"{CARBON}=0:10:-1", "sites.forbid"])
    told = str(caught.value)
    assert "did you mean policy.carbon_price_cny_per_t?" in told
    assert "never arrives" in told
    assert "has no value" in told


@pytest.mark.parametrize(
    ("word", "told"),
    [
        (f"{CARBON}=0:10:0", "0:10:0 has a step of 0"),
        (f"{CARBON}=5:0:1", "5:0:1 never arrives; turn the ends round"),
        (f"{CARBON}=0:nan:1", "0:nan:1 does not end"),
        (f"{CARBON}=0:inf", "0:inf does not end"),
        (f"{CARBON}=0:1e9:1", "0:1e9:1 has more than 20,000 values"),
        (f"{CARBON}=1,,2", "holds an empty value"),
        (f"{CARBON}=", "has no value"),
    ],
)
def test_ranges_that_lead_nowhere_are_told(word: str, told: str) -> None:
    with pytest.raises(BadInput, match=told):
        read_words([word])


@pytest.mark.parametrize(
    ("design", "told"),
    [
        (Design("grid", (Axis(CARBON, (1, 1)),)), "has the value 1 twice"),
        (
            Design("grid", (Axis(CARBON, tuple(range(1000))), Axis(LOAD, tuple(range(1, 1001))))),
            "makes 1,000,000 members",
        ),
        (Design("random", (Axis(CARBON, (), 0, 1),), samples=10**6), "makes 1,000,000 members"),
        (Design("grid", (Axis(CARBON, (0, 1)),), samples=4), "samples: means nothing to a grid design"),
        (Design("list", (Axis(CARBON, (0, 1)),), listed=({LOAD: 1},)), "is an axis beside a list"),
        (Design("grid", (Axis(CARBON, (0, 1)),), listed=({LOAD: 1},)), "write design: list"),
        (Design("grid", (Axis(CARBON, (0, 1)), Axis(CARBON, (2, 3)))), "is an axis twice"),
        (Design("grid", (Axis(CARBON, (0, 1)),), {"solver.threads": 2}), "use --threads"),
    ],
)
def test_designs_that_cannot_be_meant_are_refused(design: Design, told: str) -> None:
    with pytest.raises(BadInput, match=told):
        members_of(design)


def test_faults_of_words_designs_and_values_come_in_one_message() -> None:
    base = read_scenario("own-data")
    design, faults = words_and_faults([f"{CARBON}=-1,b", f"{LOAD}=0:1:0"], samples=3)
    with pytest.raises(BadInput) as caught:
        plan_sweep(base, design, faults=faults)
    told = str(caught.value)
    assert [part for part in ("step of 0", "samples", "-1", "'b'") if part not in told] == []


def test_values_that_no_scenario_accepts_are_refused_before_any_work(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        sweep("own-data", {CARBON: [0, -5], "sites.forbid": [["gui-an"], ["guian"]]}, out=tmp_path / "s")
    assert "-5" in str(caught.value)
    assert "did you mean gui-an?" in str(caught.value)
    assert not (tmp_path / "s").exists()


def test_a_study_file_reads_as_a_brief(tmp_path: Path) -> None:
    file = tmp_path / "study.yaml"
    file.write_text(
        "sweep: hydro\nscenario: own-data\nset: {solver.gap: 0.1}\ndesign: random\nsamples: 4\nseed: 7\n"
        "axes:\n  power.hydro_price_multiplier: 0.5:1.5\n  policy.carbon_price_cny_per_t: [0, 80]\n"
    )
    asked = read_study(file)
    assert is_study(file)
    assert (asked.name, asked.scenario, asked.design.samples, asked.design.seed) == (
        "hydro",
        "own-data",
        4,
        7,
    )
    drawn = members_of(asked.design)
    assert all(0.5 <= member["power.hydro_price_multiplier"] <= 1.5 for member in drawn)
    file.write_text("sweep: hydro\nscenario: own-data\naxis: {}\naxes: {policy.carbon: [1]}\n")
    with pytest.raises(BadInput, match="did you mean axes"):
        read_study(file)


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
    assert made(builder)["streams"] == 3
    assert made(builder)["law"] == made(builder)["climate"] == 1


def test_a_member_without_a_plan_keeps_its_reason_and_stops_no_other(folder: Path) -> None:
    with xr.open_dataset(folder / "cube.nc", engine="h5netcdf") as cube:
        status = cube["status"].transpose(CARBON, LATENCY)
        assert status.sel({LATENCY: 0.01}).values.tolist() == ["infeasible", "infeasible"]
        assert status.sel({LATENCY: 60}).values.tolist() == ["optimal_within_gap"] * 2
        assert "web" in str(cube["reason"].sel({CARBON: 0, LATENCY: 0.01}).item())
        assert np.isnan(cube["objective_cny"].sel({CARBON: 0, LATENCY: 0.01}))


def test_the_cube_holds_accounts_that_sum_and_decisions_in_their_own_labels(folder: Path) -> None:
    with xr.open_dataset(folder / "cube.nc", engine="h5netcdf") as cube:
        good = cube.sel({LATENCY: 60})
        totals = good["account_cost"].sum(["account", "period"])
        np.testing.assert_allclose(totals, good["objective_cny"], rtol=1e-9)
        assert (good["bound_cny"] <= good["objective_cny"]).all()
        dear = good.sel({CARBON: 200})
        assert float(dear["account_cost"].sel(account="carbon").sum()) > 0
        assert float(good.sel({CARBON: 0})["account_cost"].sel(account="carbon").sum()) == 0
        assert set(good["halls"].dims) == {CARBON, "site", "hall_type", "period"}
        assert "longli-hill" in good["site"].values
        assert cube["it_load"].attrs["units"] == "MW"
        assert json.loads(cube.attrs["design"])["fixed"]["solver.threads"] == 1
        np.testing.assert_allclose(
            good["it_load"].sum("site"), good["it_mw"], err_msg="sites add up to the total by period"
        )


def test_the_tables_tell_the_same(folder: Path) -> None:
    members = member_table(folder)
    assert members[CARBON].tolist() == [0, 0, 200, 200]
    solved = members.loc[members["status"] == "optimal_within_gap"]
    for _, row in solved.iterrows():
        assert sum(cost for _, cost in row["accounts"]) == pytest.approx(row["objective_cny"])
    rows = pd.read_parquet(folder / "decisions.parquet")
    loads = rows.loc[(rows["quantity"] == "it_load") & (rows["period"] == 2030)]
    assert loads.groupby("member")["value"].sum().to_dict() == pytest.approx(solved["it_mw_last"].to_dict())
    assert rows.loc[rows["quantity"] == "it_load", "unit"].unique() == ["MW"]


def test_a_sweep_solves_nothing_twice(folder: Path, tmp_path: Path) -> None:
    written = {file.name: file.stat().st_mtime_ns for file in (folder / "members").iterdir()}
    sweep("own-data", {CARBON: [0, 200], LATENCY: [0.01, 60]}, fixed=QUICK, workers=0, out=folder)
    assert written == {file.name: file.stat().st_mtime_ns for file in (folder / "members").iterdir()}
    beside = folder.parent / "wider"
    design = Design("grid", (Axis(CARBON, (0, 100, 200)), Axis(LATENCY, (0.01, 60))), QUICK)
    wider = plan_sweep(read_scenario("own-data"), design)
    begin(beside, wider)
    work = plan_work(beside, wider)
    assert [member.changes[CARBON] for member in work.todo] == [100, 100], "what a sweep beside it holds is taken"
    assert work.seconds_each is not None


def test_a_member_is_another_when_a_value_of_its_study_is() -> None:
    base = read_scenario("own-data")
    axes = (Axis(CARBON, (0, 200)),)
    keys = [member.key for member in plan_sweep(base, Design("grid", axes)).members]
    again = [member.key for member in plan_sweep(read_scenario("own-data"), Design("grid", axes)).members]
    other = [m.key for m in plan_sweep(with_overrides(base, {LOAD: 1.1}), Design("grid", axes)).members]
    assert keys == again
    assert len({*keys, *other}) == 4


def test_lost_members_are_tried_again_and_half_written_ones_do_not_count(tmp_path: Path) -> None:
    from model.batch.outcome import no_outcome

    plan = plan_sweep(read_scenario("own-data"), Design("grid", (Axis(CARBON, (0, 1, 2, 3)),)))
    begin(tmp_path / "s", plan)
    lost, failed, infeasible, torn = (member.key for member in plan.members)
    keep(tmp_path / "s", lost, no_outcome("lost", "its worker died"))
    keep(tmp_path / "s", failed, no_outcome("failed", "ValueError"))
    keep(tmp_path / "s", infeasible, no_outcome("infeasible", "too far"))
    member_file(tmp_path / "s", torn).write_text('{"coords": {}, "variables": {"sta')
    assert set(known_members(tmp_path / "s", [m.key for m in plan.members])) == {lost, failed, infeasible}
    assert {m.key for m in plan_work(tmp_path / "s", plan).todo} == {lost, torn}
    assert {m.key for m in plan_work(tmp_path / "s", plan, retry=True).todo} == {lost, torn, failed}
    cube = assemble(tmp_path / "s", plan)
    assert cube["status"].values.tolist() == ["lost", "failed", "infeasible", "pending"]


def test_an_outcome_comes_back_from_its_file_unchanged(folder: Path) -> None:
    for file in (folder / "members").glob("*.json"):
        found = from_plain(json.loads(file.read_text()))
        assert str(found["status"].item()) in ("infeasible", "optimal_within_gap")
        if "halls" in found:
            assert found["halls"].dims == ("site", "hall_type", "period")
            assert found["period"].dtype.kind == "i"


def test_a_list_of_members_has_a_coordinate_for_every_key(tmp_path: Path) -> None:
    members = [{CARBON: 50}, {"sites.exclude": ["shaoguan"]}]
    cube = sweep("own-data", members=members, fixed=QUICK, workers=0, out=tmp_path / "s")
    assert cube.sizes["member"] == 2
    assert cube["sites.exclude"].values.tolist() == ["", '["shaoguan"]']
    assert float(cube["it_load"].isel(member=1, period=-1).sel(site="shaoguan").fillna(0)) == 0


def test_the_page_has_its_plot_inside_and_shares_nothing(folder: Path) -> None:
    page = write_page(folder).read_text(encoding="utf-8")
    assert '"showSendToCloud": false' in page
    assert "<script src=" not in page, "nothing is fetched"
    figure = response(member_table(folder), site_loads(folder), [CARBON, LATENCY])
    costs = figure.data[0]
    assert len(costs.x) == 2, "a dot per member with a plan"
    heat = next(trace for trace in figure.data if trace.type == "heatmap")
    assert float(np.nansum(heat.z)) > 0


def test_an_axis_in_text_may_be_a_sequence_of_numbers() -> None:
    assert axis_of(CARBON, np.arange(0, 30, 10)).values == (0, 10, 20)
    assert axis_of(CARBON, (price for price in (0, 80))).values == (0, 80)
    with pytest.raises(BadInput, match="both ends must be numbers"):
        axis_of(CARBON, {"low": 1, "high": "much"})
    with pytest.raises(BadInput, match="write low, high and whole"):
        axis_of(CARBON, {"low": 1, "hi": 2})


def test_a_start_changes_nothing_that_is_certified(tmp_path: Path) -> None:
    fixed = {**QUICK, "solver.gap": 0.02, "time.periods": [2026], "time.last_year": 2029}
    asked = {CARBON: [0, 60, 120], LATENCY: [0.01, 60]}
    warm = sweep("own-data", asked, fixed=fixed, workers=0, out=tmp_path / "warm" / "s")
    cold = sweep("own-data", asked, fixed=fixed, workers=0, out=tmp_path / "cold" / "s", warm=False)
    assert warm["status"].values.tolist() == cold["status"].values.tolist()
    solved = cold["status"] == "optimal_within_gap"
    assert int(solved.sum()) == 3, "no latency limit of 10 µs can be met"
    assert (warm["bound_cny"] <= cold["objective_cny"]).where(solved, True).all()
    assert (cold["bound_cny"] <= warm["objective_cny"]).where(solved, True).all()
    assert len(list(tmp_path.glob("warm/s/plans/*.nc"))) == 3, "of members with a plan"
    assert list(tmp_path.glob("cold/s/plans/*")) == []


def test_variants_are_the_scenarios_of_a_design_in_its_order() -> None:
    asked = {CARBON: "0:200:100", LOAD: [1.0, 1.2]}
    found = list(variants("own-data", asked, fixed={"solver.gap": 0.1}))
    assert [change for change, _ in found][:3] == [
        {CARBON: 0, LOAD: 1.0},
        {CARBON: 0, LOAD: 1.2},
        {CARBON: 100, LOAD: 1.0},
    ]
    assert [scenario.policy.carbon_price_cny_per_t for _, scenario in found] == [0, 0, 100, 100, 200, 200]
    assert {scenario.solver.gap for _, scenario in found} == {0.1}
    assert found[0][1].solver.threads == read_scenario("own-data").solver.threads, "a loop of one's own has its threads"
    with pytest.raises(BadInput, match=r"did you mean policy\.carbon_price_cny_per_t"):
        variants("own-data", {"policy.carbon_prize_cny_per_t": [0, 1]})
