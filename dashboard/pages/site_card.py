"""The card of one site: what it is, hosts and costs, which limits bind there, and every figure with its source."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
import numpy as np
import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.context import Context
from dashboard.controls import names_of, period_of
from dashboard.look import Look
from dashboard.pages.site_actions import site_actions
from dashboard.pages.site_offer import against, site_offer
from dashboard.panel import table_of
from dashboard.site_notes import legible, note_told, told_evidence
from dashboard.words import words
from model.binding import binding_limits
from model.report import energy_price
from model.runs import Run


def site_card(page: Context, run: Run, site: str | None) -> Component:
    """The card, or in its place a sentence that asks for a site."""
    if site is None:
        return dmc.Text(page.t("card.choose"), c="dimmed")
    kind = str(run.instance["site_kind"].sel(site=site).item())
    standing = run.solution["halls"].sel(site=site).sum("hall_type").to_series()
    is_used = bool(standing[period_of(page)] > 0)
    is_candidate = kind == "candidate"
    return html.Div(
        [
            dmc.Title(names_of(page)[site], order=2, size="h4", mt="md"),
            dmc.Text(page.look.name("site_kind", kind), size="sm", c="dimmed"),
            _excluded(page, run, site),
            _facts(page, run, site) if is_used else html.P(_idle(page, standing, is_candidate), className="idle"),
            None if is_used or not is_candidate else against(page, run, site),
            _limits(page, run, site) if (standing > 0).any() else None,
            site_actions(page, run, site, is_used) if is_candidate else None,
            site_offer(page, run, site, is_used) if is_candidate else None,
        ]
    )


def _excluded(page: Context, run: Run, site: str) -> Component | None:
    why = str(run.instance["site_exclusion"].sel(site=site).item())
    if not why:
        return None
    told = page.t("card.excluded", why=note_told(page.look, why))
    return dmc.Alert(told, color="orange", variant="light", mt="xs")


def _idle(page: Context, standing: pd.Series, is_candidate: bool) -> str:
    """In a sentence that nothing stands here now, and whether anything ever does."""
    period = period_of(page)
    years = [int(year) for year in standing.index[standing > 0]]
    later = [year for year in years if year > period]
    if later:
        return page.t("card.idle.later", period=period, year=later[0])
    if years:
        return page.t("card.idle", period=period)
    return page.t("card.idle.never" if is_candidate else "card.idle.retired")


def _facts(page: Context, run: Run, site: str) -> Component:
    """What the site hosts in the period and costs over all years."""
    look, period = page.look, period_of(page)
    plan = run.solution.sel(site=site, period=period)
    cost = float(run.solution["account_cost"].sel(account_site=site).sum())
    price = float(page.desk.runs.kept(run, _energy_prices).get(site, np.nan))
    halls = [
        f"{count} × {look.name('hall_type', str(kind))}"
        for kind, count in zip(plan["hall_type"].values, plan["halls"].values.astype(int), strict=True)
        if count
    ]
    hosted = plan["hosted"].sum("hall_type").to_series()
    work = [
        f"{look.name('workload', str(name))} {look.quantity(load, 'MW')}"
        for name, load in hosted.sort_values(ascending=False).items()
        if load > 0.05
    ]
    told: dict[str, Any] = {
        "card.halls": [html.Div(line) for line in halls],
        "card.it": look.quantity(float(plan["it_load"]), "MW"),
        "card.work": [html.Div(line) for line in work] or "–",
        "card.pue": look.number(float(plan["pue"]), 3),
        "card.price": look.quantity(price, "CNY/MWh"),
        "card.cost": look.quantity(cost, "CNY"),
        "card.water": look.quantity(float(plan["water"]), "m3/a"),
        "card.carbon": look.quantity(float(plan["carbon"]), "t/a"),
    }
    pairs = [part for key, value in told.items() for part in (html.Dt(page.t(key)), html.Dd(value))]
    return html.Dl(pairs, **{"aria-label": page.t("card.in_period", period=period)})


def _limits(page: Context, run: Run, site: str) -> Component:
    found = [limit for limit in page.desk.runs.kept(run, _bindings) if limit["site"] == site]
    head = dmc.Title(page.t("card.limits"), order=3, size="h6")
    if not found:
        return html.Div([head, dmc.Text(page.t("card.no_limits"), size="sm")])
    return html.Div([head, html.Ul([html.Li(_limit(page, limit)) for limit in found], className="chain")])


def _limit(page: Context, limit: dict[str, Any]) -> str:
    key = f"limit.{limit['limit']}"
    if page.look.language == "en" or key not in words():
        return str(limit["sentence"])
    return page.t(key, site=page.site(limit["site"]), period=limit["period"])


def known_figures(run: Run, site: str, look: Look) -> pd.DataFrame:
    """The run's evidence of a site in the reader's words: field, note, value, unit, evidence, source."""
    if run.evidence is None:
        return pd.DataFrame(columns=["field", "note", "value", "unit", "evidence", "source"])
    return told_evidence(run.evidence[run.evidence["site"] == site], look)


def known_view(page: Context, known: pd.DataFrame, label: str) -> Component:
    """That table on screen, where a value shows no more digits than it has."""
    told = [value if isinstance(value, str) else legible(value) for value in known.get("value", [])]
    return table_of(page, known.assign(value=told) if len(known) else known, label)


def _bindings(run: Run) -> list[dict[str, Any]]:
    return binding_limits(run.instance, run.solution)


def _energy_prices(run: Run) -> dict[str, float]:
    """Energy accounts per facility energy of every site, CNY/MWh."""
    per_kwh = energy_price(run.instance, run.solution).to_series()
    return {str(site): float(price) * 1000.0 for site, price in per_kwh.items()}
