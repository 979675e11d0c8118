"""A HiGHS model that grows: rows and columns in compressed form, basis kept."""

from __future__ import annotations

from typing import Any

import highspy
import numpy as np
import scipy.sparse as sp

Array = np.ndarray[Any, Any]
Matrix = Any  # a scipy.sparse array of either orientation
INF = highspy.kHighsInf


_scheduler_threads: list[int] = []  # HiGHS has one task scheduler per process, of a fixed size


def _schedule(threads: int) -> None:
    if _scheduler_threads and _scheduler_threads[0] != threads:
        highspy.Highs.resetGlobalScheduler(True)
    _scheduler_threads[:] = [threads]


class SolverFailed(Exception):
    """HiGHS ended in a way that is neither a solution nor a proof."""


class Highs:
    """One HiGHS instance. Rows and columns are appended; positions never move."""

    def __init__(
        self,
        cost: Array,
        matrix: Matrix,
        row_lower: Array,
        row_upper: Array,
        lower: Array,
        upper: Array,
        threads: int = 1,
        seed: int = 0,
    ):
        _schedule(threads)
        self.solver = highspy.Highs()
        for option, value in (("output_flag", False), ("threads", threads), ("random_seed", seed)):
            self.solver.setOptionValue(option, value)
        by_column = sp.csc_array(matrix)
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(cost), len(row_lower)
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = cost, lower, upper
        lp.row_lower_, lp.row_upper_ = row_lower, row_upper
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = (
            by_column.indptr,
            by_column.indices,
            by_column.data,
        )
        self.solver.passModel(lp)
        self.columns, self.rows = len(cost), len(row_lower)
        self.lower, self.upper = np.array(lower, dtype=float), np.array(upper, dtype=float)

    def lp(self) -> tuple[Array, Matrix, Array, Array, Array, Array]:
        """The model as it stands: cost, matrix, row_lower, row_upper, lower, upper."""
        lp = self.solver.getLp()
        shape = (self.rows, self.columns)
        parts = (np.asarray(lp.a_matrix_.value_), np.asarray(lp.a_matrix_.index_), np.asarray(lp.a_matrix_.start_))
        by_column = lp.a_matrix_.format_ == highspy.MatrixFormat.kColwise
        matrix = sp.csc_array(parts, shape=shape) if by_column else sp.csc_array(sp.csr_array(parts, shape=shape))
        return (
            np.asarray(lp.col_cost_),
            matrix,
            np.asarray(lp.row_lower_),
            np.asarray(lp.row_upper_),
            np.asarray(lp.col_lower_),
            np.asarray(lp.col_upper_),
        )

    def make_whole(self, integer: Array) -> None:
        """Ask for whole values of the flagged columns."""
        kinds = [highspy.HighsVarType.kInteger if whole else highspy.HighsVarType.kContinuous for whole in integer]
        self.solver.changeColsIntegrality(len(kinds), np.arange(len(kinds), dtype=np.int32), np.array(kinds))

    def option(self, name: str, value: Any) -> None:
        """Set one HiGHS option."""
        self.solver.setOptionValue(name, value)

    def add_columns(self, cost: Array, upper: Array, start: Array, index: Array, value: Array) -> Array:
        """Append columns with lower bound 0 (compressed column form); returns their positions."""
        n = len(cost)
        if n:
            self.solver.addCols(
                n,
                cost.astype(float),
                np.zeros(n),
                upper.astype(float),
                len(index),
                start.astype(np.int32),
                index.astype(np.int32),
                value.astype(float),
            )
        self.columns += n
        self.lower, self.upper = np.append(self.lower, np.zeros(n)), np.append(self.upper, upper)
        return np.arange(self.columns - n, self.columns)

    def add_rows(self, lower: Array, upper: Array, start: Array, index: Array, value: Array) -> Array:
        """Append rows (compressed row form); returns their positions."""
        n = len(lower)
        if n:
            self.solver.addRows(
                n,
                lower.astype(float),
                upper.astype(float),
                len(index),
                start.astype(np.int32),
                index.astype(np.int32),
                value.astype(float),
            )
        self.rows += n
        return np.arange(self.rows - n, self.rows)

    def set_bounds(self, columns: Array, lower: Array, upper: Array) -> None:
        """Change bounds of columns."""
        self.lower[columns], self.upper[columns] = lower, upper
        self.solver.changeColsBounds(len(columns), columns.astype(np.int32), lower.astype(float), upper.astype(float))

    def set_cost(self, columns: Array, cost: Array) -> None:
        """Change costs of columns."""
        self.solver.changeColsCost(len(columns), columns.astype(np.int32), cost.astype(float))

    def solve(self) -> str:
        """Run; returns the model status as HiGHS names it."""
        self.solver.run()
        return str(self.solver.modelStatusToString(self.solver.getModelStatus()))

    @property
    def objective(self) -> float:
        """Objective of the last solution."""
        return float(self.solver.getInfo().objective_function_value)

    @property
    def values(self) -> Array:
        """Column values."""
        return np.asarray(self.solver.getSolution().col_value)

    @property
    def duals(self) -> Array:
        """Row duals."""
        return np.asarray(self.solver.getSolution().row_dual)

    @property
    def reduced_costs(self) -> Array:
        """Column duals."""
        return np.asarray(self.solver.getSolution().col_dual)


def compressed(counts: Array) -> Array:
    """Starts of a compressed form from the number of entries of each row or column."""
    return (
        np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int64) if len(counts) else np.zeros(0, dtype=np.int64)
    )
