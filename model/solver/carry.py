"""What one master has found, carried to another over other periods of the same problem: shares, rows, cuts, basis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np

from model.solver.master import Master

Array = np.ndarray[Any, Any]
BASIC, AT_LOWER = highspy.HighsBasisStatus.kBasic, highspy.HighsBasisStatus.kLower


@dataclass(frozen=True)
class Carrier:
    """From `source` to `target`, of the same hosts: `periods` pairs a period of the one with one of the other."""

    source: Master
    target: Master
    periods: Sequence[tuple[int, int]]

    def shares(self, wanted: Array) -> int:
        """Add to the target the flagged shares (D × K × T of the source); returns how many were new."""
        flags = np.zeros(self.target.have.shape, dtype=bool)
        for mine, other in self.periods:
            flags[..., other] |= wanted[..., mine]
        return self.target.add_shares(flags)

    def gates(self, tight: Array | None = None) -> None:
        """Add to the target the gate rows of the source, all or those flagged `tight` among the source's rows."""
        for kind, rows in self.source.gate_row.items():
            keys = self.source.gates(kind)
            if tight is not None:
                keys = keys[tight[rows[tuple(keys.T)]]]
            for mine, other in self.periods:
                here = keys[keys[:, 2] == mine]
                if len(here):
                    self.target.add_gates(kind, np.column_stack([here[:, :2], np.full(len(here), other)]))

    def strong(self, tight: Array | None = None) -> None:
        """Add to the target the rounding rows of the source, all or those flagged `tight` among the source's rows."""
        rows = self.source.strong.row
        there = rows >= 0 if tight is None else (rows >= 0) & tight[rows]
        for mine, other in self.periods:
            candidates = np.flatnonzero(there[:, mine])
            self.target.strong.add(np.column_stack([candidates, np.full(len(candidates), other)]))

    def cuts(self, tight: Array | None = None) -> list[tuple[Array, Array]]:
        """Add to the target the cuts of the source, all or those flagged `tight` among the source's rows.

        A pattern is a row of the target's own prices. Returns pairs of rows there and rows here.
        """
        added = []
        for name, cuts, rows in list(self.source.cuts):
            for mine, other in self.periods:
                flags = cuts.period == mine if tight is None else (cuts.period == mine) & tight[rows]
                if flags.any():
                    added.append((rows[flags], self.target.add_cuts(name, cuts.chosen(flags).at(other))))
        return added

    def awake(self) -> None:
        """Wake in the target the core columns that are awake in the source."""
        flags = np.zeros(self.target.highs.columns, dtype=bool)
        for mine, other in self.core_columns():
            flags[other[self.source.highs.place[mine] >= 0]] = True
        self.target.highs.wake(flags)

    def core_columns(self) -> list[tuple[Array, Array]]:
        """Core columns of the source and the same ones of the target."""
        pairs = []
        for name, at in self.source.core.at.items():
            for mine, other in self.periods:
                here, there = at[..., mine].ravel(), self.target.core.at[name][..., other].ravel()
                both = (here >= 0) & (there >= 0)
                pairs.append((here[both], there[both]))
        return pairs


@dataclass
class Basis:
    """A basis being put together for a master out of those of others; what nobody tells is a basic row."""

    target: Master

    def __post_init__(self) -> None:
        highs = self.target.highs
        self.column = np.full(highs.columns, AT_LOWER, dtype=object)
        self.row = np.full(highs.rows, BASIC, dtype=object)

    def take(self, carrier: Carrier, core_rows: tuple[Array, Array], cut_rows: list[tuple[Array, Array]]) -> None:
        """Take over the source's basis; `core_rows` are the source's and the target's positions of the same core rows.

        `cut_rows` are what the carrier's `cuts` returned.
        """
        source, target = carrier.source, self.target
        basis = source.highs.solver.getBasis()
        column = np.full(source.highs.columns, AT_LOWER, dtype=object)
        column[source.highs.awake_at] = np.array(basis.col_status, dtype=object)
        row = np.array(basis.row_status, dtype=object)
        for there, here in carrier.core_columns():
            self.column[here] = column[there]
        self.row[core_rows[1]] = row[core_rows[0]]
        for mine, other in carrier.periods:
            self.column[target.elastic.reshape(target.demand_row.shape)[:, other]] = column[
                source.elastic.reshape(source.demand_row.shape)[:, mine]
            ]
            self.row[target.demand_row[:, other]] = row[source.demand_row[:, mine]]
            self._rows(source.export_row[..., mine], target.export_row[..., other], row)
            for kind, rows in source.gate_row.items():
                self._rows(rows[..., mine], target.gate_row[kind][..., other], row)
            self._rows(source.strong.row[..., mine], target.strong.row[..., other], row)
        for rows_there, rows_here in cut_rows:
            self.row[rows_here] = row[rows_there]
        self._shares(carrier, column)

    def _rows(self, mine: Array, other: Array, row: Array) -> None:
        both = (mine >= 0) & (other >= 0)
        self.row[other[both]] = row[mine[both]]

    def _shares(self, carrier: Carrier, column: Array) -> None:
        source, target = carrier.source, self.target
        where = np.full(target.have.shape, -1, dtype=np.int64)
        where[tuple(target.share.T)] = target.share_column
        d, k, t = source.share.T
        for mine, other in carrier.periods:
            at = np.flatnonzero(t == mine)
            place = where[d[at], k[at], other]
            self.column[place[place >= 0]] = column[source.share_column[at[place >= 0]]]

    def give(self) -> None:
        """Hand the basis to the target's HiGHS."""
        highs, basis = self.target.highs, highspy.HighsBasis()
        basis.col_status, basis.row_status = self.column[highs.awake_at].tolist(), self.row.tolist()
        basis.valid, basis.alien = True, True
        highs.solver.setBasis(basis)
