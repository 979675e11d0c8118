"""`hallsite dashboard`: the runs in a browser."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

PASSWORDS = {"run": "HALLSITE_RUN_PASSWORD", "view": "HALLSITE_VIEW_PASSWORD"}


def dashboard(
    runs: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[RUN]...", help="Further run folders to show.", show_default=False),
    ] = None,
    store: Annotated[Path, typer.Option(help="Folder of runs, read and written.")] = Path("runs"),
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = 8050,
    address: Annotated[
        str, typer.Option(help="Address to listen on; others than this machine need passwords.")
    ] = "127.0.0.1",
    allow_host: Annotated[
        list[str] | None,
        typer.Option(help="Host name people will type; may be repeated.", show_default=False),
    ] = None,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open a browser window.")] = True,
) -> None:
    """Browse plans, ask what-if and solve, in a browser on this machine.

    Passwords come from HALLSITE_RUN_PASSWORD (may solve) and HALLSITE_VIEW_PASSWORD (may read).
    """
    from dashboard.app import serve
    from dashboard.guard import LOOPBACK, Access
    from data.errors import BadInput, Fault
    from model.runs import run_facts

    for run in runs or []:
        run_facts(run)
    given = ((role, os.environ.get(variable, "")) for role, variable in PASSWORDS.items())
    access = Access((*LOOPBACK, *(allow_host or [])), tuple((role, word) for role, word in given if word))
    try:
        serve(store, runs or [], address, port, access, open_browser=browser)
    except OSError as error:
        place = f"{address}:{port}"
        problem = f"cannot be listened on ({error.strerror})"
        raise BadInput([Fault("dashboard", place, problem, "choose another --port or --address")]) from error
