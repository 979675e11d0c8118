"""Studies: every question that can be asked about the run shown, and which are answered."""

from __future__ import annotations

import dash_mantine_components as dmc
from dash import Dash, dcc, html
from dash.development.base_component import Component

from dashboard.answers import answer_of
from dashboard.asking import register_asking
from dashboard.context import Context, Desk
from dashboard.controls import run_of
from dashboard.pages import study_pages
from dashboard.shell import message
from dashboard.study_page import StudyPage

PATH = "/studies"


def layout(page: Context) -> Component:
    """A card for every study."""
    if page.run is None:
        return message(page, "control.no_run", "control.no_run.remedy")
    return html.Div(
        [
            dmc.Title(page.t("studies.title"), order=1, size="h2"),
            html.P(page.t("studies.note"), className="soft"),
            html.Div([_card(page, study) for study in study_pages().values()], className="halves"),
        ],
        className="stack",
    )


def register(app: Dash, desk: Desk) -> None:
    """What every page of a study shares."""
    register_asking(app, desk)


def _card(page: Context, study: StudyPage) -> Component:
    found = answer_of(page, study.name)
    body: Component = html.P(_standing(page, study), className="soft")
    if found is not None:
        body = html.Ul([html.Li(sentence) for sentence in study.told(found, page)[:2]], className="told-list")
    return dmc.Paper(
        [
            dmc.Title(dcc.Link(page.t(f"{study.id}.title"), href=page.link(study.PATH)), order=2, size="h4"),
            html.P(page.t(f"{study.id}.asks")),
            body,
        ],
        withBorder=True,
        p="md",
        radius="md",
        className="panel",
    )


def _standing(page: Context, study: StudyPage) -> str:
    job = page.desk.jobs.asked(study.name, run_of(page).path.name)
    return page.t("studies.under_way" if job is not None and job.active else "studies.not_asked")
