"""Solve jobs: queue, process, stop, death and refusal, with the real solver behind them."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from dashboard.jobs import Jobs, Limits, Refused
from dashboard.store import RunStore
from dashboard.worker import _start
from tests.dashboard_desk import ended, small_study, solved

EVERY_SITE = ["gui-an", "shaoguan", "longli-hill", "nansha-port", "chuxiong-plain"]


def test_a_job_solves_in_its_own_process_and_leaves_a_run(tmp_path: Path) -> None:
    jobs = Jobs(tmp_path)
    job = ended(jobs, jobs.submit(small_study(), "A small one"))
    assert (job.state, job.told) == ("done", ())
    events = jobs.events(job.id)
    assert events[0].phase == "figures"
    assert events[-1].phase == "done"
    assert events[-1].gap is not None
    assert events[-1].gap <= 0.005
    store = RunStore(tmp_path)
    assert job.run is not None
    assert store.title(job.run) == "A small one"
    assert store.label(job.run)["job"] == job.id
    solved = store.open(job.run)
    assert (solved.scenario.folder / str(solved.scenario.sites.own_sites)).is_file(), "relative files are found again"
    assert solved.evidence is not None


def test_a_solve_begins_from_the_run_it_was_cloned_from_and_does_without_it(tmp_path: Path) -> None:
    jobs, store = Jobs(tmp_path), RunStore(tmp_path)
    first = ended(jobs, jobs.submit(small_study()))
    assert first.run is not None
    folder = store.folder(first.run)
    job = jobs.job(jobs.submit(small_study(), "Once more", folder))
    assert job is not None
    assert (job.about, job.folder) == (first.run, str(folder.resolve()))
    begun = _start(job)
    assert begun is not None
    assert begun.attrs["objective_cny"] == store.open(first.run).solution.attrs["objective_cny"]
    assert ended(jobs, job.id).state == "done"
    (folder / "solution.nc").unlink()
    assert _start(job) is None


def test_a_study_without_a_plan_ends_with_the_reasons(tmp_path: Path) -> None:
    job = solved(tmp_path, small_study(**{"sites.forbid": EVERY_SITE}))
    assert job.state == "infeasible"
    assert any("forbidden by the scenario" in line for line in job.told)
    assert RunStore(tmp_path).entries() == []


def test_a_study_that_cannot_be_used_tells_its_faults(tmp_path: Path) -> None:
    # The loads of the shipped sheet speak of provinces that this study leaves out.
    job = solved(tmp_path, small_study(**{"demand.own_demand": "demand.csv"}))
    assert job.state == "bad_input"
    assert any("demand.csv, row 9: origin 'yunnan'" in line for line in job.told)
    assert not any(str(Path.home()) in line or "/scenarios/" in line for line in job.told)


def test_a_waiting_job_is_cancelled_and_the_queue_has_an_end(tmp_path: Path) -> None:
    jobs = Jobs(tmp_path, Limits(waiting=2))
    first, second = jobs.submit(small_study()), jobs.submit(small_study())
    with pytest.raises(Refused):
        jobs.submit(small_study())
    assert [jobs.place(first), jobs.place(second)] == [0, 1]
    jobs.stop(first)
    found = jobs.job(first)
    assert found is not None
    assert found.state == "cancelled"
    assert jobs.place(second) == 0


def test_a_job_is_started_once_however_many_desks_look(tmp_path: Path) -> None:
    jobs = [Jobs(tmp_path) for _ in range(3)]
    jobs[0].submit(small_study())
    assert [desk._claim() is not None for desk in jobs] == [True, False, False]


def test_a_job_whose_process_fell_silent_is_written_off(tmp_path: Path) -> None:
    jobs = Jobs(tmp_path, Limits(silence_s=0.5))
    identifier = jobs.submit(small_study())
    assert jobs._claim() == identifier, "a desk took it, and died before it began"
    jobs.tend()
    assert len(jobs.active()) == 1
    time.sleep(0.6)
    jobs.tend()
    found = jobs.job(identifier)
    assert found is not None
    assert (found.state, found.told) == ("failed", ("lost",))


def test_stop_keeps_the_best_plan(tmp_path: Path) -> None:
    study = small_study(**{
        "demand.workloads": ["storage", "web"], "time.periods": [2026, 2028], "solver.gap": 1e-9,
    })  # fmt: skip
    jobs = Jobs(tmp_path)
    identifier = jobs.submit(study)
    until = time.monotonic() + 90
    while not any(event.incumbent for event in jobs.events(identifier)) and time.monotonic() < until:
        jobs.tend()
        time.sleep(0.1)
    jobs.stop(identifier)
    job = ended(jobs, identifier)
    assert job.state == "done"
    assert job.run is not None
    assert RunStore(tmp_path).open(job.run).solution.attrs["objective_cny"] > 0


def test_a_process_kept_ready_takes_the_job_and_is_let_go(tmp_path: Path) -> None:
    jobs = Jobs(tmp_path)
    jobs.warm()
    jobs.tend()
    ready = jobs._workers._spare
    assert ready is not None
    job = ended(jobs, jobs.submit(small_study()))
    assert (job.state, job.pid) == ("done", ready.pid)
    jobs.tend()
    left = jobs._workers._spare
    assert left is not None
    assert left.pid != ready.pid
    jobs.close()
    assert left.poll() == 0


def test_a_solve_outlives_the_desk_that_began_it(tmp_path: Path) -> None:
    first = Jobs(tmp_path)
    identifier = first.submit(small_study())
    first.tend()
    first.close()
    del first
    second = Jobs(tmp_path)
    assert ended(second, identifier).state == "done"
