"""Beside every plan: which estimated figure, a quarter off, makes a plan with other sites cheaper than this one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from data.fields import INSTANCE
from data.frame import make_setting
from data.instance import moved_fields, moved_setting
from data.scenario import Scenario
from data.setting import Setting
from model.audit import audit
from model.problem import Problem
from model.solution import Plan, account_costs, as_dataset
from model.studies.pricing import plan_of
from model.studies.sensitivity import SWING, adder_table
from model.studies.site_books import CAPITAL, PHYSICS, Holding, connected, contracted_best, cost_of, fits
from model.studies.solving import Solving
from model.studies.variations import Variations, change, changes_of_cost, used_by, variations_of

Array = np.ndarray[Any, Any]
KEPT = 120  # variations priced exactly and under every move
TRIED = 3  # cheapest variations under a move whose contracts are chosen anew
SPARED = 2.0  # the other way is not tried where the shift, taken this often, is less than the nearest plan's cost
LEAST_CNY = 1e4  # cheaper by less is no difference
TRAFFIC = "network_cost"


@dataclass(frozen=True)
class Changed:
    """An estimate that, moved, makes a plan with other sites cheaper: proved by pricing both.

    cheaper_cny: by how much, with contracts and grid steps of the sites concerned chosen anew in both plans.
    dearer_now_cny: what the other plan costs more at the figures assumed. turns_at: the relative move at which
    they cost the same, by a straight line between the two.
    """

    estimate: str
    meaning: str
    unit: str
    value: float
    move: float
    opens: list[str]
    leaves: list[str]
    cheaper_cny: float
    dearer_now_cny: float
    turns_at: float


@dataclass(frozen=True)
class MovedEstimates:
    """What was tried and found; `silent` estimates change no figure of the study, `steady` ones found no rival.

    strained: moves under which the plan itself breaks a limit and was not compared. nearest: the plan with
    other sites that costs least more at the figures assumed, as (opens, leaves, CNY); None where none fits.
    """

    swing: float
    plans: int
    seconds: float
    changed: list[Changed]
    steady: list[str]
    silent: list[str]
    strained: list[str]
    nearest: tuple[list[str], list[str], float] | None


def moved_estimates(
    scenario: Scenario,
    instance: xr.Dataset,
    solution: xr.Dataset,
    swing: float = SWING,
    setting: Setting | None = None,
    solving: Solving | None = None,
) -> MovedEstimates:
    """Move every estimate both ways and price the plans that differ from this one in a site or two.

    `setting` is the one the instance was built in, when it is at hand: what it knows need not be worked out again.
    `solving` hears how far it is and may stop it, which raises StoppedEarly.

    A plan named is feasible and cheaper under the move than this plan, both priced in full: proved. That none
    is named proves nothing: other plans may exist. Nothing is solved.
    """
    started = perf_counter()
    plan, a = plan_of(instance, solution)
    every = variations_of(a, plan)
    kept, tried = _worth_pricing(every), len(every.moves)
    table = adder_table(scenario)
    search = _Search(setting or make_setting(scenario, scenario.folder), instance, kept, swing)
    answer = search.over(table, lambda told: (solving or Solving()).tell("estimates", started, told))
    return replace(answer, plans=tried, seconds=perf_counter() - started)


def _worth_pricing(v: Variations) -> Variations:
    """The variations that cost least more, a mean hydrological year standing for all, other sites first."""
    if not v.moves:
        return v
    dearer = changes_of_cost(v, v.x, v.x.hydro_year_probability)
    order = np.lexsort((dearer, ~v.changes_sites()))
    return v.only(np.sort(order[:KEPT]))


class _Search:
    """The variations of one plan, and what each costs more than the plan as figures stand."""

    def __init__(self, setting: Setting, instance: xr.Dataset, v: Variations, swing: float) -> None:
        self.setting, self.instance, self.v, self.swing = setting, instance, v, swing
        self.other = v.changes_sites() if v.moves else np.zeros(0, dtype=bool)
        self.held = contracted_best(v.x, v.after) if v.moves else None
        self.used = None if self.held is None else used_by(v, self.held)
        self.dearer = self._dearer(v.x, None)
        self.sound: dict[int, bool] = {}
        self.known: dict[tuple[bool, bool, bool], Array] = {}

    def over(self, table: pd.DataFrame, tell: Callable[[str], None]) -> MovedEstimates:
        """Every estimate both ways; `tell` hears which one is next."""
        changed: list[Changed] = []
        groups: dict[str, list[str]] = {"steady": [], "silent": [], "strained": []}
        for number, (name, row) in enumerate(table.iterrows()):
            tell(f"{number} of {len(table)} moved")
            outcomes = self._both_ways(str(name), row)
            found = [one for one in outcomes if isinstance(one, Changed)]
            changed += found
            if not found:
                told = [one for one in outcomes if isinstance(one, str)]
                groups[max(told, key=("silent", "steady", "strained").index)].append(str(name))
        changed.sort(key=lambda one: -one.cheaper_cny)
        return MovedEstimates(self.swing, 0, 0.0, changed, **groups, nearest=self._nearest())

    def _both_ways(self, name: str, row: pd.Series[Any]) -> list[Changed | str]:
        """More and less; less is spared where more shifts next to nothing, for costs are nearly linear in it."""
        more, shifted = self._moved(name, row, self.swing)
        spare = more == "silent" or SPARED * shifted < float(
            np.where(self.other, self.dearer, np.inf).min(initial=np.inf)
        )
        return [more] if spare else [more, self._moved(name, row, -self.swing)[0]]

    def _moved(self, name: str, row: pd.Series[Any], share: float) -> tuple[Changed | str, float]:
        """What one estimate moved by a share does, and the most it shifts between the plan and a variation, CNY."""
        there = moved_setting(self.setting, {name: float(row["value"]) * (1 + share)})
        moved = moved_fields(self.instance, there, str(row["part"]))
        if not moved:
            return "silent", 0.0
        if self.held is None:
            return "steady", 0.0
        fields, x = frozenset(moved), at_prices(self.v.x, moved)
        shift = self._dearer(x, fields) - self._now(fields)
        most = float(np.abs(shift).max())
        return self._outcome(name, row, share, x, self.dearer + shift, most), most

    def _outcome(
        self, name: str, row: pd.Series[Any], share: float, x: Problem, dearer: Array, most: float
    ) -> Changed | str:
        """The cheapest variation with other sites, where it beats the plan and every variation on its sites.

        New contracts gain about as much as the move shifts at most; what is dearer by more is not looked at.
        """
        others = np.where(self.other, dearer, np.inf)
        bar = min(0.0, float(np.where(self.other, np.inf, dearer).min()))
        for at in np.argsort(others)[:TRIED]:
            if not self.other[at] or self.dearer[at] < 0 or dearer[at] > bar + most:
                continue
            cheaper = self._proved(int(at), x)
            if cheaper > LEAST_CNY - bar:
                if not self._stands(x):
                    return "strained"
                return self._told(int(at), name, row, share, cheaper) if self._is_sound(int(at)) else "steady"
        return "steady"

    def _stands(self, x: Problem) -> bool:
        """Whether the plan itself keeps its limits, grid steps and contracts chosen anew."""
        whole = connected(x, self.v.whole)
        whole = replace(whole, contract=np.minimum(whole.contract, x.contract_limit))
        return bool(fits(x, whole)[whole.is_open.any(axis=1)].all())

    def _dearer(self, x: Problem, fields: frozenset[str] | None) -> Array:
        """What each variation costs more than the plan, contracts as they stand; of `fields` only."""
        if self.held is None:
            return np.zeros(0)
        physics = fields is not None and fields & PHYSICS
        amount = change(
            self.v, x, self.held, fields if fields is None else fields - {TRAFFIC}, None if physics else self.used
        )
        return amount if fields is not None and TRAFFIC not in fields else amount + self.v.dearer_to_serve(x)

    def _now(self, fields: frozenset[str]) -> Array:
        """The same at the figures assumed, worked out once for each kind of field."""
        kind = (bool(fields & CAPITAL), bool(fields - CAPITAL - {TRAFFIC}), TRAFFIC in fields)
        if kind not in self.known:
            self.known[kind] = self._dearer(self.v.x, fields)
        return self.known[kind]

    def _proved(self, at: int, x: Problem) -> float:
        """By how much a variation is cheaper, contracts chosen anew in both; nothing where it breaks a limit."""
        one = self.v.only(np.array([at]))
        after = contracted_best(x, connected(x, one.after))
        if not fits(x, after).all():
            return 0.0
        before = contracted_best(x, connected(x, one.whole.at(one.sites)))
        return float(cost_of(x, before).sum() - cost_of(x, after).sum() - one.dearer_to_serve(x)[0])

    def _is_sound(self, at: int) -> bool:
        """Whether the whole plan keeps everything, as the audit sees it, at the figures assumed."""
        if at not in self.sound:
            assert self.held is not None
            plan = with_contracts(self.v, at, self.held)
            cost = float(account_costs(plan, self.v.a).sum())
            facts = {"objective_cny": cost, "bound_cny": 0.0}
            self.sound[at] = not audit(self.instance, as_dataset(plan, self.v.a, facts))
        return self.sound[at]

    def _told(self, at: int, name: str, row: pd.Series[Any], share: float, cheaper: float) -> Changed:
        now = float(self.dearer[at])
        return Changed(
            name, str(row["meaning"]), str(row["unit"]), float(row["value"]), share,
            *self._sites(at), cheaper, now, share * now / (now + cheaper),
        )  # fmt: skip

    def _sites(self, at: int) -> tuple[list[str], list[str]]:
        """Sites that a variation opens and leaves."""
        move, count = self.v.moves[at], len(self.v.moves)
        labels, now = self.v.x.labels("site"), self.v.plan.is_open[:, -1] > 0
        then = {move.origin: self.v.after.is_open[at, -1] > 0, move.target: self.v.after.is_open[count + at, -1] > 0}
        opens = [str(labels[site]) for site, is_open in then.items() if is_open and not now[site]]
        leaves = [str(labels[site]) for site, is_open in then.items() if not is_open and now[site]]
        return opens, leaves

    def _nearest(self) -> tuple[list[str], list[str], float] | None:
        if not self.other.any():
            return None
        at = int(np.argmin(np.where(self.other, self.dearer, np.inf)))
        return (*self._sites(at), float(self.dearer[at]))


def with_contracts(v: Variations, at: int, held: Holding) -> Plan:
    """A variation as a plan, with the contracts that were chosen for its two sites."""
    plan, move, count = v.made(at), v.moves[at], len(v.moves)
    contract = plan.contract.copy()
    contract[move.origin], contract[move.target] = held.contract[at], held.contract[count + at]
    return replace(plan, contract=contract)


def at_prices(x: Problem, moved: dict[str, Array]) -> Problem:
    """The problem with some fields at other values; who may serve whom is asked at the old ones."""
    there, of_kind = Problem(x.instance), {"flag": bool, "number": float, "integer": float}
    read = {name: value for name, value in x.__dict__.items() if name in INSTANCE}
    there.__dict__.update(read | {name: value.astype(of_kind[INSTANCE[name].kind]) for name, value in moved.items()})
    return there
