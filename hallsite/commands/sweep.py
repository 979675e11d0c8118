"""`hallsite sweep`: many variants of a study on every core, or on a cluster, and what they say together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from hallsite.commands.choices import AsJson

if TYPE_CHECKING:
    from data.errors import Fault
    from data.scenario import Scenario
    from hallsite.sweep_progress import Progress
    from model.batch.design import Design
    from model.batch.plan import SweepPlan


class _RunUnlessNamed(TyperGroup):
    """`hallsite sweep guizhou …` runs a sweep; a word that is a verb of this group is that verb."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put `run` before words that name no verb."""
        if args and args[0] not in self.commands and args[0] not in ("-h", "--help"):
            args = ["run", *args]
        return list(super().parse_args(ctx, args))


app = typer.Typer(
    cls=_RunUnlessNamed,
    no_args_is_help=True,
    help="Solve many variants of a study: hallsite sweep STUDY.yaml, or hallsite sweep SCENARIO "
    "--set policy.carbon_price_cny_per_t=0:200:50; see `hallsite sweep run --help`.",
)


@app.command()
def run(
    study: Annotated[
        str,
        typer.Argument(
            metavar="STUDY",
            help="A sweep's YAML file, or a scenario as `hallsite solve` takes it.",
            show_default=False,
        ),
    ],
    values: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="PATH=VALUES",
            help="a,b,c or low:high:step makes the key an axis; one value holds for every member.",
        ),
    ] = None,
    design: Annotated[
        str | None,
        typer.Option(help="grid, paired, or random (low:high then needs no step).", show_default="grid"),
    ] = None,
    samples: Annotated[int, typer.Option(min=0, help="Members of a random design.")] = 0,
    seed: Annotated[int, typer.Option(min=0, help="Seed of a random design.")] = 0,
    workers: Annotated[
        int | None, typer.Option(min=0, help="Processes; 0 for this one.", show_default="cores and memory")
    ] = None,
    scheduler: Annotated[
        str | None, typer.Option(help="Address of a dask scheduler, such as tcp://10.0.0.1:8786.")
    ] = None,
    threads: Annotated[int, typer.Option(min=1, help="Threads of each solve.")] = 1,
    gap: Annotated[float | None, typer.Option(help="Certified gap at which each solve stops.")] = None,
    time_limit: Annotated[float | None, typer.Option(help="Seconds of each solve at most.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder of the sweep.", show_default="sweeps/NAME-HASH")] = None,
    retry: Annotated[bool, typer.Option("--retry", help="Solve failed members again.")] = False,
    cold: Annotated[
        bool, typer.Option("--cold", help="Start every member from nothing, not from its neighbour's plan.")
    ] = False,
    plan_only: Annotated[bool, typer.Option("--plan", help="Show the plan of work and stop; writes nothing.")] = False,
    as_json: AsJson = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print only where the sweep is.")] = False,
) -> None:
    """Solve every member that is not known yet; the same command goes on where one was stopped."""
    from hallsite.paper import margin
    from hallsite.sweep_page import print_sweep, work_lines
    from hallsite.sweep_progress import Progress
    from model.batch.plan import plan_sweep
    from model.batch.running import plan_work
    from model.batch.store import sweep_folder
    from model.batch.sweeping import SWEEPS

    remarks = margin()
    remarks.quiet = quiet or as_json
    base, asked, name, faults = _asked(study, values or [], (design, samples, seed), (gap, time_limit))
    plan = plan_sweep(base, asked, name, threads, faults=[*faults, *_address_faults(workers, scheduler)])
    folder = out or sweep_folder(SWEEPS, plan)
    work = plan_work(folder, plan, workers, scheduler, retry, take_over=False, warm=not cold)
    for line in work_lines(plan, work, folder):
        remarks.print(line, soft_wrap=True)
    if plan_only:
        return
    with Progress(remarks) as progress:
        stopped = _solve(folder, plan, (workers, scheduler, retry, not cold), progress)
    print_sweep(folder, as_json, quiet)
    raise typer.Exit(_exit_code(folder, stopped, remarks))


@app.command()
def show(
    sweep: Annotated[
        str | None,
        typer.Argument(help="Sweep folder, beginning of its name in ./sweeps, or `last`.", show_default=False),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Print what a sweep found and write the page of its responses; without a name, list ./sweeps."""
    from hallsite.paper import page
    from hallsite.sweep_page import list_sweeps, print_sweep
    from model.batch.figures import draw_sweep
    from model.batch.store import find_sweep

    if sweep is None:
        list_sweeps(as_json)
        return
    folder = find_sweep(sweep)
    drawn = draw_sweep(folder)  # first, since it brings the tables up to date
    print_sweep(folder, as_json, False)
    if not as_json:
        page().print(f"Page   {drawn}", soft_wrap=True)


def _asked(
    study: str, values: list[str], how: tuple[str | None, int, int], limits: tuple[float | None, float | None]
) -> tuple[Scenario, Design, str, list[Fault]]:
    """The base study, the design and the name, from a study file or the words of the command line, and faults."""
    from data.errors import Fault
    from data.scenario.reading import read_scenario
    from model.batch.design import KINDS
    from model.batch.reading import is_study, joined, read_study, words_and_faults

    kind, samples, seed = how
    given = {"solver.gap": limits[0], "solver.time_limit_s": limits[1]}
    fixed = {path: value for path, value in given.items() if value is not None}
    chosen = next((known for known in KINDS if known == kind), KINDS[0])
    words, faults = words_and_faults(values, chosen, samples, seed)
    if kind not in (None, *KINDS):
        faults.append(Fault("--design", str(kind), "is no design we know", f"use one of {', '.join(KINDS)}"))
    if not is_study(Path(study)):
        return read_scenario(study), replace(words, fixed=words.fixed | fixed), "", faults
    file = read_study(Path(study))
    own = file.design
    own = replace(own, kind=chosen if kind else own.kind, samples=samples or own.samples, seed=seed or own.seed)
    return read_scenario(file.scenario), joined(own, words, fixed), file.name, faults


def _address_faults(workers: int | None, scheduler: str | None) -> Iterator[Fault]:
    from data.errors import Fault

    if scheduler is None:
        return
    if workers is not None:
        remedy = "leave --workers out: those of the scheduler are used"
        yield Fault("the sweep", "--workers", "means nothing beside --scheduler", remedy)
    if not re.fullmatch(r"[a-z]+://.+", scheduler):
        remedy = "write it with its protocol, such as tcp://10.0.0.1:8786"
        yield Fault("the sweep", "--scheduler", f"{scheduler!r} is no address", remedy)


def _solve(folder: Path, plan: SweepPlan, how: tuple[int | None, str | None, bool, bool], progress: Progress) -> str:
    """Solve what is left; why it ended early, if so. Whatever happens, the cube holds what was finished."""
    from model.batch.gathering import assemble
    from model.batch.handing import SchedulerGone
    from model.batch.running import run as solve_members
    from model.batch.sweeping import prepare

    work = prepare(folder, plan, *how)
    stopped = ""
    try:
        solve_members(folder, plan, work, progress.listen)
    except KeyboardInterrupt:
        stopped = "Stopped"
    except SchedulerGone as error:
        stopped = f"Stopped, since {error}"
    finally:
        assemble(folder).close()
    return stopped


def _exit_code(folder: Path, stopped: str, remarks: Any) -> int:
    """0 with a plan, 3 when no member has one because none exists, 1 or 4 otherwise; 4 when stopped."""
    from hallsite.endings import INFEASIBLE, NO_PLAN, OUR_FAULT
    from model.batch.outcome import SOLVED
    from model.batch.tables import member_table

    status = member_table(folder)["status"]
    if stopped:
        kept = int((status != "pending").sum())
        remarks.print(f"{stopped}: {kept} of {len(status)} members are kept; the same command goes on from there.")
        return NO_PLAN
    if status.isin(SOLVED).any():
        return 0
    if (status == "infeasible").all():
        return INFEASIBLE
    return OUR_FAULT if (status == "failed").any() else NO_PLAN
