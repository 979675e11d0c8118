"""Answers of studies kept in a run's folder: `stress.nc`, `law_cost.nc` and the like, as `--out` writes them too."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import xarray as xr

from dashboard.context import Context
from data.catalogue import catalogue_fingerprint, package_version
from model.netcdf import write_dataset
from model.runs import Run


def answer_of(page: Context, study: str) -> xr.Dataset | None:
    """What a study said of the run shown; None where nobody asked it, or where the file is of another study."""
    return page.kept(_read, study, _stamp(page.run, study)) if page.run is not None else None


def keep_answer(folder: Path, study: str, found: xr.Dataset, seconds: float) -> None:
    """Write an answer into a run's folder, whole or not at all, with when and by what it was worked out."""
    told = found.assign_attrs(
        study=study,
        answered=datetime.now(UTC).isoformat(timespec="seconds"),
        seconds=round(seconds, 1),
        hallsite=package_version(),
        catalogue=catalogue_fingerprint(),
    )
    draft = folder / f".{study}-{os.getpid()}.nc"
    try:
        write_dataset(draft, told)
        draft.replace(folder / f"{study}.nc")
    finally:
        draft.unlink(missing_ok=True)


def _stamp(run: Run, study: str) -> float:
    place = run.path / f"{study}.nc"
    return place.stat().st_mtime if place.is_file() else 0.0


def _read(run: Run, study: str, stamp: float) -> xr.Dataset | None:
    if not stamp:
        return None
    try:
        found = xr.load_dataset(run.path / f"{study}.nc", engine="h5netcdf")
    except (OSError, ValueError):
        return None
    return found if found.attrs.get("study") == study else None
