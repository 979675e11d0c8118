"""Files to take away: tables of panels, and a run's study, Datasets and report, each with its provenance."""

from __future__ import annotations

import json
from collections.abc import Mapping
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import pandas as pd
from dash import Dash
from flask import Response, abort, request, send_file

from dashboard.answers import answer_of
from dashboard.context import Context, Desk
from dashboard.pages import pages, study_pages
from dashboard.wiring import route
from dashboard.words import words
from model.amounts import finite
from model.runs import Run

RUN_FILES = {
    "scenario.yaml": "application/yaml",
    "instance.nc": "application/x-netcdf",
    "solution.nc": "application/x-netcdf",
    "report.txt": "text/plain; charset=utf-8",
    "evidence.csv": "text/csv; charset=utf-8",
    "run.json": "application/json",
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def register_downloads(app: Dash, desk: Desk) -> None:
    """Add the addresses under /download; runs are found by id, never by a path."""

    @route(app, "/download/<owner>/<name>.<suffix>")
    def table(owner: str, name: str, suffix: str) -> Response:
        page = desk.context(f"/{owner}", f"?{urlencode(request.args.to_dict())}")
        make = getattr(pages().get(owner), "TABLES", {}).get(name)
        if make is None or suffix not in ("csv", "xlsx"):
            abort(404)
        facts = provenance(page) | _of_study(page, owner) | {"table": page.t(f"{owner}.{name}")}
        content = as_csv(make(page), page, facts) if suffix == "csv" else as_xlsx(make(page), page, facts)
        kind = "text/csv; charset=utf-8" if suffix == "csv" else XLSX
        return _attachment(content, f"{facts.get('run', 'hallsite')}-{owner}-{name}.{suffix}", kind)

    @route(app, "/download/run/<identifier>/<file>")
    def run_file(identifier: str, file: str) -> Response:
        entry = desk.runs.entry(identifier)
        if entry is None:
            abort(404)
        if file == "sites.geojson":
            content = as_geojson(desk.runs.open(identifier)).encode()
            return _attachment(content, f"{identifier}-{file}", "application/geo+json")
        kinds = RUN_FILES | {f"{study}.nc": RUN_FILES["solution.nc"] for study in study_pages()}
        if file not in kinds or not (desk.runs.folder(identifier) / file).is_file():
            abort(404)
        place = (desk.runs.folder(identifier) / file).resolve()
        return send_file(place, kinds[file], as_attachment=True, download_name=f"{identifier}-{file}")


def provenance(page: Context) -> dict[str, str]:
    """Where the figures of a table come from."""
    if page.run is None:
        return {}
    meta = page.run.meta
    return {
        "study": page.look.title(str(meta["title"] or meta["name"])),
        "run": page.run.path.name,
        "saved": str(meta["saved"]),
        "gap": str(meta["gap"]),
        "hallsite": str(meta["versions"]["hallsite"]),
        "catalogue": str(meta["catalogue"]),
        "study hash": str(meta["content_hash"]),
        "money": page.t("fact.money.value"),
    }


def _of_study(page: Context, owner: str) -> dict[str, str]:
    """When and by what the answer of a study was worked out; nothing for a table of the run itself."""
    study = next((one for one in study_pages().values() if one.id == owner), None)
    found = answer_of(page, study.name) if study else None
    if study is None or found is None:
        return {}
    told = {"seconds": "study took, s", "hallsite": "study by hallsite", "catalogue": "study by catalogue"}
    facts = {"asked": study.name, "answered": str(found.attrs.get("answered", ""))}
    return facts | {words: str(found.attrs[name]) for name, words in told.items() if name in found.attrs}


def as_csv(table: pd.DataFrame, page: Context, facts: Mapping[str, str]) -> bytes:
    """Provenance as lines that begin with #, then the table under headings that hold the units."""
    head = "".join(f"# {page.look.name('fact', key)}: {value}\n" for key, value in facts.items())
    body = _headed(table, page).to_csv(index=False, lineterminator="\n")
    return ("\ufeff" + head + body).encode()


def as_xlsx(table: pd.DataFrame, page: Context, facts: Mapping[str, str]) -> bytes:
    """A workbook with the table on one sheet and its provenance on another."""
    book = BytesIO()
    with pd.ExcelWriter(book, engine="openpyxl") as writer:
        _headed(table, page).to_excel(writer, sheet_name=page.t("fact.sheet"), index=False)
        rows = [(page.look.name("fact", key), value) for key, value in facts.items()]
        told = pd.DataFrame(rows, columns=[page.t("fact.key"), page.t("fact.value")])
        told.to_excel(writer, sheet_name=page.t("fact.provenance"), index=False)
    return book.getvalue()


def as_geojson(run: Run) -> str:
    """Sites that serve, as points with their load, PUE, price and cost."""
    from model.report import sites

    table = sites(run.instance, run.solution)
    longitude, latitude = (run.instance[f"site_{name}"].to_series() for name in ("longitude", "latitude"))
    features = [
        {
            "type": "Feature",
            "id": site,
            "geometry": {
                "type": "Point",
                "coordinates": [round(float(longitude[site]), 5), round(float(latitude[site]), 5)],
            },
            "properties": {key: finite(value) if isinstance(value, float) else value for key, value in row.items()},
        }
        for site, row in zip(table.index.astype(str), table.to_dict("records"), strict=True)
    ]
    told = {"run": run.path.name, "catalogue": run.meta["catalogue"], "units": "MW, CNY of 2025, CNY/kWh"}
    return json.dumps({"type": "FeatureCollection", "provenance": told, "features": features}, ensure_ascii=False)


def _headed(table: pd.DataFrame, page: Context) -> pd.DataFrame:
    """Headings in words, and texts that a spreadsheet would run as a formula made harmless."""
    names = {name: page.t(f"column.{name}") for name in table.columns if f"column.{name}" in words()}
    return table.map(_harmless).rename(columns=names)


def _harmless(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def _attachment(content: bytes, name: str, kind: str) -> Response:
    return send_file(BytesIO(content), kind, as_attachment=True, download_name=name)
