"""Break-even: at which price of tunnelling a cave hall would pay, site by site and in whole plans."""

from __future__ import annotations

import xarray as xr

from dashboard.context import Context
from dashboard.figures.breakeven import (
    UNIT,
    breakeven_figure,
    breakeven_table,
    extra_figure,
    extra_table,
    trials_table,
)
from dashboard.study_page import Shown, StudyPage
from model.runs import Run
from model.studies.breakeven import breakeven
from model.studies.solving import Solving


def ask(run: Run, solving: Solving) -> xr.Dataset:
    """Cave halls and the price of tunnelling, in the study of the run with the figures of today."""
    return breakeven(run.scenario, solving=solving)


def told(study: xr.Dataset, page: Context) -> list[str]:
    """Where such a hall comes nearest to paying, at what price, and what whole plans do."""
    t, rows = page.t, breakeven_table(study)
    kind = page.look.name("hall_type", str(study.attrs["hall_type"]))
    if rows.empty:
        return [t("study_breakeven.told.nowhere", kind=kind)]
    best, low, high = rows.iloc[0], float(study.attrs["low"]), float(study.attrs["high"])
    price, extra = float(best["breakeven_cny_per_mw"]), float(best["extra_cny_per_mw"])
    place = "never" if price <= 0 else "below" if price < low else "above" if price > high else "within"
    said = {name: _price(page, float(study.attrs[name])) for name in ("low", "high", "assumed")}
    names = {"site": page.site(str(best["site"])), "rival": page.look.name("hall_type", str(best["hall_type"]))}
    key = "dearer" if extra > 0 else "cheaper"
    sentences = [
        t(f"study_breakeven.told.{key}", kind=kind, extra=_price(page, abs(extra)), year=int(best["period"]), **names,
          assumed=said["assumed"]),
        t("study_breakeven.told.price", price=_price(page, price), count=len(rows)),
        t(f"study_breakeven.told.{place}", low=said["low"], high=said["high"]),
    ]  # fmt: skip
    for trial in trials_table(study).itertuples():
        gap = page.look.quantity(float(trial.open_cny), "CNY")  # type: ignore[arg-type]
        price_told = _price(page, float(trial.trial_cny_per_mw))  # type: ignore[arg-type]
        sentences.append(t("study_breakeven.told.trial", price=price_told, halls=trial.halls, gap=gap))
    return sentences


def label(words: str, page: Context) -> str:
    """The price a whole plan is solved at."""
    _, _, value = words.partition(" = ")
    return page.t("study_breakeven.label", price=_price(page, float(value))) if value else words


def _price(page: Context, value: float) -> str:
    return page.look.quantity(value, UNIT)


PAGE = StudyPage(
    name="breakeven",
    ask=ask,
    told=told,
    shown={
        "sites": Shown(breakeven_table, breakeven_figure),
        "parts": Shown(extra_table, extra_figure),
        "trials": Shown(trials_table),
    },
    solves=2,
    rests_on=("hall_capital", "hall_opex", "hall_life", "overhead_power", "marginal_power", "hall_type_allowed"),
    label=label,
)
COLUMNS = {
    "breakeven_cny_per_mw": ("Price at which it pays", "盈亏平衡价", "CNY/MW"),
    "extra_cny_per_mw": ("Dearer than the other hall", "比其他机房多花", "CNY/MW"),
    "trial_cny_per_mw": ("Tunnelling price", "掘进单价", "CNY/MW"),
    "open_cny": ("A better plan could save", "更优方案最多可节省", "CNY"),
}
WORDS: dict[str, tuple[str, str]] = {
    "study_breakeven.nav": ("Cave halls", "山洞机房"),
    "study_breakeven.title": ("At which price a cave hall pays", "山洞机房的盈亏平衡价"),
    "study_breakeven.asks": (
        "How cheap would tunnelling have to be for a cave hall to cost no more than the cheapest other hall?",
        "掘进单价要低到多少，山洞机房才不比最便宜的其他机房贵？",
    ),
    "study_breakeven.told.nowhere": (
        "No site of this study permits a hall of this type: {kind}.",
        "本研究没有园区允许此类机房：{kind}。",
    ),
    "study_breakeven.told.dearer": (
        "{kind}: at the {assumed} assumed, one built at {site} in {year} costs {extra} of load more over the horizon "
        "than the cheapest other hall ({rival}).",
        "{kind}：按假设的 {assumed}，{year} 年建于{site}的机房在规划期内比最便宜的其他机房（{rival}）多花 {extra}。",
    ),
    "study_breakeven.told.cheaper": (
        "{kind}: at the {assumed} assumed, one built at {site} in {year} costs {extra} of load less over the horizon "
        "than the cheapest other hall ({rival}).",
        "{kind}：按假设的 {assumed}，{year} 年建于{site}的机房在规划期内比最便宜的其他机房（{rival}）少花 {extra}。",
    ),
    "study_breakeven.told.price": (
        "It breaks even there at {price}, the best of the {count} sites that permit it.",
        "在该处的盈亏平衡价为 {price}，是允许此类机房的 {count} 个园区中最高的。",
    ),
    "study_breakeven.told.never": ("It pays at no price of tunnelling.", "无论掘进单价多低都不划算。"),
    "study_breakeven.told.below": (
        "That is below the range of the estimate, {low} to {high}: it pays nowhere in it.",
        "低于估计范围 {low} 至 {high}：在该范围内都不划算。",
    ),
    "study_breakeven.told.above": (
        "That is above the range of the estimate, {low} to {high}: it pays throughout.",
        "高于估计范围 {low} 至 {high}：在该范围内都划算。",
    ),
    "study_breakeven.told.within": (
        "That is within the range of the estimate, {low} to {high}: the estimate decides.",
        "处于估计范围 {low} 至 {high} 之内：取决于估计值。",
    ),
    "study_breakeven.told.trial": (
        "A whole plan solved at {price} has {halls} of them in the last period; it is proved to within {gap}.",
        "按 {price} 求解的整体方案末期有 {halls} 个此类机房；证明精度为 {gap}。",
    ),
    "study_breakeven.label": ("tunnelling at {price}", "掘进单价 {price}"),
    "study_breakeven.nowhere": ("No site of this study permits such a hall.", "本研究没有园区允许此类机房。"),
    "study_breakeven.assumed": ("assumed {price}", "假设值 {price}"),
    "study_breakeven.axis": ("Tunnelling price at which it pays", "盈亏平衡的掘进单价"),
    "study_breakeven.axis_extra": ("Dearer than the cheapest other hall", "比最便宜的其他机房多花"),
    "study_breakeven.sites": ("Break-even price by site", "各园区的盈亏平衡价"),
    "study_breakeven.sites.note": (
        "At each site's best period. The shaded range is that of the estimate, the dashed line what the study assumes.",
        "取各园区最有利的建设期。阴影为估计范围，虚线为研究假设值。",
    ),
    "study_breakeven.parts": ("What makes it dearer", "贵在何处"),
    "study_breakeven.parts.note": (
        "Present cost over the horizon per MW of usable load.",
        "规划期内每兆瓦可用负荷的现值成本。",
    ),
    "study_breakeven.part.capital": ("building", "建设"),
    "study_breakeven.part.upkeep": ("upkeep", "运维"),
    "study_breakeven.part.energy": ("energy", "电能"),
    "study_breakeven.part.demand_charge": ("demand charge", "需量电费"),
    "study_breakeven.part.connection": ("grid connection", "电网接入"),
    "study_breakeven.part.carbon": ("carbon", "碳成本"),
    "study_breakeven.part.water": ("water", "用水"),
    "study_breakeven.trials": ("Whole plans at two prices", "两种单价下的整体方案"),
}
