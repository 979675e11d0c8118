"""What a master knows of one period, as plain arrays: columns in use, shares, rows, cuts and the basis.

It serves another master of the same sites and streams: of this period or of its neighbour, in this solve or in a later
one at other prices. Rows are made anew from the other's own figures, so what is carried is only ever a help.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np

from model.cuts import Cuts
from model.solver.master import Master

Array = np.ndarray[Any, Any]
STATUS = [highspy.HighsBasisStatus(code) for code in range(5)]
AT_LOWER, BASIC = 0, 1  # as HiGHS numbers them
ASLEEP, ABSENT = -1, -2


@dataclass(frozen=True)
class Trace:
    """One period of a master; a status is HiGHS' number, ASLEEP or ABSENT.

    core: by variable, its columns flattened. rows: key and status of core rows. demand, elastic: D. export: D × G.
    shares: n × 2 (stream, host) and status; gates: by kind, keys n × 2 and status; strong: candidates and status;
    cuts: by amount, the cuts (of period 0) and status.
    """

    core: dict[str, Array]
    rows: tuple[Array, Array]
    demand: Array
    elastic: Array
    export: Array
    shares: tuple[Array, Array]
    gates: dict[str, tuple[Array, Array]]
    strong: tuple[Array, Array]
    cuts: dict[str, tuple[Cuts, Array]]

    @classmethod
    def each(cls, master: Master) -> dict[int, Trace]:
        """What a solved master knows of each of its periods."""
        statuses = _statuses(master)
        return {t: cls._of(master, t, *statuses) for t in range(master.x.size("period"))}

    @classmethod
    def _of(cls, master: Master, t: int, column: Array, row: Array) -> Trace:
        core = {}
        for name, at in master.core.at.items():
            here = at[..., t].ravel()
            core[name] = np.where(here >= 0, column[np.maximum(here, 0)], ABSENT).astype(np.int8)
        mine = master.share[:, 2] == t
        gates = {}
        for kind, rows in master.gates.row.items():
            keys = np.argwhere(rows[..., t] >= 0)
            gates[kind] = keys, row[rows[..., t][tuple(keys.T)]]
        strong = master.strong.row[:, t]
        candidates = np.flatnonzero(strong >= 0)
        cuts = {}
        for name in master.weights:
            known = [(c.chosen(c.period == t), rows[c.period == t]) for n, c, rows in master.cuts if n == name]
            if known:
                cuts[name] = Cuts.joined([c.at(0) for c, _ in known]), row[np.concatenate([r for _, r in known])]
        names = len(master.core.row_names)
        return cls(
            core=core,
            rows=(master.core.row_keys, row[:names]),
            demand=row[master.demand_row[:, t]],
            elastic=column[master.elastic.reshape(master.demand_row.shape)[:, t]],
            export=_known(master.export_row[..., t], row),
            shares=(master.share[mine, :2], column[master.share_column[mine]]),
            gates=gates,
            strong=(candidates, row[strong[candidates]]),
            cuts=cuts,
        )

    def wake(self, master: Master, t: int) -> None:
        """Wake the core columns of period `t` that are awake here."""
        flags = np.zeros(master.highs.columns, dtype=bool)
        for name, status in self.core.items():
            at = master.core.at[name][..., t].ravel() if name in master.core.at else np.zeros(0, dtype=np.int64)
            if len(at) == len(status):
                flags[at[(at >= 0) & (status >= 0)]] = True
        master.highs.wake(flags)

    def flags(self, master: Master, t: int) -> Array:
        """The shares as flags of the master's, D × K × T."""
        flags = np.zeros(master.have.shape, dtype=bool)
        keys = self.shares[0]
        flags[keys[:, 0], keys[:, 1], t] = True
        return flags

    def give(self, master: Master, t: int, shares: Array, tight: bool = False) -> Given:
        """Add to period `t` of a master what is known here, of shares those flagged (D × K × T).

        With `tight` only rows that are at a limit in the basis.
        """
        self.wake(master, t)
        master.add_shares(shares)
        for kind, (keys, status) in self.gates.items():
            chosen = keys[status != BASIC] if tight else keys
            chosen = chosen[(chosen < master.gates.row[kind].shape[:2]).all(axis=1)]
            master.gates.add(kind, np.column_stack([chosen, np.full(len(chosen), t)]))
        candidates, status = self.strong
        candidates = candidates[status != BASIC] if tight else candidates
        candidates = candidates[candidates < len(master.strong.row)]
        master.strong.add(np.column_stack([candidates, np.full(len(candidates), t)]))
        cut_rows = []
        for name, (cuts, status) in self.cuts.items():
            flags = (status != BASIC) if tight else np.ones(len(cuts), dtype=bool)
            flags = flags & (master.core.at[name][cuts.site, t] >= 0) if name in master.weights else flags & False
            if flags.any():
                cut_rows.append((status[flags], master.add_cuts(name, cuts.chosen(flags).at(t))))
        return Given(self, t, cut_rows)


@dataclass(frozen=True)
class Given:
    """A trace given to period `t` of a master; `cuts` are statuses and the rows they went to."""

    trace: Trace
    t: int
    cuts: list[tuple[Array, Array]]


def give_basis(master: Master, given: list[Given]) -> None:
    """Hand HiGHS the basis that the traces given make together; what nobody tells of is a basic row, a column at 0."""
    highs = master.highs
    column = np.full(highs.columns, AT_LOWER, dtype=np.int8)
    row = np.full(highs.rows, BASIC, dtype=np.int8)
    where = np.full(master.have.shape, -1, dtype=np.int64)
    where[tuple(master.share.T)] = master.share_column
    keys = master.core.row_keys
    for one in given:
        trace, t = one.trace, one.t
        for name, status in trace.core.items():
            at = master.core.at[name][..., t].ravel() if name in master.core.at else np.zeros(0, dtype=np.int64)
            if len(at) == len(status):
                told = (at >= 0) & (status >= 0)
                column[at[told]] = status[told]
        _same(row, keys, *trace.rows)
        column[master.elastic.reshape(master.demand_row.shape)[:, t]] = trace.elastic
        row[master.demand_row[:, t]] = trace.demand
        export = master.export_row[..., t]
        if export.shape == trace.export.shape:
            both = (export >= 0) & (trace.export >= 0)
            row[export[both]] = trace.export[both]
        for kind, (places, status) in trace.gates.items():
            inside = (places < master.gates.row[kind].shape[:2]).all(axis=1)
            _put(row, master.gates.row[kind][places[inside, 0], places[inside, 1], t], status[inside])
        candidates, status = trace.strong
        inside = candidates < len(master.strong.row)
        _put(row, master.strong.row[candidates[inside], t], status[inside])
        for status, rows in one.cuts:
            row[rows] = status
        (pairs, status) = trace.shares
        _put(column, where[pairs[:, 0], pairs[:, 1], t], status)
    basis = highspy.HighsBasis()
    basis.col_status = [STATUS[code] for code in column[highs.awake_at].tolist()]
    basis.row_status = [STATUS[code] for code in row.tolist()]
    basis.valid, basis.alien = True, True
    highs.solver.setBasis(basis)


def _same(row: Array, keys: Array, known: Array, status: Array) -> None:
    """Take over the status of rows of the same key."""
    order = np.argsort(known, kind="stable")
    place = np.minimum(np.searchsorted(known[order], keys), max(len(known) - 1, 0))
    if len(known):
        same = known[order][place] == keys
        row[: len(keys)][same] = status[order][place][same]


def _put(target: Array, places: Array, status: Array) -> None:
    there = places >= 0
    target[places[there]] = status[there]


def _known(rows: Array, status: Array) -> Array:
    return np.where(rows >= 0, status[np.maximum(rows, 0)], ABSENT).astype(np.int8)


def _statuses(master: Master) -> tuple[Array, Array]:
    """Status of each column (ASLEEP where HiGHS does not see it) and of each row."""
    highs = master.highs
    basis = highs.solver.getBasis()
    column = np.full(highs.columns, ASLEEP, dtype=np.int8)
    column[highs.awake_at] = [int(status) for status in basis.col_status]
    return column, np.array([int(status) for status in basis.row_status], dtype=np.int8)
