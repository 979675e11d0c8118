"""The instance of a study: every figure the model needs, labelled, with units, checked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from data.admissible import admissible, unservable_streams
from data.catalogue import catalogue_fingerprint, package_version
from data.errors import BadInput, Fault, raise_faults
from data.fields import INSTANCE, MONEY_UNIT, MONEY_YEAR, SETS
from data.frame import make_setting
from data.instance_check import check_instance
from data.scenario import Scenario
from data.scenario.identity import content_hash
from data.scenario.reading import located
from data.setting import Setting

PLAIN_KINDS = "iufbO"  # of labels: numbers and objects
Part = Callable[[Setting], xr.Dataset]

__all__ = ["admissible", "build_instance", "check_instance", "instance_of", "unservable_streams"]


def build_instance(scenario: Scenario, base: Path | None = None) -> xr.Dataset:
    """Every set (as coordinates) and figure (as variables with units, see fields.py) of a study.

    Raises BadInput with every fault of the scenario's own files and of the figures that result.
    """
    return instance_of(make_setting(scenario, base))


def instance_of(setting: Setting) -> xr.Dataset:
    """The instance of a setting: the parts of the data layer side by side, own figures on top, checked."""
    instance = with_own_figures(assembled(figures(setting), setting), setting)
    return check_instance(described(instance, setting.scenario))


def figures(setting: Setting) -> list[xr.Dataset]:
    """The parts of the data layer. Raises BadInput with the faults of all of them."""
    faults: list[Fault] = []

    def made(part: Part) -> xr.Dataset:
        try:
            return part(setting)
        except BadInput as error:
            faults.extend(error.faults)
            return xr.Dataset()

    streams = made(streams_of)
    parts = [labels(setting), streams, *map(made, domains(origins_and_workloads(streams)).values())]
    raise_faults(located(dict.fromkeys(faults), setting.scenario))
    return parts


def streams_of(setting: Setting) -> xr.Dataset:
    """Who asks for what, with the copies that law wants at home."""
    from data.demand import demand
    from data.home_copies import streams_under_law

    return streams_under_law(demand(setting), setting)


def domains(origins: pd.DataFrame | None) -> dict[str, Part]:
    """The other parts by name, imported only when an instance is built.

    origins: which workloads are asked for where (origins_and_workloads); law is about these.
    """
    from data.climate import climate
    from data.costs import costs
    from data.ground import ground
    from data.law import law
    from data.limits import limits
    from data.network import network
    from data.power import power

    def law_of_origins(setting: Setting) -> xr.Dataset:
        return law(setting, origins)

    return {
        "climate": climate, "power": power, "ground": ground, "network": network, "law": law_of_origins,
        "costs": costs, "limits": limits,
    }  # fmt: skip


def moved_setting(setting: Setting, assumed: dict[str, float]) -> Setting:
    """The setting with some assumptions at other values; what does not read them is not worked out again."""
    values = setting.scenario.assumptions | assumed
    scenario = setting.scenario.model_copy(update={"assumptions": values})
    return replace(setting, scenario=scenario, before=setting, moved=frozenset(assumed))


def with_moved_part(instance: xr.Dataset, setting: Setting, part: str) -> xr.Dataset:
    """An instance after assumptions of one part (assumptions_<part>.csv) moved; the setting says where to.

    Only the fields that read them are worked out again: the rest is shared with the instance given.
    """
    moved = moved_fields(instance, setting, part)
    variables = {name: (instance[name].dims, values, instance[name].attrs) for name, values in moved.items()}
    return instance.assign(variables) if moved else instance


def moved_fields(instance: xr.Dataset, setting: Setting, part: str) -> dict[str, np.ndarray[Any, Any]]:
    """The fields of an instance that read the assumptions moved, in the order of their dimensions, at new values."""
    from data.costs import costs
    from data.load_shape import it_profile
    from data.network import network
    from data.power import power_fields

    readers: dict[str, tuple[Callable[[Setting], xr.Dataset | xr.DataArray], ...]] = {
        "costs": (costs,), "ground": (costs,), "network": (network,), "power": (power_fields, it_profile, costs),
    }  # fmt: skip
    moved: dict[str, np.ndarray[Any, Any]] = {}
    for reader in readers[part]:
        found = reader(setting)
        before = None if setting.before is None else reader(setting.before)
        if found is before:
            continue
        fields = found if isinstance(found, xr.Dataset) else found.to_dataset(name=reader.__name__)
        changed = [name for name in fields if not isinstance(before, xr.Dataset) or _differs(fields, before, str(name))]
        ordered = fields[changed] if _in_order(fields, instance) else _ordered(fields[changed], _known_coords(setting))
        for name in changed:
            values = ordered.variables[name].transpose(*INSTANCE[str(name)].dims).to_numpy()
            moved[str(name)] = _with_own(values, str(name), instance, setting)
    return moved


def _differs(fields: xr.Dataset, before: xr.Dataset, name: str) -> bool:
    return not np.array_equal(fields.variables[name].values, before.variables[name].values)


def _in_order(fields: xr.Dataset, instance: xr.Dataset) -> bool:
    """Whether the labels of all dimensions are those of the instance."""
    return all(fields.indexes[dim].equals(instance.indexes[dim]) for dim in fields.dims if dim in fields.indexes)


def origins_and_workloads(streams: xr.Dataset) -> pd.DataFrame | None:
    """Which workloads are asked for where: columns origin and workload; None when the streams have faults."""
    if "stream_origin" not in streams:
        return None
    pairs = {"origin": streams["stream_origin"].to_numpy(), "workload": streams["stream_workload"].to_numpy()}
    return pd.DataFrame(pairs).drop_duplicates(ignore_index=True)


def labels(setting: Setting) -> xr.Dataset:
    """What the setting itself says about slices, sites and hydrological years."""
    sites, slices = setting.sites, setting.slices
    of_site = {
        "site_name": "name", "site_kind": "kind", "site_jurisdiction": "jurisdiction",
        "site_latitude": "latitude", "site_longitude": "longitude", "site_altitude": "altitude_m",
    }  # fmt: skip
    variables: dict[str, Any] = {name: ("site", _plain(sites[column])) for name, column in of_site.items()}
    variables |= {
        "site_province": (
            "site",
            _plain(sites["province"].where(sites["country"] == "CN", sites["country"])),
        ),
        "slice_hours": ("slice", slices["hours"].to_numpy(float)),
        "slice_month": ("slice", slices["month"].to_numpy(int)),
        "slice_block": ("slice", _plain(slices["block"])),
        "hydro_year_probability": ("hydro_year", setting.hydro_years["probability"].to_numpy(float)),
    }
    return xr.Dataset(variables, coords=_known_coords(setting))


def assembled(parts: list[xr.Dataset], setting: Setting) -> xr.Dataset:
    """The parts on common labels in the setting's order, each field in its declared dimensions and kind."""
    known = _known_coords(setting)
    aligned = [_ordered(part, known) for part in parts]
    merged = xr.merge(aligned, join="outer", compat="no_conflicts", combine_attrs="drop")
    coords = {dim: _plain(merged[dim].to_series()) for dim in merged.dims if dim in SETS}
    inside = [name for name in INSTANCE if name in merged]
    outside = [name for name in merged.data_vars if name not in INSTANCE]  # the check names them
    variables = {}
    for name in (*inside, *outside):
        field = INSTANCE.get(str(name))
        array = merged[name]
        if field is not None and set(array.dims) == set(field.dims):
            array = array.transpose(*field.dims)
        variables[str(name)] = (array.dims, _of_kind(array.to_numpy(), str(name)))
    return xr.Dataset(variables, coords=coords)


def with_own_figures(instance: xr.Dataset, setting: Setting) -> xr.Dataset:
    """The instance with the user's own figures of own sites in place of ours; one figure holds all year."""
    if setting.own is None:
        return instance
    result = instance.copy()
    for name in setting.own.figures.columns:
        if _own_figures(name, setting).empty:
            continue
        dims = INSTANCE[name].dims
        shape = tuple(instance.sizes[dim] for dim in dims)
        values = instance[name].to_numpy() if name in instance else np.full(shape, np.nan)
        result[name] = (dims, _with_own(values, name, instance, setting))
    return result


def _own_figures(name: str, setting: Setting) -> pd.Series[Any]:
    """The user's figures of one field by site of the study."""
    if setting.own is None or name not in setting.own.figures:
        return pd.Series(dtype=float)
    given = setting.own.figures[name].dropna()
    return given.loc[given.index.isin(setting.sites.index)]


def _with_own(
    values: np.ndarray[Any, Any], name: str, instance: xr.Dataset, setting: Setting
) -> np.ndarray[Any, Any]:
    """Values of a field in the order of its dimensions, the user's own where there are some."""
    given = _own_figures(name, setting)
    if given.empty:
        return values
    values = values.copy()
    at = instance.indexes["site"].get_indexer(given.index)
    np.moveaxis(values, INSTANCE[name].dims.index("site"), 0)[at] = given.to_numpy(dtype=float).reshape(
        -1, *[1] * (values.ndim - 1)
    )
    return values


def described(instance: xr.Dataset, scenario: Scenario) -> xr.Dataset:
    """The instance with the unit and meaning of every field and what it was made from."""
    for name in instance.data_vars:
        if (field := INSTANCE.get(str(name))) is not None:
            instance[name].attrs = {"units": field.unit, "long_name": field.meaning}
    for dim in instance.dims:
        if str(dim) in SETS:
            instance[dim].attrs = {"long_name": SETS[str(dim)]}
    instance.attrs = {
        "name": scenario.name,
        "title": scenario.title,
        "scenario_hash": content_hash(scenario),
        "catalogue": catalogue_fingerprint(),
        "version": package_version(),
        "money": f"{MONEY_UNIT} of {MONEY_YEAR}",
        "money_year": MONEY_YEAR,
        "base_year": scenario.finance.base_year,
    }
    return instance


def _known_coords(setting: Setting) -> dict[str, np.ndarray[Any, Any]]:
    tables: dict[str, pd.DataFrame] = {
        "site": setting.sites, "hall_type": setting.hall_types, "workload": setting.workloads,
        "origin": setting.origins, "period": setting.periods, "slice": setting.slices,
        "hydro_year": setting.hydro_years,
    }  # fmt: skip
    return {dim: _plain(table.index.to_series()) for dim, table in tables.items()} | {"month": np.arange(1, 13)}


def _ordered(part: xr.Dataset, known: dict[str, np.ndarray[Any, Any]]) -> xr.Dataset:
    """A part with object labels, in the setting's order; labels it lacks stay missing and are found later."""
    indexes = part.indexes
    odd = [str(dim) for dim in part.dims if dim in indexes and indexes[dim].dtype.kind not in PLAIN_KINDS]
    plain = part.assign_coords({dim: _plain(part[dim].to_series()) for dim in odd}) if odd else part
    wrong = {
        dim: labels for dim, labels in known.items()
        if dim in plain.dims and not np.array_equal(plain[dim].to_numpy(), labels)
    }  # fmt: skip
    return plain.reindex(wrong) if wrong else plain


def _plain(series: pd.Series[Any]) -> np.ndarray[Any, Any]:
    """Numbers as they are, everything else as plain objects: netCDF and pandas agree on these only."""
    values = series.to_numpy()
    return values if values.dtype.kind in "iufb" else np.array([*series], dtype=object)


def _of_kind(values: np.ndarray[Any, Any], name: str) -> np.ndarray[Any, Any]:
    """Values in the type of their field where that loses nothing; what does not fit is found by the check."""
    kind = INSTANCE[name].kind if name in INSTANCE else "text"
    if kind == "text":
        return values.astype(object)
    if values.dtype == object and not any(isinstance(value, str) for value in values.ravel()):
        values = values.astype(float)
    if values.dtype.kind in "iufb" and not (values.dtype.kind == "f" and np.isnan(values).any()):
        if kind == "flag" and np.isin(values, (0, 1)).all():
            return values.astype(bool)
        if kind == "integer" and (values == np.round(values)).all():
            return values.astype(np.int64)
    return values.astype(float) if kind in ("number", "integer") and values.dtype.kind in "iufb" else values
