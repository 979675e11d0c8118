"""What would make a study without a plan possible again: limits to give up, each one click away."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.conflict_notes import repair_told
from dashboard.context import Context
from dashboard.levers import all_levers, changes_text, shown_value

if TYPE_CHECKING:
    import xarray as xr

    from data.scenario import Scenario

WIDER = 1.5  # latency limits are offered this much wider
SEARCH_S = 60.0  # for finding out what conflicts and what would help, after a solve without a plan
FILE = "repairs.json"
LEAST_CNY = 1000.0  # a price below it is none


@dataclass(frozen=True)
class Repair:
    """A way out that was worked out: a sentence, dotted keys to set, and what it costs in CNY where that is known."""

    text: str
    changes: dict[str, Any]
    price_cny: float | None


def found_repairs(report: xr.Dataset) -> list[Repair]:
    """The repairs of a report on conflicts that a study can be given, the cheapest first."""
    rows = zip(report["repair_text"].values, report["changes"].values, report["price_cny"].values, strict=True)
    told = [(str(text), json.loads(str(changes)), float(price)) for text, changes, price in rows]
    return [Repair(text, changes, price if price == price else None) for text, changes, price in told if changes]


def write_repairs(folder: Path, repairs: list[Repair]) -> None:
    """Keep the repairs of a job in its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps([asdict(repair) for repair in repairs], ensure_ascii=False)
    (folder / FILE).write_text(text, encoding="utf-8")


def read_repairs(folder: Path) -> list[Repair]:
    """The repairs kept in a job's folder; none where there is no such file."""
    try:
        return [Repair(**one) for one in json.loads((folder / FILE).read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError):
        return []


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
    found = [
        html.Li([
            dcc.Link(repair_told(page.look, repair.text), href=page.link("/whatif", base=f"job:{job}.{number}")),
            _price(page, repair),
        ])
        for number, repair in enumerate(read_repairs(page.desk.jobs.own_folder(job)))
    ]  # fmt: skip
    links = [
        html.Li(
            dcc.Link(
                page.t(f"repair.{name}"),
                href=page.link("/whatif", base=f"job:{job}", set=changes_text(changes)),
            )
        )
        for name, changes in repairs(study)
    ]
    # What was worked out for this very study makes guesses needless.
    told, items = ("repair.found", found) if found else ("repair", links)
    return html.Div([html.Strong(page.t(told)), html.Ul(items, className="lines")], className="repairs")


def _price(page: Context, repair: Repair) -> str:
    if repair.price_cny is None or abs(repair.price_cny) < LEAST_CNY:
        return ""
    return page.t("repair.price", amount=page.look.quantity(repair.price_cny, "CNY", signed=True))
