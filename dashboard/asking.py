"""Asking a study about the run shown: an offer, the job under way, and the answer in its place when it is there."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, dcc, html, no_update
from dash.development.base_component import Component

from dashboard.answers import answer_of
from dashboard.context import Context, Desk
from dashboard.controls import run_of
from dashboard.guard import RUN, role
from dashboard.job_table import Job
from dashboard.progress import job_panel, queued
from dashboard.study_page import StudyPage
from dashboard.wiring import callback


def asked_box(page: Context, study: StudyPage) -> Component:
    """Where a study is asked and answered. One per page, since it shows a job; needs a run."""
    job = page.desk.jobs.asked(study.name, run_of(page).path.name)
    return html.Div(
        [
            html.Div(
                [
                    dcc.Store(id="study-asked", data={"study": study.name, "run": run_of(page).path.name}),
                    html.Div(id="study-told", role="status"),
                    job_panel(page, job.id if job is not None and _is_news(page, study, job) else None, "study.cancel"),
                ]
            ),
            html.Div(_answer_or_offer(page, study, job), id="study-answer", className="stack"),
        ],
    )


def register_asking(app: Dash, desk: Desk) -> None:
    """Put the study of the page shown into the queue when it is asked for; show the answer when its job ends."""

    @callback(
        app,
        Output("study-told", "children"),
        Output("job-id", "data", allow_duplicate=True),
        Output("job-tick", "disabled", allow_duplicate=True),
        Output("study-answer", "children", allow_duplicate=True),
        Input("study-ask", "n_clicks"),
        State("study-asked", "data"),
        State("url", "pathname"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def ask(clicks: int | None, told: Any, pathname: str, search: str) -> tuple[Any, ...]:
        page, study = _asked(desk, told, pathname, search)
        if not clicks or study is None or page.run is None:
            return no_update, no_update, no_update, no_update
        title = f"{page.t(f'{study.id}.nav')} · {desk.runs.title(page.run.path.name)}"
        job, why_not = queued(page, partial(desk.jobs.ask, study.name, page.run, title))
        if job is None:
            return why_not, no_update, no_update, no_update
        return None, job, False, _answer_or_offer(page, study, desk.jobs.job(job))

    @callback(
        app,
        Output("study-answer", "children"),
        Input("job-tick", "disabled"),
        State("study-ask", "disabled"),
        State("study-asked", "data"),
        State("url", "pathname"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def show(is_over: bool | None, is_awaited: bool | None, told: Any, pathname: str, search: str) -> Any:
        page, study = _asked(desk, told, pathname, search)
        # Drawn again without need, the button would vanish under a reader's finger.
        if not is_over or not is_awaited or study is None or page.run is None:
            return no_update
        return _answer_or_offer(page, study, desk.jobs.asked(study.name, page.run.path.name))


def _asked(desk: Desk, told: Any, pathname: str, search: str) -> tuple[Context, StudyPage | None]:
    """The page with the run it was drawn for, and its study; None for a study or a run nobody knows."""
    from dashboard.pages import study_pages

    page = desk.context(pathname, search)
    study, run = (str(told.get(key)) if isinstance(told, dict) else "" for key in ("study", "run"))
    if study not in study_pages() or run not in desk.runs:
        return page, None
    return replace(page, state={**page.state, "run": run}), study_pages()[study]


def _is_news(page: Context, study: StudyPage, job: Job) -> bool:
    """Whether a job says more than the answer: it is under way, or it ended without one."""
    if job.active or job.state == "done":
        return job.active
    found = answer_of(page, study.name)
    told = "" if found is None else str(found.attrs.get("answered", ""))
    return not told or datetime.fromisoformat(told).timestamp() < job.created


def _answer_or_offer(page: Context, study: StudyPage, job: Job | None) -> list[Component]:
    found, is_under_way = answer_of(page, study.name), job is not None and job.active
    if found is None:
        seconds = page.look.number(run_of(page).meta["wall_s"], digits=1)
        offer = html.P(page.t("study.unasked", solves=study.solves, seconds=seconds))
        return [html.Div([offer, _button(page, "study.ask", is_under_way, "filled")], className="study-offer")]
    about = [html.Span(_how(page, found.attrs)), _netcdf(page, study), _button(page, "study.again", is_under_way)]
    return [*study.answer(page, found), html.Div(about, className="tools soft small no-print")]


def _button(page: Context, key: str, is_under_way: bool, variant: str = "default") -> Component:
    off = is_under_way or role() != RUN
    return dmc.Button(page.t(key), id="study-ask", size="sm", variant=variant, disabled=off)


def _how(page: Context, told: dict[str, Any]) -> str:
    """When and by what an answer was worked out, as far as its file says."""
    if "answered" not in told:
        return ""
    when, seconds = page.look.minute(told["answered"]), page.look.number(float(told["seconds"]), digits=0)
    return page.t("study.answered", when=when, seconds=seconds, print=str(told["catalogue"])[:8])


def _netcdf(page: Context, study: StudyPage) -> Component:
    what = page.t(f"{study.id}.title")
    return html.A(
        "netCDF",
        href=f"/download/run/{run_of(page).path.name}/{study.name}.nc",
        download="",
        className="download",
        **{"aria-label": page.t("panel.download", what=what, kind="netCDF")},
    )
