"""Why the law says what it says of one transfer: duties, rules with citations, what would change it."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dashboard.context import Context
from dashboard.figures.lawmap import Question
from data.law import explain
from data.law.explain import Explanation, conflict_line
from data.scenario.law import LawChanges, LawRule


def reasons(page: Context, asked: Question, home: str, host: str, own_rules: LawChanges | None) -> list[Component]:
    """The law's word on the chosen pair, with its rules, what would change it, and contradictions."""
    told = explain(
        home, host, asked.data_class, asked.people, asked.as_of, operator=asked.operator, mode=asked.mode,
        changes=own_rules,
    )  # fmt: skip
    look = page.look
    where = {"home": look.name("jurisdiction", home), "host": look.name("jurisdiction", host)}
    head = page.t(
        "law.head", data_class=look.name("data_class", asked.data_class), day=look.day(str(asked.as_of)), **where
    )
    note = page.t("law.english")
    return [
        html.P(head, className="soft"),
        html.P(look.name("mechanism", told.mechanism), className="mechanism"),
        html.Ul([html.Li(line) for line in _duties(page, told)], className="chain"),
        html.H3(page.t("law.binding")),
        html.Ol([_rule(page, rule) for rule in told.chain], className="chain")
        if told.chain
        else html.P(page.t("law.no_rule")),
        *_lines(page, "law.contradictions", [conflict_line(clash) for clash in told.conflicts]),
        *_lines(page, "law.change", list(told.would_change)),
        html.P(note, className="soft small") if note else None,
    ]


def _duties(page: Context, told: Explanation) -> list[str]:
    duties = []
    if told.fixed_cost_cny or told.yearly_cost_cny:
        fixed, yearly = (page.look.quantity(cost, "CNY") for cost in (told.fixed_cost_cny, told.yearly_cost_cny))
        duties.append(page.t("law.costs", fixed=fixed, yearly=yearly))
    if told.delay_months and told.mechanism not in ("forbidden", "unknown"):
        duties.append(page.t("law.delay", months=page.look.number(told.delay_months)))
    if told.consent:
        duties.append(page.t("law.needs_consent"))
    if told.local_copy:
        duties.append(page.t("law.needs_copy"))
    return duties


def _rule(page: Context, rule: LawRule) -> Component:
    checked = page.t("law.excerpt" if rule.verified == "excerpt read" else "law.unverified")
    sure = page.t("law.confidence", level=page.t(f"law.level.{rule.confidence}"))
    since = page.t("law.since_day", day=page.look.day(str(rule.effective_from)))
    article = f", {rule.article}" if rule.article else ""
    return html.Li(
        [
            html.Strong(f"{rule.instrument}{article}"),
            f" ({rule.id}; {since}; {checked}, {sure}). ",
            rule.note,
            html.Span([" ", html.A(page.t("law.cited"), href=rule.url, rel="noreferrer", target="_blank")])
            if rule.url.startswith("http")
            else None,
        ]
    )


def _lines(page: Context, title: str, lines: list[str]) -> list[Component]:
    if not lines:
        return []
    return [html.H3(page.t(title)), html.Ul([html.Li(line) for line in lines], className="chain")]
