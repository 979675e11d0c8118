"""Own data on screen: a place to drop each kind of file, its template, what is in use, and every fault in a table."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as NotBase64
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import dash_mantine_components as dmc
import pandas as pd
from dash import ALL, Dash, Input, Output, State, ctx, dcc, html, no_update
from dash.development.base_component import Component
from flask import Response, abort, request

from dashboard.context import Context, Desk
from dashboard.fault_notes import fault_told
from dashboard.guard import RUN, role
from dashboard.lever_controls import candidate_sites
from dashboard.own_data import (
    KINDS,
    MEBIBYTE,
    MOST_FILE_BYTES,
    OwnData,
    OwnFile,
    check_own,
    lies_elsewhere,
    own_data,
    study_with,
    template,
    with_file,
    without_file,
)
from dashboard.panel import table_of
from dashboard.studies import plain_base, told_context
from dashboard.wiring import callback, in_browser, route
from data.errors import BadInput
from data.scenario import Scenario

GROUP = "own"


def own_of(page: Context) -> OwnData | None:
    """The files the address names."""
    return own_data(page.desk.runs.root, page.state.get("own"))


def own_group(page: Context, study: Scenario | None) -> Component:
    """The own data as one of the groups of levers."""
    return dmc.AccordionItem(
        [
            dmc.AccordionControl(page.t("whatif.group.own")),
            dmc.AccordionPanel(own_box(page, study)),
        ],
        value=GROUP,
    )


def own_box(page: Context, study: Scenario | None) -> Component:
    """A row per kind of file; study: whose sites the weather may belong to, None where it cannot be read."""
    own = own_of(page)
    files = own.files if own else ()
    note = page.t("own.note", most=MOST_FILE_BYTES // MEBIBYTE)
    rows = [_kind(page, kind, [file for file in files if file.kind == kind], study) for kind in KINDS]
    return html.Div(
        [
            html.P(note, className="soft small"),
            html.Div(_faults_now(page, study) if own and study else None, id="own-told", role="status"),
            dcc.Store(id="own-named", data=list(KINDS)),
            *rows,
        ],
        className="own-data",
    )


def own_lines(page: Context, own: OwnData | None) -> list[Component]:
    """The files in use, as lines of what is changed."""
    return [
        html.Li([html.Span(_what(page, file)), ": ", html.Strong(file.name)]) for file in (own.files if own else ())
    ]


def register_own(app: Dash, desk: Desk) -> None:
    """Take files in, check and use them, take them back; hand out templates."""
    in_browser(app, "nameUploads", Output("own-named", "id"), Input("own-named", "data"), first=True)

    @callback(
        app,
        Output("own-told", "children"),
        Output("url", "search", allow_duplicate=True),
        Input({"type": "own-file", "kind": ALL}, "contents"),
        State({"type": "own-file", "kind": ALL}, "filename"),
        State("own-weather-site", "value"),
        State("whatif-start", "data"),
        State("url", "pathname"),
        State("url", "search"),
        State("page-state", "data"),
        prevent_initial_call=True,
    )
    def take(
        contents: list[str | None],
        names: list[str | None],
        site: str | None,
        start: str,
        pathname: str,
        search: str,
        told: dict[str, Any] | None,
    ) -> tuple[Any, Any]:
        page = told_context(desk, pathname, search, told, start)
        kinds = [entry["id"]["kind"] for entry in ctx.inputs_list[0]]
        cause = ctx.triggered_id
        if not isinstance(cause, dict) or role() != RUN:
            return page.t("shell.view_only") if role() != RUN else no_update, no_update
        content, name = next(
            (content, name) for kind, content, name in zip(kinds, contents, names, strict=True) if kind == cause["kind"]
        )
        if not content or not name:
            return no_update, no_update
        if cause["kind"] == "weather" and not site:
            return _said(page, page.t("own.weather.site.first")), no_update
        try:
            file = OwnFile(cause["kind"], name, site or "")
            own = with_file(desk.runs.root, own_of(page), file, _decoded(content))
            study = study_with(plain_base(page, start), own)
        except BadInput as error:
            return faults_table(page, error, "own.faults"), no_update
        try:
            check_own(study)
        except BadInput as error:
            if not lies_elsewhere(error, study, own.files[-1].name):
                return faults_table(page, error, "own.faults"), no_update
        return None, _address(page, own)

    # Its first output ties it to this page: buttons that go away with the page must not call it.
    @callback(
        app,
        Output("own-told", "children", allow_duplicate=True),
        Output("url", "search", allow_duplicate=True),
        Input({"type": "own-back", "kind": ALL, "site": ALL}, "n_clicks"),
        State("whatif-start", "data"),
        State("url", "pathname"),
        State("url", "search"),
        State("page-state", "data"),
        prevent_initial_call=True,
    )
    def take_back(
        _: list[int | None], start: str, pathname: str, search: str, told: dict[str, Any] | None
    ) -> tuple[Any, Any]:
        page, cause = told_context(desk, pathname, search, told, start), ctx.triggered_id
        own = own_of(page)
        if not isinstance(cause, dict) or not ctx.triggered[0]["value"] or own is None or role() != RUN:
            return no_update, no_update
        return None, _address(page, without_file(desk.runs.root, own, cause["kind"], cause["site"]))

    @route(app, "/download/template/<kind>.csv")
    def example(kind: str) -> Response:
        if kind not in KINDS:
            abort(404)
        named = {"Content-Disposition": f'attachment; filename="{kind}.csv"'}
        content = template(kind, "zh" if request.args.get("lang") == "zh" else "en")
        return Response(content, headers=named, content_type="text/csv; charset=utf-8")


def _faults_now(page: Context, study: Scenario) -> Component | None:
    """What still keeps the files in use from being solved with."""
    try:
        check_own(study)
    except BadInput as error:
        return faults_table(page, error, "own.unfinished")
    return None


def faults_table(page: Context, error: BadInput, key: str) -> Component:
    """Every fault of what was brought: file, place, what is wrong, what to do."""
    rows = [
        {
            "fault_file": Path(fault.file).name,
            "fault_where": fault.where,
            "fault_problem": fault.problem,
            "fault_remedy": fault.remedy,
        }
        for fault in (fault_told(page.look, each) for each in error.faults)
    ]
    title = page.t(key, count=len(rows))
    return dmc.Alert(table_of(page, pd.DataFrame(rows), title), title=title, color="orange", mb="sm")


def _kind(page: Context, kind: str, files: list[OwnFile], study: Scenario | None) -> Component:
    may = role() == RUN
    endings = KINDS[kind].endings
    upload = dcc.Upload(
        html.Span(page.t("own.choose"), className="upload-label"),
        id={"type": "own-file", "kind": kind},
        accept=",".join(endings),
        disabled=not may,
        className="upload",
        className_active="upload over",
    )
    way = f"/download/template/{kind}.csv?lang={page.look.language}"
    example = html.A(
        page.t("own.template"), href=way, download="", className="download",
        **{"aria-label": page.t("own.template.of", what=page.t(f"own.{kind}"))},
    )  # fmt: skip
    head = html.Div([html.Strong(page.t(f"own.{kind}")), html.Span(" ".join(endings), className="soft small"), example])
    parts: list[Any] = [head, html.P(page.t(f"own.{kind}.note"), className="soft small")]
    if kind == "weather":
        parts.append(_weather_site(page, study))
    parts += [_in_use(page, file, may) for file in files]
    return html.Div([*parts, upload], className="own-kind", role="group", **{"aria-label": page.t(f"own.{kind}")})


def _weather_site(page: Context, study: Scenario | None) -> Component:
    sites = candidate_sites(page, study) if study else {}
    return dmc.Select(
        id="own-weather-site",
        label=page.t("own.weather.site"),
        data=[{"value": site, "label": name} for site, name in sites.items()],
        searchable=True,
        nothingFoundMessage=page.t("panel.empty"),
        size="sm",
        w=260,
    )


def _in_use(page: Context, file: OwnFile, may: bool) -> Component:
    back = dmc.Button(
        page.t("own.back"),
        id={"type": "own-back", "kind": file.kind, "site": file.site},
        size="compact-sm",
        variant="default",
        disabled=not may,
        attributes={"root": {"aria-label": page.t("own.back.of", what=file.name)}},
    )
    site = f" · {page.site(file.site)}" if file.site else ""
    return html.Div([html.Span("✓ ", **{"aria-hidden": "true"}), f"{file.name}{site}", back], className="tools in-use")


def _what(page: Context, file: OwnFile) -> str:
    told = page.t(f"own.{file.kind}")
    return f"{told} · {page.site(file.site)}" if file.site else told


def _said(page: Context, told: str) -> Component:
    return dmc.Alert(told, color="orange", mb="sm")


def _decoded(content: str) -> bytes:
    """The bytes of what the browser sends; nonsense gives nothing, which no reader takes for a file."""
    try:
        return b64decode(content.partition(",")[2], validate=True)
    except (NotBase64, ValueError):
        return b""


def _address(page: Context, own: OwnData | None) -> str:
    kept = {key: value for key, value in page.state.items() if key != GROUP and value != ""}
    return "?" + urlencode(kept | ({GROUP: own.token} if own else {}))
