"""Words of own data: kinds of file, what is done with them, and the table of their faults."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "whatif.group.own": ("Own data", "自有数据"),
    "own.note": (
        "Your files replace ours in this study. They are checked at once, stay on this machine, and go into the "
        "run that is made with them. At most {most} MiB each.",
        "您的文件将在本研究中替换内置数据，随即检查，只留在本机，并随所得方案一同保存。每个文件不超过 {most} MiB。",
    ),
    "own.choose": ("Choose or drop a file", "选择文件或拖放到此处"),
    "own.template": ("Template", "模板"),
    "own.template.of": ("Template: {what}", "模板：{what}"),
    "own.back": ("Take back", "撤下"),
    "own.back.of": ("Take back {what}", "撤下 {what}"),
    "own.faults": (
        "This cannot be used yet: {count} fault(s). Nothing was changed.",
        "暂无法使用：发现 {count} 处问题，未作任何更改。",
    ),
    "own.unfinished": (
        "The file is in use, but other files of this study do not fit it yet: {count} fault(s).",
        "文件已启用，但本研究的其他文件与之不符：{count} 处问题。",
    ),
    "own.sites": ("Own sites", "自有园区"),
    "own.sites.note": (
        "Only coordinates are needed; what is missing is estimated from the nearest place we know.",
        "仅需坐标；缺失的数据按最近的已知地点估计。",
    ),
    "own.sites.columns": (
        "latitude and longitude in decimal degrees are needed; the rest may stay empty and is then estimated.\n"
        "altitude_m: m. plot_limit: MW. water_permit: m3/a. land_capital: CNY. demand_charge: CNY/MW/month.\n"
        "Other quantities of a site may be columns too; `hallsite catalogue fields` lists them with their units.",
        "须有十进制度数的 latitude（纬度）和 longitude（经度）；其余可留空，留空则估计。\n"
        "altitude_m：米。plot_limit：兆瓦。water_permit：立方米/年。land_capital：元。demand_charge：元/兆瓦·月。\n"
        "园区的其他量也可作为列；运行 `hallsite catalogue fields` 可列出各量及其单位。",
    ),
    "own.demand.columns": (
        "IT load in MW by origin (a province), workload and year; years between are interpolated.\n"
        "people: whose data it is; may be empty.",
        "按 origin（来源地，即省份）、workload（业务）和年份的 IT 负荷（MW）；其间年份按内插计。\n"
        "people：涉及的人数，可留空。",
    ),
    "own.weather.columns": (
        "One row per hour of a whole year (8760). dry_bulb: deg C. relative_humidity: %. pressure: Pa.",
        "全年逐时，每小时一行（8760 行）。dry_bulb：干球温度，°C。relative_humidity：相对湿度，%。pressure：气压，Pa。",
    ),
    "own.demand": ("Own loads", "自有负荷"),
    "own.demand.note": (
        "MW of IT load by province, workload and year, in place of all of ours.",
        "按省份、业务和年份的 IT 负荷（MW），替换全部内置负荷。",
    ),
    "own.tariffs": ("Own tariffs", "自有电价"),
    "own.tariffs.note": (
        "All-in prices by months and hours, for a site, a province or a country.",
        "按月份和时段的到户电价，适用于某园区、省份或国家。",
    ),
    "own.weather": ("Own weather", "自有气象"),
    "own.weather.note": ("A whole year by the hour, for one site.", "某一园区的全年逐时数据。"),
    "own.weather.site": ("Site of this weather", "气象所属园区"),
    "own.weather.site.first": ("Choose the site of this weather first.", "请先选择气象所属园区。"),
    "own.title": ("own data", "自有数据"),
    "column.fault_file": ("File", "文件"),
    "column.fault_where": ("Where", "位置"),
    "column.fault_problem": ("What is wrong", "问题"),
    "column.fault_remedy": ("What to do", "处理办法"),
}
