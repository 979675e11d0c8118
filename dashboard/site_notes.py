"""What the evidence says of sites, in the reader's language: names of quantities, values, units and notes.

The evidence is written in English by the rooms that know. Its notes follow few patterns, and each has its Chinese
here; a note of another pattern stays as it was written.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pandas as pd

from dashboard.look import Look
from dashboard.numerals import number, unit_name
from dashboard.stations import STATIONS
from dashboard.words import words

RULES = {"is at least": "不低于", "is below": "低于"}
QUANTITIES = {
    "altitude": "海拔", "pga": "地震动峰值加速度", "fault distance": "断层距离", "karst": "岩溶", "flood": "洪水",
    "landslide": "滑坡", "rock": "岩石", "water stress": "缺水",
}  # fmt: skip
PRICE_BASES = {
    "market months": "按市场月价", "market month": "按单月市场价", "market year": "按市场年价",
    "market season": "按市场季价", "coal benchmark": "按燃煤基准价", "spot months": "按现货月价",
    "spot month": "按单月现货价", "spot year": "按现货年价", "recalled": "凭记忆录入",
}  # fmt: skip
WHOLE = {
    "forbidden by the scenario": "研究设定禁止在此新建",
    "mean over origins": "各来源地平均",
    "mean of types": "各机房类型平均",
    "last period": "最后一期",
    "Large data centres in the New Area": "新区大型数据中心",
    "Tenants of the cloud base": "云基地入驻企业",
    "own tariff sheet": "用户自有电价表",
    "before any retires": "退役之前",
    "no rule fired": "未触发任何地质规则",
    "no event known": "无已知事件",
    "contained in the adder of the energy price": "已含在电价附加中",
    "events, each with its source, times a named exposure": "历史事件（各有来源）乘以一项具名的暴露系数",
    "energy": "电能量",
    "transmission": "输配电",
    "levies": "政府性基金及附加",
    "capacity fee": "容量电费",
    "system fee and connection voltage": "系统运行费与接入电压",
    "against the grid's mean price": "相对电网均价",
    "network, taxes and supply": "网络、税费与供电",
    "index, hazards, cooling, rock": "造价指数、地质、冷却与岩石",
    "unknown: fires no rule and is not to be read as safe": "未知：不触发规则，也不表示安全",
}
PATTERNS: tuple[tuple[str, str], ...] = (
    (r"(?P<station>[^;]+), (?P<km>\d+) km away, moved (?P<m>[+-]\d+) m by the lapse rate",
     "{station}气象站，距离 {km} 公里，按气温直减率调整 {m} 米"),
    (r"(?P<station>[^;]+), (?P<km>\d+) km away", "{station}气象站，距离 {km} 公里"),
    (r"(?P<hall_type>\w+): PUE (?P<pue>[\d.]+) at (?P<share>[\d.]+) of its IT load",
     "{hall_type}：IT 负荷率 {share} 时 PUE 为 {pue}"),
    (r"(?P<hall_type>\w+), first period", "{hall_type}，首期"),
    (r"from (?P<factor>[\d.]+) of (?P<year>\d{4}): brought to a normal year, falling by a named assumption",
     "由 {year} 年的 {factor} 换算至平水年，并按一项具名假设逐年下降"),
    (r"(?P<share>\d+)% of the price is estimated", "其中 {share}% 为估计"),
    (r"turnkey price, (?P<market>.+)", "交钥匙造价，{market}"),
    (r"(?P<part>hydro|wind|solar|air|evaporative|chilled_water|liquid|cave|legacy): (?P<rest>.+)", "{part}：{rest}"),
    (r"zone (?P<what>\S+) × (?P<factor>[\d.]+)", "{what} 价区 × {factor}"),
    (r"(?P<market>[A-Z][A-Za-z ]+) × (?P<factor>[\d.]+)", "{market} × {factor}"),
    (r"PUE of new large halls in national hubs below (?P<pue>[\d.]+) by (?P<year>\d+)",
     "国家枢纽新建大型数据中心 PUE 到 {year} 年低于 {pue}"),
    (r"PUE within (?P<pue>[\d.]+) in the start-up zones of the Yangtze delta hub", "长三角枢纽起步区 PUE 不超过 {pue}"),
    (r"western hubs are held to (?P<pue>[\d.]+) in the replies that founded them", "西部枢纽批复要求 PUE 不超过 {pue}"),
    (r"new halls in national hubs take more than (?P<share>\d+) % green electricity by the end of (?P<year>\d+)",
     "国家枢纽新建数据中心到 {year} 年底绿电占比超过 {share}%"),
    (r"price area (?P<area>.+)", "电价区：{area}"),
    (r"(?P<one>\S+) (?P<low>[\d.]+) ms to (?P<other>\S+) (?P<high>[\d.]+) ms",
     "{one} {low} 毫秒至{other} {high} 毫秒"),
    (r"direct_link, percentile (?P<share>\d+)", "直连链路，第 {share} 百分位"),
    (r"public_internet, percentile (?P<share>\d+)", "公共互联网，第 {share} 百分位"),
    (r"from (?P<site>\S+), (?P<km>[\d.]+) km away", "取自{site}，距离 {km} 公里"),
    (r"figure of (?P<site>\S+)", "借用{site}的数据"),
    (r"(?P<source>hydro|wind|solar)", "{source}"),
)  # fmt: skip
RULE = re.compile(
    rf"(?P<what>[a-z ]+) (?P<seen>[\d.]+ \w+) (?P<how>{'|'.join(RULES)}) (?P<than>[\d.]+ \w+) \((?P<rule>[^)]+)\)"
)
CLASS = re.compile(r"(?P<what>[a-z ]+) is (?P<level>\w+) \((?P<rule>[^)]+)\)")
BORROWED = re.compile(r"(?:; )?taken for an own site near (\S+)")
MONTHS_OF = re.compile(rf"(\d+) months ({'|'.join(PRICE_BASES)})")
MARKETS = {
    "Chinese mainland": "中国内地", "Frankfurt": "法兰克福", "London": "伦敦", "Malaysia": "马来西亚",
    "Silicon Valley": "硅谷", "Singapore": "新加坡", "Tokyo": "东京", "Zurich": "苏黎世",
}  # fmt: skip


AREAS = {
    "North Hebei grid": "冀北电网", "South Hebei grid": "河北南网", "West Inner Mongolia grid": "蒙西电网",
    "East Inner Mongolia grid": "蒙东电网", "Pearl River Delta": "珠三角", "North Guangdong": "粤北",
}  # fmt: skip


def told_evidence(own: pd.DataFrame, look: Look) -> pd.DataFrame:
    """Evidence of one place for people: field, note, value, unit, evidence, source; the last two as ids."""
    return pd.DataFrame({
        "field": [look.name("field", str(name)) for name in own["field"]],
        "note": [note_told(look, note) for note in own["note"]],
        "value": [_value(value, look) for value in own["value"]],
        "unit": ["" if pd.isna(unit) else unit_name(str(unit), look.language) for unit in own["unit"]],
        "evidence": own["evidence"].to_numpy(), "source": own["source"].to_numpy(),
    })  # fmt: skip


def note_told(look: Look, note: Any) -> str:
    """A note of the evidence, or what excludes a site, in the reader's language."""
    if not isinstance(note, str):
        return ""
    if look.language == "en":
        return note
    note, *borrowed = BORROWED.split(note)
    whole = _told(look, note)
    parts = [whole] if whole is not None else [_told(look, part) or part for part in note.split("; ")]
    near = [f"取自邻近的{look.name('site', borrowed[0])}"] if borrowed else []
    return "；".join(part for part in [*parts, *near] if part)


def legible(value: float) -> str:
    """A value with four significant figures at most, and no zeros that say nothing.

    >>> legible(15.4), legible(43_800_000.0), legible(0.00061892), legible(-0.0)
    ('15.4', '43,800,000', '0.0006', '0')
    """
    told = number(value)
    return told.rstrip("0").rstrip(".") if "." in told else told


def _told(look: Look, note: str) -> str | None:
    """A note, or one part of it, in Chinese; None where no pattern fits."""
    if note in WHOLE:
        return WHOLE[note]
    if months := MONTHS_OF.findall(note):
        return "，".join(f"{count} 个月{PRICE_BASES[basis]}" for count, basis in months)
    if fired := RULE.fullmatch(note):
        what = QUANTITIES.get(fired["what"], fired["what"])
        return f"{what} {fired['seen']} {RULES[fired['how']]} {fired['than']}（{fired['rule']}）"
    if fired := CLASS.fullmatch(note):
        return f"{QUANTITIES.get(fired['what'], fired['what'])}：{_level(look, fired['level'])}（{fired['rule']}）"
    for pattern, chinese in PATTERNS:
        if found := re.fullmatch(pattern, note):
            return chinese.format(**{name: _word(look, name, text) for name, text in found.groupdict().items()})
    return None


def _word(look: Look, name: str, text: str) -> str:
    if name in ("one", "other"):
        return look.name("origin", text)
    if name == "market":
        return MARKETS.get(text, text)
    if name == "station":
        return STATIONS.get(text, text)
    if name == "area":
        return AREAS.get(text) or place_names().get(text, text)
    if name == "rest":
        return _told(look, text) or text
    if name == "part":
        return look.name("source" if f"source.{text}" in words() else "hall_type", text)
    return look.name(name, text) if name in ("hall_type", "site", "source") else text


@cache
def place_names() -> dict[str, str]:
    """Provinces and sites: English name → Chinese name."""
    return {english: chinese for key, (english, chinese) in words().items() if key.startswith(("origin.", "site."))}


def _level(look: Look, level: str) -> str:
    return look.t(f"hazard.{level}") if f"hazard.{level}" in words() else level


def _value(value: Any, look: Look) -> float | str:
    """A value of the evidence: a number, or the name of a class."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return _level(look, str(value))
