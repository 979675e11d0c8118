"""`hallsite solve` from a user's side: one object, a page, a run folder, and every other way it may end."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest

from data.scenario.reading import read_scenario
from model.events import SolveOptions
from model.printed import WIDTH
from model.runs import open_run
from tests.commands import environment, hallsite, hallsite_here

SMALL = ("own-data", "--threads", "1", "--seed", "3")
PATIENT = (*SMALL, "--gap", "1e-9", "--set", "time.resolution=month")


@pytest.fixture(scope="module")
def solved(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The own-data study solved with --json: its folder and the object told."""
    folder = tmp_path_factory.mktemp("work")
    told = hallsite("solve", *SMALL, "--json", cwd=folder)
    assert told.returncode == 0, told.stderr
    assert told.stderr == "", "--json tells nothing beside its object"
    return folder, json.loads(told.stdout)


def test_the_object_has_a_certified_gap_and_accounts_that_sum(solved: tuple[Path, dict[str, Any]]) -> None:
    _, told = solved
    assert told["status"] == "optimal_within_gap"
    assert told["bound_cny"] <= told["objective_cny"]
    assert told["gap_cny"] <= 0.005 * told["objective_cny"] * (1 + 1e-9)
    assert sum(told["accounts"].values()) == pytest.approx(told["objective_cny"], rel=1e-6)
    assert sum(told["phases"].values()) <= told["wall_s"] * 1.01


def test_the_sites_of_the_object_hold_its_halls(solved: tuple[Path, dict[str, Any]]) -> None:
    _, told = solved
    assert told["sites"], "some site opens"
    for kind, periods in told["halls"].items():
        for period, count in periods.items():
            held = (site["halls"].get(kind, {}).get(period, 0) for site in told["sites"] + told["existing"])
            assert sum(held) == count
    assert all(1.0 < pue < 2.0 for pue in told["pue"].values())
    assert told["it_mw"]["2030"] > told["it_mw"]["2026"] > 60


def test_the_run_folder_holds_the_same_plan(solved: tuple[Path, dict[str, Any]]) -> None:
    folder, told = solved
    run = open_run(folder / told["run"])
    assert run.solution.attrs["objective_cny"] == told["objective_cny"]
    assert (run.scenario.solver.threads, run.meta["seed"]) == (1, 3), "values set from outside are kept"
    assert run.evidence is not None
    shown = json.loads(hallsite_here("show", "last", "--json", cwd=folder).stdout)
    assert shown["accounts"] == told["accounts"]
    events = [json.loads(line) for line in (run.path / "log.jsonl").read_text().splitlines()]
    bounds = [event["bound"] for event in events if event["bound"] is not None]
    assert bounds == sorted(bounds), "a bound is never taken back"


def test_the_page_fits_its_width_and_names_file_and_folder(tmp_path: Path) -> None:
    told = hallsite_here("solve", *SMALL, "--out", "mine", cwd=tmp_path)
    assert told.returncode == 0, told.stderr
    page, places = told.stdout.split("\nStudy  ")
    assert max(len(line) for line in page.splitlines()) <= WIDTH
    assert "the shipped study" in places
    assert "Run    mine" in places
    assert "gap" in told.stderr, "progress goes to standard error"
    assert (tmp_path / "mine" / "report.txt").read_text() in "\n".join(
        map(str.rstrip, page.splitlines())
    ) + "\n"


def test_what_cannot_be_is_told_in_sentences_and_writes_nothing(tmp_path: Path) -> None:
    told = hallsite_here("solve", *SMALL, "--set", "demand.latency_limit_ms.web=0.01", cwd=tmp_path)
    assert (told.returncode, told.stdout) == (3, "")
    assert "cannot hold together" in told.stderr
    assert "Traceback" not in told.stderr
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_keeps_the_best_plan(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "hallsite", "solve", *PATIENT],
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stderr is not None
    for line in process.stderr:
        if "plan " in line and "gap " in line:
            break
    sleep(0.5)
    asked = monotonic()
    process.send_signal(signal.SIGINT)
    page, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    assert monotonic() - asked < 20, "2 s for the solver, the rest for writing the run on a busy machine"
    assert "Stopped by you, best plan kept" in page
    assert open_run(next((tmp_path / "runs").iterdir())).solution.attrs["status"] == "stopped"


def test_too_short_a_time_ends_without_a_plan_or_with_the_best_so_far(tmp_path: Path) -> None:
    told = hallsite_here("solve", *PATIENT, "--time-limit", "0.01", "--json", cwd=tmp_path)
    assert told.returncode in (0, 4)
    if told.returncode == 4:
        assert "not a proof that none exists" in told.stderr
        assert list(tmp_path.iterdir()) == []
    else:
        assert json.loads(told.stdout)["status"] == "time_limit"


def test_effort_and_resolution_are_options_and_keys_of_the_study(tmp_path: Path) -> None:
    told = hallsite_here("solve", "guizhou", "--resolution=year", "--effort=2", cwd=tmp_path)
    assert told.returncode == 2
    assert "time.resolution" in told.stderr
    assert "month" in told.stderr
    refused = hallsite_here("solve", "guizhou", "--effort=-1", cwd=tmp_path)
    assert refused.returncode == 2
    assert "solver.effort" in refused.stderr
    assert read_scenario("guizhou", ["solver.effort=2"]).solver.effort == 2
    assert SolveOptions(**read_scenario("guizhou").solver.model_dump()) == SolveOptions()
