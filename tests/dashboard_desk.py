"""A study that solves in seconds, and a server over it: what the dashboard's tests start from."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event as Flag
from threading import Thread

from dashboard.job_table import Job, JobTable
from dashboard.jobs import Jobs
from dashboard.store import DESK
from data.scenario import Scenario
from data.scenario.reading import read_scenario
from tests.commands import environment

SMALL = {
    "time.periods": [2026],
    "time.last_year": 2029,
    "time.hydro_years": [2021, 2022],
    "demand.own_demand": None,
    "demand.market_share": 0.01,
    "demand.workloads": ["storage"],
    "demand.provinces": ["guizhou", "guangdong"],
    "solver.threads": 1,
    "solver.time_limit_s": 60,
}


def small_study(**changes: object) -> Scenario:
    """Two provinces, one workload, one period and two hydrological years of the shipped own-data study."""
    return read_scenario("own-data", SMALL | changes)


def solved(root: Path, study: Scenario, title: str = "", wait_s: float = 300) -> Job:
    """The job of a study solved under `root`, waited for."""
    jobs = Jobs(root)
    job = ended(jobs, jobs.submit(study, title), wait_s)
    jobs.close()
    return job


def ended(jobs: Jobs, identifier: str, wait_s: float = 300) -> Job:
    """Tend the jobs until one has ended."""
    until = time.monotonic() + wait_s
    while time.monotonic() < until:
        jobs.tend()
        job = jobs.job(identifier)
        assert job is not None
        if not job.active:
            return job
        time.sleep(0.2)
    raise AssertionError(f"job {identifier} did not end within {wait_s} s: {jobs.events(identifier)}")


@contextmanager
def held(root: Path, wait_s: float = 300) -> Iterator[None]:
    """Hold the process of the job under way as it is: however slow a reader, the job is not over before.

    Its beat goes on, or it would be taken for dead.
    """
    table, over, until = JobTable(root / DESK / "jobs.sqlite"), Flag(), time.monotonic() + wait_s
    while not (begun := [job for job in table.jobs("WHERE state = 'running'") if job.pid]):
        assert time.monotonic() < until, "no job has begun"
        time.sleep(0.05)
    job = begun[0]
    assert job.pid is not None

    def beat() -> None:
        while not over.wait(5):
            with table.opened(immediate=True) as now:
                now.execute("UPDATE job SET beat = ? WHERE id = ?", (time.time(), job.id))

    with table.opened(immediate=True):  # so that it does not stop with the table in its hands
        os.kill(job.pid, signal.SIGSTOP)
    beating = Thread(target=beat)
    beating.start()
    try:
        yield
    finally:
        os.kill(job.pid, signal.SIGCONT)
        over.set()
        beating.join()


@contextmanager
def served(root: Path, *words: str, **more: str) -> Iterator[str]:
    """`hallsite dashboard` over the runs under `root` at a free port; yields its address."""
    command = [sys.executable, "-P", "-m", "hallsite", "dashboard", "--folder", str(root), "--port", "0"]
    log = root / "server.log"
    with log.open("w") as errors:
        server = subprocess.Popen(
            [*command, "--no-browser", *words],
            cwd=root, env=environment() | more, stdout=subprocess.PIPE, stderr=errors, text=True,
        )  # fmt: skip
    try:
        assert server.stdout is not None
        line = server.stdout.readline()
        assert "hallsite is at " in line, line + log.read_text()
        yield line.split("hallsite is at ")[1].split()[0].rstrip("/")
    finally:
        server.terminate()
        server.wait(60)
    assert "Traceback" not in log.read_text(), log.read_text()
