"""Derives the embedded tables again from raw files, part by part, and compares them with what is shipped."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from shutil import copy2

from data.evidence import table_folder

TABLE_SUFFIXES = (".csv", ".nc", ".parquet", ".geojson")
PARTS = ("ground", "climate", "power", "network", "demand", "costs")


@dataclass(frozen=True)
class Rebuilt:
    """What a rebuild wrote: table names by part, and those that differ from the shipped bytes."""

    written: dict[str, list[str]]
    differing: list[str]


def rebuild(raw: Path, out: Path, parts: tuple[str, ...] = PARTS) -> Rebuilt:
    """Write every derived table into `out` from the raw files in `raw`; the same bytes on every run.

    Tables typed by hand are copied into `out` first, because a part may read them. Raises FileNotFoundError
    when a part finds a raw file missing.
    """
    if not raw.is_dir():
        raise FileNotFoundError(2, "the folder of raw files does not exist", str(raw))
    out.mkdir(parents=True, exist_ok=True)
    shipped = table_folder()
    for table in shipped.iterdir():
        if table.suffix in TABLE_SUFFIXES and not (out / table.name).exists():
            copy2(table, out / table.name)
    written: dict[str, list[str]] = {}
    for part in parts:
        before = {path.name: path.stat().st_mtime_ns for path in out.iterdir()}
        import_module(f"data.ingest.{part}").rebuild(raw, out)
        written[part] = sorted(path.name for path in out.iterdir() if before.get(path.name) != path.stat().st_mtime_ns)
    names = sorted(name for found in written.values() for name in found)
    return Rebuilt(written, [name for name in names if not _same(out / name, shipped / name)])


def _same(one: Path, other: Path) -> bool:
    return other.is_file() and one.read_bytes() == other.read_bytes()
