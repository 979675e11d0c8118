"""What one can do with a site from its card: solve with it or without it, or take that change to What-if first."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import ALL, Dash, Input, Output, State, ctx, dcc, html, no_update
from dash.development.base_component import Component

from dashboard.context import Context, Desk
from dashboard.guard import RUN, role
from dashboard.levers import changes_text
from dashboard.progress import job_panel
from dashboard.studies import RUN as RUN_BASE
from dashboard.studies import plain_base
from dashboard.turned import asked
from dashboard.wiring import callback
from data.errors import BadInput
from data.scenario import Scenario
from model.runs import Run

OTHER = {"force_open": "forbid", "forbid": "force_open"}
WORDS = {"force_open": "force", "forbid": "forbid"}


def site_actions(page: Context, run: Run, site: str, is_used: bool) -> Component:
    """Solve at once, the change that would make a difference first; or look at the levers before."""
    order = ("forbid", "force_open") if is_used else ("force_open", "forbid")
    buttons = [
        dmc.Button(
            page.t(f"card.solve.{WORDS[change]}"),
            id={"type": "site-solve", "change": change, "site": site, "run": run.path.name},
            variant="default" if place else "filled",
            size="sm",
            disabled=role() != RUN,
        )
        for place, change in enumerate(order)
    ]
    links = [
        dcc.Link(
            page.t(f"card.{WORDS[change]}"),
            href=page.link(
                "/whatif", base=f"{RUN_BASE}{run.path.name}", set=changes_text(changes(run.scenario, site, change))
            ),
        )
        for change in order
    ]
    more = html.Div([html.Span(page.t("card.actions"), className="soft"), *links], className="tools small")
    return html.Div([dmc.Group(buttons, mt="sm", gap="xs"), more], className="no-print")


def site_job(page: Context) -> Component:
    """Where a solve asked for from a card is followed."""
    return html.Div(
        [html.Div(id="map-told", role="status"), job_panel(page, page.state.get("job"))], className="no-print"
    )


def register_actions(app: Dash, desk: Desk) -> None:
    """Send the study of the run shown, with a site forced in or forbidden, to the queue."""

    @callback(
        app,
        Output("map-told", "children"),
        Output("job-id", "data", allow_duplicate=True),
        Output("job-tick", "disabled", allow_duplicate=True),
        Output("page-state", "data", allow_duplicate=True),
        Input({"type": "site-solve", "change": ALL, "site": ALL, "run": ALL}, "n_clicks"),
        State("url", "pathname"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def solve(_: list[int | None], pathname: str, search: str) -> tuple[Any, ...]:
        from dashboard.shell import faults_list

        page, cause = desk.context(pathname, search), ctx.triggered_id
        nothing = (no_update, no_update, no_update)
        if not isinstance(cause, dict) or not ctx.triggered[0]["value"]:
            return no_update, *nothing
        run, change = str(cause.get("run")), str(cause.get("change"))
        if run not in desk.runs or change not in OTHER:
            return no_update, *nothing
        base = f"{RUN_BASE}{run}"
        try:
            study = plain_base(page, base)
            job, why_not = asked(page, base, study, changes(study, str(cause.get("site")), change))
        except BadInput as error:
            return faults_list(page, error), *nothing
        if job is None:
            return why_not, *nothing
        # A run that is named stays in sight when the new one is there.
        return None, job, False, {"job": job, "run": run}


def changes(study: Scenario, site: str, wanted: str) -> dict[str, Any]:
    """Levers that force a site into a study or forbid it, and take back the opposite."""
    chosen = {"force_open": study.sites.force_open, "forbid": study.sites.forbid}
    made = {wanted: [*(name for name in chosen[wanted] if name != site), site]}
    if site in chosen[OTHER[wanted]]:
        made[OTHER[wanted]] = [name for name in chosen[OTHER[wanted]] if name != site]
    return made
