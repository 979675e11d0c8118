"""Datasets to netCDF files and back, unchanged."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import xarray as xr

from data.errors import BadInput, Fault

PACKED = {"compression": "gzip", "compression_opts": 4, "shuffle": True}
NO_VARIABLE = "This is a netCDF dimension but not a netCDF variable.{:10d}"  # the words that netCDF readers know


def write_dataset(path: Path, dataset: xr.Dataset) -> None:
    """Compressed netCDF 4; attributes that netCDF cannot hold are written as JSON.

    Written as HDF5 with dimension scales, a fifth of the time that Dataset.to_netcdf takes for a study's many
    small variables. Raises ValueError for values that are neither numbers, flags nor text.
    """
    names = [str(name) for name in (*dataset.coords, *dataset.data_vars)]
    with h5py.File(path, "w", track_order=True) as file:
        file.attrs.update(_storable(dataset.attrs))
        for dim, size in dataset.sizes.items():
            if dim not in dataset.variables:
                file.create_dataset(str(dim), shape=(size,), dtype=">f4").make_scale(NO_VARIABLE.format(size))
        for name in names:
            _write_variable(file, name, dataset.variables[name])
        for name in names:
            dims = dataset.variables[name].dims
            for axis, dim in enumerate(dims if dims != (name,) else ()):
                file[name].dims[axis].attach_scale(file[str(dim)])


def _write_variable(file: h5py.File, name: str, variable: xr.Variable) -> None:
    """One variable as xarray reads it: flags as small integers that say so, missing numbers as NaN.

    Raises ValueError for values that are neither numbers nor flags nor text.
    """
    values, attributes = variable.to_numpy(), _storable(variable.attrs)
    kind = values.dtype.kind
    if kind in "OU":
        if not all(isinstance(value, str) for value in values.flat):
            raise ValueError(f"{name} holds values that are neither numbers nor text")
        stored = file.create_dataset(name, data=values.astype(object), dtype=h5py.string_dtype())
    elif kind == "b":
        stored = file.create_dataset(name, data=values.astype(np.int8))
        attributes["dtype"] = "bool"
    else:
        stored = file.create_dataset(name, data=values, **(PACKED if values.size > 1 else {}))
    if kind == "f":
        attributes["_FillValue"] = values.dtype.type(np.nan)
    stored.attrs.update(attributes)
    if variable.dims == (name,):
        stored.make_scale(name)


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
