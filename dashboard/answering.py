"""A study of a run as a job: asked with progress, its answer kept with the run."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import perf_counter

from dashboard.answers import keep_answer
from dashboard.job_table import Job
from dashboard.jobs import Jobs
from model.events import Event, SolveOptions
from model.runs import open_run
from model.studies.solving import Solving

KINDER = 10  # niceness: a planner who waits for a solve comes first


class GoneError(Exception):
    """The run asked about is no longer there."""


def answer(jobs: Jobs, job: Job) -> None:
    """Ask the study of a job and keep the answer. Raises GoneError, and as the study does."""
    from dashboard.pages import study_pages

    os.nice(KINDER)
    jobs.tell(job.id, Event("figures", 0.0))
    folder, started = Path(job.folder), perf_counter()
    if not (folder / "run.json").is_file():
        raise GoneError(job.about)
    run = open_run(folder)
    options = SolveOptions(**run.scenario.solver.model_dump())
    options = replace(options, time_limit_s=min(options.time_limit_s, job.limit_s))
    found = study_pages()[job.study].ask(run, Solving(options, partial(jobs.tell, job.id)))
    if not folder.is_dir():
        raise GoneError(job.about)
    keep_answer(folder, job.study, found, perf_counter() - started)


def cancel(jobs: Jobs, job: Job) -> None:
    """End this process at once: half an answer is none, so there is nothing to wait for."""
    jobs.end(job.id, "cancelled")
    os._exit(0)
