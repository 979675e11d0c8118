"""Finding plans: sites first, then halls period by period, then neighbourhoods of the best plan."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np

from model.problem import Problem
from model.solver.carry import Trace
from model.solver.integer import Budget, solve_whole
from model.solver.master import Master
from model.solver.periods import Split
from model.solver.progress import Progress
from model.solver.recourse import savings
from model.solver.root import LINK_TOLERANCE, Relaxation, solve_root

Array = np.ndarray[Any, Any]
STAGES = ((("built_halls", "kept_halls"), 0.75), (("grid_steps",), 1e-4))  # settled in turn; from where all go up
SMALL = 4000  # admissible shares up to which one search over everything soon proves what it finds
FIRST_STAGE = ("is_open", "policy_uptake", "ring_fence", "tier")
BY_PERIOD = ("built_halls", "kept_halls", "grid_steps")


def is_large(x: Problem) -> bool:
    """Too many admissible shares for one search over everything to be the quickest way."""
    return int(x.admissible.sum()) > SMALL


@dataclass
class Search:
    """Keeps the best plan found: `values` over the master's columns at that time, `objective` exact in million CNY."""

    master: Master
    progress: Progress
    root: Relaxation | None
    stream_cost: Array  # D × T, what serving a stream costs at the least, million CNY
    split: Split | None = None
    prices: Array | None = None  # of the rows that tie the periods, one a core row
    values: Array | None = None
    traces: dict[int, Trace] = field(default_factory=dict)  # of each period, as the relaxation left it

    def __post_init__(self) -> None:
        self.relaxed = np.zeros(0) if self.root is None else self.root.values
        sites = self.columns(*FIRST_STAGE)
        self.objective = np.inf  # of `values`, exact
        self.site_bounds = self.master.highs.lower[sites], self.master.highs.upper[sites]

    def columns(self, *names: str, period: int | None = None) -> Array:
        """Columns of core variables, of one period or of all."""
        found = [self.master.core.at[n] for n in names if n in self.master.core.at]
        found = [a if period is None else a[..., period] for a in found]
        return np.concatenate([a[a >= 0].ravel() for a in found]) if found else np.zeros(0, dtype=np.int64)

    def kept(self, reach: float) -> Array:
        """Columns worth having: the core, shares in use, and shares dearer by at most `reach` of their stream's."""
        master = self.master
        keep = np.zeros(master.highs.columns, dtype=bool)
        keep[: len(master.core.cost)] = True
        d, _, t = master.share.T
        assert self.root is not None
        near = self.padded(self.root.reduced_costs, np.inf)[master.share_column] < reach * self.stream_cost[d, t]
        used = self.padded(self.relaxed)[master.share_column] > 1e-9
        keep[master.share_column[near | used]] = True
        if self.values is not None:
            keep[self.padded(self.values) > 1e-9] = True
        return keep

    def padded(self, values: Array, fill: float = 0.0) -> Array:
        return np.concatenate([values, np.full(self.master.highs.columns - len(values), fill)])

    def run(
        self,
        keep: Array,
        whole: Array,
        held: tuple[Array, Array, Array],
        gap: float,
        nodes: int,
        start: bool = True,
        effort: float = 0.2,
        quick: bool = False,
    ) -> Array | None:
        """Solve with `whole` columns integer, some `held` (columns, least, most); again where its plan breaks a row."""
        master = self.master
        master.gates.keep_replicas_apart(keep)
        for _ in range(3):
            if not self.progress.go_on():
                return None
            low, high = np.full(master.highs.columns, -np.inf), np.full(master.highs.columns, np.inf)
            low[held[0]], high[held[0]] = held[1:]
            known = self.padded(self.values) if start and self.values is not None else None
            budget = Budget(
                gap,
                self.progress.left,
                nodes,
                self.progress.options.seed,
                lambda *_: self.progress.go_on() and not self.progress.close_enough,
                quick,
            )
            plan = solve_whole(master, self._grown(keep), whole, known, budget, low, high, effort)
            if plan.values is None:
                return None
            if not master.gates.add_violated(plan.values, 1e-5):
                return plan.values
        return None  # the rows it broke will be there next time

    def _grown(self, keep: Array) -> Array:
        return np.concatenate([keep, np.zeros(self.master.highs.columns - len(keep), dtype=bool)])

    def offer(self, values: Array) -> bool:
        """Take a whole plan as incumbent if it serves everyone, keeps all rows and is better at its exact cost."""
        values = self.padded(values)
        if not self.serves_everyone(values) or self.master.gates.add_violated(values, 1e-5):
            return False
        objective = self.exact(values)
        if objective >= self.objective - 1e-9 * abs(objective):
            return False
        self.progress.improve(objective)
        self.values, self.objective = values.copy(), objective
        return True

    def exact(self, values: Array) -> float:
        """The cost of a plan with contract savings from the closed form, million CNY."""
        cost = np.asarray(self.master.highs.lp()[0])
        value = float(cost[: len(values)] @ values)
        at = self.master.core.at["contract_saving"]
        told, true = self.master.block("contract_saving", values), savings(self.master, values)
        price = np.where(at >= 0, cost[np.maximum(at, 0)], 0.0)
        return value + float((price * (true - told)).sum())

    def dive_sites(self) -> Array | None:
        """Open the sites the relaxation leans to, a few at a time, pricing every share each time; returns LP values."""
        master, sites = self.master, self.columns(*FIRST_STAGE)
        low, high = master.highs.lower[sites], master.highs.upper[sites]
        found = None
        values = self.relaxed
        try:
            while self.progress.go_on():
                at = values[sites]
                loose = (at > 1e-6) & (at < 1 - 1e-6)
                if not loose.any():
                    found = values
                    break
                up = (at >= min(0.9, at[loose].max())) & (at > 1e-6)
                master.highs.set_bounds(sites, np.where(up, 1.0, low), high)
                low = np.where(up, 1.0, low)
                step = solve_root(master, 1e-3, lambda *_: self.progress.go_on())
                if not step.settled or step.unserved > 1e-6:
                    break
                values = step.values
        finally:
            master.highs.set_bounds(sites, *self.site_bounds)
        return found

    def dive_halls(self, values: Array, firm: bool = True) -> Array | None:
        """With sites open as in `values`, make halls whole period by period; returns a whole plan's values.

        Unless `firm`, sites may also open where whole halls ask for them.
        """
        master, sites = self.master, self.columns(*FIRST_STAGE)
        every = self.columns(*FIRST_STAGE, *BY_PERIOD)
        before = master.highs.lower[every], master.highs.upper[every]
        try:
            whole = np.round(values[sites])
            master.highs.set_bounds(sites, whole, whole if firm else self.site_bounds[1])
            for period in range(master.x.size("period")):
                for names, up in STAGES if firm else (*STAGES, (FIRST_STAGE, 1e-4)):
                    settled = self._settle(self.columns(*names, period=period), values, up)
                    if settled is None or not self.progress.go_on():
                        return None
                    values = settled
                # Shares and contract cuts are generated once a period: the steps in between move little.
                step = solve_root(master, 1e-3, lambda *_: self.progress.go_on())
                if not step.settled:
                    return None
                values = step.values
            return values
        finally:
            master.highs.set_bounds(every, *before)

    def _settle(self, columns: Array, values: Array, up: float) -> Array | None:
        """Make columns whole: the fullest fractions go up (only their lower bound moves), the LP is solved, and so on.

        Where that leaves someone unserved, one alone goes up, the fullest first, else one down; None if nothing helps.
        """
        highs = self.master.highs
        while True:
            at = values[columns]
            fraction = at - np.floor(at + 1e-6)
            loose = fraction > 1e-6
            if not loose.any():
                highs.set_bounds(columns, np.round(at), np.round(at))
                return values
            many = np.flatnonzero(loose & (fraction >= min(up, fraction.max())))
            order = np.flatnonzero(loose)[np.argsort(-fraction[loose], kind="stable")]
            alone = [(order[n : n + 1], True) for n in range(len(order))]
            alone += [(order[n : n + 1], False) for n in reversed(range(len(order)))]
            # New shares are generated only where those there do not serve everyone, whatever is moved.
            for generate, (chosen, go_up) in product((False, True), ((many, True), *alone)):
                step = self._moved(columns[chosen], at[chosen], go_up, generate)
                if step is not None:
                    values = step
                    break
            else:
                return None

    def _moved(self, columns: Array, at: Array, go_up: bool, generate: bool) -> Array | None:
        """LP values with the columns at least the next whole number (at most, going down); None, undone, on failure."""
        highs = self.master.highs
        low, high = highs.lower[columns], highs.upper[columns]
        above, below = np.ceil(at - 1e-6), np.floor(at + 1e-6)
        highs.set_bounds(columns, above if go_up else low, high if go_up else below)
        if (above <= high).all() or not go_up:
            if highs.solve() == "Optimal" and self.serves_everyone(highs.values):
                values = highs.values
                self.master.gates.add_violated(values, LINK_TOLERANCE)
                return values
            if generate:
                step = solve_root(self.master, 2e-3, lambda *_: self.progress.go_on())
                if step.settled and step.unserved < 1e-6:
                    return step.values
        highs.set_bounds(columns, low, high)
        return None

    def serves_everyone(self, values: Array) -> bool:
        return bool(values[self.master.elastic].sum() < 1e-6)

    def first_plan(self) -> None:
        """Whole sites by diving, then whole halls by diving."""
        values = self.dive_sites()
        if values is None:
            return
        self.relaxed = np.maximum(self.padded(self.relaxed), self.padded(values))
        self.progress.tell("sites chosen")
        values = self.dive_halls(values)
        if values is not None and not self.offer(values):  # rows it broke are in now
            whole = self.everything()
            as_found = np.round(values[whole])
            values = self.run(self.kept(1e-3), whole[:0], (whole, as_found, as_found), 1e-4, 1, start=False)
            if values is not None:
                self.offer(values)

    def everything(self) -> Array:
        """All whole columns."""
        return self.columns(*FIRST_STAGE, *BY_PERIOD)

    def in_doubt(self) -> Array:
        """Whole columns in which the best plan and the relaxation differ (relaxation-induced neighbourhood)."""
        assert self.values is not None
        assert self.root is not None
        whole = self.everything()
        differ: Array = np.abs(self.padded(self.values)[whole] - self.padded(self.root.values)[whole]) > 0.1
        free: Array = whole[differ]
        return free

    def improve_around(self, free: Array, reach: float, nodes: int) -> bool:
        """Free some whole columns, hold the others at the incumbent; returns whether a better plan was found."""
        assert self.values is not None
        whole = self.everything()
        held = np.setdiff1d(whole, free)
        stay = np.round(self.padded(self.values)[held])
        values = self.run(self.kept(reach), whole, (held, stay, stay), 2e-4, nodes)
        return values is not None and self.offer(values)
