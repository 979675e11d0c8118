"""Tables users bring: CSV, Excel, GeoJSON or GeoPackage as plain text cells with the user's row numbers."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

import pandas as pd

from data.errors import BadInput, Fault, raise_faults

MAPS = (".geojson", ".gpkg", ".json", ".shp")
SHEETS = (".xlsx", ".xlsm")
SEPARATORS = {".csv": ",", ".txt": ",", ".tsv": "\t"}
COORDINATES = ("latitude", "longitude", "lat", "lon", "lng")


def read_own_table(path: Path) -> pd.DataFrame:
    """All cells as stripped text, empty when missing; the index names rows as the user sees them (`row 7`).

    A map file becomes its attributes with latitude and longitude in WGS 84 (a polygon counts by a point
    inside it). Raises BadInput when the file cannot be read.
    """
    suffix = path.suffix.lower()
    if path.is_dir():
        raise _unreadable(path, "is a folder", "name the file in it")
    if not path.is_file():
        raise _unreadable(path, "does not exist", "paths are relative to the scenario file")
    if suffix in MAPS:
        return _as_text(_read_map(path))
    if suffix in SHEETS:
        table = _read_workbook(path)
    elif suffix in SEPARATORS:
        table = _read_csv(path)
    else:
        raise _unreadable(path, "is of a kind we cannot read", "use CSV, Excel, GeoJSON or GeoPackage")
    text = _as_text(table)
    text = text.loc[(text != "").any(axis=1)]
    if text.empty:
        raise _unreadable(path, "has no rows", "add a header and at least one row")
    return text


def read_own_sheet(path: Path) -> pd.DataFrame:
    """The same for a sheet without places: headers in small letters, missing cells missing, rows by number.

    Raises BadInput when the file cannot be read.
    """
    table = read_own_table(path)
    table.index = pd.Index([int(str(row).split()[-1]) for row in table.index])
    return table.rename(columns=str.lower).replace("", None)


def _read_workbook(path: Path) -> pd.DataFrame:
    from zipfile import BadZipFile

    try:
        table = pd.read_excel(path, dtype=str, keep_default_na=False, engine="openpyxl")
    except (BadZipFile, KeyError, ValueError) as error:
        raise _unreadable(path, "is not an Excel workbook", "save it as .xlsx, or as CSV") from error
    table.index = pd.Index([f"row {number}" for number in range(2, 2 + len(table))])
    return table


def _read_csv(path: Path) -> pd.DataFrame:
    """Cells as text; lines before the header may be comments (#), short rows end in empty cells."""
    reader = csv.reader(StringIO(_decoded(path), newline=""), delimiter=SEPARATORS[path.suffix.lower()])
    rows = [(f"row {reader.line_num}", cells) for cells in reader]
    comments = next((n for n, (_, cells) in enumerate(rows) if cells and not cells[0].startswith("#")), 0)
    header = [name.strip() for name in rows[comments][1]] if rows else []
    if len(header) == 1 and ";" in header[0]:
        raise _unreadable(path, "has its cells separated by semicolons", "separate cells by commas, or save as .xlsx")
    filled = [(row, cells) for row, cells in rows[comments + 1 :] if any(cell.strip() for cell in cells)]
    raise_faults(
        Fault(str(path), row, f"has {len(cells)} cells, the header {len(header)}", "quote cells with commas")
        for row, cells in filled
        if any(cell.strip() for cell in cells[len(header) :])
    )
    padded = [(cells + [""] * len(header))[: len(header)] for _, cells in filled]
    return pd.DataFrame(padded, columns=pd.Index(header, dtype=object), index=[row for row, _ in filled])


def _decoded(path: Path) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return path.read_text(encoding=encoding)
        except UnicodeDecodeError:
            continue
    raise _unreadable(path, "is neither UTF-8 nor GB 18030 text", "save it as UTF-8")


def _read_map(path: Path) -> pd.DataFrame:
    import geopandas  # heavy, and only map files need it

    try:
        features = geopandas.read_file(path)
    except Exception as error:  # each driver raises its own kind
        raise _unreadable(path, f"cannot be read as a map: {error}", "open it in a map viewer first") from error
    if features.empty:
        raise _unreadable(path, "has no features", "add at least one point")
    if features.crs is None:
        raise _unreadable(path, "states no coordinate system", "save it with one, such as EPSG:4326")
    features.index = pd.Index([f"feature {number}" for number in range(1, len(features) + 1)])
    missing = features.index[features.geometry.isna() | features.geometry.is_empty]
    if len(missing):
        raise BadInput(Fault(str(path), where, "has no geometry", "draw it, or remove it") for where in missing)
    points = features.geometry.representative_point().to_crs(4326)
    attributes = pd.DataFrame(features.drop(columns=features.geometry.name))
    shadowed = [name for name in attributes.columns if str(name).lower() in COORDINATES]
    return attributes.drop(columns=shadowed).assign(latitude=points.y.map(repr), longitude=points.x.map(repr))


def _as_text(table: pd.DataFrame) -> pd.DataFrame:
    text = table.astype(object).where(table.notna(), "")
    text.columns = pd.Index([str(name).strip() for name in text.columns], dtype=object)
    return text.map(lambda cell: str(cell).strip())


def _unreadable(path: Path, problem: str, remedy: str) -> BadInput:
    return BadInput([Fault(str(path), "file", problem, remedy)])
