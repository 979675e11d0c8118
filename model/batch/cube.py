"""All members of a sweep as one labelled cube on disk, written one member at a time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5netcdf
import h5py
import numpy as np
import xarray as xr

from data.scenario.paths import scenario_paths
from model.batch.design import described, plain
from model.batch.outcome import no_outcome
from model.batch.record import MEMBER, Member, Record
from model.batch.store import CUBE, kept
from model.writing import replacing

Array = np.ndarray[Any, Any]


@dataclass
class Layout:
    """What the outcomes have in common: labels along each dimension, dims and attributes of variables."""

    labels: dict[str, list[Any]]
    dims: dict[str, tuple[str, ...]]
    attrs: dict[str, dict[str, Any]]
    texts: set[str]

    def note(self, found: xr.Dataset) -> None:
        """Take the labels and variables of one more outcome into account."""
        for dim in map(str, found.dims):
            known = self.labels.setdefault(dim, [])
            known += [label for label in found[dim].values.tolist() if label not in known]
        for name, variable in found.data_vars.items():
            self.dims.setdefault(str(name), tuple(map(str, variable.dims)))
            self.attrs.setdefault(str(name), {str(key): value for key, value in variable.attrs.items()})
            if variable.dtype.kind in "OUT":
                self.texts.add(str(name))

    def coordinate(self, dim: str) -> Array:
        """Labels along a dimension: numbers rise, names stay in the order they were met."""
        return coordinate(sorted(self.labels[dim]) if _numeric(self.labels[dim]) else self.labels[dim])


def outcomes(folder: Path, sweep: Record) -> Iterator[tuple[Member, xr.Dataset]]:
    """Every member with its outcome, one in memory at a time."""
    for member in sweep.members:
        found = kept(folder, member.key)
        yield member, no_outcome("pending", "not solved yet") if found is None else found


def write_cube(folder: Path, sweep: Record, layout: Layout) -> None:
    """Write cube.nc of what is solved so far; memory holds one member at a time.

    Dimensions: the axes of a grid (or `member`, with a coordinate per key), then those of the solution. A
    member without a plan is nan in every number and has its status and reason; one not solved yet is
    `pending`.
    """
    with replacing(folder / CUBE) as draft, h5netcdf.File(draft, "w") as file:
        coordinates = _coordinates(sweep)
        coordinates |= {dim: ((dim,), layout.coordinate(dim)) for dim in layout.labels}
        inner = {dim: len(labels) for dim, labels in layout.labels.items()}
        file.dimensions = dict(zip(sweep.dims, sweep.shape, strict=True)) | inner
        meaning, figures = scenario_paths(), dict[str, Any]()
        for name, (along, values) in coordinates.items():
            _variable(file, name, along, values.dtype, {"long_name": meaning.get(name, "")})[...] = values
        for name, dims in layout.dims.items():
            kind = np.dtype(object) if name in layout.texts else np.dtype(float)
            figures[name] = _variable(file, name, (*sweep.dims, *dims), kind, layout.attrs[name], len(dims))
        for member, found in outcomes(folder, sweep):
            aligned = found.reindex({dim: coordinates[str(dim)][1] for dim in found.dims})
            for figure, variable in aligned.data_vars.items():
                figures[str(figure)][member.place] = variable.values
        file.attrs.update(_provenance(sweep))


def open_cube(folder: Path) -> xr.Dataset:
    """The cube of a sweep folder; values are read when they are asked for."""
    return xr.open_dataset(folder / CUBE, engine="h5netcdf")


def coordinate(values: list[Any]) -> Array:
    """Values as an array of numbers, or of texts where one is not a number."""
    if _numeric(values):
        return np.array(values)
    return np.array([value if isinstance(value, str) else json.dumps(plain(value)) for value in values], dtype=object)


def _coordinates(sweep: Record) -> dict[str, tuple[tuple[str, ...], Array]]:
    if sweep.design.kind == "grid":
        return {a.path: ((a.path,), coordinate([plain(value) for value in a.values])) for a in sweep.design.axes}
    listed = {path: [plain(m.changes.get(path, "")) for m in sweep.members] for path in sweep.design.paths}
    found: dict[str, tuple[tuple[str, ...], Array]] = {MEMBER: ((MEMBER,), np.arange(len(sweep.members)))}
    return found | {path: ((MEMBER,), coordinate(values)) for path, values in listed.items()}


def _variable(
    file: h5netcdf.File,
    name: str,
    dims: tuple[str, ...],
    kind: np.dtype[Any],
    attrs: dict[str, Any],
    inner: int = 0,
) -> Any:
    """A variable of texts, or of numbers that are nan until written; a member's figures are one chunk."""
    if kind.kind in "OUT":
        created = file.create_variable(name, dims, dtype=h5py.string_dtype())
    elif inner:
        sizes = [file.dimensions[dim].size for dim in dims]
        chunks = tuple([1] * (len(dims) - inner) + sizes[-inner:])
        created = file.create_variable(name, dims, dtype=kind, fillvalue=np.nan, chunks=chunks, compression="gzip")
    else:
        created = file.create_variable(name, dims, dtype=kind)
    created.attrs.update({key: value for key, value in attrs.items() if value != ""})
    return created


def _provenance(sweep: Record) -> dict[str, Any]:
    facts = {
        "title": f"sweep {sweep.name} of {sweep.title or sweep.scenario}",
        "scenario": sweep.scenario,
        "scenario_hash": sweep.scenario_hash,
        "identity": sweep.identity,
        "design": json.dumps(described(sweep.design)),
        "versions": json.dumps(dict(sweep.versions)),
        "money": "CNY of 2025, present value",
    }
    aside = "" if sweep.design.kind == "grid" else " ".join(sweep.design.paths)
    return facts | ({"coordinates": aside} if aside else {})


def _numeric(values: list[Any]) -> bool:
    return all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
