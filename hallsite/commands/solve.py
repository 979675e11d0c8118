"""`hallsite solve`: from a scenario file to a printed plan and a run folder."""

from __future__ import annotations

import shlex
import sys
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hallsite.commands.choices import AsJson, Overrides, ScenarioName, file_sentence

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from rich.console import Console, Group

    from data.scenario import Scenario
    from data.setting import Setting
    from hallsite.stopping import StopRequest
    from model.events import Event
    from model.runs import Run

RUNS = Path("runs")
SIZES = {
    "site": "sites",
    "stream": "streams",
    "hall_type": "hall types",
    "period": "periods",
    "slice": "slices",
    "hydro_year": "hydrological years",
}


def solve(
    scenario: ScenarioName,
    overrides: Overrides = None,
    gap: Annotated[float | None, typer.Option(help="Certified relative gap at which to stop, such as 0.005.")] = None,
    time_limit: Annotated[float | None, typer.Option(help="Seconds after which the best plan is taken.")] = None,
    threads: Annotated[int | None, typer.Option(help="Threads of the solver.")] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of every random choice.")] = None,
    effort: Annotated[
        float | None, typer.Option(help="Search for a better plan, relative to the usual: 0 none, 3 thrice as much.")
    ] = None,
    resolution: Annotated[
        str | None, typer.Option(help="A year in 36 slices (`month`) or in 12, for screening (`season`).")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder to write the run to.", show_default="runs/NAME-TIME-HASH"),
    ] = None,
    questions: Annotated[
        bool,
        typer.Option(
            "--questions/--no-questions",
            help="Also answer the study's questions and name the estimates that would move the sites.",
        ),
    ] = True,
    as_json: AsJson = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print only where the run folder is.")] = False,
) -> None:
    """Find a plan, prove how good it is, and keep it in a run folder."""
    from data.scenario.reading import read_scenario
    from hallsite.paper import margin
    from hallsite.stopping import stop_request
    from model.printed import printed_plan
    from model.runs import Run, run_folder

    changes = [
        *(overrides or []),
        *_solver_changes(gap=gap, time_limit_s=time_limit, threads=threads, seed=seed, effort=effort),
        *([] if resolution is None else [f"time.resolution={resolution}"]),
    ]
    _refuse_taken(out)
    remarks, silent, log = margin(), quiet or as_json, list["Event"]()
    remarks.quiet = silent
    with stop_request() as stop:
        study = read_scenario(scenario, changes)
        remarks.print(file_sentence(study, changes), soft_wrap=True)
        setting, instance, evidence = _instance(study, remarks)
        solution = _solution(study, instance, stop, remarks, log)
        if questions:
            solution = _answered(setting, instance, solution, stop, remarks)
    page = printed_plan(instance, solution, evidence)
    run = _saved(Run(out or run_folder(RUNS, study), study, instance, solution, {}, evidence), log, page)
    if as_json:
        _print_answer(run)
    elif quiet:
        print(run.path)
    else:
        _print_page(run, changes, page)


def _solver_changes(**options: float | None) -> list[str]:
    """Options of their own are short for values under `solver`."""
    return [f"solver.{name}={value!r}" for name, value in options.items() if value is not None]


def _refuse_taken(out: Path | None) -> None:
    """An own folder is checked before the work, not after it."""
    from data.errors import BadInput, Fault

    if out is not None and out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise BadInput([Fault(str(out), "--out", "is there already and not empty", "name a new folder")])


def _instance(study: Scenario, remarks: Console) -> tuple[Setting, xr.Dataset, pd.DataFrame]:
    """Every figure of the study, and where each comes from; the setting that they were worked out in."""
    from data.catalogue import evidence_table
    from data.frame import make_setting
    from data.instance import instance_of

    started = perf_counter()
    setting = make_setting(study)
    instance, evidence = instance_of(setting), evidence_table(setting)
    sizes = ", ".join(f"{instance.sizes[dim]} {words}" for dim, words in SIZES.items())
    remarks.print(f"{perf_counter() - started:6.1f} s  figures attached: {sizes}", soft_wrap=True)
    return setting, instance, evidence


def _solution(
    study: Scenario, instance: xr.Dataset, stop: StopRequest, remarks: Console, log: list[Event]
) -> xr.Dataset:
    from hallsite.commands.conflicts import explained
    from hallsite.progress import progress
    from model.errors import Infeasible
    from model.events import SolveOptions
    from model.solver import solve as find_plan

    try:
        with progress(remarks, remarks.quiet, log) as listen:
            stop.solving = True
            options = SolveOptions(**study.solver.model_dump())
            return find_plan(instance, options, listen, stop)
    except Infeasible as error:
        raise explained(error, study, instance, stop, remarks) from None


def _answered(
    setting: Setting, instance: xr.Dataset, solution: xr.Dataset, stop: StopRequest, remarks: Console
) -> xr.Dataset:
    """The solution with what was asked beside it; the plan stands even where a question cannot be answered."""
    from hallsite.progress import progress
    from hallsite.questions import with_answers
    from model.events import SolveOptions
    from model.studies.solving import Solving

    with progress(remarks, remarks.quiet, []) as listen:
        solving = Solving(SolveOptions(**setting.scenario.solver.model_dump()), listen, stop)
        return with_answers(setting, instance, solution, solving, remarks)


def _saved(run: Run, log: list[Event], page: Group) -> Run:
    """The run, written to the first free folder of its name."""
    from model.printed import as_text
    from model.runs import save_run

    command = shlex.join(["hallsite", *sys.argv[1:]])
    path = save_run(run.path, run.scenario, run.instance, run.solution, log, command, run.evidence, as_text(page))
    return replace(run, path=path)


def _print_answer(run: Run) -> None:
    from hallsite.paper import print_json
    from model.report import summary

    study = run.scenario
    origin: dict[str, Any] = {"scenario": study.name, "file": str(study.file), "run": str(run.path)}
    print_json(origin | summary(run.instance, run.solution, run.evidence))


def _print_page(run: Run, changes: list[str], plan: Group) -> None:
    from rich.text import Text

    from hallsite.paper import page

    paper, study = page(), run.scenario
    paper.print(Text(f"\n{study.title or study.name}", style="bold"))
    paper.print(plan)
    paper.print(Text.assemble("\n", ("Study  ", "bold"), file_sentence(study, changes)), soft_wrap=True)
    hint = f"   (see it again: hallsite show {run.path.name})" if run.path.parent == RUNS else ""
    paper.print(Text.assemble(("Run    ", "bold"), f"{run.path}{hint}"), soft_wrap=True)
