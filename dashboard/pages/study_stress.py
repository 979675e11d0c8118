"""Droughts: the plan for the mean hydrological year beside the plan for all years, both lived through each."""

from __future__ import annotations

import json

import xarray as xr

from dashboard.context import Context
from dashboard.figures.drought import (
    PLANS,
    built_table,
    contracts_table,
    drought_backup_figure,
    drought_cost_figure,
    drought_table,
)
from dashboard.study_page import Shown, StudyPage
from model.runs import Run
from model.studies.solving import Solving
from model.studies.stress import STRESS_YEARS, stress


def ask(run: Run, solving: Solving) -> xr.Dataset:
    """The plan of the run is the one made for all years; the other is solved for."""
    years = run.scenario.power.drought_years or STRESS_YEARS
    return stress(run.instance, run.solution, years, solving)


def told(study: xr.Dataset, page: Context) -> list[str]:
    """What both plans promise and cost, whether that is a difference, and how the droughts are lived through."""
    t, money = page.t, page.look.quantity
    sentences = []
    for name in PLANS:
        plan = study.sel(plan=name)
        worst = int(plan["hydro_year"][int(plan["present_cost"].argmax("hydro_year"))])
        promised, expected, most = (
            money(float(plan[key].max()), "CNY") for key in ("promised_cost", "expected_cost", "present_cost")
        )
        sentences.append(t(f"study_stress.told.{name}", promised=promised, expected=expected, most=most, year=worst))
        broken = json.loads(study.attrs["broken"])[name]
        sentences += [t("study_stress.told.broken", fault=fault) for fault in broken]
    mean, spread = (float(study["expected_cost"].sel(plan=name)) for name in PLANS)
    gap = float(study["gap"].max())
    key = "same" if abs(mean - spread) <= gap else "saves" if mean > spread else "costs"
    amounts = {"amount": money(abs(mean - spread), "CNY"), "gap": money(gap, "CNY")}
    sentences.append(t(f"study_stress.told.{key}", **amounts))
    for year in study["hydro_year"].values[study["stress_year"].values.astype(bool)]:
        lived = study.sel(hydro_year=year)
        more = float(lived["present_cost"].sel(plan="distribution")) - spread
        energy = [money(float(lived["backup_energy"].sel(plan=name)), "MWh") for name in PLANS]
        key = "study_stress.told.dearer" if more >= 0 else "study_stress.told.cheaper"
        sentences.append(t(key, year=int(year), amount=money(abs(more), "CNY"), mean=energy[0], all=energy[1]))
    return sentences


def label(words: str, page: Context) -> str:
    """The only solve is that for the mean year."""
    return page.t("study_stress.plan.mean_year")


PAGE = StudyPage(
    name="stress",
    ask=ask,
    told=told,
    shown={
        "years": Shown(drought_table, drought_cost_figure),
        "backup": Shown(drought_table, drought_backup_figure),
        "built": Shown(built_table),
        "contracts": Shown(contracts_table),
    },
    solves=1,
    rests_on=("hydro_year_probability", "grid_price", "rationed_share", "backup_price", "contract_delivery"),
    label=label,
)
COLUMNS = {
    "is_drought": ("Drought", "枯水年", ""),
    "mean_year_cny": ("Plan for the mean year", "平均年方案", "CNY"),
    "distribution_cny": ("Plan for all years", "全部年份方案", "CNY"),
    "mean_year_mwh": ("Backup, plan for the mean year", "平均年方案的自备发电", "MWh"),
    "distribution_mwh": ("Backup, plan for all years", "全部年份方案的自备发电", "MWh"),
    "mean_year_halls": ("Halls, plan for the mean year", "平均年方案机房数", "1"),
    "distribution_halls": ("Halls, plan for all years", "全部年份方案机房数", "1"),
    "mean_year_mw": ("Plan for the mean year", "平均年方案", "MW"),
    "distribution_mw": ("Plan for all years", "全部年份方案", "MW"),
}
WORDS: dict[str, tuple[str, str]] = {
    "study_stress.nav": ("Droughts", "枯水年"),
    "study_stress.title": ("What a drought does to the plan", "枯水年对方案的影响"),
    "study_stress.asks": (
        "What would it cost to have planned for a mean hydrological year, and how does this plan live through the "
        "dry ones?",
        "若仅按平均水文年规划，代价是多少？本方案在枯水年表现如何？",
    ),
    "study_stress.plan.mean_year": ("Plan for the mean year", "平均年方案"),
    "study_stress.plan.distribution": ("Plan for all years (this run)", "全部年份方案（本方案）"),
    "study_stress.told.mean_year": (
        "A plan made for the mean year promises {promised}; over all years it costs {expected}, and {most} if every "
        "year were {year}.",
        "按平均年制定的方案承诺 {promised}；按全部年份计为 {expected}，若每年都是 {year} 年则为 {most}。",
    ),
    "study_stress.told.distribution": (
        "This plan, made for all years, promises {promised}; over all years it costs {expected}, and {most} if "
        "every year were {year}.",
        "本方案按全部年份制定，承诺 {promised}；按全部年份计为 {expected}，若每年都是 {year} 年则为 {most}。",
    ),
    "study_stress.told.broken": (
        "It breaks a requirement once the years differ: {fault}.",
        "年份不同后，它违反一项要求：{fault}。",
    ),
    "study_stress.told.same": (
        "Over all years the two differ by {amount}, no more than the {gap} to which they are proved: planning for "
        "the mean year does no provable harm here.",
        "按全部年份计，两者相差 {amount}，不超过证明精度 {gap}：此处按平均年规划并无可证明的损失。",
    ),
    "study_stress.told.saves": (
        "Planning for all years saves {amount} in expectation; the plans are proved to within {gap}.",
        "按全部年份规划，期望节省 {amount}；证明精度为 {gap}。",
    ),
    "study_stress.told.costs": (
        "Planning for all years costs {amount} more in expectation; the plans are proved to within {gap}.",
        "按全部年份规划，期望多花 {amount}；证明精度为 {gap}。",
    ),
    "study_stress.told.dearer": (
        "If every year were {year}, this plan would cost {amount} more than in expectation; own backup would give "
        "{all}, and {mean} in the plan for the mean year.",
        "若每年都是 {year} 年，本方案比期望多花 {amount}；自备发电 {all}，平均年方案为 {mean}。",
    ),
    "study_stress.told.cheaper": (
        "If every year were {year}, this plan would cost {amount} less than in expectation; own backup would give "
        "{all}, and {mean} in the plan for the mean year.",
        "若每年都是 {year} 年，本方案比期望少花 {amount}；自备发电 {all}，平均年方案为 {mean}。",
    ),
    "study_stress.drought": ("drought", "枯水"),
    "study_stress.axis_cost": ("Present cost if every year were this one", "若每年都是该年的现值成本"),
    "study_stress.axis_backup": ("Energy from own backup over the horizon", "规划期内自备发电量"),
    "study_stress.no_backup": ("Neither plan uses its own backup in any year.", "两方案在任何年份都不使用自备发电。"),
    "study_stress.years": ("Cost of both plans in each hydrological year", "两方案在各水文年的成本"),
    "study_stress.years.note": (
        "Present cost as if every year of the horizon were that one; the axis does not start at zero.",
        "假设规划期每年都是该水文年的现值成本；纵轴不从零开始。",
    ),
    "study_stress.backup": ("Own backup in each hydrological year", "各水文年的自备发电"),
    "study_stress.built": ("Halls of the last period in both plans", "两方案末期机房"),
    "study_stress.contracts": ("Contracted power of the last period in both plans", "两方案末期合同电力"),
}
