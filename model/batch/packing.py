"""A whole plan as a few bytes that are written and read in no time, for other members to start from."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any
from zipfile import BadZipFile

import numpy as np
import xarray as xr

from model.batch.design import plain

CONTENTS = "contents"


def packed(solution: xr.Dataset) -> bytes:
    """A solution as a compressed .npz; netCDF takes longer to write and read than a small study to solve."""
    arrays: dict[str, Any] = {f"{at}": _storable(variable) for at, variable in enumerate(solution.variables.values())}
    names = [[str(name), list(map(str, variable.dims))] for name, variable in solution.variables.items()]
    attrs = {str(name): plain(value) for name, value in solution.attrs.items()}
    contents = json.dumps({"variables": names, "coords": list(map(str, solution.coords)), "attrs": attrs})
    file = BytesIO()
    np.savez_compressed(file, **arrays | {CONTENTS: np.array(contents)})
    return file.getvalue()


def unpacked(plan: bytes | None) -> xr.Dataset | None:
    """The solution that packed was given; a damaged one is none, since a start is only a help."""
    if plan is None:
        return None
    try:
        with np.load(BytesIO(plan), allow_pickle=False) as stored:
            contents = json.loads(str(stored[CONTENTS]))
            variables = {name: (dims, stored[f"{at}"]) for at, (name, dims) in enumerate(contents["variables"])}
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return None
    return xr.Dataset(variables, attrs=contents["attrs"]).set_coords(contents["coords"])


def _storable(variable: xr.Variable) -> np.ndarray[tuple[int, ...], np.dtype[np.generic]]:
    """Texts in a fixed width: an array of objects would need pickle."""
    values = variable.to_numpy()
    return values.astype(str) if values.dtype == object else values
