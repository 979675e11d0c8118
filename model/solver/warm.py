"""An earlier plan as the beginning of a new search: its whole decisions, as far as the new study has them."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

from model.solver.master import Master

Array = np.ndarray[Any, Any]
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
