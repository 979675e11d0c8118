"""Law: mechanism by origin and host, the rules behind it with citations, its course, and what it costs here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import dash_mantine_components as dmc
import pandas as pd
from dash import Dash, Input, Output, State, html, no_update
from dash.development.base_component import Component

from dashboard.context import Context, Desk
from dashboard.controls import moved, one_of, segments, select, tell_address
from dashboard.figures.lawmap import (
    FIRST_YEAR,
    LAST_YEAR,
    Question,
    course_of_law_figure,
    course_of_law_table,
    law_figure,
    law_table,
)
from dashboard.figures.style import named
from dashboard.pages.law_reasons import reasons
from dashboard.panel import panel, table_of
from dashboard.wiring import callback
from dashboard.words import words
from data.law import changes, rule_table
from data.law.classes import DATA_CLASSES
from data.law.explain import turning_days
from data.law.match import OPERATOR_MODES
from data.law.rules import LAW_KNOWN_ON, jurisdictions, rule_base
from data.scenario.law import LawChanges
from model.runs import Run

PATH = "/law"
PEOPLE = 200_000
YEARS_BACK = 3  # how far back the comparison of two days first looks
CONTROLS = ("class", "people", "operator", "mode", "day", "places", "from", "to", "since")


def layout(page: Context) -> Component:
    """The question, the matrix, the rules behind one cell, their course and what they cost this plan."""
    return html.Div(
        [
            dmc.Title(page.t("law.title"), order=1, size="h2"),
            html.P(page.t("law.disclaimer"), className="caution"),
            _question(page),
            panel(page, "law", "matrix", _matrix(page), TABLES["matrix"](page), 620),
            html.Div([_why(page), _course(page)], className="halves"),
            _changes(page),
            _cost(page),
            panel(page, "law", "rules", table=TABLES["rules"](page)),
        ],
        className="stack",
    )


def register(app: Dash, desk: Desk) -> None:
    """Answer again when the question moves; a click on a cell asks about it."""
    tell_address(app, "law", CONTROLS)
    inputs = [Input(f"law-{control}", "value") for control in CONTROLS]
    address = [State("url", "pathname"), State("url", "search")]

    def asked(told: tuple[Any, ...]) -> Context:
        *values, pathname, search = told
        return moved(desk, pathname, search, **dict(zip(CONTROLS, values, strict=True)))

    @callback(
        app,
        Output("law-matrix-figure", "figure"),
        Output("law-matrix-table", "children"),
        *inputs,
        *address,
        prevent_initial_call=True,
    )
    def matrix(*told: Any) -> tuple[Any, ...]:
        page = asked(told)
        return _matrix(page), table_of(page, TABLES["matrix"](page), page.t("law.matrix"))

    @callback(app, Output("law-why", "children"), *inputs, *address, prevent_initial_call=True)
    def why(*told: Any) -> Any:
        return _reasons(asked(told))

    @callback(
        app,
        Output("law-course-figure", "figure"),
        Output("law-course-table", "children"),
        Output("law-changes-table", "children"),
        *inputs,
        *address,
        prevent_initial_call=True,
    )
    def course(*told: Any) -> tuple[Any, ...]:
        page = asked(told)
        spells = table_of(page, TABLES["course"](page), page.t("law.course"))
        return _course_figure(page), spells, table_of(page, TABLES["changes"](page), page.t("law.changes"))

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


def _question(page: Context) -> Component:
    asked, places = _asked(page), {key: page.look.name("jurisdiction", key) for key in jurisdictions()}
    home, host = _pair(page)
    classes = {name: page.look.name("data_class", name) for name in DATA_CLASSES}
    modes: dict[str, str] = {mode: page.look.name("mode", mode) for mode in OPERATOR_MODES}
    scope = {name: page.t(f"law.places.{name}") for name in ("all", "run")}
    people = dmc.NumberInput(
        id="law-people", label=page.t("law.people"), value=asked.people, min=1, max=2_000_000_000, step=10_000,
        thousandSeparator=",", allowDecimal=False, size="sm", w=180, debounce=400,
    )  # fmt: skip
    first = [
        select("law-class", page.t("law.class"), classes, asked.data_class, 190),
        people,
        select("law-operator", page.t("law.operator"), places, asked.operator, 190),
        segments("law-mode", page.t("law.mode"), modes, asked.mode),
        segments("law-places", page.t("law.places"), scope, one_of(page, "places", scope, "all")),
        select("law-from", page.t("law.from"), places, home, 190),
        select("law-to", page.t("law.to"), places, host, 190),
    ]
    return html.Div([html.Div(first, className="controls no-print"), _day_slider(page, asked.as_of)])


def _day_slider(page: Context, day: date) -> Component:
    """Months from the first year on, with a mark per year."""
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    return html.Div(
        [
            dmc.Text(page.t("law.day"), size="sm", fw=500),
            dmc.Slider(
                id="law-day",
                min=0,
                max=12 * len(years) - 1,
                step=1,
                value=12 * (day.year - FIRST_YEAR) + day.month - 1,
                marks=[{"value": 12 * (year - FIRST_YEAR), "label": str(year)} for year in years],
                label=None,
                updatemode="mouseup",
                thumbLabel=page.t("law.day"),
            ),
        ],
        className="day-slider no-print",
    )


def _matrix(page: Context) -> Any:
    return law_figure(_asked(page), page.look, _places(page), _changes_of(page), _pair(page))


def _why(page: Context) -> Component:
    head = dmc.Title(page.t("law.why"), order=2, size="h4")
    inner = html.Div(_reasons(page), id="law-why", **{"aria-live": "polite"})
    return dmc.Paper([head, inner], withBorder=True, p="md", radius="md", className="panel why")


def _reasons(page: Context) -> list[Component]:
    return reasons(page, _asked(page), *_pair(page), _changes_of(page))


def _course(page: Context) -> Component:
    return panel(page, "law", "course", _course_figure(page), TABLES["course"](page), 420)


def _course_figure(page: Context) -> Any:
    return course_of_law_figure(_asked(page), *_pair(page), page.look, _changes_of(page))


def _changes(page: Context) -> Component:
    days = {str(day): page.look.day(str(day)) for day in _turning_days(page)}
    since = select("law-since", page.t("law.since"), days, str(_since(page)), 200)
    return panel(page, "law", "changes", table=TABLES["changes"](page), above=html.Div(since, className="controls"))


def _cost(page: Context) -> Component | None:
    """Compliance in the bill and the study's burdensome rules; nothing without a run."""
    if page.run is None:
        return None
    cost = float(page.run.solution["account_cost"].sel(account="compliance").sum())
    share = cost / float(page.run.solution["account_cost"].sum())
    total = page.t("law.cost_total", cost=page.look.quantity(cost, "CNY"), share=page.look.percent(share))
    return panel(page, "law", "cost", table=TABLES["cost"](page), above=html.P(total, className="mechanism"))


def _asked(page: Context) -> Question:
    """The question of the address; what is not understood stands at its first value."""
    people = page.state.get("people", "")
    return Question(
        data_class=one_of(page, "class", DATA_CLASSES, "personal"),
        as_of=_day(page),
        people=max(1.0, float(people)) if people.replace(".", "", 1).isdigit() else float(PEOPLE),
        operator=one_of(page, "operator", jurisdictions(), "CN"),
        mode="ring_fenced" if page.state.get("mode") == "ring_fenced" else "own",
    )


def _day(page: Context) -> date:
    """The first of the month the slider stands at, else the day the rules were last checked."""
    told = page.state.get("day", "")
    if not told.isdigit() or int(told) >= 12 * (LAST_YEAR - FIRST_YEAR + 1):
        return LAW_KNOWN_ON
    return date(FIRST_YEAR + int(told) // 12, int(told) % 12 + 1, 1)


def _pair(page: Context) -> tuple[str, str]:
    known = jurisdictions()
    return one_of(page, "from", known, "CN"), one_of(page, "to", known, "EU")


def _places(page: Context) -> list[str] | None:
    """Jurisdictions of the run where the reader wants these only."""
    if page.state.get("places") != "run" or page.run is None:
        return None
    told = page.run.instance
    own = {str(case).split("/")[0] for case in told["legal_case"].values}
    used = own | {str(place) for place in told["site_jurisdiction"].values}
    return [place for place in jurisdictions() if place in used]


def _changes_of(page: Context) -> LawChanges | None:
    """The study's own changes of the law."""
    return page.run.scenario.law.rules if page.run is not None else None


def _turning_days(page: Context) -> list[date]:
    days = turning_days(rule_base(_changes_of(page)), _pair(page)[0])
    return sorted((day for day in days if day.year >= FIRST_YEAR), reverse=True) or [LAW_KNOWN_ON]


def _since(page: Context) -> date:
    """The day compared with: the one asked for, else the last turning day some years before."""
    days = _turning_days(page)
    before = [day for day in days if day.year <= _day(page).year - YEARS_BACK]
    fallback = before[0] if before else days[-1]
    return date.fromisoformat(one_of(page, "since", [str(day) for day in days], str(fallback)))


def _changes_between(page: Context, earlier: date, later: date) -> pd.DataFrame:
    asked, home = _asked(page), _pair(page)[0]
    own = _changes_of(page)
    return changes(earlier, later, [home], _places(page), operator=asked.operator, law_changes=own)


def _changed(page: Context) -> pd.DataFrame:
    earlier, later = sorted((_since(page), _day(page)))
    return named(_changes_between(page, earlier, later).rename(columns={"origin": "home"}), page.look)


def _restrictive(run: Run) -> pd.DataFrame:
    from data.frame import make_setting
    from data.law import restrictive_rules

    return restrictive_rules(make_setting(run.scenario))


def _cost_table(page: Context) -> pd.DataFrame:
    return pd.DataFrame() if page.run is None else _in_words(page, page.desk.runs.kept(page.run, _restrictive))


def _rules(page: Context) -> pd.DataFrame:
    columns = ["home", "instrument", "article", "effect", "effective_from", "effective_until", "verified", "confidence"]
    table = rule_table(_changes_of(page)).rename(columns={"origin": "home"})[columns].fillna("")
    return _in_words(page, table.reset_index().astype({"effective_from": str, "effective_until": str}))


def _in_words(page: Context, table: pd.DataFrame) -> pd.DataFrame:
    """Effects, checks and confidence as people say them; `*` is anywhere."""
    checked = {"excerpt read": page.t("law.excerpt"), "unverified": page.t("law.unverified")}
    told = table.assign(
        effect=[_effect(page, str(effect)) for effect in table["effect"]],
        verified=[checked.get(str(word), str(word)) for word in table["verified"]],
    )
    if "confidence" in told:
        told["confidence"] = [page.t(f"law.level.{level}") for level in told["confidence"]]
    if "home" in told:
        told["home"] = told["home"].replace("*", page.t("law.anywhere"))
    return named(told, page.look)


def _effect(page: Context, effect: str) -> str:
    key = f"effect.{effect}"
    return page.t(key) if key in words() else page.look.name("mechanism", effect)


TABLES: dict[str, Callable[[Context], pd.DataFrame]] = {
    "matrix": lambda page: named(law_table(_asked(page), _places(page), _changes_of(page)), page.look),
    "course": lambda page: named(course_of_law_table(_asked(page), *_pair(page), _changes_of(page)), page.look),
    "changes": _changed,
    "cost": _cost_table,
    "rules": _rules,
}
