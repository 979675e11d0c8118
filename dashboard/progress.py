"""A solve as it goes: place in the queue, phase, best plan and bound; stop and keep; how it ended."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, dcc, html, no_update
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from dashboard.conflict_notes import requirement_told
from dashboard.context import Context, Desk
from dashboard.fault_notes import line_told
from dashboard.guard import RUN, role
from dashboard.job_table import Job
from dashboard.jobs import Refused
from dashboard.panel import graph
from dashboard.repairs import repair_links
from dashboard.wiring import callback, in_browser
from dashboard.words import words
from data.errors import BadInput
from model.events import Event

TICK_MS = 250  # between two questions whether there is news
NEWS_S = 1.0  # after which a solve under way is drawn anew


def job_panel(page: Context, identifier: str | None, stop: str = "job.stop") -> Component:
    """The place where a job is shown; empty without one. One per page. stop: words of the button that ends it."""
    job = page.desk.jobs.job(identifier)
    return html.Div(
        [
            dcc.Store(id="job-id", data=identifier if job else None),
            dcc.Interval(id="job-tick", interval=TICK_MS, disabled=job is None or not job.active),
            dcc.Store(id="job-beat"),
            dcc.Store(id="job-seen", data=_stand(page.desk, job) if job else None),
            html.Div(job_view(page, job) if job else None, id="job-view", **{"aria-live": "polite"}),
            html.Div(
                [
                    dmc.Button(
                        page.t(stop), id="job-stop", variant="default", size="sm",
                        display=None if job and job.active else "none",
                    ),
                ],
                className="job-buttons",
            ),
        ],
        className="job",
    )  # fmt: skip


def register_progress(app: Dash, desk: Desk) -> None:
    """Refresh the job while it is under way, and pass on the wish to stop."""
    in_browser(app, "beat", Output("job-beat", "data"), Input("job-tick", "n_intervals"), State("job-view", "id"))

    @callback(
        app,
        Output("job-view", "children"),
        Output("job-tick", "disabled"),
        Output("job-stop", "display"),
        Output("job-stop", "disabled"),
        Output("job-seen", "data"),
        Input("job-beat", "data"),
        Input("job-id", "data"),
        State("job-seen", "data"),
        State("url", "pathname"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def refresh(_: int | None, identifier: str | None, seen: str | None, pathname: str, search: str) -> tuple[Any, ...]:
        job = desk.jobs.job(identifier)
        if job is None:
            return None, True, "none", False, None
        if (stand := _stand(desk, job)) == seen:
            raise PreventUpdate
        shown = job_view(desk.context(pathname, search), job)
        return shown, not job.active, None if job.active else "none", job.stop, stand

    @callback(
        app,
        Output("job-stop", "disabled", allow_duplicate=True),
        Input("job-stop", "n_clicks"),
        State("job-id", "data"),
        prevent_initial_call=True,
    )
    def stop(clicks: int | None, identifier: str | None) -> Any:
        if not clicks or identifier is None or role() != RUN:
            return no_update
        desk.jobs.stop(identifier)
        return True


def _stand(desk: Desk, job: Job) -> str:
    """Another text whenever a job is to be drawn anew: at once when state or phase change, else each second."""
    waited = int((time.time() - (job.started or job.created)) / NEWS_S) if job.active else 0
    return f"{job.id} {job.state} {desk.jobs.phase(job.id)} {job.stop} {waited}"


def queued(page: Context, submit: Callable[[], str]) -> tuple[str | None, str | None]:
    """The job that `submit` puts into the queue, or None with why not in words."""
    if role() != RUN:
        return None, page.t("shell.view_only")
    try:
        return submit(), None
    except Refused:
        return None, page.t("shell.queue_full")


def job_view(page: Context, job: Job) -> Component:
    """One job in words and as a chart."""
    events = page.desk.jobs.events(job.id)
    parts: list[Any] = [
        dmc.Group(
            [
                dmc.Title(job_title(page, job), order=2, size="h4"),
                dmc.Badge(page.t(f"job.state.{job.state}"), color=COLOURS.get(job.state, "gray"), variant="light"),
            ]
        ),
        dmc.Text(sentence(page, job, events)),
    ]
    proven = [event for event in events if event.bound is not None]
    if job.study and proven:  # each solve in it begins anew
        events = [event for event in events if _solve(event) == _solve(proven[-1])]
    if proven and (job.active or not job.study):  # a study's answer takes the place of its last solve
        parts += [
            _facts(page, proven[-1]),
            graph("job-chart", _figure(page, events), page.t("job.chart"), 280),
        ]
    elif job.state == "running":
        parts.append(
            dmc.Progress(value=100, animated=True, striped=True, **{"aria-label": page.t("job.state.running")})
        )
    if job.told and job.state != "failed":
        told = line_told if job.state == "bad_input" else requirement_told
        parts.append(dmc.List([dmc.ListItem(told(page.look, line)) for line in job.told], className="told"))
    if job.state in ("infeasible", "no_plan") and not job.study:
        parts.append(repair_links(page, job.id))
    if job.run:
        parts += _plan_told(page, job)
        parts.append(
            dmc.Group(
                [
                    dcc.Link(page.t("job.see"), href=page.link("/", run=job.run), className="button"),
                    dcc.Link(
                        page.t("job.compare"),
                        href=page.link("/compare", run=job.run, against=_before(page, job)),
                        className="button quiet",
                    ),
                ]
            )
        )
    return dmc.Stack(parts, gap="xs")


def sentence(page: Context, job: Job, events: list[Event]) -> str:
    """Where a job stands, as one would say it."""
    if job.state == "waiting":
        ahead = page.desk.jobs.place(job.id)
        return page.t("job.waits", ahead=ahead) if ahead else page.t("job.next")
    if job.state == "running":
        doing = _doing_study(page, job, events) if job.study else _doing(page, events)
        asked = page.t("study.stopping" if job.study else "job.stopping") if job.stop else ""
        seconds = page.look.number(round(time.time() - (job.started or time.time())))
        return page.t("job.runs", doing=doing, seconds=seconds) + asked
    if job.state == "failed":
        cause = job.told[0] if job.told else ""
        key = f"job.failed.{cause}"
        return page.t(key) if key in words() else page.t("job.failed.other", cause=cause, job=job.id)
    return page.t(f"{'answer' if job.study else 'job'}.ended.{job.state}")


def job_title(page: Context, job: Job) -> str:
    """What a job is about: a study by its name for this reader, a solve as it was called."""
    from dashboard.pages import study_pages

    study = study_pages().get(job.study)
    if study is None:
        return page.look.title(job.title)
    return f"{page.t(f'{study.id}.nav')} · {page.look.title(page.desk.runs.title(job.about))}"


def answer_link(page: Context, job: Job) -> Component | None:
    """The way to the answer of a study's job; None for a study that this version does not know."""
    from dashboard.pages import study_pages

    study = study_pages().get(job.study)
    if study is None:
        return None
    return dcc.Link(page.t("study.see"), href=page.link(study.PATH, run=job.about))


def _doing(page: Context, events: list[Event]) -> str:
    key = f"job.phase.{events[-1].phase if events else 'figures'}"
    return page.t(key) if key in words() else page.t("job.phase.solving")


def _doing_study(page: Context, job: Job, events: list[Event]) -> str:
    """Which solve of a study is under way, in the reader's words."""
    from dashboard.pages import study_pages

    solves = list(dict.fromkeys(filter(None, map(_solve, events))))
    if not solves:
        return page.t("study.preparing")
    study = study_pages().get(job.study)
    return page.t("study.solving", number=len(solves), what=study.label(solves[-1], page) if study else solves[-1])


def _solve(event: Event) -> str:
    """The label that a study gives to each of its solves; empty before the first."""
    return event.message.partition(": ")[0]


def _facts(page: Context, event: Event) -> Component:
    told = (
        ("line.incumbent", page.look.quantity(event.incumbent, "CNY")),
        ("line.bound", page.look.quantity(event.bound, "CNY")),
        ("axis.gap", page.look.percent(event.gap)),
    )
    return dmc.Group(
        [
            html.Div([html.Span(page.t(key), className="soft"), html.Strong(value)], className="fact")
            for key, value in told
        ],
        gap="xl",
    )


def _plan_told(page: Context, job: Job) -> list[Component]:
    """The plan in two sentences, and how it differs from the one the solve began from."""
    from dashboard.figures.difference import told
    from dashboard.keyfigures import key_figures
    from dashboard.pages.brief import recommendation

    if job.run is None or job.run not in page.desk.runs:
        return []
    there = replace(page, state={**page.state, "run": job.run})
    assert there.run is not None
    sentences = [recommendation(there, there.run, there.kept(key_figures))]
    with suppress(BadInput, KeyError, OSError):  # the other plan is gone or damaged
        before = page.desk.runs.open(job.about)
        names = [before.path.name, there.run.path.name]
        titles = page.title_apart(names[0], names), page.title_apart(names[1], names)
        plans = (before.instance, before.solution), (there.run.instance, there.run.solution)
        sentences += told(*plans, titles, page.look)
    return [html.Ul([html.Li(sentence) for sentence in sentences], className="told-list")]


def _figure(page: Context, events: list[Event]) -> Any:
    """Best plan and bound over time, each a step line."""
    from dashboard.figures.style import axis_title, drawn, palette
    from dashboard.numerals import scale

    proven = [event for event in events if event.bound is not None or event.incumbent is not None]
    most = max((event.incumbent or event.bound or 0.0 for event in proven), default=1.0)
    shown, colours = scale("CNY", most, page.look.language), palette(page.look)
    traces = []
    for place, (name, values, dash) in enumerate(
        (
            ("line.incumbent", [event.incumbent for event in proven], "solid"),
            ("line.bound", [event.bound for event in proven], "dash"),
        )
    ):
        traces.append(
            {
                "type": "scatter", "mode": "lines+markers", "name": page.t(name),
                "x": [event.seconds for event in proven],
                "y": [None if value is None else value / shown.factor for value in values],
                "line": {"shape": "hv", "color": colours[place], "dash": dash, "width": 2.5},
                "marker": {"size": 5},
            }
        )  # fmt: skip
    return drawn(
        traces,
        page.look,
        xaxis={"title": {"text": page.t("axis.seconds")}, "rangemode": "tozero"},
        yaxis={"title": axis_title(page.t("axis.present_cost"), shown)},
    )


def _before(page: Context, job: Job) -> str | None:
    """The run that was newest when the job began, to compare with."""
    others = [entry.id for entry in page.desk.runs.entries() if entry.id != job.run]
    known = page.state.get("run")
    return known if known in others else others[0] if others else None


COLOURS = {
    "waiting": "gray", "running": "blue", "done": "teal", "infeasible": "orange", "no_plan": "yellow",
    "bad_input": "orange", "failed": "red", "cancelled": "gray",
}  # fmt: skip
