"""Designs of a sweep: grids, pairs, draws, lists, as words, as files and from a script."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.errors import BadInput
from data.scenario.reading import read_scenario
from model.batch.design import Axis, Design, members_of
from model.batch.plan import plan_sweep
from model.batch.reading import axis_of, is_study, read_study, read_words, words_and_faults
from model.batch.sweeping import sweep, variants

CARBON, LOAD = "policy.carbon_price_cny_per_t", "demand.load_multiplier"


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


def test_a_study_without_its_name_is_told_so_and_not_taken_for_a_scenario(tmp_path: Path) -> None:
    file = tmp_path / "study.yaml"
    file.write_text("scenario: own-data\naxes:\n  policy.carbon_price_cny_per_t: [0, 80]\n")
    assert is_study(file)
    with pytest.raises(BadInput, match="sweep: field required"):
        read_study(file)


def test_an_axis_in_text_may_be_a_sequence_of_numbers() -> None:
    assert axis_of(CARBON, np.arange(0, 30, 10)).values == (0, 10, 20)
    assert axis_of(CARBON, (price for price in (0, 80))).values == (0, 80)
    with pytest.raises(BadInput, match="both ends must be numbers"):
        axis_of(CARBON, {"low": 1, "high": "much"})
    with pytest.raises(BadInput, match="write low, high and whole"):
        axis_of(CARBON, {"low": 1, "hi": 2})


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
