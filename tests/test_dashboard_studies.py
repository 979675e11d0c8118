"""Studies of a run as jobs: asked once, cancelled or answered, and kept with the run."""

from __future__ import annotations

import json
import shutil
import sqlite3
import time
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from dash._utils import to_json
from werkzeug.test import Client

from dashboard.app import make_app
from dashboard.context import Desk
from dashboard.job_table import JobTable
from dashboard.jobs import Jobs, Limits, Refused
from dashboard.pages import study_pages
from dashboard.shell import shell
from dashboard.store import DESK, RunStore
from model.events import Event
from tests.dashboard_desk import ended, small_study, solved

HOST = {"Host": "127.0.0.1:8050"}


@pytest.fixture(scope="module")
def solved_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("asked")
    assert solved(root, small_study(), "A small study").state == "done"
    return root


@pytest.fixture
def desk(solved_root: Path, tmp_path: Path) -> Desk:
    """A folder of its own with the run, and nothing asked yet."""
    root = tmp_path / "runs"
    shutil.copytree(solved_root, root, ignore=shutil.ignore_patterns(DESK))
    return Desk(RunStore(root), Jobs(root))


def asked(desk: Desk, study: str) -> str:
    return desk.jobs.ask(study, desk.runs.open(desk.runs.entries()[0].id), f"{study} of it")


def drawn(desk: Desk, path: str, search: str = "") -> str:
    return json.dumps(json.loads(str(to_json(shell(desk.context(path, search))))), ensure_ascii=False)


@pytest.mark.parametrize("study", ["stress", "breakeven", "law_cost"])
def test_a_study_is_answered_by_a_job_and_its_answer_is_kept_with_the_run(desk: Desk, study: str) -> None:
    page = study_pages()[study]
    assert "Nobody has asked this" in drawn(desk, page.PATH)
    job = ended(desk.jobs, asked(desk, study))
    assert (job.state, job.study, job.run) == ("done", study, None), desk.jobs.log(job.id).read_text()
    run = desk.runs.entries()[0].id
    kept = xr.load_dataset(desk.runs.folder(run) / f"{study}.nc", engine="h5netcdf")
    assert {"answered", "seconds", "hallsite", "catalogue"} <= set(kept.attrs)
    again = Desk(RunStore(desk.runs.root), Jobs(desk.runs.root))  # as after a restart
    for search in ("?lang=en", "?lang=zh&theme=dark"):
        told = drawn(again, page.PATH, search)
        assert again.context("/", search).t("shell.failed") not in told
        assert all(f"study_{study}-{name}" in told for name in page.shown)
    client = Client(make_app(again).server)
    taken = client.get(f"/download/run/{run}/{study}.nc", headers=HOST)
    assert taken.data == (again.runs.folder(run) / f"{study}.nc").read_bytes()
    table = client.get(f"/download/study_{study}/{next(iter(page.shown))}.csv", headers=HOST).data.decode("utf-8-sig")
    assert f"# asked: {study}" in table
    assert f"# run: {run}" in table
    assert again.context("/", "").t(f"{page.id}.title") in drawn(again, "/studies")


def test_what_is_under_way_is_not_asked_twice(desk: Desk) -> None:
    first = asked(desk, "stress")
    assert asked(desk, "stress") == first
    assert asked(desk, "breakeven") != first
    desk.jobs.stop(first)
    assert asked(desk, "stress") != first


def test_a_solve_does_not_wait_for_studies_nor_a_study_for_solves(desk: Desk) -> None:
    study, solve, later = asked(desk, "stress"), desk.jobs.submit(small_study()), asked(desk, "breakeven")
    assert [desk.jobs.place(one) for one in (study, solve, later)] == [0, 0, 1]
    assert {desk.jobs._claim(), desk.jobs._claim()} == {study, solve}
    assert desk.jobs._claim() is None, "one of each kind at a time"


def test_a_study_counts_against_the_queue(desk: Desk) -> None:
    jobs = Jobs(desk.runs.root, Limits(waiting=1))
    run = desk.runs.open(desk.runs.entries()[0].id)
    jobs.ask("stress", run, "")
    with pytest.raises(Refused):
        jobs.ask("breakeven", run, "")


def test_a_cancelled_study_leaves_no_half_answer(desk: Desk) -> None:
    identifier = asked(desk, "sensitivity")
    until = time.monotonic() + 120
    while not desk.jobs.events(identifier) and time.monotonic() < until:
        desk.jobs.tend()
        time.sleep(0.1)
    desk.jobs.stop(identifier)
    stopped = time.monotonic()
    job = ended(desk.jobs, identifier)
    assert job.state == "cancelled"
    assert time.monotonic() - stopped < 10, "at once, whatever it is at"
    assert not list(desk.runs.folder(job.about).glob("*sensitivity*"))
    page = desk.context("/", "")
    told = drawn(desk, "/studies/sensitivity")
    assert page.t("answer.ended.cancelled") in told, "a reload still says so"
    assert page.t("study.ask") in told, "and it can be asked again"


@pytest.mark.parametrize(
    ("study", "label", "english", "chinese"),
    [
        ("stress", "plan for the mean year", "Plan for the mean year", "平均年方案"),
        ("sensitivity", "costs_air -25%, sites kept", "costs_air −25%, old sites kept", "costs_air −25%，保留原园区"),
        ("breakeven", "costs_x = 1.5e+06", "tunnelling at 1.500 m CNY/MW", "掘进单价 150 万元/兆瓦"),
        ("law_cost", "without CN-1", "without CN-1", "去掉 CN-1"),
    ],
)
def test_a_reader_is_told_which_solve_of_a_study_is_under_way(
    desk: Desk, study: str, label: str, english: str, chinese: str
) -> None:
    identifier = asked(desk, study)
    assert desk.jobs._claim() == identifier
    for message in ("another", f"{label}: a plan", label):
        desk.jobs.tell(identifier, Event("improve", 1.0, 5e9, 4e9, 0.2, message=message))
    address = study_pages()[study].PATH
    assert f"Solve 2 of this study: {english}" in drawn(desk, address).replace("\u00a0", " ")
    assert f"本研究第 2 次求解：{chinese}" in drawn(desk, address, "?lang=zh").replace("\u00a0", " ")


def test_a_study_of_a_run_that_was_deleted_says_so(desk: Desk) -> None:
    identifier = asked(desk, "stress")
    desk.runs.delete(desk.runs.entries()[0].id)
    job = ended(desk.jobs, identifier)
    assert (job.state, job.told) == ("failed", ("gone",))


def test_the_table_of_jobs_of_an_earlier_version_goes_on(tmp_path: Path) -> None:
    old = tmp_path / "jobs.sqlite"
    with sqlite3.connect(old) as table:
        table.execute(
            "CREATE TABLE job (id TEXT PRIMARY KEY, title TEXT, state TEXT, created REAL, started REAL, ended REAL,"
            " beat REAL, pid INTEGER, stop INTEGER, run TEXT, told TEXT, file TEXT, limit_s REAL, gap REAL,"
            " scenario TEXT)"
        )
        table.execute(
            "INSERT INTO job (id, title, state, created, stop, told, file, limit_s, gap)"
            " VALUES ('a', 'old', 'done', 1.0, 0, '[]', '', 60, 0.01)"
        )
    job = JobTable(old).jobs("")[0]
    assert (job.title, job.study, job.about) == ("old", "", "")


def test_an_answer_of_another_study_or_a_damaged_one_is_not_shown(desk: Desk) -> None:
    folder = desk.runs.folder(desk.runs.entries()[0].id)
    (folder / "stress.nc").write_bytes(b"no netCDF at all")
    xr.Dataset({"x": ("y", np.ones(2))}, attrs={"study": "stress"}).to_netcdf(
        folder / "breakeven.nc", engine="h5netcdf"
    )
    page = desk.context("/", "")
    for path in ("/studies/stress", "/studies/breakeven"):
        told = drawn(desk, path)
        assert page.t("study.ask") in told
        assert page.t("shell.failed") not in told
