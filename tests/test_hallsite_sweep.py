"""`hallsite sweep` from a user's side: the plan of work, workers that die, Ctrl-C, and going on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import dask
import psutil
import pytest
from typer.testing import CliRunner

import hallsite as front
from data.errors import BadInput
from data.scenario.reading import read_scenario
from hallsite.cli import app
from hallsite.endings import ending
from model.batch.cluster import workers
from model.batch.member import solve_member
from model.batch.store import sweeps_in
from model.batch.tables import member_table
from tests.commands import environment, hallsite

CARBON = "policy.carbon_price_cny_per_t"
FIXED = {"solver.gap": 0.1, "time.periods": [2026], "time.last_year": 2029}
SMALL = ("own-data", "--gap", "0.1", "--set", "time.periods=[2026]", "--set", "time.last_year=2029")


def started(*words: str, cwd: Path) -> subprocess.Popen[str]:
    """A sweep that runs in the background, in a session of its own as under a shell."""
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "hallsite", "sweep", *words],
        cwd=cwd, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip


def members_in(folder: Path) -> list[Path]:
    """Finished members of a sweep."""
    return list(folder.glob("members/[!.]*.json"))


def wait_for(count: int, folder: Path, process: subprocess.Popen[str]) -> None:
    """Wait until so many members are finished."""
    begun = monotonic()
    while len(members_in(folder)) < count:
        assert process.poll() is None, process.communicate()
        assert monotonic() - begun < 90
        sleep(0.1)


def lives(process: psutil.Process) -> bool:
    """Whether a process runs; one that ended and is not yet collected by its parent does not."""
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def here(*words: str, cwd: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """`hallsite sweep …` in this very process: exit code, output, errors and what was raised."""
    monkeypatch.chdir(cwd)
    return CliRunner().invoke(app, ["sweep", *words])


def test_the_plan_of_work_comes_first_and_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = (*SMALL, "--set", f"{CARBON}=0:200:50", "--plan")
    told = here(*words, cwd=tmp_path, monkeypatch=monkeypatch)
    assert told.exit_code == 0, told.output
    assert "grid of 5 members" in told.stderr
    assert f"{CARBON}: 0, 50, 100, 150, 200" in told.stderr
    assert "5 to solve" in told.stderr
    assert list(tmp_path.iterdir()) == []


def test_slips_are_refused_and_write_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = here(*SMALL, "--design", "cube", cwd=tmp_path, monkeypatch=monkeypatch)
    assert ending(told.exception)[0] == 2
    assert "use one of grid, paired, random, list" in str(told.exception)
    told = here(*SMALL, cwd=tmp_path, monkeypatch=monkeypatch)
    assert ending(told.exception)[0] == 2
    assert "give a key two values or more" in str(told.exception)
    assert list(tmp_path.iterdir()) == []


def test_show_prints_and_draws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "two.yaml").write_text(
        "sweep: two-worlds\nscenario: own-data\nset: {solver.gap: 0.1, time.periods: [2026], time.last_year: 2029}\n"
        f"design: list\nmembers:\n  - {{{CARBON}: 0}}\n  - {{{CARBON}: 100, demand.load_multiplier: 1.2}}\n"
    )
    solved = here("two.yaml", "--workers", "0", cwd=tmp_path, monkeypatch=monkeypatch)
    assert solved.exit_code == 0, solved.output
    assert "2 to solve in this process" in solved.stderr
    told = here("show", "last", cwd=tmp_path, monkeypatch=monkeypatch)
    assert told.exit_code == 0, told.output
    assert "two-worlds: Our own sites and loads" in told.stdout
    assert [page.parent for page in tmp_path.glob("sweeps/*/sweep.html")] == sweeps_in(tmp_path / "sweeps")
    listed = here("show", "--json", cwd=tmp_path, monkeypatch=monkeypatch)
    assert [sweep["members"] for sweep in json.loads(listed.stdout)["sweeps"]] == [2]


def test_a_killed_worker_and_ctrl_c_leave_whole_results_that_are_gone_on_from(tmp_path: Path) -> None:
    words = (*SMALL, "--set", f"{CARBON}=0:300:10", "--workers", "2", "--out", "s")
    process = started(*words, cwd=tmp_path)
    wait_for(1, tmp_path / "s", process)
    family = psutil.Process(process.pid).children(recursive=True)
    solvers = [child for child in family if "spawn_main" in " ".join(child.cmdline())]
    assert len(solvers) == 2, "workers are spawned, not forked"
    os.kill(solvers[0].pid, signal.SIGKILL)
    wait_for(4, tmp_path / "s", process)
    family += psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)

    assert process.returncode == 4, errors
    assert "goes on from there" in errors
    finished, status = len(members_in(tmp_path / "s")), member_table(tmp_path / "s")["status"]
    assert status.value_counts().to_dict() == {"optimal_within_gap": finished, "pending": 31 - finished}
    assert not list((tmp_path / "s").rglob(".writing-*")), "no half results"
    assert not [child for child in family if lives(child)], "no worker outlives the sweep"
    left = hallsite("sweep", *words, "--plan", cwd=tmp_path).stderr
    assert f"{finished} known already, {31 - finished} to solve" in left
    assert "time: about" in left, "the estimate rests on the members known"


def test_an_existing_scheduler_serves_and_a_member_of_another_version_is_refused(tmp_path: Path) -> None:
    with workers(1) as client:
        address = str(client.scheduler.address)
        cube = front.sweep("own-data", {CARBON: [0, 50]}, fixed=FIXED, scheduler=address, out=tmp_path / "s")
        traced = client.run(lambda: dask.config.get("distributed.worker.profile.enabled"))
        other = client.submit(solve_member, read_scenario("own-data"), FIXED, ("0.0", "another")).result()
    assert cube["status"].values.tolist() == ["optimal_within_gap"] * 2
    assert float(cube["objective_cny"][0]) < float(cube["objective_cny"][1])
    assert set(traced.values()) == {False}, "a worker that traced its calls would grow with every member"
    assert "the sweep is planned by 0.0 with catalogue another" in other.outcome["reason"].item()


def test_an_address_where_nobody_answers_leaves_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("model.batch.cluster.ANSWER_SECONDS", 1)
    asked: dict[str, Any] = {"fixed": FIXED, "out": tmp_path / "s", "scheduler": "tcp://127.0.0.1:9"}
    with pytest.raises(BadInput, match="does not answer"):
        front.sweep("own-data", {CARBON: [0, 50]}, **asked)
    assert list(tmp_path.iterdir()) == []


def test_a_scheduler_that_ends_fails_no_member_and_the_sweep_goes_on_elsewhere(tmp_path: Path) -> None:
    asked: dict[str, Any] = {"fixed": FIXED, "out": tmp_path / "s"}
    with workers(1) as client:
        address, cluster = str(client.scheduler.address), client.cluster

        def end_it(event: front.SweepEvent) -> None:
            if event.done == 1:
                cluster.close()

        with pytest.raises(ConnectionError, match=r"the scheduler at .* is gone"):
            front.sweep("own-data", {CARBON: [0, 50, 100]}, scheduler=address, on_event=end_it, **asked)
    assert len(members_in(tmp_path / "s")) == 1, "no member is kept as failed"
    cube = front.sweep("own-data", {CARBON: [0, 50, 100]}, workers=0, **asked)
    assert cube["status"].values.tolist() == ["optimal_within_gap"] * 3


def test_own_constraints_hold_in_every_member(tmp_path: Path) -> None:
    import pyomo.environ as pyo

    where: dict[str, Any] = {"fixed": FIXED, "out": tmp_path / "s", "workers": 0}
    free = front.sweep("own-data", {CARBON: [0]}, **where)
    favourite = str(free["it_load"].sum([CARBON, "period"]).idxmax("site").item())

    def favourite_stays_closed(model: Any) -> None:
        model.favourite_stays_closed = pyo.Constraint(expr=model.is_open[favourite, 2026] == 0)

    bound = front.sweep("own-data", {CARBON: [0]}, **where, extra=favourite_stays_closed)
    assert float(bound["it_load"].sel(site=favourite).sum()) == 0
    assert float(bound["it_load"].sum()) == pytest.approx(float(free["it_load"].sum()))
    assert float(bound["objective_cny"][0]) >= float(free["bound_cny"][0])
