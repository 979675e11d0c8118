"""The plan of work of a sweep: every member with its identity, before anything is solved."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

import cloudpickle

from data.errors import BadInput, Fault, raise_faults
from data.scenario import Scenario
from data.scenario.identity import content_hash
from data.scenario.paths import apply_overrides, overrides_from
from data.scenario.reading import with_overrides
from model.batch.design import Changes, Design, described, faults_of, members_of
from model.batch.member import provenance
from model.batch.record import FORMAT, MEMBER, Member, Record, place_of
from model.runs import versions

MOST_CHECKED = 50  # members whose values are checked before the work; the others tell when it is their turn


@dataclass(frozen=True)
class SweepPlan:
    """What is to be solved. `dims` are the axes of a grid; other designs have the one dimension `member`."""

    name: str
    base: Scenario
    design: Design
    members: tuple[Member, ...]
    dims: tuple[str, ...]
    shape: tuple[int, ...]
    extra: Callable[[Any], None] | None = None

    @property
    def identity(self) -> str:
        """Fingerprint of base study, design, catalogue and version."""
        facts = [
            FORMAT,
            content_hash(self.base),
            described(self.design),
            *provenance(),
            fingerprint_of(self.extra),
        ]
        return sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()

    @property
    def record(self) -> Record:
        """What the folder keeps of it."""
        return Record(
            name=self.name,
            scenario=self.base.name,
            title=self.base.title,
            scenario_hash=content_hash(self.base),
            identity=self.identity,
            versions=versions(),
            design=self.design,
            members=self.members,
            dims=self.dims,
            shape=self.shape,
        )


def plan_sweep(
    base: Scenario,
    design: Design,
    name: str = "",
    threads: int = 1,
    extra: Callable[[Any], None] | None = None,
    faults: Iterable[Fault] = (),
) -> SweepPlan:
    """Every member with the key under which its outcome is kept: hash of scenario, catalogue and version.

    Raises BadInput for a design without members and for values that no scenario accepts, all at once, behind
    `faults` that were found before.
    """
    before = list(faults)
    wrong = before if before and not design.axes else [*before, *faults_of(design)]  # what axes there are is unknown
    changes = _sketch(design) if wrong else members_of(design)
    raise_faults([*wrong, *_value_faults(base, design, changes)])
    design = replace(design, fixed={**design.fixed, "solver.threads": threads})
    grid = design.kind == "grid"
    shape = tuple(len(axis.values) for axis in design.axes) if grid else (len(changes),)
    extra_part, fixed, made_by = fingerprint_of(extra), design.fixed, provenance()
    members = tuple(
        Member(n, place_of(n, shape), fixed | change, _key(base, fixed | change, (*made_by, extra_part)))
        for n, change in enumerate(changes)
    )
    return SweepPlan(name or base.name, base, design, members, design.paths if grid else (MEMBER,), shape, extra)


def fingerprint_of(extra: Callable[[Any], None] | None) -> str:
    """What tells one set of own constraints from another; empty without any."""
    return "" if extra is None else sha256(cloudpickle.dumps(extra)).hexdigest()


def _key(base: Scenario, changes: Changes, made_by: tuple[str, ...]) -> str:
    """Identity of a member, from the form of its scenario; values without form are told when solved."""
    overrides, _ = overrides_from(changes)
    raw = apply_overrides(base.model_dump(exclude_unset=True), overrides)
    try:
        identity = content_hash(Scenario.model_validate(raw).placed(base.file))
    except ValueError:
        identity = sha256(repr(sorted(raw.items())).encode()).hexdigest()
    return sha256("|".join([FORMAT, identity, *made_by]).encode()).hexdigest()[:32]


def _value_faults(base: Scenario, design: Design, changes: list[Changes]) -> list[Fault]:
    """Check each value of a grid beside first values of the others, and first members of other designs."""
    faults: dict[Fault, None] = {}
    for trial in _trials(design, changes):
        try:
            with_overrides(base, design.fixed | trial)
        except BadInput as error:
            faults |= dict.fromkeys(error.faults)
    return list(faults)


def _trials(design: Design, changes: list[Changes]) -> list[Changes]:
    if design.kind != "grid" or not changes:
        return changes[:MOST_CHECKED]
    first = changes[0]
    others = [first | {axis.path: value} for axis in design.axes for value in axis.values[1:]]
    return [first, *others][:MOST_CHECKED]


def _sketch(design: Design) -> list[Changes]:
    """Members of a design that has faults, good enough to find those of its values."""
    listed = [dict(member) for member in design.listed]
    named = {axis.path: axis.values[0] for axis in design.axes if axis.values}
    return [named, *listed] if named else listed
