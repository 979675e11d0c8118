"""Words of the brief."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "brief.both": ("{what}. {cost}", "{what}。{cost}"),
    "brief.build": (
        "Build {halls} halls at {count} sites by {year} for {load} of IT load: {sites}",
        "到 {year} 年在 {count} 个园区建设 {halls} 座机房，承载 IT 负荷 {load}：{sites}",
    ),
    "brief.build_nothing": (
        "Build nothing new by {year}: what stands carries {load} of IT load",
        "到 {year} 年无需新建：现有机房即可承载 IT 负荷 {load}",
    ),
    "brief.place": ("{site} {share}", "{site} {share}"),
    "brief.comma": (", ", "，"),
    "brief.more": (" and {count} more", "，另有 {count} 个"),
    "brief.kept": ("; keep {count} of the existing halls", "；保留现有机房 {count} 座"),
    "brief.cost": (
        "The plan costs {cost} in present value with everything counted{proof}.",
        "全部计入后方案现值为 {cost}{proof}。",
    ),
    "brief.proof": (
        ", and no other plan could save more than {saving}",
        "；任何其他方案最多只能再省 {saving}",
    ),
    "brief.against": ("Compare with …", "与其他方案比较……"),
    "brief.print": ("Print", "打印"),
    "brief.compared": ("Changes are against: {other}", "变化相对于：{other}"),
    "brief.change.same": ("no change", "无变化"),
    "brief.change.more": ("▲ {share} more", "▲ 增加 {share}"),
    "brief.change.less": ("▼ {share} less", "▼ 减少 {share}"),
    "brief.card.cost": ("Present cost", "现值成本"),
    "brief.card.cost.note": ("all years, all accounts", "全部年份与科目"),
    "brief.card.capital": ("Peak cash capital", "最大现金投资"),
    "brief.capital.note": ("from {year}; all periods in {unit}: {all}", "{year} 年起；各期（{unit}）：{all}"),
    "brief.card.kw_month": ("Price of capacity", "单位容量价格"),
    "brief.unit.kw_month": ("CNY per kW-month of IT", "元/千瓦·月（IT）"),
    "brief.card.pue": ("PUE", "PUE"),
    "brief.card.carbon": ("Carbon", "碳强度"),
    "brief.unit.carbon": ("gCO₂ per kWh of IT", "克 CO₂/千瓦时（IT）"),
    "brief.card.water": ("Water", "用水强度"),
    "brief.unit.water": ("litres per kWh of IT", "升/千瓦时（IT）"),
    "brief.last_period": ("mean of the last period", "最后一期平均"),
    "brief.card.worst": ("If every year were the worst", "若年年都是最差水文年"),
    "brief.worst.note": ("rivers of {year}: {more}", "{year} 年来水：{more}"),
    "brief.card.gap": ("Could still be saved", "尚可节省"),
    "brief.card.gap.note": ("at most, by any other plan; proven", "任何其他方案的上限，已证明"),
    "brief.places": ("Where", "选址"),
    "brief.bill": ("Bill by account", "分科目账单"),
    "brief.limits": ("What binds", "起约束作用的限制"),
    "brief.limits.none": (
        "Nothing but demand: no limit holds this plan back.",
        "除需求外，没有限制在约束该方案。",
    ),
    "brief.limits.more": ("and {count} more", "另有 {count} 项"),
    "brief.risks": ("What could go wrong", "风险"),
    "brief.basis": ("What the bill rests on", "账单的数据依据"),
    "brief.basis.note": (
        "Share of the bill by its weakest figure; estimated figures can be replaced by your own.",
        "按最弱数据划分的账单占比；估计值可用自有数据替换。",
    ),
    "brief.basis.none": ("This run was saved without its evidence.", "该方案保存时未附数据依据。"),
    "brief.files": ("Take away:", "下载："),
    "brief.solve": ("Solve it", "开始求解"),
    "brief.welcome": ("Where should the halls stand?", "机房应建在哪里？"),
    "brief.welcome.note": (
        "There is no plan here yet. Start with one of these studies; the page shows how it goes, "
        "and you may close it meanwhile.",
        "这里还没有方案。请从以下研究开始；页面会显示进度，期间可以关闭页面。",
    ),
    "study.guizhou": ("The default study", "默认研究"),
    "study.guizhou.note": (
        "A national operator plans 2026 to 2035 for all mainland provinces. Takes some minutes.",
        "全国性运营商为内地各省规划 2026—2035 年。需要数分钟。",
    ),
    "study.own-data": ("A small example", "小型示例"),
    "study.own-data.note": (
        "Three sites of one's own beside two of ours, four provinces. Takes less than a minute.",
        "三个自有园区与两个内置园区，四个省份。不到一分钟。",
    ),
    "study.cave-halls": ("Cave halls", "山洞机房"),
    "study.cave-halls.note": ("Does tunnelling in Guizhou pay?", "在贵州开山建洞是否划算？"),
    "study.drought": ("Drought", "干旱"),
    "study.drought.note": (
        "The droughts of 2022 and 2023 count three times as often.",
        "2022、2023 年的干旱按三倍频率计入。",
    ),
    "study.east-data-west-compute": ("East data, west compute", "东数西算"),
    "study.east-data-west-compute.note": (
        "The national hubs keep their PUE and green-power rules.",
        "国家枢纽须遵守 PUE 与绿电要求。",
    ),
    "study.foreign-cloud-2017": ("A foreign cloud in 2017", "2017 年的外资云"),
    "study.foreign-cloud-2017.note": (
        "Chinese users' data has to move in from abroad.",
        "境内用户数据须从境外迁入。",
    ),
    "study.multinational-finance": ("Multinational finance", "跨国金融"),
    "study.multinational-finance.note": (
        "Client data under four laws that contradict each other.",
        "客户数据受四地相互冲突的法律约束。",
    ),
    "risk.drought": (
        "If every year were like {what}, the plan would cost {amount} more ({share}).",
        "若年年都如 {what} 年，成本将增加 {amount}（{share}）。",
    ),
    "risk.energy": (
        "Energy is {share} of the bill: 10% dearer energy costs {amount}.",
        "能源占账单 {share}：电价上涨 10% 将增加 {amount}。",
    ),
    "risk.concentration": ("{what} carries {share} of the load.", "{what}承载 {share} 的负荷。"),
    "risk.evidence": ("{share} of the bill rests on estimated figures.", "账单的 {share} 依据估计值。"),
    "risk.law": (
        "{share} of the load needs a legal mechanism to leave its country.",
        "{share} 的负荷须经法定机制方可出境。",
    ),
    "risk.gap": ("The proof leaves {amount} open ({share}).", "证明尚余 {amount}（{share}）的差距。"),
    "verdict.good": ("sound", "稳妥"),
    "verdict.watch": ("watch", "关注"),
    "verdict.weak": ("weak", "薄弱"),
    "limit.carbon_limit": ("The carbon budget of {period} is used up.", "{period} 年的碳预算已用尽。"),
    "limit.site_limit": ("No more sites may be open in {period}.", "{period} 年开放园区数已达上限。"),
    "limit.capital_limit": ("The cash capital of {period} is spent.", "{period} 年的现金投资额度已用尽。"),
    "limit.water_permit": (
        "{site} uses its whole water permit from {period}.",
        "{site}自 {period} 年起用尽取水许可。",
    ),
    "limit.pue_ceiling": (
        "{site} is at its PUE ceiling from {period}.",
        "{site}自 {period} 年起达到 PUE 上限。",
    ),
    "limit.policy_energy_limit": (
        "{site} uses all energy under its policy tariff from {period}.",
        "{site}自 {period} 年起用尽政策电价电量。",
    ),
    "limit.green_share": (
        "{site} buys just the green energy it must from {period}.",
        "{site}自 {period} 年起绿电仅达最低要求。",
    ),
    "limit.latency_limit": (
        "Latency keeps some workloads near their users ({period}).",
        "时延上限使部分业务须就近部署（{period} 年）。",
    ),
    "limit.transfer_allowed": (
        "Data law keeps load from hosts that latency would allow ({period}).",
        "数据法规使部分负荷不能放在时延允许的境外园区（{period} 年）。",
    ),
    "limit.plot_limit": ("The plot of {site} is full from {period}.", "{site}的地块自 {period} 年起用满。"),
    "limit.contract_limit": (
        "All contracted power on offer at {site} is taken from {period}.",
        "{site}可签约电量自 {period} 年起用尽。",
    ),
    "limit.grid_steps_allowed": (
        "The grid connection of {site} is at its limit in {period}.",
        "{site}的电网接入在 {period} 年达到上限。",
    ),
    "limit.open_allowed": ("{site} cannot open before {period}.", "{site}最早于 {period} 年开放。"),
}
