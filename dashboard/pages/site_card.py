"""The card of one site: what it is, hosts and costs, which limits bind there, and every figure with its source."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
import numpy as np
import pandas as pd
from dash import dcc, html
from dash.development.base_component import Component

from dashboard.context import Context
from dashboard.controls import names_of, period_of
from dashboard.levers import changes_text
from dashboard.words import words
from data.fields import INSTANCE
from model.binding import binding_limits
from model.report import energy_price
from model.runs import Run


def site_card(page: Context, run: Run, site: str | None) -> Component:
    """The card, or in its place a sentence that asks for a site."""
    if site is None:
        return dmc.Text(page.t("card.choose"), c="dimmed")
    kind = str(run.instance["site_kind"].sel(site=site).item())
    excluded = str(run.instance["site_exclusion"].sel(site=site).item())
    return html.Div(
        [
            dmc.Title(names_of(page)[site], order=2, size="h4", mt="md"),
            dmc.Text(page.look.name("site_kind", kind), size="sm", c="dimmed"),
            dmc.Alert(page.t("card.excluded", why=excluded), color="orange", variant="light") if excluded else None,
            _facts(page, run, site),
            _limits(page, run, site),
            _actions(page, run, site) if kind == "candidate" else None,
        ]
    )


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
    told = {
        "card.halls": ", ".join(halls) or page.t("map.idle"),
        "card.it": look.quantity(float(plan["it_load"]), "MW"),
        "card.work": ", ".join(work) or "–",
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


def _actions(page: Context, run: Run, site: str) -> Component:
    """Ways to the levers with this site forced in or forbidden, one click from solving."""
    chosen = {"force_open": run.scenario.sites.force_open, "forbid": run.scenario.sites.forbid}

    def link(word: str, wanted: str, other: str) -> Component:
        change = {wanted: [*(name for name in chosen[wanted] if name != site), site]}
        if site in chosen[other]:
            change[other] = [name for name in chosen[other] if name != site]
        href = page.link("/whatif", base=f"run:{run.path.name}", set=changes_text(change))
        return dcc.Link(page.t(word), href=href, className="button quiet")

    links = [link("card.force", "force_open", "forbid"), link("card.forbid", "forbid", "force_open")]
    said = dmc.Text(page.t("card.actions"), size="sm", c="dimmed", mt=4)
    return html.Div([dmc.Group(links, mt="sm"), said], className="no-print")


def known_figures(run: Run, site: str) -> pd.DataFrame:
    """The run's evidence of a site: field (in words), value, unit, evidence, source."""
    if run.evidence is None:
        return pd.DataFrame(columns=["field", "note", "value", "unit", "evidence", "source"])
    own = run.evidence[run.evidence["site"] == site]
    meanings = {name: field.meaning for name, field in INSTANCE.items()}
    told = [meanings.get(str(name), str(name).replace("_", " ")) for name in own["field"]]
    return pd.DataFrame({
        "field": told, "note": own["note"].to_numpy(), "value": [_short(value) for value in own["value"]],
        "unit": own["unit"].to_numpy(),
        "evidence": own["evidence"].to_numpy(), "source": own["source"].to_numpy(),
    })  # fmt: skip


def _short(value: Any) -> str:
    try:
        return f"{float(value):,.4g}"
    except (TypeError, ValueError):
        return str(value)


def _bindings(run: Run) -> list[dict[str, Any]]:
    return binding_limits(run.instance, run.solution)


def _energy_prices(run: Run) -> dict[str, float]:
    """Energy accounts per facility energy of every site, CNY/MWh."""
    per_kwh = energy_price(run.instance, run.solution).to_series()
    return {str(site): float(price) * 1000.0 for site, price in per_kwh.items()}
