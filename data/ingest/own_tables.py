"""Tables users bring: CSV, Excel, GeoJSON or GeoPackage as plain text cells with the user's row numbers."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pandas as pd

from data.errors import BadInput, Fault

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
    if not path.is_file():
        raise _unreadable(path, "does not exist", "paths are relative to the scenario file")
    if suffix in MAPS:
        return _as_text(_read_map(path))
    if suffix in SHEETS:
        table, header = pd.read_excel(path, dtype=str, keep_default_na=False), 1
    elif suffix in SEPARATORS:
        table, header = _read_csv(path)
    else:
        raise _unreadable(
            path, "is of a kind we cannot read", "use CSV, Excel (.xlsx), GeoJSON or GeoPackage"
        )
    table.index = pd.Index([f"row {number}" for number in range(header + 1, header + 1 + len(table))])
    text = _as_text(table)
    text = text.loc[(text != "").any(axis=1)]
    if text.empty:
        raise _unreadable(path, "has no rows", "add a header and at least one row")
    return text


def _read_csv(path: Path) -> tuple[pd.DataFrame, int]:
    """The table and the number of its header row; lines before the header may be comments (#)."""
    content = _decoded(path)
    lines = content.splitlines()
    comments = next((n for n, line in enumerate(lines) if not line.startswith("#")), len(lines))
    try:
        table = pd.read_csv(
            StringIO(content), dtype=str, keep_default_na=False, sep=SEPARATORS[path.suffix.lower()],
            skiprows=comments, skip_blank_lines=False, skipinitialspace=True, index_col=False,
        )  # fmt: skip
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        problem = str(error).strip().removeprefix("Error tokenizing data. C error: ")
        raise _unreadable(path, problem, "give every row as many cells as the header") from error
    return table, comments + 1


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
        raise _unreadable(
            path, f"cannot be read as a map: {error}", "open it in a map viewer first"
        ) from error
    if features.empty:
        raise _unreadable(path, "has no features", "add at least one point")
    if features.crs is None:
        raise _unreadable(path, "states no coordinate system", "save it with one, such as EPSG:4326")
    features.index = pd.Index([f"feature {number}" for number in range(1, len(features) + 1)])
    missing = features.index[features.geometry.isna() | features.geometry.is_empty]
    if len(missing):
        raise BadInput(
            Fault(str(path), where, "has no geometry", "draw it, or remove it") for where in missing
        )
    points = features.geometry.representative_point().to_crs(4326)
    attributes = pd.DataFrame(features.drop(columns=features.geometry.name))
    shadowed = [name for name in attributes.columns if str(name).lower() in COORDINATES]
    return attributes.drop(columns=shadowed).assign(latitude=points.y.map(repr), longitude=points.x.map(repr))


def _as_text(table: pd.DataFrame) -> pd.DataFrame:
    text = table.astype(object).where(table.notna(), "")
    return pd.DataFrame(
        {str(name).strip(): [str(cell).strip() for cell in text[name]] for name in text.columns},
        index=text.index,
    )


def _unreadable(path: Path, problem: str, remedy: str) -> BadInput:
    return BadInput([Fault(str(path), "file", problem, remedy)])
