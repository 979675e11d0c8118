"""What a site costs with given halls and load, many at once: grid steps and contracts follow, nothing is solved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from model.problem import Problem

Array = np.ndarray[Any, Any]
SWEEPS = 3
PLACES_AT_ONCE = 128
CAPITAL = frozenset({
    "land_capital", "fibre_capital", "site_opex", "site_life", "hall_capital", "hall_life", "hall_opex",
    "grid_step_capital", "grid_life",
})  # fmt: skip
PHYSICS = frozenset({
    "overhead_power", "marginal_power", "it_profile", "contract_delivery", "peak_overhead", "peak_marginal",
    "water_use", "green_share",
})  # fmt: skip


@dataclass(frozen=True)
class Holding:
    """What stands and runs at V places; a place is a site of the instance and may come more than once.

    site V, is_open V × T, built and kept V × H × T, hosted V × W × H × T (MW), contract V × E × T (MW),
    steps V × T, policy V × T (GWh/a under a policy tariff).
    """

    site: Array
    is_open: Array
    built: Array
    kept: Array
    hosted: Array
    contract: Array
    steps: Array
    policy: Array

    def at(self, chosen: Array) -> Holding:
        """Some of the places."""
        return Holding(**{name: value[chosen] for name, value in self.__dict__.items()})


def facility_of(x: Problem, held: Holding) -> Array:
    """Facility load, V × S × T, MW."""
    halls = held.built + held.kept
    load: Array = x.overhead_power[held.site].swapaxes(1, 2) @ halls
    profile = x.it_profile[held.site].swapaxes(1, 2)
    for h in np.flatnonzero(held.hosted.any(axis=(0, 1, 3))):
        load += x.marginal_power[held.site, h][:, :, None] * (profile @ held.hosted[:, :, h])
    return load


def _supplied(delivery: Array, contract: Array) -> Array:
    """What contracts deliver, V × S × Y × T, MW, from V × E × S × Y and V × E × T."""
    places, sources, slices, years = delivery.shape
    flat: Array = delivery.reshape(places, sources, -1).swapaxes(1, 2) @ contract
    return flat.reshape(places, slices, years, -1)


def connected(x: Problem, held: Holding) -> Holding:
    """With as many grid steps as the design peak asks for; more than permitted are found by `fits`."""
    peak = _peaks(x, held).max(axis=1)
    short = np.maximum(0.0, peak - x.grid_existing[held.site, None])
    steps = np.ceil(short / x.grid_step_size[held.site, None] - 1e-9)
    first = (held.is_open > 0) & (x.grid_existing[held.site] == 0)[:, None]
    return replace(held, steps=np.maximum.accumulate(np.maximum(steps, first), axis=1))


def contracted_best(x: Problem, held: Holding, years: Array | None = None) -> Holding:
    """With the contracts that cost least, found one source after the other; `years` weighs hydrological years.

    Along one source the cost is convex and bends where the contract covers the load of a slice and year, so
    the best amount is where what the next MW saves no longer pays for it.
    """
    if not len(held.site):
        return held
    contracts = [_contracts(x, part, years) for part in _few_places_each(held)]
    return replace(held, contract=np.concatenate(contracts))


def _few_places_each(held: Holding) -> Iterator[Holding]:
    """The places in order, as many at once as a processor's cache can hold the hours of."""
    for first in range(0, len(held.site), PLACES_AT_ONCE):
        yield held.at(np.arange(first, min(first + PLACES_AT_ONCE, len(held.site))))


def _contracts(x: Problem, held: Holding, years: Array | None) -> Array:
    """The contracts that cost least, V × E × T."""
    load = facility_of(x, held)
    delivery, weight = x.contract_delivery, x.year_hours[None, :, :, None] * x.energy_value
    if years is not None:  # one mean year stands for all
        delivery, weight = (delivery @ years)[..., None], weight.sum(axis=2, keepdims=True)
    delivery, weight = delivery[held.site], weight[held.site]
    carbon = x.contract_carbon[None, :, None] * x.carbon_price
    price = (x.contract_price + carbon)[held.site] * x.contract_expected[held.site][:, :, None]
    limit = (
        np.where(held.built.sum(axis=1) + held.kept.sum(axis=1) > 0, 1.0, 0.0)[:, None] * x.contract_limit[held.site]
    )
    contract: Array = np.minimum(held.contract, limit)
    moving = np.flatnonzero(limit.any(axis=(1, 2)))
    for _ in range(SWEEPS):
        if not len(moving):
            break
        found = _each_in_turn(*(array[moving] for array in (load, delivery, weight, price, limit, contract)))
        moved = (found != contract[moving]).any(axis=(1, 2))
        contract[moving] = found
        moving = moving[moved]
    return contract


def _each_in_turn(load: Array, delivery: Array, weight: Array, price: Array, limit: Array, contract: Array) -> Array:
    """One sweep through the sources, V × E × T: each at its best beside the others as they stand."""
    for e in np.flatnonzero(limit.any(axis=(0, 2))):
        others = _supplied(np.delete(delivery, e, axis=1), np.delete(contract, e, axis=1))
        left = np.maximum(0.0, load[:, :, None] - others)
        contract[:, e] = _cheapest(left, delivery[:, e], weight, price[:, e], limit[:, e])
    return contract


def _cheapest(left: Array, delivery: Array, weight: Array, price: Array, limit: Array) -> Array:
    """The contract up to which the next MW pays, at most the limit, V × T.

    left V × S × Y × T, delivery V × S × Y, weight like left, price and limit V × T.
    """
    places, periods = price.shape
    bends = np.divide(left, delivery[..., None], out=np.zeros_like(left), where=delivery[..., None] > 1e-9)
    saves = (weight * delivery[..., None]).reshape(places, -1, periods)
    bends = bends.reshape(places, -1, periods)
    best = np.where(np.where(bends > limit[:, None], saves, 0.0).sum(axis=1) > price, limit, 0.0)
    unsure = (best == 0) & (limit > 0) & (saves.sum(axis=1) > price)  # neither all of it nor nothing
    if unsure.any():
        ways, gains = bends.swapaxes(1, 2)[unsure], saves.swapaxes(1, 2)[unsure]
        best[unsure] = _crossing(ways, gains, price[unsure])
    found: Array = np.minimum(best, limit)
    return found


def _crossing(bends: Array, saves: Array, price: Array) -> Array:
    """Where what the next MW saves, summed from the farthest bend, passes its price, N; bends and saves N × S·Y."""
    order = np.argsort(-bends, axis=1, kind="stable")
    pays = np.cumsum(np.take_along_axis(saves, order, axis=1), axis=1) > price[:, None]
    at = np.take_along_axis(order, np.argmax(pays, axis=1)[:, None], axis=1)
    return np.where(pays.any(axis=1), np.take_along_axis(bends, at, axis=1)[:, 0], 0.0)


@dataclass(frozen=True)
class Amounts:
    """What places use in a year, before anything is priced.

    missing V × S × Y × T (MW that contracts leave to the grid), delivered V × E × T (MWh), peaks V × T (MW, all
    months), water V × T (m3), certificates V × T (GWh).
    """

    missing: Array
    delivered: Array
    peaks: Array
    water: Array
    certificates: Array


def amounts_of(x: Problem, held: Holding) -> Amounts:
    """What each place uses; of the fields of `x` only those of PHYSICS matter."""
    site, load = held.site, facility_of(x, held)
    missing = load[:, :, None] - _supplied(x.contract_delivery[site], held.contract)
    np.maximum(0.0, missing, out=missing)
    per_load = np.einsum("vhs,vws,s->vwh", x.water_use[site], x.it_profile[site], x.slice_hours, optimize=True)
    return Amounts(
        missing, held.contract * x.contract_expected[site][:, :, None], _peaks(x, held).sum(axis=1),
        np.einsum("vwh,vwht->vt", per_load, held.hosted),
        certificates(x, held, load) if x.has("green_share") else np.zeros(held.is_open.shape),
    )  # fmt: skip


def cost_of(x: Problem, held: Holding, moved: frozenset[str] | None = None, amounts: Amounts | None = None) -> Array:
    """Present cost of each place, V, CNY, network and law apart; with `moved` only what those fields price.

    `amounts` are those of the places, where they are known already.
    """
    if amounts is None and len(held.site) > PLACES_AT_ONCE:
        return np.concatenate([cost_of(x, part, moved) for part in _few_places_each(held)])
    total = np.zeros(len(held.site))
    if moved is None or moved & CAPITAL:
        total += _capital(x, held)
    if moved is None or moved - CAPITAL:
        total += _running(x, held, amounts or amounts_of(x, held))
    return total


def _capital(x: Problem, held: Holding) -> Array:
    site, years = held.site, x.year_weight

    def new(standing: Array) -> Array:
        return np.diff(standing, axis=-1, prepend=0.0)

    opening = (x.land_capital + x.fibre_capital)[site, None] * x.capital_charge(float(x.site_life)) * new(held.is_open)
    halls = (x.hall_capital[site] * x.capital_charge(x.hall_life)[None] * new(held.built)).sum(axis=1)
    grid = x.grid_step_capital[site, None] * x.capital_charge(float(x.grid_life)) * new(held.steps)
    staff = x.site_opex[site, None] * held.is_open * years
    upkeep = np.einsum("vh,vht->vt", x.hall_opex[site], held.built + held.kept) * years
    total: Array = (opening + halls + grid + staff + upkeep).sum(axis=1)
    return total


def _running(x: Problem, held: Holding, used: Amounts) -> Array:
    site = held.site
    value = (x.year_hours[None, :, :, None] * x.energy_value)[site]
    carbon = x.contract_carbon[None, :, None] * x.carbon_price
    yearly = (
        np.einsum("vsyt,vsyt->vt", used.missing, value)
        + (used.delivered * (x.contract_price + carbon)[site]).sum(axis=1)
        + x.demand_charge[site, None] * used.peaks
        + x.water_price[site, None] * used.water
    )
    if x.has("certificate_price") and x.has("green_share"):
        yearly = yearly + used.certificates * 1e3 * np.nan_to_num(x.certificate_price[site])
    if x.has("policy_discount"):
        yearly = yearly - held.policy * 1e3 * np.nan_to_num(x.policy_discount[site])
    total: Array = (yearly * x.year_weight).sum(axis=1)
    return total


def certificates(x: Problem, held: Holding, load: Array) -> Array:
    """Green certificates that a place needs beside its contracts, V × T, GWh/a."""
    need = np.nan_to_num(x.green_share[held.site])[:, None] * np.einsum("vst,s->vt", load, x.slice_hours)
    green = (held.contract * x.contract_expected[held.site][:, :, None]).sum(axis=1)
    short: Array = np.maximum(0.0, need - green) / 1e3
    return short


def fits(x: Problem, held: Holding) -> Array:
    """Flags, V: plot, opening times, hall types, grid connection, water permit, ceiling and contracts are kept."""
    site, built = held.site, held.built
    size = x.hall_size * x.hall_utilisation_limit
    halls, load = built + held.kept, held.hosted.sum(axis=1)
    good = ((built * x.hall_size[None, :, None]).sum(axis=1) <= x.plot_limit[site, None] * (1 + 1e-9)).all(axis=1)
    good &= ((built == 0) | (x.new_halls_limit[site][:, :, None] > 0)).all(axis=(1, 2))
    good &= ((held.is_open == 0) | x.open_allowed[site] | x.has_existing[site, None]).all(axis=1)
    good &= (load <= halls * size[None, :, None] + 1e-6).all(axis=(1, 2))
    good &= (held.steps <= x.grid_steps_allowed[site]).all(axis=1)
    good &= (held.contract <= x.contract_limit[site] + 1e-9).all(axis=(1, 2))
    facility = facility_of(x, held)
    if x.has("water_permit"):
        use = np.einsum(
            "vhs,vws,s,vwht->vt", x.water_use[site], x.it_profile[site], x.slice_hours, held.hosted, optimize=True
        )
        permit = np.where(np.isfinite(x.water_permit), x.water_permit, np.inf)[site]
        good &= (use <= permit[:, None] * (1 + 1e-9)).all(axis=1)
    if x.has("pue_ceiling"):
        it = np.einsum("vws,s,vwht->vt", x.it_profile[site], x.slice_hours, held.hosted, optimize=True)
        ceiling = np.where(np.isfinite(x.pue_ceiling), x.pue_ceiling, np.inf)[site, None]
        met = np.einsum("vst,s->vt", facility, x.slice_hours) <= np.where(it > 0, ceiling * it, np.inf) * (1 + 1e-9)
        good &= met.all(axis=1) | (held.kept > 0).any(axis=(1, 2))
    if x.has("green_share"):
        priced = (
            np.isfinite(x.certificate_price[site]) if x.has("certificate_price") else np.zeros(held.steps.shape, bool)
        )
        good &= (priced | (certificates(x, held, facility) < 1e-6)).all(axis=1)
    if x.has("policy_discount"):
        bought = np.einsum("vst,s->vt", facility, x.slice_hours)
        bought = bought - (held.contract * x.contract_expected[site][:, :, None]).sum(axis=1)
        good &= (held.policy * 1e3 <= bought + 1e-6).all(axis=1) | (held.policy == 0).all(axis=1)
    return np.asarray(good, dtype=bool)


def _peaks(x: Problem, held: Holding) -> Array:
    """Design peak by month, V × 12 × T, MW."""
    idle = np.einsum("vhm,vht->vmt", x.peak_overhead[held.site], held.built + held.kept)
    peak: Array = idle + np.einsum("vhm,vht->vmt", x.peak_marginal[held.site], held.hosted.sum(axis=1))
    return peak
