"""The brief for a board: what to build, what it costs, how sure that is, what binds and what may go wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import dash_mantine_components as dmc
import pandas as pd
from dash import Dash, Input, Output, dcc, html
from dash.development.base_component import Component
from flask import Response, abort, request

from dashboard.brief_file import brief_html, brief_pdf, chromium
from dashboard.cards import key_cards
from dashboard.comparison import baseline_offer, compared, register_offer
from dashboard.context import Context, Desk
from dashboard.figures.bill import bill_figure, bill_table
from dashboard.figures.layers import Choice
from dashboard.figures.map import map_figure
from dashboard.figures.style import named, site_names
from dashboard.keyfigures import KeyFigures, Risk, key_figures, risks
from dashboard.look import Look
from dashboard.panel import panel
from dashboard.shell import footer_facts
from dashboard.welcome import register_welcome, welcome
from dashboard.wiring import in_browser, route
from dashboard.words import words
from model.bill_evidence import bill_by_evidence
from model.binding import binding_limits
from model.report import sites
from model.runs import Run

PATH = "/"
MOST_NAMES = 4
MOST_LIMITS = 6
RUN_FILES = ("scenario.yaml", "report.txt", "solution.nc", "instance.nc", "sites.geojson")


def layout(page: Context) -> Component:
    """The brief of the run shown, or the offer to solve a first study."""
    if page.run is None:
        return welcome(page)
    page = compared(page)
    assert page.run is not None
    run, figures = page.run, page.kept(key_figures)
    return html.Div(
        [
            _title(page, run),
            html.P(recommendation(page, run, figures), className="recommendation"),
            key_cards(page, figures),
            baseline_offer(page),
            html.Div([_map(page), _bill(page)], className="halves"),
            html.Div([_limits(page), _risks(page), _basis(page)], className="thirds"),
            _files(page, run),
        ],
        className="brief",
    )


def register(app: Dash, desk: Desk) -> None:
    """Print, compare with another run, and solve a first study."""
    register_welcome(app, desk)
    in_browser(app, "print", Output("brief-printed", "data"), Input("brief-print", "n_clicks"))
    other = Output("url", "search", allow_duplicate=True)
    in_browser(app, "switchAgainst", other, Input("brief-against", "value"))
    register_offer(app, desk)

    @route(app, "/download/brief-file/<identifier>.<kind>")
    def take_away(identifier: str, kind: str) -> Response:
        page = desk.context(PATH, f"?{urlencode({**request.args.to_dict(), 'run': identifier})}")
        if identifier not in desk.runs or kind not in ("html", "pdf"):
            abort(404)
        content: bytes | None = as_file(page)
        if kind == "pdf" and (content := brief_pdf(content or b"")) is None:
            abort(503)
        named = {"Content-Disposition": f'attachment; filename="{identifier}-brief.{kind}"'}
        return Response(content, headers=named, content_type=FILES[kind])


def as_file(page: Context) -> bytes:
    """The brief as one HTML file, in the light colours of paper."""
    page = compared(replace(page, look=Look(page.look.language, "light")))
    assert page.run is not None
    run, figures = page.run, page.kept(key_figures)
    parts = {
        "title": page.title(run.path.name),
        "recommendation": recommendation(page, run, figures),
        "cards": key_cards(page, figures),
        "thirds": [_limits(page), _risks(page), _basis(page)],
        "facts": [*footer_facts(page), run.path.name],
    }
    drawn = {
        page.t("brief.places"): page.kept(_map_of, page.look),
        page.t("brief.bill"): page.kept(_bill_of, page.look),
    }
    return brief_html(page, parts, drawn)


def recommendation(page: Context, run: Run, figures: KeyFigures) -> str:
    """The plan in two sentences: what to build where, and what it costs and how sure that is."""
    table = page.kept(_sites)
    built = run.solution["built_halls"].isel(period=-1).sum("hall_type").to_series()
    standing = run.solution["halls"].isel(period=-1).sum()
    kept = round(float(standing - built.sum()))
    new = table.loc[(table["kind"] == "candidate") & (built.reindex(table.index) > 0)]
    share = new["it_mw"] / figures.it_mw
    names = [
        page.t("brief.place", site=page.site(str(site)), share=page.look.percent(float(share[site])))
        for site in new.index[:MOST_NAMES]
    ]
    more = len(new) - len(names)
    last = run.instance["period"].values[-1] + run.instance["period_years"].values[-1] - 1
    what = page.t(
        "brief.build" if len(new) else "brief.build_nothing",
        halls=page.look.number(round(float(built.sum()))),
        count=len(new),
        sites=page.t("brief.comma").join(names) + (page.t("brief.more", count=more) if more > 0 else ""),
        year=int(last),
        load=page.look.quantity(round(figures.it_mw), "MW"),
    )
    fleet = page.t("brief.kept", count=kept) if kept else ""
    saving = figures.saving_possible
    proof = page.t("brief.proof", saving=page.look.quantity(saving, "CNY")) if saving is not None else ""
    cost = page.t("brief.cost", cost=page.look.quantity(figures.cost, "CNY"), proof=proof)
    return page.t("brief.both", what=what + fleet, cost=cost)


def _sites(run: Run) -> pd.DataFrame:
    return sites(run.instance, run.solution)


def _binding(run: Run) -> list[dict[str, Any]]:
    return binding_limits(run.instance, run.solution)


def _risks_of(run: Run) -> list[Risk]:
    return risks(run, key_figures(run))


def _evidence(run: Run) -> pd.Series[float]:
    return pd.Series(dtype=float) if run.evidence is None else bill_by_evidence(run.solution, run.evidence)


def _map_of(run: Run, look: Look) -> Any:
    choice = Choice(period=int(run.instance["period"].values[-1]))
    return map_figure(run.instance, run.solution, look, choice)


def _bill_of(run: Run, look: Look) -> Any:
    return bill_figure(run.instance, run.solution, look)


def _title(page: Context, run: Run) -> Component:
    others = [entry for entry in page.desk.runs.entries() if entry.id != run.path.name]
    known = [entry.id for entry in page.desk.runs.entries()]
    compare = dmc.Select(
        id="brief-against",
        data=[{"value": entry.id, "label": page.title_apart(entry.id, known)} for entry in others],
        value=page.against.path.name if page.against else None,
        placeholder=page.t("brief.against"),
        clearable=True,
        size="sm",
        w=320,
        attributes={"input": {"aria-label": page.t("brief.against")}},
    )
    return html.Div(
        [
            dmc.Title(page.title(run.path.name), order=1, size="h2"),
            html.Div(
                [
                    compare,
                    dmc.Button(page.t("brief.print"), id="brief-print", variant="default", size="sm"),
                    dcc.Store(id="brief-printed"),
                ],
                className="tools no-print",
            ),
        ],
        className="title-row",
    )


def _map(page: Context) -> Component:
    return panel(page, "brief", "places", page.kept(_map_of, page.look), places_table(page), 360)


def places_table(page: Context) -> pd.DataFrame:
    """Sites that serve: site, from year, halls and load of the last period, PUE."""
    run = page.run
    if run is None:
        return pd.DataFrame()
    table = page.kept(_sites)
    halls = run.solution["halls"].isel(period=-1).sum("hall_type").to_series().round().astype(int)
    shown = table.reset_index()[["site", "kind", "period", "it_mw", "pue"]]
    shown.insert(3, "halls_all", halls.reindex(shown["site"]).tolist())
    return named(shown, page.look, site_names(run.instance, page.look))


def bill_rows(page: Context) -> pd.DataFrame:
    """The bill by account for people."""
    run = page.run
    return pd.DataFrame() if run is None else named(bill_table(run.instance, run.solution), page.look)


FILES = {"html": "text/html; charset=utf-8", "pdf": "application/pdf"}
TABLES = {"places": places_table, "bill": bill_rows}


def _bill(page: Context) -> Component:
    return panel(page, "brief", "bill", page.kept(_bill_of, page.look), bill_rows(page), 360)


def _limits(page: Context) -> Component:
    found = page.kept(_binding)
    told = [_limit_words(page, limit) for limit in found[:MOST_LIMITS]]
    if len(found) > MOST_LIMITS:
        told.append(page.t("brief.limits.more", count=len(found) - MOST_LIMITS))
    return _section(page, "limits", told or [page.t("brief.limits.none")])


def _limit_words(page: Context, limit: dict[str, Any]) -> str:
    key = f"limit.{limit['limit']}"
    if page.look.language == "en" or key not in words():
        return str(limit["sentence"])
    where = page.site(limit["site"]) if limit["site"] else page.t("all.sites")
    return page.t(key, site=where, period=limit["period"])


def _risks(page: Context) -> Component:
    lines = []
    for risk in page.kept(_risks_of):
        what = page.site(risk.what) if risk.name == "concentration" else risk.what
        amount = page.look.quantity(risk.amount, "MW" if risk.name == "law" else "CNY")
        told = page.t(f"risk.{risk.name}", share=page.look.percent(risk.share), amount=amount, what=what)
        verdict = html.Span(page.t(f"verdict.{risk.verdict}"), className=f"verdict {risk.verdict}")
        lines.append([verdict, " ", told])
    return _section(page, "risks", lines)


def _basis(page: Context) -> Component:
    amounts = page.kept(_evidence)
    if amounts.empty:
        return _section(page, "basis", [page.t("brief.basis.none")])
    total = float(amounts.sum())
    lines: list[Any] = []
    for kind, amount in amounts.sort_values(ascending=False).items():
        share = float(amount) / total
        bar = html.Span(className="bar", style={"width": f"{100 * share:.1f}%"})
        lines.append(
            [
                html.Span(f"{page.look.name('evidence', str(kind))} {page.look.percent(share)}"),
                html.Span(bar, className="track"),
            ]
        )
    return _section(page, "basis", lines)


def _section(page: Context, name: str, lines: list[Any]) -> Component:
    note = page.t(f"brief.{name}.note") if f"brief.{name}.note" in words() else ""
    return dmc.Paper(
        [
            dmc.Title(page.t(f"brief.{name}"), order=2, size="h4"),
            html.P(note, className="soft small") if note else None,
            html.Ul([html.Li(line) for line in lines], className=f"lines {name}"),
        ],
        withBorder=True,
        p="md",
        radius="md",
        className="panel",
    )


def _files(page: Context, run: Run) -> Component:
    links = [
        html.A(name, href=f"/download/run/{run.path.name}/{name}", download="", className="download")
        for name in RUN_FILES
    ]
    kinds = ["html", *(["pdf"] if chromium() else [])]
    query = urlencode([(key, page.state[key]) for key in ("lang", "against") if key in page.state])
    briefs = [
        html.A(
            page.t(f"brief.as.{kind}"), href=f"/download/brief-file/{run.path.name}.{kind}?{query}", download="",
            className="download",
        )
        for kind in kinds
    ]  # fmt: skip
    return html.Div([html.Span(page.t("brief.files")), *briefs, *links], className="files no-print")
