"""Law: mechanism by origin and host, the rules behind it with citations, its course, and what it costs here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any

import dash_mantine_components as dmc
import pandas as pd
from dash import Dash, Input, Output, html, no_update
from dash.development.base_component import Component

from dashboard.context import Context, Desk
from dashboard.controls import follows, tell_address
from dashboard.figures.lawmap import course_of_law_figure, course_of_law_table, law_figure, law_table
from dashboard.figures.style import Figure, named
from dashboard.pages.law_costs import burdens_table, cost_panels
from dashboard.pages.law_question import asked, day, own_rules, pair, places_asked, question, since, since_choice
from dashboard.pages.law_reasons import reasons, rules_in_words, steps_in_words
from dashboard.panel import as_held, held_table, panel, table_of
from dashboard.wiring import callback
from data.law import changes, rule_table
from data.scenario.law import LawChanges

PATH = "/law"
CONTROLS = ("class", "people", "operator", "mode", "day", "places", "from", "to", "since")
# What each part depends on: one that stays as it is is not asked for again.
MATRIX = ("class", "people", "operator", "mode", "day", "places", "from", "to")
WHY = ("class", "people", "operator", "mode", "day", "from", "to")
COURSE = ("people", "operator", "mode", "day", "from", "to")
CHANGES = ("operator", "day", "places", "from", "since")


def layout(page: Context) -> Component:
    """The question, the matrix, the rules behind one cell, their course and what they cost this plan."""
    course = panel(page, "law", "course", _course_figure(page), TABLES["course"](page), 420)
    return html.Div(
        [
            dmc.Title(page.t("law.title"), order=1, size="h2"),
            html.P(page.t("law.disclaimer"), className="caution"),
            question(page),
            panel(page, "law", "matrix", _matrix(page), TABLES["matrix"](page), 620),
            html.Div([_why(page), course], className="halves"),
            panel(page, "law", "changes", table=TABLES["changes"](page), above=since_choice(page)),
            *cost_panels(page, TABLES["cost"]),
            panel(page, "law", "rules", table=TABLES["rules"](page)),
        ],
        className="stack",
    )


def register(app: Dash, desk: Desk) -> None:
    """Answer again when the question moves; a click on a cell asks about it."""
    tell_address(app, "law", CONTROLS)

    @follows(app, desk, "law", MATRIX, Output("law-matrix-figure", "figure"), held_table("law", "matrix"))
    def matrix(page: Context) -> tuple[Any, ...]:
        return _matrix(page), as_held(table_of(page, TABLES["matrix"](page), page.t("law.matrix")))

    @follows(app, desk, "law", WHY, Output("law-why", "children"))
    def why(page: Context) -> Any:
        return _reasons(page)

    @follows(app, desk, "law", COURSE, Output("law-course-figure", "figure"), held_table("law", "course"))
    def course(page: Context) -> tuple[Any, ...]:
        return _course_figure(page), as_held(table_of(page, TABLES["course"](page), page.t("law.course")))

    @follows(app, desk, "law", CHANGES, Output("law-changes-table", "children"))
    def changed(page: Context) -> Any:
        return table_of(page, TABLES["changes"](page), page.t("law.changes"))

    @callback(
        app,
        Output("law-from", "value"),
        Output("law-to", "value"),
        Input("law-matrix-figure", "clickData"),
        prevent_initial_call=True,
    )
    def pick(clicked: dict[str, Any] | None) -> tuple[Any, Any]:
        cell = (clicked or {}).get("points", [{}])[0].get("customdata")
        return (cell[0], cell[1]) if isinstance(cell, list) and len(cell) > 1 else (no_update, no_update)


def _matrix(page: Context) -> Figure:
    return law_figure(asked(page), page.look, places_asked(page), own_rules(page), pair(page))


def _why(page: Context) -> Component:
    head = dmc.Title(page.t("law.why"), order=2, size="h4")
    inner = html.Div(_reasons(page), id="law-why", **{"aria-live": "polite"})
    return dmc.Paper([head, inner], withBorder=True, p="md", radius="md", className="panel why")


def _reasons(page: Context) -> list[Component]:
    return reasons(page, asked(page), *pair(page), own_rules(page))


def _course_rows(page: Context) -> pd.DataFrame:
    return course_of_law_table(asked(page), *pair(page), own_rules(page))


def _course_figure(page: Context) -> Figure:
    return course_of_law_figure(_course_rows(page), asked(page).as_of, page.look)


def _changed(page: Context) -> pd.DataFrame:
    earlier, later = sorted((since(page), day(page)))
    own = own_rules(page)
    told = own.model_dump_json() if own is not None else ""
    table = _changes_between(earlier, later, pair(page)[0], places_asked(page), asked(page).operator, told)
    words = {column: [steps_in_words(page, str(text)) for text in table[column]] for column in ("before", "after")}
    return named(table.drop(columns="origin"), page.look).assign(**words)


@lru_cache(maxsize=64)
def _changes_between(
    earlier: date, later: date, home: str, places: tuple[str, ...] | None, operator: str, own: str
) -> pd.DataFrame:
    law = LawChanges.model_validate_json(own) if own else None
    return changes(earlier, later, [home], places, operator=operator, law_changes=law)


def _rules(page: Context) -> pd.DataFrame:
    columns = ["home", "instrument", "article", "effect", "effective_from", "effective_until", "verified", "confidence"]
    own = own_rules(page)
    table = rule_table(own).rename(columns={"origin": "home"})[columns].fillna("")
    return rules_in_words(page, table.reset_index().astype({"effective_from": str, "effective_until": str}))


TABLES: dict[str, Callable[[Context], pd.DataFrame]] = {
    "matrix": lambda page: named(law_table(asked(page), places_asked(page), own_rules(page)), page.look),
    "course": lambda page: named(_course_rows(page), page.look),
    "changes": _changed,
    "cost": burdens_table,
    "rules": _rules,
}
