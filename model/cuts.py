"""Cuts on what contracts save or avoid: rows through the origin, told by where the load counts and where contracts do.

A cut is kept as that pattern and not as slopes: a pattern makes a valid row at any price, so that what one period, or
an earlier solve at other prices, has found serves another.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from model.dispatch import Slopes
from model.problem import MONEY, Problem

Array = np.ndarray[Any, Any]
KILO = 1e-3
UNIT = {"contract_saving": MONEY, "contract_avoided": KILO}  # million CNY and kt a year
PURPOSE = {"contract_saving": "bill", "contract_avoided": "emissions"}


@dataclass(frozen=True)
class Cuts:
    """n cuts, each of a `site` and a `period`; `covered` (n × S × Y) flags where load counts, contracts elsewhere."""

    site: Array
    period: Array
    covered: Array

    @classmethod
    def where(cls, flags: Array, covered: Array) -> Cuts:
        """At the flagged sites and periods (I × T), of patterns I × S × Y × T or all of one value."""
        site, period = np.nonzero(flags)
        shape = (*flags.shape[:1], *covered.shape[1:3], *flags.shape[1:])
        return cls(site, period, np.broadcast_to(covered, shape)[site, :, :, period])

    @classmethod
    def joined(cls, some: list[Cuts]) -> Cuts:
        """All of them."""
        return cls(*(np.concatenate([getattr(c, name) for c in some]) for name in ("site", "period", "covered")))

    def __len__(self) -> int:
        return len(self.site)

    def chosen(self, flags: Array) -> Cuts:
        """The flagged ones."""
        return Cuts(self.site[flags], self.period[flags], self.covered[flags])

    def at(self, period: int) -> Cuts:
        """The same patterns in another period."""
        return replace(self, period=np.full(len(self), period))

    def slopes(self, x: Problem, weight: Array) -> Slopes:
        """Yearly amount per unit of each decision at `weight` (I × S × Y × T): n × H, n × W × H and n × E."""
        here = weight[self.site, :, :, self.period]
        load = np.where(self.covered, here, 0.0).sum(axis=2)
        elsewhere = np.where(self.covered, 0.0, here)
        return Slopes(
            np.einsum("ns,nhs->nh", load, x.overhead_power[self.site]),
            np.einsum("ns,nwhs->nwh", load, x.hosted_power[self.site]),
            np.einsum("nsy,nesy->ne", elsewhere, x.contract_delivery[self.site]),
        )


def first_pattern(x: Problem, flags: Array, covered: bool) -> Cuts:
    """What is known before solving: no more is saved than the load costs (`covered`), and than contracts deliver."""
    return Cuts.where(flags, np.full((1, x.size("slice"), x.size("hydro_year"), 1), covered))


def entries(x: Problem, at: dict[str, Array], name: str, cuts: Cuts, weight: Array) -> tuple[Array, Array, Array]:
    """Rows `name` − Σ slope · decision ≤ 0 over core columns: how many entries each has, columns, coefficients."""
    slopes, (i, t), n = cuts.slopes(x, weight), (cuts.site, cuts.period), len(cuts)
    parts = (
        ("built_halls", slopes.halls),
        ("kept_halls", slopes.halls),
        ("hosted_load", slopes.hosted),
        ("energy_contract", slopes.contract),
    )
    if not n:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0)
    column = [at[name][i, t][:, None]]
    column += [np.moveaxis(at[block], -1, 1)[i, t].reshape(n, -1) for block, _ in parts]
    value = [np.ones((n, 1))] + [-UNIT[name] * slope.reshape(n, -1) for _, slope in parts]
    columns, values = np.concatenate(column, axis=1), np.concatenate(value, axis=1)
    live = (columns >= 0) & (np.abs(values) > 1e-9)
    return live.sum(axis=1), columns[live], values[live]
