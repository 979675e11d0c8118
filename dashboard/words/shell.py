"""Words of the frame around every page, of panels and of the things all pages name."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "panel.chart": ("Chart", "图"),
    "panel.table": ("Table", "表"),
    "panel.map": ("Map", "地图"),
    "panel.download": ("Download {what} as {kind}", "下载{what}（{kind}）"),
    "panel.empty": ("Nothing to show here.", "此处无内容。"),
    "panel.more": (
        "The first {shown} of {all} rows; the download has all.",
        "显示前 {shown} 行，共 {all} 行；下载文件包含全部。",
    ),
    "panel.yes": ("yes", "是"),
    "panel.no": ("no", "否"),
    "shell.skip": ("Skip to the content", "跳到正文"),
    "shell.run": ("Run shown", "显示的方案"),
    "shell.language": ("Language", "语言"),
    "shell.theme": ("Colours", "配色"),
    "shell.theme.light": ("Light", "浅色"),
    "shell.theme.dark": ("Dark", "深色"),
    "shell.navigation": ("Pages", "页面"),
    "shell.home": ("To the first page", "返回首页"),
    "shell.no_page": ("There is no such page", "没有此页面"),
    "shell.no_page.remedy": (
        "The address may be mistyped; the pages are listed above.",
        "地址可能有误，可从上方导航进入各页面。",
    ),
    "shell.failed": ("This page could not be drawn", "此页面无法显示"),
    "shell.failed.remedy": (
        "This is our fault; the details are in the server's log. Other pages and runs are not affected.",
        "这是程序的问题，详情见服务器日志；其他页面与方案不受影响。",
    ),
    "shell.bad_input": ("This page needs files that it does not find", "此页面缺少所需文件"),
    "shell.bad_input.remedy": (
        "The study names files of your own; put them back where they were, or solve the study again from here.",
        "该研究引用了您的自有文件；请将其放回原处，或在此重新求解。",
    ),
    "shell.fault": ("{where}: ", "{where}："),
    "shell.fault.between": (" – ", "；"),
    "shell.data": ("data of {date}, catalogue {print}", "数据日期 {date}，数据目录 {print}"),
    "shell.gap": ("certified gap {gap}", "已证差距 {gap}"),
    "shell.saved": ("solved {when}", "求解于 {when}"),
    "shell.stale_data": (
        "solved with an older catalogue: solve again for today's figures",
        "该方案使用旧版数据目录，重新求解可用最新数据",
    ),
    "shell.view_only": ("You may look here, not solve.", "您只有查看权限，不能求解。"),
    "shell.queue_full": ("The queue is full; wait for a solve to end.", "任务队列已满，请等待其他求解结束。"),
    "brief.nav": ("Brief", "简报"),
    "map.nav": ("Map", "地图"),
    "whatif.nav": ("What if", "情景推演"),
    "compare.nav": ("Compare", "比较"),
    "law.nav": ("Law", "法规"),
    "energy.nav": ("Energy", "能源"),
    "data.nav": ("Data", "数据"),
    "runs.nav": ("Runs", "方案与任务"),
}
