"""What cannot hold together and what would help, in Chinese: the sentences of model/studies in their patterns.

A sentence of another pattern stays as it was written.
"""

from __future__ import annotations

import re
from functools import cache

from dashboard.look import Look
from dashboard.site_notes import note_told, place_names
from dashboard.words import words

REQUIREMENTS: tuple[tuple[str, str], ...] = (
    (r"(?P<work>.+) of (?P<place>.+) within (?P<n>[\d.]+) ms round trip", "{place}的{work}往返时延不超过 {n} 毫秒"),
    (r"Data law on (?P<case>\S+): no host of the operator's own in (?P<hosts>.+)",
     "数据法规：{case}不得存于运营商在{hosts}的自有机房"),
    (r"Data law on (?P<case>\S+): its conditions", "数据法规：{case}所设条件"),
    (r"Data law on (?P<case>\S+): the persons exported, counted", "数据法规：{case}的出境人数上限"),
    (r"No new halls at (?P<sites>.+) \(forbidden by the scenario\)", "{sites}不得新建机房（研究设定）"),
    (r"No new halls at (?P<sites>.+) \(ground: (?P<why>.+)\)", "{sites}不得新建机房（地质：{why}）"),
    (r"Lead times: (?P<sites>.+) cannot be open before (?P<year>\d+)", "开工准备：{sites}最早 {year} 年开放"),
    (r"Lead times: (?P<sites>.+) cannot be open in every period", "开工准备：{sites}并非各期都能开放"),
    (r"Hall types not permitted \((?P<kinds>.+)\) at (?P<sites>.+)", "{sites}不允许的机房类型：{kinds}"),
    (r"Plots: new halls of (?P<n>[\d,.]+) MW at most, site by site", "地块：各园区新建机房合计至多 {n} 兆瓦"),
    (r"Grid steps and their lead times: (?P<n>[\d,.]+) MW can be connected by (?P<year>\d+), (?P<more>[\d,.]+) MW by "
     r"(?P<last>\d+), site by site", "电网接入：到 {year} 年可接入 {n} 兆瓦，到 {last} 年 {more} 兆瓦（分园区）"),
    (r"Grid steps and their lead times: (?P<n>[\d,.]+) MW can be connected by (?P<year>\d+), site by site",
     "电网接入：到 {year} 年可接入 {n} 兆瓦（分园区）"),
    (r"(?P<sites>.+) open from (?P<year>\d+)", "{sites}自 {year} 年起必须开放"),
    (r"Capital of (?P<year>\d+): at most (?P<money>.+) in cash", "{year} 年一期现金投资至多 {money}"),
    (r"Carbon of (?P<year>\d+): at most (?P<n>[\d,.]+) t a year", "{year} 年一期碳排放每年至多 {n} 吨"),
    (r"Sites of (?P<year>\d+): at most (?P<n>\d+) open", "{year} 年一期至多开放 {n} 个园区"),
    (r"Yearly PUE of new halls at most (?P<range>.+), at (?P<sites>.+)", "{sites}新建机房年 PUE 不超过 {range}"),
    (r"Green share of energy at least (?P<range>.+), at (?P<sites>.+)", "{sites}绿电比例不低于 {range}"),
    (r"Water permits of (?P<range>.+) m3 a year, at (?P<sites>.+)", "{sites}取水许可每年 {range} 立方米"),
    (r"Replicas of (?P<work>.+) in different hazard zones", "{work}的副本须位于不同灾害分区"),
    (r"Demand of (?P<n>[\d,.]+) MW in (?P<year>\d+) to (?P<more>[\d,.]+) MW in (?P<last>\d+) served in full",
     "需求须全部满足：{year} 年 {n} 兆瓦至 {last} 年 {more} 兆瓦"),
    (r"Demand of (?P<n>[\d,.]+) MW in (?P<year>\d+) served in full", "需求须全部满足：{year} 年 {n} 兆瓦"),
    # What arithmetic or the solver shows where the search for conflicts says nothing.
    (r"(?P<stream>\S+) may be served from no site in (?P<years>[\d, ]+): the nearest, (?P<site>\S+), is (?P<n>[\d.]+) "
     r"ms away \(limit (?P<last>\S+) ms round trip\) and (?P<reason>.+)\. Of (?P<a>\d+) sites (?P<b>\d+) are near "
     r"enough, (?P<c>\d+) of these lawful, (?P<d>\d+) of these with halls\.",
     "{stream}在 {years} 年没有园区可承载：最近的{site}往返 {n} 毫秒（上限 {last} 毫秒），{reason}。{a} 个园区中 {b} 个"
     "时延可及，其中 {c} 个合法，其中 {d} 个有机房。"),
    (r"(?P<stream>\S+) keeps (?P<n>\d+) replicas in different zones, but in (?P<year>\d+) all sites that may serve it "
     r"lie in (?P<range>.+)\.", "{stream}的 {n} 个副本须位于不同分区，但 {year} 年可承载它的园区均在 {range}。"),
    (r"in (?P<year>\d+) (?P<n>[\d,]+) MW are to be served, but all halls that stand or may be built hold "
     r"(?P<more>[\d,]+) MW\.", "{year} 年须承载 {n} 兆瓦，但现有与可建机房合计只能容纳 {more} 兆瓦。"),
    (r"(?P<stream>\S+) in (?P<year>\d+): (?P<share>\d+%) of its (?P<n>[\d.]+) MW cannot be served within the halls, "
     r"grid, law, zones and limits given",
     "{stream}在 {year} 年：{n} 兆瓦中有 {share} 无法在所给机房、电网、法规、分区与上限内承载"),
    (r"and (?P<n>\d+) more", "另有 {n} 项"),
    (r"sites that must be open, limits and rows of one's own exclude each other, whatever is served",
     "无论承载多少，必须启用的园区、各项上限与自加约束彼此排斥"),
    (r"no whole number of halls, sites and grid steps keeps all requirements at once",
     "机房、园区与电网接入次数取任何整数都无法同时满足全部要求"),
    (r"No plan was found: (?P<reason>.+?)(?: \(bound (?P<bound>\S+) bn CNY\))?\. Give more time; this is not a proof "
     r"that none exists\.", "未找到方案：{reason}{bound}。可延长时间；这并不证明方案不存在。"),
)  # fmt: skip
REASONS: tuple[tuple[str, str], ...] = (
    (r"that is too far", "距离过远"),
    (r"the law says (?P<mechanism>\w+) for (?P<case>\S+) in (?P<host>\S+)", "法规对 {case} 在{host}为“{mechanism}”"),
    (r"no hall may be built there \((?P<why>.*)\)", "不得在此新建机房（{why}）"),
    (r"it cannot be open by then", "届时无法开放"),
    (r"no hall there can host the work", "此处没有可承载该业务的机房"),
    (r"stopped on request", "应请求停止"),
    (r"stopped while the bound was computed", "在计算下界时停止"),
    (r"(?P<n>[\d.]+) s were not enough", "{n} 秒不够"),
)  # fmt: skip
REPAIRS: tuple[tuple[str, str], ...] = (
    (r"allow (?P<n>[\d.]+) ms for (?P<work>[^()]+) \((?P<sites>.+)\)", "{work}时延放宽至 {n} 毫秒（{sites}）"),
    (r"allow (?P<n>[\d.]+) ms for (?P<work>[^()]+)", "{work}时延放宽至 {n} 毫秒"),
    (r"allow (?P<sites>.+) in spite of the ground", "不顾地质条件允许{sites}"),
    (r"allow (?P<money>[\d.,]+ \S+ CNY) of capital in a period", "每期现金投资放宽至 {money}"),
    (r"allow (?P<n>[\d.,]+) t of carbon a year", "碳排放放宽至每年 {n} 吨"),
    (r"allow (?P<n>\d+) open sites", "允许开放 {n} 个园区"),
    (r"allow (?P<sites>.+)", "允许使用{sites}"),
    (r"let (?P<sites>.+) open from the first period", "允许{sites}自首期开放"),
    (r"let replicas of (?P<work>.+) share a hazard zone", "允许{work}的副本位于同一灾害分区"),
    (r"permit every hall type at (?P<sites>.+)", "{sites}允许全部机房类型"),
    (r"permit (?P<n>[\d.,]+) m3 of water a year more at (?P<sites>.+)", "{sites}取水许可每年增加 {n} 立方米"),
    (r"enlarge the plots of (?P<sites>.+) by (?P<n>[\d.,]+) MW in all", "{sites}地块合计扩大 {n} 兆瓦"),
    (r"connect (?P<n>\d+) more grid steps in time at (?P<sites>.+)", "{sites}按期多接入 {n} 次电网容量"),
    (r"do not insist on (?P<sites>.+)", "不强制启用{sites}"),
    (r"raise the PUE ceilings by (?P<n>[\d.]+)", "PUE 上限放宽 {n}"),
    (r"ask for (?P<share>.+ %) of the green shares", "绿电比例要求降至 {share}"),
    (r"ask for no green share", "不要求绿电比例"),
    (r"lift the rules of law that close (?P<case>.+)", "取消禁止{case}的法规"),
    (r"lift the limit on persons exported \((?P<case>.+)\)", "取消{case}的出境人数上限"),
    (r"serve (?P<share>.+ %) of the demand", "仅满足 {share} 的需求"),
)  # fmt: skip
MORE = re.compile(r"(.*) and (\d+) more")
MONEY = {"bn CNY": (10, "亿元"), "m CNY": (100, "万元"), "k CNY": (0.1, "万元")}


def requirement_told(look: Look, sentence: str) -> str:
    """A requirement in the reader's language."""
    return sentence if look.language == "en" else _told(look, sentence, REQUIREMENTS) or sentence


def repair_told(look: Look, text: str) -> str:
    """A way out in the reader's language; its moves are joined by commas."""
    if look.language == "en" or not text:
        return text
    moves = (text[0].lower() + text[1:]).split(", and ")
    told = [_told(look, move, REPAIRS) for move in moves]
    return text if None in told else "，并".join(move for move in told if move)


def _told(look: Look, sentence: str, patterns: tuple[tuple[str, str], ...]) -> str | None:
    for pattern, chinese in patterns:
        if found := re.fullmatch(pattern, sentence):
            return chinese.format(**{name: _word(look, name, text) for name, text in found.groupdict().items()})
    return None


def _word(look: Look, name: str, text: str | None) -> str:
    if text is None:
        return ""
    if name == "reason":
        return _told(look, text, REASONS) or text
    if name == "stream":
        return _stream(look, text)
    if name == "hosts":
        return "、".join(look.name("jurisdiction", host) for host in text.split(", "))
    if name == "case":
        return _case(look, text)
    if name in ("site", "mechanism", "host"):
        return look.name("jurisdiction" if name == "host" else name, text)
    if name == "bound":
        return f"（下界 {_money(f'{text} bn CNY')}）"
    if name == "years":
        return text.replace(", ", "、")
    if name == "sites":
        return _sites(text)
    if name in ("work", "kinds"):
        known = _spoken("workload" if name == "work" else "hall_type")
        return "、".join(known.get(part.lower(), part) for part in text.split(", "))
    if name == "place":
        return _spoken("origin").get(text.lower(), text)
    if name == "why":
        return note_told(look, text)
    if name == "money":
        return _money(text)
    if name == "share":
        return text.replace(" ", "")
    return text.replace(" to ", " 至 ") if name == "range" else text


def _stream(look: Look, text: str) -> str:
    """A stream `origin/workload`, or one of its replicas `origin/workload/2`."""
    origin, _, work = text.partition("/")
    workload, _, replica = work.partition("/")
    told = f"{look.name('origin', origin)}的{look.name('workload', workload)}"
    return f"{told}（副本 {replica}）" if replica else told


def _case(look: Look, text: str) -> str:
    """A legal case `origin/data class/exporter`, with `/home` where it may only stay at home."""
    parts = text.replace(" ", "_").split("/")
    if len(parts) < 3 or f"exporter.{parts[2]}" not in words():
        return text
    told = f"{look.name('jurisdiction', parts[0])}的{look.name('data_class', parts[1])}"
    home = look.t("exporter.home") if parts[3:] else ""
    return f"{told}（{look.t(f'exporter.{parts[2]}')}{home}）"


def _sites(text: str) -> str:
    """Names of sites, some told by their number alone."""
    more = MORE.fullmatch(text)
    named = (more[1] if more else text).split(", ")
    told = "、".join(place_names().get(name, name) for name in named)
    return f"{told}等 {len(named) + int(more[2])} 个园区" if more else told


def _money(text: str) -> str:
    amount, _, unit = text.partition(" ")
    factor, name = MONEY.get(unit, (0.0, ""))
    return f"{float(amount.replace(',', '')) * factor:,g} {name}".replace("-", "−") if name else text


@cache
def _spoken(group: str) -> dict[str, str]:
    """Ids of a group as sentences write them → Chinese names."""
    known = {key.partition(".")[2]: pair[1] for key, pair in words().items() if key.startswith(f"{group}.")}
    return {identifier.replace("_", " ").replace("-", " "): chinese for identifier, chinese in known.items()}
