"""The core model in Pyomo: everything but who is served from where, as a table of contents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyomo.environ as pyo
from pyomo.core.expr.numeric_expr import LinearExpression

from model.accounts import Accounts
from model.families import FAMILIES
from model.problem import MONEY, Problem

Array = np.ndarray[Any, Any]


@dataclass
class Core:
    """A Pyomo model with its variables also as object arrays (None where a variable does not exist)."""

    problem: Problem
    model: pyo.ConcreteModel
    accounts: Accounts
    arrays: dict[str, Array] = field(default_factory=dict)

    def variables(
        self,
        name: str,
        dims: tuple[str, ...],
        exists: Array,
        domain: Any = pyo.NonNegativeReals,
        upper: Array | float | None = None,
        lower: Array | float = 0.0,
    ) -> Array:
        """Add the variable `name[dims]` where `exists`; returns them as an object array of that shape."""
        labels = [self.problem.labels(dim) for dim in dims]
        at = np.argwhere(exists)
        keys = [tuple(labels[axis][i] for axis, i in enumerate(row)) for row in at]
        block = pyo.Var(keys, domain=domain)
        self.model.add_component(name, block)
        array = np.full(exists.shape, None, dtype=object)
        low, high = (
            np.broadcast_to(lower, exists.shape),
            None if upper is None else np.broadcast_to(upper, exists.shape),
        )
        for row, key in zip(at, keys, strict=True):
            variable = block[key]
            place = tuple(row)
            variable.setlb(float(low[place]))
            if high is not None and np.isfinite(high[place]):
                variable.setub(float(high[place]))
            array[place] = variable
        self.arrays[name] = array
        return array

    def rows(self, name: str, terms: Iterable[tuple[Any, list[float], list[Any], float | None, float | None]]) -> None:
        """Add the constraints `name[key]`: lower ≤ Σ coefficient · variable ≤ upper (None for no limit)."""
        found = {key: (coefs, variables, low, high) for key, coefs, variables, low, high in terms}

        def rule(_: Any, *key: Any) -> Any:
            coefs, variables, low, high = found[key if len(key) > 1 else key[0]]
            expression = LinearExpression(constant=0, linear_coefs=coefs, linear_vars=variables)
            if low is not None and low == high:
                return expression == low
            return (low, expression, high)

        if found:
            self.model.add_component(name, pyo.Constraint(list(found), rule=rule))


def build_core(problem: Problem) -> Core:
    """The core of a problem: sites, halls, grid, contracts, law and limits, its accounts (not yet an objective)."""
    core = Core(problem, pyo.ConcreteModel(), Accounts(problem.size("site"), problem.size("period")))
    for family in FAMILIES:
        family(core, core.accounts)
    return core


def set_objective(core: Core) -> None:
    """Minimise the sum of the accounts, in million CNY."""
    total: dict[int, tuple[Any, float]] = {}
    for _, _, _, variable, cost in core.accounts.postings:
        known = total.get(id(variable), (variable, 0.0))[1]
        total[id(variable)] = (variable, known + cost * MONEY)
    core.model.total_cost = pyo.Objective(
        expr=LinearExpression(
            constant=0, linear_coefs=[c for _, c in total.values()], linear_vars=[v for v, _ in total.values()]
        )
    )
