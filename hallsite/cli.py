"""The command line: its verbs in the order a newcomer meets them."""

from __future__ import annotations

from typing import Annotated

import typer

from hallsite.commands import (
    catalogue,
    check,
    conflicts,
    dashboard,
    duals,
    export,
    law,
    new,
    schema,
    show,
    solve,
    study,
    sweep,
)

app = typer.Typer(
    name="hallsite",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:
    if asked:
        from data.catalogue import package_version

        print(package_version())
        raise typer.Exit


@app.callback()
def hallsite(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    """Decides where to build server halls, how many of which kind, when, and whom they serve.

    Start with `hallsite solve guizhou`. Exit codes: 0 a plan, 1 our fault, 2 input that cannot be used,
    3 no plan can exist, 4 stopped without a plan.
    """


app.command()(solve.solve)
app.command()(check.check)
app.command()(conflicts.conflicts)
app.command()(show.show)
app.add_typer(sweep.app, name="sweep")
app.command()(duals.duals)
app.command()(export.export)
app.command()(dashboard.dashboard)
app.command()(new.new)
app.add_typer(catalogue.app, name="catalogue")
app.add_typer(law.app, name="law")
app.add_typer(study.app, name="study")
app.command()(schema.schema)
