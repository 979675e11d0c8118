"""What a site would host and cost where halls stood there: figures with their sources, and what stands against it."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
import numpy as np
from dash import dcc, html
from dash.development.base_component import Component

from dashboard.context import Context
from dashboard.controls import names_of, period_of
from dashboard.figures.layers import Choice, hazard_layer, price_layer, yearly_ratios
from dashboard.figures.style import with_unit
from dashboard.numerals import scale
from dashboard.offers import PLOT_USED, Offers, offers
from dashboard.source_notes import source_title
from dashboard.words import words
from model.runs import Run

Row = dict[Any, Any]
PER_MONTH = "CNY/MW/month"
LEAST_MW = 0.05
DEARER = 0.005  # a premium below this is none
HAZARDS = ("karst", "flood", "landslide")  # of the evidence, with words `hazard.<value>`


def site_offer(page: Context, run: Run, site: str, is_used: bool) -> Component:
    """The estimate of a candidate; folded where halls stand already."""
    told = page.kept(offers, period_of(page))
    parts = [_costs(page, site, told), _figures(page, run, site, told)]
    if is_used:
        return html.Details([html.Summary(page.t("offer.more")), *parts], className="site-offer")
    return html.Div([dmc.Title(page.t("offer.title"), order=3, size="h6", mt="sm"), *parts], className="site-offer")


def against(page: Context, run: Run, site: str) -> Component:
    """What rules a site out or holds it back in the period, the hardest first."""
    look, period, told = page.look, period_of(page), page.kept(offers, period_of(page))
    offer, here = told.sites[site], run.instance.sel(site=site)
    found = []
    opens = run.instance["period"].values[here["open_allowed"].values.astype(bool)]
    if len(opens) and period < opens[0]:
        found.append(page.t("offer.opens_late", year=int(opens[0])))
    if not offer.hosting:
        found.append(page.t("offer.no_type"))
    missing = {"offer.too_far": told.load - offer.near_mw, "offer.unlawful": told.load - offer.lawful_mw}
    for name, load in missing.items():
        if load > LEAST_MW:
            found.append(page.t(name, amount=look.quantity(load, "MW"), share=look.percent(load / told.load)))
    if offer.cheapest_mw > LEAST_MW:
        found.append(page.t("offer.cheapest_for", amount=look.quantity(offer.cheapest_mw, "MW")))
    if offer.premium > DEARER:  # nan where it may serve nothing
        found.append(page.t("offer.dearer", share=look.percent(offer.premium)))
    lines = [html.Li(line) for line in found or [page.t("offer.nothing")]]
    head = dmc.Title(page.t("offer.against"), order=3, size="h6", mt="xs")
    return html.Div([head, html.Ul(lines, className="chain")])


def _costs(page: Context, site: str, told: Offers) -> Component:
    """A row per hall type that can stand: PUE, capital, cost of hosting; then those that cannot."""
    look, offer, pue = page.look, told.sites[site], page.kept(_pue)[site]
    shown = sorted(offer.hosting, key=lambda kind: offer.hosting[kind])
    missing = [look.name("hall_type", kind) for kind in told.types if kind not in offer.hosting]
    per_mw, monthly = (
        scale("CNY/MW", max(offer.capital.values(), default=0.0), look.language),
        scale(PER_MONTH, 1.0, look.language),
    )
    heads = [page.t("offer.type"), page.t("offer.pue"), with_unit(page.t("offer.capital"), per_mw.unit),
             with_unit(page.t("offer.hosting"), monthly.unit)]  # fmt: skip
    head = [html.Th(name, scope="col") for name in heads]
    rows = [
        html.Tr([
            html.Th(look.name("hall_type", kind), scope="row", className="best" if kind == offer.best_type else None),
            html.Td(look.number(pue[kind], 3)),
            html.Td(look.number(offer.capital[kind] / per_mw.factor)),
            html.Td(look.number(offer.hosting[kind] / monthly.factor, 0)),
        ])
        for kind in shown
    ]  # fmt: skip
    basis = [
        html.Span([page.t("shell.fault", where=page.t(f"offer.{name}")), *_source(page, site, field)])
        for name, field in (("pue", "marginal_power"), ("capital", "hall_capital"))
    ]
    return html.Div([
        html.Table([html.Thead(html.Tr(head)), html.Tbody(rows)], className="offer-types") if rows else None,
        html.P(basis, className="basis") if rows else None,
        html.P(page.t("offer.missing", types=page.t("brief.comma").join(missing)), className="soft small")
        if missing else None,
        html.P(page.t("offer.hosting.note", share=look.percent(PLOT_USED)), className="soft small"),
    ])  # fmt: skip


def _figures(page: Context, run: Run, site: str, told: Offers) -> Component:
    """Name, value and where it is from, in the order of the questions people ask."""
    look, period, instance = page.look, period_of(page), run.instance
    here, offer = instance.sel(site=site, period=period), told.sites[site]
    price = page.kept(_prices, period)[site]
    opening = float(here["land_capital"] + here["fibre_capital"])
    rows: list[tuple[str, str, list[Any]]] = []

    def add(name: str, value: str, field: str = "", note: str = "") -> None:
        rows.append((page.t(name), value, _source(page, site, field, note) if field else []))

    rows.append((page.t("offer.against_best"), _against_best(page, site, told), [page.t("offer.derived")]))
    add("offer.grid_price", look.quantity(price, "CNY/MWh"), "grid_price")
    for source in instance["energy_source"].values:
        limit = float(here["contract_limit"].sel(energy_source=source))
        if limit > LEAST_MW:
            cost = look.quantity(float(here["contract_price"].sel(energy_source=source)), "CNY/MWh")
            value = page.t("offer.contract.value", price=cost, limit=look.quantity(limit, "MW"))
            name = page.t("offer.contract", source=look.name("source", str(source)))
            rows.append((name, value, _source(page, site, "contract_price", str(source))))
    add("offer.demand_charge", look.quantity(float(here["demand_charge"]), PER_MONTH), "demand_charge")
    reach: tuple[tuple[str, float, list[Any]], ...] = (
        ("near", offer.near_mw, _source(page, site, "round_trip")),
        ("lawful", offer.lawful_mw, [dcc.Link(page.t("offer.law_source"), href=page.link("/law"))]),
        ("may", offer.may_mw, []),
    )
    for name, load, basis in reach:
        share = look.percent(load / told.load if told.load else None)
        value = page.t("offer.share", amount=look.quantity(load, "MW"), share=share)
        rows.append((page.t(f"offer.{name}"), value, basis))
    add("offer.plot", look.quantity(float(here["plot_limit"]), "MW"), "plot_limit")
    add("offer.opening", look.quantity(opening, "CNY"), "land_capital")
    rows.append((page.t("offer.hazard"), _hazards(page, site), _source(page, site, "pga_g")))
    factor = _known(page, site, "civil_cost_factor")
    if factor is not None:
        add("offer.ground_works", f"× {look.number(float(factor['value']))}", "civil_cost_factor")
    parts = [part for name, value, basis in rows for part in (html.Dt([name, _basis(basis)]), html.Dd(value))]
    return html.Dl(parts, **{"aria-label": page.t("offer.title")})


def _basis(basis: list[Any]) -> Component | None:
    return html.Span(basis, className="basis") if basis else None


def _against_best(page: Context, site: str, told: Offers) -> str:
    """The cheapest type's cost beside that of the cheapest site."""
    ranking, best = told.ranking(), told.sites[site].best_type
    if best is None or not ranking:
        return "–"
    own, (leader, least) = told.sites[site].hosting[best], ranking[0]
    cost = page.look.quantity(own, PER_MONTH)
    if leader == site:
        return page.t("offer.is_best", cost=cost)
    share = page.look.percent(own / least - 1, signed=True)
    place = 1 + sum(other < own * (1 - 1e-9) for _, other in ranking)
    return page.t(
        "offer.not_best", cost=cost, share=share, best=names_of(page)[leader], place=place, count=len(ranking)
    )


def _hazards(page: Context, site: str) -> str:
    """Peak ground acceleration, then the hazards on file, each as its class."""
    shaking = page.kept(_shaking)[site]
    told = [page.t("offer.pga", g=page.look.number(shaking, 2))] if not np.isnan(shaking) else []
    for name in HAZARDS:
        row = _known(page, site, name)
        if row is not None and f"hazard.{row['value']}" in words():
            told.append(page.t(f"offer.{name}", level=page.t(f"hazard.{row['value']}")))
    return page.t("brief.comma").join(told) or "–"


def _known(page: Context, site: str, field: str, note: str = "") -> Row | None:
    """The evidence of a site's field, or of the field everywhere; None where the run has none."""
    filed = page.kept(_filed)
    rows = filed.get((site, field)) or filed.get(("*", field)) or []
    return next((row for row in rows if not note or row["note"] == note), None)


def _filed(run: Run) -> dict[tuple[str, str], list[Row]]:
    """Rows of the evidence by site and field."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in () if run.evidence is None else run.evidence.to_dict("records"):
        found.setdefault((str(row["site"]), str(row["field"])), []).append(row)
    return found


def _source(page: Context, site: str, field: str, note: str = "") -> list[Any]:
    """Evidence class and source of a figure; the source opens the catalogue."""
    row = _known(page, site, field, note)
    if row is None:
        return []
    source = str(row["source"])
    way = page.link("/data", list="sources", words=source)
    link = dcc.Link(source, href=way, title=source_title(source, page.look))
    return [page.look.name("evidence", str(row["evidence"])), page.t("brief.comma"), link]


def _pue(run: Run) -> dict[str, dict[str, float]]:
    rows = yearly_ratios(run.instance)[0].to_dict("index")
    return {str(site): {str(kind): float(value) for kind, value in row.items()} for site, row in rows.items()}


def _prices(run: Run, period: int) -> dict[str, float]:
    return {str(site): float(price) for site, price in price_layer(run.instance, Choice(period)).values.items()}


def _shaking(run: Run) -> dict[str, float]:
    known = hazard_layer(run.instance, Choice(int(run.instance["period"].values[0])), run.evidence).values
    return {str(site): float(value) for site, value in known.items()}
