"""In which order members are solved, and from which member's plan each of them starts."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Any

import numpy as np

from model.batch.plan import SweepPlan
from model.batch.record import Member

Array = np.ndarray[Any, Any]
MOST_STARTS = 2000  # members that others start from: enough to be near, few enough to be found at once
MOST_KINDS = 50  # of values that are no numbers; more of them tell little about nearness


@dataclass(frozen=True)
class Step:
    """A member to be solved, and the key of the one whose plan it starts from (None: from nothing)."""

    member: Member
    start: str | None


def steps(plan: SweepPlan, todo: Collection[Member], known: Collection[str], cold: int) -> list[Step]:
    """Every member of `todo` once: each time the one farthest from all before it, starting from the nearest.

    known: keys of members whose plans are at hand. cold: how many members may start from nothing, so that no
    worker waits for the first plan. The order rests on these alone, so asking again gives the same.
    """
    given = [member for member in _once(plan.members) if member.key in known]
    wanted = sorted(todo, key=lambda member: member.number)
    members = [*given, *wanted]
    found = farthest_first(positions([_along(plan, member) for member in members]), len(given), cold)
    return [Step(members[at], None if start is None else members[start].key) for at, start in found]


def farthest_first(points: Array, given: int, cold: int) -> list[tuple[int, int | None]]:
    """The points after the first `given`, ordered, each with the nearest of the points before it.

    points: [point, coordinate]. The first `cold` of all start from none. Ties go to the lower number.

    >>> farthest_first(np.array([[0.0], [1.0], [0.5], [0.2]]), 0, 1)
    [(2, None), (0, 2), (1, 2), (3, 0)]
    """
    count = len(points)
    nearest, distance = np.full(count, -1), np.full(count, np.inf)
    order: list[tuple[int, int | None]] = []

    def place(at: int) -> None:
        apart = np.linalg.norm(points - points[at], axis=1)
        closer = apart < distance
        nearest[closer], distance[closer] = at, apart[closer]
        distance[at] = -1.0  # is no candidate any more

    for at in range(min(given, MOST_STARTS)):
        place(at)
    distance[:given] = -1.0
    while len(order) < count - given and len(order) < MOST_STARTS:
        before = given + len(order)
        at = int(np.argmax(distance)) if before else _middle(points)
        order.append((at, None if before < max(1, cold) else int(nearest[at])))
        place(at)
    left = np.flatnonzero(distance >= 0)
    return order + [(int(at), int(nearest[at])) for at in left]


def positions(values: list[dict[str, Any]]) -> Array:
    """Where members lie in their design, [member, coordinate]: numbers from 0 to 1, other values apart by 1.

    >>> positions([{"a": 0, "b": "x"}, {"a": 50, "b": "x"}, {"a": 200, "b": "y"}])[:, 0].tolist()
    [0.0, 0.25, 1.0]
    """
    paths = list(dict.fromkeys(path for one in values for path in one))
    columns = [column for path in paths for column in _columns([one.get(path) for one in values])]
    return np.column_stack(columns) if columns else np.zeros((len(values), 1))


class Agenda:
    """Members in their order; one whose start is still being solved waits for it."""

    def __init__(self, planned: Iterable[Step], finished: Iterable[str]) -> None:
        self._start = {step.member.key: step.start for step in planned}
        self._steps = {step.member.key: (place, step) for place, step in enumerate(planned)}
        self._ready: list[tuple[int, str]] = []
        self._waiting: dict[str, list[str]] = {}
        self._plans = set(finished)
        for key, start in self._start.items():
            if start is None or start in self._plans:
                self._make_ready(key)
            else:
                self._waiting.setdefault(start, []).append(key)

    def next(self) -> Step | None:
        """The first member that may begin, with the nearest start that has a plan; None when all wait."""
        if not self._ready:
            return None
        _, key = heappop(self._ready)
        return Step(self._steps[key][1].member, self._with_plan(self._start[key]))

    def finish(self, key: str, has_plan: bool) -> None:
        """A member is done: who waited for it may begin, from its plan or else from what it started from."""
        if has_plan:
            self._plans.add(key)
        for waiting in self._waiting.pop(key, ()):
            self._make_ready(waiting)

    def _make_ready(self, key: str) -> None:
        heappush(self._ready, (self._steps[key][0], key))

    def _with_plan(self, key: str | None) -> str | None:
        while key is not None and key not in self._plans:
            key = self._start.get(key)
        return key


def _once(members: Iterable[Member]) -> list[Member]:
    first: dict[str, Member] = {}
    for member in members:
        first.setdefault(member.key, member)
    return list(first.values())


def _along(plan: SweepPlan, member: Member) -> dict[str, Any]:
    return {path: member.changes.get(path) for path in plan.design.paths}


def _middle(points: Array) -> int:
    return int(np.argmin(np.linalg.norm(points - points.mean(axis=0), axis=1)))


def _columns(values: list[Any]) -> list[Array]:
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        numbers = np.array(values, dtype=float)
        spread = float(np.ptp(numbers))
        return [(numbers - numbers.min()) / spread] if spread > 0 else []
    told = np.array([repr(value) for value in values])
    kinds = np.unique(told)
    return [(told == kind) / np.sqrt(2) for kind in kinds] if 1 < len(kinds) <= MOST_KINDS else []
