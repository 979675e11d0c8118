"""Words of the comparison page and its figures."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "compare.title": ("Compare plans", "方案比较"),
    "compare.choose": ("Runs to compare, two to four; the first is the reference", "选择二至四个方案；第一个为参照"),
    "compare.choose.short": ("Runs", "方案"),
    "compare.too_few": (
        "Choose a second run above. If there is only one so far, clone it under What-if, change a number and solve.",
        "请在上方选择第二个方案。若目前只有一个方案，可在“情景推演”中复制、修改数值后求解。",
    ),
    "compare.second": ("Difference from the first run to", "与首个方案的差异"),
    "compare.and": (", ", "、"),
    "compare.told": ("What is different", "差异说明"),
    "compare.told.dearer": (
        "“{second}” costs {amount} ({share}) more than “{first}”.",
        "“{second}”比“{first}”贵 {amount}（{share}）。",
    ),
    "compare.told.cheaper": (
        "“{second}” costs {amount} ({share}) less than “{first}”.",
        "“{second}”比“{first}”便宜 {amount}（{share}）。",
    ),
    "compare.told.within_gap": (
        "The bills differ by {amount}, less than the {gap} that the solver's gaps leave open: by "
        "cost the plans cannot be told apart.",
        "两份账单相差 {amount}，小于求解差距所留的 {gap}：仅凭成本无法区分两方案。",
    ),
    "compare.told.drivers": ("The largest changes: {drivers}.", "变化最大的科目：{drivers}。"),
    "compare.told.grew": ("Load moves to {sites}.", "负荷转入：{sites}。"),
    "compare.told.shrank": ("Load leaves {sites}.", "负荷转出：{sites}。"),
    "compare.told.same_sites": ("The same sites carry the same load.", "各园区承载的负荷不变。"),
    "compare.told.year": (
        "In the last period PUE goes {pue}, CO₂ {carbon}, water {water}.",
        "末期 PUE：{pue}；CO₂：{carbon}；用水：{water}。",
    ),
    "compare.same": ("Both bills are the same to the last account.", "两份账单逐科目相同。"),
    "compare.same_sites": ("No site carries more or less load than before.", "没有园区的负荷发生变化。"),
    "compare.grew": ("More load", "负荷增加"),
    "compare.shrank": ("Less load", "负荷减少"),
    "compare.side": ("Side by side", "并列对照"),
    "compare.side.note": (
        "IT load, halls, PUE, water and CO₂ are those of the last period.",
        "IT 负荷、机房数、PUE、用水与 CO₂ 为末期数值。",
    ),
    "compare.bills": ("Bills on one axis", "同轴账单"),
    "compare.course": ("Over the years", "逐期变化"),
    "compare.course.quantity": ("Quantity", "指标"),
    "compare.bridge": ("From one bill to the other", "账单差异分解"),
    "compare.bridge.note": (
        "Present value, account by account; the axis does not start at zero.",
        "按科目列示现值变化；纵轴不从零开始。",
    ),
    "compare.moved": ("Where load moved", "负荷转移"),
    "compare.moved.note": ("IT load of the last period.", "末期 IT 负荷。"),
    "compare.inputs": ("Inputs that differ", "不同的输入"),
    "compare.no_inputs": (
        "The studies are the same; only the solver's path differed.",
        "两项研究的输入相同，仅求解过程不同。",
    ),
    "course.it_mw": ("IT load", "IT 负荷"),
    "course.pue": ("PUE", "PUE"),
    "course.water_m3": ("Water of a year", "年用水量"),
    "course.carbon_t": ("CO₂ of a year", "年 CO₂ 排放"),
    "compare.key": ("{name} ({path})", "{name}（{path}）"),
}
