"""Words of the energy page."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "energy.title": ("Energy, water and carbon", "能源、用水与碳"),
    "energy.dispatch": ("Dispatch over the day and year", "分时段供电"),
    "energy.dispatch.note": (
        "Mean power by source; contracts are take or pay, what is missing comes from the grid, and "
        "from own backup when rationed.",
        "各来源平均功率；合同为照付不议，不足部分由电网供给，限电时由自备电源补足。",
    ),
    "energy.years": ("The same year after wet and dry rains", "不同水文年的供电"),
    "energy.years.note": ("A dry year shows as more grid and backup.", "枯水年表现为电网购电与自备发电增加。"),
    "energy.price": ("What a kilowatt-hour is made of", "度电成本构成"),
    "energy.price.note": (
        "Energy accounts and carbon per facility energy, over the whole horizon; sites with the most energy first.",
        "规划期内能源科目与碳成本除以设施电量；按用电量排序。",
    ),
    "energy.grid_price": ("Grid price over the year", "电网电价的季节变化"),
    "energy.grid_price.note": (
        "Mean of each month; the bars span wet to dry years.",
        "各月均价；误差线表示丰水年至枯水年的范围。",
    ),
    "energy.pue": ("PUE by month and hall type", "各机房类型逐月 PUE"),
    "energy.pue.note": (
        "New halls used as planned, at the chosen site or the one with the most load.",
        "按规划利用率的机房，位于所选园区或负荷最大的园区。",
    ),
    "energy.wue": ("Water per IT energy by month and hall type", "各机房类型逐月 WUE"),
    "energy.water": ("Water", "用水"),
    "energy.carbon": ("Carbon", "碳排放"),
    "energy.capacity": ("Capacity and load", "容量与负荷"),
    "energy.capacity.note": (
        "What stands above what it carries; facility load is the yearly mean, the peak is the design hour.",
        "设施容量与其承载的负荷；设施负荷为年均值，峰值为设计小时。",
    ),
}
