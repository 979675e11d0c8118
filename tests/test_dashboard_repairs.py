"""Repairs of a study without a plan: kept with the job, and each a study to start from."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import xarray as xr

import model.studies
from dashboard.conflict_notes import repair_told, requirement_told
from dashboard.context import Desk
from dashboard.jobs import Jobs
from dashboard.look import Look
from dashboard.repairs import Repair, found_repairs, read_repairs, write_repairs
from dashboard.store import RunStore
from dashboard.studies import base_name, base_study, base_title
from tests.dashboard_desk import small_study


def test_only_repairs_a_study_can_be_given_are_offered() -> None:
    report = xr.Dataset(
        {
            "repair_text": ("repair", np.array(["Allow Gui'an", "Move a mountain"], dtype=object)),
            "changes": ("repair", np.array([json.dumps({"sites.forbid": []}), "{}"], dtype=object)),
            "price_cny": ("repair", [np.nan, 5.0]),
        }
    )
    assert found_repairs(report) == [Repair("Allow Gui'an", {"sites.forbid": []}, None)]


def test_a_repair_is_a_study_to_start_from_and_nonsense_is_none(tmp_path: Path) -> None:
    desk = Desk(RunStore(tmp_path), Jobs(tmp_path))
    job = desk.jobs.submit(small_study(**{"sites.forbid": ["gui-an"]}), "Without Gui'an")
    write_repairs(desk.jobs.own_folder(job), [Repair("Allow Gui'an", {"sites.forbid": []}, 3.0)])
    page = desk.context("/whatif", f"?base=job:{job}.0")
    assert base_name(page) == f"job:{job}.0"
    assert base_study(page, f"job:{job}.0").sites.forbid == ()
    assert base_study(page, f"job:{job}").sites.forbid == ("gui-an",)
    assert base_title(page, f"job:{job}.0") == "Without Gui'an · Allow Gui'an"
    assert base_name(desk.context("/whatif", f"?base=job:{job}.1")) == "guizhou"
    assert read_repairs(tmp_path) == []


# As model/studies/requirements.py and remedies.py write them, with a Chinese word that must be there.
REQUIREMENTS = {
    "Ai inference of Inner Mongolia within 15 ms round trip": "内蒙古的智算推理往返时延不超过 15 毫秒",
    "No new halls at Gui'an, Shaoguan and 3 more (forbidden by the scenario)": (
        "贵安、韶关等 5 个园区不得新建机房（研究设定）"
    ),
    "Hall types not permitted (cave, chilled water) at Gui'an": "贵安不允许的机房类型：山洞机房、冷冻水",
    "Capital of 2026: at most 2.400 bn CNY in cash": "2026 年一期现金投资至多 24 亿元",
    "Demand of 40 MW in 2026 to 90 MW in 2034 served in full": "需求须全部满足：2026 年 40 兆瓦至 2034 年 90 兆瓦",
    "Data law on CN/personal/operator: no host of the operator's own in SG, HK": (
        "数据法规：中国内地的个人信息（运营商出境）不得存于运营商在新加坡、中国香港的自有机房"
    ),
    "Data law on CN/payment/institutions/home: its conditions": (
        "数据法规：中国内地的支付数据（机构出境，限境内）所设条件"
    ),
    "Longli hill open from 2026": "Longli hill自 2026 年起必须开放",
}
REPAIRS = {
    "Allow Gui'an": "允许使用贵安",
    "Allow 4 ms for enterprise (Zhangjiakou), and serve 80 % of the demand": (
        "企业与金融记录时延放宽至 4 毫秒（张家口），并仅满足 80% 的需求"
    ),
    "Lift the rules of law that close CN/sensitive personal/operator": (
        "取消禁止中国内地的敏感个人信息（运营商出境）的法规"
    ),
    "Allow 120 m CNY of capital in a period": "每期现金投资放宽至 12,000 万元",
    "Move a mountain": "Move a mountain",
}


def test_what_conflicts_and_what_helps_is_told_in_chinese() -> None:
    chinese, english = Look("zh"), Look("en")
    assert {text: requirement_told(chinese, text) for text in REQUIREMENTS} == REQUIREMENTS
    assert {text: repair_told(chinese, text) for text in REPAIRS} == REPAIRS
    assert all(requirement_told(english, text) == text for text in REQUIREMENTS)


def test_every_pattern_of_a_requirement_and_a_remedy_has_its_chinese() -> None:
    """Sentences are read out of the source that writes them, their values replaced by examples."""
    studies = Path(model.studies.__file__).parent
    written = re.findall(r'(?<!")f?"((?:Lead times|Plots|Grid|Replicas|Yearly PUE|Green share|Water permits)[^"]*)"',
                         (studies / "requirements.py").read_text(encoding="utf-8"))  # fmt: skip
    remedies = re.findall(r'"[\w-]+": lambda: f?"([^"]+)"', (studies / "remedies.py").read_text(encoding="utf-8"))
    assert len(written) >= 7
    assert len(remedies) >= 15
    examples = {"until": "before 2028", "told": "40 MW can be connected by 2026", "between": "1.2 to 1.3"}

    def example(sentence: str, text: str) -> str:
        return re.sub(r"\{([^{}]+)\}", lambda found: text_of(found[1], text), sentence)

    def text_of(name: str, text: str) -> str:
        if name in examples:
            return examples[name]
        if name.startswith("percent"):
            return "80 %"
        if name.startswith("money"):
            return "2.400 bn CNY"
        return "12" if re.search("value|extra|figures|megawatts|first|last", name) else text

    remedies = [re.sub(r"\{f' \(\{near\}\)' if near else ''\}", "", one) for one in remedies]
    for told, sentences in ((requirement_told, written), (repair_told, remedies)):
        examples_of = [example(one, "storage") for one in sentences]
        assert [one for one in examples_of if told(Look("zh"), one) == one] == []
