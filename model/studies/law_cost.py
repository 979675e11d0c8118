"""What each rule of data law costs a plan: the difference to the plan without the rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from data.frame import make_setting
from data.instance import instance_of, origins_and_workloads
from data.law import DISCLAIMER, restrictive_rules
from data.scenario import Scenario
from data.scenario.reading import with_overrides
from model.amounts import megawatts, money
from model.assignment import Assignment
from model.errors import NoPlan
from model.problem import Problem
from model.studies.pricing import PlanDoesNotFitError, priced
from model.studies.solving import Solving, opened

Array = np.ndarray[Any, Any]
SAME = 1e-4  # relative width of an interval that counts as one figure
TEXTS = ("instrument", "article", "effect", "verified")


def law_cost(
    scenario: Scenario,
    solution: xr.Dataset | None = None,
    rules: Sequence[str] | None = None,
    solving: Solving | None = None,
) -> xr.Dataset:
    """For each restrictive rule, what the best plan saves when the rule is switched off and none revived.

    `solution` is the scenario's plan where one is at hand; `rules` narrows the rules. A rule that changes no
    transfer any stream could use costs nothing and is not solved for. By rule: cost, cost_low, cost_high
    (CNY, the true difference lies between the last two), reaches (whether it could bind), opens, drops
    (sites); by rule and jurisdiction: mw_with, mw_without (IT load of the last period).
    """
    run = solving or Solving()
    setting = make_setting(scenario)
    instance = instance_of(setting)
    plan = solution if solution is not None else run.solve(instance, "plan under the law")
    table = restrictive_rules(setting, origins_and_workloads(instance)).set_index("rule")
    chosen = table if rules is None else table.loc[[rule for rule in table.index if rule in set(rules)]]
    reach = legal_reach(instance)
    found = []
    for rule in chosen.index:
        without = instance_of(make_setting(without_rule(scenario, str(rule))))
        found.append(
            _difference(plan, instance, without, str(rule), run)
            if differs(reach, legal_reach(without))
            else _nothing(plan, instance)
        )
    return _dataset(chosen, found, instance).assign_attrs(
        study="law_cost", name=scenario.name, objective_cny=float(plan.attrs["objective_cny"])
    )


def without_rule(scenario: Scenario, rule: str) -> Scenario:
    """The study with one more rule switched off."""
    return with_overrides(scenario, {"law.rules.off": [*scenario.law.rules.off, rule]})


def legal_reach(instance: xr.Dataset) -> dict[str, Array]:
    """Everything about the law that the model can see: what may serve whom, at what cost, counted where."""
    x = Problem(instance)
    a = Assignment(x)
    sites, modes = x.labels("site"), x.labels("operator_mode")
    site_mode = [f"{sites[site]} {modes[mode]}" for site, mode in zip(x.host_site, x.host_mode, strict=True)]
    fenced = np.unique(a.ring_jurisdiction[a.ring_jurisdiction >= 0])
    groups = np.unique(a.export_group[a.open_pairs & (a.export_group >= 0)])
    exporter = x.positions("exporter", x.export_group_exporter[groups])
    return {
        "streams": np.array(x.labels("stream")),
        "load": x.load,
        "hosts": np.array(site_mode),
        "open": a.open_pairs,
        "cost": a.unit_cost["compliance"],
        "group": np.where(a.open_pairs, _renumbered(a.export_group, groups), -1),
        "people": x.export_tier_people[groups],
        "tier": x.export_tier_cost[exporter],
        "ring": x.ring_fence_cost[fenced],
    }


def _renumbered(groups: Array, used: Array) -> Array:
    """Positions among the groups in use; ids of groups change with the rules."""
    return np.where(groups >= 0, np.searchsorted(used, np.maximum(groups, 0)), -1)


def differs(one: dict[str, Array], other: dict[str, Array]) -> bool:
    """Whether two reaches differ in anything the model can see."""
    return any(not np.array_equal(one[name], other[name]) for name in one)


@dataclass(frozen=True)
class _Found:
    """One rule's answer; money in CNY, loads in MW by jurisdiction."""

    cost: float
    low: float
    high: float
    solved: bool
    opens: str
    drops: str
    mw_with: Array
    mw_without: Array


def _nothing(plan: xr.Dataset, instance: xr.Dataset) -> _Found:
    mw = by_jurisdiction(instance, plan)
    return _Found(0.0, 0.0, 0.0, False, "", "", mw, mw)


def _difference(plan: xr.Dataset, instance: xr.Dataset, without: xr.Dataset, rule: str, run: Solving) -> _Found:
    """The plan against the best plan without the rule; the old plan stays possible and is never forgotten."""
    objective, bound = float(plan.attrs["objective_cny"]), float(plan.attrs["bound_cny"])
    best, free = _still_costs(without, plan), plan
    floor = np.nan
    try:
        freed = run.solve(without, f"without {rule}")
    except NoPlan as error:
        floor = np.nan if error.bound is None else error.bound
    else:
        floor = float(freed.attrs["bound_cny"])
        if (found := float(freed.attrs["objective_cny"])) < best:
            best, free = found, freed
    before, after = opened(plan), opened(free)
    return _Found(
        cost=max(0.0, objective - best), low=max(0.0, bound - best), high=max(0.0, objective - floor),
        solved=True,
        opens=" ".join(sorted(after - before)), drops=" ".join(sorted(before - after)),
        mw_with=by_jurisdiction(instance, plan), mw_without=by_jurisdiction(instance, free),
    )  # fmt: skip


def _still_costs(without: xr.Dataset, plan: xr.Dataset) -> float:
    """What the plan at hand costs without the rule, CNY; never more than under it."""
    try:
        return min(float(priced(without, plan).sum()), float(plan.attrs["objective_cny"]))
    except PlanDoesNotFitError:  # it holds copies that only the rule asked for, and can do without them
        return float(plan.attrs["objective_cny"])


def by_jurisdiction(instance: xr.Dataset, plan: xr.Dataset) -> Array:
    """IT load of the last period by jurisdiction, MW, in the instance's order."""
    load = pd.Series(plan["it_load"].isel(period=-1).values, index=instance["site_jurisdiction"].values)
    found: Array = load.groupby(level=0).sum().reindex(instance["jurisdiction"].values).fillna(0.0).to_numpy()
    return found


def _dataset(table: pd.DataFrame, found: list[_Found], instance: xr.Dataset) -> xr.Dataset:
    places = instance["jurisdiction"].values
    cny, mw = {"units": "CNY"}, {"units": "MW"}

    def loads(name: str) -> Array:
        return np.array([getattr(one, name) for one in found]).reshape(len(found), len(places))

    return xr.Dataset(
        {
            **{name: ("rule", table[name].to_numpy(dtype=object)) for name in TEXTS},
            "cost": ("rule", [one.cost for one in found], cny),
            "cost_low": ("rule", [one.low for one in found], cny),
            "cost_high": ("rule", [one.high for one in found], cny),
            "reaches": ("rule", np.array([one.solved for one in found], dtype=bool)),
            "opens": ("rule", np.array([one.opens for one in found], dtype=object)),
            "drops": ("rule", np.array([one.drops for one in found], dtype=object)),
            "mw_with": (("rule", "jurisdiction"), loads("mw_with"), mw),
            "mw_without": (("rule", "jurisdiction"), loads("mw_without"), mw),
        },
        coords={"rule": table.index.to_numpy(dtype=object), "jurisdiction": places},
    )


def law_cost_text(study: xr.Dataset) -> str:
    """The study in sentences, dearest rule first."""
    order = np.argsort(-study["cost"].values, kind="stable")
    told = [line for at in order if bool(study["reaches"][at]) for line in _told(study.isel(rule=int(at)))]
    idle = [str(rule) for rule in study["rule"].values[~study["reaches"].values]]
    if idle:
        told.append(f"Without effect on this study, whatever is built: {', '.join(idle)}.")
    return "\n".join([*(told or ["No restrictive rule is on file for this study."]), DISCLAIMER])


def _told(rule: xr.Dataset) -> Iterator[str]:
    source = f"{rule['instrument'].item()} {rule['article'].item()}".strip()
    name = f"{rule['rule'].item()} ({source}, {rule['effect'].item()})"
    cost, low, high = (float(rule[key]) for key in ("cost", "cost_low", "cost_high"))
    between = f"between {money(low)} and {money(high)}" if np.isfinite(high) else f"at least {money(low)}"
    proof = "proved" if high - low <= SAME * abs(high) else f"the true difference is {between}"
    if cost == 0.0:
        yield f"{name}: no cheaper plan was found without it ({proof})."
    else:
        yield f"{name}: the plan without it is {money(cost)} cheaper ({proof})."
    for verb, sites in (("would open", rule["opens"].item()), ("would not open", rule["drops"].item())):
        if sites:
            yield f"  Without it the plan {verb} {sites.replace(' ', ', ')}."
    moved = (rule["mw_without"] - rule["mw_with"]).to_series()
    for place, load in moved[moved.abs() >= 0.1].items():
        yield f"  {place} would host {megawatts(abs(load))} MW {'more' if load > 0 else 'less'}."
