"""The frame around every page: header with run, language and theme, navigation, footer, errors for people."""

from __future__ import annotations

import logging
from functools import cache
from pathlib import Path
from typing import Any

import dash_mantine_components as dmc
from dash import MATCH, Dash, Input, Output, dcc, html
from dash.development.base_component import Component

from dashboard.context import Context, Desk
from dashboard.fault_notes import fault_told
from dashboard.pages import PAGES, pages
from dashboard.wiring import callback, in_browser
from data.errors import BadInput
from data.scenario.paths import OVERRIDES

LOG = logging.getLogger("hallsite.dashboard")
THEME: dict[str, Any] = {
    "primaryColor": "cyan",
    "primaryShade": 9,
    "fontFamily": "system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'Noto Sans CJK SC', 'PingFang SC', "
    "'Microsoft YaHei', sans-serif",
    "headings": {"fontWeight": "600"},
    "defaultRadius": "md",
    "autoContrast": True,
}


def frame() -> Component:
    """What the browser gets first; the page follows when it has told its address."""
    return dmc.MantineProvider(
        [
            dcc.Location(id="url", refresh="callback-nav"),
            dcc.Store(id="page-state"),
            dcc.Store(id="address-told"),
            dmc.NotificationContainer(id="notices", position="bottom-right", autoClose=8000),
            html.Div(id="shell", children=html.Div("hallsite", className="splash")),
        ],
        id="look",
        theme=THEME,
        forceColorScheme="light",
    )


def register_shell(app: Dash, desk: Desk) -> None:
    """Draw the shell for every address; language, theme and runs are switched by changing the address."""

    @callback(
        app,
        Output("shell", "children"),
        Output("look", "forceColorScheme"),
        Input("url", "pathname"),
        Input("url", "search"),
    )
    def draw(pathname: str | None, search: str | None) -> tuple[Component, str]:
        page = desk.context(pathname, search)
        return shell(page), page.look.theme

    query = Output("url", "search", allow_duplicate=True)
    in_browser(app, "switchLanguage", query, Input("language", "value"))
    in_browser(app, "switchTheme", query, Input("theme", "value"))
    in_browser(app, "switchRun", query, Input("run", "value"))
    in_browser(app, "tellAddress", Output("address-told", "data"), Input("page-state", "data"))
    body = Output({"type": "panel-body", "panel": MATCH}, "className")
    switch = Input({"type": "panel-switch", "panel": MATCH}, "value")
    in_browser(app, "switchPanel", body, switch)
    table, held = Output({"type": "panel-table", "panel": MATCH}, "children"), {"type": "panel-held", "panel": MATCH}
    in_browser(app, "showTable", table, switch, Input(held, "data"))


def shell(page: Context) -> Component:
    """The whole screen for one reader."""
    return html.Div(
        [
            html.A(page.t("shell.skip"), href="#content", className="skip no-print"),
            _header(page),
            html.Main(_body(page), id="content", tabIndex=-1),
            _footer(page),
        ],
        className=f"screen {page.look.theme}",
        lang="zh-Hans" if page.look.language == "zh" else "en",
        id="screen",
        **{"data-run": page.run.path.name if page.run else ""},
    )


def _body(page: Context) -> Component:
    """The page's own part, or in its place what went wrong, in words."""
    module = next((module for module in pages().values() if page.path == module.PATH), None)
    if module is None:
        return message(page, "shell.no_page", "shell.no_page.remedy")
    try:
        return module.layout(page)
    except BadInput as error:
        return html.Div([message(page, "shell.bad_input", "shell.bad_input.remedy"), faults_list(page, error)])
    except Exception:
        LOG.exception("The page %s failed", page.path)
        return message(page, "shell.failed", "shell.failed.remedy")


def message(page: Context, title: str, remedy: str) -> Component:
    """A page that only says something: words of a title and of what to do."""
    return dmc.Center(
        dmc.Stack(
            [
                dmc.Title(page.t(title), order=1, size="h3"),
                dmc.Text(page.t(remedy)),
                dmc.Anchor(page.t("shell.home"), href=page.link("/")),
            ],
            maw=560,
        ),
        mih=360,
    )


def faults_list(page: Context, error: BadInput) -> Component:
    """Every fault of an input, as a list."""
    between = page.t("shell.fault.between")
    lines = [
        html.Li([
            html.Strong(page.t("shell.fault", where=where)),
            between.join(part for part in (fault.problem, fault.remedy) if part),
        ])
        for fault in (fault_told(page.look, each) for each in error.faults)
        # A value set here lies in no file.
        for where in [fault.where if fault.file == OVERRIDES else f"{Path(fault.file).name} · {fault.where}"]
    ]  # fmt: skip
    return html.Ul(lines, className="lines")


def _header(page: Context) -> Component:
    return html.Header(
        [
            html.Div(
                [
                    dcc.Link([_mark(), "hallsite"], href=page.link("/"), className="brand"),
                    _run_choice(page),
                    html.Div([_language(page), _theme(page)], className="switches"),
                ],
                className="header-row",
            ),
            _navigation(page),
        ],
        className="header no-print",
    )


def _mark() -> Component:
    return html.Img(src="/assets/mark.svg", alt="", width=26, height=26)


def _run_choice(page: Context) -> Component:
    entries = page.desk.runs.entries()
    if not entries:
        return html.Div(dmc.Select(id="run", display="none"), className="run-choice")
    return html.Div(
        dmc.Select(
            id="run",
            data=[
                {"value": entry.id, "label": f"{page.look.title(entry.title)} · {page.look.minute(entry.saved)}"}
                for entry in entries
            ],
            value=page.run.path.name if page.run else entries[0].id,
            allowDeselect=False,
            searchable=True,
            nothingFoundMessage=page.t("panel.empty"),
            comboboxProps={"withinPortal": True},
            size="sm",
            attributes={"input": {"aria-label": page.t("shell.run")}},
        ),
        className="run-choice",
    )


def _language(page: Context) -> Component:
    return dmc.SegmentedControl(
        id="language",
        data=[{"value": "en", "label": "EN"}, {"value": "zh", "label": "中文"}],
        value=page.look.language,
        size="xs",
        attributes={"root": {"aria-label": page.t("shell.language")}},
    )


def _theme(page: Context) -> Component:
    return dmc.SegmentedControl(
        id="theme",
        data=[{"value": theme, "label": page.t(f"shell.theme.{theme}")} for theme in ("light", "dark")],
        value=page.look.theme,
        size="xs",
        attributes={"root": {"aria-label": page.t("shell.theme")}},
    )


def _navigation(page: Context) -> Component:
    links = []
    for name in PAGES:
        path = pages()[name].PATH
        is_here, is_within = page.path == path, page.path.startswith(f"{path}/")
        now = {"aria-current": "page" if is_here else "true"} if is_here or is_within else {}
        inner = html.Span(page.t(f"{name}.nav"), **now)
        links.append(html.Li(dcc.Link(inner, href=page.link(path), className="here" if now else "there")))
    return html.Nav(html.Ul(links), **{"aria-label": page.t("shell.navigation")})


def footer_facts(page: Context) -> list[str]:
    """Version, data, gap and date of what is shown."""
    from data.catalogue import catalogue_fingerprint, package_version

    parts = [
        f"hallsite {package_version()}",
        page.t("shell.data", date=data_date(), print=catalogue_fingerprint()[:8]),
    ]
    if page.run is not None:
        meta = page.run.meta
        parts += [
            page.t("shell.gap", gap=page.look.percent(meta["gap"])),
            page.t("shell.saved", when=page.look.minute(meta["saved"])),
        ]
        if meta["catalogue"] != catalogue_fingerprint():
            parts.append(page.t("shell.stale_data"))
    return parts


def _footer(page: Context) -> Component:
    return html.Footer([html.Span(part) for part in footer_facts(page)], className="footer")


@cache
def data_date() -> str:
    """The newest date any source of the catalogue carries, as written there."""
    from data.evidence import sources

    dates = {str(date).removesuffix(".0") for date in sources()["date"]}
    return max(date for date in dates if date.startswith("20"))
