"""Run folders are whole or absent, read back what was written, and refuse what is not theirs."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from data.errors import BadInput
from data.instance import build_instance
from data.scenario import Scenario
from data.scenario.identity import content_hash
from data.scenario.reading import find_scenario, read_scenario
from model.events import Event
from model.netcdf import read_dataset, write_dataset
from model.runs import FILES, find_run, open_run, run_folder, runs_in, save_run

STUDY = Scenario.model_validate({"name": "by hand", "title": "A plan by hand", "solver": {"gap": 0.01}})
EVENTS = [
    Event("relaxation", 0.5, bound=2.4e9),
    Event("plans", 1.0, 2.465e9, 2.46e9, 0.002, 120, 80, "better"),
]


@pytest.fixture
def saved(tmp_path: Path, world: xr.Dataset, plan: xr.Dataset) -> Path:
    return save_run(tmp_path / "runs" / "one", STUDY, world, plan, EVENTS, "hallsite solve by-hand")


def test_a_run_reads_back_as_it_was_written(saved: Path, world: xr.Dataset, plan: xr.Dataset) -> None:
    run = open_run(saved)
    assert (run.scenario.placed(None), run.scenario.file) == (STUDY, saved / "scenario.yaml")
    xr.testing.assert_identical(run.instance, world)
    xr.testing.assert_identical(run.solution, plan)
    assert run.instance["site_allowed"].dtype == world["site_allowed"].dtype
    assert (run.meta["status"], run.meta["objective_cny"]) == ("optimal_within_gap", 2.465e9)
    assert run.meta["command"] == "hallsite solve by-hand"
    assert run.meta["content_hash"] == content_hash(STUDY)


def test_a_run_folder_holds_exactly_its_files_and_no_draft(saved: Path) -> None:
    assert sorted(path.name for path in saved.iterdir()) == sorted(FILES)
    assert [path.name for path in saved.parent.iterdir()] == ["one"]


def test_events_are_kept_a_line_each(saved: Path) -> None:
    lines = [json.loads(line) for line in (saved / "log.jsonl").read_text().splitlines()]
    assert [line["phase"] for line in lines] == ["relaxation", "plans"]
    assert lines[0]["incumbent"] is None
    assert lines[1]["gap"] == 0.002


def test_a_second_run_of_the_same_name_does_not_touch_the_first(
    saved: Path, world: xr.Dataset, plan: xr.Dataset
) -> None:
    before = (saved / "run.json").read_bytes()
    again = save_run(saved, STUDY, world, plan)
    assert again.name == "one-2"
    assert (saved / "run.json").read_bytes() == before
    assert open_run(again).solution.attrs["objective_cny"] == 2.465e9


def test_a_failure_in_the_middle_leaves_nothing(tmp_path: Path, world: xr.Dataset, plan: xr.Dataset) -> None:
    broken = plan.assign(odd=("assignment", [object()] * plan.sizes["assignment"]))
    with pytest.raises(ValueError, match="odd"):
        save_run(tmp_path / "runs" / "one", STUDY, world, broken)
    assert list((tmp_path / "runs").iterdir()) == []


@pytest.mark.parametrize("name", [name for name in FILES if name != "run.json"])
def test_a_half_copied_run_is_refused_by_the_name_of_the_missing_file(saved: Path, name: str) -> None:
    (saved / name).unlink()
    with pytest.raises(BadInput, match=re.escape(f"{name}: is missing")):
        open_run(saved)


def test_a_foreign_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "holiday.jpg").touch()
    with pytest.raises(BadInput, match="not a run folder"):
        open_run(tmp_path)
    with pytest.raises(BadInput, match="does not exist"):
        open_run(tmp_path / "nowhere")


def test_a_run_of_another_format_is_refused_with_both_formats(saved: Path) -> None:
    facts = json.loads((saved / "run.json").read_text())
    (saved / "run.json").write_text(json.dumps(facts | {"format": "hallsite run 9"}))
    with pytest.raises(BadInput, match="'hallsite run 9', this version reads 'hallsite run 1'"):
        open_run(saved)


def test_a_scenario_of_another_version_is_refused_by_its_name(saved: Path) -> None:
    with (saved / "scenario.yaml").open("a") as stream:
        stream.write("tides: {moon: full}\n")
    with pytest.raises(BadInput, match=re.escape("scenario.yaml: cannot be read by this version")):
        open_run(saved)


def test_a_damaged_dataset_is_refused_by_its_name(saved: Path) -> None:
    (saved / "solution.nc").write_bytes((saved / "solution.nc").read_bytes()[:500])
    with pytest.raises(BadInput, match=re.escape("solution.nc: cannot be read")):
        open_run(saved)


def test_runs_are_found_by_path_by_beginning_and_by_last(saved: Path, tmp_path: Path) -> None:
    root = saved.parent
    shutil.copytree(saved, root / "other")
    (root / ".writing-abc").mkdir()
    (root / ".writing-abc" / "run.json").touch()
    assert runs_in(root) == [saved, root / "other"]
    assert find_run(str(saved)) == saved
    assert find_run("oth", root) == root / "other"
    assert find_run("last", root) == root / "other"
    with pytest.raises(BadInput, match="names no run; there are one, other"):
        find_run("nothing", root)


def test_the_folder_name_tells_study_time_and_content(tmp_path: Path) -> None:
    folder = run_folder(tmp_path, STUDY)
    assert re.fullmatch(r"by-hand-\d{8}-\d{6}-[0-9a-f]{8}", folder.name)
    assert folder.name.endswith(content_hash(STUDY)[:8])


def test_a_dimension_of_length_zero_and_odd_attributes_survive(tmp_path: Path) -> None:
    empty = xr.Dataset(
        {"people": (("export_group",), []), "name": (("export_group",), [])},
        coords={"export_group": []}, attrs={"flag": True, "nothing": None, "list": [1, 2]},
    )  # fmt: skip
    write_dataset(tmp_path / "empty.nc", empty)
    back = read_dataset(tmp_path / "empty.nc")
    assert back.sizes["export_group"] == 0
    assert back.attrs == {"flag": "true", "nothing": "null", "list": "[1, 2]"}


def test_a_run_carries_the_files_of_its_study_wherever_it_is_moved(
    tmp_path: Path, world: xr.Dataset, plan: xr.Dataset
) -> None:
    """Solved from a folder that is gone afterwards, the study still makes the same figures."""
    home = tmp_path / "home"
    shutil.copytree(find_scenario("own-data").parent, home)
    scenario = read_scenario(home / "own_data.yaml", ["time.periods=[2026]", "time.hydro_years=[2022]"])
    before = build_instance(scenario)
    folder = save_run(tmp_path / "runs" / "own", scenario, world, plan)
    shutil.rmtree(home)
    moved = tmp_path / "elsewhere"
    shutil.move(folder, moved)
    run = open_run(moved)
    assert content_hash(run.scenario) == run.meta["content_hash"]
    xr.testing.assert_identical(build_instance(run.scenario), before)
    assert read_scenario(moved / "scenario.yaml") == run.scenario


def test_a_file_from_outside_the_study_s_folder_gets_a_path_of_the_run(
    tmp_path: Path, world: xr.Dataset, plan: xr.Dataset
) -> None:
    """Upwards, absolute, or named like a file of the run itself: each is carried, none hides another."""
    home, other = tmp_path / "home", tmp_path / "other"
    home.mkdir()
    other.mkdir()
    (other / "sites.csv").write_text("a")
    (other / "loads.csv").write_text("b")
    (home / "evidence.csv").write_text("c")
    scenario = Scenario.model_validate(
        {
            "name": "outside",
            "sites": {"own_sites": "../other/sites.csv"},
            "demand": {"own_demand": str(other / "loads.csv"), "own_fleet": "evidence.csv"},
        }
    ).placed(home / "study.yaml")
    run = open_run(save_run(tmp_path / "runs" / "out", scenario, world, plan))
    named = [run.scenario.sites.own_sites, run.scenario.demand.own_demand, run.scenario.demand.own_fleet]
    assert [(run.path / str(name)).read_text() for name in named] == ["a", "b", "c"]
    assert all(str(name).startswith("files/") for name in named)


def test_a_study_named_as_baseline_brings_its_own_files(tmp_path: Path, world: xr.Dataset, plan: xr.Dataset) -> None:
    home = tmp_path / "home"
    (home / "before").mkdir(parents=True)
    (home / "before" / "base.yaml").write_text("name: base\nsites: {own_sites: old.csv}\n")
    (home / "before" / "old.csv").write_text("old")
    scenario = Scenario.model_validate({"name": "new", "baseline": {"study": "before/base.yaml"}})
    run = open_run(save_run(tmp_path / "runs" / "new", scenario.placed(home / "new.yaml"), world, plan))
    assert (run.path / "before" / "base.yaml").is_file()
    assert (run.path / "before" / "old.csv").read_text() == "old"


def test_a_run_is_saved_where_a_text_says_with_the_report_at_hand(
    tmp_path: Path, world: xr.Dataset, plan: xr.Dataset
) -> None:
    place = save_run(str(tmp_path / "runs" / "named"), STUDY, world, plan, report="written before\n")
    assert place == tmp_path / "runs" / "named"
    assert (place / "report.txt").read_text() == "written before\n"


def test_what_is_written_reads_back_as_it_was(tmp_path: Path) -> None:
    """Missing numbers, flags, text in any script, single values, and more attributes than HDF5 keeps close by."""
    written = xr.Dataset(
        {
            "load": (("site", "year"), [[1.5, np.nan], [0.0, -2.0]], {"units": "MW"}),
            "open": ("site", [True, False]),
            "count": ("site", np.array([1, 2], dtype=np.int32)),
            "said": ("year", np.array(["贵安", ""], dtype=object)),
            "rate": ((), 0.08),
        },
        coords={"year": [2026, 2031]}, attrs={f"fact {n}": "ü" * 5000 for n in range(20)},
    )  # fmt: skip
    write_dataset(tmp_path / "one.nc", written)
    back = read_dataset(tmp_path / "one.nc")
    xr.testing.assert_identical(back, written)
    assert {name: back[name].dtype for name in ("open", "count", "load")} == {
        "open": np.dtype(bool), "count": np.dtype(np.int32), "load": np.dtype(float),
    }  # fmt: skip
