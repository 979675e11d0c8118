"""Energy: dispatch by slice and hydrological year, what a kilowatt-hour is made of, PUE, water and carbon."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import dash_mantine_components as dmc
import pandas as pd
from dash import Dash, Input, Output, State, html
from dash.development.base_component import Component

from dashboard.context import Context, Desk
from dashboard.controls import (
    moved,
    names_of,
    one_of,
    period_choice,
    period_of,
    select,
    serving_sites,
    site_choice,
    tell_address,
)
from dashboard.figures.build import capacity_figure, capacity_table
from dashboard.figures.climate import climate_figure, climate_table
from dashboard.figures.footprint import footprint_figure, footprint_table
from dashboard.figures.price import grid_price_figure, grid_price_table, price_figure, price_table
from dashboard.figures.style import named
from dashboard.figures.supply import MEAN, dispatch_figure, dispatch_table, years_figure, years_table
from dashboard.panel import panel, table_of
from dashboard.shell import message
from dashboard.wiring import callback
from model.runs import Run

PATH = "/energy"
ALL = "all"
COMPARED_SITES = 5


def layout(page: Context) -> Component:
    """Controls, then panels: those that follow the controls first."""
    run = page.run
    if run is None:
        return message(page, "control.no_run", "control.no_run.remedy")
    return html.Div(
        [
            dmc.Title(page.t("energy.title"), order=1, size="h2"),
            _controls(page, run),
            html.Div([_panel(page, run, name) for name in ("dispatch", "years")], className="halves"),
            html.Div([_panel(page, run, "price"), _panel(page, run, "grid_price")], className="halves"),
            html.Div([_panel(page, run, "pue"), _panel(page, run, "wue")], className="halves"),
            html.Div([_panel(page, run, "water"), _panel(page, run, "carbon")], className="halves"),
            _panel(page, run, "capacity"),
        ],
        className="energy",
    )


def register(app: Dash, desk: Desk) -> None:
    """Redraw each panel that follows the controls, and tell the address."""
    for name in MOVING:
        _register_panel(app, desk, name)
    tell_address(app, "energy", CONTROLS)


def _register_panel(app: Dash, desk: Desk, name: str) -> None:
    @callback(
        app,
        Output(f"energy-{name}-figure", "figure"),
        Output(f"energy-{name}-table", "children"),
        *[Input(f"energy-{control}", "value") for control in CONTROLS],
        State("url", "pathname"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def redraw(*moved_to: Any) -> tuple[Any, Component]:
        *values, pathname, search = moved_to
        page = moved(desk, pathname, search, **dict(zip(CONTROLS.values(), values, strict=True)))
        assert page.run is not None
        return FIGURES[name](page, page.run), table_of(page, TABLES[name](page), page.t(f"energy.{name}"))


def _controls(page: Context, run: Run) -> Component:
    years = {MEAN: page.t("control.hydro_mean")} | {str(y): str(y) for y in run.instance["hydro_year"].values}
    return html.Div(
        [
            period_choice("energy-period", page, run, period_of(page, run)),
            site_choice("energy-site", page, run, _site(page, run), True, page.t("all.sites")),
            select("energy-year", page.t("control.hydro_year"), years, _year(page, run)),
        ],
        className="controls no-print",
    )


def _panel(page: Context, run: Run, name: str) -> Component:
    return panel(page, "energy", name, FIGURES[name](page, run), TABLES[name](page), 360)


def _site(page: Context, run: Run) -> str:
    return one_of(page, "site", serving_sites(run), ALL)


def _sites(page: Context, run: Run) -> list[str] | None:
    """The chosen site, or None for all of them."""
    site = _site(page, run)
    return None if site == ALL else [site]


def _some(page: Context, run: Run) -> list[str]:
    """The chosen site, or those with the most load."""
    return _sites(page, run) or serving_sites(run)[:COMPARED_SITES]


def _year(page: Context, run: Run) -> str:
    return one_of(page, "year", [str(year) for year in run.instance["hydro_year"].values], MEAN)


def _run(page: Context) -> Run:
    if page.run is None:
        raise LookupError("there is no run")
    return page.run


def _shown(page: Context, table: pd.DataFrame) -> pd.DataFrame:
    return named(table, page.look, names_of(page, _run(page)))


def _one(page: Context, run: Run) -> str:
    """The site whose weather is shown."""
    return (_some(page, run) or [str(run.instance["site"].values[0])])[0]


CONTROLS = {"period": "period", "site": "site", "year": "year"}
MOVING = ("dispatch", "years", "grid_price", "pue", "wue")
FIGURES: dict[str, Any] = {
    "dispatch": lambda page, run: dispatch_figure(
        run.instance, run.solution, period_of(page, run), page.look, _year(page, run), _sites(page, run)
    ),
    "years": lambda page, run: years_figure(
        run.instance, run.solution, period_of(page, run), page.look, _sites(page, run)
    ),
    "price": lambda page, run: price_figure(run.instance, run.solution, page.look),
    "grid_price": lambda page, run: grid_price_figure(run.instance, _some(page, run), period_of(page, run), page.look),
    "pue": lambda page, run: climate_figure(run.instance, _one(page, run), page.look, "pue"),
    "wue": lambda page, run: climate_figure(run.instance, _one(page, run), page.look, "wue_m3_per_mwh"),
    "water": lambda page, run: footprint_figure(run.instance, run.solution, page.look, "water"),
    "carbon": lambda page, run: footprint_figure(run.instance, run.solution, page.look, "carbon"),
    "capacity": lambda page, run: capacity_figure(run.instance, run.solution, page.look),
}


def _dispatch(page: Context) -> pd.DataFrame:
    run = _run(page)
    told = run.instance, run.solution, period_of(page, run), _year(page, run), _sites(page, run)
    return _shown(page, dispatch_table(*told))


def _years(page: Context) -> pd.DataFrame:
    run = _run(page)
    return _shown(page, years_table(run.instance, run.solution, period_of(page, run), _sites(page, run)))


def _grid_price(page: Context) -> pd.DataFrame:
    run = _run(page)
    return _shown(page, grid_price_table(run.instance, _some(page, run), period_of(page, run)))


def _climate(page: Context) -> pd.DataFrame:
    run = _run(page)
    site = _one(page, run)
    return _shown(page, climate_table(run.instance, site).assign(site=site))


def _footprint(page: Context) -> pd.DataFrame:
    return _shown(page, footprint_table(_run(page).instance, _run(page).solution))


TABLES: dict[str, Callable[[Context], pd.DataFrame]] = {
    "dispatch": _dispatch,
    "years": _years,
    "price": lambda page: _shown(page, price_table(_run(page).instance, _run(page).solution)),
    "grid_price": _grid_price,
    "pue": _climate,
    "wue": _climate,
    "water": _footprint,
    "carbon": _footprint,
    "capacity": lambda page: capacity_table(_run(page).instance, _run(page).solution),
}
