"""Answers worked out once per setting, and taken over where moved assumptions do not touch them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from data.evidence import assumption_table, assumptions, names_read
from data.frame import make_setting
from data.instance import instance_of, moved_setting, with_moved_part
from data.once import once_per_setting
from data.scenario.reading import read_scenario
from data.setting import Setting

CHANGES = {"sites.include": ["gui-an", "shaoguan"], "sites.existing_fleet": False, "baseline.stay_as_we_are": False}
ASKED: list[str] = []


@pytest.fixture(scope="module")
def setting() -> Setting:
    return make_setting(read_scenario("guizhou", CHANGES))


@once_per_setting
def staff(setting: Setting) -> float:
    ASKED.append("staff")
    return assumptions(setting.scenario.assumptions)["costs_staff_per_site"]


@once_per_setting
def twice_the_staff(setting: Setting) -> float:
    ASKED.append("twice")
    return 2 * staff(setting)


def test_an_answer_is_worked_out_once_and_again_only_where_what_it_reads_moves(setting: Setting) -> None:
    ASKED.clear()
    assert twice_the_staff(setting) == twice_the_staff(setting)
    assert ASKED == ["twice", "staff"]
    elsewhere = moved_setting(setting, {"costs_fibre_cny_per_km": 1.0})
    assert twice_the_staff(elsewhere) == twice_the_staff(setting)
    assert ASKED == ["twice", "staff"]
    assert twice_the_staff(moved_setting(setting, {"costs_staff_per_site": 7.0})) == 14.0
    assert ASKED == ["twice", "staff", "twice", "staff"]


def test_who_goes_through_all_assumptions_reads_all() -> None:
    with names_read() as names:
        _ = assumptions({})["costs_staff_per_site"]
    assert names == {"costs_staff_per_site"}
    with names_read() as names:
        assert assumptions({}).get("costs_staff_per_site") == assumptions({})["costs_staff_per_site"]
        assert assumptions({}).get("no_such_name", 7.0) == 7.0
    assert names == {"costs_staff_per_site", "no_such_name"}


@pytest.mark.parametrize(
    "through",
    [
        list,
        dict,
        lambda found: found.copy(),
        lambda found: found.keys(),
        lambda found: found.values(),
        lambda found: found.items(),
        lambda found: found | {"costs_staff_per_site": 1.0},
        lambda found: {"costs_staff_per_site": 1.0} | found,
        lambda found: {**found},
    ],
)
def test_every_way_through_all_assumptions_reads_all(through: Callable[[dict[str, float]], object]) -> None:
    with names_read() as names:
        through(assumptions({}))
    assert names == set(assumption_table().index)


@pytest.mark.parametrize("name", ["power_transmission_factor", "power_rationing_exposure", "costs_fibre_cny_per_km"])
def test_a_moved_setting_gives_what_a_new_one_gives(setting: Setting, name: str) -> None:
    there = moved_setting(setting, {name: 1.25 * assumptions({})[name]})
    moved = with_moved_part(instance_of(setting), there, str(assumption_table()["part"].to_dict()[name]))
    whole = instance_of(make_setting(there.scenario))
    for field in whole.data_vars:
        if whole[field].dtype.kind == "f":
            np.testing.assert_array_equal(moved[field], whole[field], err_msg=str(field))
    assert not moved.equals(instance_of(setting))


def test_a_move_that_touches_nothing_leaves_the_instance_itself(setting: Setting) -> None:
    instance = instance_of(setting)
    there = moved_setting(setting, {"traffic_public_abroad_cny_per_gbps_a": 1.0})
    moved = with_moved_part(instance, there, "network")
    assert moved is instance
