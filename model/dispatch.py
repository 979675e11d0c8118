"""The second stage: what energy costs and emits per hydrological year, in closed form.

Contracts are take or pay and nothing is stored, so per site, slice and year contracted energy displaces
min(facility load, contracted) of what the grid would deliver. What that saves in a year (money, CO2) is a concave,
positively homogeneous function of halls, hosted load and contracts: a supergradient is a row through the origin.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from model.problem import Problem

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class State:
    """First-stage decisions that dispatch reads.

    halls I × H × T, hosted I × W × H × T (MW), contract I × E × T (MW).
    """

    halls: Array
    hosted: Array
    contract: Array


@dataclass(frozen=True)
class Slopes:
    """Yearly amount per unit of each decision, by site and period. Shapes as in State."""

    halls: Array
    hosted: Array
    contract: Array


def facility_load(x: Problem, state: State) -> Array:
    """Facility load by site, slice and period, MW."""
    idle = np.einsum("ihs,iht->ist", x.overhead_power, state.halls)
    load: Array = idle + np.einsum("iwhs,iwht->ist", x.hosted_power, state.hosted, optimize=True)
    return load


def contracted(x: Problem, contract: Array) -> Array:
    """Contracted delivery by site, slice, hydrological year and period, MW."""
    delivery: Array = np.einsum("iesy,iet->isyt", x.contract_delivery, contract, optimize=True)
    return delivery


def weights(x: Problem, purpose: str) -> Array:
    """What a missing MW adds up to in a year, I × S × Y × T: `bill` in CNY/MW, `emissions` in t/MW."""
    hours = x.year_hours[None, :, :, None]
    if purpose == "bill":
        price: Array = hours * x.energy_value
        return price
    rationed = x.rationed_share[..., None]
    intensity = (1 - rationed) * x.grid_carbon[:, None] + rationed * x.backup_carbon[:, None, None, None]
    carbon: Array = hours * intensity
    return carbon


def grid_only(x: Problem, weight: Array) -> Slopes:
    """The yearly amount if the grid delivered everything: linear in halls and load."""
    by_slice = weight.sum(axis=2)  # I × S × T
    return Slopes(
        halls=np.einsum("ist,ihs->iht", by_slice, x.overhead_power, optimize=True),
        hosted=np.einsum("ist,iwhs->iwht", by_slice, x.hosted_power, optimize=True),
        contract=np.zeros((x.size("site"), x.size("energy_source"), x.size("period"))),
    )


def displaced_load(x: Problem, state: State) -> Array:
    """Facility load that contracts cover, I × S × Y × T, MW."""
    return np.minimum(facility_load(x, state)[:, :, None, :], contracted(x, state.contract))
