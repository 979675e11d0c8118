"""Datasets to netCDF files and back, unchanged."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import xarray as xr

from data.errors import BadInput, Fault


def write_dataset(path: Path, dataset: xr.Dataset) -> None:
    """Compressed netCDF; attributes that netCDF cannot hold are written as JSON."""
    storable = dataset.copy()
    storable.attrs = _storable(dataset.attrs)
    packed = {
        name: {"zlib": True, "complevel": 4}
        for name, variable in storable.variables.items()
        if variable.dtype.kind in "fiu" and variable.size > 1
    }
    for name in storable.variables:
        storable[name].attrs = _storable(dataset[name].attrs)
    storable.to_netcdf(path, engine="h5netcdf", encoding=packed)


def read_dataset(path: Path) -> xr.Dataset:
    """A netCDF file of a run, in memory. Raises BadInput when the file is damaged."""
    try:
        with xr.open_dataset(path, engine="h5netcdf") as stored:
            return stored.load()
    except (OSError, ValueError, KeyError) as error:
        raise BadInput(
            [
                Fault(
                    str(path.parent),
                    path.name,
                    f"cannot be read ({error})",
                    "the run is damaged; copy it again or solve again",
                )
            ]
        ) from error


def _storable(attributes: Mapping[Any, Any]) -> dict[str, Any]:
    plain = (str, int, float)
    return {
        str(name): value if isinstance(value, plain) and not isinstance(value, bool) else json.dumps(value, default=str)
        for name, value in attributes.items()
    }
