"""What if: start from a study, turn its levers, solve, and watch the proof close."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import dash_mantine_components as dmc
from dash import ALL, Dash, Input, Output, State, ctx, dcc, html, no_update
from dash.development.base_component import Component

from dashboard.context import Context, Desk
from dashboard.guard import RUN, role
from dashboard.lever_controls import box_class, lever_group, lever_name, said
from dashboard.levers import (
    GROUPS,
    all_levers,
    changes_from,
    changes_of,
    changes_text,
    shown_value,
)
from dashboard.own_controls import GROUP as OWN
from dashboard.own_controls import own_group, own_lines, own_of, register_own
from dashboard.progress import job_panel
from dashboard.shell import faults_list
from dashboard.studies import base_name, base_study, base_title, bases, told_context
from dashboard.turned import asked
from dashboard.wiring import callback, in_browser
from data.errors import BadInput
from data.scenario import Scenario

PATH = "/whatif"
OPEN_FIRST = ("power", "policy")


def layout(page: Context) -> Component:
    """Levers on the left; what is changed, Solve and the solve itself on the right."""
    name = base_name(page)
    if role() == RUN:
        page.desk.jobs.warm()
    start = dcc.Store(id="whatif-start", data=name)
    try:
        study = base_study(page, name)
    except BadInput as error:
        own = dmc.Accordion([own_group(page, None)], multiple=True, value=[OWN], variant="separated", order=2)
        return html.Div([_head(page, name), start, _faults(page, error), own], id="whatif", **{"data-base": name})
    changes = changes_of(changes_from(page.state.get("set")), study)
    groups = [*GROUPS, "latency"]
    opened = {*OPEN_FIRST, *(all_levers()[changed].group for changed in changes)}
    levers = dmc.Accordion(
        [*(lever_group(page, group, study, changes) for group in groups), own_group(page, study)],
        multiple=True,
        value=[*(group for group in groups if group in opened), *([OWN] if own_of(page) else [])],
        variant="separated",
        order=2,
    )
    return html.Div(
        [
            _head(page, name),
            start,
            html.Div(
                [
                    html.Div(levers, className="levers"),
                    html.Div(
                        [
                            html.Div(_summary(page, study, changes), id="whatif-changes"),
                            _solve(page, study),
                            html.Div(id="whatif-told", role="status"),
                            job_panel(page, page.state.get("job")),
                        ],
                        className="desk",
                    ),
                ],
                className="whatif",
            ),
        ],
        id="whatif",
        **{"data-base": name},
    )


def register(app: Dash, desk: Desk) -> None:
    """Follow the levers, switch the base, take own data, and send the study to the queue."""
    register_own(app, desk)
    in_browser(app, "switchBase", Output("url", "search", allow_duplicate=True), Input("whatif-base", "value"))
    levers = {"type": "lever", "name": ALL}

    @callback(
        app,
        Output("whatif-changes", "children"),
        Output({"type": "lever-box", "name": ALL}, "className"),
        Output("page-state", "data", allow_duplicate=True),
        Input(levers, "value"),
        State("whatif-start", "data"),
        State("url", "pathname"),
        State("url", "search"),
        State("page-state", "data"),
        prevent_initial_call=True,
    )
    def turn(_: list[Any], start: str, pathname: str, search: str, told: dict[str, Any] | None) -> tuple[Any, ...]:
        page = told_context(desk, pathname, search, told, start)
        study = base_study(page, start)
        names = [entry["id"]["name"] for entry in ctx.inputs_list[0]]
        changes = changes_of(_values(ctx.inputs_list[0]), study)
        classes = [box_class(name in changes) for name in names]
        return _summary(page, study, changes), classes, {
            **(told or {}), "base": start, "set": changes_text(changes),
        }  # fmt: skip

    @callback(
        app,
        Output("job-id", "data", allow_duplicate=True),
        Output("job-tick", "disabled", allow_duplicate=True),
        Output("page-state", "data", allow_duplicate=True),
        Output("whatif-told", "children"),
        Output("whatif-changes", "children", allow_duplicate=True),
        Input("whatif-solve", "n_clicks"),
        State(levers, "value"),
        State("whatif-title", "value"),
        State("whatif-start", "data"),
        State("url", "pathname"),
        State("url", "search"),
        State("page-state", "data"),
        prevent_initial_call=True,
    )
    def solve(
        clicks: int | None,
        _: list[Any],
        title: str | None,
        start: str,
        pathname: str,
        search: str,
        told: dict[str, Any] | None,
    ) -> tuple[Any, ...]:
        page = told_context(desk, pathname, search, told, start)
        nothing = (no_update, no_update, no_update)
        if not clicks:
            return *nothing, no_update, no_update
        study = base_study(page, start)
        changes = changes_of(_values(ctx.states_list[0]), study)
        try:
            job, why_not = asked(page, start, study, changes, title or "")
        except BadInput as error:
            return *nothing, _faults(page, error), no_update
        if job is None:
            return *nothing, why_not, no_update
        state = {"base": start, "set": changes_text(changes), "job": job, "of": _mark(page, changes)}
        after = told_context(desk, pathname, search, {**(told or {}), **state}, start)
        return job, False, {**(told or {}), **state}, None, _summary(after, study, changes)


def _values(entries: list[dict[str, Any]]) -> dict[str, Any]:
    """Levers as the browser shows them: name → value, with empty fields as None and switches as booleans."""
    known, shown = all_levers(), {}
    for entry in entries:
        name, value = entry["id"]["name"], entry.get("value")
        if known[name].kind == "switch":
            value = value == "on"
        shown[name] = None if value == "" else value
    return shown


def _head(page: Context, name: str) -> Component:
    choice = dmc.Select(
        id="whatif-base",
        label=page.t("whatif.base"),
        data=bases(page) if not name.startswith("job:") else [*_job_base(page, name), *bases(page)],
        value=name,
        allowDeselect=False,
        searchable=True,
        nothingFoundMessage=page.t("panel.empty"),
        w=440,
        maw="100%",
    )
    return html.Div(
        [
            html.Div(
                [
                    dmc.Title(page.t("whatif.title"), order=1, size="h2"),
                    html.P(page.t("whatif.note"), className="soft"),
                ]
            ),
            choice,
        ],
        className="title-row",
    )  # fmt: skip


def _job_base(page: Context, name: str) -> list[dict[str, object]]:
    return [{"group": page.t("whatif.jobs"), "items": [{"value": name, "label": base_title(page, name)}]}]


def _summary(page: Context, study: Scenario, changes: dict[str, Any]) -> Component:
    """What is changed, and whether a plan knows it."""
    brought = own_lines(page, own_of(page))
    if not changes and not brought:
        return html.P(page.t("whatif.unchanged"), className="soft")
    known = all_levers()
    lines = [
        html.Li(
            [
                html.Span(page.t("shell.fault", where=lever_name(page, known[name]))),
                html.Span(said(page, name, shown_value(known[name], study)), className="soft"),
                " → ",
                html.Strong(said(page, name, value)),
            ]
        )
        for name, value in changes.items()
    ]
    fresh = page.state.get("of") == _mark(page, changes)
    badge = dmc.Badge(
        page.t("whatif.fresh" if fresh else "whatif.stale"),
        color="teal" if fresh else "orange",
        variant="light",
    )
    reset = dcc.Link(page.t("whatif.reset"), href=page.link(PATH, base=base_name(page)))
    return html.Div(
        [
            dmc.Group([dmc.Title(page.t("whatif.changes"), order=2, size="h4"), badge, reset]),
            html.Ul([*brought, *lines], className="lines"),
        ]
    )


def _solve(page: Context, study: Scenario) -> Component:
    return html.Div(
        [
            dmc.TextInput(
                id="whatif-title",
                label=page.t("whatif.name"),
                placeholder=page.t("whatif.name.hint"),
            ),
            dmc.Button(
                page.t("whatif.solve"), id="whatif-solve", disabled=role() != RUN, fullWidth=True, mt="sm"
            ),
        ],
        className="solve-box",
    )  # fmt: skip


def _faults(page: Context, error: BadInput) -> Component:
    """Every fault of a study, as a list."""
    return dmc.Alert(faults_list(page, error), title=page.t("whatif.faults"), color="orange")


def _mark(page: Context, changes: dict[str, Any]) -> str:
    """What a solve was asked for: changes of levers and own data in a few letters."""
    own = own_of(page)
    return sha256(f"{changes_text(changes)}{own.token if own else ''}".encode()).hexdigest()[:8]
