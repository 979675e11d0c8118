"""The order of a sweep: who is solved when, from whose plan each starts, and who waits for whom."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

from data.scenario.reading import read_scenario
from model.batch.design import Axis, Design
from model.batch.order import Agenda, Step, farthest_first, positions, steps
from model.batch.plan import SweepPlan, plan_sweep

CARBON, LOAD = "policy.carbon_price_cny_per_t", "demand.load_multiplier"


@pytest.fixture(scope="module")
def plan() -> SweepPlan:
    """A sweep of 5 × 4 members."""
    axes = (Axis(CARBON, (0, 50, 100, 150, 200)), Axis(LOAD, (0.8, 0.9, 1.0, 1.1)))
    return plan_sweep(read_scenario("own-data"), Design("grid", axes))


def worked_off(agenda: Agenda, at_once: int, without_plan: frozenset[str] = frozenset()) -> list[Step]:
    """The steps of an agenda when so many members are under way at once and the oldest is done first."""
    done, running = list[Step](), list[Step]()
    while True:
        while len(running) < at_once and (step := agenda.next()) is not None:
            running.append(step)
        if not running:
            return done
        done.append(running.pop(0))
        agenda.finish(done[-1].member.key, done[-1].member.key not in without_plan)


def test_the_middle_comes_first_then_the_farthest_each_from_its_nearest() -> None:
    line = np.arange(5.0)[:, None]
    assert farthest_first(line, 0, 1) == [(2, None), (0, 2), (4, 2), (1, 2), (3, 2)]


def test_points_at_hand_come_before_all_and_are_started_from() -> None:
    line = np.array([[0.0], [10.0], [1.0], [8.0]])
    assert farthest_first(line, 2, 1) == [(3, 1), (2, 0)], "8 is 2 from 10, and 1 is 1 from 0"


@pytest.mark.parametrize("cold", [1, 2, 7])
def test_as_many_start_from_nothing_as_there_are_workers(plan: SweepPlan, cold: int) -> None:
    planned = steps(plan, plan.members, (), cold)
    assert [step.start is None for step in planned] == [True] * cold + [False] * (20 - cold)
    assert sorted(step.member.number for step in planned) == list(range(20)), "every member once"


def test_most_members_of_a_grid_start_from_a_neighbour(plan: SweepPlan) -> None:
    place = {member.key: np.array(member.place) for member in plan.members}
    apart = [
        np.abs(place[step.member.key] - place[step.start]).sum()
        for step in steps(plan, plan.members, (), 1)
        if step.start is not None
    ]
    assert np.mean(np.array(apart) == 1) > 0.5


def test_the_order_is_the_same_when_asked_again_and_whoever_is_quickest(plan: SweepPlan) -> None:
    planned = steps(plan, plan.members, (), 2)
    assert planned == steps(plan, plan.members, (), 2)
    starts = {step.member.key: step.start for step in planned}
    for at_once in (1, 3, 20):
        order = worked_off(Agenda(planned, ()), at_once)
        assert {step.member.key: step.start for step in order} == starts


def test_nobody_begins_before_its_start_is_done(plan: SweepPlan) -> None:
    done: set[str] = set()
    for step in worked_off(Agenda(steps(plan, plan.members, (), 2), ()), 4):
        assert step.start is None or step.start in done
        done.add(step.member.key)
    assert len(done) == 20


def test_behind_a_member_without_a_plan_one_starts_from_what_that_one_started_from(plan: SweepPlan) -> None:
    planned = steps(plan, plan.members, (), 1)
    starts = {step.member.key: step.start for step in planned}
    broken = next(step.start for step in planned if step.start is not None and starts[step.start] is not None)
    order = worked_off(Agenda(planned, ()), 2, frozenset([str(broken)]))
    behind = [step.start for step in order if starts[step.member.key] == broken]
    assert set(behind) == {starts[str(broken)]}
    assert len(order) == 20
    assert {step.start for step in worked_off(Agenda(planned, ()), 2, frozenset(starts))} == {None}


def test_what_is_solved_already_is_started_from_and_not_solved_again(plan: SweepPlan) -> None:
    known = {member.key for member in plan.members[:8]}
    left = [member for member in plan.members if member.key not in known]
    planned = steps(plan, left, known, 2)
    assert [step.start is None for step in planned] == [False] * 12
    assert {step.member.key for step in planned} & known == set()


def test_a_long_list_starts_from_the_first_two_thousand() -> None:
    points = np.array(list(product(range(60), range(60))), dtype=float)
    order = farthest_first(points, 0, 1)
    assert len(order) == 3600
    assert len({at for at, _ in order}) == 3600
    late: list[Any] = [start for _, start in order[2000:]]
    assert set(late) <= {at for at, _ in order[:2000]}


def test_numbers_are_as_far_apart_as_their_part_of_the_range_and_texts_by_one() -> None:
    at = positions([{"a": 0, "b": "x"}, {"a": 100, "b": "x"}, {"a": 25, "b": "y"}])
    assert np.linalg.norm(at[0] - at[1]) == pytest.approx(1.0)
    assert np.linalg.norm(at[0] - at[2]) == pytest.approx(np.hypot(0.25, 1.0))
