"""Compare: two to four runs on shared axes, and the true difference of two of them, told in sentences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import dash_mantine_components as dmc
import pandas as pd
from dash import Dash, Input, Output, State, html
from dash.development.base_component import Component

from dashboard.context import Context, Desk
from dashboard.controls import moved, one_of, segments, select, tell_address
from dashboard.figures.difference import (
    bridge_figure,
    bridge_table,
    inputs_table,
    moved_figure,
    moved_table,
    told,
)
from dashboard.figures.style import named, site_names
from dashboard.figures.together import (
    UNITS,
    bills_figure,
    bills_table,
    course_figure,
    course_table,
    side_table,
)
from dashboard.lever_controls import lever_name
from dashboard.levers import all_levers
from dashboard.panel import panel
from dashboard.shell import message
from dashboard.study_keys import key_meaning
from dashboard.wiring import callback
from model.runs import Run

PATH = "/compare"
MOST_RUNS = 4


def layout(page: Context) -> Component:
    """The choice of runs, then what sets them apart."""
    if page.run is None:
        return message(page, "control.no_run", "control.no_run.remedy")
    entries = page.desk.runs.entries()
    chosen = [run.path.name for run in _runs(page)]
    return html.Div(
        [
            dmc.Title(page.t("compare.title"), order=1, size="h2"),
            dmc.MultiSelect(
                id="compare-runs",
                label=page.t("compare.choose"),
                data=[
                    {"value": entry.id, "label": f"{page.look.title(entry.title)} · {page.look.minute(entry.saved)}"}
                    for entry in entries
                ],
                value=chosen,
                maxValues=MOST_RUNS,
                searchable=True,
                my="sm",
                maw=980,
            ),
            html.Div(body(page), id="compare-body"),
        ]
    )


def register(app: Dash, desk: Desk) -> None:
    """Redraw when other runs, another pair or another quantity are chosen."""
    for key in ("runs", "quantity", "second"):  # they come and go with the body, so each tells of itself
        tell_address(app, "compare", (key,))

    @callback(
        app,
        Output("compare-body", "children"),
        Input("compare-runs", "value"),
        State("url", "pathname"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def choose(chosen: list[str], pathname: str, search: str) -> Component:
        return body(moved(desk, pathname, search, runs=",".join(chosen or [])))

    @callback(
        app,
        Output("compare-course-figure", "figure"),
        Input("compare-quantity", "value"),
        State("compare-runs", "value"),
        State("url", "pathname"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def course(quantity: str, chosen: list[str], pathname: str, search: str) -> Any:
        return _course(moved(desk, pathname, search, runs=",".join(chosen or []), quantity=quantity))

    @callback(
        app,
        Output("compare-pair", "children"),
        Input("compare-second", "value"),
        State("compare-runs", "value"),
        State("url", "pathname"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def pair(other: str, chosen: list[str], pathname: str, search: str) -> list[Component]:
        return _pair_panels(moved(desk, pathname, search, runs=",".join(chosen or []), second=other))


def body(page: Context) -> Component:
    """Everything below the choice of runs."""
    runs = _runs(page)
    if len(runs) < 2:
        return dmc.Alert(page.t("compare.too_few"), color="gray", variant="light", className="caution")
    quantities: dict[str, str] = {name: page.t(f"course.{name}") for name in UNITS}
    chooser = segments("compare-quantity", page.t("compare.course.quantity"), quantities, _quantity(page))
    return html.Div(
        [
            _pair_choice(page, runs),
            html.Div(_pair_panels(page), id="compare-pair", className="stack"),
            panel(page, "compare", "side", table=TABLES["side"](page)),
            html.Div(
                [
                    panel(page, "compare", "bills", bills_figure(_plans(page), page.look), TABLES["bills"](page)),
                    panel(page, "compare", "course", _course(page), TABLES["course"](page), 330, chooser),
                ],
                className="halves",
            ),
        ],
        className="stack",
    )


def _pair_choice(page: Context, runs: list[Run]) -> Component:
    """Which of the others is set against the first; hidden where there is one only."""
    others = {run.path.name: name for run, name in zip(runs, _apart(page, runs), strict=True)}
    others.pop(runs[0].path.name)
    shown = select("compare-second", page.t("compare.second"), others, _pair(page)[1].path.name, 420)
    return html.Div(shown, hidden=len(others) < 2)


def _pair_panels(page: Context) -> list[Component]:
    first, second = _pair(page)
    titles = _titles(page, (first, second))
    plans = (first.instance, first.solution), (second.instance, second.solution)
    sentences = told(*plans, titles, page.look)
    inputs = TABLES["inputs"](page)
    return [
        dmc.Paper(
            [
                dmc.Title(page.t("compare.told"), order=2, size="h4"),
                html.Ul([html.Li(sentence) for sentence in sentences], className="told-list"),
            ],
            withBorder=True,
            p="md",
            radius="md",
            className="panel",
        ),
        html.Div(
            [
                panel(
                    page, "compare", "bridge",
                    bridge_figure(first.solution, second.solution, titles, page.look), TABLES["bridge"](page), 440,
                ),
                panel(page, "compare", "moved", moved_figure(*plans, page.look), TABLES["moved"](page), 440),
            ],
            className="halves",
        ),
        panel(page, "compare", "inputs", table=inputs)
        if len(inputs)
        else dmc.Text(page.t("compare.no_inputs"), c="dimmed"),
    ]  # fmt: skip


def _runs(page: Context) -> list[Run]:
    """The runs of the address, or the run shown with the one it is compared with, else with the newest other."""
    known = [entry.id for entry in page.desk.runs.entries()]
    named_ = [name for name in page.state.get("runs", "").split(",") if name in known]
    if not named_ and page.run is not None:
        against = page.against.path.name if page.against else next((k for k in known if k != page.run.path.name), "")
        named_ = [name for name in (against, page.run.path.name) if name]
    return [page.desk.runs.open(name) for name in list(dict.fromkeys(named_))[:MOST_RUNS]]


def _pair(page: Context) -> tuple[Run, Run]:
    runs = _runs(page)
    others = {run.path.name: run for run in runs[1:]}
    return runs[0], others[one_of(page, "second", others, runs[1].path.name)]


def _apart(page: Context, runs: Sequence[Run]) -> list[str]:
    """What people call runs; the time of solving tells apart those of one name."""
    names = [run.path.name for run in runs]
    return [page.title_apart(name, names) for name in names]


def _titles(page: Context, pair: tuple[Run, Run]) -> tuple[str, str]:
    """What people call two runs, never the same."""
    one, other = _apart(page, pair)
    return (one, other) if one != other else (pair[0].path.name, pair[1].path.name)


def _plans(page: Context) -> list[tuple[str, Any, Any]]:
    runs = _runs(page)
    names = _apart(page, runs)
    told_apart = [
        name if names.count(name) == 1 else f"{name} · {run.path.name}" for name, run in zip(names, runs, strict=True)
    ]
    return [(name, run.instance, run.solution) for name, run in zip(told_apart, runs, strict=True)]


def _quantity(page: Context) -> Any:
    return one_of(page, "quantity", UNITS, "it_mw")


def _course(page: Context) -> Any:
    return course_figure(_plans(page), page.look, _quantity(page))


def _moved(page: Context) -> pd.DataFrame:
    first, second = _pair(page)
    names = site_names(first.instance, page.look) | site_names(second.instance, page.look)
    table = moved_table((first.instance, first.solution), (second.instance, second.solution))
    return named(table.rename(columns={"change": "change_mw"}), page.look, names)


def _inputs(page: Context) -> pd.DataFrame:
    """Keys that differ; one that What-if has a lever for is called as there."""
    table = inputs_table(*(run.scenario for run in _pair(page)))
    known = {lever.path: lever_name(page, lever) for lever in all_levers().values() if lever.group != "latency"}
    if page.look.language == "zh":  # a key is English by itself
        known = {key: key_meaning(key).rstrip("。") for key in table["scenario_key"] if key_meaning(key)} | known
    keys = [page.t("compare.key", name=known[key], path=key) if key in known else key for key in table["scenario_key"]]
    return table.assign(scenario_key=keys)


TABLES: dict[str, Callable[[Context], pd.DataFrame]] = {
    "side": lambda page: side_table(_plans(page)),
    "bills": lambda page: named(bills_table(_plans(page)), page.look),
    "course": lambda page: course_table(_plans(page)),
    "bridge": lambda page: named(bridge_table(*(run.solution for run in _pair(page))), page.look),
    "moved": _moved,
    "inputs": _inputs,
}
