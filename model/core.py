"""The core model: everything but who is served from where, as a table of contents.

Variables are columns and rows are lists of terms, so that a solve needs no Pyomo; model/pyomo_model.py writes the same
columns and rows as a Pyomo model, for whoever adds own constraints or exports.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import numpy as np

from model.accounts import Accounts
from model.families import FAMILIES
from model.problem import MONEY, Problem

Array = np.ndarray[Any, Any]
Term = tuple[Any, list[float], list[Any], float | None, float | None]  # key, coefficients, columns, lower, upper


@dataclass(frozen=True)
class Variables:
    """The variable `name[keys]`, a column for each key from `first` on; infinite where there is no limit."""

    name: str
    keys: list[tuple[Any, ...]]
    first: int
    lower: Array
    upper: Array
    whole: bool


@dataclass(frozen=True)
class Rows:
    """The constraint `name[keys]`: lower ≤ Σ coefficient · column ≤ upper, terms of a row side by side."""

    name: str
    keys: list[Any]
    coefs: list[list[float]]
    columns: list[list[int]]
    lower: Array
    upper: Array


@dataclass
class Core:
    """Columns and rows of a problem; `arrays[name]` has each variable's columns in its shape, None where absent.

    `model` is the same in Pyomo once somebody added to it, and then is what is solved; `columns` are its variables.
    """

    problem: Problem
    accounts: Accounts
    arrays: dict[str, Array] = field(default_factory=dict)
    variable: dict[str, Variables] = field(default_factory=dict)
    row: dict[str, Rows] = field(default_factory=dict)
    width: int = 0
    model: Any = None
    columns: list[Any] = field(default_factory=list)
    facility: dict[tuple[int, int], tuple[Array, list[Any]]] = field(default_factory=dict)  # see families/grid.py

    def variables(
        self,
        name: str,
        dims: tuple[str, ...],
        exists: Array,
        whole: bool = False,
        upper: Array | float | None = None,
        lower: Array | float = 0.0,
    ) -> Array:
        """Add the variable `name[dims]` where `exists`; returns its columns as an object array of that shape."""
        at = np.nonzero(exists)
        labels = [self.problem.labels(dim) for dim in dims]
        keys = list(zip(*([label[i] for i in where] for label, where in zip(labels, at, strict=True)), strict=True))
        low = np.broadcast_to(lower, exists.shape)[at].astype(float)
        high = np.broadcast_to(np.inf if upper is None else upper, exists.shape)[at].astype(float)
        array = np.full(exists.shape, None, dtype=object)
        array[at] = self.named(name, keys, low, high, whole)
        self.arrays[name] = array
        return array

    def named(self, name: str, keys: list[tuple[Any, ...]], lower: Array, upper: Array, whole: bool) -> list[int]:
        """Add the variable `name[keys]` and return its columns."""
        first = self.width
        self.variable[name] = Variables(name, keys, first, lower, upper, whole)
        self.width += len(keys)
        return list(range(first, self.width))

    def rows(self, name: str, terms: Iterable[Term]) -> None:
        """Add the constraints `name[key]`: lower ≤ Σ coefficient · variable ≤ upper (None for no limit)."""
        found = list(terms)
        if found:
            keys, coefs, columns, low, high = (list(part) for part in zip(*found, strict=True))
            lower = np.array([-np.inf if one is None else one for one in low], dtype=float)
            upper = np.array([np.inf if one is None else one for one in high], dtype=float)
            self.row[name] = Rows(name, keys, coefs, columns, lower, upper)

    def cost(self) -> tuple[Array, Array]:
        """Columns in the order of posting, and what a unit of every column costs in all accounts, million CNY."""
        every = self.accounts.postings
        columns = np.array([*chain.from_iterable(one.columns for one in every)], dtype=np.int64)
        cost = np.concatenate([[], *(one.cost for one in every)]) * MONEY
        return columns, np.bincount(columns, cost, minlength=self.width)


def build_core(problem: Problem) -> Core:
    """The core of a problem: sites, halls, grid, contracts, law and limits, its accounts."""
    core = Core(problem, Accounts(problem.size("site"), problem.size("period")))
    for family in FAMILIES:
        family(core, core.accounts)
    return core
