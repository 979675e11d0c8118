"""A HiGHS model that grows: rows and columns in compressed form, basis kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import highspy
import numpy as np
import scipy.sparse as sp

Array = np.ndarray[Any, Any]
Matrix = Any  # a scipy.sparse array of either orientation
INF = highspy.kHighsInf
INTERRUPTED = "Interrupted by user"
ASKED_FROM = 4000  # rows: an LP with fewer is soon solved, and asking would double its time


class SolverFailed(Exception):
    """HiGHS ended in a way that is neither a solution nor a proof."""


class Highs:
    """One HiGHS instance. Rows and columns are appended; positions never move.

    It has one thread, since it gains nothing from a second; while it runs, other threads of Python go on.

    Columns may sleep: they are 0 and HiGHS does not see them until they are woken, so that an LP of which most columns
    stay 0 is solved over the few that do not. All methods speak of positions among all columns.
    """

    def __init__(
        self,
        cost: Array,
        matrix: Matrix,
        row_lower: Array,
        row_upper: Array,
        lower: Array,
        upper: Array,
        seed: int = 0,
        asleep: Array | None = None,
    ):
        self.solver = highspy.Highs()
        for option, value in (("output_flag", False), ("threads", 1), ("random_seed", seed)):
            self.solver.setOptionValue(option, value)
        self.cost, self.row_lower, self.row_upper = (np.array(v, dtype=float) for v in (cost, row_lower, row_upper))
        self.lower, self.upper = np.array(lower, dtype=float), np.array(upper, dtype=float)
        self.columns, self.rows = len(cost), len(row_lower)
        self._matrix: Matrix = sp.csc_array(matrix)
        self.go_on: Callable[[], bool] | None = None  # for LPs: asked now and then
        self._asked = 0
        self._added: list[tuple[Array, Array, Array]] = []  # entries not yet in the matrix: row, column, value
        awake = np.ones(self.columns, dtype=bool) if asleep is None else ~asleep
        self.awake_at = np.flatnonzero(awake)  # column of each place in HiGHS
        self.place = np.where(awake, np.cumsum(awake) - 1, -1)
        by_column = self._matrix if asleep is None else self._matrix[:, self.awake_at]
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(self.awake_at), self.rows
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = (v[self.awake_at] for v in (self.cost, self.lower, self.upper))
        lp.row_lower_, lp.row_upper_ = self.row_lower, self.row_upper
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = (
            by_column.indptr,
            by_column.indices,
            by_column.data,
        )
        self.solver.passModel(lp)

    @property
    def matrix(self) -> Matrix:
        """All rows over all columns, by column."""
        if self._added:
            old = self._matrix.tocoo()
            row, column, value = (np.concatenate(part) for part in zip(*self._added, strict=True))
            entries = np.append(old.data, value), (np.append(old.row, row), np.append(old.col, column))
            self._matrix = sp.csc_array(sp.coo_array(entries, shape=(self.rows, self.columns)))
            self._added = []
        elif self._matrix.shape != (self.rows, self.columns):
            self._matrix.resize((self.rows, self.columns))
        return self._matrix

    def lp(self) -> tuple[Array, Matrix, Array, Array, Array, Array]:
        """The model as it stands: cost, matrix, row_lower, row_upper, lower, upper."""
        return self.cost, self.matrix, self.row_lower, self.row_upper, self.lower, self.upper

    def make_whole(self, integer: Array) -> None:
        """Ask for whole values of the flagged columns."""
        kinds = [highspy.HighsVarType.kInteger if whole else highspy.HighsVarType.kContinuous for whole in integer]
        self.solver.changeColsIntegrality(len(kinds), np.arange(len(kinds), dtype=np.int32), np.array(kinds))

    def option(self, name: str, value: Any) -> None:
        """Set one HiGHS option."""
        self.solver.setOptionValue(name, value)

    def add_columns(self, cost: Array, upper: Array, start: Array, index: Array, value: Array) -> Array:
        """Append columns with lower bound 0 (compressed column form), awake; returns their positions."""
        n = len(cost)
        at = np.arange(self.columns, self.columns + n)
        if n:
            self._pass_columns(cost.astype(float), np.zeros(n), upper.astype(float), start, index, value)
            self._added.append((index, np.repeat(at, np.diff(np.append(start, len(index)))), value))
        self.columns += n
        self.cost, self.upper = np.append(self.cost, cost), np.append(self.upper, upper)
        self.lower = np.append(self.lower, np.zeros(n))
        self._awaken(at)
        return at

    def wake(self, flags: Array) -> int:
        """Wake the flagged columns that sleep; returns how many."""
        at = np.flatnonzero(flags & (self.place < 0))
        if len(at):
            part = self.matrix[:, at]
            self._pass_columns(self.cost[at], self.lower[at], self.upper[at], part.indptr[:-1], part.indices, part.data)
            self.place[at] = np.arange(len(at)) + len(self.awake_at)
            self.awake_at = np.append(self.awake_at, at)
        return len(at)

    def _awaken(self, at: Array) -> None:
        self.place = np.append(self.place, np.arange(len(at)) + len(self.awake_at))
        self.awake_at = np.append(self.awake_at, at)

    def _pass_columns(self, cost: Array, lower: Array, upper: Array, start: Array, index: Array, value: Array) -> None:
        starts, indices = start.astype(np.int32), index.astype(np.int32)
        self.solver.addCols(len(cost), cost, lower, upper, len(indices), starts, indices, value.astype(float))

    def add_rows(self, lower: Array, upper: Array, start: Array, index: Array, value: Array) -> Array:
        """Append rows (compressed row form); returns their positions."""
        n = len(lower)
        at = np.arange(self.rows, self.rows + n)
        if n:
            index = index.astype(np.int64)
            row = np.repeat(np.arange(n), np.diff(np.append(start, len(index))))
            self._added.append((row + self.rows, index, value))
            place = self.place[index]
            seen = place >= 0
            starts = compressed(np.bincount(row[seen], minlength=n))
            self.solver.addRows(
                n,
                lower.astype(float),
                upper.astype(float),
                int(seen.sum()),
                starts.astype(np.int32),
                place[seen].astype(np.int32),
                value[seen].astype(float),
            )
        self.rows += n
        self.row_lower, self.row_upper = np.append(self.row_lower, lower), np.append(self.row_upper, upper)
        return at

    def set_bounds(self, columns: Array, lower: Array, upper: Array) -> None:
        """Change bounds of columns; one that may no longer be 0 is woken."""
        self.lower[columns], self.upper[columns] = lower, upper
        flags = np.zeros(self.columns, dtype=bool)
        flags[columns] = self.lower[columns] > 0
        self.wake(flags)
        columns = columns[self.place[columns] >= 0]
        place = self.place[columns].astype(np.int32)
        self.solver.changeColsBounds(len(place), place, self.lower[columns], self.upper[columns])

    def set_cost(self, columns: Array, cost: Array) -> None:
        """Change costs of columns."""
        self.cost[columns] = cost
        columns = columns[self.place[columns] >= 0]
        self.solver.changeColsCost(len(columns), self.place[columns].astype(np.int32), self.cost[columns])

    def solve(self) -> str:
        """Run; returns the model status as HiGHS names it, INTERRUPTED if `go_on` said no.

        HiGHS asks Python at every simplex iteration or never; pausing and going on instead can go round in circles.
        """
        asked = self.go_on is not None and self.rows >= ASKED_FROM
        if asked:
            self.solver.cbSimplexInterrupt.subscribe(self._hear)
        if self.solver.run() == highspy.HighsStatus.kError:  # someone else in this process runs it with other threads
            highspy.Highs.resetGlobalScheduler(True)
            self.solver.run()
        if asked:
            self.solver.cbSimplexInterrupt.unsubscribe(self._hear)
        return str(self.solver.modelStatusToString(self.solver.getModelStatus()))

    def _hear(self, event: Any) -> None:
        self._asked += 1
        if self._asked % 100 == 0 and self.go_on is not None and not self.go_on():
            event.data_in.user_interrupt = True

    @property
    def objective(self) -> float:
        """Objective of the last solution."""
        return float(self.solver.getInfo().objective_function_value)

    @property
    def values(self) -> Array:
        """Column values; 0 where asleep."""
        values = np.zeros(self.columns)
        values[self.awake_at] = self.solver.getSolution().col_value
        return values

    @property
    def duals(self) -> Array:
        """Row duals."""
        return np.asarray(self.solver.getSolution().row_dual)

    @property
    def tight(self) -> Array:
        """Flags of the rows that are at a limit in the basis."""
        status = np.array(self.solver.getBasis().row_status, dtype=object)
        flags: Array = status != highspy.HighsBasisStatus.kBasic
        return flags

    def reduced_costs(self, duals: Array) -> Array:
        """Reduced costs of all columns, asleep ones too."""
        reduced: Array = self.cost - self.matrix.T @ duals
        return reduced


def compressed(counts: Array) -> Array:
    """Starts of a compressed form from the number of entries of each row or column."""
    return (
        np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int64) if len(counts) else np.zeros(0, dtype=np.int64)
    )
