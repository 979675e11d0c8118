"""A job in its own process: `python -P -m dashboard.worker ROOT MEMORY_BYTES` reads the job's id.

While no job is known, it gets ready: imports, and the figures of the newest run's study.
"""

from __future__ import annotations

import os
import resource
import select
import sys
import traceback
from importlib import import_module
from pathlib import Path
from threading import Event as Flag
from threading import Thread
from time import perf_counter

import xarray as xr

from dashboard.answering import GoneError, answer, cancel
from dashboard.figures_known import figures, prepared
from dashboard.job_table import Job
from dashboard.jobs import BEAT_S, Jobs
from dashboard.store import write_label
from data.errors import BadInput
from model.batch.shared import Builder
from model.errors import Infeasible, NoPlan
from model.events import Event, SolveOptions

# Imported while no job is known yet: a planner who asks for a solve should not wait for it. xarray imports dask when it
# first asks whether an array is one of dask's.
NEEDED = ("data.catalogue", "model.runs", "model.solver", "data.checking", "dask.array")


def main(arguments: list[str]) -> None:
    """Get ready, read the id of a job from standard input, do it, and write down how it ended."""
    root, memory = Path(arguments[0]), int(arguments[1])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    for name in NEEDED:
        import_module(name)
    told, _, _ = select.select([sys.stdin], [], [], 0)
    builder = Builder() if told else prepared(root)
    identifier = sys.stdin.readline().strip()
    if not identifier:
        return
    jobs = Jobs(root)
    _print_to(jobs.log(identifier))
    job = jobs.job(identifier)
    assert job is not None
    stop, over = Flag(), Flag()
    Thread(target=_listen, args=(jobs, job, stop, over), daemon=True).start()
    try:
        if job.study:
            answer(jobs, job)
            jobs.end(identifier, "done")
        else:
            jobs.end(identifier, "done", run=_solved(jobs, identifier, builder, stop))
    except GoneError:
        jobs.end(identifier, "failed", ["gone"])
    except BadInput as error:
        jobs.end(identifier, "bad_input", [f"{Path(fault.file).name}, {fault}" for fault in error.faults])
    except Infeasible as error:
        causes = [] if job.study else _explained(jobs, identifier, stop)
        jobs.end(identifier, "infeasible", causes or error.requirements)
    except NoPlan as error:
        jobs.end(identifier, "cancelled" if stop.is_set() else "no_plan", [str(error)])
    except MemoryError:
        jobs.end(identifier, "failed", ["memory"])
    except Exception as error:
        traceback.print_exc()  # into the job's log; the reader is told where it is
        jobs.end(identifier, "failed", [type(error).__name__])
    finally:
        over.set()


def _print_to(log: Path) -> None:
    """Send what this process and its libraries print to the job's log."""
    place = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(place, 1)
    os.dup2(place, 2)


def _listen(jobs: Jobs, job: Job, stop: Flag, over: Flag) -> None:
    """Beat, and pass on a request to stop; a study is over with it."""
    while not over.is_set():
        if jobs.beat(job.id):
            stop.set()
            if job.study:
                cancel(jobs, job)
        over.wait(BEAT_S)


def _solved(jobs: Jobs, identifier: str, builder: Builder, stop: Flag) -> str:
    """Build, solve, save; the id of the run."""
    from model import solve
    from model.runs import run_folder, save_run

    started = perf_counter()
    events: list[Event] = []

    def tell(event: Event) -> None:
        events.append(event)
        jobs.tell(identifier, event)

    jobs.tell(identifier, Event("figures", 0.0))
    study = jobs.scenario(identifier)
    instance, evidence = figures(builder, study)
    if stop.is_set():
        raise NoPlan("stopped on request", None)
    jobs.tell(identifier, Event("start", perf_counter() - started))
    job = jobs.job(identifier)
    options = study.solver.model_dump() | {"time_limit_s": job.limit_s if job else study.solver.time_limit_s}
    solution = solve(instance, SolveOptions(**options), tell, stop.is_set, start=_start(job))
    command = f"hallsite dashboard, job {identifier}"
    folder = save_run(run_folder(jobs.root, study), study, instance, solution, events, command, evidence)
    title = job.title if job else ""
    write_label(folder, {"title": title, "job": identifier})
    return folder.name


def _start(job: Job | None) -> xr.Dataset | None:
    """The plan a solve begins from; none where its run is gone or damaged, since it is only a help."""
    from model.netcdf import read_dataset

    if job is None or not job.folder:
        return None
    try:
        return read_dataset(Path(job.folder) / "solution.nc")
    except BadInput:
        return None


def _explained(jobs: Jobs, identifier: str, stop: Flag) -> list[str]:
    """Requirements that cannot hold together, in sentences, or none; repairs go to the job's folder."""
    from dashboard.repairs import SEARCH_S, found_repairs, write_repairs
    from model.studies.conflicts import conflicts
    from model.studies.solving import Solving

    jobs.tell(identifier, Event("repairs", 0.0))
    study = jobs.scenario(identifier)
    options = SolveOptions(gap=0.02, time_limit_s=SEARCH_S, threads=study.solver.threads)
    try:
        report = conflicts(study, solving=Solving(options, should_stop=stop.is_set), seconds=SEARCH_S)
    except Exception:
        traceback.print_exc()  # the study has no plan all the same, and the solver has said why
        return []
    if report.attrs["status"] != "infeasible":
        return []
    write_repairs(jobs.own_folder(identifier), found_repairs(report))
    return [str(sentence) for sentence in report["sentence"].values]


if __name__ == "__main__":
    main(sys.argv[1:])
