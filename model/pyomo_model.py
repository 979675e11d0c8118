"""A core written as a Pyomo model: the same columns and rows, under the same names."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyomo.environ as pyo
from pyomo.core.expr.numeric_expr import LinearExpression

from model.core import Core, Rows, Variables


def pyomo_model(core: Core) -> tuple[pyo.ConcreteModel, list[Any]]:
    """The model, with its cost in million CNY as objective, and its variables in the order of the core's columns."""
    model = pyo.ConcreteModel()
    columns: list[Any] = []
    for block in core.variable.values():
        columns += _add_variables(model, block)
    for rows in core.row.values():
        _add_rows(model, rows, columns)
    posted, cost = core.cost()
    every = list(dict.fromkeys(posted.tolist()))
    model.total_cost = pyo.Objective(
        expr=LinearExpression(
            constant=0,
            linear_coefs=cost[every].tolist(),
            linear_vars=[columns[column] for column in every],
        )
    )
    return model, columns


def _add_variables(model: pyo.ConcreteModel, block: Variables) -> list[Any]:
    domain = pyo.NonNegativeReals
    if block.whole:
        domain = pyo.Binary if bool((block.upper <= 1).all()) and len(block.keys) else pyo.NonNegativeIntegers
    variable = pyo.Var(block.keys, domain=domain)
    model.add_component(block.name, variable)
    found = [variable[key] for key in block.keys]
    for one, low, high in zip(found, block.lower.tolist(), block.upper.tolist(), strict=True):
        one.setlb(low)
        if np.isfinite(high):
            one.setub(high)
    return found


def _add_rows(model: pyo.ConcreteModel, rows: Rows, columns: list[Any]) -> None:
    at = {key: n for n, key in enumerate(rows.keys)}

    def rule(_: Any, *key: Any) -> Any:
        n = at[key if len(key) > 1 else key[0]]
        low, high = rows.lower[n], rows.upper[n]
        variables = [columns[column] for column in rows.columns[n]]
        expression = LinearExpression(constant=0, linear_coefs=rows.coefs[n], linear_vars=variables)
        if low == high:
            return expression == low
        return (low if np.isfinite(low) else None, expression, high if np.isfinite(high) else None)

    model.add_component(rows.name, pyo.Constraint(rows.keys, rule=rule))
