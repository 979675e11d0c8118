"""`hallsite conflicts`: why a study has no plan, and what would give it one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hallsite.commands.choices import Overrides, ScenarioName, file_sentence

if TYPE_CHECKING:
    import xarray as xr
    from rich.console import Console

    from data.scenario import Scenario
    from hallsite.stopping import StopRequest
    from model.errors import Infeasible

SECONDS = 180.0
AFTER_A_SOLVE = 90.0  # seconds spent on why a solve found that no plan can exist


def conflicts(
    scenario: ScenarioName,
    overrides: Overrides = None,
    seconds: Annotated[float, typer.Option(help="Seconds to spend, the prices of repairs included.")] = SECONDS,
    repairs: Annotated[int, typer.Option(help="Most repairs to tell.")] = 3,
    out: Annotated[Path | None, typer.Option(help="Also keep the report as a netCDF file.", show_default=False)] = None,
) -> None:
    """Say which requirements cannot hold together, and the cheapest repairs. Exit code 3 when no plan can exist."""
    from data.instance import build_instance
    from data.scenario.reading import read_scenario
    from hallsite.paper import margin
    from hallsite.stopping import stop_request
    from model.studies import study_text

    changes = overrides or []
    with stop_request() as stop:
        study = read_scenario(scenario, changes)
        margin().print(file_sentence(study, changes), soft_wrap=True)
        found = report(study, build_instance(study), stop, seconds, repairs)
    print(study_text(found))
    if out is not None:
        found.to_netcdf(out, engine="h5netcdf")
        print(f"Kept in {out}")
    if code := exit_code(found):
        raise typer.Exit(code)


def explained(
    error: Infeasible, study: Scenario, instance: xr.Dataset, stop: StopRequest, remarks: Console
) -> Exception:
    """The end of a solve without a plan: the report where it could be made in time, else what the solver said."""
    from hallsite.endings import Explained
    from model.studies import study_text

    remarks.print(
        f"No plan can exist. Looking for what conflicts and for repairs, {AFTER_A_SOLVE:.0f} s at most "
        "(Ctrl-C leaves with what is known).",
        soft_wrap=True,
    )
    found = report(study, instance, stop, AFTER_A_SOLVE, quiet=remarks.quiet)
    return Explained(study_text(found)) if found.attrs["status"] == "infeasible" else error


def report(
    study: Scenario,
    instance: xr.Dataset,
    stop: StopRequest,
    seconds: float = SECONDS,
    repairs: int = 3,
    quiet: bool = False,
) -> xr.Dataset:
    """The report on a study with progress on standard error; Ctrl-C leaves what is known by then."""
    from hallsite.paper import margin
    from hallsite.progress import progress
    from model.events import Event, SolveOptions
    from model.studies.conflicts import conflicts as find
    from model.studies.solving import Solving

    log: list[Event] = []
    with progress(margin(), quiet, log) as listen:
        stop.solving = True
        solving = Solving(SolveOptions(**study.solver.model_dump()), listen, stop)
        return find(study, instance, solving, seconds, repairs)


def exit_code(found: xr.Dataset) -> int:
    """0 a plan exists, 3 none can, 4 not settled."""
    from hallsite.endings import INFEASIBLE, NO_PLAN

    return {"feasible": 0, "infeasible": INFEASIBLE, "unknown": NO_PLAN}[str(found.attrs["status"])]
