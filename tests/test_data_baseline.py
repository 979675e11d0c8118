"""What a plan is compared with."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from data.admissible import unservable_streams
from data.baseline import as_we_are, baseline_of
from data.errors import BadInput
from data.instance import build_instance
from data.scenario import Scenario
from data.scenario.reading import read_scenario, shipped_scenarios, with_overrides

SMALL = {"time.periods": [2026], "time.resolution": "season", "time.hydro_years": [2022]}


def test_a_study_without_the_section_has_no_baseline() -> None:
    assert baseline_of(read_scenario("own-data")) is None


def test_staying_as_we_are_builds_beside_the_old_halls_only_and_signs_no_contract() -> None:
    scenario = read_scenario("guizhou", SMALL)
    stay = baseline_of(scenario)
    assert isinstance(stay, Scenario)
    assert stay.name == "guizhou-baseline"
    instance = build_instance(stay)
    new = instance["site_allowed"] & (instance["site_kind"] == "candidate")
    allowed = set(instance["site"].to_numpy()[new.to_numpy()])
    assert {"beijing", "guiyang", "urumqi"} <= allowed
    assert {"hami", "datong"} <= allowed  # a second hazard zone for the standbys of their provinces
    assert not {"gui-an", "zhangjiakou", "frankfurt"} & allowed
    assert float(instance["contract_limit"].sum()) == 0
    assert unservable_streams(instance) == []


def test_a_baseline_has_no_baseline_of_its_own() -> None:
    stay = baseline_of(read_scenario("guizhou"))
    assert isinstance(stay, Scenario)
    assert baseline_of(stay) is None


def test_changes_make_the_comparison() -> None:
    before = baseline_of(read_scenario("foreign-cloud-2017"))
    assert isinstance(before, Scenario)
    assert before.law.as_of == date(2016, 1, 1)
    free = baseline_of(read_scenario("east-data-west-compute"))
    assert isinstance(free, Scenario)
    assert not free.policy.hub_pack


def test_another_study_may_be_named_by_path_or_name_and_a_run_by_its_folder(tmp_path: Path) -> None:
    (tmp_path / "other.yaml").write_text("name: other\nfinance: {discount_rate: 0.05}\n")
    (tmp_path / "run-7").mkdir()
    (tmp_path / "mine.yaml").write_text("name: mine\nbaseline: {study: other.yaml}\n")
    mine = read_scenario(tmp_path / "mine.yaml")
    other = baseline_of(mine)
    assert isinstance(other, Scenario)
    assert (other.name, other.finance.discount_rate) == ("mine-baseline", 0.05)
    shipped = baseline_of(with_overrides(mine, {"baseline.study": "drought"}))
    assert isinstance(shipped, Scenario)
    assert shipped.power.drought_years == (2022, 2023)
    assert baseline_of(with_overrides(mine, {"baseline.study": "run-7"})) == tmp_path / "run-7"


def test_a_baseline_that_cannot_be_is_refused() -> None:
    plain = Scenario(name="x", sites={"existing_fleet": False})  # type: ignore[arg-type]
    with pytest.raises(BadInput, match="no existing halls"):
        as_we_are(plain)
    with pytest.raises(BadInput, match="did you mean guizhou"):
        baseline_of(with_overrides(plain, {"baseline.study": "guizhu"}))
    with pytest.raises(BadInput, match=r"did you mean policy.hub_pack"):
        baseline_of(with_overrides(plain, {"baseline.changes": {"policy.hub_pak": False}}))


@pytest.mark.parametrize("name", shipped_scenarios())
def test_every_baseline_of_a_shipped_study_is_a_study(name: str) -> None:
    found = baseline_of(read_scenario(name))
    assert found is None or isinstance(found, Scenario)
