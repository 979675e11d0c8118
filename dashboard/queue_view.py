"""The queue: every solve asked for, where it stands, what it told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import dash_mantine_components as dmc
import pandas as pd
from dash import ALL, Dash, Input, Output, State, ctx, dcc, html, no_update
from dash.development.base_component import Component

from dashboard.context import Context, Desk
from dashboard.guard import RUN, role
from dashboard.job_table import Job
from dashboard.log_notes import message_told
from dashboard.panel import table_of
from dashboard.progress import answer_link, job_title, sentence
from dashboard.wiring import callback, in_browser
from dashboard.words import words
from model.events import Event

MOST_JOBS = 20
MOST_LOG = 20_000
TICK_MS = 2000
SOLVING = ("build", "bound", "plans", "improve", "prove", "finish", "done")  # phases of the solver itself


def queue_box(page: Context) -> Component:
    """The queue, and what tells whether it or the list of runs has changed since it was drawn."""
    jobs = page.desk.jobs.newest(MOST_JOBS)
    return html.Div(
        [
            dcc.Interval(id="runs-tick", interval=TICK_MS),
            dcc.Store(id="runs-beat"),
            dcc.Store(id="runs-mark", data=_mark(jobs)),
            html.Div(_table(page, jobs), id="runs-jobs", **{"aria-live": "polite"}),
        ]
    )


def register_queue(app: Dash, desk: Desk) -> None:
    """Follow the queue, end a job, show what one told."""
    in_browser(app, "beat", Output("runs-beat", "data"), Input("runs-tick", "n_intervals"), State("runs-jobs", "id"))

    @callback(
        app,
        Output("runs-jobs", "children"),
        Output("runs-mark", "data"),
        Output("runs-changed", "data", allow_duplicate=True),
        Input("runs-beat", "data"),
        Input({"type": "job-end", "job": ALL}, "n_clicks"),
        State("runs-mark", "data"),
        State("runs-count", "data"),
        State("url", "pathname"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def queue(_: int, __: list[int], mark: Any, known: Any, pathname: str, search: str) -> tuple[Any, Any, Any]:
        page, cause = desk.context(pathname, search), ctx.triggered_id
        if isinstance(cause, dict) and role() == RUN and ctx.triggered[0]["value"]:
            desk.jobs.stop(cause["job"])
        count = len(desk.runs.entries())
        changed = no_update if known == count else f"{count} runs"
        jobs = desk.jobs.newest(MOST_JOBS)
        # Drawn again without need, links would vanish under a reader's finger and take the focus with them.
        if mark == _mark(jobs):
            return no_update, no_update, changed
        return _table(page, jobs), _mark(jobs), changed

    @callback(
        app,
        Output({"type": "job-said", "job": ALL}, "children"),
        Input("runs-beat", "data"),
        State("url", "pathname"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def say(_: int, pathname: str, search: str) -> list[Any]:
        page, jobs = desk.context(pathname, search), {job.id: job for job in desk.jobs.newest(MOST_JOBS)}
        told = [jobs.get(entry["id"]["job"]) for entry in ctx.outputs_list]
        return [no_update if job is None or not job.active else _sentence(page, job) for job in told]

    @callback(
        app,
        Output("runs-log", "children"),
        Input({"type": "job-log", "job": ALL}, "n_clicks"),
        State("url", "pathname"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def log(_: list[int], pathname: str, search: str) -> Any:
        page, cause = desk.context(pathname, search), ctx.triggered_id
        if not isinstance(cause, dict) or not ctx.triggered[0]["value"]:
            return no_update
        return _log(page, str(cause["job"]))


def _table(page: Context, jobs: list[Job]) -> Component:
    if not jobs:
        return html.P(page.t("runs.no_jobs"), className="soft")
    heads = ("runs.job", "runs.state", "runs.begun", "runs.what", "runs.do")
    head = html.Tr([html.Th(page.t(key), scope="col") for key in heads])
    return html.Table([html.Thead(head), html.Tbody([_job(page, job) for job in jobs])], className="plain-table")


def _job(page: Context, job: Job) -> Component:
    begun = page.look.minute(datetime.fromtimestamp(job.created).astimezone())
    deeds: list[Any] = []
    if job.run:
        deeds.append(dcc.Link(page.t("job.see"), href=page.link("/", run=job.run)))
    if job.study and job.state == "done":
        deeds.append(answer_link(page, job))
    if job.active:
        deeds.append(_small(page, "runs.stop", {"type": "job-end", "job": job.id}, job.stop or role() != RUN))
    deeds.append(_small(page, "runs.log", {"type": "job-log", "job": job.id}, False))
    cells = [
        job_title(page, job),
        page.t(f"job.state.{job.state}"),
        begun,
        html.Span(_sentence(page, job), id={"type": "job-said", "job": job.id}),
        html.Div(deeds, className="tools"),
    ]
    return html.Tr([html.Td(cell) for cell in cells])


def _mark(jobs: list[Job]) -> list[str]:
    """What the rows of the queue show, but for sentences: those are told anew in their places."""
    return [f"{job.id} {job.state} {job.stop}" for job in jobs]


def _sentence(page: Context, job: Job) -> str:
    return sentence(page, job, page.desk.jobs.events(job.id))


def _small(page: Context, key: str, identifier: dict[str, str], off: bool) -> Component:
    return dmc.Button(page.t(key), id=identifier, size="compact-sm", variant="default", disabled=off)


def _log(page: Context, identifier: str) -> Component:
    """What a solve told, and what its process printed."""
    job = page.desk.jobs.job(identifier)
    if job is None:
        return html.P(page.t("panel.empty"))
    events = page.desk.jobs.events(identifier)
    table = pd.DataFrame(
        {
            "seconds": [page.look.number(event.seconds, 1) for event in events],
            "phase": [_phase(page, event) for event in events],
            "incumbent_cny": [event.incumbent for event in events],
            "bound_cny": [event.bound for event in events],
            "gap_percent": [None if event.gap is None else 100 * event.gap for event in events],
            "note": [_message(page, job, event) for event in events],
        }
    ).astype(object)
    shown = table.where(table.notna(), "")
    place = page.desk.jobs.log(identifier)
    printed = place.read_text(encoding="utf-8", errors="replace")[-MOST_LOG:] if place.is_file() else ""
    return html.Div(
        [
            dmc.Title(page.t("runs.log_of", job=job_title(page, job)), order=3, size="h5", mt="md"),
            table_of(page, shown, page.t("runs.log_of", job=job_title(page, job))),
            html.Pre(printed, className="log", tabIndex=0, lang="en") if printed.strip() else None,
        ]
    )


def _phase(page: Context, event: Event) -> str:
    key = f"job.phase.{event.phase}"
    return page.t(key) if key in words() else event.phase


def _message(page: Context, job: Job, event: Event) -> str:
    """What an event says; in a study, first which of its solves says so."""
    from dashboard.pages import study_pages

    study = study_pages().get(job.study)
    label, _, rest = event.message.partition(": ")
    if study is None or not label or event.phase not in SOLVING:
        return message_told(page.look, event.message)
    return " · ".join(filter(None, [study.label(label, page), message_told(page.look, rest)]))
