"""What a solve tells while it goes on, in Chinese: the messages of its events in their patterns.

A message of another pattern stays as it was told.
"""

from __future__ import annotations

import re

from dashboard.look import Look

MESSAGES: tuple[tuple[str, str], ...] = (
    (r"generating shares and rows", "生成份额变量与约束行"),
    (r"choosing sites by prices of demand", "按需求价格选择园区"),
    (r"better plan", "得到更优方案"),
    (r"sites chosen", "园区已选定"),
    (r"every share in one search", "全部份额一次搜索"),
    (r"whole halls", "机房取整数"),
    (r"making the plan exact", "将方案精确化"),
    (r"choosing sites, then halls", "先选园区，再定机房"),
    (r"each period's own search", "各期分别搜索"),
    (r"neighbourhoods of the best plan", "搜索最优方案的邻域"),
    (r"reading the requirements", "读取各项要求"),
    (r"(\d+) requirements held", r"保留 \1 项要求"),
    (r"(\d+) of (\d+) requirements held", r"保留 \2 项要求中的 \1 项"),
    (r"giving up (.+)", r"放弃 \1"),
    (r"how far (.+) must give", r"\1 须放宽多少"),
    (r"(\d+) of (\d+) moved", r"已变动 \2 项中的 \1 项"),
)


def message_told(look: Look, message: str) -> str:
    """A message of an event in the reader's language."""
    if look.language == "en":
        return message
    for pattern, chinese in MESSAGES:
        if found := re.fullmatch(pattern, message):
            return found.expand(chinese)
    return message
