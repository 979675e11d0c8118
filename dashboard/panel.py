"""A panel: a figure and its table behind one switch, with downloads that carry units and provenance."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import dash_mantine_components as dmc
import numpy as np
import pandas as pd
from dash import Output, dcc, html
from dash.development.base_component import Component
from plotly.utils import PlotlyJSONEncoder

from dashboard.context import Context
from dashboard.numerals import MONTHS
from dashboard.words import words
from dashboard.words.libraries import CHARTS

MOST_ROWS = 300
GRAPH_CONFIG: dict[str, Any] = {
    "displaylogo": False,
    "showSendToCloud": False,
    "plotlyServerURL": "",
    "responsive": True,
    "modeBarButtonsToRemove": ["lasso2d", "select2d", "sendDataToCloud"],
}
CHINESE_GRAPH = GRAPH_CONFIG | {
    "locale": "zh-CN",
    "locales": {
        "zh-CN": {
            "dictionary": CHARTS,
            "format": {
                "days": [f"星期{day}" for day in "日一二三四五六"],
                "shortDays": [f"周{day}" for day in "日一二三四五六"],
                "months": list(MONTHS["zh"]),
                "shortMonths": list(MONTHS["zh"]),
                "date": "%Y-%m-%d",
            },
        }
    },
}


def graph(identifier: str, figure: Any, label: str, height: int = 380) -> Component:
    """A Plotly graph that offers no upload, with a label for those who do not see it, in the label's language."""
    config = CHINESE_GRAPH if any("一" <= letter <= "鿿" for letter in label) else GRAPH_CONFIG
    drawn = dcc.Graph(id=identifier, figure=figure, config=config, style={"height": f"{height}px"})
    return html.Div(drawn, role="group", **{"aria-label": label})


def panel(
    page: Context,
    owner: str,
    name: str,
    figure: Any = None,
    table: pd.DataFrame | Component | None = None,
    height: int = 380,
    above: Any = None,
) -> Component:
    """The panel `<owner>.<name>`: title of these words, caption of the words `<owner>.<name>.note`, if any.

    owner: id of the page module; where its TABLES has `name`, CSV and XLSX of it are offered. The graph's id
    is `<owner>-<name>-figure`, the table's place `<owner>-<name>-table`; beside a figure it is drawn when it is asked
    for, and a callback hands it to `held_table`. Columns of `table` are keys of words
    `column.<column>`, which hold the unit; or it is drawn already. above: controls between caption and figure.
    """
    key, base = f"{owner}.{name}", f"{owner}-{name}"
    views = {}
    if figure is not None:
        views["chart"] = graph(f"{base}-figure", figure, page.t(key), height)
    if table is not None:
        told = table if isinstance(table, Component) else table_of(page, table, page.t(key))
        views["table"] = html.Div(_when_asked(base, told) if views else told, id=f"{base}-table")
    shown = next(iter(views), "nothing")
    note = page.t(f"{key}.note") if f"{key}.note" in words() else ""
    head = [
        dmc.Title(page.t(key), order=2, size="h4"),
        dmc.Group([*_switch(page, base, list(views)), *downloads(page, owner, name)], gap="sm", wrap="nowrap"),
    ]
    body = [html.Div(view, className=f"panel-view panel-{part}") for part, view in views.items()]
    return dmc.Paper(
        [
            dmc.Group(head, justify="space-between", wrap="nowrap"),
            dmc.Text(note, size="sm", c="dimmed") if note else None,
            above,
            html.Div(body, id={"type": "panel-body", "panel": base}, className=f"panel-body shows-{shown}"),
        ],
        withBorder=True,
        p="md",
        radius="md",
        className="panel",
    )


def held_table(owner: str, name: str) -> Output:
    """Where the table of a panel with a figure waits until somebody looks at it."""
    return Output({"type": "panel-held", "panel": f"{owner}-{name}"}, "data")


def as_held(told: Component) -> Any:
    """A table as the browser takes it."""
    return json.loads(json.dumps(told, cls=PlotlyJSONEncoder))


def _when_asked(base: str, told: Component) -> list[Component]:
    """A table that the browser draws when the panel's switch asks for it: thousands of cells take half a second."""
    held = dcc.Store(id={"type": "panel-held", "panel": base}, data=as_held(told))
    return [held, html.Div(id={"type": "panel-table", "panel": base})]


def downloads(page: Context, owner: str, name: str) -> list[Component]:
    """Links to the panel's table as CSV and XLSX, made from the page's TABLES and the URL's state."""
    from dashboard.pages import pages

    if name not in getattr(pages().get(owner), "TABLES", {}):
        return []
    query, what = urlencode(page.state), page.t(f"{owner}.{name}")
    return [
        html.A(
            suffix.upper(),
            href=f"/download/{owner}/{name}.{suffix}?{query}",
            download="",
            className="download no-print",
            **{"aria-label": page.t("panel.download", what=what, kind=suffix.upper())},
        )
        for suffix in ("csv", "xlsx")
    ]


def table_of(page: Context, table: pd.DataFrame | None, label: str = "") -> Component:
    """A DataFrame as an HTML table: headings `column.<column>`, numbers as the language writes them."""
    if table is None or table.empty:
        return dmc.Text(page.t("panel.empty"), c="dimmed")
    shown = table.head(MOST_ROWS)
    numeric = [at for at, name in enumerate(shown.columns, 1) if pd.api.types.is_numeric_dtype(shown[name])]
    # One component, not one per cell: the browser takes seconds for a few thousand of them.
    drawn = dmc.Table(
        data={
            "head": [page.t(f"column.{name}") for name in shown.columns],
            "body": [[_cell(page, value) for value in row] for row in shown.itertuples(index=False)],
        },
        unstyled=True,
        className=" ".join(["plain-table", *(f"number-{at}" for at in numeric)]),
    )
    # A region that scrolls must be reachable by keyboard, and then it needs a name.
    framed = html.Div(drawn, className="panel-table", tabIndex=0, role="group", **{"aria-label": label})
    if len(table) <= MOST_ROWS:
        return framed
    return html.Div([framed, dmc.Text(page.t("panel.more", shown=MOST_ROWS, all=len(table)), size="sm")])


def _switch(page: Context, base: str, views: list[str]) -> list[Component]:
    if len(views) < 2:
        return []
    return [
        dmc.SegmentedControl(
            id={"type": "panel-switch", "panel": base},
            data=[{"value": view, "label": page.t(f"panel.{view}")} for view in views],
            value=views[0],
            size="xs",
            className="no-print",
        )
    ]


def _cell(page: Context, value: Any) -> str:
    if isinstance(value, (bool, np.bool_)):
        return page.t("panel.yes" if value else "panel.no")
    if isinstance(value, (int, np.integer)):
        is_year = 1900 < value < 2200
        return f"{value:d}" if is_year else page.look.number(int(value))
    if isinstance(value, (float, np.floating)):
        return page.look.number(float(value))
    return str(value)
