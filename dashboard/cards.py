"""Key figures as cards, each with its change against another run in words and sign."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dashboard.context import Context
from dashboard.keyfigures import KeyFigures, key_figures
from dashboard.numerals import scale


def key_cards(page: Context, figures: KeyFigures) -> Component:
    look = page.look
    other = page.desk.runs.kept(page.against, key_figures) if page.against else None

    def card(name: str, value: str, change: str = "", note: str = "", unit: str = "") -> Component:
        lines = [
            html.Dt(page.t(f"brief.{name}")),
            html.Dd([value, html.Span(unit, className="unit") if unit else None], className="value"),
            html.Dd(change, className="change") if change else None,
            html.Dd(note, className="note") if note else None,
        ]
        return html.Div(lines, className="card")

    def against(name: str) -> str:
        if other is None or page.against is None:
            return ""
        mine, theirs = getattr(figures, name), getattr(other, name)
        return change_words(page, mine, theirs)

    peak = max(figures.capital, key=lambda period: figures.capital[period], default=None)
    unit = scale("CNY", figures.peak_capital, look.language)
    spent = [f"{period}: {look.number(cash / unit.factor)}" for period, cash in figures.capital.items() if cash]
    worst = (
        page.t(
            "brief.worst.note",
            year=figures.worst_year,
            more=look.quantity(figures.worst_year_cost - figures.cost, "CNY", signed=True),
        )
        if figures.worst_year_cost is not None
        else ""
    )
    cards = [
        card("card.cost", look.quantity(figures.cost, "CNY"), against("cost"), _saving(page, figures, other)),
        card(
            "card.capital",
            look.quantity(figures.peak_capital, "CNY"),
            against("peak_capital"),
            page.t("brief.capital.note", year=peak, all=page.t("brief.comma").join(spent), unit=unit.unit),
        ),
        card(
            "card.kw_month",
            look.number(figures.kw_month),
            against("kw_month"),
            unit=page.t("brief.unit.kw_month"),
        ),
        card("card.pue", look.number(figures.pue, digits=3), against("pue"), page.t("brief.last_period")),
        card(
            "card.carbon",
            look.number(figures.carbon_g_per_kwh, digits=0),
            against("carbon_g_per_kwh"),
            page.t("brief.last_period"),
            page.t("brief.unit.carbon"),
        ),
        card(
            "card.water",
            look.number(figures.water_m3_per_mwh, digits=2),
            against("water_m3_per_mwh"),
            page.t("brief.last_period"),
            page.t("brief.unit.water"),
        ),
        card("card.worst", look.quantity(figures.worst_year_cost, "CNY"), against("worst_year_cost"), worst),
        card(
            "card.gap",
            look.quantity(figures.saving_possible, "CNY"),
            against("saving_possible"),
            page.t("brief.card.gap.note"),
        ),
    ]
    heading = ""
    if page.against and page.run:
        heading = page.t("brief.compared", other=page.title_apart(page.against.path.name, [page.run.path.name]))
    return html.Div([html.P(heading, className="soft") if heading else None, html.Dl(cards, className="cards")])


def _saving(page: Context, figures: KeyFigures, other: KeyFigures | None) -> str:
    """What the plan saves in money against the other one."""
    if other is None or abs(other.cost - figures.cost) < 1.0:
        return page.t("brief.card.cost.note")
    key = "brief.saves" if figures.cost < other.cost else "brief.costs_more"
    return page.t(key, amount=page.look.quantity(abs(other.cost - figures.cost), "CNY"))


def change_words(page: Context, mine: float | None, theirs: float | None) -> str:
    """A change against another run in words and sign, not in colour."""
    if mine is None or theirs is None or not theirs:
        return ""
    share = mine / theirs - 1
    if abs(share) < 5e-4:
        return page.t("brief.change.same")
    key = "brief.change.more" if share > 0 else "brief.change.less"
    return page.t(key, share=page.look.percent(abs(share)))
