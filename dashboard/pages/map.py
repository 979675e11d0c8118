"""Map: candidate sites, halls by type and year, who serves whom, layers; a site's card with what is known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import dash_mantine_components as dmc
import pandas as pd
from dash import Dash, Input, Output, html, no_update
from dash.development.base_component import Component

from dashboard.context import Context, Desk
from dashboard.controls import (
    follows,
    names_of,
    one_of,
    period_choice,
    period_of,
    run_of,
    select,
    serving_sites,
    site_choice,
    tell_address,
)
from dashboard.figures.build import halls_figure, halls_table
from dashboard.figures.layers import ALL_YEAR, BEST, LAYERS, Choice
from dashboard.figures.map import HALLS, flow_table, map_figure, map_table
from dashboard.figures.style import month_names, named
from dashboard.pages.site_actions import register_actions, site_job
from dashboard.pages.site_card import known_figures, known_view, site_card
from dashboard.panel import as_held, held_table, panel, table_of
from dashboard.shell import message
from dashboard.site_notes import note_told
from dashboard.wiring import callback
from model.runs import Run

PATH = "/map"
NO_FLOWS, ALL_FLOWS = "none", "all"
CONTROLS = ("layer", "period", "flows", "month", "type", "origin", "extent")
WHEN_SHOWN = {"month": ("price",), "type": ("pue", "water"), "origin": ("latency", "law")}


def layout(page: Context) -> Component:
    """Controls above the map, the chosen site's card beside it, halls over the years below."""
    run = page.run
    if run is None:
        return message(page, "control.no_run", "control.no_run.remedy")
    drawn = panel(page, "map", "plan", _figure(page, run), TABLES["plan"](page), 600, _controls(page, run))
    chooser = site_choice("map-site", page, _site(page, run))
    card = html.Div(site_card(page, run, _site(page, run)), id="map-card", **{"aria-live": "polite"})
    halls = panel(page, "map", "halls", halls_figure(run.instance, run.solution, page.look), TABLES["halls"](page), 340)
    flows = panel(page, "map", "flows", table=TABLES["flows"](page))
    known = known_view(page, TABLES["known"](page), page.t("map.known"))
    return html.Div(
        [
            dmc.Title(page.t("map.title"), order=1, size="h2"),
            html.Div(
                [
                    drawn,
                    dmc.Paper(
                        [chooser, card, site_job(page)],
                        withBorder=True,
                        p="md",
                        radius="md",
                        className="panel site-card",
                    ),
                    html.Div([halls, flows], className="stack beside-card"),
                ],
                className="map-page",
            ),
            panel(page, "map", "known", table=known),
        ],
        className="stack",
    )


def register(app: Dash, desk: Desk) -> None:
    """Redraw the map when a control moves or a point is clicked; show the card of the chosen site."""
    register_actions(app, desk)
    tell_address(app, "map", (*CONTROLS, "site"))

    @follows(
        app, desk, "map", (*CONTROLS, "site"),
        Output("map-plan-figure", "figure"),
        held_table("map", "plan"),
        Output("map-flows-table", "children"),
        *[Output(f"map-{name}-box", "hidden") for name in WHEN_SHOWN],
    )  # fmt: skip
    def redraw(page: Context) -> tuple[Any, ...]:
        shown = [_layer(page) not in layers for layers in WHEN_SHOWN.values()]
        plan, flows = (table_of(page, TABLES[name](page), page.t(f"map.{name}")) for name in ("plan", "flows"))
        return (_figure(page, run_of(page)), as_held(plan), flows, *shown)

    @follows(
        app, desk, "map", ("site", "period"),
        Output("map-card", "children"),
        Output("map-known-table", "children"),
    )  # fmt: skip
    def card(page: Context) -> tuple[Any, Any]:
        run, known = run_of(page), known_view(page, TABLES["known"](page), page.t("map.known"))
        return site_card(page, run, _site(page, run)), known

    @callback(
        app,
        Output("map-site", "value"),
        Output("map-origin", "value"),
        Input("map-plan-figure", "clickData"),
        prevent_initial_call=True,
    )
    def pick(clicked: dict[str, Any] | None) -> tuple[Any, Any]:
        kind, name = ((clicked or {}).get("points") or [{}])[0].get("customdata") or (None, None)
        return name if kind == "site" else no_update, name if kind == "origin" else no_update


def _controls(page: Context, run: Run) -> Component:
    shown, look = _layer(page), page.look
    layers = {HALLS: page.t("layer.halls")} | {name: page.t(f"layer.{name}") for name in LAYERS}
    flows = {NO_FLOWS: page.t("map.no_flows"), ALL_FLOWS: page.t("all.workloads")} | {
        str(name): look.name("workload", str(name)) for name in run.instance["workload"].values
    }
    months = {str(ALL_YEAR): page.t("map.all_year")} | {
        str(month): name for month, name in month_names(run.instance, look).items()
    }
    types = {BEST: page.t("map.best_type")} | {
        str(name): look.name("hall_type", str(name)) for name in run.instance["hall_type"].values
    }
    origins = {str(name): look.name("origin", str(name)) for name in run.instance["origin"].values}
    extents = {"plan": page.t("map.extent.plan"), "all": page.t("map.extent.all")}
    choice = _choice(page, run)
    boxes = {
        "month": select("map-month", page.t("map.month"), months, str(choice.month), 150),
        "type": select("map-type", page.t("column.hall_type"), types, choice.hall_type, 190),
        "origin": select("map-origin", page.t("map.origin"), origins, choice.origin, 170),
    }
    return html.Div(
        [
            select("map-layer", page.t("map.layer"), layers, shown, 150),
            period_choice("map-period", page),
            select("map-flows", page.t("map.flows"), flows, _flows(page, run), 150),
            *(html.Div(box, id=f"map-{name}-box", hidden=shown not in WHEN_SHOWN[name]) for name, box in boxes.items()),
            select("map-extent", page.t("map.extent"), extents, one_of(page, "extent", extents, "plan"), 115),
        ],
        className="controls no-print",
    )


def _figure(page: Context, run: Run) -> Any:
    flows = _flows(page, run)
    return map_figure(
        run.instance,
        run.solution,
        page.look,
        _choice(page, run),
        _layer(page),
        None if flows == NO_FLOWS else "" if flows == ALL_FLOWS else flows,
        _site(page, run) or "",
        run.evidence,
        page.state.get("extent") == "all",
    )


def _choice(page: Context, run: Run) -> Choice:
    months = [str(ALL_YEAR), *(str(month) for month in month_names(run.instance, page.look))]
    origins = [str(name) for name in run.instance["origin"].values]
    flows = _flows(page, run)
    return Choice(
        period=period_of(page),
        month=int(one_of(page, "month", months, str(ALL_YEAR))),
        hall_type=one_of(page, "type", [str(name) for name in run.instance["hall_type"].values], BEST),
        origin=one_of(page, "origin", origins, origins[0]),
        workload="" if flows in (NO_FLOWS, ALL_FLOWS) else flows,
    )


def _layer(page: Context) -> str:
    return one_of(page, "layer", LAYERS, HALLS)


def _flows(page: Context, run: Run) -> str:
    return one_of(page, "flows", [ALL_FLOWS, *(str(name) for name in run.instance["workload"].values)], NO_FLOWS)


def _site(page: Context, run: Run) -> str | None:
    """The site the address names, else the one that serves most."""
    first = next(iter(page.kept(serving_sites)), "")
    return one_of(page, "site", [str(site) for site in run.instance["site"].values], first) or None


def _plan_table(page: Context) -> pd.DataFrame:
    run = run_of(page)
    table = page.kept(_plan_of, _choice(page, run), _layer(page))
    why = [note_told(page.look, reason) for reason in table["exclusion"]]
    return named(table.assign(id=table["site"], exclusion=why), page.look, names_of(page))


def _flow_table(page: Context) -> pd.DataFrame:
    told = page.kept(_flows_of, period_of(page), _choice(page, run_of(page)).workload)
    return named(told, page.look, names_of(page))


def _plan_of(run: Run, choice: Choice, shown: str) -> pd.DataFrame:
    return map_table(run.instance, run.solution, choice, shown, run.evidence)


def _flows_of(run: Run, period: int, workload: str) -> pd.DataFrame:
    return flow_table(run.instance, run.solution, period, workload)


def _known_table(page: Context) -> pd.DataFrame:
    run = run_of(page)
    site = _site(page, run)
    return pd.DataFrame() if site is None else named(known_figures(run, site, page.look), page.look)


TABLES: dict[str, Callable[[Context], pd.DataFrame]] = {
    "known": _known_table,
    "plan": _plan_table,
    "flows": _flow_table,
    "halls": lambda page: named(halls_table(run_of(page).instance, run_of(page).solution), page.look),
}
