"""Why no plan can exist: named requirements that cannot hold together, and the cheapest ways out."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import xarray as xr

from data.errors import BadInput
from data.instance import build_instance
from data.scenario import Scenario
from data.scenario.reading import with_overrides
from model.errors import Infeasible, NoPlan
from model.events import Event
from model.studies.conflict_text import conflicts_text
from model.studies.diagnosis import Conflict, find_conflicts, least_moves, ways_out
from model.studies.easing import closed
from model.studies.feasible import Feasible, OutOfTime
from model.studies.freed import FAR
from model.studies.levers import Move, wide_open
from model.studies.loosened import Loosened, loosened
from model.studies.remedies import changes, closing_rules, moved, told
from model.studies.solving import Solving

__all__ = ["conflicts", "conflicts_text"]

Array = np.ndarray[Any, Any]
PRICE_GAP = 0.02  # a price is a difference of plans: no finer gap is asked for unless the caller does
SHARE_OF_TIME = 0.6  # for finding conflicts and moves; the rest is for prices
NO_BASE, LIFTED = "", "the best plan if none of the conflicting requirements were made"


@dataclass(frozen=True)
class Repair:
    """A way out: its moves, what to set, and what the plan then costs."""

    moves: tuple[Move, ...]
    text: str
    changes: dict[str, Any]
    cost: float = np.nan
    gap: float = np.nan
    served: float = 1.0


def conflicts(
    study: xr.Dataset | Scenario,
    instance: xr.Dataset | None = None,
    solving: Solving | None = None,
    seconds: float = 180.0,
    most_repairs: int = 3,
) -> xr.Dataset:
    """Whether a plan exists; if none, an irreducible set of requirements and the cheapest repairs with prices.

    `study` is a scenario, or an instance alone; for a scenario `instance` saves building it. Repairs of a
    scenario are priced on the changed scenario, so a click does what was priced. About `seconds` are spent;
    `solving` gives gap and threads of the solves that price, a listener and a stop request.

    Attributes: status (`feasible`, `infeasible`, `unknown` when time was up), base_cny, base_gap and base (cost and
    gap of what prices are compared with, and what it is in words; nan and empty where not priced), seconds.
    By `requirement` (ids such as `latency/enterprise/beijing`): sentence, kind, conflict_of (position of its conflict;
    conflicts have no lever in common). By `conflict`: found_by (`arithmetic`, `linear`, `whole`), irreducible (fewer
    of its requirements admit a plan while all others are lifted), alike (other streams in the same
    position). By `repair`, cheapest first, those that serve less last: repair_text (a few words), changes (JSON of
    dotted scenario keys and values, `{}` where no key says it), cost_cny (of the repaired plan; nan if not priced),
    price_cny (less the base), gap (of that solve), serves (share of demand still served). `conflicts_text` tells it.
    Raises BadInput for a scenario that cannot be built.
    """
    begun, run = time.perf_counter(), solving or Solving()
    scenario = study if isinstance(study, Scenario) else None
    if instance is None:
        instance = build_instance(study) if isinstance(study, Scenario) else study
    return Report(instance, scenario, run, begun, seconds, most_repairs).made()


class Report:
    """One report in the making; what is known when time is up is told."""

    def __init__(
        self, instance: xr.Dataset, scenario: Scenario | None, run: Solving, begun: float, seconds: float, most: int
    ) -> None:
        self.instance, self.scenario, self.run = instance, scenario, run
        self.begun, self.seconds, self.most = begun, seconds, most
        self.found: list[Conflict] = []
        self.repairs: list[Repair] = []
        self.base, self.base_gap, self.status = np.nan, np.nan, "feasible"

    def made(self) -> xr.Dataset:
        """The report as a Dataset."""
        self.tell("reading the requirements")
        m = loosened(self.instance)
        f = Feasible(m, self.left * SHARE_OF_TIME, self.run.should_stop or (lambda: False))
        try:
            for conflict in find_conflicts(f, self.instance, self.tell):
                self.found.append(conflict)
                self.status = "infeasible"
            if not f.proved and not self.found:
                self.status = "unknown"
            if self.found:
                self._find_repairs(f)
        except OutOfTime:
            self.status = "infeasible" if self.found else "unknown"
        if self.repairs:
            self._price(m)
        return self._dataset(m)

    @property
    def left(self) -> float:
        return self.begun + self.seconds - time.perf_counter()

    def tell(self, message: str) -> None:
        """An event of the report."""
        if self.run.on_event is not None:
            self.run.on_event(Event("conflicts", time.perf_counter() - self.begun, message=message))

    def _find_repairs(self, f: Feasible) -> None:
        for levers in ways_out(f, self.found, self.tell):
            moves = least_moves(f, levers, self.tell)
            if moves is None:
                continue
            words = ", and ".join(told(self.instance, move, _newly_near(f, move, self.found)) for move in moves)
            keys = {} if self.scenario is None else changes(self.scenario, self.instance, moves)
            served = min([1.0, *(move.value for move in moves if move.kind == "demand")])
            self.repairs.append(Repair(tuple(moves), words[0].upper() + words[1:], keys, served=served))

    def _price(self, m: Loosened) -> None:
        """Solve the repaired studies, then the study without the requirements, as far as time goes."""
        priced: list[Repair] = []
        for n, repair in enumerate(self.repairs):
            solves = len(self.repairs) - n + 1
            plan = self._solved(lambda repair=repair: self._repaired(repair), f"repair {n + 1}", self.left / solves)
            if isinstance(plan, Infeasible):  # the keys of the scenario could not make the move
                plan = None
                if repair.changes:
                    repair = replace(repair, changes={})
                    plan = self._solved(lambda repair=repair: self._repaired(repair), f"repair {n + 1}", self.left / 2)
            if isinstance(plan, xr.Dataset):
                cost, gap = float(plan.attrs["objective_cny"]), float(plan.attrs["gap"])
                repair = replace(repair, cost=cost, gap=gap)
            if not isinstance(plan, Infeasible):
                priced.append(repair)
        self.repairs = sorted(priced, key=lambda one: (one.served < 1, np.nan_to_num(one.cost, nan=np.inf)))
        self.repairs = self.repairs[: self.most]
        if any(np.isfinite(one.cost) for one in self.repairs):
            self._price_base(m)

    def _price_base(self, m: Loosened) -> None:
        """The plan without what conflicts; never dearer than a repaired one that serves everything."""
        levers = [lever for one in self.found for lever in one.levers(m) if lever != "demand"]
        free = moved(self.instance, [wide_open(m, lever) for lever in levers])
        plan = self._solved(lambda: free, "without the conflict", self.left)
        if isinstance(plan, xr.Dataset):
            whole = [one.cost for one in self.repairs if one.served == 1 and np.isfinite(one.cost)]
            self.base = min([float(plan.attrs["objective_cny"]), *whole])
            self.base_gap = max(0.0, self.base - float(plan.attrs["bound_cny"])) / abs(self.base)

    def _repaired(self, repair: Repair) -> xr.Dataset:
        if self.scenario is not None and repair.changes:
            try:
                return build_instance(with_overrides(self.scenario, repair.changes))
            except BadInput as error:
                raise Infeasible([str(fault) for fault in error.faults]) from error
        return moved(self.instance, repair.moves)

    def _solved(self, make: Any, label: str, seconds: float) -> xr.Dataset | Infeasible | None:
        """The plan; the error where there is none; None where there was no time."""
        if seconds <= 0.5 or (self.run.should_stop is not None and self.run.should_stop()):
            return None
        asked = self.run.options
        options = replace(asked, gap=max(asked.gap, PRICE_GAP), time_limit_s=min(asked.time_limit_s, seconds))
        try:
            return replace(self.run, options=options).solve(make(), label)
        except Infeasible as error:
            return error
        except NoPlan:
            return None

    def _dataset(self, m: Loosened) -> xr.Dataset:
        keys = [(key, n) for n, one in enumerate(self.found) for key in one.keys]
        asked = [m.requirements[key] for key, _ in keys]
        cost = np.array([one.cost for one in self.repairs], dtype=float)
        base = self.base if np.isfinite(self.base) else np.nan
        return xr.Dataset(
            {
                "sentence": ("requirement", _texts(_sentence(self.instance, m, one.key) for one in asked)),
                "kind": ("requirement", _texts(one.kind for one in asked)),
                "conflict_of": ("requirement", np.array([n for _, n in keys], dtype=np.int64)),
                "alike": ("conflict", np.array([one.alike for one in self.found], dtype=np.int64)),
                "found_by": ("conflict", _texts(one.found_by for one in self.found)),
                "irreducible": ("conflict", np.array([one.proved for one in self.found], dtype=bool)),
                "repair_text": ("repair", _texts(one.text for one in self.repairs)),
                "changes": ("repair", _texts(json.dumps(one.changes) for one in self.repairs)),
                "cost_cny": ("repair", cost, {"units": "CNY"}),
                "price_cny": ("repair", cost - base, {"units": "CNY"}),
                "gap": ("repair", np.array([one.gap for one in self.repairs], dtype=float)),
                "serves": ("repair", np.array([one.served for one in self.repairs], dtype=float)),
            },
            coords={"requirement": _texts(key for key, _ in keys)},
            attrs={
                "study": "conflicts",
                "name": self.instance.attrs.get("name", ""),
                "status": self.status,
                "base": LIFTED if np.isfinite(base) else NO_BASE,
                "base_cny": base,
                "base_gap": self.base_gap,
                "seconds": round(time.perf_counter() - self.begun, 3),
            },
        )


def _texts(values: Any) -> Array:
    return np.array([*values], dtype=object)


def _sentence(instance: xr.Dataset, m: Loosened, key: str) -> str:
    sentence = m.requirements[key].sentence
    rules = closing_rules(instance, key.partition("/")[2]) if key.startswith("law/") else []
    return f"{sentence} ({', '.join(rules)})" if rules else sentence


def _newly_near(f: Feasible, move: Move, found: list[Conflict]) -> str:
    """The site that comes into reach of an origin in conflict when its latency limit is moved."""
    if move.kind != "latency":
        return ""
    m = f.m
    origins = [key.split("/")[2] for one in found for key in one.keys if m.requirements[key].lever == move.lever]
    if not origins:
        return ""
    upper = closed(m, list(m.requirements), {move.lever: move.opening})
    built = m.core.at["built_halls"]
    halls = ((built >= 0) & (upper[np.maximum(built, 0)] > 0)).any(axis=(1, 2)) | (m.x.existing_halls > 0).any(
        axis=(1, 2)
    )
    trip = np.where(halls, m.x.round_trip[m.x.labels("origin").index(origins[0])], FAR)
    nearest = int(np.argmin(trip))
    return str(m.asked.instance["site_name"].values[nearest]) if trip[nearest] <= move.value else ""
