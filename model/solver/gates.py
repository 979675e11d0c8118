"""Rows that shares pass: served only where open, replicas in different zones, ring-fenced only with an operator.

There are far too many to have them all; those that a solution breaks are added.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from model.solver.highs import INF, compressed

if TYPE_CHECKING:
    from model.solver.master import Master

Array = np.ndarray[Any, Any]


class Gates:
    """The gate rows a master has: `row[kind]` by key, −1 where there is none; a key's last part is its period."""

    def __init__(self, master: Master):
        """None at first. The shapes: link D × I × T, apart groups × zones × T, ring D × jurisdictions × T."""
        self.master = master
        x, (streams, _, periods) = master.x, master.assignment.open_pairs.shape
        shapes = {
            "link": (streams, x.size("site"), periods),
            "apart": (int(x.stream_group.max()) + 1, int(x.site_zone_at.max()) + 1, periods),
            "ring": (streams, x.size("jurisdiction"), periods),
        }
        self.row = {kind: np.full(shape, -1, dtype=np.int32) for kind, shape in shapes.items()}

    def keys(self, kind: str, d: Array, k: Array, t: Array) -> tuple[Array, tuple[Array, Array, Array]]:
        """Which of the given shares a kind of gate row is about, and their keys, each with the period last.

        `link` stream, site: served only where open; a group's replicas never meet at a site, so they share the row of
        the group's first stream. `apart` stream group, zone: replicas in different zones.
        `ring` stream, jurisdiction: ring-fenced only with a local operator.
        """
        x, a = self.master.x, self.master.assignment
        if kind == "link":
            return np.arange(len(d)), (a.leader[d], x.host_site[k], t)
        mine = np.flatnonzero(a.replicated[d] if kind == "apart" else a.ring_jurisdiction[k] >= 0)
        d, k, t = d[mine], k[mine], t[mine]
        return mine, (x.stream_group[d], a.host_zone[k], t) if kind == "apart" else (d, a.ring_jurisdiction[k], t)

    def column(self, kind: str, keys: Array) -> Array:
        """The binary column each key's row is bounded by, −1 where by one; keys n × 3."""
        if kind == "apart":
            return np.full(len(keys), -1)
        column: Array = self.master.core.at["is_open" if kind == "link" else "ring_fence"][keys[:, 1], keys[:, 2]]
        return column

    def add_violated(self, values: Array, tolerance: float) -> int:
        """Add the gate rows the present shares break by more than `tolerance`; how many are broken, new or not."""
        at = values[self.master.share_column]
        live = at > tolerance
        (d, k, t), at = self.master.share[live].T, at[live]
        broken = 0
        for kind in self.row:
            mine, keys = self.keys(kind, d, k, t)
            if not len(mine):
                continue
            table, inverse = np.unique(np.stack(keys, axis=1), axis=0, return_inverse=True)
            total = np.bincount(inverse.ravel(), weights=at[mine], minlength=len(table))
            column = self.column(kind, table)
            limit = np.where(column >= 0, values[np.maximum(column, 0)], 1.0)
            over = table[total > limit + tolerance]
            self.add(kind, over)
            broken += len(over)
        return broken

    def add(self, kind: str, keys: Array) -> int:
        """Add the rows Σ share ≤ gate of those keys (n × 3) that have shares, a gate and no row yet; how many."""
        keys = keys[self.row[kind][tuple(keys.T)] < 0]
        if not len(keys):
            return 0
        column = self.column(kind, keys)
        if kind != "apart":  # without a binary the site is always open
            keys, column = keys[column >= 0], column[column >= 0]
        mine, parts = self.keys(kind, *self.master.share.T)
        shape = self.row[kind].shape
        have = np.ravel_multi_index(parts, shape)
        order = np.argsort(have, kind="stable")
        wanted = np.ravel_multi_index(tuple(keys.T), shape)
        first, last = np.searchsorted(have[order], wanted), np.searchsorted(have[order], wanted, side="right")
        some = last > first
        keys, column, first, last = keys[some], column[some], first[some], last[some]
        if not len(keys):
            return 0
        count, gated = last - first, column >= 0
        members = order[np.repeat(first - np.cumsum(count) + count, count) + np.arange(count.sum())]
        size = count + gated  # a row ends with its gate
        is_gate = np.zeros(size.sum(), dtype=bool)
        is_gate[np.cumsum(size)[gated] - 1] = True
        index = np.zeros(len(is_gate), dtype=np.int64)
        index[is_gate], index[~is_gate] = column[gated], self.master.share_column[mine[members]]
        limit, value = np.where(gated, 0.0, 1.0), np.where(is_gate, -1.0, 1.0)
        rows = self.master.highs.add_rows(np.full(len(keys), -INF), limit, compressed(size), index, value)
        self.row[kind][tuple(keys.T)] = rows
        return len(keys)

    def closed(self, whole: Array) -> Array:
        """Flags of the shares whose site or local operator is not there in a solution with whole gates."""
        flags = np.zeros(len(self.master.share), dtype=bool)
        for kind in ("link", "ring"):
            mine, keys = self.keys(kind, *self.master.share.T)
            if len(mine):
                column = self.column(kind, np.stack(keys, axis=1))
                flags[mine] |= (column >= 0) & (whole[np.maximum(column, 0)] < 0.5)
        return flags

    def keep_replicas_apart(self, columns: Array) -> int:
        """Add every row on replicas in one zone that the kept columns could break."""
        a, (d, k, t) = self.master.assignment, self.master.share.T
        mine = columns[self.master.share_column] & a.replicated[d]
        keys = np.stack([self.master.x.stream_group[d[mine]], a.host_zone[k[mine]], t[mine], d[mine]], axis=1)
        pairs, count = np.unique(np.unique(keys, axis=0)[:, :3], axis=0, return_counts=True)
        return self.add("apart", pairs[count > 1]) if len(pairs) else 0

    def link_every_share(self) -> None:
        """Served only where open: all these rows in one go."""
        master = self.master
        (mine, keys), at_gate = self.keys("link", *master.share.T), master.core.at["is_open"]
        gate = at_gate[keys[1], keys[2]]
        gated = gate >= 0
        rows = self.row["link"]
        found, row = np.unique(np.ravel_multi_index(keys, rows.shape)[gated], return_inverse=True)
        of_row = np.zeros(len(found), dtype=np.int64)
        of_row[row] = gate[gated]
        count = len(found)
        where = np.concatenate([row.ravel(), np.arange(count)])
        order = np.argsort(where, kind="stable")
        columns = np.concatenate([master.share_column[mine[gated]], of_row])
        values = np.concatenate([np.ones(int(gated.sum())), -np.ones(count)])
        starts = compressed(np.bincount(where, minlength=count))
        rows.reshape(-1)[found] = master.highs.add_rows(
            np.full(count, -INF), np.zeros(count), starts, columns[order], values[order]
        )
