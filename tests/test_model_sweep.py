"""Sweeps: what is kept and never solved twice, the cube, the tables and the page."""

from __future__ import annotations

import json
from pathlib import Path
from time import sleep

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from data.scenario.reading import read_scenario, with_overrides
from model.batch.design import Axis, Design
from model.batch.figures import draw_sweep, response, site_loads
from model.batch.gathering import assemble, is_current, open_sweep
from model.batch.outcome import no_outcome
from model.batch.plan import plan_sweep
from model.batch.record import facts_of, record_of
from model.batch.running import SweepEvent, Teller, plan_work
from model.batch.store import begin, from_plain, keep, known_members, member_file
from model.batch.sweeping import sweep
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


def test_the_estimate_before_the_first_member_is_that_of_a_like_sweep_beside(folder: Path) -> None:
    def estimate(gap: float) -> float | None:
        design = Design("grid", (Axis(CARBON, (300, 400)),), {**QUICK, "solver.gap": gap})
        return plan_work(folder.parent / "new", plan_sweep(read_scenario("own-data"), design), 2).estimate_s

    with xr.open_dataset(folder / "cube.nc", engine="h5netcdf") as cube:
        solved = cube.sel({LATENCY: 60})
        each = float((solved["seconds"] + solved["build_seconds"]).mean())
    assert estimate(0.1) == pytest.approx(2 * each / 2), "two members on two workers"
    assert estimate(0.01) is None, "a smaller gap takes longer, nobody knows how much"


def test_a_member_is_another_when_a_value_of_its_study_is() -> None:
    base = read_scenario("own-data")
    axes = (Axis(CARBON, (0, 200)),)
    keys = [member.key for member in plan_sweep(base, Design("grid", axes)).members]
    again = [member.key for member in plan_sweep(read_scenario("own-data"), Design("grid", axes)).members]
    other = [m.key for m in plan_sweep(with_overrides(base, {LOAD: 1.1}), Design("grid", axes)).members]
    assert keys == again
    assert len({*keys, *other}) == 4


def test_lost_members_are_tried_again_and_half_written_ones_do_not_count(tmp_path: Path) -> None:
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
    cube = assemble(tmp_path / "s")
    assert cube["status"].values.tolist() == ["lost", "failed", "infeasible", "pending"]


def test_tables_of_a_sweep_ended_by_force_are_made_anew_when_it_is_opened(tmp_path: Path) -> None:
    plan = plan_sweep(read_scenario("own-data"), Design("grid", (Axis(CARBON, (0, 1)), Axis(LOAD, (1.0, 1.2)))))
    begin(tmp_path / "s", plan)
    first, *others = (member.key for member in plan.members)
    keep(tmp_path / "s", first, no_outcome("infeasible", "too far"))
    assemble(tmp_path / "s").close()
    assert is_current(tmp_path / "s")
    for key in others[:2]:  # then SIGKILL: nobody gathers these
        keep(tmp_path / "s", key, no_outcome("failed", "ValueError"))
    assert not is_current(tmp_path / "s")
    with open_sweep(tmp_path / "s") as cube:
        assert cube["status"].values.tolist() == [["infeasible", "failed"], ["failed", "pending"]]
        assert cube.attrs["scenario"] == "own-data"
    assert member_table(tmp_path / "s")["status"].tolist() == ["infeasible", "failed", "failed", "pending"]
    assert is_current(tmp_path / "s")


def test_what_a_folder_tells_of_its_sweep_is_what_was_planned() -> None:
    base = read_scenario("own-data")
    listed: tuple[dict[str, object], ...] = ({CARBON: 1}, {LOAD: 1.2})
    for design in (
        Design("grid", (Axis(CARBON, (0, 1)), Axis(LOAD, (1.0, 1.2, 1.4))), {"solver.gap": 0.1}),
        Design("random", (Axis(CARBON, (), 0.0, 9.0),), samples=4, seed=2),
        Design("list", listed=listed),
    ):
        record = plan_sweep(base, design).record
        assert record_of(json.loads(json.dumps(facts_of(record, "today")))) == record


def test_an_outcome_comes_back_from_its_file_unchanged(folder: Path) -> None:
    for file in (folder / "members").glob("*.json"):
        found = from_plain(json.loads(file.read_text()))
        assert str(found["status"].item()) in ("infeasible", "optimal_within_gap")
        if "halls" in found:
            assert found["halls"].dims == ("site", "hall_type", "period")
            assert found["period"].dtype.kind == "i"


def test_a_list_of_members_has_a_coordinate_for_every_key(tmp_path: Path) -> None:
    members: list[dict[str, object]] = [{CARBON: 50}, {"sites.exclude": ["shaoguan"]}]
    cube = sweep("own-data", members=members, fixed=QUICK, workers=0, out=tmp_path / "s")
    assert cube.sizes["member"] == 2
    assert cube["sites.exclude"].values.tolist() == ["", '["shaoguan"]']
    assert float(cube["it_load"].isel(member=1, period=-1).sel(site="shaoguan").fillna(0)) == 0


def test_the_page_has_its_plot_inside_and_shares_nothing(folder: Path) -> None:
    page = draw_sweep(folder).read_text(encoding="utf-8")
    assert '"showSendToCloud": false' in page
    assert "<script src=" not in page, "nothing is fetched"
    figure = response(member_table(folder), site_loads(folder), [CARBON, LATENCY])
    costs = figure.data[0]
    assert len(costs.x) == 2, "a dot per member with a plan"
    members = member_table(folder)
    bounds = members["bound_cny"].dropna().tolist()
    assert [1e9 * (y - down) for y, down in zip(costs.y, costs.error_y.arrayminus, strict=True)] == pytest.approx(
        bounds
    )
    assert "4 members (2 infeasible, 2 optimal within gap)" in page
    heat = next(trace for trace in figure.data if trace.type == "heatmap")
    assert float(np.nansum(heat.z)) > 0


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
    assert len(list(tmp_path.glob("warm/s/plans/*.npz"))) == 3, "of members with a plan"
    assert list(tmp_path.glob("cold/s/plans/*")) == []


def test_the_time_left_counts_from_when_workers_are_there_and_all_of_them_work(tmp_path: Path) -> None:
    plan = plan_sweep(read_scenario("own-data"), Design("grid", (Axis(CARBON, (0, 50, 100, 150)),)))
    events: list[SweepEvent] = []
    told = Teller(plan, plan_work(tmp_path / "none", plan, 2), events.append)
    sleep(0.5)  # workers start
    told.begin_solving()
    told.tell(plan.members[0], no_outcome("failed", "for the test"))
    assert events[0].seconds >= 0.5
    assert events[0].left_s is not None
    assert events[0].left_s <= 3 * (events[0].seconds - 0.5) / 2
