"""A linear model written row by row and column by column on top of the compiled core."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse as sp

from model.solver.compiling import Compiled

Array = np.ndarray[Any, Any]


class Sheet:
    """Rows, columns and entries gathered until `matrix` is asked for. Columns start at 0 from below."""

    def __init__(self, core: Compiled) -> None:
        base = sp.coo_array(core.matrix)
        self._row, self._column, self._value = [base.coords[0]], [base.coords[1]], [base.data]
        self.row_lower, self.row_upper = core.row_lower.copy(), core.row_upper.copy()
        self.lower, self.upper, self.integer = core.lower.copy(), core.upper.copy(), core.integer.copy()

    def columns(self, count: int, upper: float = np.inf, integer: bool = False) -> Array:
        """Positions of new columns."""
        begin = len(self.upper)
        self.lower = np.append(self.lower, np.zeros(count))
        self.upper = np.append(self.upper, np.full(count, upper))
        self.integer = np.append(self.integer, np.full(count, integer))
        return np.arange(begin, begin + count)

    def rows(self, count: int, lower: float | Array = -np.inf, upper: float | Array = np.inf) -> Array:
        """Positions of new rows."""
        begin = len(self.row_upper)
        self.row_lower = np.append(self.row_lower, np.broadcast_to(np.asarray(lower, dtype=float), count))
        self.row_upper = np.append(self.row_upper, np.broadcast_to(np.asarray(upper, dtype=float), count))
        return np.arange(begin, begin + count)

    def put(self, row: Array, column: Array, value: float | Array) -> None:
        """Entries, of any common shape; those of a missing column (−1) are left out."""
        row, column, number = (np.ravel(part) for part in np.broadcast_arrays(row, column, value))
        live = column >= 0
        self._row.append(row[live])
        self._column.append(column[live])
        self._value.append(number[live].astype(float))

    def slack(self, rows: Array) -> Array:
        """A column per row that loosens its upper limit."""
        found = self.columns(len(rows))
        self.put(rows, found, -1.0)
        return found

    @property
    def matrix(self) -> Any:
        """All entries, columns first."""
        shape = (len(self.row_upper), len(self.upper))
        places = (np.concatenate(self._row), np.concatenate(self._column))
        return sp.csc_array(sp.coo_array((np.concatenate(self._value), places), shape=shape))
