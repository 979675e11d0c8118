"""Sensitivity: which estimate, a quarter off, would change the sites that the plan opens."""

from __future__ import annotations

import re

import xarray as xr

from dashboard.context import Context
from dashboard.figures.tornado import MOVES, OTHER_SITES, tornado_figure, tornado_table
from dashboard.study_page import Shown, StudyPage
from model.runs import Run
from model.studies.sensitivity import DEFAULT_SOLVES, sensitivity
from model.studies.solving import Solving

LABEL = re.compile(r"(?P<name>\w+) (?P<share>[+-]\d+%)(?P<kept>, sites kept)?")


def ask(run: Run, solving: Solving) -> xr.Dataset:
    """Estimates are moved in the study of the run, with the figures of today."""
    return sensitivity(run.scenario, run.solution, solving=solving)


def told(study: xr.Dataset, page: Context) -> list[str]:
    """Estimates that change the sites, those solved for that do not, and how many stay open or below the gap."""
    t, money = page.t, page.look.quantity
    swing, gap = page.look.percent(float(study.attrs["swing"])), money(float(study.attrs["gap_cny"]), "CNY")
    outcome = study["outcome"].to_series()
    sentences = []
    for adder, move in outcome.index[outcome.str.startswith(OTHER_SITES)]:
        one = study.sel(adder=adder, move=move)
        opens, drops = (_sites(page, str(one[name].item())) for name in ("opens", "drops"))
        regret = float(one["regret"])
        key = "forced" if regret == float("inf") else "changes"
        sentences.append(
            t(f"study_sensitivity.told.{key}", adder=adder, move=t(f"study_sensitivity.told.{move}", share=swing),
              opens=opens, drops=drops, regret=money(regret, "CNY"))
        )  # fmt: skip
    by_adder = outcome.unstack("move")
    for word, key in (("same sites", "same"), ("no plan", "no_plan"), ("not solved", "unsettled")):
        found = by_adder.index[(by_adder == word).all(axis=1)]
        if len(found):
            sentences.append(t(f"study_sensitivity.told.{key}", adders=t("brief.comma").join(found), count=len(found)))
    below = int((by_adder == "below the gap").all(axis=1).sum())
    sentences.append(t("study_sensitivity.told.below", count=below, all=len(by_adder), gap=gap))
    return sentences


def label(words: str, page: Context) -> str:
    """An estimate, by how much it is moved, and whether the old sites are kept."""
    found = LABEL.fullmatch(words)
    if found is None:
        return words
    kept = page.t("study_sensitivity.kept") if found["kept"] else ""
    return f"{found['name']} {found['share'].replace('-', '−')}{kept}"


def _sites(page: Context, listed: str) -> str:
    return page.t("brief.comma").join(page.site(site) for site in listed.split()) or "–"


PAGE = StudyPage(
    name="sensitivity",
    ask=ask,
    told=told,
    shown={"shifts": Shown(tornado_table, tornado_figure, 520)},
    solves=DEFAULT_SOLVES * len(MOVES) * 2,
    label=label,
)
COLUMNS = {
    "adder": ("Estimate", "估计值", ""),
    "move": ("Moved", "变动", ""),
    "shift_cny": ("Shift between sites", "园区间成本变动", "CNY"),
    "outcome": ("What the plan does", "方案变化", ""),
    "regret_cny": ("Cost of keeping the old sites", "保留原园区的代价", "CNY"),
}
WORDS: dict[str, tuple[str, str]] = {
    "study_sensitivity.nav": ("Estimates", "估计值"),
    "study_sensitivity.title": ("Which estimates would move the sites", "哪些估计值会改变选址"),
    "study_sensitivity.asks": (
        "If an estimated figure were a quarter off, would the plan open other sites?",
        "若某个估计值偏差四分之一，方案会选择其他园区吗？",
    ),
    "study_sensitivity.move.less": ("A quarter less", "减少四分之一"),
    "study_sensitivity.move.more": ("A quarter more", "增加四分之一"),
    "study_sensitivity.told.less": ("{share} less", "减少 {share}"),
    "study_sensitivity.told.more": ("{share} more", "增加 {share}"),
    "study_sensitivity.told.changes": (
        "{adder} {move}: the plan opens {opens} and leaves {drops}; keeping the old sites would cost {regret} more.",
        "{adder} {move}：方案新开 {opens}，放弃 {drops}；保留原园区将多花 {regret}。",
    ),
    "study_sensitivity.told.forced": (
        "{adder} {move}: the plan opens {opens} and leaves {drops}; the old sites can no longer carry the load.",
        "{adder} {move}：方案新开 {opens}，放弃 {drops}；原园区已无法承载负荷。",
    ),
    "study_sensitivity.told.same": (
        "Solved for, and the same sites stay worth opening: {adders}.",
        "经求解，选址不变：{adders}。",
    ),
    "study_sensitivity.told.no_plan": (
        "Solved for, and no plan was found in time: {adders}.",
        "经求解，规定时间内未找到方案：{adders}。",
    ),
    "study_sensitivity.told.unsettled": (
        "Not settled: {count} estimates shift more than the gap but were not solved for.",
        "未定：{count} 个估计值的影响大于求解差距，但未逐一求解。",
    ),
    "study_sensitivity.told.below": (
        "{count} of {all} estimates shift less between sites than the plan's own gap of {gap}.",
        "{all} 个估计值中有 {count} 个的影响小于方案自身的求解差距 {gap}。",
    ),
    "study_sensitivity.kept": (", old sites kept", "，保留原园区"),
    "study_sensitivity.outcome.same sites": ("same sites", "选址不变"),
    "study_sensitivity.outcome.other sites": ("other sites", "选址改变"),
    "study_sensitivity.outcome.other sites, within the gap": ("other sites, within the gap", "选址改变，在差距内"),
    "study_sensitivity.outcome.below the gap": ("below the gap", "小于求解差距"),
    "study_sensitivity.outcome.not solved": ("not solved for", "未求解"),
    "study_sensitivity.outcome.no plan": ("no plan found", "未找到方案"),
    "study_sensitivity.none": ("No estimate shifts anything between sites.", "没有估计值会改变园区间的成本。"),
    "study_sensitivity.axis": ("Shift between sites", "园区间成本变动"),
    "study_sensitivity.shifts": ("What each estimate shifts between sites", "各估计值引起的园区间成本变动"),
    "study_sensitivity.shifts.note": (
        "By how much rivals gain on the plan's sites when an estimate is a quarter less (left) or more (right). "
        "Within the dotted lines it is less than the plan's gap. ★: solved for, and other sites are opened.",
        "估计值减少（左）或增加（右）四分之一时，竞争园区相对方案园区的成本改善。虚线内小于求解差距。★：经求解，选址改变。",
    ),
}
