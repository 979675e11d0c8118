"""What the libraries for charts and for the list of runs say of their own, by the names they give it."""

from __future__ import annotations

# Plotly's own English is the key of its dictionary.
CHARTS = {
    "Autoscale": "自动缩放",
    "Box Select": "矩形选择",
    "Click to enter X axis title": "点击输入 X 轴标题",
    "Click to enter Y axis title": "点击输入 Y 轴标题",
    "Compare data on hover": "悬停时比较数据",
    "Double-click on legend to isolate one trace": "双击图例只看一项",
    "Double-click to zoom back out": "双击恢复缩放",
    "Download plot": "下载图表",
    "Download plot as a PNG": "下载为 PNG 图片",
    "Pan": "平移",
    "Reset": "重置",
    "Reset axes": "重置坐标轴",
    "Reset view": "重置视图",
    "Show closest data on hover": "悬停时显示最近数据",
    "Snapshot succeeded": "图片已保存",
    "Sorry, there was a problem downloading your snapshot!": "抱歉，图片下载失败！",
    "Taking snapshot - this may take a few seconds": "正在生成图片，需数秒",
    "Toggle Spike Lines": "显示或隐藏参考线",
    "Toggle show closest data on hover": "开关悬停时最近数据",
    "Zoom": "缩放",
    "Zoom in": "放大",
    "Zoom out": "缩小",
}
# The list's keys and its English.
LIST = {
    "ariaChecked": ("checked", "已选"),
    "ariaColumnFiltered": ("Column Filtered", "已筛选的列"),
    "ariaHeaderSelection": ("Column with Header Selection", "可全选的列"),
    "ariaInputEditor": ("Input Editor", "输入框"),
    "ariaPageSizeSelectorLabel": ("Page Size", "每页行数"),
    "ariaRowSelectAll": ("Press Space to toggle all rows selection", "按空格键全选或取消"),
    "ariaRowToggleSelection": ("Press Space to toggle row selection", "按空格键选择或取消此行"),
    "ariaSortableColumn": ("Press ENTER to sort", "按回车键排序"),
    "ariaUnchecked": ("unchecked", "未选"),
    "firstPage": ("First Page", "首页"),
    "lastPage": ("Last Page", "末页"),
    "loadingOoo": ("Loading...", "正在加载……"),
    "nextPage": ("Next Page", "下一页"),
    "noMatchingRows": ("No Matching Rows", "没有匹配的行"),
    "of": ("of", "／"),
    "page": ("Page", "页"),
    "pageSizeSelectorLabel": ("Page Size:", "每页行数："),
    "previousPage": ("Previous Page", "上一页"),
    "to": ("to", "至"),
}
WORDS: dict[str, tuple[str, str]] = {
    **{f"chart.{english}": (english, chinese) for english, chinese in CHARTS.items()},
    **{f"list.{key}": pair for key, pair in LIST.items()},
}
