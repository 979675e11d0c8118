"""An empty store: what this is, and a first study to solve with its progress in view."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import ALL, Dash, Input, Output, State, ctx, html, no_update
from dash.development.base_component import Component

from dashboard.context import Context, Desk
from dashboard.guard import RUN, role
from dashboard.progress import job_panel, queued
from dashboard.wiring import callback

STARTERS = ("guizhou", "own-data")  # studies a newcomer is offered: the default, and one that takes seconds


def welcome(page: Context) -> Component:
    """An empty store: what this is, and a first study to solve."""
    offers = [
        dmc.Paper(
            [
                dmc.Title(page.t(f"study.{name}"), order=2, size="h4"),
                dmc.Text(page.t(f"study.{name}.note"), size="sm"),
                dmc.Button(
                    page.t("brief.solve"), id={"type": "starter", "study": name}, mt="sm", disabled=role() != RUN
                ),
            ],
            withBorder=True,
            p="md",
        )
        for name in STARTERS
    ]
    return html.Div(
        [
            dmc.Title(page.t("brief.welcome"), order=1, size="h2"),
            html.P(page.t("brief.welcome.note"), className="recommendation"),
            html.Div(offers, className="halves"),
            html.P(id="brief-told", className="told"),
            job_panel(page, page.state.get("job")),
        ],
        className="brief welcome",
    )


def register_welcome(app: Dash, desk: Desk) -> None:
    """Put the study chosen into the queue."""

    @callback(
        app,
        Output("job-id", "data", allow_duplicate=True),
        Output("job-tick", "disabled", allow_duplicate=True),
        Output("page-state", "data", allow_duplicate=True),
        Output("brief-told", "children"),
        Input({"type": "starter", "study": ALL}, "n_clicks"),
        State("url", "pathname"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def solve(_: list[int | None], pathname: str, search: str) -> tuple[Any, ...]:
        from data.scenario.reading import read_scenario

        page, cause = desk.context(pathname, search), ctx.triggered_id
        if not isinstance(cause, dict) or cause["study"] not in STARTERS or not ctx.triggered[0]["value"]:
            return no_update, no_update, no_update, no_update
        job, why_not = queued(page, lambda: desk.jobs.submit(read_scenario(cause["study"])))
        return (no_update, no_update, no_update, why_not) if job is None else (job, False, {"job": job}, None)
