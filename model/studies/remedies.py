"""What moving a lever means: in a sentence, in an instance, and in the keys of a scenario."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from model.amounts import figures, money, percent
from model.studies.freed import FAR, with_open_law
from model.studies.levers import Move
from model.studies.loosened import LEAST_SERVED
from model.studies.requirements import named, words

if TYPE_CHECKING:
    from data.scenario import Scenario

Array = np.ndarray[Any, Any]
CLOSING = ("domestic_only", "forbidden", "local_operator")
ENDLESS = 1e12


def told(instance: xr.Dataset, move: Move, near: str = "") -> str:
    """The move in a few words, such as `allow 4 ms for enterprise (Zhangjiakou)`."""
    what = words(move.lever.partition("/")[2])
    value, extra = move.value, float(move.extra.sum())
    sites = named(instance, _flags(instance, move.sites)) if len(move.sites) else ""
    return {
        "latency": lambda: f"allow {value:g} ms for {what}{f' ({near})' if near else ''}",
        "forbid": lambda: f"allow {sites}",
        "ground": lambda: f"allow {sites} in spite of the ground",
        "lead": lambda: f"let {sites} open from the first period",
        "hall-types": lambda: f"permit every hall type at {sites}",
        "plots": lambda: f"enlarge the plots of {sites} by {figures(extra)} MW in all",
        "grid": lambda: f"connect {extra:.0f} more grid steps in time at {sites}",
        "water": lambda: f"permit {figures(extra * 1e3)} m3 of water a year more at {sites}",
        "forced": lambda: f"do not insist on {instance['site_name'].sel(site=move.lever.partition('/')[2]).item()}",
        "capital": lambda: f"allow {money(value)} of capital in a period",
        "carbon": lambda: f"allow {figures(value)} t of carbon a year",
        "site": lambda: f"allow {value:.0f} open sites",
        "pue": lambda: f"raise the PUE ceilings by {value:.3g}",
        "green": lambda: f"ask for {percent(value)} of the green shares" if value else "ask for no green share",
        "law": lambda: f"lift the rules of law that close {what}",
        "persons": lambda: f"lift the limit on persons exported ({what})",
        "replicas": lambda: f"let replicas of {what} share a hazard zone",
        "demand": lambda: f"serve {percent(value)} of the demand",
    }[move.kind]()


def moved(instance: xr.Dataset, moves: Iterable[Move]) -> xr.Dataset:
    """The instance with the moves made."""
    for move in moves:
        instance = _APPLY[move.kind](instance, move)
    return instance


def _flags(instance: xr.Dataset, sites: Array) -> Array:
    flags = np.zeros(instance.sizes["site"], dtype=bool)
    flags[sites] = True
    return flags


def _at(instance: xr.Dataset, sites: Array) -> xr.DataArray:
    return xr.DataArray(_flags(instance, sites), dims="site", coords={"site": instance["site"]})


def _added(instance: xr.Dataset, move: Move) -> xr.DataArray:
    """What each site gets more; endless where the requirement is lifted."""
    more = np.zeros(instance.sizes["site"])
    if len(move.sites):
        more[move.sites] = move.extra
    elif not np.isfinite(move.value):
        more[:] = ENDLESS
    return xr.DataArray(more, dims="site", coords={"site": instance["site"]})


def _latency(instance: xr.Dataset, move: Move) -> xr.Dataset:
    limit = instance["latency_limit"]
    mine = limit["workload"] == move.lever.partition("/")[2]
    return instance.assign(latency_limit=limit.where(~mine, min(move.value, FAR)))


def _permitted(instance: xr.Dataset, move: Move) -> xr.Dataset:
    here = _at(instance, move.sites)
    return instance.assign(
        site_allowed=instance["site_allowed"].astype(bool) | here,
        site_exclusion=instance["site_exclusion"].where(~here, ""),
        open_allowed=instance["open_allowed"].astype(bool) | here,
    )


def _opened(instance: xr.Dataset, move: Move) -> xr.Dataset:
    return instance.assign(open_allowed=instance["open_allowed"].astype(bool) | _at(instance, move.sites))


def _typed(instance: xr.Dataset, move: Move) -> xr.Dataset:
    more = _at(instance, move.sites) & instance["hall_buildable"].astype(bool)
    return instance.assign(hall_type_allowed=instance["hall_type_allowed"].astype(bool) | more)


def _plots(instance: xr.Dataset, move: Move) -> xr.Dataset:
    room = float(instance["load"].sum("stream").max()) * 2 + float(instance["hall_size"].max())
    more = _added(instance, move).clip(max=room).where(instance["site_kind"] == "candidate", 0.0)
    return instance.assign(plot_limit=instance["plot_limit"] + more)


def _grid(instance: xr.Dataset, move: Move) -> xr.Dataset:
    room = np.ceil(float(instance["load"].sum("stream").max()) * 4 / instance["grid_step_size"])
    added = _added(instance, move)
    more = added.where(added < room, room).round().where(instance["site_kind"] == "candidate", 0.0)
    return instance.assign(grid_steps_allowed=instance["grid_steps_allowed"] + more.astype(int))


def _water(instance: xr.Dataset, move: Move) -> xr.Dataset:
    return instance.assign(water_permit=instance["water_permit"] + _added(instance, move) * 1e3)


def _unforced(instance: xr.Dataset, move: Move) -> xr.Dataset:
    away = instance["site"] == move.lever.partition("/")[2]
    return instance.assign(open_forced=instance["open_forced"].astype(bool) & ~away)


def _limit(instance: xr.Dataset, move: Move) -> xr.Dataset:
    name = f"{move.kind}_limit"
    return instance.assign({name: np.maximum(instance[name], move.value)})


def _pue(instance: xr.Dataset, move: Move) -> xr.Dataset:
    return instance.assign(pue_ceiling=instance["pue_ceiling"] + move.value)


def _green(instance: xr.Dataset, move: Move) -> xr.Dataset:
    return instance.assign(green_share=instance["green_share"] * (move.value if np.isfinite(move.value) else 0.0))


def _law(instance: xr.Dataset, move: Move) -> xr.Dataset:
    return with_open_law(instance, [move.lever.partition("/")[2]])


def _persons(instance: xr.Dataset, move: Move) -> xr.Dataset:
    people = instance["export_tier_people"]
    last = (people["export_group"] == move.lever.partition("/")[2]) & (
        people["export_tier"] == people["export_tier"][-1]
    )
    return instance.assign(export_tier_people=people.where(~last, ENDLESS))


def _zoned(instance: xr.Dataset, _: Move) -> xr.Dataset:
    return instance.assign(site_zone=("site", instance["site"].values.astype(object)))


def _served(instance: xr.Dataset, move: Move) -> xr.Dataset:
    return instance.assign(load=instance["load"] * (move.value if np.isfinite(move.value) else LEAST_SERVED))


_APPLY: dict[str, Callable[[xr.Dataset, Move], xr.Dataset]] = {
    "latency": _latency, "forbid": _permitted, "ground": _permitted, "lead": _opened, "hall-types": _typed,
    "plots": _plots, "grid": _grid, "water": _water, "forced": _unforced, "capital": _limit, "carbon": _limit,
    "site": _limit, "pue": _pue, "green": _green, "law": _law, "persons": _persons, "replicas": _zoned,
    "demand": _served,
}  # fmt: skip


def changes(scenario: Scenario, instance: xr.Dataset, moves: Iterable[Move]) -> dict[str, Any]:
    """Dotted keys and values of the scenario that make the moves; empty where a move has no key."""
    found: dict[str, Any] = {}
    for move in moves:
        mine = _keys(scenario, instance, move)
        if not mine:
            return {}
        found |= mine
    return found


def _keys(scenario: Scenario, instance: xr.Dataset, move: Move) -> dict[str, Any]:
    what, policy = move.lever.partition("/")[2], scenario.policy
    sites = [str(instance["site"].values[site]) for site in move.sites]

    def by_site(name: str) -> dict[str, float]:
        after = moved(instance, [move])[name].sel(site=sites).values
        return {site: float(value) for site, value in zip(sites, after, strict=True)}

    def hub(key: str, mapping: dict[str, float]) -> dict[str, Any]:
        return ({"policy.hub_pack": False} if policy.hub_pack else {}) | {
            f"policy.{key}.{place}": value for place, value in mapping.items()
        }

    def connected() -> dict[str, Any]:
        steps = moved(instance, [move])["grid_steps_allowed"].sel(site=sites).max("period")
        size = instance["grid_step_size"].sel(site=sites)
        return {
            f"power.grid_site_limit_mw.{site}": float(mw) for site, mw in zip(sites, (steps * size).values, strict=True)
        }

    first = int(instance["period"].values[0]) - scenario.finance.base_year
    ways: dict[str, Callable[[], dict[str, Any]]] = {
        "latency": lambda: {f"demand.latency_limit_ms.{what}": move.value},
        "forbid": lambda: {"sites.forbid": [site for site in scenario.sites.forbid if site not in sites]},
        "ground": lambda: _ground_keys(scenario, sites),
        "lead": lambda: {f"ground.lead_years.{site}": float(max(0, first)) for site in sites},
        "hall-types": lambda: (
            {"ground.wet_cooling_forbidden": "never"} if scenario.ground.wet_cooling_forbidden != "never" else {}
        ),
        "plots": lambda: {f"ground.plot_limit_mw.{site}": mw for site, mw in by_site("plot_limit").items()},
        "grid": connected,
        "water": lambda: {f"policy.water_permit_m3.{site}": m3 for site, m3 in by_site("water_permit").items()},
        "forced": lambda: {"sites.force_open": [site for site in scenario.sites.force_open if site != what]},
        "capital": lambda: {"policy.capital_limit_cny": move.value},
        "carbon": lambda: {"policy.carbon_limit_t_per_year": move.value},
        "site": lambda: {"sites.most_open": int(move.value)},
        "pue": lambda: hub("pue_ceiling", {at: old + move.value for at, old in policy.pue_ceiling.items()}),
        "green": lambda: hub("green_share", {at: old * move.value for at, old in policy.green_share.items()}),
        "law": lambda: _law_keys(scenario, instance, what),
        "demand": lambda: {"demand.load_multiplier": scenario.demand.load_multiplier * move.value},
    }
    return ways.get(move.kind, dict)()


def _ground_keys(scenario: Scenario, sites: list[str]) -> dict[str, Any]:
    """The ground rules that exclude the sites, ignored; nothing where an exclusion zone holds them."""
    from data.frame import make_setting
    from data.hazards import fired_rules

    fired = fired_rules(make_setting(scenario)).query("effect == 'exclude' and site in @sites")
    if set(sites) - set(fired["site"]):
        return {}
    return {"ground.ignore_rules": sorted({*scenario.ground.ignore_rules, *fired["rule"].astype(str)})}


def _law_keys(scenario: Scenario, instance: xr.Dataset, case: str) -> dict[str, Any]:
    """The rules that close some host to a legal case, switched off, and silence read as consent."""
    here = instance.sel(legal_case=case, operator_mode="own")
    closed = ~here["transfer_allowed"].astype(bool)
    mechanisms = set(here["transfer_mechanism"].values[closed.values].astype(str))
    keys: dict[str, Any] = {"law.unknown_transfers": "allow_and_report"} if "unknown" in mechanisms else {}
    if rules := closing_rules(instance, case):
        keys["law.rules.off"] = sorted({*scenario.law.rules.off, *rules})
    return keys


def closing_rules(instance: xr.Dataset, case: str) -> list[str]:
    """Ids of the rules that close hosts to a legal case, as far as the instance cites them."""
    if "transfer_rules" not in instance or "rule_effect" not in instance:
        return []
    here = instance.sel(legal_case=case, operator_mode="own")
    cited = {rule for text in here["transfer_rules"].values.ravel() for rule in str(text).split()}
    effects = dict(zip(instance["law_rule"].values, instance["rule_effect"].values, strict=True))
    return sorted(rule for rule in cited if any(effect in CLOSING for effect in str(effects.get(rule, "")).split()))
