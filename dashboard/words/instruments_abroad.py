"""Names of instruments of other jurisdictions, and what the catalogue notes on their rules, in Chinese.

The names are translations of ours; the text in the language of its law counts.
"""

from __future__ import annotations

_RECALLED_DAY = "The day of force is recalled."
_NUMBER_RECALLED = "The list was read; number and day of the decision are recalled."
_TRANSITION = "EU law until the end of the transition period"
_BULK = (
    "Vendor agreements are restricted (allowed under security requirements), data brokerage prohibited; encoded as "
    "forbidden. Thresholds for biometric and location data are lower."
)
_BULK_ZH = "供应商协议受限（满足安全要求可行），数据经纪禁止；编码为禁止。生物识别与位置数据的门槛更低。"
_COMMERCIAL = "Commercial organisations only."
# As filed in the catalogue.
INSTRUMENTS = {
    "28 CFR Part 202 (bulk sensitive personal data)": "《美国联邦法规》第28编第202部分（批量敏感个人数据）",
    "Act on the Protection of Personal Information": "日本《个人信息保护法》",
    "British Columbia Freedom of Information and Protection of Privacy Act":
        "不列颠哥伦比亚省《信息自由与隐私保护法》",
    "CLOUD Act, 18 U.S.C. § 2713": "美国《澄清境外数据合法使用法》（CLOUD Act），18 U.S.C. § 2713",
    "Classified Catalogue of Telecommunications Services (2015 edition), B11 internet data centre":
        "《电信业务分类目录（2015年版）》B11 互联网数据中心业务",
    "Comprehensive and Progressive Agreement for Trans-Pacific Partnership":
        "《全面与进步跨太平洋伙伴关系协定》（CPTPP）",
    "Data Protection Act 2018, Schedule 21": "英国《2018年数据保护法》附表21",
    "Data Protection Acts 1998 and 2018 with EU law": "英国1998年与2018年《数据保护法》及欧盟法",
    "Data Protection Ordinance, Annex 1": "瑞士《数据保护条例》附件1",
    "Data Protection Ordinance, Annex 1 (Swiss-US framework)": "瑞士《数据保护条例》附件1（瑞美框架）",
    "Decision (EU) 2019/419": "欧盟委员会第 (EU) 2019/419 号决定",
    "Decision (EU) 2021/1772, renewed 2025-12-19": "欧盟委员会第 (EU) 2021/1772 号决定，2025-12-19 续期",
    "Decision (EU) 2022/254": "欧盟委员会第 (EU) 2022/254 号决定",
    "Decision 2000/518/EC": "欧盟委员会第 2000/518/EC 号决定",
    "Decision 2002/2/EC": "欧盟委员会第 2002/2/EC 号决定",
    "Decision 2003/490/EC": "欧盟委员会第 2003/490/EC 号决定",
    "Decision 2011/61/EU": "欧盟委员会第 2011/61/EU 号决定",
    "Decision 2013/65/EU": "欧盟委员会第 2013/65/EU 号决定",
    "Decree 13/2023/ND-CP": "越南第 13/2023/ND-CP 号法令",
    "Decree 53/2022/ND-CP on the Law on Cybersecurity": "越南关于《网络安全法》的第 53/2022/ND-CP 号法令",
    "Digital Personal Data Protection Act 2023": "印度《2023年数字个人数据保护法》",
    "Directive 95/46/EC": "欧盟第 95/46/EC 号指令",
    "EU law until 2020-12-31, then the bridge of the Trade and Cooperation Agreement":
        "2020-12-31 前为欧盟法，其后为《贸易与合作协定》的过渡安排",
    _TRANSITION: "过渡期结束前的欧盟法",
    "EU-US Data Privacy Framework": "欧美数据隐私框架",
    "Electronic Financial Supervisory Regulations": "韩国《电子金融监督规定》",
    "Federal Act on Data Protection": "瑞士《联邦数据保护法》",
    "Federal Act on Data Protection of 1992": "瑞士《1992年联邦数据保护法》",
    "Federal Law 152-FZ as amended by 23-FZ of 28 February 2025":
        "俄罗斯第 152-FZ 号联邦法，经 2025 年 2 月 28 日第 23-FZ 号修正",
    "Federal Law 152-FZ as amended by 242-FZ": "俄罗斯第 152-FZ 号联邦法，经第 242-FZ 号修正",
    "General Data Protection Regulation (EU) 2016/679": "欧盟《通用数据保护条例》(EU) 2016/679",
    "Government Regulation 71 of 2019": "印度尼西亚 2019 年第 71 号政府条例",
    "Government Regulation 82 of 2012": "印度尼西亚 2012 年第 82 号政府条例",
    "HIPAA Privacy Rule (45 CFR 160 and 164)": "美国 HIPAA 隐私规则（45 CFR 160 与 164）",
    "Information Technology (Reasonable Security Practices) Rules 2011":
        "印度《2011年信息技术（合理安全做法）规则》",
    "Law 27 of 2022 on Personal Data Protection": "印度尼西亚 2022 年第 27 号《个人数据保护法》",
    "Law 6698 as amended by Law 7499": "土耳其第 6698 号法，经第 7499 号法修正",
    "Law 6698 on the Protection of Personal Data": "土耳其第 6698 号《个人数据保护法》",
    "Law 91/2025/QH15 on Personal Data Protection with Decree 356/2025":
        "越南第 91/2025/QH15 号《个人数据保护法》及第 356/2025 号法令",
    "Law 94-V on Personal Data and their Protection": "哈萨克斯坦第 94-V 号《个人数据及其保护法》",
    "List of the commissioner": "瑞士联邦数据保护专员的名单",
    "Medical Services Act": "韩国《医疗法》",
    "Mutual adequacy decisions of the Commission and Brazil": "欧盟委员会与巴西相互作出的充分性决定",
    "My Health Records Act 2012": "澳大利亚《2012年我的健康档案法》",
    "National Intelligence Law of the PRC": "《中华人民共和国国家情报法》",
    "No general federal restriction on transfers": "联邦层面对传输没有一般性限制",
    "No general localisation rule": "没有一般性的本地化规则",
    **{
        f"No rule known that keeps non-personal data in {english}": f"未见要求非个人数据留在{chinese}的规则"
        for english, chinese in {
            "the United Kingdom": "英国", "Switzerland": "瑞士", "Singapore": "新加坡", "Japan": "日本",
            "Australia": "澳大利亚", "Canada": "加拿大", "Malaysia": "马来西亚",
        }.items()
    },
    "OJK Regulation 11/POJK.03/2022 on information technology of commercial banks":
        "印度尼西亚金融服务管理局第 11/POJK.03/2022 号《商业银行信息技术条例》",
    "PIPC recognition of equivalence": "韩国个人信息保护委员会的同等性认定",
    "PPC designation of the EU": "日本个人信息保护委员会对欧盟的指定",
    "PPC designation of the United Kingdom": "日本个人信息保护委员会对英国的指定",
    "Personal Data Protection Act 2010": "马来西亚《2010年个人数据保护法》",
    "Personal Data Protection Act 2010 as amended 2024": "马来西亚《2010年个人数据保护法》（2024年修正）",
    "Personal Data Protection Act 2012": "新加坡《2012年个人数据保护法》",
    "Personal Data Protection Law and Regulation on Transfer outside the Kingdom":
        "沙特阿拉伯《个人数据保护法》及《向境外传输个人数据条例》",
    "Personal Data Protection Regulations 2021": "新加坡《2021年个人数据保护条例》",
    "Personal Information Protection Act": "韩国《个人信息保护法》",
    "Personal Information Protection Act (2023 amendment)": "韩国《个人信息保护法》（2023年修正）",
    "Personal Information Protection and Electronic Documents Act": "加拿大《个人信息保护与电子文件法》",
    "Privacy Act 1988, Australian Privacy Principle 8": "澳大利亚《1988年隐私法》，澳大利亚隐私原则第8项",
    "Privacy Shield, Decision (EU) 2016/1250": "隐私盾，第 (EU) 2016/1250 号决定",
    "RBI DPSS.CO.OD No. 2785/06.08.005/2017-18, Storage of Payment System Data":
        "印度储备银行 DPSS.CO.OD 第 2785/06.08.005/2017-18 号《支付系统数据存储》",
    "Regulation (EU) 2018/1807": "欧盟第 (EU) 2018/1807 号条例",
    "SI 2022/1213": "英国法定文书 SI 2022/1213",
    "SI 2023/1028, UK-US data bridge": "英国法定文书 SI 2023/1028，英美数据桥",
    "Safe Harbour, Decision 2000/520/EC": "安全港，第 2000/520/EC 号决定",
    "UK GDPR": "英国《通用数据保护条例》",
    "UK GDPR as amended by the Data (Use and Access) Act 2025":
        "英国《通用数据保护条例》，经《2025年数据（使用与获取）法》修正",
}  # fmt: skip
# By the note's English, since many rules share one.
NOTES = {
    "Cloud and data centres open to the public run under a licence foreign firms reach only through a local partner. "
    "Pilot openings since 2024 and own-use halls are not encoded.":
        "面向公众的云与数据中心须持许可经营，外国企业仅能通过当地合作方取得。2024 年以来的试点开放与自用机房未编码。",
    "A duty to support and cooperate; its reach to data abroad is disputed.":
        "支持与配合的义务；是否及于境外数据存在争议。",
    "The transfer restriction has never been brought into operation; data protection principles still apply.":
        "该传输限制从未施行；保障资料原则仍适用。",
    "Standard contractual clauses; the start of force in the table is not that of the Directive.":
        "标准合同条款；表中的起始日并非该指令的生效日。",
    "Standard contractual clauses (Decision 2021/914) with an assessment of the destination's law, since 2020-07-16 "
    "with supplementary measures where needed.":
        "标准合同条款（第 2021/914 号决定），并评估目的地法律；自 2020-07-16 起必要时附补充措施。",
    "Foreign orders are recognised only under an international agreement; other grounds of chapter V remain.":
        "外国命令仅在国际协定下获承认；第五章的其他依据仍可用。",
    "No localisation requirement; the Data Act (2025-09-12) asks cloud providers to guard against foreign access.":
        "无本地化要求；《数据法》（2025-09-12）要求云服务商防范外国访问。",
    "That EU transfer law applied until the end of the transition period was read; the instruments of the time before "
    "2018 are recalled.": "已查阅：过渡期结束前适用欧盟的传输规则；2018 年以前的法规凭记忆录入。",
    "International Data Transfer Agreement or addendum (since 2022-03-21) with a risk assessment.":
        "《国际数据传输协议》或附录（自 2022-03-21 起），并作风险评估。",
    "Test: protection not materially lower.": "标准：保护水平不实质降低。",
    "Safeguards such as contractual clauses, or consent; the commissioner's list of adequate states was not binding. "
    "The first day of the table is not that of the Act.":
        "合同条款等保障措施，或同意；专员的充分保护国家名单当时无约束力。表中首日并非该法的生效日。",
    "State law, sector law and government contracts may restrict.": "州法、行业法与政府合同可能有限制。",
    "No disclosure abroad without appropriate safeguards; business associate agreement.":
        "无适当保障不得向境外披露；须有业务伙伴协议。",
    f"More than 10,000 persons, host in or of a country of concern. {_BULK}":
        f"超过 1 万人，托管方位于或隶属受关注国家。{_BULK_ZH}",
    f"More than 100,000 persons, host in or of a country of concern. {_BULK}":
        f"超过 10 万人，托管方位于或隶属受关注国家。{_BULK_ZH}",
    f"More than 10,000 persons, operator in or of a country of concern. {_BULK}":
        f"超过 1 万人，运营商位于或隶属受关注国家。{_BULK_ZH}",
    f"More than 100,000 persons, operator in or of a country of concern. {_BULK}":
        f"超过 10 万人，运营商位于或隶属受关注国家。{_BULK_ZH}",
    "Providers of communication or remote computing services hand over data in their possession, custody or control, "
    "wherever it is.": "通信或远程计算服务提供者须交出其占有、保管或控制的数据，无论位于何处。",
    "Providers subject to US jurisdiction, as one is that hosts there.": "受美国管辖的提供者；在美国托管者即是。",
    "First recording in databases in the country; later transfer abroad possible.":
        "须先记录于境内数据库；其后可向境外传输。",
    "Collection with databases abroad is not permitted; many read later copies abroad as still allowed. Which reading "
    "does the regulator take?": "不得以境外数据库收集；许多人认为其后的境外副本仍可。监管机构持何种理解？",
    "Processing abroad is allowed if deleted there within one business day or 24 hours; a copy of the foreign leg may "
    "stay abroad.": "可在境外处理，但须于一个工作日或 24 小时内在当地删除；境外一段的副本可留在境外。",
    "Same level of protection, and consent or a contract with the person.":
        "同等保护水平，并取得个人同意或与其订立合同。",
    "Free unless the government names the country; none named. Date of force as in "
    "https://www.getastra.com/blog/compliance/dpdp-compliance/ . Significant data fiduciaries may be told to keep "
    "data at home.":
        "除非政府指明该国，否则自由；尚未指明任何国家。生效日依 "
        "https://www.getastra.com/blog/compliance/dpdp-compliance/ 。重要数据受托人可能被要求将数据留在境内。",
    "All domestic enterprises; foreign ones in ten services only when the ministry demands it. Does the new "
    "Cybersecurity Law of 2025 change this?":
        "适用于全部境内企业；十类服务的外国企业仅在主管部门要求时适用。2025 年新《网络安全法》是否改变？",
    "Consent and an impact assessment filed with the ministry; encoded as contract (filing).":
        "同意，并向主管部门备案影响评估；编码为合同（备案）。",
    "Dossier of transfer impact assessment; encoded as contract (filing).": "传输影响评估档案；编码为合同（备案）。",
    "Operators of public services kept a data centre in the country. Dates of force before 2019 are recalled.":
        "公共服务运营者须在境内设数据中心。2019 年以前的生效日凭记忆录入。",
    "Public electronic system operators; exception where the technology is not available at home. The article number "
    "is recalled.": "公共电子系统运营者；境内无该技术时例外。条号凭记忆录入。",
    "Private operators may host abroad; consent of the persons.": "民间运营者可在境外托管；须个人同意。",
    "Equal protection abroad, or binding safeguards, or consent. The day of enactment is recalled; a two-year "
    "transition ran to 2024.":
        "境外同等保护，或有约束力的保障，或同意。颁布日凭记忆录入；两年过渡期至 2024 年。",
    "Data centre and recovery centre of banks in the country unless OJK approves. The day of force is recalled.":
        "银行的数据中心与灾备中心须在境内，除非该局批准。生效日凭记忆录入。",
    _RECALLED_DAY: "生效日凭记忆录入。",
    "Legally enforceable obligations of comparable standard: law, contract, corporate rules or certification; or "
    "consent. Financial institutions follow outsourcing notices besides.":
        "具有可比标准且可依法执行的义务：法律、合同、公司规则或认证；或同意。金融机构另须遵守外包通知。",
    "Consent, or a recipient with an equivalent system (contract). Start of force as in the revision of 2017.":
        "同意，或接收方具备同等体系（合同）。起始日依 2017 年修订。",
    "Consent with information on the destination, or a recipient with an equivalent system (contract).":
        "在告知目的地情况后取得同意，或接收方具备同等体系（合同）。",
    "Recalled.": "凭记忆录入。",
    f"Consent, certification or equivalence. {_RECALLED_DAY}": "同意、认证或同等性认定。生效日凭记忆录入。",
    "Cloud systems that process personal credit or unique identification information stand in the country.":
        "处理个人信用信息或唯一识别信息的云系统须设于境内。",
    "Electronic medical records are not stored outside the country. The day of force is recalled; other health data "
    "follow the Personal Information Protection Act.":
        "电子病历不得存于境外。生效日凭记忆录入；其他健康数据适用《个人信息保护法》。",
    "Map data need a licence and national core technology an approval; public-sector cloud stays in the country.":
        "地图数据须许可，国家核心技术须批准；公共部门云须留在境内。",
    "As reported in December 2022.": "据 2022 年 12 月报道。",
    "Among parties only, with exceptions for public policy, government data and financial institutions. "
    f"{_RECALLED_DAY}": "仅限缔约方之间；公共政策、政府数据与金融机构除外。生效日凭记忆录入。",
    "Recalled; sector rules (finance, defence, export control) may restrict.":
        "凭记忆录入；行业规则（金融、国防、出口管制）可能有限制。",
    "Reasonable steps, usually a contract; the discloser stays liable.": "采取合理措施，通常为合同；披露方仍须负责。",
    f"Records of the My Health Record system; other health records follow APP 8. {_RECALLED_DAY}":
        "“我的健康档案”系统的记录；其他健康记录适用隐私原则第8项。生效日凭记忆录入。",
    "Comparable protection by contract, and notice; Quebec asks for an impact assessment besides.":
        "以合同提供可比保护，并告知；魁北克另要求影响评估。",
    "Public bodies of British Columbia only. The first day of force is recalled.":
        "仅限不列颠哥伦比亚省公共机构。首日凭记忆录入。",
    "Public bodies of British Columbia only: supplementary impact assessment for storage abroad, made by the body "
    "itself.": "仅限不列颠哥伦比亚省公共机构：存于境外须由该机构自行作补充影响评估。",
    f"No country was ever listed, so transfers relied on consent or contract. {_RECALLED_DAY}":
        "从未列出任何国家，故传输依靠同意或合同。生效日凭记忆录入。",
    "Transfer impact assessment, renewed every three years, or consent or contract.":
        "传输影响评估（每三年更新），或同意，或合同。",
    "No list of adequate countries; standard clauses, common rules or accreditation. Cloud and banking rules may keep "
    "data at home.": "没有充分保护国家名单；标准条款、共同规则或认可。云与银行规则可能要求数据留在境内。",
    "The database is kept in the country; copies abroad are allowed.": "数据库须设于境内；允许境外副本。",
    "The first day of force is recalled.": "首日凭记忆录入。",
    "Standard contract notified to the authority; no adequacy decision on file.":
        "标准合同须通知主管机关；没有在册的充分性决定。",
    _NUMBER_RECALLED: "已查阅名单；决定的编号与日期凭记忆录入。",
    f"{_NUMBER_RECALLED} {_COMMERCIAL}": "已查阅名单；决定的编号与日期凭记忆录入。仅限商业组织。",
    "The number of the decision is recalled.": "决定的编号凭记忆录入。",
    "Written as adequacy because transfers were free; the first day of the table is not that of the law.":
        "因传输自由而记为充分性认定；表中首日并非该法的生效日。",
    "Until December 2031 unless renewed; the number of the decision is recalled.":
        "除非续期，至 2031 年 12 月；决定的编号凭记忆录入。",
    "Annulled on 2015-10-06; the first day of the table is not that of the decision.":
        "2015-10-06 被判无效；表中首日并非该决定的日期。",
    "Invalidated on 2020-07-16; the day of adoption is recalled.": "2020-07-16 被判无效；通过日凭记忆录入。",
    "Certified recipients only; the day of adoption is recalled.": "仅限获认证的接收方；通过日凭记忆录入。",
    "Reported on this day; adopted shortly before.": "此日见诸报道；稍早前通过。",
    "That EU law applied until the end of the transition period was read.": "已查阅：过渡期结束前适用欧盟法。",
    "That EU law and its list of adequate places applied until the end of the transition period was read.":
        "已查阅：过渡期结束前适用欧盟法及其充分保护地区名单。",
    "That EU law and its list of adequate places applied until the end of the transition period was read. "
    f"{_COMMERCIAL}": "已查阅：过渡期结束前适用欧盟法及其充分保护地区名单。仅限商业组织。",
    "The day is recalled.": "日期凭记忆录入。",
    "Not for personal credit information or resident registration numbers.": "不适用于个人信用信息与居民登记号码。",
}  # fmt: skip
WORDS: dict[str, tuple[str, str]] = {
    **{f"instrument.{english}": (english, chinese) for english, chinese in INSTRUMENTS.items()},
    **{f"rule_note.{english}": (english, chinese) for english, chinese in NOTES.items()},
}
