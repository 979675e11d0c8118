"""Energy: dispatch by slice and hydrological year, what a kilowatt-hour is made of, PUE, water and carbon."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import dash_mantine_components as dmc
import pandas as pd
from dash import Dash, Output, html
from dash.development.base_component import Component

from dashboard.context import Context, Desk
from dashboard.controls import (
    control_bar,
    follows,
    names_of,
    one_of,
    period_choice,
    period_of,
    run_of,
    select,
    serving_sites,
    site_choice,
    tell_address,
)
from dashboard.figures.build import capacity_figure, capacity_table
from dashboard.figures.climate import climate_figure, climate_table
from dashboard.figures.footprint import footprint_figure, footprint_table
from dashboard.figures.price import grid_price_figure, grid_price_table, price_figure, price_table
from dashboard.figures.style import Figure, named
from dashboard.figures.supply import MEAN, dispatch_figure, dispatch_table, years_figure, years_table
from dashboard.panel import as_held, held_table, panel, table_of
from dashboard.shell import message
from model.runs import Run

PATH = "/energy"
ALL = "all"
COMPARED_SITES = 5
CONTROLS = ("period", "site", "year")
# What a panel depends on: one that stays as it is is not asked for again.
MOVING = {
    "dispatch": CONTROLS, "years": ("period", "site"), "grid_price": ("period", "site"), "pue": ("site",),
    "wue": ("site",),
}  # fmt: skip


def layout(page: Context) -> Component:
    """Controls, then panels: those that follow the controls first."""
    run = page.run
    if run is None:
        return message(page, "control.no_run", "control.no_run.remedy")
    pairs = (("dispatch", "years"), ("price", "grid_price"), ("pue", "wue"), ("water", "carbon"))
    return html.Div(
        [
            dmc.Title(page.t("energy.title"), order=1, size="h2"),
            _controls(page, run),
            *(html.Div([_panel(page, name) for name in pair], className="halves") for pair in pairs),
            _panel(page, "capacity"),
        ],
        className="energy",
    )


def register(app: Dash, desk: Desk) -> None:
    """Redraw each panel that follows the controls, and tell the address."""
    for name, controls in MOVING.items():
        _register_panel(app, desk, name, controls)
    tell_address(app, "energy", CONTROLS)


def _register_panel(app: Dash, desk: Desk, name: str, controls: tuple[str, ...]) -> None:
    outputs = Output(f"energy-{name}-figure", "figure"), held_table("energy", name)

    @follows(app, desk, "energy", controls, *outputs)
    def redraw(page: Context) -> tuple[Any, Any]:
        table = table_of(page, TABLES[name](page), page.t(f"energy.{name}"))
        return DRAWN[name](page, AMOUNTS[name](page)), as_held(table)


def _controls(page: Context, run: Run) -> Component:
    years = {MEAN: page.t("control.hydro_mean")} | {str(y): str(y) for y in run.instance["hydro_year"].values}
    return control_bar(
        period_choice("energy-period", page),
        site_choice("energy-site", page, _site(page), True, page.t("all.sites")),
        select("energy-year", page.t("control.hydro_year"), years, _year(page)),
    )


def _panel(page: Context, name: str) -> Component:
    return panel(page, "energy", name, DRAWN[name](page, AMOUNTS[name](page)), TABLES[name](page), 360)


def _site(page: Context) -> str:
    return one_of(page, "site", page.kept(serving_sites), ALL)


def _sites(page: Context) -> tuple[str, ...] | None:
    """The chosen site, or None for all of them."""
    site = _site(page)
    return None if site == ALL else (site,)


def _some(page: Context) -> tuple[str, ...]:
    """The chosen site, or those with the most load."""
    return _sites(page) or tuple(page.kept(serving_sites)[:COMPARED_SITES])


def _one(page: Context) -> str:
    """The site whose weather is shown."""
    return next(iter(_some(page)), str(run_of(page).instance["site"].values[0]))


def _year(page: Context) -> str:
    return one_of(page, "year", [str(year) for year in run_of(page).instance["hydro_year"].values], MEAN)


def _dispatch(run: Run, period: int, year: str, sites: tuple[str, ...] | None) -> pd.DataFrame:
    return dispatch_table(run.instance, run.solution, period, year, sites)


def _years(run: Run, period: int, sites: tuple[str, ...] | None) -> pd.DataFrame:
    return years_table(run.instance, run.solution, period, sites)


def _price(run: Run) -> pd.DataFrame:
    return price_table(run.instance, run.solution)


def _grid_price(run: Run, sites: tuple[str, ...], period: int) -> pd.DataFrame:
    return grid_price_table(run.instance, sites, period)


def _climate(run: Run, site: str) -> pd.DataFrame:
    return climate_table(run.instance, site)


def _footprint(run: Run) -> pd.DataFrame:
    return footprint_table(run.instance, run.solution)


def _capacity(run: Run) -> pd.DataFrame:
    return capacity_table(run.instance, run.solution)


# Figures of a run that the controls narrow: worked out once for all readers, shown as chart, table and file.
AMOUNTS: dict[str, Callable[[Context], pd.DataFrame]] = {
    "dispatch": lambda page: page.kept(_dispatch, period_of(page), _year(page), _sites(page)),
    "years": lambda page: page.kept(_years, period_of(page), _sites(page)),
    "price": lambda page: page.kept(_price),
    "grid_price": lambda page: page.kept(_grid_price, _some(page), period_of(page)),
    "pue": lambda page: page.kept(_climate, _one(page)),
    "wue": lambda page: page.kept(_climate, _one(page)),
    "water": lambda page: page.kept(_footprint),
    "carbon": lambda page: page.kept(_footprint),
    "capacity": lambda page: page.kept(_capacity),
}


DRAWN: dict[str, Callable[[Context, pd.DataFrame], Figure]] = {
    "dispatch": lambda page, table: dispatch_figure(table, run_of(page).instance, page.look),
    "years": lambda page, table: years_figure(table, page.look),
    "price": lambda page, table: price_figure(table, names_of(page), page.look),
    "grid_price": lambda page, table: grid_price_figure(table, run_of(page).instance, names_of(page), page.look),
    "pue": lambda page, table: climate_figure(table, run_of(page).instance, page.look, "pue"),
    "wue": lambda page, table: climate_figure(table, run_of(page).instance, page.look, "wue_m3_per_mwh"),
    "water": lambda page, table: footprint_figure(table, names_of(page), page.look, "water"),
    "carbon": lambda page, table: footprint_figure(table, names_of(page), page.look, "carbon"),
    "capacity": lambda page, table: capacity_figure(table, run_of(page).instance, page.look),
}


def _table(name: str) -> Callable[[Context], pd.DataFrame]:
    def told(page: Context) -> pd.DataFrame:
        table = AMOUNTS[name](page)
        table = table.assign(site=_one(page)) if name in ("pue", "wue") else table
        return named(table, page.look, names_of(page))

    return told


TABLES: dict[str, Callable[[Context], pd.DataFrame]] = {name: _table(name) for name in AMOUNTS}
