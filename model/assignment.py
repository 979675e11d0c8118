"""Who is served from where, as arrays: one column per stream, host and period, priced all at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from model.families.transfers import PERSONS, export_group_at
from model.problem import MONEY, Problem

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Prices:
    """Duals of the rows a share meets; the last four None where no such rows exist.

    demand D × T, served I × W × T, export D × G × T (persons), apart group × zone × T, ring D × J × T, link D × I × T
    (only rows of replicated streams, told at the first stream of the group).
    """

    demand: Array
    served: Array
    export: Array | None = None
    apart: Array | None = None
    ring: Array | None = None
    link: Array | None = None


@dataclass(frozen=True)
class Assignment:
    """Costs and reduced costs of every admissible share, D × K × T, K the hosts of the problem."""

    x: Problem

    @cached_property
    def open_pairs(self) -> Array:
        """Flags, D × K × T: the share may exist."""
        return self.x.admissible[:, self.x.host_site, self.x.host_mode]

    @cached_property
    def unit_cost(self) -> dict[str, Array]:
        """Yearly cost of a provisioned MW by account: network and latency D × K, compliance D × K × T; CNY/(MW·a)."""
        x = self.x
        origin, work = x.stream_origin_at, x.stream_workload_at
        cost = x.transfer_cost[x.stream_case_at[:, None], x.site_jurisdiction_at[x.host_site][None], x.host_mode[None]]
        return {
            "network": (x.network_cost[origin] * x.traffic[work][:, None])[:, x.host_site],
            "latency": (x.round_trip[origin] * x.latency_value[work][:, None])[:, x.host_site],
            "compliance": np.where(self.open_pairs, cost, 0.0),
        }

    @cached_property
    def cost(self) -> Array:
        """Present cost of a whole share, D × K × T, million CNY."""
        unit = (self.unit_cost["network"] + self.unit_cost["latency"])[:, :, None] + self.unit_cost["compliance"]
        return unit * (self.x.load * self.x.year_weight * MONEY)[:, None, :]

    @cached_property
    def export_group(self) -> Array:
        """Export group a share counts to, D × K × T, −1 for none."""
        return export_group_at(self.x)[:, self.x.host_site, self.x.host_mode]

    @cached_property
    def people(self) -> Array:
        """Thousand persons behind each stream, D × T."""
        return self.x.people * PERSONS

    @cached_property
    def host_zone(self) -> Array:
        """Zone of each host, K."""
        return self.x.site_zone_at[self.x.host_site]

    @cached_property
    def replicated(self) -> Array:
        """Flags, D: the stream has replicas that must be apart."""
        return np.bincount(self.x.stream_group)[self.x.stream_group] > 1

    @cached_property
    def leader(self) -> Array:
        """The first stream of each stream's group of replicas, D."""
        _, first, group = np.unique(self.x.stream_group, return_index=True, return_inverse=True)
        leader: Array = first[group]
        return leader

    @cached_property
    def ring_jurisdiction(self) -> Array:
        """Jurisdiction whose ring-fenced operator a host needs, K; −1 for none."""
        fenced = np.array([mode == "ring_fenced" for mode in self.x.labels("operator_mode")])
        return np.where(fenced[self.x.host_mode], self.x.site_jurisdiction_at[self.x.host_site], -1)

    def reduced_cost(self, prices: Prices) -> Array:
        """Reduced cost of every share, D × K × T, million CNY; infinite where the share may not exist."""
        x = self.x
        capacity = prices.served[x.host_site][:, x.stream_workload_at].transpose(1, 0, 2)  # D × K × T
        reduced = self.cost - prices.demand[:, None, :] + x.load[:, None, :] * capacity
        if prices.export is not None:
            d, k, t = np.nonzero(self.export_group >= 0)
            reduced[d, k, t] -= self.people[d, t] * prices.export[d, self.export_group[d, k, t], t]
        if prices.apart is not None:
            rows = np.flatnonzero(self.replicated)
            reduced[rows] -= prices.apart[x.stream_group[rows]][:, self.host_zone]
        if prices.link is not None:
            rows = np.flatnonzero(self.replicated)
            reduced[rows] -= prices.link[self.leader[rows]][:, x.host_site]
        if prices.ring is not None:
            fenced = np.flatnonzero(self.ring_jurisdiction >= 0)
            reduced[:, fenced] -= prices.ring[:, self.ring_jurisdiction[fenced]]
        return np.where(self.open_pairs, reduced, np.inf)


def likely_cost(a: Assignment) -> Array:
    """Present cost of each share if every site were half full, D × K × T, million CNY; infinite where not allowed."""
    hosting = hosting_cost(a.x).min(axis=2)[a.x.host_site][:, a.x.stream_workload_at].transpose(1, 0, 2)
    return np.where(a.open_pairs, a.cost + hosting * a.x.load[:, None, :], np.inf)


def cheapest(cost: Array, count: int) -> Array:
    """Flags of the `count` cheapest finite hosts of each stream and period, D × K × T."""
    count = min(count, cost.shape[1])
    flags = np.zeros(cost.shape, dtype=bool)
    np.put_along_axis(flags, np.argpartition(cost, count - 1, axis=1)[:, :count], True, axis=1)
    return flags & np.isfinite(cost)


def hosting_cost(x: Problem) -> Array:
    """Present cost of a provisioned MW if the site were half full, I × W × H × T, million CNY/MW; infinite if unfit."""
    new = (x.new_halls_limit > 0)[:, :, None] & x.open_allowed[:, None, :]
    capital = np.where(new, x.hall_capital * x.capital_charge(x.hall_life)[None], 0.0)
    standing = capital + x.hall_opex[:, :, None] * x.year_weight
    opening = (x.land_capital + x.fibre_capital)[:, None] * x.capital_charge(float(x.site_life)) + x.site_opex[
        :, None
    ] * x.year_weight
    room = np.maximum(x.plot_limit, x.hall_size.max()) / 2
    per_hall = standing / (x.hall_size * x.hall_utilisation_limit)[None, :, None]
    value = np.einsum("isyt,sy->ist", x.energy_value, x.year_hours)
    energy = np.einsum("iwhs,ist->iwht", x.hosted_power, value, optimize=True)
    idle = np.einsum("ihs,ist->iht", x.overhead_power / (x.hall_size * x.hall_utilisation_limit)[None, :, None], value)
    running = (
        energy + idle[:, None] + (x.demand_charge[:, None] * x.peak_marginal.sum(axis=2))[:, None, :, None]
    ) * x.year_weight
    total = (
        per_hall[:, None]
        + running
        + np.where(x.has_existing, 0.0, 1.0)[:, None, None, None] * (opening / room[:, None])[:, None, None]
    )
    fits = x.can_host.astype(bool)[None, :, :, None] & x.hall_usable[:, None]
    cost: Array = np.where(fits, total, np.inf) * MONEY
    return cost
