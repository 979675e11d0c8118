"""The cube and the tables of a sweep, gathered from its members as far as they are solved."""

from __future__ import annotations

import os
import time
from pathlib import Path

import xarray as xr

from model.batch.cube import open_cube, write_cube
from model.batch.store import CUBE, DECISIONS, MEMBERS, TABLE, find_sweep, read_record
from model.batch.tables import write_tables


def assemble(folder: Path) -> xr.Dataset:
    """The cube of what is solved so far, opened lazily; its tables are written beside it."""
    begun, sweep = time.time_ns(), read_record(folder)
    write_cube(folder, sweep, write_tables(folder, sweep))
    os.utime(folder / CUBE, ns=(begun, begun))  # members that end while it is written count as newer
    return open_cube(folder)


def is_current(folder: Path) -> bool:
    """Whether cube and tables hold every member solved so far: a sweep ended by force leaves old ones."""
    if not all((folder / name).is_file() for name in (CUBE, TABLE, DECISIONS)):
        return False
    written = (folder / CUBE).stat().st_mtime_ns
    return all(file.stat().st_mtime_ns <= written for file in (folder / MEMBERS).glob("[!.]*.json"))


def open_sweep(sweep: Path | str) -> xr.Dataset:
    """The cube of a sweep, opened lazily: a folder, the beginning of a name in ./sweeps, or `last`.

    Members that are not in it yet, because the sweep still runs or was ended by force, are put into it and
    into the tables first. Raises BadInput when there is no such sweep.
    """
    folder = find_sweep(str(sweep))
    return open_cube(folder) if is_current(folder) else assemble(folder)
