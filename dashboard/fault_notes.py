"""What is wrong with a file a planner brought, in Chinese.

The readers of files tell faults in English. They follow few patterns, and each has its Chinese here; a fault of
another pattern stays as it was told.
"""

from __future__ import annotations

import re

from dashboard.look import Look
from data.errors import Fault

PLACES: tuple[tuple[str, str], ...] = (
    (r"row (\d+)", r"第 \1 行"),
    (r"line (\d+)", r"第 \1 行"),
    (r"line (\d+), (.+)", r"第 \1 行，\2"),
    (r"feature (\d+)", r"第 \1 个要素"),
    (r"column (.+)", r"\1 列"),
    (r"place (.+)", r"\1"),
    (r"file", "文件"),
    (r"header", "表头"),
    (r"columns", "列"),
    (r"rows", "行"),
    (r"contents", "内容"),
    (r"grid", "网格"),
    (r"humidity", "湿度"),
    (r"variables", "变量"),
    (r"scenario", "研究"),
    (r"(?:sites\.)?force_open", "必须启用的园区"),
)
PROBLEMS: tuple[tuple[str, str], ...] = (
    (r"is of a kind we cannot read(?: here)?", "无法读取此类文件"),
    (r"has more than (\d+) MiB", r"超过 \1 MiB"),
    (r"is one more than (\d+)", r"已超过 \1 个文件的上限"),
    (r"is (?:no|not an) Excel workbook", "不是 Excel 工作簿"),
    (r"unpacks to too much", "解压后过大"),
    (r"cannot be read", "无法读取"),
    (r"cannot be read as a map: (.+)", r"无法作为地图读取：\1"),
    (r"is a folder", "是文件夹"),
    (r"does not exist", "不存在"),
    (r"has no rows", "没有数据行"),
    (r"has its cells separated by semicolons", "以分号分隔"),
    (r"is neither UTF-8 nor GB 18030 text", "不是 UTF-8 或 GB 18030 编码的文本"),
    (r"has no features", "没有要素"),
    (r"states no coordinate system", "未说明坐标系"),
    (r"has no geometry", "没有几何图形"),
    (r"has (\d+) cells, the header (\d+)", r"有 \1 个单元格，表头有 \2 个"),
    (r"has the column (\S+) more than once", r"\1 列重复"),
    (r"has no column (?:for )?(\S+)", r"缺少 \1 列"),
    (r"column '?(\S+?)'? is not (?:one we know|known)", r"\1 列无法识别"),
    (r"column (\S+) is missing", r"缺少 \1 列"),
    (r"no column is named by a year", "没有以年份命名的列"),
    (r"(\S+) to (\S+) does not enclose the study's (\S+) to (\S+)", r"\1—\2 年未覆盖本研究的 \3—\4 年"),
    (r"(\S+) / (\S+) appears twice", r"\1 / \2 重复出现"),
    (r"id '(.+)' is used more than once", r"标识“\1”重复使用"),
    (r"id '(.+)' is one of the embedded sites", r"标识“\1”已为内置园区所用"),
    (r"(\S+) '(.*)' is not a number", r"\1 的“\2”不是数字"),
    (r"(\S+) (\S+) is outside (.+)…(.+)", r"\1 为 \2，超出 \3 至 \4"),
    (r"(\S+) '(.*)' is not one we know", r"无法识别 \1 的“\2”"),
    (r"(\S+) '(.*)' is not a class we know", r"无法识别 \1 的等级“\2”"),
    (r"(\S+) '(.*)' is not in this study", r"\1 的“\2”不在本研究中"),
    (r"the nearest embedded site \((\S+)\) is (\S+) km away", r"最近的内置园区（\1）远在 \2 公里外"),
    (
        r'place "(.*)" is neither a site of the study nor its province or country',
        r"“\1”既不是本研究的园区，也不是其省份或国家",
    ),
    (r'months "(.*)" are not months', r"“\1”不是月份"),
    (r"hours (.*) to (.*) do not lie in 0 to 24", r"时段 \1 至 \2 不在 0 至 24 之内"),
    (r"price (.*) is not a price in CNY/MWh", r"“\1”不是以元/兆瓦时计的电价"),
    (r"price (\S+) CNY/MWh looks like CNY/kWh", r"\1 元/兆瓦时像是以元/千瓦时计"),
    (r"gives (.+) a second price for the same hours", r"为 \1 的同一时段重复给出电价"),
    (
        r"(\d+) of 288 month-hours have no price, the first in month (\d+) at (\S+)",
        r"288 个月时段中有 \1 个缺少电价，首个在 \2 月 \3",
    ),
    (r"demand charges (.+) are not one figure", r"需量电价 \1 不是单一数值"),
    (r"time '(.*)' is not understood", r"无法识别时间“\1”"),
    (r"is not weather we can read", "不是可读取的气象文件"),
    (r"is not an EPW LOCATION line", "不是 EPW 的 LOCATION 行"),
    (r"is not a table: (.+)", r"不是表格：\1"),
    (r"never exceeds 1", "从未超过 1"),
    (r"has neither humidity nor dew point", "既无湿度也无露点"),
    (r"has no pressure", "缺少气压"),
    (r"has (\d+) hours", r"只有 \1 小时"),
    (r"(\d+) more hours like that", r"另有 \1 个小时同样有误"),
    (r"(\S+) is also forbidden", r"\1 同时被禁止"),
    (r"is not a site of (?:the|this) study", "不是本研究的园区"),
    (r"is missing", "缺失"),
    (r"(\S+) is missing", r"\1 缺失"),
    (r"(\S+) is empty", r"\1 为空"),
    (r"(\S+) is (\S+)", r"\1 为 \2"),
)
REMEDIES: tuple[tuple[str, str], ...] = (
    (r"use one of (.+)", r"请使用：\1"),
    (r"use (\..+)", r"请使用 \1"),
    (r"use CSV, Excel, GeoJSON or GeoPackage", "请使用 CSV、Excel、GeoJSON 或 GeoPackage"),
    (r"use \.epw, \.csv or ERA5 \.nc", "请使用 .epw、.csv 或 ERA5 的 .nc"),
    (
        r"use whole hours, first before last; split a span over midnight in two",
        "请用整点，先小后大；跨午夜的时段分成两行",
    ),
    (r"use a site id", "请使用园区标识"),
    (r"did you mean (.+)\?", r"是否应为 \1？"),
    (r"latitude and longitude seem exchanged: did you mean (.+)\?", r"经纬度似乎颠倒：是否应为 \1？"),
    (r"leave out what is not needed", "请删去不需要的内容"),
    (r"take one back first", "请先撤下一个"),
    (r"save it as \.xlsx(?:,)? or (?:as )?(?:\.csv|CSV)", "请另存为 .xlsx 或 .csv"),
    (r"separate cells by commas, or save as \.xlsx", "请以逗号分隔，或另存为 .xlsx"),
    (r"save it as UTF-8", "请另存为 UTF-8"),
    (r"save it as CSV in UTF-8", "请另存为 UTF-8 编码的 CSV"),
    (r"save it with one, such as EPSG:4326", "请带坐标系保存，例如 EPSG:4326"),
    (r"keep only the sheet that is needed", "请只保留所需的工作表"),
    (r"compare it with the template", "请与模板对照"),
    (r"open it in a map viewer first", "请先在地图软件中打开检查"),
    (r"add a header and at least one row", "请加上表头和至少一行数据"),
    (r"add at least one point", "请至少加一个点"),
    (r"draw it, or remove it", "请绘出或删除"),
    (r"quote cells with commas", "含逗号的单元格请加引号"),
    (r"keep one of them", "请保留其一"),
    (r"add a column (\S+) in decimal degrees", r"请加上以十进制度数表示的 \1 列"),
    (r"give decimal degrees", "请给出十进制度数"),
    (r"give each site its own id", "请为每个园区使用不同标识"),
    (r"choose another id", "请换一个标识"),
    (r"write a plain number", "请只写数字"),
    (r"check the value and its unit", "请核对数值及单位"),
    (r"state (.+); they cannot be guessed from so far", r"请填写 \1：距离太远，无法估计"),
    (r"join the two rows", "请合并两行"),
    (r"name it by a year such as 2026, or remove it", "请以年份命名（如 2026），或删除"),
    (r"add columns of MW such as 2026 and 2035", "请加上以年份命名的 MW 列，如 2026 和 2035"),
    (r"add the missing years", "请补上缺少的年份"),
    (r"add it", "请加上"),
    (r"`hallsite catalogue` lists the names", "名称见“数据”页"),
    (r"give 0 or more", "请给出不小于 0 的数"),
    (r"write \*, 7, 6-8 or 12 1 2", "请写 *、7、6-8 或 12 1 2"),
    (r"the sheet needs (.+)", r"表中须有：\1"),
    (r"leave one of the rows out", "请删去其中一行"),
    (r"add rows until every hour of every month has one", "请补齐每月每小时的电价"),
    (r"give one charge per place, in CNY per kW and month", "每地只给一个数值，单位为元/千瓦·月"),
    (r"write MW, 0 or more", "请填写不小于 0 的兆瓦数"),
    (r"write persons, 0 or more", "请填写不小于 0 的人数"),
    (r"write a whole number", "请填写整数"),
    (r"write (\d{4}-\S+)", r"请写成 \1"),
    (r"add one called (\S+)", r"请加上 \1 列"),
    (r"check that the file is EPW", "请确认是 EPW 文件"),
    (r"give relative humidity in percent", "相对湿度请以百分数表示"),
    (r"add relative_humidity in %", "请加上以 % 计的 relative_humidity"),
    (r"add pressure, or the site's altitude_m", "请加上气压，或园区海拔 altitude_m"),
    (r"a whole year of 8,760 hours is needed", "须有全年 8,760 小时"),
    (r"give °C, not kelvin", "请用 °C，而非开尔文"),
    (r"correct or fill (?:the hour|them)", "请更正或补全"),
    (r"paths (?:are relative to the scenario file|start at the scenario's folder)", "路径以研究文件所在文件夹为准"),
)


def fault_told(look: Look, fault: Fault) -> Fault:
    """A fault in the reader's language; file names and names of columns stay."""
    if look.language == "en":
        return fault
    return Fault(
        fault.file,
        _told(fault.where, PLACES),
        _told(fault.problem, PROBLEMS),
        _told(fault.remedy, REMEDIES),
    )


def line_told(look: Look, line: str) -> str:
    """A fault as a job keeps it, `file, where: problem; remedy`, in the reader's language."""
    found = re.fullmatch(r"(?P<file>[^,]+), (?P<where>[^:]+): (?P<problem>.+?)(?:; (?P<remedy>.+))?", line, re.DOTALL)
    if look.language == "en" or found is None:
        return line
    told = fault_told(look, Fault(found["file"], found["where"], found["problem"], found["remedy"] or ""))
    return f"{told.file}，{told.where}：{told.problem}" + (f"；{told.remedy}" if told.remedy else "")


def _told(english: str, patterns: tuple[tuple[str, str], ...]) -> str:
    for pattern, chinese in patterns:
        if found := re.fullmatch(pattern, english, re.DOTALL):
            return found.expand(chinese)
    return english
