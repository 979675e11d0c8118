"""Words of the page of runs and jobs."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "runs.title": ("Runs and jobs", "方案与任务"),
    "runs.list": ("Runs", "方案列表"),
    "runs.search": ("Search runs", "搜索方案"),
    "runs.note": (
        "Choose one run to open it, two to four to compare. Double-click a title to rename it.",
        "选择一个方案可打开，选择二至四个可比较；双击标题可重命名。",
    ),
    "runs.open": ("Open", "打开"),
    "runs.compare": ("Compare", "比较"),
    "runs.delete": ("Delete", "删除"),
    "runs.restore": ("Bring back", "恢复"),
    "runs.bin": ("Deleted; kept for a week:", "已删除（保留一周）："),
    "runs.saved": ("Solved", "求解时间"),
    "runs.status": ("How it ended", "结束方式"),
    "runs.none": ("No runs yet", "尚无方案"),
    "runs.jobs": ("Solves and studies", "求解与专题任务"),
    "runs.no_jobs": ("No solve or study was asked for from this desk yet.", "尚未从此处发起求解或研究。"),
    "runs.job": ("Study", "研究"),
    "runs.state": ("State", "状态"),
    "runs.begun": ("Asked for", "提交时间"),
    "runs.what": ("Where it stands", "进展"),
    "runs.do": ("Do", "操作"),
    "runs.stop": ("Stop", "停止"),
    "runs.log": ("Log", "日志"),
    "runs.log_of": ("Log of: {job}", "日志：{job}"),
}
