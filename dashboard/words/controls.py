"""Words of the controls that several pages share, and of what is told with a table that is taken away."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "control.period": ("Period from", "起始年"),
    "control.site": ("Site", "园区"),
    "control.hydro_year": ("Hydrological year", "水文年"),
    "control.hydro_mean": ("Mean of all years", "各年平均"),
    "control.no_run": ("There is no plan to show yet", "尚无可显示的方案"),
    "control.no_run.remedy": (
        "Solve a first study on the Brief page; this page then shows its plan.",
        "请先在“简报”页求解一项研究，随后此处显示其方案。",
    ),
    "fact.sheet": ("table", "表"),
    "fact.provenance": ("provenance", "来源说明"),
    "fact.key": ("key", "项目"),
    "fact.value": ("value", "内容"),
    "fact.study": ("study", "研究"),
    "fact.run": ("run", "方案"),
    "fact.saved": ("saved", "保存时间"),
    "fact.gap": ("gap", "差距"),
    "fact.hallsite": ("hallsite", "hallsite 版本"),
    "fact.catalogue": ("catalogue", "数据目录"),
    "fact.study hash": ("study hash", "研究指纹"),
    "fact.money": ("money", "币值"),
    "fact.money.value": ("constant CNY of 2025", "2025 年不变价人民币"),
    "fact.asked": ("asked", "所问专题"),
    "fact.answered": ("answered", "完成时间"),
    "fact.study took, s": ("study took, s", "专题用时（秒）"),
    "fact.study by hallsite": ("study by hallsite", "专题所用 hallsite 版本"),
    "fact.study by catalogue": ("study by catalogue", "专题所用数据目录"),
    "fact.table": ("table", "表名"),
}
