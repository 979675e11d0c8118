"""An earlier plan as the beginning of a new search: whole decisions, shares, prices, as far as the study has them."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

from model.problem import Problem
from model.solver.carry import Trace
from model.solver.compiling import Compiled
from model.solver.master import Master
from model.solver.packing import packed, unpacked

Array = np.ndarray[Any, Any]
TYING = "tying_price"
BEGINNING = "beginning"
WHOLE = {
    "is_open": ("site", "period"),
    "built_halls": ("site", "hall_type", "period"),
    "kept_halls": ("site", "hall_type", "period"),
    "grid_steps": ("site", "period"),
    "policy_uptake": ("site", "period"),
    "tier": ("exporter", "export_tier", "period"),
    "ring_fence": ("jurisdiction", "period"),
}


def guide_of(master: Master, start: xr.Dataset) -> Array:
    """Values of the core's columns with the start's whole decisions by name, within the new bounds; 0 elsewhere.

    Sites, types and periods the start does not know are 0: what comes of it need not be a plan, and nothing that is
    certified rests on it.
    """
    core, x = master.core, master.x
    values = np.zeros(len(core.cost))
    for name, dims in WHOLE.items():
        if name not in core.at or name not in start or not set(dims) <= set(start[name].dims):
            continue
        known = start[name].transpose(*dims).reindex({d: x.labels(d) for d in dims}, fill_value=0).to_numpy()
        at = core.at[name]
        values[at[at >= 0]] = known[at >= 0]
    low, high = master.highs.lower[: len(values)], master.highs.upper[: len(values)]
    return np.clip(values, low, high)


def shares_of(master: Master, start: xr.Dataset) -> Array:
    """Flags, D × K × T, of the shares the start has, as far as the study has their stream, site, mode and period."""
    x, flags = master.x, np.zeros(master.have.shape, dtype=bool)
    dims = {"stream": "stream", "site": "site", "mode": "operator_mode", "period": "period"}
    if not {f"assignment_{name}" for name in dims} <= set(start) or not set(dims.values()) <= set(start.coords):
        return flags
    known = start["assignment_share"].to_numpy() > 0
    at = {}
    for name, dim in dims.items():
        new = {str(label): n for n, label in enumerate(x.labels(dim))}
        moved = np.array([new.get(str(label), -1) for label in start[dim].to_numpy()])
        at[name] = moved[start[f"assignment_{name}"].to_numpy()]
        known &= at[name] >= 0
    host = np.full((x.size("site"), x.size("operator_mode")), -1)
    host[x.host_site, x.host_mode] = np.arange(len(x.host_site))
    k = host[at["site"], at["mode"]]
    known &= k >= 0
    flags[at["stream"][known], k[known], at["period"][known]] = True
    return flags


def traces_of(x: Problem, start: xr.Dataset) -> dict[int, Trace]:
    """What the start knew of each of the study's periods; nothing where sites, streams or anything else differ."""
    return unpacked(start[BEGINNING].to_numpy(), x) if BEGINNING in start else {}


def prices_of(core: Compiled, start: xr.Dataset | None) -> Array:
    """What the start says that rows which tie periods cost, by name, one a core row; 0 elsewhere."""
    prices = np.zeros(core.matrix.shape[0])
    if start is not None and TYING in start:
        known = dict(zip(start["tying_row"].to_numpy().astype(str), start[TYING].to_numpy(), strict=True))
        prices[:] = [known.get(name, 0.0) for name in core.row_names]
    return prices


def with_beginning(solution: xr.Dataset, master: Master, prices: Array | None, traces: dict[int, Trace]) -> xr.Dataset:
    """The solution with what another search begins from: who is served, what tying rows cost, each period's basis."""
    told = solution
    if traces:
        attrs = {"units": "1", "long_name": "where another search begins, packed"}
        told = told.assign({BEGINNING: ("beginning_byte", packed(traces, master.x), attrs)})
    at = np.zeros(0, dtype=np.int64) if prices is None else np.flatnonzero(prices)
    if prices is None or not len(at):
        return told
    attrs = {"units": "million CNY per unit of the row", "long_name": "what a row that ties the periods costs"}
    names = np.array([master.core.row_names[n] for n in at], dtype=object)
    return told.assign_coords(tying_row=names).assign({TYING: ("tying_row", prices[at], attrs)})
