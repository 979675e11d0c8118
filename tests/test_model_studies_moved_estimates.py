"""Which estimate, moved, makes a plan with other sites cheaper than the plan: told beside every plan."""

from __future__ import annotations

from dataclasses import asdict
from io import StringIO

import pytest
import xarray as xr
from rich.console import Console

from data.frame import make_setting
from data.instance import build_instance, moved_setting, with_moved_part
from data.scenario import Scenario
from hallsite.endings import LeftEarly
from hallsite.questions import with_answers
from model.answers import answers_of, with_answer
from model.events import SolveOptions
from model.printed import report_text
from model.report import summary
from model.studies.moved_estimates import MovedEstimates, moved_estimates
from model.studies.pricing import priced
from model.studies.solving import Solving, StoppedEarly, opened
from tests.storage_study import storage_study

RUN = Solving(SolveOptions(gap=0.001, time_limit_s=60))
SWING = 0.9


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return storage_study()


@pytest.fixture(scope="module")
def instance(scenario: Scenario) -> xr.Dataset:
    return build_instance(scenario)


@pytest.fixture(scope="module")
def plan(instance: xr.Dataset) -> xr.Dataset:
    return RUN.solve(instance, "plan")


@pytest.fixture(scope="module")
def found(scenario: Scenario, instance: xr.Dataset, plan: xr.Dataset) -> MovedEstimates:
    return moved_estimates(scenario, instance, plan, SWING)


def test_what_is_said_to_be_cheaper_is_no_cheaper_than_a_solve_finds(
    scenario: Scenario, instance: xr.Dataset, plan: xr.Dataset, found: MovedEstimates
) -> None:
    """The plan named exists, so the best plan under the move saves at least as much against the old one."""
    one = found.changed[0]
    assert abs(one.move) == SWING
    assert set(one.leaves) <= opened(plan)
    assert not set(one.opens) & opened(plan)
    setting = moved_setting(make_setting(scenario), {one.estimate: one.value * (1 + one.move)})
    moved = with_moved_part(instance, setting, one.estimate.split("_")[0])
    best = RUN.solve(moved, "moved")
    kept = float(priced(moved, plan).sum())
    assert 0 < one.cheaper_cny <= kept - float(best.attrs["bound_cny"])
    assert opened(best) != opened(plan)


def test_it_turns_between_nothing_and_the_whole_move(found: MovedEstimates) -> None:
    for one in found.changed:
        assert one.dearer_now_cny >= 0
        assert 0 <= one.turns_at / one.move <= 1
        line = one.dearer_now_cny * (1 - one.turns_at / one.move) - one.cheaper_cny * one.turns_at / one.move
        assert line == pytest.approx(0, abs=1.0)


def test_every_estimate_is_in_one_group_and_foreign_ones_touch_nothing(
    scenario: Scenario, found: MovedEstimates
) -> None:
    changed = {one.estimate for one in found.changed}
    groups = [changed, set(found.steady), set(found.silent), set(found.strained)]
    assert sum(map(len, groups)) == len(set.union(*groups)) > 40
    assert {"traffic_public_abroad_cny_per_gbps_a", "power_existing_grid_mw"} <= set(found.silent)


def test_without_a_move_nothing_is_found(scenario: Scenario, instance: xr.Dataset, plan: xr.Dataset) -> None:
    still = moved_estimates(scenario, instance, plan, swing=0.0)
    assert still.changed == []
    assert still.nearest is not None
    assert still.nearest[2] > 0


def test_the_answer_is_printed_under_the_plan_and_in_its_summary(
    instance: xr.Dataset, plan: xr.Dataset, found: MovedEstimates
) -> None:
    asked = with_answer(plan, "moved_estimates", asdict(found))
    assert answers_of(plan) == {}
    assert "answers" not in summary(instance, plan)
    assert summary(instance, asked)["answers"]["moved_estimates"]["plans"] == found.plans
    text = report_text(instance, asked)
    assert max(map(len, text.splitlines())) <= 100
    line = next(line for line in text.splitlines() if line.startswith(found.changed[0].estimate))
    assert f"{found.changed[0].move:+.0%}" in line
    assert "no proof of none" in " ".join(text.split())
    told = with_answer(asked, "mean_year", {"sentences": ["Both build at Gui'an."], "seconds": 3.0})
    assert "lived through the same years; 3.0 s\n  - Both build at Gui'an.\n" in report_text(instance, told)


def test_it_tells_how_far_it_is_and_stops_when_asked(
    scenario: Scenario, instance: xr.Dataset, plan: xr.Dataset
) -> None:
    told: list[str] = []
    solving = Solving(on_event=lambda event: told.append(event.message), should_stop=lambda: len(told) == 3)
    with pytest.raises(StoppedEarly, match="3 of"):
        moved_estimates(scenario, instance, plan, solving=solving)
    assert [line.split(" ")[0] for line in told] == ["0", "1", "2"]


def test_who_insists_on_leaving_keeps_the_plan(scenario: Scenario, instance: xr.Dataset, plan: xr.Dataset) -> None:
    """The second Ctrl-C ends the questions beside a plan, not the plan."""

    def insist() -> bool:
        raise LeftEarly("stopped")

    remarks = Console(file=StringIO(), width=100)
    kept = with_answers(make_setting(scenario), instance, plan, Solving(should_stop=insist), remarks)
    assert kept is plan
    assert isinstance(remarks.file, StringIO)
    assert "the plan is kept" in remarks.file.getvalue()
