"""Headings of the tables beside the figures: every column with its unit, declared once."""

from __future__ import annotations

# column: (English, Chinese, unit inside). The unit goes into the heading and into every download.
COLUMNS: dict[str, tuple[str, str, str]] = {
    "account": ("Account", "科目", ""),
    "after": ("After", "之后", ""),
    "backup_price_cny_per_mwh": ("Backup", "自备发电", "CNY/MWh"),
    "before": ("Before", "之前", ""),
    "bound_cny": ("Bound", "下界", "CNY"),
    "capacity_mw": ("Hall capacity", "机房容量", "MW"),
    "capital_cny": ("Cash capital", "现金投资", "CNY"),
    "carbon_t": ("CO₂", "CO₂", "t/a"),
    "carbon_t_per_mwh": ("CO₂ factor", "CO₂ 排放因子", "t/MWh"),
    "change": ("Change", "变化", ""),
    "chain": ("Rules that bind", "适用规则", ""),
    "contract_mwh": ("Contracts", "合同电量", "MWh/a"),
    "cost_cny": ("Present cost", "现值成本", "CNY"),
    "data_class": ("Data class", "数据类别", ""),
    "date": ("Date", "日期", ""),
    "difference_cny": ("Difference", "差额", "CNY"),
    "energy_mwh": ("Energy", "电量", "MWh/a"),
    "evidence": ("Evidence", "证据类别", ""),
    "exclusion": ("Excluded by", "排除原因", ""),
    "facility_mw": ("Facility load", "设施负荷", "MW"),
    "facility_mwh": ("Facility energy", "设施电量", "MWh/a"),
    "field": ("Quantity", "量", ""),
    "gap": ("Gap", "差距", "1"),
    "group": ("Group", "类别", ""),
    "hall_type": ("Hall type", "机房类型", ""),
    "halls": ("Halls", "机房数", "1"),
    "halls_after": ("Halls in the other run", "另一方案机房数", "1"),
    "halls_before": ("Halls in the first run", "首个方案机房数", "1"),
    "halls_all": ("Halls", "机房数", "1"),
    "hazard_factor": ("Ground works", "土建系数", "1"),
    "host": ("Host", "托管地", ""),
    "hydro_year": ("Hydrological year", "水文年", ""),
    "incumbent_cny": ("Best plan", "当前最优", "CNY"),
    "it_mw": ("IT load", "IT 负荷", "MW"),
    "it_mw_after": ("IT load in the other run", "另一方案 IT 负荷", "MW"),
    "it_mw_before": ("IT load in the first run", "首个方案 IT 负荷", "MW"),
    "it_mwh": ("IT energy", "IT 电量", "MWh/a"),
    "kB": ("Size, kB", "大小（kB）", ""),
    "kind": ("Kind", "类型", ""),
    "latitude": ("Latitude", "纬度", "deg"),
    "limit_ms": ("Limit", "时延上限", "ms"),
    "longitude": ("Longitude", "经度", "deg"),
    "mechanism": ("Mechanism", "出境机制", ""),
    "mean_ms": ("Mean round trip", "平均往返时延", "ms"),
    "model_pue": ("PUE of the model", "模型 PUE", "1"),
    "mode": ("Operation", "运营方式", ""),
    "month": ("Month", "月份", ""),
    "mw": ("IT load", "IT 负荷", "MW"),
    "note": ("Note", "备注", ""),
    "operator": ("Operator", "运营商", ""),
    "origin": ("Origin", "来源地", ""),
    "part": ("Part", "部分", ""),
    "period": ("From year", "起始年", ""),
    "phase": ("Phase", "阶段", ""),
    "price_cny_per_mwh": ("Energy price", "电价", "CNY/MWh"),
    "probability": ("Probability", "概率", "1"),
    "publisher": ("Publisher", "发布机构", ""),
    "published_pue": ("Published PUE", "公布的 PUE", "1"),
    "pue": ("PUE", "PUE", "1"),
    "peak_mw": ("Peak load", "峰值负荷", "MW"),
    "connected_mw": ("Grid connection", "电网接入容量", "MW"),
    "quantity": ("Quantity", "量", ""),
    "replica": ("Replica", "副本", ""),
    "round_trip_ms": ("Round trip", "往返时延", "ms"),
    "rows": ("Rows", "行数", ""),
    "rules_begun": ("Rules begun", "生效的规则", ""),
    "rules_ended": ("Rules ended", "失效的规则", ""),
    "run": ("Run", "方案", ""),
    "scenario_key": ("Key of the study", "研究参数", ""),
    "seconds": ("Time", "用时", "s"),
    "share": ("Share", "占比", "1"),
    "site": ("Site", "园区", ""),
    "slice": ("Slice", "时段", ""),
    "source": ("Source", "来源", ""),
    "statement": ("What it says", "内容", ""),
    "table": ("Table", "数据表", ""),
    "title": ("Title", "标题", ""),
    "unit": ("Unit", "单位", ""),
    "value": ("Value", "数值", ""),
    "value_after": ("Other run", "另一方案", ""),
    "value_before": ("First run", "首个方案", ""),
    "water_m3": ("Water", "用水", "m3/a"),
    "workload": ("Workload", "业务", ""),
    "wue_m3_per_mwh": ("WUE", "WUE", "m3/MWh"),
    "low": ("Low", "低值", ""),
    "high": ("High", "高值", ""),
    "meaning": ("Meaning", "含义", ""),
    "name": ("Name", "名称", ""),
    "licence": ("Licence", "许可", ""),
    "url": ("Address", "网址", ""),
    "observed": ("Observed", "实测", ""),
    "published": ("Published", "公开发布", ""),
    "derived": ("Derived", "推导", ""),
    "estimated": ("Estimated", "估计", ""),
    "user": ("Your own", "用户自有", ""),
}
UNIT_WORDS = {
    "deg": ("°", "°"), "m3/a": ("m³/a", "立方米/年"), "m3/MWh": ("m³/MWh", "立方米/兆瓦时"),
    "t/a": ("t/a", "吨/年"), "CNY": ("CNY", "元"), "CNY/MWh": ("CNY/MWh", "元/兆瓦时"), "MW": ("MW", "兆瓦"),
    "MWh/a": ("MWh/a", "兆瓦时/年"), "ms": ("ms", "毫秒"), "s": ("s", "秒"), "t/MWh": ("t/MWh", "吨/兆瓦时"),
}  # fmt: skip


def unit_of(column: str) -> str:
    """The unit of a column; empty for labels and for columns nobody declared."""
    return COLUMNS.get(column, ("", "", ""))[2]


def _heading(english: str, chinese: str, unit: str) -> tuple[str, str]:
    if unit in ("", "1"):
        return english, chinese
    one, other = UNIT_WORDS[unit]
    return f"{english}, {one}", f"{chinese}（{other}）"


WORDS: dict[str, tuple[str, str]] = {f"column.{name}": _heading(*told) for name, told in COLUMNS.items()}
