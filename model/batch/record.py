"""What a sweep is made of, as its folder tells it: enough to gather results without its scenario or a solver."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from model.batch.design import Axis, Changes, Design, described, plain

FORMAT = "hallsite sweep 1"
MEMBER = "member"


@dataclass(frozen=True)
class Member:
    """One study of a sweep. `place` is its position along the dimensions of the cube."""

    number: int
    place: tuple[int, ...]
    changes: Changes
    key: str


@dataclass(frozen=True)
class Record:
    """A sweep without its scenario: names, design, members, and what made it."""

    name: str
    scenario: str
    title: str
    scenario_hash: str
    identity: str
    versions: Mapping[str, str]
    design: Design
    members: tuple[Member, ...]
    dims: tuple[str, ...]
    shape: tuple[int, ...]


def facts_of(record: Record, saved: str) -> dict[str, Any]:
    """sweep.json: a record as plain values, and when it was saved."""
    return {
        "format": FORMAT,
        "name": record.name,
        "scenario": record.scenario,
        "title": record.title,
        "scenario_hash": record.scenario_hash,
        "saved": saved,
        "identity": record.identity,
        "versions": dict(record.versions),
        "design": described(record.design),
        "dims": list(record.dims),
        "shape": list(record.shape),
        "members": [
            {"number": m.number, "key": m.key, "changes": {p: plain(v) for p, v in m.changes.items()}}
            for m in record.members
        ],
    }


def record_of(facts: Mapping[str, Any]) -> Record:
    """The record that facts_of took apart; dates along an axis have become texts."""
    shape = tuple(facts["shape"])
    members = tuple(
        Member(one["number"], place_of(one["number"], shape), one["changes"], one["key"]) for one in facts["members"]
    )
    return Record(
        name=str(facts["name"]),
        scenario=str(facts["scenario"]),
        title=str(facts["title"]),
        scenario_hash=str(facts["scenario_hash"]),
        identity=str(facts["identity"]),
        versions=facts["versions"],
        design=_design(facts["design"]),
        members=members,
        dims=tuple(facts["dims"]),
        shape=shape,
    )


def place_of(number: int, shape: tuple[int, ...]) -> tuple[int, ...]:
    """Position of a member when the last axis runs fastest.

    >>> place_of(5, (2, 3))
    (1, 2)
    """
    place: tuple[int, ...] = ()
    for size in reversed(shape):
        number, rest = divmod(number, size)
        place = (rest, *place)
    return place


def _design(told: Mapping[str, Any]) -> Design:
    axes = tuple(
        Axis(one["path"], tuple(one["values"])) if "values" in one
        else Axis(one["path"], (), one["low"], one["high"], one["whole"])
        for one in told["axes"]
    )  # fmt: skip
    return Design(told["design"], axes, told["fixed"], told["samples"], told["seed"], tuple(told["members"]))
