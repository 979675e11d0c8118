"""How a provisioned megawatt is used over the slices of a year, and where work that can wait goes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import xarray as xr

from data.evidence import assumptions, read_table
from data.once import once_per_setting
from data.setting import Setting

Array = npt.NDArray[np.float64]

HOURS_OF_DAY = 24


@once_per_setting
def it_profile(setting: Setting) -> xr.DataArray:
    """Mean IT load per provisioned load [site, workload, slice]; what can wait fills the host's cheap blocks.

    The energy of a month is the same at every site; only its place in the day differs.
    """
    from data.power import block_price_order

    price, natural = block_price_order(setting).to_numpy(), _natural(setting)
    fill_limit = assumptions(setting.scenario.assumptions)["demand_fill_limit"]
    profile = np.empty((len(setting.sites), *natural.shape))
    hours = setting.slices["hours"].to_numpy(dtype=float)
    share = setting.workloads["deferrable_share"].to_numpy(dtype=float)
    month = setting.slices["month"].to_numpy()
    for at in (np.flatnonzero(month == one) for one in dict.fromkeys(month.tolist())):
        profile[:, :, at] = shift_to_cheap_blocks(natural[:, at], hours[at], price[:, at], share, fill_limit)
    labels = (setting.sites.index, setting.workloads.index, setting.slices.index)
    coords = {ids.name: ids.to_numpy(dtype=object) for ids in labels}
    return xr.DataArray(profile, coords=coords, dims=list(coords))


@once_per_setting
def _natural(setting: Setting) -> Array:
    return natural_profile(setting, assumptions(setting.scenario.assumptions)["demand_power_swing"])


def natural_profile(setting: Setting, power_swing: float) -> Array:
    """Mean IT load per provisioned load [workload, slice] before anything is shifted.

    utilisation · (1 + power_swing · (shape − 1)), the shape averaged over the hours of the block.
    """
    table = read_table("demand_profiles.csv")
    shapes = table.pivot_table(index="profile", columns="hour", values="shape")
    hourly = shapes.loc[setting.workloads["profile"]].to_numpy(dtype=float)
    blocks = zip(setting.slices["first_hour"], setting.slices["last_hour"], strict=True)
    in_block = np.stack([hourly[:, first:last].mean(axis=1) for first, last in blocks], axis=1)
    utilisation = setting.workloads["utilisation"].to_numpy(dtype=float)[:, None]
    return np.asarray(utilisation * (1 + power_swing * (in_block - 1)), dtype=np.float64)


def shift_to_cheap_blocks(
    natural: Array, hours: Array, price: Array, deferrable_share: Array, fill_limit: float
) -> Array:
    """One month's load [site, workload, block], its deferrable energy filled in from the cheapest block up.

    natural [workload, block] per provisioned load; hours [block]; price [site, block]; deferrable_share
    [workload]. A block is filled to `fill_limit`, or to its natural load where that is higher already.
    Energy is conserved. A site whose blocks all cost the same keeps the natural load.

    >>> shifted = shift_to_cheap_blocks(
    ...     np.array([[0.5, 0.5]]), np.array([8.0, 16.0]), np.array([[1.0, 2.0]]), np.array([0.3]), 0.95)
    >>> [round(float(load), 3) for load in shifted[0, 0]]
    [0.8, 0.35]
    """
    order = np.argsort(price, axis=1, kind="stable")
    firm = natural * (1 - deferrable_share[:, None])
    room = (np.maximum(fill_limit, natural) - firm) * hours
    waiting = (natural - firm) @ hours
    room_in_order = np.take_along_axis(room[None], order[:, None, :], axis=2)
    before = np.cumsum(room_in_order, axis=2) - room_in_order
    placed_in_order = np.clip(waiting[None, :, None] - before, 0.0, room_in_order)
    placed = np.zeros_like(placed_in_order)
    np.put_along_axis(placed, np.broadcast_to(order[:, None, :], placed.shape), placed_in_order, axis=2)
    shifted = firm + placed / hours
    one_price = np.ptp(price, axis=1) <= 1e-9
    return np.asarray(np.where(one_price[:, None, None], natural, shifted), dtype=np.float64)
