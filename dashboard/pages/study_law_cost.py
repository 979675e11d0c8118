"""The price of rules: what the best plan saves when one rule of data law is switched off."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from dashboard.context import Context
from dashboard.figures.rule_costs import MONEY, moved_by_law_table, rule_cost_figure, rule_cost_table
from dashboard.pages.law_reasons import rules_in_words
from dashboard.study_page import Shown, StudyPage
from model.runs import Run
from model.studies.law_cost import law_cost
from model.studies.solving import Solving

MOST_TOLD = 4
SAME = 1e-4  # relative width of an interval that counts as one figure


def ask(run: Run, solving: Solving) -> xr.Dataset:
    """Each restrictive rule of the study of the run is switched off in turn."""
    return law_cost(run.scenario, run.solution, solving=solving)


def told(study: xr.Dataset, page: Context) -> list[str]:
    """The dearest rules with their price, and how many have no effect on this study."""
    t, rows = page.t, rule_cost_table(study)
    if study.sizes["rule"] == 0:
        return [t("law.no_restriction"), t("law.disclaimer")]
    sentences = []
    for row in rules_in_words(page, rows).head(MOST_TOLD).to_dict("records"):
        sentences.append(_price(page, row))
        for key in ("opens", "drops"):
            if sites := str(row[key]).split():
                listed = t("brief.comma").join(map(page.site, sites))
                sentences.append(t(f"study_law_cost.told.{key}", rule=row["rule"], sites=listed))
    if idle := study.sizes["rule"] - len(rows):
        sentences.append(t("study_law_cost.told.idle", count=idle))
    return [*sentences, t("law.disclaimer")]


def _price(page: Context, row: Mapping[Hashable, Any]) -> str:
    cost, low, high = (float(row[name]) for name in MONEY.values())
    said = {name: page.look.quantity(value, "CNY") for name, value in (("cost", cost), ("low", low), ("high", high))}
    key = "proved" if high - low <= SAME * abs(high) else "between" if np.isfinite(high) else "least"
    source = f"{row['instrument']} {row['article']}".strip()
    rule = page.t("study_law_cost.rule", rule=row["rule"], source=source)
    return page.t(f"study_law_cost.told.{key}", rule=rule, **said)


def label(words: str, page: Context) -> str:
    """The rule that is switched off."""
    return page.t("study_law_cost.label", rule=words.removeprefix("without "))


def in_words(rows: pd.DataFrame, page: Context) -> pd.DataFrame:
    """Instruments, articles and effects as the law page says them."""
    return rules_in_words(page, rows)


PAGE = StudyPage(
    name="law_cost",
    ask=ask,
    told=told,
    shown={"rules": Shown(rule_cost_table, rule_cost_figure), "moved": Shown(moved_by_law_table)},
    solves=10,
    label=label,
    in_words=in_words,
)
COLUMNS = {
    "mw_with": ("With the rule", "有该规则", "MW"),
    "mw_without": ("Without the rule", "无该规则", "MW"),
}
WORDS: dict[str, tuple[str, str]] = {
    "study_law_cost.nav": ("Price of rules", "规则成本"),
    "study_law_cost.title": ("What each rule of data law costs this plan", "各条数据法规给本方案带来的成本"),
    "study_law_cost.asks": (
        "What would the best plan save if one rule were switched off?",
        "若去掉某一条规则，最优方案能节省多少？",
    ),
    "study_law_cost.rule": ("{rule} ({source})", "{rule}（{source}）"),
    "study_law_cost.label": ("without {rule}", "去掉 {rule}"),
    "study_law_cost.told.proved": ("{rule} costs {cost}, proved.", "{rule}的成本为 {cost}，已证明。"),
    "study_law_cost.told.between": (
        "{rule}: the plan found without it is {cost} cheaper; the true difference is between {low} and {high}.",
        "{rule}：去掉后所得方案便宜 {cost}；真实差额在 {low} 与 {high} 之间。",
    ),
    "study_law_cost.told.least": (
        "{rule}: the plan found without it is {cost} cheaper; the true difference is at least {low}.",
        "{rule}：去掉后所得方案便宜 {cost}；真实差额不小于 {low}。",
    ),
    "study_law_cost.told.opens": ("Without {rule} the plan would open {sites}.", "若无 {rule}，方案将新开 {sites}。"),
    "study_law_cost.told.drops": (
        "Without {rule} the plan would not open {sites}.",
        "若无 {rule}，方案将不开 {sites}。",
    ),
    "study_law_cost.told.idle": (
        "{count} more rules have no effect on this study, whatever is built.",
        "另有 {count} 条规则无论如何建设都对本研究没有影响。",
    ),
    "study_law_cost.none": ("No rule on file reaches a transfer of this study.", "没有在册规则影响本研究中的传输。"),
    "study_law_cost.between": ("{cost} ({low} to {high})", "{cost}（{low} 至 {high}）"),
    "study_law_cost.axis": ("Present cost of the rule", "规则的现值成本"),
    "study_law_cost.rules": ("What each rule costs this plan", "各条规则给本方案带来的成本"),
    "study_law_cost.rules.note": (
        "The present cost saved by the best plan found without the rule. The true saving lies between the bounds. "
        "Rules that change nothing are left out.",
        "去掉该规则后所找到最优方案节省的现值成本；真实节省额在上下界之间。未改变任何结果的规则不列出。",
    ),
    "study_law_cost.moved": ("Where load would be without a rule", "去掉规则后的负荷分布"),
}
