"""The mainland's provinces as the raw power files name them."""

from __future__ import annotations

PROVINCE_BY_CHINESE: dict[str, str] = {
    "北京": "beijing", "天津": "tianjin", "河北": "hebei", "山西": "shanxi", "内蒙古": "inner-mongolia",
    "辽宁": "liaoning", "吉林": "jilin", "黑龙江": "heilongjiang", "上海": "shanghai", "江苏": "jiangsu",
    "浙江": "zhejiang", "安徽": "anhui", "福建": "fujian", "江西": "jiangxi", "山东": "shandong",
    "河南": "henan", "湖北": "hubei", "湖南": "hunan", "广东": "guangdong", "广西": "guangxi",
    "海南": "hainan", "重庆": "chongqing", "四川": "sichuan", "贵州": "guizhou", "云南": "yunnan",
    "西藏": "tibet", "陕西": "shaanxi", "甘肃": "gansu", "青海": "qinghai", "宁夏": "ningxia",
    "新疆": "xinjiang",
}  # fmt: skip
PROVINCES: tuple[str, ...] = tuple(PROVINCE_BY_CHINESE.values())


def province_id(english: str) -> str:
    """The id of a province from its English name.

    >>> province_id("Inner Mongolia")
    'inner-mongolia'
    """
    return english.lower().replace(" ", "-")
