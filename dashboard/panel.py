"""A panel: a figure and its table behind one switch, with downloads that carry units and provenance."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import dash_mantine_components as dmc
import pandas as pd
from dash import dcc, html
from dash.development.base_component import Component

from dashboard.context import Context
from dashboard.words import words

MOST_ROWS = 300
GRAPH_CONFIG: dict[str, Any] = {
    "displaylogo": False,
    "showSendToCloud": False,
    "plotlyServerURL": "",
    "responsive": True,
    "modeBarButtonsToRemove": ["lasso2d", "select2d", "sendDataToCloud"],
}


def graph(identifier: str, figure: Any, label: str, height: int | None = 380) -> Component:
    """A Plotly graph that offers no upload, with a label for those who do not see it."""
    return html.Div(
        dcc.Graph(
            id=identifier, figure=figure, config=GRAPH_CONFIG, style={"height": f"{height}px" if height else "100%"}
        ),
        role="img",
        **{"aria-label": label},
    )


def panel(
    page: Context, owner: str, name: str, figure: Any = None, table: pd.DataFrame | None = None, height: int = 380
) -> Component:
    """The panel `<owner>.<name>`: title from the words `<owner>.<name>`, a caption from `<owner>.<name>.note`.

    owner: id of the page module; where its TABLES has `name`, CSV and XLSX of it are offered. The graph's id
    is `<owner>-<name>-figure`, the table's place `<owner>-<name>-table`. Columns of `table` are keys of words
    `column.<column>`, which hold the unit.
    """
    key, base = f"{owner}.{name}", f"{owner}-{name}"
    shown = [part for part, there in (("chart", figure is not None), ("table", table is not None)) if there]
    views = {
        "chart": lambda: graph(f"{base}-figure", figure, page.t(key), height),
        "table": lambda: html.Div(table_of(page, table), id=f"{base}-table", className="panel-table"),
    }
    switch = dmc.SegmentedControl(
        id={"type": "panel-switch", "panel": base},
        data=[{"value": part, "label": page.t(f"panel.{part}")} for part in shown],
        value=shown[0], size="xs", className="no-print",
    ) if len(shown) > 1 else None  # fmt: skip
    return dmc.Paper(
        [
            dmc.Group(
                [dmc.Title(page.t(key), order=2, size="h4"), dmc.Group([switch, *downloads(page, owner, name)], gap="xs")],
                justify="space-between",
            ),
            dmc.Text(page.t(f"{key}.note"), size="sm", c="dimmed") if f"{key}.note" in words() else None,
            html.Div(
                [html.Div(views[part](), className=f"panel-view panel-{part}") for part in shown],
                id={"type": "panel-body", "panel": base}, className=f"panel-body shows-{shown[0] if shown else 'nothing'}",
            ),
        ],
        withBorder=True, p="md", radius="md", className="panel", component="section",
    )  # fmt: skip


def downloads(page: Context, owner: str, name: str) -> list[Component]:
    """Links to the panel's table as CSV and XLSX, made from the page's TABLES and the URL's state."""
    from dashboard.pages import pages

    if name not in getattr(pages().get(owner), "TABLES", {}):
        return []
    query = urlencode(page.state)
    return [
        dmc.Anchor(
            suffix.upper(), href=f"/download/{owner}/{name}.{suffix}?{query}", size="xs", className="no-print",
            attributes={"root": {"download": "", "aria-label": page.t("panel.download", what=page.t(f"{owner}.{name}"), kind=suffix.upper())}},
        )
        for suffix in ("csv", "xlsx")
    ]  # fmt: skip


def table_of(page: Context, table: pd.DataFrame | None) -> Component:
    """A DataFrame as an HTML table: columns by the words `column.<column>`, numbers as the language writes."""
    if table is None or table.empty:
        return dmc.Text(page.t("panel.empty"), c="dimmed")
    head = html.Thead(html.Tr([html.Th(page.t(f"column.{name}"), scope="col") for name in table.columns]))
    rows = [html.Tr([_cell(page, value) for value in row]) for row in table.head(MOST_ROWS).itertuples(index=False)]
    more = [dmc.Text(page.t("panel.more", shown=MOST_ROWS, all=len(table)), size="sm")] if len(table) > MOST_ROWS else []
    return html.Div([html.Table([head, html.Tbody(rows)], className="plain-table"), *more])


def _cell(page: Context, value: Any) -> Component:
    if isinstance(value, bool):
        return html.Td(page.t("panel.yes" if value else "panel.no"))
    if isinstance(value, int):
        return html.Td(f"{value:d}" if 1900 < value < 2200 else page.look.number(value, 0), className="number")
    if isinstance(value, float):
        size = abs(value)
        return html.Td(page.look.number(value, 0 if size >= 1000 else 1 if size >= 100 else 2 if size >= 10 else 3), className="number")
    return html.Td(str(value))
