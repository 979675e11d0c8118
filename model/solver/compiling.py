"""The Pyomo core as a matrix, with the position of every variable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler

from model.core import Core, set_objective

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Compiled:
    """min cost·v, row_lower ≤ matrix·v ≤ row_upper; `at[name]` holds each variable's column, −1 where there is none."""

    cost: Array
    matrix: sp.csr_array[Any, Any]
    row_lower: Array
    row_upper: Array
    lower: Array
    upper: Array
    integer: Array
    at: dict[str, Array]
    row_at: dict[str, Array]  # load_hosted: I × W × T, −1 where there is none
    row_names: list[str]
    postings: tuple[list[str], Array, Array, Array, Array]  # account, site, period, column, CNY


def compile_core(core: Core) -> Compiled:
    """Compile a core once; families and a user's own rows are all in it."""
    set_objective(core)
    form = LinearStandardFormCompiler().write(core.model, mixed_form=True)
    columns = {id(v): n for n, v in enumerate(form.columns)}
    postings = core.accounts.postings
    # A variable that no row and no cost mentions is not compiled: it is free to be 0.
    at = {
        name: np.array([-1 if v is None else columns.get(id(v), -1) for v in array.ravel()], dtype=np.int64).reshape(
            array.shape
        )
        for name, array in core.arrays.items()
    }
    low, high = _row_bounds(form)
    return Compiled(
        cost=np.asarray(form.c.todense()).ravel().astype(float),
        matrix=sp.csr_array(form.A),
        row_lower=low,
        row_upper=high,
        lower=np.array([-np.inf if v.lb is None else v.lb for v in form.columns], dtype=float),
        upper=np.array([np.inf if v.ub is None else v.ub for v in form.columns], dtype=float),
        integer=np.array([not v.is_continuous() for v in form.columns]),
        at=at,
        row_at={"load_hosted": _load_rows(core, form)},
        row_names=[row.constraint.name for row in form.rows],
        postings=(
            [p[0] for p in postings],
            np.array([p[1] for p in postings]),
            np.array([p[2] for p in postings]),
            np.array([columns[id(p[3])] for p in postings]),
            np.array([p[4] for p in postings]),
        ),
    )


def _row_bounds(form: Any) -> tuple[Array, Array]:
    kind = np.array([row.bound_type for row in form.rows])
    rhs = np.asarray(form.rhs, dtype=float)
    return np.where(kind == 1, -np.inf, rhs), np.where(kind == -1, np.inf, rhs)


def _load_rows(core: Core, form: Any) -> Array:
    """Rows of load_hosted by site, workload and period; shares are added to them."""
    place = {id(row.constraint): n for n, row in enumerate(form.rows)}
    sites, works, periods = (
        {label: n for n, label in enumerate(core.problem.labels(d))} for d in ("site", "workload", "period")
    )
    rows = np.full((len(sites), len(works), len(periods)), -1, dtype=np.int64)
    for (site, work, period), constraint in core.model.load_hosted.items():
        rows[sites[site], works[work], periods[period]] = place[id(constraint)]
    return rows
