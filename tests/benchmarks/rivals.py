"""The strong formulation of warehouse location in HiGHS and SCIP: one row x ≤ y per warehouse and customer.

Times run from the parsed file to the solution, as ours do: building the model is in them, the import is not. SCIP reads
the matrix from an MPS file; writing that file is left out, in its favour.
"""

from __future__ import annotations

import importlib
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import highspy
import numpy as np
import scipy.sparse as sp

from model.events import SolveOptions
from tests.benchmarks.capfile import Warehouses

Found = tuple[float | None, float | None, str, float]  # objective, bound, status, wall seconds
Engine = Callable[[Warehouses, SolveOptions], Found]


def strong_formulation(problem: Warehouses, options: SolveOptions) -> highspy.Highs:
    """A HiGHS model: y (m, binary), then x (n × m, shares); demand, capacity and linking rows."""
    n, m = problem.serving_cost.shape
    eye = sp.eye_array(n * m)
    serve = sp.kron(sp.eye_array(n), np.ones((1, m)))
    load = sp.kron(problem.demand[None, :], sp.eye_array(m))
    gates = sp.kron(np.ones((n, 1)), sp.eye_array(m))
    matrix = sp.csc_array(
        sp.block_array([[None, serve], [-sp.diags_array(problem.capacity), load], [-gates, eye]], format="csc")
    )
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = m + n * m, n + m + n * m
    lp.col_cost_ = np.concatenate([problem.fixed_cost, problem.serving_cost.ravel()])
    lp.col_lower_, lp.col_upper_ = np.zeros(lp.num_col_), np.ones(lp.num_col_)
    lp.row_lower_ = np.concatenate([np.ones(n), np.full(m + n * m, -highspy.kHighsInf)])
    lp.row_upper_ = np.concatenate([np.ones(n), np.zeros(m + n * m)])
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
    lp.integrality_ = [highspy.HighsVarType.kInteger] * m + [highspy.HighsVarType.kContinuous] * (n * m)
    highs = highspy.Highs()
    highspy.Highs.resetGlobalScheduler(True)
    for name, value in (
        ("output_flag", False),
        ("threads", options.threads),
        ("mip_rel_gap", options.gap),
        ("mip_abs_gap", 0.0),
        ("time_limit", options.time_limit_s),
    ):
        highs.setOptionValue(name, value)
    highs.passModel(lp)
    return highs


def by_highs(problem: Warehouses, options: SolveOptions) -> Found:
    """HiGHS with as many threads as we have."""
    begun = time.perf_counter()
    highs = strong_formulation(problem, options)
    highs.run()
    seconds = time.perf_counter() - begun
    info, status = highs.getInfo(), highs.modelStatusToString(highs.getModelStatus())
    found = float(info.objective_function_value) if info.primal_solution_status == 2 else None
    return found, float(info.mip_dual_bound), _status(str(status), found), seconds


def by_scip(problem: Warehouses, options: SolveOptions) -> Found:
    """SCIP, which uses one thread, on the same matrix handed over as an MPS file."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "strong.mps"
        strong_formulation(problem, options).writeModel(str(file))
        begun = time.perf_counter()
        scip = importlib.import_module("pyscipopt").Model()
        scip.hideOutput()
        scip.readProblem(str(file))
        scip.setParam("limits/gap", options.gap)
        scip.setParam("limits/time", options.time_limit_s)
        scip.optimize()
        seconds = time.perf_counter() - begun
    found = float(scip.getObjVal()) if scip.getNSols() else None
    return found, float(scip.getDualbound()), _status(str(scip.getStatus()), found), seconds


def _status(told: str, found: float | None) -> str:
    told = told.lower().replace(" ", "_")
    if told in ("optimal", "gaplimit"):
        return "optimal_within_gap"
    if told in ("timelimit", "time_limit_reached"):
        told = "time_limit"
    return told if found is not None or told == "infeasible" else "no_plan"


RIVALS: dict[str, Engine] = {"HiGHS": by_highs}
if find_spec("pyscipopt"):
    RIVALS["SCIP"] = by_scip


def absent_rivals() -> list[str]:
    """A sentence for each rival that is not installed."""
    return [] if "SCIP" in RIVALS else ["SCIP is not compared: pyscipopt is not installed."]


def rival_versions() -> dict[str, str]:
    """Versions of the rivals there are."""
    versions = {"HiGHS": highspy.Highs().version()}
    if "SCIP" in RIVALS:
        versions["SCIP"] = str(importlib.import_module("pyscipopt").Model().version())
    return versions
