"""Whether a plan exists while some requirements are held: by a linear model, then with whole halls."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
import scipy.sparse as sp

from model.cuts import Cuts, first_pattern
from model.dispatch import weights
from model.solver.highs import Highs
from model.studies.avoided import cut_rows, overstated
from model.studies.easing import Loose, closed, eased_matrix, kept_shut
from model.studies.loosened import Loosened, first_shares

Array = np.ndarray[Any, Any]
QUICK_S, LEAST_S = 10.0, 20.0  # for a plan near a linear one; for the least move of a lever
MOST_AT_ONCE = 6  # shares of a stream taken into the linear model in one round
SHORT = 1e-6  # elastic sum above which the linear model has no plan
PRICED = -1e-7
NOTHING: Array = np.zeros(0, dtype=np.int64)


class OutOfTime(Exception):
    """The time for the report is over, or the user asked to stop."""


class Feasible:
    """Answers for one loosened model; learns cuts on avoided carbon as it goes."""

    def __init__(self, m: Loosened, seconds: float, stop: Callable[[], bool]) -> None:
        self.m, self.stop = m, stop
        self.end = time.perf_counter() + seconds
        self.matrix = m.sheet.matrix
        self.cut_upper: list[float] = []
        self.proved, self.whole_needed, self.solves = True, False, 0
        self.pool = np.ones(self.matrix.shape[1], dtype=bool)
        self.pool[m.share_column] = first_shares(m)
        self.weight = weights(m.x, "emissions") if "contract_avoided" in m.core.at else None
        if self.weight is not None:
            everywhere = m.core.at["contract_avoided"] >= 0
            for covered in (False, True):
                self._add_cuts(first_pattern(m.x, everywhere, covered))

    @property
    def left(self) -> float:
        """Seconds that remain."""
        return self.end - time.perf_counter()

    def conflict(self, keys: Iterable[str], loose: Loose | None = None, whole: bool = True) -> list[str] | None:
        """None where a plan keeps the requirements; else some of them that cannot hold together.

        Without `whole`, halls may be parts of halls: a quick no.

        A search that runs out of its time counts as a plan and is remembered in `proved`.
        """
        held = list(keys)
        upper, eased = closed(self.m, held, loose or {}), eased_matrix(self.m, self.matrix, loose or {})
        values, duals = self._linear(upper, eased)
        if values[self.m.elastic].sum() > SHORT:
            return self._blamed(held, loose or {}, duals, self._grown(eased))
        if whole and self._whole(upper, eased, None, 0.0, values) is None:
            self.whole_needed = True
            return held
        return None

    def least(self, keys: Iterable[str], loose: Loose, cost: Mapping[int, float]) -> Array | None:
        """Values of a plan that keeps the requirements at the least cost of the columns named; None for no plan."""
        upper, eased = closed(self.m, list(keys), loose), eased_matrix(self.m, self.matrix, loose)
        values, _ = self._linear(upper, eased)
        if values[self.m.elastic].sum() > SHORT:
            return None
        objective = np.zeros(len(upper))
        objective[list(cost)] = list(cost.values())
        return self._whole(np.where(self.pool, upper, 0.0), eased, objective, 1e-3)

    def _linear(self, upper: Array, matrix: Any) -> tuple[Array, Array]:
        """Values and row duals of the linear model, min Σ elastic, with all shares priced."""
        cost = np.zeros(len(upper))
        cost[self.m.elastic] = 1.0
        while True:
            values, duals, status = self._run(cost, np.where(self.pool, upper, 0.0), matrix)
            if status != "Optimal" or values is None:
                raise OutOfTime(f"the linear model ended as {status}")
            if self._cut(values):
                matrix = self._grown(matrix)
            elif values[self.m.elastic].sum() <= SHORT or not self._generate(-(matrix.T @ duals), upper):
                return values, duals

    def _generate(self, reduced: Array, upper: Array) -> int:
        """Take the shares that would help into the pool, the best few of each stream and period."""
        column = self.m.share_column
        gain = np.where((upper[column] > 0) & ~self.pool[column], reduced[column], 0.0)
        helps = np.flatnonzero(gain < PRICED)
        helps = helps[np.argsort(gain[helps], kind="stable")]
        d, _, t = self.m.shares[helps].T
        order = np.argsort(d * self.m.x.size("period") + t, kind="stable")
        _, first, count = np.unique((d * self.m.x.size("period") + t)[order], return_index=True, return_counts=True)
        rank = np.arange(len(order)) - np.repeat(first, count)
        taken = helps[order[rank < MOST_AT_ONCE]]
        self.pool[column[taken]] = True
        return len(taken)

    def _whole(
        self, upper: Array, matrix: Any, cost: Array | None, gap: float, near: Array | None = None
    ) -> Array | None:
        """Values of a plan with whole halls, or None where there is none (or none was found, see `proved`).

        A plan is looked for around the smallest linear one, then among the sites of `near`, then among all.
        """
        upper = upper.copy()
        upper[self.m.elastic] = 0.0
        objective = np.zeros(len(upper)) if cost is None else cost
        nothing = np.zeros(len(upper))
        tries = [(nothing, upper, self.left if cost is None else min(self.left, LEAST_S))]
        if near is not None:
            beside = np.where(self._beside(near), upper, 0.0)
            tries = [*self._around_lean(upper, matrix), (nothing, beside, QUICK_S), *tries]
        for lower, limited, seconds in tries:  # the last one proves
            while True:
                values, _, status = self._run(objective, limited, matrix, gap, seconds, lower)
                if values is None or not self._cut(values):
                    break
                matrix = self._grown(matrix)
            if values is not None:
                return values
        if status == "Infeasible":
            return None
        self.proved = False
        return np.zeros(len(upper)) if cost is None else None

    def _beside(self, values: Array) -> Array:
        """Flags of the columns that a plan near a linear solution may use: its sites, its shares and a few more."""
        m, at = self.m, self.m.core.at
        used = np.zeros(m.x.size("site"), dtype=bool)
        for name in ("is_open", "built_halls", "kept_halls", "hosted_load"):
            here = np.where(at[name] >= 0, values[np.maximum(at[name], 0)], 0.0) > 1e-6
            used |= here.reshape(len(used), -1).any(axis=1)
        flags = np.ones(len(values), dtype=bool)
        for name in ("is_open", "built_halls", "hosted_load", "kept_halls", "grid_steps"):
            away = at[name][~used]
            flags[away[away >= 0]] = False
        _, k, _ = m.shares.T
        flags[m.share_column] = self.pool[m.share_column] & used[m.x.host_site[k]]
        return flags

    def _around_lean(self, upper: Array, matrix: Any) -> list[tuple[Array, Array, float]]:
        """Bounds on halls from just below to just above the smallest linear plan, which leaves room to round."""
        at = self.m.core.at
        cost = np.zeros(len(upper))
        sizes: dict[str, Any] = {"built_halls": self.m.x.hall_size[None, :, None], "is_open": 5.0, "grid_steps": 1.0}
        for name, size in sizes.items():
            every: Array = np.zeros(at[name].shape) + size
            cost[at[name][at[name] >= 0]] = every[at[name] >= 0]
        pooled = np.where(self.pool, upper, 0.0)
        values, _, _ = self._run(cost, pooled, matrix)
        if values is None:
            return []
        halls, low, high = at["built_halls"][at["built_halls"] >= 0], np.zeros(len(upper)), pooled.copy()
        low[halls] = np.floor(values[halls] + 1e-6)
        high[halls] = np.minimum(high[halls], np.ceil(values[halls] - 1e-6) + 1)
        return [(low, high, QUICK_S)]

    def _run(
        self,
        cost: Array,
        upper: Array,
        matrix: Any,
        gap: float | None = None,
        seconds: float = np.inf,
        lower: Array | float = 0.0,
    ) -> tuple[Array | None, Array, str]:
        """One solve over the columns that may be above zero; with a gap, whole halls are asked for."""
        if self.left <= 0 or self.stop():
            raise OutOfTime("the time for the report was over")
        self.solves += 1
        sheet = self.m.sheet
        low = np.maximum(sheet.lower, lower)
        live = np.flatnonzero((upper > 0) | (low != 0))
        row_lower = np.append(sheet.row_lower, np.full(len(self.cut_upper), -np.inf))
        row_upper = np.append(sheet.row_upper, np.array(self.cut_upper))
        model = Highs(cost[live], matrix[:, live], row_lower, row_upper, low[live], upper[live])
        model.option("time_limit", max(0.1, min(self.left, seconds)))
        if gap is not None:
            model.make_whole(sheet.integer[live])
            model.option("mip_rel_gap", gap)
            model.option("mip_feasibility_tolerance", 1e-7)
            if not cost.any():
                model.option("mip_max_improving_sols", 1)
            self._listen(model)
        status = model.solve()
        if self.stop():
            raise OutOfTime("stopped on request")
        found = model.solver.getInfo().primal_solution_status == 2
        if not found:
            return None, NOTHING, status
        values = np.zeros(len(upper))
        values[live] = model.values
        return values, model.duals if gap is None else NOTHING, status

    def _listen(self, model: Highs) -> None:
        def on_event(event: Any) -> None:
            if self.stop():
                event.data_in.user_interrupt = True

        model.solver.cbMipInterrupt.subscribe(on_event)

    def _blamed(self, keys: list[str], loose: Loose, duals: Array, matrix: Any) -> list[str]:
        """The held requirements whose columns would help: by duality the others do not matter.

        A column that several keep at zero is blamed on one of them, rather one already blamed.
        """
        reduced = -(matrix.T @ duals)
        helps = reduced < PRICED
        mine = {key: (kept := kept_shut(self.m, key, loose))[helps[kept]] for key in keys}
        holders = np.zeros(len(reduced), dtype=np.int64)
        for columns in mine.values():
            holders[columns] += 1
        blamed = [key for key, columns in mine.items() if (holders[columns] == 1).any()]
        settled = np.zeros(len(reduced), dtype=bool)
        for key in blamed:
            settled[mine[key]] = True
        for key in sorted(mine, key=lambda key: -len(mine[key])):
            if key not in blamed and (~settled[mine[key]]).any():
                blamed.append(key)
                settled[mine[key]] = True
        return [key for key in keys if key in blamed]

    def _cut(self, values: Array) -> int:
        """Cuts where more carbon is called avoided than contracts avoid."""
        if self.weight is None:
            return 0
        return self._add_cuts(overstated(self.m, self.weight, values))

    def _add_cuts(self, cuts: Cuts) -> int:
        if len(cuts):
            assert self.weight is not None
            rows = cut_rows(self.m, cuts, self.weight, self.matrix.shape[1])
            self.matrix = sp.csc_array(sp.vstack([self.matrix, rows]))
            self.cut_upper += [0.0] * len(cuts)
        return len(cuts)

    def _grown(self, matrix: Any) -> Any:
        """A (perhaps eased) matrix with the cuts learnt since."""
        have = matrix.shape[0]
        return sp.csc_array(sp.vstack([matrix, sp.csr_array(self.matrix)[have:]]))
