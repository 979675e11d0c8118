"""Names of Chinese and Hong Kong instruments, and what the catalogue notes on their rules, in Chinese."""

from __future__ import annotations

_ORDER_16 = "Provisions on Promoting and Regulating Cross-border Data Flows (CAC Order 16)"
# As filed in the catalogue, and the instrument's own name.
INSTRUMENTS = {
    "Administrative Measures for Population Health Information (trial)": "《人口健康信息管理办法（试行）》",
    "Administrative Measures on Health and Medical Big Data (trial)":
        "《国家健康医疗大数据标准、安全和服务管理办法（试行）》",
    "CAC opinions on cloud services for party and government departments (document 14 of 2014)":
        "《关于加强党政部门云计算服务网络安全管理的意见》（中网办发文〔2014〕14号）",
    "Cybersecurity Law of the PRC": "《中华人民共和国网络安全法》",
    "Cybersecurity Law of the PRC (2025 amendment)": "《中华人民共和国网络安全法》（2025年修正）",
    "Data Security Law of the PRC": "《中华人民共和国数据安全法》",
    "Measures for the Security Assessment of Outbound Data Transfers": "《数据出境安全评估办法》",
    "Measures on the Standard Contract for Outbound Transfer of Personal Information (CAC Order 13)":
        "《个人信息出境标准合同办法》（国家互联网信息办公室令第13号）",
    "No general restriction before the Cybersecurity Law": "《网络安全法》施行前无一般性限制",
    "No rule restricts data that are neither personal nor important": "既非个人信息亦非重要数据者不受限制",
    "PBOC Announcement 2018 No. 7": "中国人民银行公告〔2018〕第7号",
    "PBOC measures on data security in its business areas (2025)": "《中国人民银行业务领域数据安全管理办法》（2025年）",
    "PBOC measures on financial consumers' rights (2016)": "《中国人民银行金融消费者权益保护实施办法》（2016年）",
    "PBOC notice on protecting personal financial information (Yinfa 2011 No. 17)":
        "《中国人民银行关于银行业金融机构做好个人金融信息保护工作的通知》（银发〔2011〕17号）",
    "Personal Information Protection Law of the PRC": "《中华人民共和国个人信息保护法》",
    _ORDER_16: "《促进和规范数据跨境流动规定》（国家互联网信息办公室令第16号）",
    f"{_ORDER_16}; negative list of the Beijing pilot free trade zone":
        "《促进和规范数据跨境流动规定》；中国（北京）自由贸易试验区数据出境负面清单",
    f"{_ORDER_16}; negative list of the Shanghai pilot free trade zone":
        "《促进和规范数据跨境流动规定》；中国（上海）自由贸易试验区数据出境负面清单",
    "Securities Law of the PRC (2019)": "《中华人民共和国证券法》（2019年修订）",
    "Standard Contract for Cross-boundary Flow of Personal Information within the Greater Bay Area":
        "《粤港澳大湾区（内地、香港）个人信息跨境流动标准合同》",
    "No restriction on cross-border data transfers": "跨境数据传输不受限制",
    "Personal Data (Privacy) Ordinance (Cap. 486)": "《个人资料（私隐）条例》（第486章）",
}  # fmt: skip
# By rule; the English note is the catalogue's own.
NOTES = {
    "CN-PRE-CSL": "所引文献称《网络安全法》首次明确限制数据跨境；行业规则（银行、卫生）此前已施行。",
    "CN-NONPERSONAL": "数据是否重要由行业主管部门认定，请咨询。",
    "CN-CSL-42":
        "凭记忆录入：网络运营者未经同意不得向他人提供个人信息。2017年和2019年的草案拟要求所有网络运营者评估，未通过。",
    "CN-CSL-37-NO-PROCEDURE": "境内存储，经评估方可出境；2022-09-01 之前没有评估程序，因此编码为仅限境内。",
    "CN-CSL-37": "境内存储；确有必要时经评估出境。境外托管是否“确需”？",
    "CN-CSL-39": "修正案将条号由第37条改为第39条，内容未变。境外托管是否“确需”？",
    "CN-DSL-31": "关键信息基础设施运营者以外的重要数据出境由一年后出台的办法规定，其间编码为仅限境内。",
    "CN-SAM-2022-HANDLER": "处理 100 万人以上个人信息的处理者，无论出境多少。",
    "CN-PIPL-36": "国家机关处理的个人信息；国家机关的其他数据可能适用保密法。",
    "CN-GOV-CLOUD": "凭记忆录入：党政部门的数据及其所在平台须留在境内。",
    "CN-PIPL-38": "评估、认证或标准合同；合同文本于 2023 年公布。编码为合同；时长为估计。",
    "CN-SCC-2023": "低于评估门槛时适用；超过门槛则评估规定同时适用且更严格。",
    "CN-PIPL-39": "无论人数多少均须单独同意；其他合法性基础可不需同意，请咨询。",
    "CN-PIPL-40": "处理人数达到网信部门规定数量者须境内存储；此数量按评估门槛理解。",
    "CN-CBDF-3": "贸易、运输、科研、制造、营销数据，不含个人信息或重要数据。",
    "CN-CBDF-5": "不满 10 万人且不含敏感个人信息。合同履行、人力资源和紧急情况不论人数均豁免，未编码。",
    "CN-CBDF-8-PERSONAL": "标准合同，或自 2026-01-01 起按国家互联网信息办公室令第20号认证。",
    "CN-CBDF-8-SENSITIVE": "标准合同，或自 2026-01-01 起认证。支付和金融数据按敏感个人信息理解。",
    "CN-CBDF-7-PERSONAL": "有效期三年。时长为估计：自受理起 45 个工作日，实践中更长。",
    "CN-CBDF-7-IMPORTANT": "仅指主管部门或地区告知、公布的重要数据（第2条）。监控视频是否属于？",
    "CN-GBA-2023": "双方均注册于九市或香港；取消数量限制；不得向大湾区以外转移。",
    "CN-FTZ-BEIJING": "清单以外的数据无需合同或评估即可出境；清单覆盖少数行业，后有扩展。请咨询自贸区。",
    "CN-FTZ-SHANGHAI": "清单以外的数据无需合同或评估即可出境；清单覆盖少数行业，后有扩展。请咨询自贸区。",
    "CN-PBOC-2011": "银行不得在境外存储、处理或分析；后来的规定允许经同意随跨境业务提供。2025 年规定是否取代之？",
    "CN-PBOC-2016": "境内存储、处理和分析；跨境业务例外。生效日期凭记忆录入。",
    "CN-PBOC-2018-7": "针对外商投资支付机构，并表述为与内资同等对待；跨境业务例外。内资机构适用何文？",
    "CN-PBOC-2025": "境内收集的数据在法律法规要求时须存于境内。",
    "CN-HEALTH-2014": "不得在境外服务器存储，不得托管、租赁境外服务器。条号凭记忆录入。",
    "CN-HEALTH-2018": "存储于境内服务器；传输前评估。条号凭记忆录入。",
    "CN-PIPL-41": "未经批准不得向境外司法或执法机构提供存储于境内的个人信息。",
    "CN-DSL-36": "存储于境内的数据。",
    "CN-SEC-177": "未经批准不得向境外提供与证券业务活动有关的文件，无论保存于何处。",
}  # fmt: skip
WORDS: dict[str, tuple[str, str]] = {
    **{f"instrument.{english}": (english, chinese) for english, chinese in INSTRUMENTS.items()},
    **{f"rule.{rule}": (rule, chinese) for rule, chinese in NOTES.items()},
}
