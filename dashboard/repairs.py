"""What would make a study without a plan possible again: limits to give up, each one click away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.context import Context
from dashboard.levers import all_levers, changes_text, shown_value

if TYPE_CHECKING:
    from data.scenario import Scenario

WIDER = 1.5  # latency limits are offered this much wider


def repairs(study: Scenario) -> list[tuple[str, dict[str, Any]]]:
    """Repairs of a study as (words `repair.<name>`, changes of levers), the least costly to people first."""
    known = all_levers()
    shown = {name: shown_value(lever, study) for name, lever in known.items()}
    found: list[tuple[str, dict[str, Any]]] = []
    if shown["forbid"]:
        found.append(("forbid", {"forbid": []}))
    if shown["force_open"]:
        found.append(("force_open", {"force_open": []}))
    if shown["most_open"] is not None:
        found.append(("most_open", {"most_open": None}))
    if shown["capital_limit"] is not None:
        found.append(("capital_limit", {"capital_limit": None}))
    if shown["hub_pack"]:
        found.append(("hub_pack", {"hub_pack": False}))
    if shown["growth"] > 1 or shown["load"] > 1:
        found.append(("load", {"growth": min(1.0, shown["growth"]), "load": min(1.0, shown["load"])}))
    latency = [name for name in known if name.startswith("latency.")]
    wanted = study.demand.workloads
    used = [name for name in latency if wanted is None or name.removeprefix("latency.") in wanted]
    found.append(("latency", {name: round(shown[name] * WIDER) for name in used}))
    if shown["rationing"]:
        found.append(("rationing", {"rationing": False}))
    return found


def repair_links(page: Context, job: str) -> Component | None:
    """Links that open the study of a job with one repair made."""
    study = page.desk.jobs.scenario(job)
    links = [
        html.Li(
            dcc.Link(
                page.t(f"repair.{name}"),
                href=page.link("/whatif", base=f"job:{job}", set=changes_text(changes)),
            )
        )
        for name, changes in repairs(study)
    ]
    return html.Div([html.Strong(page.t("repair")), html.Ul(links, className="lines")], className="repairs")
