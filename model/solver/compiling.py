"""The core as a matrix, with the position of every variable."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np
import scipy.sparse as sp

from model.core import Core

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

    @cached_property
    def row_keys(self) -> Array:
        """A number for each row's name."""
        return np.array([zlib.crc32(name.encode()) for name in self.row_names], dtype=np.uint32)


def compile_core(core: Core) -> Compiled:
    """Compile a core once; families and, where there are any, a user's own rows are in it."""
    if core.model is not None:
        from model.solver.extended import compile_extended

        return compile_extended(core)
    posted, dear = core.cost()
    size = [len(columns) for rows in core.row.values() for columns in rows.columns]
    column = np.array([*chain.from_iterable(chain.from_iterable(rows.columns for rows in core.row.values()))], np.int64)
    value = np.array([*chain.from_iterable(chain.from_iterable(rows.coefs for rows in core.row.values()))], float)
    row = np.repeat(np.arange(len(size)), size)
    said = value != 0.0
    order = _order(core, np.concatenate([posted, column[said]]))
    place = np.full(core.width, -1)
    place[order] = np.arange(len(order))
    lower, upper, whole = _limits(core)
    return Compiled(
        cost=dear[order],
        matrix=sp.csr_array((value[said], (row[said], place[column[said]])), shape=(len(size), len(order))),
        row_lower=np.concatenate([[], *(rows.lower for rows in core.row.values())]),
        row_upper=np.concatenate([[], *(rows.upper for rows in core.row.values())]),
        lower=lower[order],
        upper=upper[order],
        integer=whole[order],
        at=positions(core, place),
        row_at={"load_hosted": load_rows(core)},
        row_names=row_names(core),
        postings=postings(core, place),
    )


def _order(core: Core, mentioned: Array) -> Array:
    """Columns that a row or cost mentions, variables in the order of their first mention; others are free to be 0."""
    seen = np.full(core.width, False)
    seen[mentioned] = True
    blocks = np.array([block.first for block in core.variable.values()], dtype=np.int64)
    block_of = np.searchsorted(blocks, np.arange(core.width), side="right") - 1
    found, first = np.unique(block_of[mentioned], return_index=True)
    rank = np.full(len(blocks), -1)
    rank[found[np.argsort(first)]] = np.arange(len(found))
    columns = np.flatnonzero(seen)
    ordered: Array = columns[np.argsort(rank[block_of[columns]], kind="stable")]
    return ordered


def _limits(core: Core) -> tuple[Array, Array, Array]:
    """Lower and upper limit of every column and whether it is whole."""
    blocks = core.variable.values()
    return (
        np.concatenate([[], *(block.lower for block in blocks)]),
        np.concatenate([[], *(block.upper for block in blocks)]),
        np.concatenate([np.zeros(0, bool), *(np.full(len(block.keys), block.whole) for block in blocks)]),
    )


def positions(core: Core, place: Array) -> dict[str, Array]:
    """Where each variable's columns went, in its shape; −1 where there is none."""
    at = {}
    for name, array in core.arrays.items():
        there = np.array([-1 if column is None else place[column] for column in array.ravel()], dtype=np.int64)
        at[name] = there.reshape(array.shape)
    return at


def load_rows(core: Core) -> Array:
    """Rows of load_hosted by site, workload and period; shares are added to them."""
    first = 0
    for rows in core.row.values():
        if rows.name == "load_hosted":
            break
        first += len(rows.keys)
    of_label = [{label: n for n, label in enumerate(core.problem.labels(d))} for d in ("site", "workload", "period")]
    at = np.full([len(labels) for labels in of_label], -1, dtype=np.int64)
    for n, key in enumerate(core.row["load_hosted"].keys if "load_hosted" in core.row else []):
        at[tuple(labels[part] for labels, part in zip(of_label, key, strict=True))] = first + n
    return at


def row_names(core: Core) -> list[str]:
    """Each row as family[labels]."""
    return [
        f"{rows.name}[{','.join(map(str, key)) if isinstance(key, tuple) else key}]"
        for rows in core.row.values()
        for key in rows.keys
    ]


def postings(core: Core, place: Array) -> tuple[list[str], Array, Array, Array, Array]:
    """Every posting as (account, site, period, column, CNY)."""
    every = core.accounts.postings
    return (
        [one.account for one in every for _ in one.columns],
        np.concatenate([np.zeros(0, np.int64), *(one.site for one in every)]),
        np.concatenate([np.zeros(0, np.int64), *(one.period for one in every)]),
        place[np.array([*chain.from_iterable(one.columns for one in every)], dtype=np.int64)],
        np.concatenate([[], *(one.cost for one in every)]),
    )
