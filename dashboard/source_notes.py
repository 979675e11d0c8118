"""Titles, publishers, licences and notes of the catalogue's sources, in Chinese; the English stands in the catalogue.

A Chinese document goes by its own name where that is certain. The source of a user's own has no row here and stays as
it was written.
"""

from __future__ import annotations

from functools import cache

import pandas as pd

from dashboard.look import Look

# By id: title, and the note where there is one.
SOURCES: dict[str, tuple[str, str]] = {
    "climate-hall-types": ("本研究的机房类型", "规模与部分负荷由本研究选定；规模量级参照贵安已建机房"),
    "climate-recalled": ("本目录作者凭记忆录入的工程数值", "凭记忆录入；范围为设备样本和手册的常见区间"),
    "climate-ashrae-psychrometrics": ("ASHRAE 手册《基础篇》（SI 版）第 1 章：湿空气性质", "公式与校核点"),
    "climate-ashrae-envelope": (
        "《数据处理环境热指南》（TC 9.9）",
        "推荐范围 18–27 °C，露点 −9 至 15 °C；A1 级允许范围 15–32 °C，露点至 17 °C",
    ),
    "climate-lei-masanet": (
        "美国数据中心按气候与技术区分的 PUE 与 WUE 估算（附计算工具）",
        "大中型机房设定值与部件效率的范围",
    ),
    "climate-standard-atmosphere": ("ICAO 标准大气", "气温直减率 6.5 K/km"),
    "climate-cswd": (
        "《中国建筑热环境分析专用气象数据集》（270 个台站）",
        "典型年；源数据年份约 1971–2003；随程序提供的是分箱数据，而非原文件",
    ),
    "climate-iwec": ("国际能耗计算气象数据（IWEC）", "典型年，约 1982–1999；以分箱数据提供"),
    "climate-tmy3": ("典型气象年第 3 版（TMY3）", ""),
    "climate-tmyx": ("TMYx 典型年", "上海虹桥，取自 1956–2023 年"),
    "climate-tmy": ("苏黎世克洛滕 1990–2010 典型年", ""),
    "climate-era5": ("ERA5 逐时再分析数据 2020–2024（经 Open-Meteo）", "用于没有典型年的境外城市；气压由海拔推算"),
    "climate-published-pue": (
        "运营商公布的各云区域 PUE 与 WUE（实时云元数据表）",
        "各区域取最近年份；为新旧混合机房；2023、2024 年各行已与该文件核对一致",
    ),
    "climate-published-pue-press": (
        "贵安与中卫数据中心的 PUE",
        "贵安：主管部门检查时至多约 1.1；中卫：http://en.cccweb.org/2020-11/16/content_1486339_2.htm"
        "（2020-11-16）称 1.1",
    ),
    "costs-cw-2025": (
        "《亚太区数据中心建设成本指南 2025》",
        "内地中等规格 7.11 美元/瓦；日本与马来西亚；东京与马来西亚地价见第 22 页",
    ),
    "costs-cw-2023": ("《亚太区数据中心建设成本指南 2023》，由 Ziggurat Real Estate 转载", "二手来源"),
    "costs-tt-2025": (
        "《数据中心建设成本指数 2025–26》，由 CRE Media Europe 转载",
        "东京、新加坡、苏黎世、硅谷、伦敦、法兰克福的造价，美元/瓦",
    ),
    "costs-parity-2025": ("2025 年 2 月 25 日与 9 月 1 日人民币汇率中间价", "两日的均值"),
    "costs-technology-data": ("技术数据 2025 年输出，源自丹麦能源署", "电网接入造价与变电站寿命"),
    "costs-recalled": ("凭记忆录入的价格指数、水价与地价，此处未查阅原文", ""),
    "costs-judgement": (
        "凭判断设定的成本占比、人员配置与城市等级指数",
        "未查到中国各城市的公开造价；所给范围力求足够宽",
    ),
    "costs-tt-ai-premium": ("《数据中心建设成本指数 2025–26》：美国智算数据中心的溢价", "比传统数据中心高 7–10%"),
    "demand-workload-judgement": (
        "凭判断设定的业务参数：时延上限参照同城双活（支付）、页面与接口时间预算（网页）和离线作业（归档、训练）的惯例",
        "没有公开资料按业务给出单个运营商的数值；每个值均可改",
    ),
    "demand-recalled": (
        "凭记忆录入的各省人口、地区生产总值等统计，未查阅原年鉴",
        "可与国家统计局《中国统计年鉴 2024》核对",
    ),
    "demand-racks-2023": ("2023 年底全国在用数据中心 810 万标准机架，用电约 1,500 亿千瓦时", "一个标准机架为 2.5 kW"),
    "demand-racks-2024": ("2024 年底在用标准机架超过 900 万架", "二手来源；另载 2023 年底各枢纽占比"),
    "demand-racks-2025": (
        "2025 年 6 月底在用标准机架 1,085 万架，平均 PUE 1.42",
        "PUE 取自 https://hk.crntt.com/doc/1071/1/1/8/107111823.html",
    ),
    "demand-trace-alibaba": (
        "阿里巴巴集群轨迹 2017 与 2018，逐时 CPU 负荷，经 Hewlett Packard Enterprise（dc-rl）归一化",
        "以八天重复拼成全年，仅取日内形状",
    ),
    "demand-trace-google": (
        "谷歌集群轨迹，逐时 CPU 负荷，经 Hewlett Packard Enterprise（dc-rl）归一化",
        "以约一个月重复拼成全年，仅取日内形状",
    ),
    "demand-fleet-judgement": ("凭判断分配的现有机房：没有运营商按省份和年份公布其机房", ""),
    "ground-natural-earth": (
        "居民点 1:1000 万（简版）与国家边界 1:5000 万、1:1.1 亿",
        "城市坐标与概化轮廓；界线依 Natural Earth，并非标准地图",
    ),
    "ground-station-elevation": (
        "CSWD 与 IWEC/TMY3 气象文件头中的台站海拔",
        "40 公里内最近气象站的海拔",
    ),
    "ground-nbs-2024": ("2024 年各省常住人口与地区生产总值", "经 PyPSA-China 转录；年末常住人口，当年价格"),
    "ground-recalled": (
        "凭记忆录入",
        "Natural Earth 未收地点的坐标与海拔；GB 18306-2015 及境外区划图的设计地震动；岩溶、洪水、滑坡、岩石等级与 "
        "WRI Aqueduct 缺水等级；地块与开工准备期；2024 年境外市场的人口与生产总值（按 7.12 元/美元）；使用前须核对",
    ),
    "ground-gb50011": (
        "《建筑抗震设计规范》GB 50011-2010（2016 年版）附录 A 及第 3.10.3 条",
        "北京、天津、廊坊、上海、重庆、西安的设计基本地震加速度摘自附录 A 节录；张家口、廊坊取自 2001 年版；"
        "烈度分档及第 3.10.3 条近断层系数凭记忆录入",
    ),
    "ground-ashrae-tc99": (
        "《数据处理环境热指南》：A1 至 A4 级最高海拔 3050 米",
        "阈值凭记忆取自公布的分级表",
    ),
    "ground-gem-faults": (
        "GEM 全球活动断层数据库 2021（断层迹线）",
        "仅提供推导所得距离；图上没有断层不等于没有断层",
    ),
    "ground-usgs-earthquakes": (
        "ANSS 地震目录，1965–2016 年 5.5 级及以上",
        "300 公里内的次数与最大震级；不含更早的地震，如 1556 年和 1920 年",
    ),
    "ground-judgement": ("作者的判断", "没有公开数值的造价系数与筛选规则；各有范围"),
    "ground-own-site": ("用户自有园区表", "读自研究的 sites.own_sites"),
    "law-rules": (
        "数据法规规则库（law_rules.csv 与 law_adequacy.csv）",
        "每条规则均列明其法规、条款及所查阅的网页",
    ),
    "law-recalled": ("作者凭记忆录入，手边无原文", "范围有意取宽；可在研究中改写"),
    "network-natural-earth": ("居民点 1:1000 万（简版）", "骨干节点的坐标"),
    "network-recalled": (
        "凭记忆录入",
        "骨干节点间的路由、以节点对表示的海缆，以及 Natural Earth 未收地点的坐标；路由长度为大圆公里数乘以拟合系数",
    ),
    "network-wondernetwork-2018": (
        "全球 ping 统计，241 座城市，2018 年 10 月 27 日至 11 月 10 日",
        "经 ConsenSys/wittgenstein 转录；仅提供拟合参数与误差统计；9% 的城市对因所述距离与坐标矛盾而剔除；"
        "四分之一的城市留作检验",
    ),
    "network-guian-2023": (
        "贵州发展大数据（中国日报英文报道）",
        "时延由贵安新区主管部门所述；未说明单程还是往返",
    ),
    "network-fibre-g652": ("G.652 单模光纤的群折射率（1550 nm 处 1.468）", "凭记忆取自产品样本"),
    "network-judgement": ("作者的判断", "没有公开数值的价格与时延；各有范围"),
    "network-user": ("用户实测的地点对", "读自研究的 network.measured"),
    "policy-green-infrastructure-2021": (
        "《贯彻落实碳达峰碳中和目标要求推动数据中心和5G等新型基础设施绿色高质量发展实施方案》（国家发展改革委等四部门）",
        "所查阅为报道：新建大型机房 1.3，国家枢纽 1.25",
    ),
    "policy-action-plan-2024": (
        "《数据中心绿色低碳发展专项行动计划》",
        "所查阅为报道：到 2025 年底国家枢纽新建机房绿电占比超过 80%",
    ),
    "policy-yangtze-zones": ("长三角枢纽起步区的目标", "PUE 不超过 1.25，平均上架率不低于 65%"),
    "policy-gui-an-latency": ("贵安集群的目标", "到所服务枢纽的单程时延不超过 20 毫秒"),
    "policy-recalled": (
        "凭记忆录入的国家枢纽规则与副本负荷",
        "须与国家发展改革委的批复核对",
    ),
    "power-nbs-monthly": (
        "2014–2024 年分省分电源月度发电量与年末装机",
        "规模以上电厂；1 月和 2 月合计为一个数；风电自 2018 年起缺 12 月，止于 2024 年 4 月；仅提供推导所得系数",
    ),
    "power-market-2025": (
        "2025 年各省电力市场电能量价格",
        "二手来源：第三方汇集的公告，月份不全；仅为电能量，不含输配电价、线损与政府性基金",
    ),
    "power-wholesale-abroad": ("22 个价区 2023–2024 年逐时批发电价，美元计", "提供按月和小时的均值，不提供序列"),
    "power-coal-benchmark": ("各省燃煤发电基准价", "转录；31 行中 7 行经第二来源证实"),
    "power-energy-recalled": ("云南市场月度电能量价格", "仅有水平与季节变化；手边无公告"),
    "power-ndrc-2026-1077": (
        "第四监管周期省级电网输配电价（发改价格〔2026〕1077号附件 1），自 2026 年 8 月 1 日起；"
        "政府性基金及附加取自各省通知",
        "二手来源：据两份公开转录。220 千伏及以上两部制电量电价、线损、同一行的需量电价；"
        "两份转录不一致处，需量电价标为估计",
    ),
    "power-tou-notices": (
        "各省分时电价通知（文号见各行）",
        "二手来源：时段据公开转录，如电网公司代理购电价格表下方所载；该处未载的比价凭记忆录入并标为估计",
    ),
    "power-adders-recalled": (
        "境外大用户的网络费、税费与供电成本，以及手边无逐时序列处的市场价水平",
        "请以用户自有电价替换",
    ),
    "power-solar-recalled": ("光伏利用小时数与装机，境外风电", "2024 年的量级"),
    "power-mee-2022": (
        "2021 年和 2022 年省级电力二氧化碳排放因子",
        "公告 2024 年第 12 号及 2024 年 12 月公告；30 个省份（无西藏）",
    ),
    "power-mee-2023": ("2023 年九省份电力二氧化碳排放因子", ""),
    "power-google-carbon": ("2024 年谷歌各区域电网碳强度", "取整至区域电网"),
    "power-ember": ("各国电力碳强度", "爱尔兰与马来西亚"),
    "power-carbon-recalled": ("西藏电网二氧化碳因子", "以水电和光伏为主，冬季外购"),
    "power-guian-policy": (
        "贵州数据中心电价 0.35 元/千瓦时，其他地方 0.50 元",
        "新区工业主管部门更早的报道中为同一数字",
    ),
    "power-zhongwei-policy": ("中卫云基地电价 0.36 元/千瓦时", ""),
    "power-xingyi-policy": ("黔西南州地方电网电价 0.34 元/千瓦时", ""),
    "power-qingyang-policy": ("庆阳集群电价 0.398 元/千瓦时", ""),
    "power-sichuan-2022": ("四川自 2022 年 8 月 15 日起对 21 个市州中 19 个的工业用户停产让电，后延至 25 日", ""),
    "power-yunnan-2021": ("云南自 2021 年 5 月压减高耗能用户负荷，9 月起管控", ""),
    "power-yunnan-2023": (
        "云南电解铝企业 2022 年 9 月至 2023 年 6 月先后压减 10%、15–30%、40–42%",
        "",
    ),
    "power-yunnan-winter-2023": ("2023 年 10 月 30 日云南电解铝企业被要求压减 9–40%", ""),
    "power-guizhou-2023": ("贵州电解铝企业第三轮压减负荷", ""),
    "power-guangxi-2021": ("广西电解铝企业被要求压减负荷 30% 以上", ""),
    "power-guangdong-2021": ("广东多市限电", ""),
    "power-crunch-2021": ("2021 年 9–10 月二十多个省级电网限电", ""),
    "power-rationing-recalled": ("其他限电事件", "月份和省份确切；比例仅为量级"),
    "power-judgement": ("作者选取的量级", "每一项都是有范围的具名假设，可在研究中调整"),
}
PUBLISHERS: dict[str, str] = {
    "Alibaba; HewlettPackard/dc-rl": "阿里巴巴；HewlettPackard/dc-rl",
    "China Computing Power Conference (CAICT), carried by People's Daily Overseas Edition":
        "中国算力大会（中国信通院），人民日报海外版报道",
    "China Daily": "中国日报",
    "China Foreign Exchange Trade System, carried by Xinhua": "中国外汇交易中心，新华社转发",
    "China Meteorological Administration and Tsinghua University": "中国气象局、清华大学",
    "Copernicus Climate Change Service / ECMWF and Open-Meteo":
        "哥白尼气候变化服务、欧洲中期天气预报中心与 Open-Meteo",
    "Corning and other makers' data sheets": "康宁等厂商产品样本",
    "Cushman & Wakefield": "戴德梁行",
    "EnergyPlus weather data": "EnergyPlus 气象数据",
    "ENTSO-E, PJM, CAISO, ERCOT, NYISO, AEMO, JEPX, EMC and others, standardised by Hewlett Packard Enterprise":
        "ENTSO-E、PJM、CAISO、ERCOT、NYISO、AEMO、JEPX、EMC 等，由 Hewlett Packard Enterprise 整理",
    "GEM Foundation": "GEM 基金会",
    "Google": "谷歌",
    "Google; HewlettPackard/dc-rl": "谷歌；HewlettPackard/dc-rl",
    "Green Software Foundation": "绿色软件基金会",
    "ICAO": "国际民航组织（ICAO）",
    "International Tin Association; Reuters": "国际锡业协会；路透社",
    "Ministry of Ecology and Environment": "生态环境部",
    "Ministry of Ecology and Environment and National Bureau of Statistics": "生态环境部、国家统计局",
    "Ministry of Housing and Urban-Rural Development": "住房和城乡建设部",
    "Ministry of Industry and Information Technology, carried by AskCI": "工业和信息化部，中商情报网转载",
    "Ministry of Industry and Information Technology, carried by BHI; electricity as cited in the project brief":
        "工业和信息化部，BHI 转载；用电量据项目任务书所引",
    "National Bureau of Statistics of China": "国家统计局",
    "National Bureau of Statistics of China and China Electricity Council, compiled by the Centre for Research on "
    "Energy and Clean Air": "国家统计局、中国电力企业联合会，能源与清洁空气研究中心汇编",
    "National Development and Reform Commission": "国家发展改革委",
    "National Development and Reform Commission, reported by Dialogue Earth": "国家发展改革委，对话地球报道",
    "National Development and Reform Commission, reported by FINET": "国家发展改革委，财华网报道",
    "National Energy Administration; Guardian; RFA": "国家能源局；《卫报》；RFA",
    "National Renewable Energy Laboratory": "美国国家可再生能源实验室",
    "Provincial development and reform commissions": "各省发展改革委",
    "Provincial power exchanges, compiled by a third party": "各省电力交易中心，第三方汇编",
    "Resources Conservation and Recycling 182:106323": "《Resources, Conservation and Recycling》182:106323",
    "Reuters": "路透社",
    "Reuters; Bloomberg": "路透社；彭博社",
    "Reuters; Caixin": "路透社；财新",
    "SMM": "上海有色网（SMM）",
    "USGS": "美国地质调查局（USGS）",
    "Xinhua": "新华社",
    "Xinhua; Chosun Biz": "新华社；Chosun Biz",
    "local press": "地方媒体",
    "this project": "本项目",
    "typed from memory": "凭记忆录入",
    "user": "用户",
}  # fmt: skip
LICENCES: dict[str, str] = {
    "MIT (repository); trace for research use": "MIT（仓库）；轨迹数据供研究使用",
    "GPL-3.0 repository; Danish Energy Agency data open with attribution":
        "仓库为 GPL-3.0；丹麦能源署数据署名后可用",
    "attribution; no explicit data licence": "须署名；无明确的数据许可",
    "citations of public texts": "引用公开文本",
    "cited facts": "引用的事实",
    "facts": "事实数据",
    "facts; compilation GPL-3.0": "事实数据；汇编为 GPL-3.0",
    "facts; the licence of the repository was not found": "事实数据；未查到该仓库的许可",
    "free download at energyplus.net; derived values only": "可于 energyplus.net 免费下载；仅用推导值",
    "free; derived values only": "免费；仅用推导值",
    "market data; compilation MIT": "市场数据；汇编为 MIT",
    "none": "无",
    "own work": "自有成果",
    "press": "新闻报道",
    "proprietary; figures quoted": "专有；仅引用数字",
    "public domain": "公有领域",
    "quote": "引述",
    "user": "用户",
}  # fmt: skip


def sources_told(table: pd.DataFrame, look: Look) -> pd.DataFrame:
    """The catalogue's list of sources (source, title, publisher, licence, note among its columns) for this reader."""
    if look.language == "en":
        return table
    told = [
        SOURCES.get(source, (title, note))
        for source, title, note in zip(table["source"], table["title"], table["note"], strict=True)
    ]
    return table.assign(
        title=[title for title, _ in told],
        publisher=[PUBLISHERS.get(name, name) for name in table["publisher"]],
        licence=[LICENCES.get(name, name) for name in table["licence"]],
        note=[note for _, note in told],
    )


def source_title(source: str, look: Look) -> str:
    """The title of one source for this reader; its id where the catalogue does not know it."""
    title = _titles().get(source, source)
    return title if look.language == "en" else SOURCES.get(source, (title, ""))[0]


@cache
def _titles() -> dict[str, str]:
    """Titles of sources by id, as the catalogue writes them."""
    from data.catalogue import catalogue_sources

    return {str(source): str(title) for source, title in catalogue_sources()["title"].items()}
