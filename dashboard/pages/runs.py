"""Runs and jobs: find, rename, delete and bring back; the queue, and what each solve told."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any

import dash_ag_grid as dag
import dash_mantine_components as dmc
import pandas as pd
from dash import ALL, Dash, Input, Output, State, ctx, dcc, html, no_update
from dash.development.base_component import Component

from dashboard.context import Context, Desk
from dashboard.guard import RUN, role
from dashboard.index import Entry
from dashboard.panel import downloads
from dashboard.queue_view import queue_box, register_queue
from dashboard.wiring import callback
from dashboard.words.libraries import LIST

PATH = "/runs"


def layout(page: Context) -> Component:
    """The list of runs, what can be done with the chosen ones, and the queue."""
    may = role() == RUN
    buttons = [
        dmc.Button(page.t("runs.open"), id="runs-open", size="sm", disabled=True),
        dmc.Button(page.t("runs.compare"), id="runs-compare", size="sm", variant="default", disabled=True),
        dmc.Button(page.t("runs.delete"), id="runs-delete", size="sm", variant="default", disabled=True),
    ]
    return html.Div(
        [
            dcc.Store(id="runs-changed"),
            dcc.Store(id="runs-count", data=len(page.desk.runs.entries())),
            html.Div(
                [
                    dmc.Title(page.t("runs.title"), order=1, size="h2"),
                    html.Div(downloads(page, "runs", "list"), className="tools"),
                ],
                className="title-row",
            ),
            html.Div(
                [
                    dmc.TextInput(
                        id="runs-search", placeholder=page.t("runs.search"), w=280, size="sm",
                        attributes={"input": {"aria-label": page.t("runs.search"), "type": "search"}},
                    ),
                    *buttons,
                ],
                className="tools",
            ),
            html.P(page.t("runs.note" if may else "shell.view_only"), className="soft small"),
            _grid(page, may),
            html.Div(_bin(page), id="runs-bin"),
            dmc.Title(page.t("runs.jobs"), order=2, size="h4", mt="lg"),
            queue_box(page),
            html.Div(id="runs-log"),
        ]
    )  # fmt: skip


def register(app: Dash, desk: Desk) -> None:
    """Search, open, compare, rename, delete, bring back; follow the queue."""
    _register_list(app, desk)
    _register_bin(app, desk)
    register_queue(app, desk)


def list_table(page: Context) -> pd.DataFrame:
    """Every run: title, name, saved, cost_cny, gap_percent, seconds, state."""
    return pd.DataFrame(
        [
            {
                "title": page.look.title(entry.title),
                "run": entry.id,
                "date": entry.saved,
                "cost_cny": entry.objective_cny,
                "gap_percent": None if entry.gap is None else 100 * entry.gap,
                "seconds": entry.wall_s,
            }
            for entry in page.desk.runs.entries()
        ]
    )


TABLES = {"list": list_table}


def _register_list(app: Dash, desk: Desk) -> None:
    @callback(app, Output("runs-grid", "dashGridOptions"), Input("runs-search", "value"), prevent_initial_call=True)
    def search(words: str | None) -> dict[str, Any]:
        return {"quickFilterText": words or ""}

    @callback(
        app,
        Output("runs-open", "disabled"),
        Output("runs-compare", "disabled"),
        Output("runs-delete", "disabled"),
        Input("runs-grid", "selectedRows"),
        prevent_initial_call=True,
    )
    def choose(rows: list[dict[str, Any]] | None) -> tuple[bool, bool, bool]:
        count = len(rows or [])
        return count != 1, not 2 <= count <= 4, count == 0 or role() != RUN

    @callback(
        app,
        Output("url", "href"),
        Input("runs-open", "n_clicks"),
        Input("runs-compare", "n_clicks"),
        State("runs-grid", "selectedRows"),
        State("url", "pathname"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def go(_: int, __: int, rows: list[dict[str, Any]] | None, pathname: str, search: str) -> Any:
        chosen = [row["id"] for row in rows or []]
        page = desk.context(pathname, search)
        if not chosen or not ctx.triggered[0]["value"]:
            return no_update
        if ctx.triggered_id == "runs-open":
            return page.link("/", run=chosen[0])
        return page.link("/compare", run=chosen[0], against=chosen[1], runs=",".join(chosen))

    @callback(
        app,
        Output("runs-changed", "data"),
        Input("runs-grid", "cellValueChanged"),
        prevent_initial_call=True,
    )
    def rename(changes: list[dict[str, Any]] | None) -> Any:
        if role() != RUN:
            return no_update
        for change in changes or []:
            if change.get("colId") == "title":
                with suppress(KeyError):  # another reader has deleted it meanwhile
                    desk.runs.rename(change["data"]["id"], str(change["value"] or ""))
        return f"renamed at {time.time()}"


def _register_bin(app: Dash, desk: Desk) -> None:
    @callback(
        app,
        Output("runs-grid", "rowData"),
        Output("runs-bin", "children"),
        Output("runs-count", "data"),
        Input("runs-delete", "n_clicks"),
        Input({"type": "runs-restore", "run": ALL}, "n_clicks"),
        Input("runs-changed", "data"),
        State("runs-grid", "selectedRows"),
        State("url", "pathname"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def bin_(
        _: int, __: list[int], ___: Any, rows: list[dict[str, Any]] | None, pathname: str, search: str
    ) -> tuple[Any, Any, Any]:
        page, cause = desk.context(pathname, search), ctx.triggered_id
        if not ctx.triggered[0]["value"]:
            return no_update, no_update, no_update
        if role() == RUN and cause == "runs-delete":
            for row in rows or []:
                with suppress(KeyError):  # another reader was faster
                    desk.runs.delete(row["id"])
        elif role() == RUN and isinstance(cause, dict):
            with suppress(KeyError):
                desk.runs.restore(cause["run"])
        return _rows(page), _bin(page), len(desk.runs.entries())


def _grid(page: Context, may: bool) -> Component:
    money, right = {"function": "params.data.cost"}, {"textAlign": "right"}
    columns = [
        {"field": "title", "headerName": page.t("column.title"), "flex": 3, "minWidth": 240, "editable": may},
        {"field": "saved", "headerName": page.t("runs.saved"), "flex": 1, "minWidth": 175,
         "valueFormatter": {"function": "params.data.when"}, "sort": "desc"},
        {"field": "cost_cny", "headerName": page.t("brief.card.cost"), "flex": 1, "minWidth": 130,
         "valueFormatter": money, "cellStyle": right},
        {"field": "gap", "headerName": page.t("axis.gap"), "width": 110,
         "valueFormatter": {"function": "params.data.gap_said"}, "cellStyle": right},
        {"field": "wall_s", "headerName": page.t("column.seconds"), "width": 120,
         "valueFormatter": {"function": "params.data.seconds_said"}, "cellStyle": right},
        {"field": "status_said", "headerName": page.t("runs.status"), "flex": 2, "minWidth": 200},
    ]  # fmt: skip
    return html.Div(
        dag.AgGrid(
            id="runs-grid",
            rowData=_rows(page),
            columnDefs=columns,
            getRowId="params.data.id",
            defaultColDef={"sortable": True, "resizable": True},
            dashGridOptions={
                "rowSelection": {"mode": "multiRow", "enableClickSelection": True},
                "domLayout": "autoHeight",
                "localeText": {key: page.t(f"list.{key}") for key in LIST} | {"noRowsToShow": page.t("runs.none")},
                "stopEditingWhenCellsLoseFocus": True,
                "pagination": True,
                "paginationPageSize": 20,
                "suppressPaginationPanel": len(page.desk.runs.entries()) <= 20,
            },
            style={"width": "100%", "height": None},
        ),
        **{"data-ag-theme-mode": page.look.theme},
    )


def _rows(page: Context) -> list[dict[str, Any]]:
    return [_row(page, entry) for entry in page.desk.runs.entries()]


def _row(page: Context, entry: Entry) -> dict[str, Any]:
    """Numbers to sort by beside the words to show."""
    look = page.look
    return {
        "id": entry.id, "title": look.title(entry.title), "saved": entry.saved, "when": look.minute(entry.saved),
        "cost_cny": entry.objective_cny, "cost": look.quantity(entry.objective_cny, "CNY"),
        "gap": entry.gap, "gap_said": look.percent(entry.gap), "wall_s": entry.wall_s,
        "seconds_said": look.number(entry.wall_s, digits=1), "status_said": look.name("status", entry.status),
    }  # fmt: skip


def _bin(page: Context) -> Component | None:
    deleted = page.desk.runs.entries(deleted=True)
    if not deleted:
        return None
    lines = [
        html.Li(
            [
                f"{page.look.title(entry.title)} · {page.look.minute(entry.saved)} ",
                dmc.Button(
                    page.t("runs.restore"), id={"type": "runs-restore", "run": entry.id}, size="compact-sm",
                    variant="default", disabled=role() != RUN,
                ),
            ]
        )
        for entry in deleted
    ]  # fmt: skip
    return html.Div([html.Strong(page.t("runs.bin")), html.Ul(lines, className="lines")], className="bin")
