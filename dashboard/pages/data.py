"""Data: what the figures rest on, published PUE, every source, assumption and table of the catalogue."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import dash_mantine_components as dmc
import pandas as pd
from dash import Dash, Input, Output, State, html
from dash.development.base_component import Component

from dashboard.context import Context, Desk
from dashboard.controls import moved, names_of, segments, site_choice
from dashboard.figures.basis import basis_figure, basis_table, pue_check_figure, pue_table
from dashboard.figures.style import named
from dashboard.meanings import MEANINGS
from dashboard.pages.site_card import known_figures, known_view
from dashboard.panel import panel, table_of
from dashboard.source_notes import sources_told
from dashboard.wiring import callback
from data.catalogue import catalogue_assumptions, catalogue_overview, catalogue_sources
from data.evidence import EVIDENCE_CLASSES

PATH = "/data"
LISTS = ("sources", "assumptions", "tables")


def layout(page: Context) -> Component:
    """The run's basis first, then the catalogue."""
    return html.Div(
        [
            dmc.Title(page.t("data.title"), order=1, size="h2"),
            html.P([*_legend(page)], className="caution"),
            _of_run(page),
            _catalogue(page),
        ],
        className="stack",
    )


def register(app: Dash, desk: Desk) -> None:
    """Search the catalogue; show another site's figures."""

    @callback(
        app,
        Output("data-catalogue-table", "children"),
        Output("page-state", "data", allow_duplicate=True),
        Input("data-list", "value"),
        Input("data-search", "value"),
        State("url", "pathname"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def look_up(chosen: str, words: str | None, pathname: str, search: str) -> tuple[Component, dict[str, str]]:
        page = moved(desk, pathname, search, list=chosen, words=words)
        return table_of(page, TABLES["catalogue"](page), page.t("data.catalogue")), {
            "list": chosen,
            "words": words or "",
        }

    @callback(
        app,
        Output("data-site-table", "children"),
        Output("page-state", "data", allow_duplicate=True),
        Input("data-place", "value"),
        State("url", "pathname"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def show(site: str | None, pathname: str, search: str) -> tuple[Component, dict[str, str]]:
        page = moved(desk, pathname, search, site=site)
        return _known(page), {"site": site or ""}


def _legend(page: Context) -> list[Any]:
    """What the evidence classes mean, in a line each."""
    parts: list[Any] = []
    for name in EVIDENCE_CLASSES:
        parts += [html.Strong(page.look.name("evidence", name)), f" {page.t(f'data.class.{name}')} "]
    return parts


def _of_run(page: Context) -> Component | None:
    run = page.run
    if run is None:
        return None
    chooser = html.Div(site_choice("data-place", page, _site(page)), className="controls no-print")
    return html.Div(
        [
            html.Div(
                [
                    panel(
                        page, "data", "basis", basis_figure(run.solution, run.evidence, page.look),
                        TABLES["basis"](page), 320,
                    ),
                    panel(page, "data", "pue", pue_check_figure(run.instance, page.look), TABLES["pue"](page), 320),
                ],
                className="halves",
            ),
            panel(page, "data", "site", table=_known(page), above=chooser),
        ],
        className="stack",
    )  # fmt: skip


def _known(page: Context) -> Component:
    return known_view(page, TABLES["site"](page), page.t("data.site"))


def _catalogue(page: Context) -> Component:
    lists = {name: page.t(f"data.list.{name}") for name in LISTS}
    search = dmc.TextInput(
        id="data-search", label=page.t("data.search"), value=page.state.get("words", ""), debounce=300, size="sm", w=280
    )
    controls = html.Div(
        [segments("data-list", page.t("data.list"), lists, _list(page)), search], className="controls no-print"
    )
    return panel(page, "data", "catalogue", table=TABLES["catalogue"](page), above=controls)


def _list(page: Context) -> str:
    chosen = page.state.get("list", LISTS[0])
    return chosen if chosen in LISTS else LISTS[0]


def _site(page: Context) -> str:
    assert page.run is not None
    known = [str(site) for site in page.run.instance["site"].values]
    chosen = page.state.get("site", "")
    return chosen if chosen in known else known[0]


@cache
def _listed(name: str) -> pd.DataFrame:
    """A list of the catalogue; empty cells are empty texts."""
    if name == "sources":
        table = catalogue_sources().rename_axis(index="source").reset_index()
        return table[["source", "title", "publisher", "date", "licence", "url", "note"]].fillna("").astype(str)
    if name == "assumptions":
        table = catalogue_assumptions().rename_axis(index="name").reset_index()
        return table[["name", "value", "low", "high", "unit", "evidence", "source", "meaning"]].fillna("")
    return catalogue_overview().reset_index().astype(object).fillna("")


def _catalogue_table(page: Context) -> pd.DataFrame:
    table = _listed(_list(page))
    if "meaning" in table and page.look.language == "zh":
        meanings = [MEANINGS.get(str(name), told) for name, told in zip(table["name"], table["meaning"], strict=True)]
        table = table.assign(meaning=meanings)
    if "title" in table:
        table = sources_told(table, page.look)
    rows = [" ".join(str(cell) for cell in row).casefold() for row in table.itertuples(index=False)]
    asked = page.state.get("words", "").casefold().split()
    return named(table[[all(word in row for word in asked) for row in rows]], page.look)


def _basis_table(page: Context) -> pd.DataFrame:
    return pd.DataFrame() if page.run is None else named(basis_table(page.run.solution, page.run.evidence), page.look)


def _pue_table(page: Context) -> pd.DataFrame:
    return pd.DataFrame() if page.run is None else named(pue_table(page.run.instance), page.look, names_of(page))


def _site_table(page: Context) -> pd.DataFrame:
    return pd.DataFrame() if page.run is None else named(known_figures(page.run, _site(page), page.look), page.look)


TABLES: dict[str, Callable[[Context], pd.DataFrame]] = {
    "basis": _basis_table,
    "pue": _pue_table,
    "site": _site_table,
    "catalogue": _catalogue_table,
}
