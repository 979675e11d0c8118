"""The core with a user's own Pyomo components: what may be added, and how it becomes a matrix."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pyomo.environ as pyo
import scipy.sparse as sp
from pyomo.common.errors import InfeasibleConstraintException, InvalidConstraintError
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler

from data.errors import BadInput, Fault, raise_faults
from model.core import Core
from model.errors import Infeasible
from model.pyomo_model import pyomo_model
from model.solver.compiling import Compiled, load_rows, positions, postings

Array = np.ndarray[Any, Any]
PLACE = "what solve(…, extra=fn) added"
TOLERANCE = 1e-6  # of limits and whole numbers that a variable is fixed against


def extend(core: Core, extra: Callable[[Any], None]) -> None:
    """Write the core in Pyomo and let `extra` add to it.

    A variable that `extra` fixes is held at its value. Raises BadInput with all that cannot be solved.
    """
    core.model, core.columns = pyomo_model(core)
    extra(core.model)
    raise_faults([*_faults_of_fixed(core.model), *_faults_of_model(core)])
    for variable in _fixed(core.model):
        variable.setlb(variable.value)
        variable.setub(variable.value)
        variable.unfix()


def _fixed(model: pyo.ConcreteModel) -> list[Any]:
    return [variable for variable in model.component_data_objects(pyo.Var) if variable.fixed]


def _faults_of_fixed(model: pyo.ConcreteModel) -> Iterator[Fault]:
    """A variable may be fixed at any value that it could take."""
    for variable in _fixed(model):
        name, value, (low, high) = str(variable.name), variable.value, variable.bounds
        if value is None:
            yield Fault(PLACE, name, "is fixed, but has no value", "fix it at one: .fix(1)")
        elif not variable.is_continuous() and abs(value - round(value)) > TOLERANCE:
            yield Fault(PLACE, name, f"is fixed at {value:g}", "it is whole: fix it at a whole number")
        elif low is not None and value < low - TOLERANCE:
            yield Fault(PLACE, name, f"is fixed at {value:g}, below {low:g}", "fix it within its limits")
        elif high is not None and value > high + TOLERANCE:
            yield Fault(PLACE, name, f"is fixed at {value:g}, above {high:g}", "fix it within its limits")


def _faults_of_model(core: Core) -> Iterator[Fault]:
    """The bill is what is minimised, and the rows that shares are added to stay."""
    model, remedy = core.model, "constraints alone can be added; to change a cost, change the instance"
    objectives = list(model.component_data_objects(pyo.Objective, active=True))
    for objective in objectives:
        if objective.name != "total_cost":
            yield Fault(PLACE, str(objective.name), "is an objective of its own", remedy)
    if not any(objective.name == "total_cost" for objective in objectives):
        yield Fault(PLACE, "total_cost", "is gone or not active", remedy)
    rows = getattr(model, "load_hosted", None)
    if "load_hosted" in core.row and (rows is None or not all(one.active for one in rows.values())):
        yield Fault(PLACE, "load_hosted", "is gone or not active", "leave it: it ties halls to who is served")


def compile_extended(core: Core) -> Compiled:
    """Compile the Pyomo model of the core. Raises BadInput where it is not linear."""
    try:
        form = LinearStandardFormCompiler().write(core.model, mixed_form=True)
    except InfeasibleConstraintException as error:
        raise Infeasible([f"{PLACE}: {error}"]) from None
    except (InvalidConstraintError, ValueError) as error:
        problem = " ".join(str(error).split())
        raise BadInput([Fault(PLACE, "a component", problem, "add linear constraints only")]) from None
    column = {id(variable): n for n, variable in enumerate(form.columns)}
    place = np.array([column.get(id(variable), -1) for variable in core.columns], dtype=np.int64)
    kind, rhs = np.array([row.bound_type for row in form.rows]), np.asarray(form.rhs, dtype=float)
    return Compiled(
        cost=np.asarray(form.c.todense()).ravel().astype(float),
        matrix=sp.csr_array(form.A),
        row_lower=np.where(kind == 1, -np.inf, rhs),
        row_upper=np.where(kind == -1, np.inf, rhs),
        lower=np.array([-np.inf if v.lb is None else v.lb for v in form.columns], dtype=float),
        upper=np.array([np.inf if v.ub is None else v.ub for v in form.columns], dtype=float),
        integer=np.array([not v.is_continuous() for v in form.columns]),
        at=positions(core, place),
        row_at={"load_hosted": _load_rows(core, form)},
        row_names=[str(row.constraint.name) for row in form.rows],
        postings=postings(core, place),
    )


def _load_rows(core: Core, form: Any) -> Array:
    """Rows of load_hosted by site, workload and period, wherever Pyomo put them."""
    at = load_rows(core)
    if not (at >= 0).any():
        return at
    row = {id(entry.constraint): n for n, entry in enumerate(form.rows)}
    first = int(at[at >= 0].min())
    keys = core.row["load_hosted"].keys
    there = np.array([row[id(core.model.load_hosted[key])] for key in keys], dtype=np.int64)
    moved: Array = np.where(at >= 0, there[np.maximum(at - first, 0)], -1)
    return moved
