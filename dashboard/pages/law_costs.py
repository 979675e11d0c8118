"""What the law costs a plan: compliance in its bill, the rules that burden it, and the price of each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import dash_mantine_components as dmc
import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.asking import asked_box
from dashboard.context import Context
from dashboard.pages import study_pages
from dashboard.pages.law_reasons import rules_in_words
from dashboard.panel import panel
from model.runs import Run

Rows = Callable[[Context], pd.DataFrame]


def cost_panels(page: Context, burdens: Rows) -> Iterator[Component]:
    """Compliance in the bill with the study's burdensome rules, then the price of each; nothing without a run."""
    if page.run is None:
        return
    cost = float(page.run.solution["account_cost"].sel(account="compliance").sum())
    share = cost / float(page.run.solution["account_cost"].sum())
    total = page.t("law.cost_total", cost=page.look.quantity(cost, "CNY"), share=page.look.percent(share))
    yield panel(page, "law", "cost", table=burdens(page), above=html.P(total, className="mechanism"))
    study = study_pages()["law_cost"]
    head = dmc.Title(page.t(f"{study.id}.title"), order=2, size="h4")
    offer = [head, html.P(page.t(f"{study.id}.asks")), asked_box(page, study)]
    yield dmc.Paper(offer, withBorder=True, p="md", radius="md", className="panel")


def burdens_table(page: Context) -> pd.DataFrame:
    """Rules that close or burden a transfer of the study, in words."""
    return pd.DataFrame() if page.run is None else rules_in_words(page, page.kept(_restrictive))


def _restrictive(run: Run) -> pd.DataFrame:
    from data.frame import make_setting
    from data.law import restrictive_rules

    return restrictive_rules(make_setting(run.scenario))
