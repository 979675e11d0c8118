"""The brief as one file that asks for nothing else: HTML for any browser, PDF where Chromium is installed."""

from __future__ import annotations

import os
import subprocess
import tempfile
from functools import cache
from html import escape
from pathlib import Path
from shutil import which
from threading import Lock
from typing import Any

from dashboard.context import Context
from dashboard.markup import markup
from dashboard.panel import GRAPH_CONFIG

PRINTED_S = 60.0
SIZE = {"width": 334, "height": 330}
SMALL = {
    "font.size": 9, "legend.font.size": 8, "xaxis.tickfont.size": 8, "yaxis.tickfont.size": 8,
    "xaxis.title.font.size": 8,
}  # fmt: skip
STYLE = """
@page { size: A4 portrait; margin: 10mm; }
body { width: 190mm; margin: 6mm auto; box-sizing: border-box; font: 10.5px/1.4 system-ui,
  'Noto Sans', 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif; color: #1d2328; background: #fff; }
h1 { font-size: 1.7em; margin: 0 0 .3em; } h2 { font-size: 1.15em; margin: 0 0 .3em; }
.recommendation { font-size: 1.2em; line-height: 1.5; margin: .3em 0 .9em; }
.soft, .note, .unit, footer { color: #55606a; } .small, .note, .unit, footer { font-size: .85em; }
.cards { display: grid; grid-template-columns: repeat(4, 1fr); gap: 2mm; margin: 0 0 3mm; }
.card, section { border: 1px solid #d5dade; border-radius: 2mm; padding: 2mm; min-width: 0; overflow: hidden; }
dt { color: #55606a; } dd { margin: 0; }
.value { font-size: 1.35em; font-weight: 650; }
.value .unit { margin-left: .4em; font-size: .62em; font-weight: 500; }
.change { font-weight: 600; }
.halves, .thirds { display: grid; grid-template-columns: repeat(2, 1fr); gap: 3mm; margin-bottom: 3mm; }
.thirds { grid-template-columns: repeat(3, 1fr); }
.lines { margin: 0; padding-left: 1.2em; } .lines li { margin: .2em 0; }
.lines.risks, .lines.basis { list-style: none; padding: 0; }
.verdict { border: 1px solid currentColor; border-radius: 1mm; padding: 0 .4em; font-weight: 700; font-size: .85em; }
.good { color: #0b6b53; } .watch { color: #8a5300; } .weak { color: #a61e2b; }
.track { display: block; height: 6px; border: 1px solid #d5dade; border-radius: 3px; }
.bar { display: block; height: 100%; background: #0b7285; }
footer { margin-top: 2mm; } footer span { margin-right: 2em; } .modebar { display: none !important; }
@media print { body { margin: 0; width: 189mm; } }
"""
_printing = Lock()  # one browser at a time: it takes as much memory as the server


def brief_html(page: Context, parts: dict[str, Any], figures: dict[str, Any]) -> bytes:
    """The page as HTML with its charts and what draws them inside.

    parts: title, recommendation, cards, thirds and facts. figures: title → Plotly figure, two of them.
    """
    from plotly.offline import get_plotlyjs

    drawn = "".join(_drawn(title, figure) for title, figure in figures.items())
    thirds = f'<div class="thirds">{markup(parts["thirds"])}</div>'
    head = (
        f'<!DOCTYPE html><html lang="{page.look.language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(parts['title'])}</title><style>{STYLE}</style>"
        f"<script>{_no_borders()}</script><script>{get_plotlyjs()}</script></head><body>"
    )
    body = (
        f'<h1>{escape(parts["title"])}</h1><p class="recommendation">{escape(parts["recommendation"])}</p>'
        f'{markup(parts["cards"])}<div class="halves">{drawn}</div>{thirds}'
        f"<footer>{''.join(f'<span>{escape(fact)}</span>' for fact in parts['facts'])}</footer></body></html>"
    )
    return (head + body).encode()


def chromium() -> str | None:
    """The browser that can print, where there is one."""
    return which("chromium") or which("chromium-browser") or which("google-chrome")


def brief_pdf(html: bytes) -> bytes | None:
    """The file as PDF, printed by Chromium without any network; None where that does not work out."""
    browser = chromium()
    if browser is None or not _printing.acquire(timeout=PRINTED_S):
        return None
    try:
        with tempfile.TemporaryDirectory(prefix="hallsite-print-") as folder:
            place, target = Path(folder) / "brief.html", Path(folder) / "brief.pdf"
            place.write_bytes(html)
            # Chromium refuses its sandbox to root; the page is our own and every text in it is escaped.
            alone = ["--no-sandbox"] if os.geteuid() == 0 else []
            command = [
                browser, "--headless=new", "--disable-gpu", "--no-first-run", "--disable-background-networking",
                "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={folder}/profile", *alone,
                "--no-pdf-header-footer", "--virtual-time-budget=8000", f"--print-to-pdf={target}", place.as_uri(),
            ]  # fmt: skip
            subprocess.run(command, timeout=PRINTED_S, capture_output=True, check=True)
            return target.read_bytes()
    except (OSError, subprocess.SubprocessError):
        return None
    finally:
        _printing.release()


def _drawn(title: str, figure: Any) -> str:
    from plotly.graph_objects import Figure

    small = Figure(figure)
    for path, size in SMALL.items():
        small.update_layout({path.replace(".", "_"): size})
    small.update_layout(autosize=False, **SIZE)
    small.update_annotations(font_size=7)
    small.for_each_trace(lambda trace: trace.update(textfont_size=8), selector={"type": "scattergeo"})
    small.for_each_trace(lambda trace: trace.update(textfont_size=7, cliponaxis=False), selector={"type": "bar"})
    if not small.layout.geo.to_plotly_json():
        # Small letters want less room beside the axes; the label of the longest bar reaches over its own.
        small.update_layout(margin_l=8, margin_b=8, margin_r=44)
    config = {**GRAPH_CONFIG, "displayModeBar": False, "responsive": False}
    inner = small.to_html(full_html=False, include_plotlyjs=False, config=config)
    return f"<section><h2>{escape(title)}</h2>{inner}</section>"


@cache
def _no_borders() -> str:
    return (Path(__file__).parent / "assets" / "geo.js").read_text(encoding="utf-8")
