"""Answers of studies kept in a run's folder: `stress.nc`, `law_cost.nc` and the like, as `--out` writes them."""

from __future__ import annotations

import xarray as xr
from dash import html
from dash.development.base_component import Component

from dashboard.context import Context
from dashboard.controls import run_of
from model.runs import Run
from model.studies import STUDIES

COMMANDS = {"law_cost": "law cost", **{name: f"study {name}" for name in STUDIES if name != "law_cost"}}


def answer_of(page: Context, study: str) -> xr.Dataset | None:
    """What a study said of the run shown; None where nobody asked it, or where the file is of another study."""
    return page.kept(_read, study, _stamp(run_of(page), study)) if page.run is not None else None


def how_to_ask(page: Context, study: str) -> Component:
    """The command that asks a study about the run shown and keeps the answer where this page finds it."""
    folder = f"{run_of(page).path.parent.name}/{run_of(page).path.name}"
    asked = f"{folder}/scenario.yaml" if study == "breakeven" else folder
    command = f"hallsite {COMMANDS[study]} {asked} --out {folder}/{study}.nc"
    return html.Div([html.P(page.t("answer.missing")), html.Pre(command, className="command", tabIndex=0)])


def _stamp(run: Run, study: str) -> float:
    place = run.path / f"{study}.nc"
    return place.stat().st_mtime if place.is_file() else 0.0


def _read(run: Run, study: str, stamp: float) -> xr.Dataset | None:
    if not stamp:
        return None
    try:
        found = xr.load_dataset(run.path / f"{study}.nc", engine="h5netcdf")
    except (OSError, ValueError):
        return None
    return found if found.attrs.get("study") == study else None
