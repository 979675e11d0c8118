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
}
