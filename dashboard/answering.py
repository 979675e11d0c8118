"""A study of a run as a job: asked with progress, cancelled on request, its answer kept with the run."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import xarray as xr

from dashboard.answers import keep_answer
from dashboard.job_table import Job
from dashboard.jobs import Jobs
from model.events import Event, Listener, SolveOptions
from model.runs import open_run
from model.studies.solving import Solving

KINDER = 10  # niceness: a planner who waits for a solve comes first


class Cancelled(Exception):
    """Nobody wants the answer any more; what was found so far is half an answer and is not kept."""


class GoneError(Exception):
    """The run asked about is no longer there."""


class _Cancellable(Solving):
    """Solves until the request to stop; no study may take a solve that was cut short for its result."""

    def solve(self, instance: xr.Dataset, label: str) -> xr.Dataset:
        try:
            return super().solve(instance, label)
        finally:
            if self.should_stop is not None and self.should_stop():
                raise Cancelled


def answer(jobs: Jobs, job: Job, should_stop: Callable[[], bool]) -> None:
    """Ask the study of a job and keep the answer. Raises Cancelled, GoneError, and as the study does."""
    from dashboard.pages import study_pages

    os.nice(KINDER)
    jobs.tell(job.id, Event("figures", 0.0))
    folder, started = Path(job.folder), perf_counter()
    if not (folder / "run.json").is_file():
        raise GoneError(job.about)
    run = open_run(folder)
    options = SolveOptions(**run.scenario.solver.model_dump())
    options = replace(options, time_limit_s=min(options.time_limit_s, job.limit_s))
    found = study_pages()[job.study].ask(run, _Cancellable(options, _told(jobs, job.id, started), should_stop))
    if should_stop():
        raise Cancelled
    if not folder.is_dir():
        raise GoneError(job.about)
    keep_answer(folder, job.study, found, perf_counter() - started)


def _told(jobs: Jobs, identifier: str, started: float) -> Listener:
    """Events with the time of the whole study, not of one solve in it."""

    def tell(event: Event) -> None:
        jobs.tell(identifier, replace(event, seconds=perf_counter() - started))

    return tell
