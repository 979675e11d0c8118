"""`hallsite show`: a run again, or the list of runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hallsite.commands.choices import AsJson


def show(
    run: Annotated[
        str | None,
        typer.Argument(help="Run folder, beginning of its name in ./runs, or `last`.", show_default=False),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Print the plan of a run again; without a name, list the runs in ./runs."""
    if run is None:
        _list_runs(as_json)
    else:
        _show_run(run, as_json)


def _show_run(name: str, as_json: bool) -> None:
    from rich.text import Text

    from hallsite.paper import page, print_json
    from model.printed import printed_plan
    from model.report import summary
    from model.runs import find_run, open_run

    run = open_run(find_run(name))
    if as_json:
        print_json(run.meta | {"run": str(run.path)} | summary(run.instance, run.solution, run.evidence))
        return
    paper = page()
    paper.print(Text(f"\n{run.scenario.title or run.scenario.name}", style="bold"))
    paper.print(printed_plan(run.instance, run.solution, run.evidence))
    origin = f"{run.meta['command']}, hallsite {run.meta['versions']['hallsite']}, saved {run.meta['saved']}"
    paper.print(Text.assemble("\n", ("Run    ", "bold"), f"{run.path}   ({origin})"), soft_wrap=True)


def _list_runs(as_json: bool) -> None:
    from rich.table import Table

    from hallsite.paper import page, print_json
    from model.amounts import money, percent
    from model.runs import run_facts, runs_in

    found = {folder: run_facts(folder) for folder in runs_in(Path("runs"))}
    if as_json:
        print_json({"runs": [facts | {"run": str(folder)} for folder, facts in found.items()]})
        return
    if not found:
        page().print("There is no run in ./runs yet; start with: hallsite solve guizhou")
        return
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for heading in ("run", "plan", "gap", "seconds", "status"):
        table.add_column(heading, no_wrap=True, justify="left" if heading in ("run", "status") else "right")
    for folder, facts in found.items():
        table.add_row(
            folder.name,
            money(facts["objective_cny"]),
            percent(facts["gap"]),
            f"{facts['wall_s']:.1f}",
            facts["status"].replace("_", " "),
        )
    page().print(table)
