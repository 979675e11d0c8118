"""What a plan's halls need and get in a year, from the instance and the decisions alone: a part of the audit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

Array = np.ndarray[Any, Any]


def labels_of(ds: xr.Dataset, name: str) -> Array:
    """Labels of a dimension, or a text field."""
    return ds.variables[name].to_numpy()


def in_order(ds: xr.Dataset, name: str, *dims: str) -> Array:
    """Values of a field in an order of its dimensions."""
    return ds.variables[name].transpose(*dims).to_numpy()


def optional(ds: xr.Dataset, name: str, *dims: str) -> Array:
    """The same of a field that may be left out or empty in places: 0 there."""
    return np.nan_to_num(in_order(ds, name, *dims)) if name in ds.variables else np.zeros([ds.sizes[d] for d in dims])


@dataclass(frozen=True)
class Energy:
    """What a plan needs and gets in a year: `grid` and `backup` I × S × Y × T and `contracted` I × E × T in MWh.

    facility and it I × T in MWh, water I × T in m3, carbon I × T in t, peaks I × T in MW, all months.
    """

    grid: Array
    backup: Array
    contracted: Array
    facility: Array
    it: Array
    water: Array
    carbon: Array
    peaks: Array

    @classmethod
    def of(cls, instance: xr.Dataset, solution: xr.Dataset) -> Energy:
        """From halls, hosted load and contracts, slice by slice and year by year."""
        by_slice = ("site", "hall_type", "slice")
        overhead, marginal, water = (
            in_order(instance, name, *by_slice) for name in ("overhead_power", "marginal_power", "water_use")
        )
        halls = in_order(solution, "halls", "site", "hall_type", "period")
        hosted = in_order(solution, "hosted", "site", "workload", "hall_type", "period")
        profile, hours = (
            in_order(instance, "it_profile", "site", "workload", "slice"),
            in_order(instance, "slice_hours", "slice"),
        )
        work = profile.swapaxes(1, 2)[:, None] @ hosted.swapaxes(1, 2)  # I × H × S × T
        load = np.einsum("ihs,iht->ist", overhead, halls) + np.einsum("ihs,ihst->ist", marginal, work)
        delivery = in_order(instance, "contract_delivery", "site", "energy_source", "slice", "hydro_year")
        contract = in_order(solution, "contract", "site", "energy_source", "period")
        chance = np.multiply.outer(hours, in_order(instance, "hydro_year_probability", "hydro_year"))
        short = np.maximum(load[:, :, None] - np.einsum("iesy,iet->isyt", delivery, contract, optimize=True), 0)
        short *= chance[None, :, :, None]
        rationed = in_order(instance, "rationed_share", "site", "slice", "hydro_year")[..., None]
        months = ("site", "hall_type", "month")
        per_hall, per_load = (
            in_order(instance, f"peak_{name}", *months).sum(axis=2) for name in ("overhead", "marginal")
        )
        grid, backup = short * (1 - rationed), short * rationed
        contracted = np.einsum("iesy,sy->ie", delivery, chance)[..., None] * contract
        of_backup, of_contract = (
            in_order(instance, "backup_carbon", "site"),
            in_order(instance, "contract_carbon", "energy_source"),
        )
        of_grid = in_order(instance, "grid_carbon", "site", "hydro_year", "period")
        return cls(
            grid=grid,
            backup=backup,
            contracted=contracted,
            facility=np.einsum("ist,s->it", load, hours),
            it=np.einsum("ihst,s->it", work, hours),
            water=np.einsum("ihs,ihst->it", water * hours, work),
            carbon=(grid.sum(axis=1) * of_grid).sum(axis=1)
            + of_backup[:, None] * backup.sum(axis=(1, 2))
            + np.einsum("iet,e->it", contracted, of_contract),
            peaks=np.einsum("ih,iht->it", per_hall, halls) + np.einsum("ih,iht->it", per_load, hosted.sum(axis=1)),
        )
