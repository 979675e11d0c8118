"""`hallsite study`: what a plan is worth in droughts, which estimate would move it, where a price stops paying."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hallsite.commands.choices import ScenarioName

if TYPE_CHECKING:
    from collections.abc import Callable

    import xarray as xr

    from data.scenario import Scenario
    from model.studies.solving import Solving

app = typer.Typer(no_args_is_help=True, help="Ask a question about a plan; each answers in sentences.")

RunName = Annotated[str, typer.Argument(help="Run folder, beginning of its name in ./runs, or `last`.")]
Out = Annotated[Path | None, typer.Option(help="Also keep the answer as a netCDF file.", show_default=False)]


@app.command()
def stress(run: RunName, out: Out = None) -> None:
    """Compare a plan made for the mean year with the plan, in every hydrological year."""
    from model.runs import find_run, open_run
    from model.studies.stress import stress as study

    opened = open_run(find_run(run))
    years = opened.scenario.power.drought_years or (2022, 2023)
    answered(opened.scenario, lambda solving: study(opened.instance, opened.solution, years, solving), out)


@app.command()
def sensitivity(run: RunName, out: Out = None) -> None:
    """Move each estimated figure by a quarter and say which would change the sites opened."""
    from model.runs import find_run, open_run
    from model.studies.sensitivity import sensitivity as study

    opened = open_run(find_run(run))
    answered(opened.scenario, lambda solving: study(opened.scenario, opened.solution, solving=solving), out)


@app.command()
def breakeven(
    scenario: ScenarioName,
    hall_type: Annotated[str, typer.Option(help="Hall type in question.")] = "cave",
    out: Out = None,
) -> None:
    """Say at which tunnelling price no cave hall is built any more."""
    from data.scenario.reading import read_scenario
    from model.studies.breakeven import breakeven as study

    read = read_scenario(scenario)
    answered(read, lambda solving: study(read, hall_type=hall_type, solving=solving), out)


def answered(scenario: Scenario, ask: Callable[[Solving], xr.Dataset], out: Path | None) -> None:
    """Run a study with progress on standard error, print its sentences, keep it where asked."""
    from hallsite.paper import margin
    from hallsite.progress import progress
    from hallsite.stopping import stop_request
    from model.events import Event, SolveOptions
    from model.studies import study_text
    from model.studies.solving import Solving

    log: list[Event] = []
    with stop_request() as stop, progress(margin(), False, log) as listen:
        found = ask(Solving(SolveOptions(**scenario.solver.model_dump()), listen, stop))
    print(study_text(found))
    if out is not None:
        found.to_netcdf(out, engine="h5netcdf")
        print(f"Kept in {out}")
