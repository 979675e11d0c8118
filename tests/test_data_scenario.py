"""Reading, changing and writing scenarios; every fault named by its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import BadInput
from data.scenario import Scenario
from data.scenario.identity import content_hash, own_files
from data.scenario.paths import parse_override, scenario_paths
from data.scenario.reading import (
    dump_scenario,
    find_scenario,
    json_schema,
    read_scenario,
    shipped_scenarios,
    with_overrides,
)

SITES = "id,latitude,longitude\nhill,26.5,106.6\n"


def written(folder: Path, text: str, name: str = "study.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def faults_of(path: Path, *overrides: str) -> list[str]:
    with pytest.raises(BadInput) as caught:
        read_scenario(path, overrides)
    return [f"{fault.file}|{fault}" for fault in caught.value.faults]


@pytest.mark.parametrize("name", shipped_scenarios())
def test_every_shipped_scenario_reads_and_tells_its_brief(name: str) -> None:
    scenario = read_scenario(name)
    assert scenario.title
    assert len(scenario.brief) > 80


def test_a_name_is_looked_up_in_the_working_folder_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert find_scenario("guizhou").is_file()
    (tmp_path / "scenarios").mkdir()
    mine = written(tmp_path / "scenarios", "name: mine\n", "guizhou.yaml")
    assert find_scenario("guizhou").resolve() == mine
    assert read_scenario("guizhou").name == "mine"


def test_a_path_is_a_path(tmp_path: Path) -> None:
    path = written(tmp_path, "name: here\n")
    assert read_scenario(str(path)).file == path
    assert read_scenario(path).folder == tmp_path
    with pytest.raises(BadInput, match=r"study2\.yaml cannot be used"):
        read_scenario(tmp_path / "study2.yaml")


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(BadInput, match="did you mean guizhou"):
        read_scenario("guizou")


def test_all_faults_of_a_file_come_at_once_with_their_lines(tmp_path: Path) -> None:
    path = written(tmp_path, "\n".join([
        "name: bad",                        # 1
        "pereods: 3",                       # 2
        "time:",                            # 3
        "  periods: [2026, soon]",          # 4
        "  resolution: monthly",            # 5
        "  hydro_years: [2021, 1998]",      # 6
        "sites:",                           # 7
        "  include: [guian, gui-an]",       # 8
        "  force_open:",                    # 9
        "    - beijin",                     # 10
        "policy:",                          # 11
        "  carbon_price_cny_per_t: -4",     # 12
        "demand:",                          # 13
        "  workloads: [weeb]",              # 14
        "assumptions:",                     # 15
        "  cny_per_usd: 7",                 # 16
    ]))  # fmt: skip
    told = "\n".join(faults_of(path))
    for line in (2, 4, 5, 8, 10, 12, 14, 16):
        assert f"|line {line}, " in told, line
    for hint in ("time.periods?", "gui-an?", "beijing?", "web?", "cny_per_usd_2025?"):
        assert f"did you mean {hint}" in told
    assert told.count(str(path)) == told.count("\n") + 1


def test_faults_of_a_file_and_of_the_command_line_are_told_apart(tmp_path: Path) -> None:
    path = written(tmp_path, "name: bad\nsolver:\n  gap: 2\n")
    told = faults_of(path, "solver.seed=x", "policy.carbon_price=3", "sites.most_open")
    assert any(fault.startswith(f"{path}|line 3, solver.gap") for fault in told)
    assert any(fault.startswith("--set|solver.seed") for fault in told)
    assert any("did you mean policy.carbon_price_" in fault for fault in told)
    assert any("has no value" in fault for fault in told)


def test_broken_yaml_is_named_by_its_line(tmp_path: Path) -> None:
    told = faults_of(written(tmp_path, "name: x\ntime: [2026\nsites: {}\n"))
    assert "line 3" in told[0] or "line 2" in told[0]
    assert "found duplicate key" in faults_of(written(tmp_path, "name: x\nname: y\n"))[0]
    assert "holds no keys" in faults_of(written(tmp_path, "- just\n- a list\n"))[0]


def test_a_missing_name_is_a_fault_even_when_a_section_is_broken_too(tmp_path: Path) -> None:
    told = "\n".join(faults_of(written(tmp_path, "solver: fast\nsites:\n  exclude: [nowhere]\n")))
    assert "name: is missing" in told
    assert "line 1, solver" in told
    assert "line 3, sites.exclude" in told


def test_contradictions_between_choices_are_faults(tmp_path: Path) -> None:
    told = faults_of(written(tmp_path, "name: x\nsites:\n  force_open: [gui-an]\n  forbid: [gui-an]\n"))
    assert "gui-an is also forbidden" in told[0]
    told = faults_of(written(tmp_path, "name: x\nsites:\n  countries: [DE]\n  force_open: [gui-an]\n"))
    assert "left out of the study" in told[0]


def test_overrides_are_typed() -> None:
    changed = read_scenario(
        "guizhou",
        ["policy.carbon_price_cny_per_t=12.5", "time.periods=[2026, 2031]", "sites.most_open=null",
         "assumptions.cny_per_usd_2025=7", "power.certificates=false", "title=A: new one"],
    )  # fmt: skip
    assert changed.policy.carbon_price_cny_per_t == 12.5
    assert changed.time.periods == (2026, 2031)
    assert changed.sites.most_open is None
    assert changed.assumptions == {"cny_per_usd_2025": 7.0}
    assert changed.power.certificates is False


def test_an_override_of_a_whole_number_refuses_a_fraction() -> None:
    with pytest.raises(BadInput, match=r"solver\.threads: 1\.5"):
        read_scenario("guizhou", ["solver.threads=1.5"])


def test_an_override_is_a_path_and_a_yaml_value() -> None:
    assert parse_override("sites.exclude=[a, b]").value == ["a", "b"]
    assert parse_override("policy.pue_ceiling.gui-an=1.2").path == ("policy", "pue_ceiling", "gui-an")
    with pytest.raises(BadInput, match=r"did you mean solver\.threads"):
        parse_override("solver.thread=2")


def test_changes_of_a_read_scenario_leave_it_as_it_was() -> None:
    scenario = read_scenario("guizhou")
    dearer = with_overrides(scenario, {"policy.carbon_price_cny_per_t": 500})
    assert dearer.policy.carbon_price_cny_per_t == 500
    assert scenario.policy.carbon_price_cny_per_t != 500
    assert dearer.file == scenario.file


def test_the_hash_ignores_order_and_written_defaults_and_sees_every_value(tmp_path: Path) -> None:
    one = read_scenario(written(tmp_path, "name: x\nsolver: {gap: 0.01, seed: 0}\npolicy: {hub_pack: true}\n"))
    other = read_scenario(written(tmp_path, "policy: {hub_pack: true}\nsolver: {gap: 0.01}\nname: x\n", "b.yaml"))
    assert content_hash(one) == content_hash(other)
    assert content_hash(one) != content_hash(with_overrides(one, {"solver.gap": 0.02}))


def test_the_hash_sees_the_content_of_own_files_but_not_their_folder(tmp_path: Path) -> None:
    hashes = []
    for folder, table in (("a", SITES), ("b", SITES), ("c", SITES.replace("26.5", "26.6"))):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "mine.csv").write_text(table)
        path = written(tmp_path / folder, "name: x\nsites: {own_sites: mine.csv}\n")
        scenario = read_scenario(path)
        assert own_files(scenario) == [tmp_path / folder / "mine.csv"]
        hashes.append(content_hash(scenario))
    assert hashes[0] == hashes[1]
    assert hashes[0] != hashes[2]


def test_faults_of_own_files_and_of_the_scenario_come_together(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("id,latitude,longitude\nhill,266.4,106.6\n")
    told = faults_of(written(tmp_path, "name: x\nsites: {own_sites: mine.csv}\ndemand: {provinces: [hebey]}\n"))
    assert any("mine.csv|row 2" in fault and "did you mean 26.64?" in fault for fault in told)
    assert any("line 3, demand.provinces" in fault for fault in told)


def test_a_dumped_scenario_reads_back_the_same(tmp_path: Path) -> None:
    for name in shipped_scenarios():
        scenario = read_scenario(name)
        if own_files(scenario):
            continue  # its files stay where they are
        again = read_scenario(written(tmp_path, dump_scenario(scenario), f"{name}.yaml"))
        assert again.model_dump() == scenario.model_dump()


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["C"]), max_size=60), st.floats(0, 1e9))
def test_any_brief_and_price_survive_writing_and_reading(brief: str, price: float) -> None:
    from io import StringIO

    from ruamel.yaml import YAML

    scenario = Scenario.model_validate({"name": "x", "brief": brief, "policy": {"carbon_price_cny_per_t": price}})
    again = Scenario.model_validate(YAML(typ="safe", pure=True).load(StringIO(dump_scenario(scenario))))
    assert again == scenario


def test_the_schema_describes_every_key() -> None:
    schema = json_schema()
    assert set(schema["properties"]) == set(Scenario.model_fields)
    assert [path for path, meaning in scenario_paths().items() if not meaning] == []
