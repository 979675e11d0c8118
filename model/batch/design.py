"""Which studies a sweep is made of: values along axes as a grid, in pairs, at random, or as listed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from math import prod
from typing import Any, Literal, get_args

import numpy as np

from data.errors import Fault, raise_faults

Kind = Literal["grid", "paired", "random", "list"]
KINDS: tuple[Kind, ...] = get_args(Kind)
Changes = dict[str, Any]  # scenario path → value
MOST_MEMBERS = 20_000  # a month of a large cluster; more is a slip of the step


@dataclass(frozen=True)
class Axis:
    """A key of the scenario with the values it takes, or, for a random design, the range it is drawn from.

    A range may be `whole`: then only whole numbers, both ends included, are drawn.
    """

    path: str
    values: tuple[Any, ...] = ()
    low: float = 0.0
    high: float = 0.0
    whole: bool = False

    @property
    def is_range(self) -> bool:
        """No values are named, only the ends."""
        return not self.values

    def at(self, quantile: float) -> Any:
        """The value at a quantile in [0, 1): every named value, and every part of a range, is as likely."""
        if not self.is_range:
            return self.values[int(quantile * len(self.values))]
        if self.whole:
            return int(np.floor(self.low + quantile * (self.high + 1 - self.low)))
        return float(self.low + quantile * (self.high - self.low))


@dataclass(frozen=True)
class Design:
    """Axes and how they are combined. `fixed` holds for every member; `listed` are the members of a list."""

    kind: Kind = "grid"
    axes: tuple[Axis, ...] = ()
    fixed: Changes = field(default_factory=dict)
    samples: int = 0
    seed: int = 0
    listed: tuple[Changes, ...] = ()

    @property
    def paths(self) -> tuple[str, ...]:
        """The keys that differ between members, in order of first mention."""
        if self.kind == "list":
            return tuple(dict.fromkeys(path for member in self.listed for path in member))
        return tuple(axis.path for axis in self.axes)


def members_of(design: Design) -> list[Changes]:
    """What each member changes, in a fixed order; the last axis of a grid runs fastest.

    A random design is a Latin hypercube: each of `samples` equal parts of an axis is drawn once, by `seed`.
    Raises BadInput when the design names no members, or more than it can pair.

    >>> members_of(Design("grid", (Axis("a", (1, 2)), Axis("b", ("x", "y")))))
    [{'a': 1, 'b': 'x'}, {'a': 1, 'b': 'y'}, {'a': 2, 'b': 'x'}, {'a': 2, 'b': 'y'}]
    >>> members_of(Design("paired", (Axis("a", (1, 2)), Axis("b", ("x", "y")))))
    [{'a': 1, 'b': 'x'}, {'a': 2, 'b': 'y'}]
    """
    raise_faults(faults_of(design))
    if design.kind == "list":
        return [dict(member) for member in design.listed]
    if design.kind == "random":
        return _drawn(design)
    rows = (
        zip(*(axis.values for axis in design.axes), strict=True)
        if design.kind == "paired"
        else product(*(axis.values for axis in design.axes))
    )
    return [dict(zip(design.paths, row, strict=True)) for row in rows]


def _drawn(design: Design) -> list[Changes]:
    from scipy.stats import qmc

    sampler = qmc.LatinHypercube(len(design.axes), rng=np.random.default_rng(design.seed))
    return [
        {axis.path: axis.at(float(u)) for axis, u in zip(design.axes, row, strict=True)}
        for row in sampler.random(design.samples)
    ]


def faults_of(design: Design) -> list[Fault]:
    """Why a design has no members."""
    found = _list_faults(design) if design.kind == "list" else [*_axes_faults(design), *_shape_faults(design)]
    if "solver.threads" in {*design.paths, *design.fixed}:
        found.append(_fault("solver.threads", "is the same for every member", "use --threads, in Python threads="))
    if (count := _count(design)) > MOST_MEMBERS:
        remedy = f"at most {MOST_MEMBERS:,} are planned at once; take fewer values, larger steps, or draw at random"
        found.append(_fault("the design", f"makes {count:,} members", remedy))
    return found


def _list_faults(design: Design) -> list[Fault]:
    found = [] if design.listed else [_fault("members", "is empty", "list at least one member in a study file")]
    if design.axes:
        remedy = "write its values into the members, or choose grid, paired or random"
        found += [_fault(axis.path, "is an axis beside a list of members", remedy) for axis in design.axes]
    return found


def _axes_faults(design: Design) -> Iterator[Fault]:
    paths = [axis.path for axis in design.axes]
    for path in dict.fromkeys(path for path in paths if paths.count(path) > 1):
        yield _fault(path, "is an axis twice", "give all its values in one place")
    for axis in design.axes:
        if axis.path in design.fixed and axis.path != "solver.threads":
            yield _fault(axis.path, "is both an axis and fixed", "keep one of them")
        if axis.is_range and design.kind != "random":
            yield _fault(axis.path, "has a range without steps", "write low:high:step, or draw at random")
        if axis.is_range and axis.low > axis.high:
            yield _fault(axis.path, f"falls from {axis.low:g} to {axis.high:g}", "put the lower end first")
        told = [repr(plain(value)) for value in axis.values]
        for value in dict.fromkeys(value for value in told if told.count(value) > 1) if design.kind == "grid" else ():
            yield _fault(axis.path, f"has the value {value} twice", "keep one of them")


def _shape_faults(design: Design) -> Iterator[Fault]:
    if not design.axes:
        remedy = "give a key two values or more, as in --set policy.carbon_price_cny_per_t=0,80"
        yield _fault("axes", "is empty", remedy)
    if design.listed:
        yield _fault("members", "are listed", f"write design: list, or leave them out of a {design.kind} design")
    if design.kind == "random" and design.samples < 1:
        yield _fault("samples", "is missing", "say how many members to draw")
    if design.kind != "random" and design.samples:
        yield _fault("samples", f"means nothing to a {design.kind} design", "choose the design random, or leave it out")
    lengths = {axis.path: len(axis.values) for axis in design.axes}
    if design.kind == "paired" and len(set(lengths.values())) > 1:
        told = ", ".join(f"{path} has {length}" for path, length in lengths.items())
        yield _fault("axes", f"cannot be paired: {told} values", "give each axis as many values")


def _count(design: Design) -> int:
    """How many members a design would have."""
    if design.kind == "list":
        return len(design.listed)
    if design.kind == "random":
        return design.samples
    lengths = [len(axis.values) for axis in design.axes]
    return max(lengths, default=0) if design.kind == "paired" else prod(lengths)


def _fault(where: str, problem: str, remedy: str) -> Fault:
    return Fault("the sweep", where, problem, remedy)


def described(design: Design) -> Mapping[str, Any]:
    """The design as plain values, for identity and provenance."""
    return {
        "design": design.kind,
        "axes": [
            {"path": a.path, "low": a.low, "high": a.high, "whole": a.whole} if a.is_range
            else {"path": a.path, "values": [plain(value) for value in a.values]}
            for a in design.axes
        ],
        "fixed": {path: plain(value) for path, value in design.fixed.items()},
        "samples": design.samples,
        "seed": design.seed,
        "members": [{path: plain(value) for path, value in member.items()} for member in design.listed],
    }  # fmt: skip


def plain(value: Any) -> Any:
    """A value JSON can hold; a date or the like becomes its text."""
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)
