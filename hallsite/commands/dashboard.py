"""`hallsite dashboard`: the runs in a browser, with the solver behind them."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Annotated

import typer

PASSWORDS = {"run": "HALLSITE_RUN_PASSWORD", "view": "HALLSITE_VIEW_PASSWORD"}


def dashboard(
    runs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[RUN]...",
            help="Run folders to show besides those in the folder of runs; `last` and names work too.",
            show_default=False,
        ),
    ] = None,
    folder: Annotated[
        str, typer.Option(help="Folder of runs, made where there is none; or an fsspec address such as s3://plans/runs.")
    ] = "runs",
    port: Annotated[int, typer.Option(help="Port; 0 takes a free one.", min=0, max=65535)] = 8050,
    address: Annotated[
        str, typer.Option(help="Address to listen at; any but this machine's needs passwords and hosts.")
    ] = "127.0.0.1",
    allow_host: Annotated[
        list[str] | None,
        typer.Option(help="Name people type to reach the desk; may be repeated.", show_default=False),
    ] = None,
    browser: Annotated[bool, typer.Option(help="Open a browser.")] = True,
    at_once: Annotated[int, typer.Option(help="Solves that may run at once.", min=1)] = 1,
) -> None:
    """Look at runs, ask what if, and solve, in a browser.

    Reached from other machines it needs HALLSITE_RUN_PASSWORD (user `run`), may have HALLSITE_VIEW_PASSWORD
    (user `view`, who cannot solve), and belongs behind a proxy that speaks TLS.
    """
    from dashboard.app import serve
    from dashboard.guard import LOOPBACK, Access
    from dashboard.jobs import Limits
    from dashboard.places import is_address
    from data.errors import BadInput, Fault
    from model.runs import find_run

    further = [name if is_address(name) else find_run(name, Path(folder)) for name in runs or []]
    passwords = tuple((user, os.environ[name]) for user, name in PASSWORDS.items() if os.environ.get(name))
    access = Access((*LOOPBACK, *(allow_host or ())), passwords)
    try:
        serve(folder, further, address, port, access, Limits(running=at_once), browser)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        place = Fault("the address", f"{address}:{port}", "is taken by another program", "choose another --port")
        raise BadInput([place]) from error
