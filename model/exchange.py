"""A plan for other programs: GeoJSON and GeoPackage, an Excel workbook, and the model as LP or MPS."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from data.errors import BadInput, Fault
from data.fields import INSTANCE
from data.wording import did_you_mean
from model.amounts import finite
from model.printed import ACCOUNT_WORDS
from model.report import by_period, served_streams, sites, transfers
from model.runs import Run
from model.writing import replacing

LATITUDE_LONGITUDE = "EPSG:4326"
UNITS = {
    "it_mw": "MW", "mw": "MW", "cost_cny": "CNY", "energy_cny_per_kwh": "CNY/kWh", "pue": "1",
    "it_mwh": "MWh/a", "facility_mwh": "MWh/a", "water_m3": "m3/a", "carbon_t": "t/a",
    "round_trip_ms": "ms", "halls": "halls", "power": "MW", "latitude": "deg", "longitude": "deg",
}  # fmt: skip


def export_run(run: Run, path: Path) -> Path:
    """Write a run in the format that the ending of `path` names; returns the path.

    .geojson: sites that serve, as points; .gpkg: the same, and halls by site, type and period; .xlsx: a sheet
    per table; .lp and .mps: the complete model. Raises BadInput for another ending.
    """
    write = WRITERS.get(path.suffix.lower())
    if write is None:
        remedy = did_you_mean(path.suffix, WRITERS, f"end it in one of {', '.join(WRITERS)}")
        raise BadInput([Fault(str(path), "file", f"the ending {path.suffix!r} names no format we write", remedy)])
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as draft:
        draft.unlink()  # writers make the file themselves
        write(run, draft)
    return path


def site_points(instance: xr.Dataset, solution: xr.Dataset) -> gpd.GeoDataFrame:
    """A point per site that serves, with its name, first period, load, halls, PUE, prices and cost."""
    table = sites(instance, solution)
    here = list(table.index)
    table["period"] = table["period"].astype(int)
    for period in solution["period"].values:
        at = solution.sel(period=period, site=here)
        table[f"it_mw_{period}"] = at["it_load"].values
        table[f"halls_{period}"] = at["halls"].sum("hall_type").values
    return _located(table.reset_index(), instance)


def hall_points(instance: xr.Dataset, solution: xr.Dataset) -> gpd.GeoDataFrame:
    """A point per site, hall type and period with the halls standing there."""
    return _located(hall_table(solution), instance)


def hall_table(solution: xr.Dataset) -> pd.DataFrame:
    """Columns site, hall_type, period, halls, new (those of them that the plan builds)."""
    counts = solution[["halls", "built_halls"]].to_dataframe().reset_index()
    counts = counts.rename(columns={"built_halls": "new"})
    return counts.loc[counts["halls"] > 0, ["site", "hall_type", "period", "halls", "new"]].reset_index(drop=True)


def tables(run: Run) -> Iterator[tuple[str, pd.DataFrame]]:
    """The sheets of the workbook: name and table, numbers as numbers."""
    instance, solution = run.instance, run.solution
    yield "plan", _facts(run)
    yield "sites", sites(instance, solution).reset_index()
    yield "halls", hall_table(solution)
    yield "years", by_period(instance, solution).rename_axis("period").reset_index()
    yield "bill", _bill(solution, "account_site")
    yield "bill by site", _bill(solution, "account").rename(columns={"account_site": "site"})
    yield "contracts", _contracts(solution)
    yield "served", served_streams(instance, solution)
    yield "transfers", transfers(instance, solution)
    if run.evidence is not None:
        yield "evidence", run.evidence
    yield "units", _units(solution)


def write_workbook(run: Run, path: Path) -> None:
    """An Excel workbook with a sheet per table; a text that begins like a formula stays a text."""
    book = Workbook(write_only=True)
    for name, table in tables(run):
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        for number, column in enumerate(table.columns, start=1):
            longest = max([len(str(column)), *(len(str(value)) for value in table[column].head(200))])
            sheet.column_dimensions[get_column_letter(number)].width = min(60, longest + 2)
        header = [WriteOnlyCell(sheet, str(column)) for column in table.columns]
        for cell in header:
            cell.font = Font(bold=True)
        sheet.append(header)
        for row in table.itertuples(index=False, name=None):
            sheet.append([_cell(sheet, value) for value in row])
    book.save(path)


def write_model(instance: xr.Dataset, path: Path, full: bool = True) -> None:
    """The model as LP or MPS, by the ending; every name tells what it is, such as is_open(gui_an_2026)."""
    from pyomo.opt import ProblemFormat

    from model.full import to_pyomo

    form = ProblemFormat.mps if path.suffix.lower() == ".mps" else ProblemFormat.cpxlp
    # A label read from netCDF is numpy's own text, which Pyomo would spell out as np.str_('gui-an').
    named = instance.assign_coords({dim: _plain_labels(instance, str(dim)) for dim in instance.dims})
    to_pyomo(named, full=full).write(str(path), format=form, io_options={"symbolic_solver_labels": True})


def _write_geojson(run: Run, path: Path) -> None:
    site_points(run.instance, run.solution).to_file(path, layer="sites", driver="GeoJSON")


def _write_geopackage(run: Run, path: Path) -> None:
    site_points(run.instance, run.solution).to_file(path, layer="sites", driver="GPKG")
    hall_points(run.instance, run.solution).to_file(path, layer="halls", driver="GPKG")


WRITERS: dict[str, Callable[[Run, Path], None]] = {
    ".geojson": _write_geojson,
    ".gpkg": _write_geopackage,
    ".xlsx": write_workbook,
    ".lp": lambda run, path: write_model(run.instance, path),
    ".mps": lambda run, path: write_model(run.instance, path),
}


def _located(table: pd.DataFrame, instance: xr.Dataset) -> gpd.GeoDataFrame:
    where = instance[["site_longitude", "site_latitude"]].sel(site=table["site"].to_numpy(object))
    points = gpd.points_from_xy(where["site_longitude"].values, where["site_latitude"].values)
    return gpd.GeoDataFrame(table, geometry=points, crs=LATITUDE_LONGITUDE)


def _plain_labels(instance: xr.Dataset, dim: str) -> tuple[str, Any]:
    labels = instance[dim].values
    return dim, labels if labels.dtype.kind in "iuf" else np.array(labels.tolist(), dtype=object)


def _facts(run: Run) -> pd.DataFrame:
    attrs = run.solution.attrs
    rows: list[tuple[str, Any, str]] = [
        ("study", run.scenario.name, ""),
        ("title", run.scenario.title, ""),
        ("status", str(attrs["status"]), ""),
        ("objective_cny", finite(attrs["objective_cny"]), "CNY, present value"),
        ("bound_cny", finite(attrs["bound_cny"]), "CNY, present value"),
        ("gap", finite(attrs["gap"]), "1"),
        ("wall_s", finite(attrs["wall_s"]), "s"),
    ]
    told = ("content_hash", "catalogue", "saved", "command")
    rows += [(name, run.meta[name], "") for name in told if name in run.meta]
    return pd.DataFrame(rows, columns=["fact", "value", "unit"])


def _bill(solution: xr.Dataset, over: str) -> pd.DataFrame:
    """Present cost by period (columns), summed over sites or over accounts; zero rows are left out."""
    costs = solution["account_cost"].sum(over)
    first = next(str(dim) for dim in costs.dims if dim != "period")
    costs = costs.transpose(first, "period")
    names, periods = list(costs[first].values), [str(period) for period in costs["period"].values]
    table = pd.DataFrame(costs.values, columns=pd.Index(periods))
    table["total"] = table.sum(axis="columns")
    table.insert(0, first, names)
    if first == "account":
        table.insert(1, "meaning", [ACCOUNT_WORDS.get(str(name), str(name)) for name in names])
    return table.loc[table["total"] != 0].reset_index(drop=True)


def _contracts(solution: xr.Dataset) -> pd.DataFrame:
    rows = solution["contract"].to_series().rename("power").reset_index()
    return rows.loc[rows["power"] > 0].reset_index(drop=True)


def _units(solution: xr.Dataset) -> pd.DataFrame:
    known = {str(name): str(v.attrs.get("units", "")) for name, v in solution.data_vars.items()}
    fields = {name: field.unit for name, field in INSTANCE.items()}
    every = {**fields, **known, **UNITS}
    return pd.DataFrame(sorted(every.items()), columns=["quantity", "unit"])


def _cell(sheet: Any, value: Any) -> Any:
    """A number as a number, a text as a text, nothing where a figure is missing."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return finite(value)
    if value is None or isinstance(value, int | bool):
        return value
    cell = WriteOnlyCell(sheet, str(value))
    cell.data_type = "s"
    return cell
