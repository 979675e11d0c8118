"""Requests without a plan: what conflicts, whether all of it is needed, and what repairs cost."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from itertools import chain, combinations
from pathlib import Path
from time import perf_counter

import numpy as np
import pytest
import xarray as xr

from model.errors import Infeasible
from model.events import Event, SolveOptions
from model.solver import solve
from model.studies import study_text
from model.studies.conflict_text import snippet
from model.studies.conflicts import Report, conflicts
from model.studies.feasible import Feasible
from model.studies.irreducible import irreducible
from model.studies.levers import least_move, wide_open
from model.studies.loosened import Loosened, loosened
from model.studies.remedies import moved, told
from model.studies.solving import Solving
from tests.conflicting import (
    capital_and_forced_sites,
    carbon_and_demand,
    closed,
    forced,
    green_without_contracts,
    grid_steps,
    latency_and_forbidden_sites,
    law_and_latency,
    most_sites_and_forced_sites,
    most_sites_and_plots,
    near,
    of_period,
    pue_below_the_best,
    replicas_and_forbidden_sites,
    whole_halls,
    world,
)
from tests.synthetic import synthetic_instance

GAP = 0.02
ROUGH = SolveOptions(gap=0.5, time_limit_s=30, threads=1)
FINE = Solving(SolveOptions(gap=GAP, time_limit_s=30, threads=1))


CASES: dict[Callable[[], xr.Dataset], set[str]] = {
    latency_and_forbidden_sites: {"latency/work-0/o-0", "forbid"},
    capital_and_forced_sites: {"capital/2026", "forced/site-0", "forced/site-1", "forced/site-2"},
    carbon_and_demand: {"carbon/2026", "demand"},
    whole_halls: {"plots", "demand"},
    most_sites_and_forced_sites: {"site/2026", "forced/site-0", "forced/site-1"},
    most_sites_and_plots: {"site/2026", "plots", "demand"},
    pue_below_the_best: {"pue"},
    green_without_contracts: {"green", "demand"},
    law_and_latency: {"latency/work-0/o-0", "law/CN/non_personal/operator"},
    replicas_and_forbidden_sites: {"replicas/work-0", "forbid"},
    grid_steps: {"grid"},
}


def plan_exists(instance: xr.Dataset, m: Loosened, held: Sequence[str]) -> bool:
    """By the solver: whether a plan exists with all requirements lifted but those."""
    levers = dict.fromkeys(one.lever for one in m.requirements.values())
    kept = {m.requirements[key].lever for key in held}
    free = moved(instance, [wide_open(m, lever) for lever in levers if lever not in kept])
    try:
        solve(free, ROUGH)
    except Infeasible:
        return False
    return True


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_the_conflict_is_named_and_every_part_of_it_is_needed(case: Callable[[], xr.Dataset]) -> None:
    """Brute force by the solver over all subsets: only the whole set has no plan."""
    instance = case()
    found = conflicts(instance, solving=FINE, seconds=60, most_repairs=0)
    keys = list(found["requirement"].values[found["conflict_of"].values == 0])
    assert found.attrs["status"] == "infeasible"
    assert set(keys) == CASES[case]
    assert found["irreducible"].values.all()
    m = loosened(instance)
    subsets = chain.from_iterable(combinations(keys, size) for size in range(len(keys) + 1))
    assert {one for one in subsets if not plan_exists(instance, m, one)} == {tuple(keys)}


REPAIRED = {
    latency_and_forbidden_sites: {"latency/work-0", "forbid"},
    capital_and_forced_sites: {"capital"},
    carbon_and_demand: {"carbon"},
    whole_halls: {"plots", "demand"},
    most_sites_and_plots: {"site", "plots"},
    pue_below_the_best: {"pue"},
}


@pytest.mark.parametrize("case", REPAIRED, ids=lambda case: case.__name__)
def test_repairs_admit_a_plan_that_costs_what_they_say(case: Callable[[], xr.Dataset]) -> None:
    """Each repair, made on the instance and solved anew, costs its price within both gaps."""
    instance = case()
    report = Report(instance, None, FINE, perf_counter(), 90.0, 4)
    found = report.made()
    moved_by = {move.lever for repair in report.repairs for move in repair.moves}
    assert moved_by >= REPAIRED[case]
    for repair, cost, gap in zip(report.repairs, found["cost_cny"].values, found["gap"].values, strict=True):
        again = solve(moved(instance, repair.moves), SolveOptions(gap=GAP / 4, time_limit_s=30, threads=1))
        assert again.attrs["bound_cny"] <= cost * (1 + 1e-9)
        assert cost * (1 - gap) <= again.attrs["objective_cny"] * (1 + 1e-9)
    free = found.isel(repair=found["serves"].values == 1)
    assert (free["price_cny"] >= 0).all()
    assert (free["cost_cny"] - free["price_cny"]).values == pytest.approx(found.attrs["base_cny"])
    assert list(free["cost_cny"].values) == sorted(free["cost_cny"].values)


def test_a_millisecond_less_or_a_yuan_less_would_not_do() -> None:
    """Of the round trips 1.5 (forbidden), 3.93 and 9 ms the least limit is 4.0; the budget is the least but 1 %."""
    instance = latency_and_forbidden_sites()
    f = feasible(instance)
    move = least_move(f, list(f.m.requirements), {}, "latency/work-0")
    assert move is not None
    assert move.value == 4.0
    assert told(instance, move) == "allow 4 ms for work 0"

    instance = capital_and_forced_sites()
    f = feasible(instance)
    move = least_move(f, list(f.m.requirements), {}, "capital")
    assert move is not None
    solve(moved(instance, [move]), ROUGH)
    with pytest.raises(Infeasible):
        solve(of_period(instance, capital_limit=move.value * 0.985), ROUGH)


def test_the_fewest_sites_are_let() -> None:
    """Both forbidden sites are near enough; one of them is enough."""
    instance = latency_and_forbidden_sites()
    both = closed(near(instance, "o-0", [1.5, 1.6, 9.0]), "site-0", "site-1")
    f = feasible(both)
    move = least_move(f, list(f.m.requirements), {}, "forbid")
    assert move is not None
    assert len(move.sites) == 1
    solve(moved(both, [move]), ROUGH)


def feasible(instance: xr.Dataset) -> Feasible:
    return Feasible(loosened(instance), 60.0, lambda: False)


@pytest.mark.parametrize("seed", range(10))
def test_a_plan_is_said_to_exist_just_where_the_solver_finds_one(seed: int) -> None:
    """Random limits, some of them out of reach; law, replicas, old halls, two periods and contracts included."""
    r = np.random.default_rng(seed)
    instance = synthetic_instance(
        sites=3, origins=2, workloads=2, periods=2, hydro_years=2, hall_types=2, seed=seed, demand_mw=50.0
    )
    sites = instance.sizes["site"]
    limits = {
        "capital_limit": ("period", np.full(2, r.uniform(4e8, 3e9))),
        "carbon_limit": ("period", np.full(2, r.uniform(2e3, 1.5e5))),
        "pue_ceiling": ("site", np.full(sites, r.uniform(1.1, 1.4))),
        "green_share": ("site", np.full(sites, r.uniform(0.1, 0.9))),
        "site_limit": ("period", np.full(2, float(r.integers(1, 4)))),
    }  # fmt: skip
    names = r.choice(list(limits), 2, replace=False)
    instance = instance.assign({name: limits[name] for name in names}).assign(
        plot_limit=instance["plot_limit"] * r.uniform(0.3, 1.2), latency_limit=instance["latency_limit"] * 0.8
    )
    try:
        solve(instance, ROUGH)
        exists = True
    except Infeasible:
        exists = False
    f = feasible(instance)
    assert (f.conflict(list(f.m.requirements)) is None) == exists


def test_two_conflicts_are_told_apart_and_repaired_together() -> None:
    instance = of_period(forced(latency_and_forbidden_sites(), "site-1", "site-2"), site_limit=1)
    found = conflicts(instance, solving=FINE, seconds=60)
    assert found.sizes["conflict"] == 2
    assert list(found["found_by"].values) == ["arithmetic", "linear"]
    assert all(", and " in text for text in found["repair_text"].values)
    assert "And apart from that" in study_text(found)


def test_a_study_with_a_plan_is_said_to_have_one() -> None:
    found = conflicts(world(), solving=FINE)
    assert found.attrs["status"] == "feasible"
    assert found.sizes["requirement"] == found.sizes["repair"] == 0
    assert study_text(found) == "A plan exists: all requirements can hold together."


def test_the_report_reads_as_sentences_and_is_kept(tmp_path: Path) -> None:
    events: list[Event] = []
    listening = Solving(FINE.options, events.append)
    found = conflicts(latency_and_forbidden_sites(), solving=listening, seconds=60)
    lines = study_text(found).splitlines()
    assert lines[0] == "No plan can exist: these requirements cannot hold together."
    assert "- Work 0 of O 0 within 2 ms round trip" in lines
    assert "- No new halls at site-0 (forbidden by the scenario)" in lines
    assert any("Allow 4 ms for work 0 (site-1)" in line for line in lines)
    assert any("Allow site-0" in line for line in lines)
    assert any(event.phase == "conflicts" for event in events)
    assert any(event.message.startswith("repair 1") for event in events)
    found.to_netcdf(tmp_path / "report.nc", engine="h5netcdf")
    assert study_text(xr.open_dataset(tmp_path / "report.nc", engine="h5netcdf")) == "\n".join(lines)


def test_without_time_nothing_is_claimed() -> None:
    found = conflicts(carbon_and_demand(), solving=FINE, seconds=0.01)
    assert found.attrs["status"] == "unknown"
    assert "Not settled" in study_text(found)


def test_a_stop_keeps_the_conflict_that_is_known() -> None:
    messages: list[str] = []

    def stop() -> bool:
        return any(message.startswith("giving up") for message in messages)

    listening = Solving(FINE.options, lambda event: messages.append(event.message), stop)
    found = conflicts(latency_and_forbidden_sites(), solving=listening, seconds=60)
    assert found.attrs["status"] == "infeasible"
    assert found.sizes["requirement"] == 2
    assert not np.isfinite(found["cost_cny"]).any()


def test_changes_of_a_scenario_make_the_repaired_study() -> None:
    """The template study with a budget of a million: the repair's own keys give it a plan of the price told."""
    from data.instance import build_instance
    from data.scenario.reading import read_scenario, with_overrides

    study = read_scenario("own-data", {
        "policy.capital_limit_cny": 1e6, "time.resolution": "season", "time.hydro_years": [2020],
        "time.periods": [2026], "time.last_year": 2028, "sites.existing_fleet": False,
    })  # fmt: skip
    found = conflicts(study, solving=FINE, seconds=90)
    by_text = dict(zip(found["repair_text"].values, found["changes"].values, strict=True))
    (change,) = [json.loads(keys) for text, keys in by_text.items() if "capital" in text]
    assert list(change) == ["policy.capital_limit_cny"]
    solve(build_instance(with_overrides(study, change)), ROUGH)
    assert f"policy: {{capital_limit_cny: {change['policy.capital_limit_cny']}}}" in study_text(found)


def test_changes_are_written_as_a_file_would_hold_them() -> None:
    assert snippet({"sites.forbid": [], "policy.water_permit_m3.gui-an": 2e6, "policy.hub_pack": False}) == (
        "sites: {forbid: []}\npolicy: {water_permit_m3: {gui-an: 2000000.0}, hub_pack: false}"
    )


def test_the_filter_needs_few_questions_for_a_small_conflict_among_many() -> None:
    asked: list[int] = []

    def clash(keys: list[str]) -> list[str] | None:
        asked.append(len(keys))
        return keys if {"7", "180"} <= set(keys) else None

    assert irreducible([str(n) for n in range(200)], clash) == ["7", "180"]
    assert len(asked) < 60


def test_every_row_that_counts_exported_persons_has_a_switch() -> None:
    """A million persons, of whom a tier admits all but one: both rows on them are loosened by the law on persons."""
    made = world(law=True, sites=5, workloads=2)
    made = made.assign(people=made["people"] * 0 + 1e6)
    m = loosened(made)
    switches = np.concatenate([columns for key, columns in m.held.items() if key.startswith("persons/")])
    for name in ("exports_within_tier", "nearly_all_is_not_all"):
        rows, _ = m.core_rows(name)
        assert len(rows)
        assert (m.sheet.matrix[rows][:, switches].sum(axis=1) == -1).all()
