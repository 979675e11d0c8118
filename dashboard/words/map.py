"""Words of the map page and of a site's card."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "map.title": ("Where halls stand and whom they serve", "机房布局与服务对象"),
    "map.plan": ("Map of the plan", "方案地图"),
    "map.plan.note": (
        "Pies: area by IT load, sectors by halls of each type. Choose a site for its card. Under "
        "round trip and law, a click anywhere asks for the users nearest to it.",
        "饼图：面积表示 IT 负荷，扇区表示各类型机房。点击园区查看详情；时延与法规图层中，点击任意位置即取最近用户地。",
    ),
    "map.halls": ("Halls over the years", "机房数逐期变化"),
    "map.flows": ("Who serves whom", "服务流向"),
    "map.known": ("What is known of the chosen site, and from where", "所选园区的已知数据及来源"),
    "map.layer": ("Layer", "图层"),
    "map.no_flows": ("no flows", "不显示"),
    "map.month": ("Month", "月份"),
    "map.origin": ("Users of", "用户所在地"),
    "map.extent": ("Extent", "范围"),
    "map.extent.plan": ("The plan", "方案范围"),
    "map.extent.all": ("All candidates", "全部候选"),
    "card.choose": ("Choose a site on the map or by name.", "请在地图上或按名称选择园区。"),
    "card.excluded": ("Excluded: {why}", "已排除：{why}"),
    "card.in_period": ("The site in the period from {period}", "{period} 年起该园区的情况"),
    "card.halls": ("Halls", "机房"),
    "card.it": ("IT load", "IT 负荷"),
    "card.work": ("Hosts", "承载业务"),
    "card.pue": ("PUE", "PUE"),
    "card.price": ("Energy, all years", "电价（全期）"),
    "card.cost": ("Present cost", "现值成本"),
    "card.water": ("Water", "用水"),
    "card.carbon": ("CO₂", "CO₂"),
    "card.limits": ("What binds here", "此处的约束"),
    "card.no_limits": ("No limit holds the plan back here.", "此处没有约束限制方案。"),
    "card.force": ("Force it in …", "强制纳入……"),
    "card.forbid": ("Forbid it …", "禁止使用……"),
    "card.actions": (
        "Opens What if with this change made, ready to solve.",
        "打开“情景推演”，已填入此更改，可直接求解。",
    ),
}
