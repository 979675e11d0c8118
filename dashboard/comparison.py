"""What a run is compared with unless a reader chooses: the run of the baseline that its study names."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, html, no_update
from dash.development.base_component import Component

from dashboard.context import Context, Desk
from dashboard.guard import RUN, role
from dashboard.progress import job_panel, queued
from dashboard.wiring import callback
from data.errors import BadInput

if TYPE_CHECKING:
    from data.scenario import Scenario
    from model.runs import Run


@dataclass(frozen=True)
class Named:
    """The comparison a study names: a run by its folder's name, or a study to solve with its fingerprint."""

    run: str = ""
    study: Scenario | None = None
    fingerprint: str = ""


def named_baseline(run: Run) -> Named | None:
    """What the study of a run says it is compared with; None where it says nothing that can be read."""
    from data.baseline import baseline_of
    from data.scenario.identity import content_hash

    try:
        found = baseline_of(run.scenario)
    except BadInput:
        return None
    if found is None:
        return None
    if isinstance(found, Path):
        return Named(run=found.resolve().name)
    return Named(study=found, fingerprint=content_hash(found))


def baseline_run(page: Context) -> str | None:
    """The run of the baseline in this store, if it was solved."""
    if page.run is None or (named := page.kept(named_baseline)) is None:
        return None
    if named.run:
        return named.run if named.run in page.desk.runs else None
    assert named.study is not None
    alike = [entry.id for entry in page.desk.runs.entries() if entry.name == named.study.name]
    return next((one for one in alike if _fingerprint(page, one) == named.fingerprint), None)


def compared(page: Context) -> Context:
    """The page compared with its baseline, unless the address says with what."""
    if page.run is None or page.against is not None or (other := baseline_run(page)) is None:
        return page
    return replace(page, state={**page.state, "against": other})


def baseline_offer(page: Context) -> Component | None:
    """An offer to solve the comparison that the study names, until it is there."""
    named_one = page.kept(named_baseline)
    if named_one is None or named_one.study is None or baseline_run(page) is not None:
        return None
    offer = dmc.Button(
        page.t("brief.baseline.solve"),
        id="brief-baseline",
        variant="default",
        size="compact-sm",
        disabled=role() != RUN,
    )
    return html.Div(
        [
            html.Div([html.Span(page.t("brief.baseline.missing")), offer], className="tools soft"),
            html.Div(id="brief-baseline-told", role="status"),
            job_panel(page, page.state.get("job")),
        ],
        className="offer no-print",
    )


def register_offer(app: Dash, desk: Desk) -> None:
    """Put the baseline of the run shown into the queue when it is asked for."""

    @callback(
        app,
        Output("brief-baseline-told", "children"),
        Output("job-id", "data", allow_duplicate=True),
        Output("job-tick", "disabled", allow_duplicate=True),
        Output("page-state", "data", allow_duplicate=True),
        Input("brief-baseline", "n_clicks"),
        State("url", "pathname"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def solve(clicks: int | None, pathname: str, search: str) -> tuple[Any, ...]:
        page, nothing = desk.context(pathname, search), (no_update, no_update, no_update)
        named_one = page.kept(named_baseline) if clicks and page.run else None
        if named_one is None or named_one.study is None or page.run is None:
            return no_update, *nothing
        title = page.t("brief.baseline.title", title=desk.runs.title(page.run.path.name))
        job, why_not = queued(page, partial(desk.jobs.submit, named_one.study, title))
        if job is None:
            return why_not, *nothing
        return None, job, False, {"run": page.run.path.name, "job": job}


def _fingerprint(page: Context, identifier: str) -> str:
    return str(page.desk.runs.facts(identifier).get("content_hash"))
