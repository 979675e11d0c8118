"""Solver vectors to a solution: every decision, every account and what is achieved, in the instance's own names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from model.accounts import ACCOUNTS, NOWHERE
from model.assignment import Assignment
from model.dispatch import State, contracted, facility_load
from model.problem import Problem

Array = np.ndarray[Any, Any]
LEAST_SHARE = 1e-7


@dataclass(frozen=True)
class Plan:
    """Decisions of one plan as arrays in the instance's order; integers are whole."""

    is_open: Array  # I × T
    built: Array  # I × H × T
    kept: Array
    steps: Array  # I × T
    hosted: Array  # I × W × H × T, MW
    contract: Array  # I × E × T, MW
    certificates: Array  # I × T, GWh/a
    policy_uptake: Array  # I × T
    policy_energy: Array  # I × T, GWh/a
    tier: Array  # exporter × tier × T
    ring_fence: Array  # J × T
    share_at: Array  # n × 3: stream, host, period
    share: Array  # n

    @property
    def state(self) -> State:
        """What dispatch reads."""
        return State(self.built + self.kept, self.hosted, self.contract)


def tidied(plan: Plan, a: Assignment) -> Plan:
    """Shares that add up to one exactly, specks dropped, and hosted load that equals what is served."""
    x = a.x
    live = plan.share > LEAST_SHARE
    at, share = plan.share_at[live], plan.share[live].copy()
    left = np.ones((x.size("stream"), x.size("period")))
    np.subtract.at(left, (at[:, 0], at[:, 2]), share)
    # What specks leave goes to the largest share that is not exported: persons abroad are counted one by one.
    exported = a.export_group[at[:, 0], at[:, 1], at[:, 2]] >= 0
    order = np.lexsort((share - 10.0 * exported, at[:, 2], at[:, 0]))
    last = order[np.flatnonzero(np.diff(at[order, 0] * x.size("period") + at[order, 2], append=-1))]
    share[last] += left[at[last, 0], at[last, 2]]
    served = served_load(a, at, share)
    hosted = np.maximum(plan.hosted, 0.0)
    sums = hosted.sum(axis=2)
    scaled = hosted * np.divide(served, sums, out=np.zeros_like(sums), where=sums > 0)[:, :, None]
    return Plan(
        **{
            **plan.__dict__,
            "share_at": at,
            "share": share,
            "hosted": scaled,
            "contract": np.maximum(plan.contract, 0.0),
        }
    )


def served_load(a: Assignment, at: Array, share: Array) -> Array:
    """Load served by site, workload and period, MW."""
    x = a.x
    served = np.zeros((x.size("site"), x.size("workload"), x.size("period")))
    np.add.at(
        served, (x.host_site[at[:, 1]], x.stream_workload_at[at[:, 0]], at[:, 2]), share * x.load[at[:, 0], at[:, 2]]
    )
    return served


def account_costs(plan: Plan, a: Assignment) -> Array:
    """Present cost by account, site (the last is no site) and period, CNY. Its sum is the objective."""
    x = a.x
    cost = np.zeros((len(ACCOUNTS), x.size("site") + 1, x.size("period")))
    book = {name: cost[n, :-1] for n, name in enumerate(ACCOUNTS)}
    _post_capital(book, plan, x)
    _post_running(book, plan, x)
    d, k, t = plan.share_at.T
    load = plan.share * x.load[d, t] * x.year_weight[t]
    unit = a.unit_cost
    for name, rate in (
        ("network", unit["network"][d, k]),
        ("latency", unit["latency"][d, k]),
        ("compliance", unit["compliance"][d, k, t]),
    ):
        np.add.at(book[name], (x.host_site[k], t), load * rate)
    fixed = np.einsum("ekt,ekt->t", plan.tier, x.export_tier_cost) + (plan.ring_fence * x.ring_fence_cost).sum(axis=0)
    cost[ACCOUNTS.index("compliance"), -1] += fixed * x.year_weight
    return cost


def _post_capital(book: dict[str, Array], plan: Plan, x: Problem) -> None:
    def new(standing: Array) -> Array:
        return np.diff(standing, axis=-1, prepend=0.0)

    site_charge = x.capital_charge(float(x.site_life))
    book["land"] += x.land_capital[:, None] * site_charge * new(plan.is_open)
    book["fibre"] += x.fibre_capital[:, None] * site_charge * new(plan.is_open)
    book["halls"] += (x.hall_capital * x.capital_charge(x.hall_life)[None] * new(plan.built)).sum(axis=1)
    book["grid_connection"] += x.grid_step_capital[:, None] * x.capital_charge(float(x.grid_life)) * new(plan.steps)


def _post_running(book: dict[str, Array], plan: Plan, x: Problem) -> None:
    years, state = x.year_weight, plan.state
    book["site_operation"] += x.site_opex[:, None] * plan.is_open * years
    book["hall_operation"] += np.einsum("ih,iht->it", x.hall_opex, state.halls) * years
    missing = (
        np.maximum(0.0, facility_load(x, state)[:, :, None] - contracted(x, plan.contract))
        * x.year_hours[None, :, :, None]
    )
    rationed = x.rationed_share[..., None]
    grid, backup = missing * (1 - rationed), missing * rationed
    book["energy_grid"] += (grid * x.grid_price).sum(axis=(1, 2)) * years
    book["backup"] += backup.sum(axis=(1, 2)) * x.backup_price[:, None] * years
    book["energy_contracts"] += (plan.contract * x.contract_price * x.contract_expected[:, :, None]).sum(axis=1) * years
    book["carbon"] += emissions(x, plan.contract, grid, backup) * x.carbon_price * years
    peaks = np.einsum("ihm,iht->imt", x.peak_overhead, state.halls) + np.einsum(
        "ihm,iwht->imt", x.peak_marginal, plan.hosted, optimize=True
    )
    book["demand_charge"] += x.demand_charge[:, None] * peaks.sum(axis=1) * years
    book["water"] += (
        np.einsum("ihs,iws,s,iwht->it", x.water_use, x.it_profile, x.slice_hours, plan.hosted, optimize=True)
        * x.water_price[:, None]
        * years
    )
    if x.has("certificate_price"):
        book["certificates"] += plan.certificates * 1e3 * np.nan_to_num(x.certificate_price) * years
    if x.has("policy_discount"):
        book["policy_discount"] -= plan.policy_energy * 1e3 * np.nan_to_num(x.policy_discount) * years


def emissions(x: Problem, contract: Array, grid: Array, backup: Array) -> Array:
    """Expected emissions by site and period, t/a, from energy by site, slice, year and period in MWh/a."""
    from_grid = (grid * x.grid_carbon[:, None]).sum(axis=(1, 2)) + backup.sum(axis=(1, 2)) * x.backup_carbon[:, None]
    total: Array = from_grid + np.einsum("iet,ie,e->it", contract, x.contract_expected, x.contract_carbon)
    return total


def as_dataset(plan: Plan, a: Assignment, facts: dict[str, Any]) -> xr.Dataset:
    """The solution Dataset; `facts` become its attributes (status, objective_cny, bound_cny, gap, …)."""
    x = a.x
    d, k, t = plan.share_at.T
    variables: dict[str, tuple[tuple[str, ...], Array, str, str]] = {
        "is_open": (
            ("site", "period"),
            np.where(x.has_existing[:, None], 1, plan.is_open).astype(int),
            "1",
            "site is open",
        ),
        "halls": (("site", "hall_type", "period"), np.round(plan.built + plan.kept).astype(int), "1", "halls standing"),
        "built_halls": (("site", "hall_type", "period"), np.round(plan.built).astype(int), "1", "new halls standing"),
        "kept_halls": (("site", "hall_type", "period"), np.round(plan.kept).astype(int), "1", "existing halls in use"),
        "grid_steps": (("site", "period"), np.round(plan.steps).astype(int), "1", "grid steps standing"),
        "contract": (("site", "energy_source", "period"), plan.contract, "MW", "contracted power"),
        "certificates": (("site", "period"), plan.certificates * 1e3, "MWh/a", "green certificates bought"),
        "policy_uptake": (("site", "period"), np.round(plan.policy_uptake).astype(int), "1", "policy tariff taken up"),
        "policy_energy": (("site", "period"), plan.policy_energy * 1e3, "MWh/a", "energy bought under a policy tariff"),
        "tier": (
            ("exporter", "export_tier", "period"),
            np.round(plan.tier).astype(int),
            "1",
            "transfer tier the exporter is in",
        ),
        "ring_fence": (
            ("jurisdiction", "period"),
            np.round(plan.ring_fence).astype(int),
            "1",
            "ring-fenced local operator runs",
        ),
        "hosted": (("site", "workload", "hall_type", "period"), plan.hosted, "MW", "provisioned IT load by hall type"),
        "assignment_stream": (("assignment",), d.astype(np.int32), "1", "position of the stream"),
        "assignment_site": (("assignment",), x.host_site[k].astype(np.int32), "1", "position of the site"),
        "assignment_mode": (("assignment",), x.host_mode[k].astype(np.int32), "1", "position of the operator mode"),
        "assignment_period": (("assignment",), t.astype(np.int32), "1", "position of the period"),
        "assignment_share": (("assignment",), plan.share, "1", "share of the stream served there"),
        "account_cost": (
            ("account", "account_site", "period"),
            account_costs(plan, a),
            "CNY",
            "present cost by account",
        ),
        **_achieved(plan, x),
    }
    dims = {dim for v in variables.values() for dim in v[0]} - {"assignment", "account", "account_site"}
    dims |= {"stream", "operator_mode"}  # what an assignment speaks of
    coords: dict[str, Any] = {dim: x.instance.variables[dim] for dim in sorted(dims)}
    coords |= {"account": list(ACCOUNTS), "account_site": [*x.labels("site"), NOWHERE]}
    data = {
        name: (dims_, values, {"units": unit, "long_name": meaning})
        for name, (dims_, values, unit, meaning) in variables.items()
    }
    return xr.Dataset(data, coords=coords, attrs=facts)


def _achieved(plan: Plan, x: Problem) -> dict[str, tuple[tuple[str, ...], Array, str, str]]:
    """What the plan achieves by site and period: loads, energies, PUE, water, carbon."""
    at, state = ("site", "period"), plan.state
    load = facility_load(x, state)
    supply = contracted(x, plan.contract)
    hours = x.year_hours[None, :, :, None]
    missing = np.maximum(0.0, load[:, :, None] - supply) * hours
    rationed = x.rationed_share[..., None]
    facility = (load * x.slice_hours[None, :, None]).sum(axis=1)
    it = np.einsum("iws,iwht,s->it", x.it_profile, plan.hosted, x.slice_hours, optimize=True)
    peak = np.einsum("ihm,iht->imt", x.peak_overhead, state.halls) + np.einsum(
        "ihm,iwht->imt", x.peak_marginal, plan.hosted, optimize=True
    )
    water = np.einsum("ihs,iws,s,iwht->it", x.water_use, x.it_profile, x.slice_hours, plan.hosted, optimize=True)
    return {
        "it_load": (at, plan.hosted.sum(axis=(1, 2)), "MW", "provisioned IT load"),
        "it_energy": (at, it, "MWh/a", "IT energy of a year"),
        "facility_energy": (at, facility, "MWh/a", "facility energy of a year"),
        "grid_energy": (at, (missing * (1 - rationed)).sum(axis=(1, 2)), "MWh/a", "expected grid energy"),
        "backup_energy": (at, (missing * rationed).sum(axis=(1, 2)), "MWh/a", "expected energy of own backup plant"),
        "contract_energy": (
            at,
            (np.minimum(load[:, :, None], supply) * hours).sum(axis=(1, 2)),
            "MWh/a",
            "expected contracted energy used",
        ),
        "pue": (
            at,
            np.divide(facility, it, out=np.full_like(it, np.nan), where=it > 0),
            "1",
            "power usage effectiveness of a year",
        ),
        "water": (at, water, "m3/a", "water of a year"),
        "carbon": (
            at,
            emissions(x, plan.contract, missing * (1 - rationed), missing * rationed),
            "t/a",
            "expected emissions",
        ),
        "peak_load": (at, peak.max(axis=1), "MW", "largest monthly design peak"),
    }
