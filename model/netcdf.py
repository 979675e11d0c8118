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
LEAST_PACKED = 2048  # bytes; packing fewer saves nothing and takes longer
OF_FORMAT = {"CLASS", "NAME", "REFERENCE_LIST", "DIMENSION_LIST", "dtype"}  # attributes that say how it is stored
NO_VARIABLE = "This is a netCDF dimension but not a netCDF variable.{:10d}"  # the words that netCDF readers know


def write_dataset(path: Path, dataset: xr.Dataset) -> None:
    """Compressed netCDF 4; attributes that netCDF cannot hold are written as JSON.

    Written as HDF5 with dimension scales, a fifth of the time that Dataset.to_netcdf takes for a study's many
    small variables. Raises ValueError for values that are neither numbers, flags nor text.
    """
    with h5py.File(path, "w", track_order=True) as file:
        file.attrs.update(_storable(dataset.attrs))
        stored = {}
        for dim, size in dataset.sizes.items():
            if dim not in dataset.variables:
                stored[str(dim)] = file.create_dataset(str(dim), shape=(size,), dtype=">f4")
                stored[str(dim)].make_scale(NO_VARIABLE.format(size))
        variables = {str(name): dataset.variables[name] for name in (*dataset.coords, *dataset.data_vars)}
        for name, variable in variables.items():
            stored[name] = _write_variable(file, name, variable)
        for name, variable in variables.items():
            for axis, dim in enumerate(variable.dims if variable.dims != (name,) else ()):
                stored[name].dims[axis].attach_scale(stored[str(dim)])


def _write_variable(file: h5py.File, name: str, variable: xr.Variable) -> h5py.Dataset:
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
        stored = file.create_dataset(name, data=values, **(PACKED if values.nbytes > LEAST_PACKED else {}))
    if kind == "f":
        attributes["_FillValue"] = values.dtype.type(np.nan)
    stored.attrs.update(attributes)
    if variable.dims == (name,):
        stored.make_scale(name)
    return stored


def read_dataset(path: Path) -> xr.Dataset:
    """What write_dataset wrote, in memory, in a quarter of the time xarray takes. BadInput when the file is damaged."""
    try:
        with h5py.File(path, "r") as file:
            stored = dict(file.items())
            scales = {one: name for name, one in stored.items() if one.is_scale}
            variables = {name: _read_variable(one, scales) for name, one in stored.items() if not _is_bare(one)}
            return xr.Dataset(variables, attrs=_attributes(file))
    except (OSError, ValueError, KeyError, RuntimeError) as error:
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


def _is_bare(stored: h5py.Dataset) -> bool:
    """Whether it only stands for a dimension that has no labels."""
    return bool(stored.attrs.get("NAME", b"").startswith(NO_VARIABLE.partition("{")[0].encode()))


def _read_variable(stored: h5py.Dataset, scales: Mapping[h5py.Dataset, str]) -> xr.Variable:
    dims = [scales[stored]] if stored in scales else [scales[axis[0]] for axis in stored.dims]
    values = stored.asstr()[()] if h5py.check_string_dtype(stored.dtype) else stored[()]
    if stored.attrs.get("dtype") == "bool":
        values = values.astype(bool)
    return xr.Variable(dims, values, _attributes(stored))


def _attributes(stored: h5py.Group | h5py.Dataset) -> dict[str, Any]:
    """What somebody said of it; numbers as Python's own."""
    names = [name for name in stored.attrs if name not in OF_FORMAT and name[0] != "_"]
    given = {name: stored.attrs[name] for name in names}
    return {name: value.item() if getattr(value, "size", 0) == 1 else value for name, value in given.items()}


def _storable(attributes: Mapping[Any, Any]) -> dict[str, Any]:
    plain = (str, int, float)
    return {
        str(name): value if isinstance(value, plain) and not isinstance(value, bool) else json.dumps(value, default=str)
        for name, value in attributes.items()
    }
