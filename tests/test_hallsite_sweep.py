"""`hallsite sweep` from a user's side: the plan of work, workers that die, Ctrl-C, and going on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep

import psutil
import pytest

from model.batch.cluster import workers
from model.batch.tables import member_table
from tests.commands import environment, hallsite

CARBON = "policy.carbon_price_cny_per_t"
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


def test_the_plan_of_work_comes_first_and_writes_nothing(tmp_path: Path) -> None:
    told = hallsite("sweep", *SMALL, "--set", f"{CARBON}=0:200:50", "--plan", cwd=tmp_path)
    assert told.returncode == 0, told.stderr
    assert "grid of 5 members" in told.stderr
    assert f"{CARBON}: 0, 50, 100, 150, 200" in told.stderr
    assert "5 to solve" in told.stderr
    assert list(tmp_path.iterdir()) == []


def test_slips_exit_with_2_and_write_nothing(tmp_path: Path) -> None:
    told = hallsite("sweep", *SMALL, "--set", "policy.carbon_prize=0,1", "--design", "cube", cwd=tmp_path)
    assert told.returncode == 2
    assert "use one of grid, paired, random, list" in told.stderr
    told = hallsite("sweep", *SMALL, cwd=tmp_path)
    assert told.returncode == 2
    assert "give a key two values or more" in told.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_killed_worker_costs_no_member_and_a_known_one_is_not_solved_again(tmp_path: Path) -> None:
    words = (*SMALL, "--set", f"{CARBON}=0:100:10", "--workers", "2", "--out", "s")
    process = started(*words, cwd=tmp_path)
    wait_for(2, tmp_path / "s", process)
    family = psutil.Process(process.pid).children(recursive=True)
    solvers = [child for child in family if "spawn_main" in " ".join(child.cmdline())]
    assert solvers, "workers are spawned, not forked"
    os.kill(solvers[0].pid, signal.SIGKILL)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    assert set(member_table(tmp_path / "s")["status"]) == {"optimal_within_gap"}
    assert len(members_in(tmp_path / "s")) == 11
    assert not [child for child in family if child.is_running()], "no worker outlives the sweep"

    told = hallsite("sweep", *words, "--json", cwd=tmp_path)
    answer = json.loads(told.stdout)
    assert answer["status"] == {"optimal_within_gap": 11}
    costs = [row["objective_cny"] for row in answer["members"]]
    assert costs[0] < costs[-1], "carbon is dearer in the last member than in the first"
    assert "0 to solve" in hallsite("sweep", *words, "--plan", cwd=tmp_path).stderr


def test_ctrl_c_leaves_whole_results_and_the_same_command_goes_on(tmp_path: Path) -> None:
    words = (*SMALL, "--set", f"{CARBON}=0:300:10", "--workers", "1", "--out", "s")
    process = started(*words, cwd=tmp_path)
    wait_for(1, tmp_path / "s", process)
    family = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 4, errors
    assert "goes on from there" in errors
    finished = len(members_in(tmp_path / "s"))
    status = member_table(tmp_path / "s")["status"]
    assert 1 <= finished < 31
    assert (status == "pending").sum() == 31 - finished
    assert not list((tmp_path / "s").rglob(".writing-*")), "no half results"
    assert not [child for child in family if child.is_running()]
    left = hallsite("sweep", *words, "--plan", cwd=tmp_path).stderr
    assert f"{finished} known already, {31 - finished} to solve" in left
    assert "about" in left, "the estimate rests on the members known"


def test_show_lists_prints_and_draws(tmp_path: Path) -> None:
    hallsite("sweep", *SMALL, "--set", f"{CARBON}=0,100", "--workers", "0", cwd=tmp_path)
    listed = json.loads(hallsite("sweep", "show", "--json", cwd=tmp_path).stdout)["sweeps"]
    assert [sweep["members"] for sweep in listed] == [2]
    told = hallsite("sweep", "show", "last", cwd=tmp_path)
    assert told.returncode == 0, told.stderr
    assert "carbon_price_cny_per_t" in told.stdout
    assert (tmp_path / listed[0]["sweep"] / "sweep.html").is_file()


def test_an_existing_scheduler_serves_as_well_and_a_script_needs_no_main_guard(tmp_path: Path) -> None:
    script = tmp_path / "study.py"
    with workers(1) as client:
        address = client.scheduler.address
        script.write_text(
            "import hallsite\n"
            f"cube = hallsite.sweep('own-data', {{'{CARBON}': [0, 50]}}, scheduler='{address}', out='s',\n"
            "    fixed={'solver.gap': 0.1, 'time.periods': [2026], 'time.last_year': 2029})\n"
            "print(cube['status'].values.tolist())\n"
        )
        told = subprocess.run(
            [sys.executable, "-P", str(script)], cwd=tmp_path, env=environment(), capture_output=True,
            text=True, timeout=120, check=False,
        )  # fmt: skip
    assert told.returncode == 0, told.stderr
    assert told.stdout.strip() == "['optimal_within_gap', 'optimal_within_gap']"


@pytest.mark.parametrize("workers_", [1])
def test_own_constraints_hold_in_every_member_and_make_another_sweep(tmp_path: Path, workers_: int) -> None:
    import hallsite as front

    def no_site_of_that_name(model: object) -> None:
        opened = model.is_open  # type: ignore[attr-defined]
        for site, period in opened:
            if site == "shaoguan":
                opened[site, period].fix(0)

    asked = {
        "scenario": "own-data", "axes": {CARBON: [0]}, "out": tmp_path / "s", "workers": workers_,
        "fixed": {"solver.gap": 0.1, "time.periods": [2026], "time.last_year": 2029},
    }  # fmt: skip
    cube = front.sweep(**asked, extra=no_site_of_that_name)
    assert float(cube["it_load"].sel(site="shaoguan").sum()) == 0
    assert float(cube["it_load"].sum()) > 0
