"""The Dash application over a run store, and how it is served."""

from __future__ import annotations

import logging
import webbrowser
from collections.abc import Sequence
from pathlib import Path
from threading import Thread, Timer
from typing import Any

from dash import Dash, set_props

from dashboard.context import Desk
from dashboard.downloads import register_downloads
from dashboard.guard import Access, check_access, guard
from dashboard.jobs import Jobs, Limits
from dashboard.pages import pages
from dashboard.progress import register_progress
from dashboard.shell import frame, register_shell, shell
from dashboard.store import RunStore

LOG = logging.getLogger("hallsite.dashboard")
THREADS = 6


def make_app(desk: Desk, access: Access | None = None) -> Dash:
    """The application with every page, its checks in place."""
    app = Dash(
        "dashboard",
        title="hallsite",
        update_title="",
        assets_folder=str(Path(__file__).parent / "assets"),
        suppress_callback_exceptions=True,
        compress=True,
        add_log_handler=False,
        on_error=_apologise,
        meta_tags=[{"name": "viewport", "content": "width=device-width, initial-scale=1"}],
        index_string=INDEX.replace("PLOTLY", _plotly_address()),
    )
    app.layout = frame()
    register_shell(app, desk)
    register_downloads(app, desk)
    register_progress(app, desk)
    for page in pages().values():
        page.register(app, desk)
    guard(app, access or Access())
    return app


def serve(
    where: Path | str,
    further: Sequence[Path | str] = (),
    address: str = "127.0.0.1",
    port: int = 8050,
    access: Access | None = None,
    limits: Limits | None = None,
    open_browser: bool = False,
) -> None:
    """Serve the runs at `where`, a folder or an fsspec address, until interrupted.

    Raises BadInput for an address that others reach without passwords, OSError for a port that is taken.
    """
    from waitress import create_server

    access = access or Access()
    check_access(address, access)
    runs = RunStore(where, further)
    desk = Desk(runs, Jobs(runs.root, limits))
    app = make_app(desk, access)
    server: Any = create_server(app.server, host=address, port=port, threads=THREADS, ident=None)
    place = f"http://{'127.0.0.1' if address == '0.0.0.0' else address}:{server.effective_port}/"
    print(f"hallsite is at {place}   (Ctrl-C ends it; running solves go on)", flush=True)
    desk.jobs.keep_tending()
    Thread(target=_warm, args=(desk,), name="warm", daemon=True).start()
    if open_browser:
        Timer(0.3, webbrowser.open, [place]).start()
    try:
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        desk.jobs.close()
        server.close()


def _warm(desk: Desk) -> None:
    """Import what pages need and open the newest run before the first reader asks."""
    for page in pages().values():
        shell(desk.context(page.PATH, ""))


def _apologise(error: Exception) -> None:
    """A callback that failed: the log gets the details, the reader a sentence."""
    LOG.error("A callback failed", exc_info=error)
    set_props(
        "notices",
        {
            "sendNotifications": [
                {
                    "action": "show",
                    "color": "red",
                    "message": APOLOGY,
                    "closeButtonProps": {"aria-label": "Close 关闭"},
                }
            ]
        },
    )


def _plotly_address() -> str:
    """Where the browser finds Plotly for good: by Dash's own address it would ask for 5 MB at every page."""
    import plotly
    from dash.fingerprint import build_fingerprint

    script = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
    told = build_fingerprint("package_data/plotly.min.js", plotly.__version__, int(script.stat().st_mtime))
    return f"/_dash-component-suites/plotly/{told}"


APOLOGY = "This did not work; the details are in the server's log. 操作未成功，详情见服务器日志。"
INDEX = """<!DOCTYPE html>
<html lang="en">
<head>{%metas%}<title>{%title%}</title>
<link rel="icon" type="image/svg+xml" href="/assets/mark.svg">{%css%}
<script defer src="PLOTLY"></script></head>
<body>{%app_entry%}<div>{%config%}{%scripts%}{%renderer%}</div></body>
</html>
"""
