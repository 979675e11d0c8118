"""Whether an instance keeps the contract of fields.py, all faults at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import xarray as xr

from data.errors import Fault, raise_faults
from data.fields import INSTANCE, SETS, Field
from data.wording import did_you_mean

FILE = "the instance"
LABELS = {
    "stream_origin": "origin", "stream_workload": "workload", "stream_legal_case": "legal_case",
    "site_jurisdiction": "jurisdiction", "legal_case_exporter": "exporter",
    "export_group_exporter": "exporter", "transfer_group": "export_group",
}  # fmt: skip
HOURS_OF_A_YEAR = 8760.0


def check_instance(instance: xr.Dataset) -> xr.Dataset:
    """The same instance, or BadInput with everything wrong with it.

    A limit (an optional field) may be missing for a site or period: there is none. Everything else is a
    number within its range, a flag, or a label that exists.
    """
    faults = [*_form_faults(instance)]
    sound = {name for name in INSTANCE if name in instance} - {fault.where.split(" ")[0] for fault in faults}
    for name in sorted(sound):
        faults += _value_faults(instance[name], INSTANCE[name])
    faults += _label_faults(instance, sound)
    faults += _sum_faults(instance, sound)
    raise_faults(faults)
    return instance


def _form_faults(instance: xr.Dataset) -> Iterator[Fault]:
    for name in instance.data_vars:
        if name not in INSTANCE:
            yield Fault(FILE, str(name), "is no field we know", did_you_mean(str(name), INSTANCE))
    for dim in instance.dims:
        if dim not in SETS:
            yield Fault(FILE, str(dim), "is no dimension we know", did_you_mean(str(dim), SETS))
        elif dim not in instance.coords:
            yield Fault(FILE, str(dim), "has no labels", "give the dimension a coordinate")
        elif instance.indexes[dim].has_duplicates:
            twice = instance.indexes[dim][instance.indexes[dim].duplicated()][0]
            yield Fault(FILE, str(dim), f"has {twice!r} more than once", "give each its own label")
    for name, field in INSTANCE.items():
        if name not in instance:
            if not field.optional:
                yield Fault(FILE, name, "is missing", f"{field.meaning} ({field.unit or field.kind})")
        elif set(instance[name].dims) != set(field.dims):
            told = ", ".join(str(dim) for dim in instance[name].dims)
            yield Fault(FILE, name, f"has dimensions ({told})", f"it needs ({', '.join(field.dims)})")


def _value_faults(array: xr.DataArray, field: Field) -> Iterator[Fault]:
    values, name = array.to_numpy(), str(array.name)
    if field.kind == "text":
        if not all(isinstance(value, str) for value in values.ravel()):
            wrong = np.array([not isinstance(value, str) for value in values.ravel()]).reshape(values.shape)
            yield _at(array, wrong, "is not text", field)
        return
    if values.dtype == object or not (np.issubdtype(values.dtype, np.number) or values.dtype == bool):
        yield Fault(FILE, name, f"holds {values.dtype} values", f"it needs a {field.kind}")
        return
    if field.kind == "flag":
        if values.dtype != bool:
            yield Fault(FILE, name, f"holds {values.dtype} values", "it needs true or false everywhere")
        return
    missing = np.isnan(values) if values.dtype.kind == "f" else np.zeros(values.shape, bool)
    if missing.any() and not field.optional:
        yield _at(array, missing, "is missing", field)
    if np.isinf(values).any():
        yield _at(array, np.isinf(values), "is infinite", field)
    if field.kind == "integer" and (wrong := ~missing & (values != np.round(values))).any():
        yield _at(array, wrong, "is not a whole number", field)
    if field.lower is not None and (wrong := values < field.lower).any():
        yield _at(array, wrong, f"is below {field.lower:g}", field)
    if field.upper is not None and (wrong := values > field.upper + 1e-9).any():
        yield _at(array, wrong, f"is above {field.upper:g}", field)


def _at(array: xr.DataArray, wrong: np.ndarray[Any, Any], problem: str, field: Field) -> Fault:
    """A fault that says how many values are wrong, where the first one stands and what it is."""
    where = tuple(int(axis[0]) for axis in np.nonzero(wrong))
    labels = ", ".join(f"{dim} {array[dim].to_numpy()[at]}" for dim, at in zip(array.dims, where, strict=True))
    count, total = int(wrong.sum()), wrong.size
    first = f"{array.name} at {labels}" if labels else str(array.name)
    more = f" ({count} of {total} values)" if total > 1 else ""
    value = array.to_numpy()[where]
    told = "" if problem == "is missing" else f"{value!s} "
    return Fault(FILE, first, f"{told}{problem}{more}", f"{field.meaning} in {field.unit or field.kind}")


def _label_faults(instance: xr.Dataset, sound: set[str]) -> Iterator[Fault]:
    for name, dim in LABELS.items():
        if name not in sound or dim not in instance.coords:
            continue
        known = [str(label) for label in instance[dim].to_numpy()]
        used = {str(label) for label in instance[name].to_numpy().ravel()}
        for label in sorted(used - set(known) - ({""} if name == "transfer_group" else set())):
            yield Fault(FILE, name, f"{label!r} is no {dim}", did_you_mean(label, known))


def _sum_faults(instance: xr.Dataset, sound: set[str]) -> Iterator[Fault]:
    for name, total in (("hydro_year_probability", 1.0), ("slice_hours", HOURS_OF_A_YEAR)):
        if name in sound and abs(float(instance[name].sum()) - total) > 1e-6 * total:
            yield Fault(FILE, name, f"sums to {float(instance[name].sum()):g}", f"it must sum to {total:g}")
