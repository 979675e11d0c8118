"""Words of the data page."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "data.title": ("What the figures rest on", "数据依据"),
    "data.class.observed": ("measured or counted.", "为测量或统计数据。"),
    "data.class.published": ("stated by a source.", "由来源公布。"),
    "data.class.derived": ("worked out from such data.", "由上述数据推算。"),
    "data.class.estimated": ("judged, with a range.", "为判断值并附范围。"),
    "data.class.user": ("given by you.", "由用户提供。"),
    "data.basis": ("The bill by evidence", "按证据类别的账单"),
    "data.basis.note": (
        "Each account counts with the weakest class among its figures; savings count as spending.",
        "各科目按其数据中最弱的证据类别计；节省额按支出计。",
    ),
    "data.pue": ("PUE of the model against published PUE", "模型 PUE 与公布值对比"),
    "data.pue.note": (
        "Bars: new halls of all types at the site's weather. Points: what operators publish for fleets of mixed age.",
        "条形：该地天气下各类型新机房；散点：运营商公布的新旧混合机房数值。",
    ),
    "data.site": ("Figures of a site", "园区数据"),
    "data.catalogue": ("The catalogue", "数据目录"),
    "data.catalogue.note": (
        "Embedded with the program; a study moves any assumption under `assumptions`.",
        "随程序内置；研究中可在 assumptions 项下修改任一假设。",
    ),
    "data.list": ("List", "列表"),
    "data.list.sources": ("Sources", "来源"),
    "data.list.assumptions": ("Assumptions", "假设"),
    "data.list.tables": ("Tables", "数据表"),
    "data.search": ("Search", "搜索"),
}
