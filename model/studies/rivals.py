"""How much a change of figures moves money between the hosts of a plan and their rivals: an estimate, no solve."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import xarray as xr

from model.assignment import likely_cost
from model.problem import MONEY, Problem
from model.studies.pricing import plan_of

Array = np.ndarray[Any, Any]
NEAR = 0.10  # hosts dearer than the cheapest by more than this are no rivals of a stream
MIXES = (0.0, 0.7, 1.5, 3.0)  # MW contracted of each source per MW of facility load


@dataclass(frozen=True)
class Rivals:
    """A plan's shares and what each share would likely cost elsewhere, D × K × T; million CNY for a whole share."""

    share: Array
    cost: Array
    near: Array


def rivals_of(instance: xr.Dataset, solution: xr.Dataset) -> Rivals:
    """The shares of a plan and the hosts that come near to them in cost."""
    plan, a = plan_of(instance, solution)
    cost = likely_costs(instance, solution)
    share = np.zeros(cost.shape)
    np.add.at(share, tuple(plan.share_at.T), plan.share)
    near = (cost <= (1 + NEAR) * cost.min(axis=1, keepdims=True)) | (share > 0)
    return Rivals(share, cost, near & a.open_pairs)


def likely_costs(instance: xr.Dataset, solution: xr.Dataset) -> Array:
    """Likely present cost of each share, energy contracts included, D × K × T, million CNY; infinite where barred."""
    _, a = plan_of(instance, solution)
    x = a.x
    facility = (
        (x.it_profile @ x.slice_hours)[:, :, None] * x.marginal_power.mean(axis=2)[:, None, :] / x.slice_hours.sum()
    )
    by_work = np.where(x.can_host.astype(bool)[None], facility, np.inf).min(axis=2)  # I × W
    saved = by_work[:, :, None] * contract_saving(x)[:, None, :] * x.year_weight * MONEY
    each: Array = likely_cost(a) - saved[x.host_site][:, x.stream_workload_at].transpose(1, 0, 2) * x.load[:, None, :]
    return each


def contract_saving(x: Problem) -> Array:
    """What the best of a few mixes of contracts saves a steady MW of facility load, I × T, CNY/(MW·a)."""
    offered = x.contract_limit > 0
    value = x.energy_value * x.year_hours[None, :, :, None]
    carbon = x.contract_carbon[None, :, None] * x.carbon_price
    price = (x.contract_price + carbon) * x.contract_expected[:, :, None]
    plain = value.sum(axis=(1, 2))
    best = plain
    for mix in product(MIXES, repeat=x.size("energy_source")):
        bought = np.where(offered, np.array(mix)[None, :, None], 0.0)  # I × E × T
        supply = np.einsum("iesy,iet->isyt", x.contract_delivery, bought, optimize=True)
        left = (value * np.maximum(0.0, 1.0 - supply)).sum(axis=(1, 2))
        best = np.minimum(best, left + (price * bought).sum(axis=1))
    room = np.maximum(x.plot_limit, x.hall_size.max())[:, None]
    saving: Array = (plain - best) * np.clip(x.contract_limit.sum(axis=1) / room, 0.0, 1.0)
    return saving


def shifts(base: Rivals, moved: Array) -> tuple[float, float]:
    """Money by which the best-placed rivals gain on the plan, CNY: when figures move so, and when the other way.

    Costs that rise alike at the plan's host and at its rivals shift nothing.
    """
    change = np.where(base.near, moved, 0.0) - np.where(base.near, base.cost, 0.0)
    least = np.where(base.near, change, np.inf).min(axis=1)
    most = np.where(base.near, change, -np.inf).max(axis=1)
    here = (base.share * change).sum(axis=1)
    served = base.share.sum(axis=1)
    with_it = (here - served * np.where(served > 0, least, 0.0)).sum()
    against = (served * np.where(served > 0, most, 0.0) - here).sum()
    return float(with_it) / MONEY, float(against) / MONEY
