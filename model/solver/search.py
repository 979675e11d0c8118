"""Finding plans: sites first, then halls period by period, then neighbourhoods of the best plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from model.solver.integer import Budget, solve_whole
from model.solver.master import Master
from model.solver.progress import Progress
from model.solver.root import Recourse

Array = np.ndarray[Any, Any]
FIRST_STAGE = ("is_open", "policy_uptake", "ring_fence", "tier")
BY_PERIOD = ("built_halls", "kept_halls", "grid_steps")


@dataclass
class Search:
    """Keeps the best plan found: `values` over the master's columns at that time, `objective` exact in million CNY."""

    master: Master
    recourse: Recourse
    progress: Progress
    relaxed: Array  # values of the relaxation
    reduced_costs: Array
    values: Array | None = None

    def columns(self, *names: str, period: int | None = None) -> Array:
        """Columns of core variables, of one period or of all."""
        found = [self.master.core.at[n] for n in names if n in self.master.core.at]
        found = [a if period is None else a[..., period] for a in found]
        return np.concatenate([a[a >= 0].ravel() for a in found]) if found else np.zeros(0, dtype=np.int64)

    def kept(self, reach: float) -> Array:
        """Columns worth having: the core, shares in use, and shares whose reduced cost is within `reach` of the bound."""
        master = self.master
        keep = np.zeros(master.highs.columns, dtype=bool)
        keep[: len(master.core.cost)] = True
        keep[master.elastic] = True
        known = master.share_column < len(self.relaxed)
        near = self._padded(self.reduced_costs, -np.inf)[master.share_column] < reach * abs(self.progress.bound)
        used = self._padded(self.relaxed)[master.share_column] > 1e-9
        keep[master.share_column[near | used | ~known]] = True
        if self.values is not None:
            keep[self._padded(self.values) > 1e-9] = True
        return keep

    def _padded(self, values: Array, fill: float = 0.0) -> Array:
        return np.concatenate([values, np.full(self.master.highs.columns - len(values), fill)])

    def run(
        self, keep: Array, whole: Array, fixed: tuple[Array, Array], gap: float, seconds: float, start: bool = True, effort: float = 0.2,
    ) -> Array | None:
        """Solve with `whole` columns integer and `fixed` (columns, values); rows its plan breaks are added and it runs again."""
        master = self.master
        for _ in range(6):
            if not self.progress.go_on():
                return None
            low, high = np.full(master.highs.columns, -np.inf), np.full(master.highs.columns, np.inf)
            low[fixed[0]] = high[fixed[0]] = fixed[1]
            known = self._padded(self.values) if start and self.values is not None else None
            budget = Budget(gap, min(seconds, self.progress.left), 100_000, self.progress.options.threads, self.progress.options.seed,
                            lambda *_: self.progress.go_on())
            plan = solve_whole(master, self._grown(keep), whole, known, budget, low, high, effort)
            if plan.values is None:
                return None
            if not master.add_violated(plan.values, 1e-5):
                return plan.values
        return None

    def _grown(self, keep: Array) -> Array:
        return np.concatenate([keep, np.zeros(self.master.highs.columns - len(keep), dtype=bool)])

    def offer(self, values: Array) -> bool:
        """Take a whole plan as incumbent if it serves everyone and is better, at its exact cost."""
        if values[self.master.elastic].sum() > 1e-6:
            return False
        objective = self.exact(values)
        if not self.progress.improve(objective):
            return False
        self.values = values.copy()
        return True

    def exact(self, values: Array) -> float:
        """The cost of a plan with contract savings from the closed form, million CNY."""
        cost = np.asarray(self.master.highs.lp()[0])
        value = float(cost[: len(values)] @ values)
        at = self.master.core.at["contract_saving"]
        told, true = self.master.block("contract_saving", values), self.recourse.savings(self.master, values)
        price = np.where(at >= 0, cost[np.maximum(at, 0)], 0.0)
        return value + float((price * (true - told)).sum())

    def first_plan(self) -> None:
        """Whole sites, then whole halls of each period in turn, everything later still relaxed."""
        keep = self.kept(1e-5)
        sites = self.columns(*FIRST_STAGE)
        values = self.run(keep, sites, (sites[:0], np.zeros(0)), 3e-3, 20.0, effort=0.1)
        if values is None:
            return
        fixed, at = [sites], [np.round(values[sites])]
        for period in range(self.master.x.size("period")):
            halls = self.columns(*BY_PERIOD, period=period)
            values = self.run(
                keep, np.concatenate([halls, *fixed]), (np.concatenate(fixed), np.concatenate(at)), 5e-4, 6.0, start=False, effort=0.2
            )
            if values is None:
                return
            fixed.append(halls)
            at.append(np.round(values[halls]))
        self.offer(values)

    def everything(self) -> Array:
        """All whole columns."""
        return self.columns(*FIRST_STAGE, *BY_PERIOD)

    def improve_around(self, free: Array, reach: float, seconds: float) -> bool:
        """Free some whole columns, hold the others at the incumbent; returns whether a better plan was found."""
        assert self.values is not None
        whole = self.everything()
        held = np.setdiff1d(whole, free)
        values = self.run(self.kept(reach), whole, (held, np.round(self._padded(self.values)[held])), 2e-4, seconds)
        return values is not None and self.offer(values)
