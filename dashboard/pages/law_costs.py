"""What the law costs a plan: compliance in its bill, the rules that burden it, and the price of each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import dash_mantine_components as dmc
import numpy as np
import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.answers import answer_of, how_to_ask
from dashboard.context import Context
from dashboard.pages.law_reasons import rules_in_words
from dashboard.panel import panel
from model.runs import Run

Rows = Callable[[Context], pd.DataFrame]


def cost_panels(page: Context, burdens: Rows, prices: Rows) -> Iterator[Component]:
    """Compliance in the bill with the study's burdensome rules, then the price of each; nothing without a run."""
    if page.run is None:
        return
    cost = float(page.run.solution["account_cost"].sel(account="compliance").sum())
    share = cost / float(page.run.solution["account_cost"].sum())
    total = page.t("law.cost_total", cost=page.look.quantity(cost, "CNY"), share=page.look.percent(share))
    yield panel(page, "law", "cost", table=burdens(page), above=html.P(total, className="mechanism"))
    if answer_of(page, "law_cost") is not None:
        yield panel(page, "law", "rule_costs", table=prices(page))
        return
    head = dmc.Title(page.t("law.rule_costs"), order=2, size="h4")
    yield dmc.Paper([head, how_to_ask(page, "law_cost")], withBorder=True, p="md", radius="md", className="panel")


def burdens_table(page: Context) -> pd.DataFrame:
    """Rules that close or burden a transfer of the study, in words."""
    return pd.DataFrame() if page.run is None else rules_in_words(page, page.kept(_restrictive))


def rule_costs_shown(page: Context) -> pd.DataFrame:
    """The price of each rule that reaches the plan, dearest first; empty where nobody asked for it."""
    study = answer_of(page, "law_cost")
    if study is None:
        return pd.DataFrame()
    names = ("instrument", "article", "effect", "cost", "cost_low", "cost_high", "opens", "drops")
    table = study[[*names, "reaches"]].to_dataframe().reset_index()
    table = table[table["reaches"].astype(bool)].sort_values("cost", ascending=False, kind="stable")
    sites = {column: [_sites(page, str(text)) for text in table[column]] for column in ("opens", "drops")}
    money = {"cost": "cost_cny", "cost_low": "cost_low_cny", "cost_high": "cost_high_cny"}
    shown = table[["rule", *names]].assign(**sites).rename(columns=money).replace({np.nan: None})
    return rules_in_words(page, shown)


def _sites(page: Context, listed: str) -> str:
    return page.t("brief.comma").join(page.site(site) for site in listed.split()) or "–"


def _restrictive(run: Run) -> pd.DataFrame:
    from data.frame import make_setting
    from data.law import restrictive_rules

    return restrictive_rules(make_setting(run.scenario))
