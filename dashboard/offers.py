"""What sites would offer if halls stood there: hall types, load they may serve, and a levelised cost of hosting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from data.admissible import lawful, within_latency
from model.problem import Problem
from model.runs import Run

Array = np.ndarray[Any, Any]
PLOT_USED = 0.5  # of a plot, over which opening a site is spread, as in the solver's first guess of costs
MONTHS = 12


@dataclass(frozen=True)
class Offer:
    """One site in one period, as plain arithmetic on the instance: estimates, not results of a solve.

    hosting: CNY per MW of provisioned IT load and month, by the hall types that can stand. capital: CNY per MW,
    the hall alone. is_open: it may open in the period. near_mw: load within the latency limit; lawful_mw; may_mw:
    both, with a hall type that fits. cheapest_mw: load for which no site would be cheaper, carriage to users
    counted. premium: mean excess over the cheapest site for what it may serve, a share; nan where that is nothing.
    """

    hosting: dict[str, float]
    capital: dict[str, float]
    is_open: bool
    near_mw: float
    lawful_mw: float
    may_mw: float
    cheapest_mw: float
    premium: float

    @property
    def best_type(self) -> str | None:
        """The hall type that hosts at least cost; None where none can stand."""
        return min(self.hosting, key=lambda kind: self.hosting[kind], default=None)


@dataclass(frozen=True)
class Offers:
    """Every site in one period; load: MW of all streams. types: hall types that can be built."""

    load: float
    types: list[str]
    sites: dict[str, Offer]

    def ranking(self) -> list[tuple[str, float]]:
        """Sites that may open and their least hosting cost, cheapest first."""
        costs = {site: min(one.hosting.values()) for site, one in self.sites.items() if one.is_open}
        return sorted(costs.items(), key=lambda entry: entry[1])


def offers(run: Run, period: int) -> Offers:
    """What every site of a run would offer in a period."""
    x = Problem(run.instance)
    t = x.labels("period").index(period)
    types = x.labels("hall_type")
    stands = x.hall_type_allowed & x.hall_buildable[None] & (x.plot_limit[:, None] + 1e-9 >= x.hall_size[None])
    usable = x.hall_size * x.hall_utilisation_limit
    hosting = np.where(stands, _hosting(x, usable, t) / MONTHS, np.nan)
    capital = x.hall_capital[:, :, t] / usable
    is_open = x.site_allowed & x.open_allowed[:, t] & stands.any(axis=1)
    reach = _reach(x, hosting, is_open, t)

    def by_type(values: Array, row: int) -> dict[str, float]:
        return {kind: float(values[row, h]) for h, kind in enumerate(types) if stands[row, h]}

    return Offers(
        load=float(x.load[:, t].sum()),
        types=[kind for kind, buildable in zip(types, x.hall_buildable, strict=True) if buildable],
        sites={
            site: Offer(
                by_type(hosting, row), by_type(capital, row), bool(is_open[row]),
                **{name: float(values[row]) for name, values in reach.items()},
            )
            for row, site in enumerate(x.labels("site"))
        },
    )  # fmt: skip


def _hosting(x: Problem, usable: Array, t: int) -> Array:
    """Yearly cost of a provisioned MW in a new hall with grid energy and the mean profile, I × H, CNY/(MW·a)."""
    halls = (x.hall_capital[:, :, t] * _annuity(x, x.hall_life) + x.hall_opex) / usable
    room = PLOT_USED * np.maximum(x.plot_limit, x.hall_size.max())
    opening = ((x.land_capital + x.fibre_capital) * _annuity(x, float(x.site_life)) + x.site_opex) / room
    profile = x.it_profile.mean(axis=1)  # I × S, as the PUE of the map's layer takes it
    power = x.overhead_power / usable[None, :, None] + x.marginal_power * profile[:, None, :]
    value = np.einsum("isy,sy->is", x.energy_value[..., t], x.year_hours)
    peak = x.peak_overhead / usable[None, :, None] + x.peak_marginal
    step = x.grid_step_capital / x.grid_step_size * _annuity(x, float(x.grid_life))
    water = np.einsum("ihs,is->ih", x.water_use, profile * x.slice_hours) * x.water_price[:, None]
    cost: Array = (
        halls
        + opening[:, None]
        + np.einsum("ihs,is->ih", power, value)
        + x.demand_charge[:, None] * peak.sum(axis=2)
        + step[:, None] * peak.max(axis=2)
        + water
    )
    return cost


def _annuity(x: Problem, life: float | Array) -> Array:
    charge: Array = x.capital_charge(life)[..., 0] / x.charge_years[0]
    return charge


def _reach(x: Problem, hosting: Array, is_open: Array, t: int) -> dict[str, Array]:
    """Loads a site may serve and how dear that would be against each stream's cheapest site."""
    origin, work = x.stream_origin_at, x.stream_workload_at
    near, law = within_latency(x.instance), lawful(x.instance)[:, :, :, t]
    load = x.load[:, t]
    fitting = np.where(x.can_host[:, None, :].astype(bool), hosting[None], np.nan)  # W × I × H
    by_work = np.nanmin(np.where(np.isnan(fitting), np.inf, fitting), axis=2) * MONTHS
    fits = np.isfinite(by_work)[work]
    case = np.where(law, x.transfer_cost[x.stream_case_at[:, None], x.site_jurisdiction_at[None], :, t], np.inf)
    carriage = x.network_cost[origin] * x.traffic[work][:, None] + x.round_trip[origin] * x.latency_value[work][:, None]
    may = near & law.any(axis=2) & fits
    cost = np.where(may, by_work[work] + carriage + case.min(axis=2), np.inf)
    least = np.min(np.where(is_open[None], cost, np.inf), axis=1, keepdims=True)
    compared = may & np.isfinite(least)
    weight = np.where(compared, load[:, None], 0.0)
    own, other = (np.where(compared, amount, 0.0) * weight for amount in (cost, np.broadcast_to(least, cost.shape)))
    with np.errstate(invalid="ignore", divide="ignore"):
        premium = own.sum(axis=0) / other.sum(axis=0) - 1.0
    return {
        "near_mw": load @ near,
        "lawful_mw": load @ law.any(axis=2),
        "may_mw": load @ may,
        "cheapest_mw": load @ (compared & (cost <= least * (1 + 1e-9))),
        "premium": premium,
    }
