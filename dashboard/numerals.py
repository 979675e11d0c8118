"""Numbers, units and dates as readers of English and Chinese write them: bn and m, 亿 and 万."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Literal

Language = Literal["en", "zh"]
MISSING = "–"
SPACE = "\u00a0"  # between a numeral and its unit, where no line may break
EACH_YEAR = {"en": "/a", "zh": "/年"}

# Per basic unit, the sizes people count in, largest first: so many basic units, and the name of that many.
SIZES: dict[Language, dict[str, tuple[tuple[float, str], ...]]] = {
    "en": {
        "CNY": ((1e9, "bn CNY"), (1e6, "m CNY"), (1e3, "k CNY"), (1, "CNY")),
        "MWh": ((1e6, "TWh"), (1e3, "GWh"), (1, "MWh")),
        "t": ((1e6, "Mt CO₂"), (1e3, "kt CO₂"), (1, "t CO₂")),
        "m3": ((1e6, "million m³"), (1e3, "thousand m³"), (1, "m³")),
        "person": ((1e9, "bn people"), (1e6, "m people"), (1, "people")),
        "CNY/MWh": ((1e3, "CNY/kWh"),),
        "CNY/MW": ((1e6, "m CNY/MW"),),
        "CNY/MW/month": ((1e3, "CNY/kW/month"),),
    },
    "zh": {
        "CNY": ((1e8, "亿元"), (1e4, "万元"), (1, "元")),
        "MWh": ((1e5, "亿千瓦时"), (1e1, "万千瓦时"), (1e-3, "千瓦时")),
        "t": ((1e8, "亿吨 CO₂"), (1e4, "万吨 CO₂"), (1, "吨 CO₂")),
        "m3": ((1e8, "亿立方米"), (1e4, "万立方米"), (1, "立方米")),
        "person": ((1e8, "亿人"), (1e4, "万人"), (1, "人")),
        "CNY/MWh": ((1e3, "元/千瓦时"),),
        "CNY/MW": ((1e4, "万元/兆瓦"),),
        "CNY/MW/month": ((1e3, "元/千瓦/月"),),
    },
}
UNIT_WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "1": "", "m3/MWh": "m³/MWh", "t/MWh": "t CO₂/MWh", "deg": "°", "degC": "°C", "CNY/m3": "CNY/m³",
        "CNY/t": "CNY/t CO₂", "t/a": "t/a", "m3/a": "m³/a",
    },
    "zh": {
        "1": "", "MW": "兆瓦", "ms": "毫秒", "km": "公里", "m": "米", "deg": "°", "degC": "℃",
        "m3/MWh": "立方米/兆瓦时",
        "t/MWh": "吨 CO₂/兆瓦时", "CNY/kWh": "元/千瓦时", "CNY/m3": "元/立方米",
        "CNY/t": "元/吨 CO₂", "CNY/MW/month": "元/兆瓦/月", "CNY/MWh": "元/兆瓦时", "MWh/a": "兆瓦时/年",
        "CNY": "元", "CNY/a": "元/年", "CNY/Gbit/s/a": "元/(Gbit/s)/年", "m3/a": "立方米/年", "t/a": "吨/年",
        "h/a": "小时/年", "a": "年", "h": "小时", "s": "秒", "Gbit/s/MW": "Gbit/s/兆瓦",
    },
}  # fmt: skip


@dataclass(frozen=True)
class Scale:
    """So many basic units to one shown unit, and its name (empty for pure numbers)."""

    factor: float
    unit: str


def scale(unit: str, largest: float, lang: Language) -> Scale:
    """The size in which amounts up to `largest` (in basic units, such as CNY or MWh/a) are shown.

    >>> scale("CNY", 5.6e9, "en"), scale("CNY", 5.6e9, "zh"), scale("MWh/a", 6.1e5, "zh").unit
    (Scale(factor=1000000000.0, unit='bn CNY'), Scale(factor=100000000.0, unit='亿元'), '亿千瓦时/年')
    """
    basic, yearly = (unit[:-2], EACH_YEAR[lang]) if unit.endswith("/a") else (unit, "")
    sizes = SIZES[lang].get(basic)
    if sizes is None:
        return Scale(1.0, UNIT_WORDS[lang].get(unit, UNIT_WORDS[lang].get(basic, basic) + yearly))
    size = abs(largest) if math.isfinite(largest) else 0.0
    factor, name = next((entry for entry in sizes if size >= entry[0]), sizes[-1])
    return Scale(factor, name + yearly)


def quantity(value: float | None, unit: str, lang: Language, shown: Scale | None = None, signed: bool = False) -> str:
    r"""A value with its unit in the size it is read best; `shown` keeps the size of its neighbours.

    >>> quantity(5.643e9, "CNY", "en"), quantity(5.643e9, "CNY", "zh"), quantity(None, "CNY", "en")
    ('5.643\xa0bn\xa0CNY', '56.43\xa0亿元', '–')
    >>> quantity(-2.5e8, "CNY", "en", signed=True), quantity(1.124, "1", "zh")
    ('−250\xa0m\xa0CNY', '1.124')
    """
    if value is None or not math.isfinite(value):
        return MISSING
    at = shown or scale(unit, value, lang)
    text = number(value / at.factor, signed=signed)
    return f"{text} {at.unit}".replace(" ", SPACE) if at.unit else text


def unit_name(unit: str, lang: Language) -> str:
    """A unit as the tables of evidence write it, for people.

    >>> unit_name("degC", "en"), unit_name("CNY/MWh", "zh"), unit_name("MW", "en")
    ('°C', '元/兆瓦时', 'MW')
    """
    return UNIT_WORDS[lang].get(unit, unit)


def number(value: float | None, signed: bool = False, digits: int | None = None) -> str:
    """Four significant figures, thousands apart, a true minus sign; whole numbers keep no decimals, nothing no sign.

    >>> number(1234.56), number(73.418), number(-0.03444), number(12.0), number(0), number(3.0, signed=True)
    ('1,235', '73.42', '−0.0344', '12', '0', '+3')
    >>> number(-0.0), number(-0.00002), number(0.004, signed=True, digits=1)
    ('0', '0', '0.0')
    """
    if value is None or not math.isfinite(value):
        return MISSING
    size = abs(value)
    if digits is None:
        digits = 0 if size == round(size) or size < 5e-5 else max(0, min(4, 3 - math.floor(math.log10(size))))
    told = f"{size:,.{digits}f}"
    if not told.strip("0.,"):
        return told
    return ("−" if value < 0 else "+" if signed else "") + told


def percent(share: float | None, lang: Language = "en", signed: bool = False) -> str:
    r"""A share as per cent: two decimals below one per cent, one below ten, none above; no space in Chinese.

    >>> percent(0.0042), percent(0.031), percent(-0.315), percent(None), percent(0.031, "zh")
    ('0.42\xa0%', '3.1\xa0%', '−32\xa0%', '–', '3.1%')
    """
    if share is None or not math.isfinite(share):
        return MISSING
    digits = 2 if abs(share) < 0.01 else 1 if abs(share) < 0.1 else 0
    told = number(100 * share, signed, digits if share else 0)
    return f"{told}%" if lang == "zh" else f"{told}{SPACE}%"


def day(moment: date, lang: Language) -> str:
    """A date as it is written: 2026-06-01 is 1 Jun 2026, or 2026年6月1日.

    >>> day(date(2026, 6, 1), "en"), day(date(2026, 6, 1), "zh")
    ('1 Jun 2026', '2026年6月1日')
    """
    if lang == "zh":
        return f"{moment.year}年{moment.month}月{moment.day}日"
    return f"{moment.day} {MONTHS['en'][moment.month - 1]} {moment.year}"


MONTHS: dict[Language, tuple[str, ...]] = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "zh": tuple(f"{month}月" for month in range(1, 13)),
}
