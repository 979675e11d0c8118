"""Named cost accounts that families post to; they add up to the objective."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

ACCOUNTS = (
    "land",
    "fibre",
    "site_operation",
    "halls",
    "hall_operation",
    "grid_connection",
    "energy_grid",
    "backup",
    "energy_contracts",
    "certificates",
    "policy_discount",
    "demand_charge",
    "network",
    "latency",
    "water",
    "carbon",
    "compliance",
)
NOWHERE = "-"  # the site of a cost that no site causes, such as a transfer assessment


def present(variables: Array) -> Array:
    """Flags of the places of an object array that hold a variable."""
    flags: Array = np.asarray(variables != np.array(None), dtype=bool)
    return flags


@dataclass(frozen=True)
class Posting:
    """Costs of one account: per column its site (the number of sites: nowhere), period and CNY a unit."""

    account: str
    site: Array
    period: Array
    columns: list[int]
    cost: Array


@dataclass
class Accounts:
    """Postings of (account, site, period, column, CNY per unit of the column), present value."""

    sites: int
    periods: int
    postings: list[Posting] = field(default_factory=list)

    def post(self, account: str, variables: Array, cost: Array) -> None:
        """Post I × … × T variables (None where absent) with their cost; first axis site, last axis period."""
        self._post(account, variables, cost, None)

    def post_nowhere(self, account: str, variables: Array, cost: Array) -> None:
        """Post … × T variables that belong to no site."""
        self._post(account, variables, cost, self.sites)

    def post_new(self, account: str, cumulative: Array, charge: Array) -> None:
        """Post capital on what is new in each period: `cumulative` stands, `charge` is its cost at that vintage."""
        later = np.zeros_like(charge)
        later[..., :-1] = charge[..., 1:]
        self.post(account, cumulative, charge - later)

    def _post(self, account: str, variables: Array, cost: Array, site: int | None) -> None:
        if account not in ACCOUNTS:
            raise ValueError(f"{account} is not an account; add it to ACCOUNTS")
        cost = np.broadcast_to(cost, variables.shape)
        at = np.nonzero(present(variables) & (cost != 0.0))
        if not len(at[0]):
            return
        where = at[0] if site is None else np.full(len(at[0]), site)
        self.postings.append(Posting(account, where, at[-1], variables[at].tolist(), cost[at].astype(float)))
