"""Solving a sweep: what is not known yet, on workers, member by member, with an estimate of the time left."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

import xarray as xr

from data.errors import BadInput
from model.batch.cluster import most_workers, workers
from model.batch.design import described
from model.batch.handing import Came, hand_over, workers_of
from model.batch.member import provenance, solve_member
from model.batch.order import Agenda, Step, steps
from model.batch.outcome import SOLVED
from model.batch.plan import SweepPlan
from model.batch.record import Member
from model.batch.store import (
    is_final,
    keep,
    keep_plan,
    kept,
    kept_plan,
    keys_in,
    known_members,
    plan_file,
    read_record,
    sweeps_in,
)

MOST_ASKED = 20  # members, for how long one takes


@dataclass(frozen=True)
class SweepEvent:
    """Where a sweep stands: `left_s` is an estimate, None before the first member; `told` the last.

    workers: None when members are solved in this very process.
    """

    done: int
    total: int
    without_plan: int
    workers: int | None
    seconds: float
    left_s: float | None = None
    told: str = ""


@dataclass(frozen=True)
class Work:
    """The plan of work: what is known already, what is left, on how many workers (0: in this process).

    scheduler: address of a dask scheduler whose workers, however many they are, take the place of ours.
    warm: members start from the plan of the nearest one that is solved, else each from nothing.
    """

    known: dict[str, str]
    todo: tuple[Member, ...]
    workers: int
    scheduler: str | None = None
    seconds_each: float | None = None  # as earlier members took, None when there are none
    limit_each_s: float = field(default=0.0)
    warm: bool = True

    @property
    def here(self) -> bool:
        """Members are solved in this very process."""
        return self.workers == 0 and self.scheduler is None

    @property
    def estimate_s(self) -> float | None:
        """Seconds the work takes if its members are like the earlier ones; None when nobody can say."""
        if self.seconds_each is None or self.scheduler is not None:
            return None
        return self.seconds_each * len(self.todo) / max(1, self.workers)

    @property
    def limit_s(self) -> float | None:
        """Seconds after which the work is done even if every solve runs into its time limit."""
        rounds = -(-len(self.todo) // max(1, self.workers))
        return rounds * self.limit_each_s if self.scheduler is None else None


Listener = Callable[[SweepEvent], None]


def plan_work(
    folder: Path,
    plan: SweepPlan,
    count: int | None = None,
    scheduler: str | None = None,
    retry: bool = False,
    take_over: bool = True,
    warm: bool = True,
) -> Work:
    """What is left to solve in a sweep folder; with `take_over` outcomes in sweeps beside it are copied."""
    known = known_members(folder, (member.key for member in plan.members), take_over)
    final = {key: status for key, status in known.items() if is_final(status, retry)}
    first = {member.key: member for member in reversed(plan.members) if member.key not in final}
    todo = tuple(sorted(first.values(), key=lambda member: member.number))
    chosen = 0 if scheduler is not None else most_workers(len(todo)) if count is None else count
    each, limit = _seconds_each(folder, plan, final), _limit_each(plan)
    return Work(final, todo, chosen, scheduler, each, limit, warm)


def run(
    folder: Path,
    plan: SweepPlan,
    work: Work,
    listen: Listener | None = None,
    stop: Callable[[], bool] | None = None,
) -> None:
    """Solve what is left and keep each outcome as it comes. Returns early when `stop` says so.

    A member that kills its workers is kept as `lost`; it does not stop the others. Raises SchedulerGone when
    the scheduler of a cluster ends; what was solved until then is kept.
    """
    if not work.todo:
        return
    told = Teller(plan, work, listen or (lambda _: None))
    told.begin()
    for member, solved in _here(folder, plan, work) if work.here else _on_workers(folder, plan, work, told):
        if member is not None and solved is not None:
            if solved.plan is not None:
                keep_plan(folder, member.key, solved.plan)
            keep(folder, member.key, solved.outcome)
            told.tell(member, solved.outcome)
        if stop is not None and stop():
            return


def _agenda(folder: Path, plan: SweepPlan, work: Work, at_once: int) -> Agenda:
    """Members in the order they are solved; the first `at_once` start from nothing, so that nobody waits."""
    if not work.warm:
        return Agenda([Step(member, None) for member in work.todo], ())
    known = {key for key in work.known if plan_file(folder, key).is_file()}
    return Agenda(steps(plan, work.todo, known, at_once), known)


def _here(folder: Path, plan: SweepPlan, work: Work) -> Iterator[Came]:
    agenda = _agenda(folder, plan, work, 1)
    while (step := agenda.next()) is not None:
        start = None if step.start is None else kept_plan(folder, step.start)
        solved = solve_member(plan.base, step.member.changes, None, plan.extra, start, work.warm)
        yield step.member, solved
        agenda.finish(step.member.key, solved.plan is not None)


def _on_workers(folder: Path, plan: SweepPlan, work: Work, told: Teller) -> Iterator[Came]:
    """Outcomes as they come; None when nothing came for a moment, so that the caller can stop."""
    with workers(work.workers, work.scheduler) as client:
        told.begin_solving()
        agenda = _agenda(folder, plan, work, work.workers if work.scheduler is None else max(1, workers_of(client)))

        def given(step: Step) -> tuple[Any, ...]:
            start = None if step.start is None else kept_plan(folder, step.start)
            return plan.base, step.member.changes, provenance(), plan.extra, start, work.warm

        yield from hand_over(client, agenda, given, len(work.todo), told)


def _seconds_each(folder: Path, plan: SweepPlan, known: dict[str, str]) -> float | None:
    """Mean seconds of some members with a plan: of this sweep, else of the latest of the same study beside it."""
    chosen = [key for key, status in known.items() if status in SOLVED]
    if (seconds := _mean_seconds(folder, chosen)) is not None:
        return seconds
    for other in reversed(sweeps_in(folder.parent)):
        if _is_like(other, plan) and (seconds := _mean_seconds(other, keys_in(other))) is not None:
            return seconds
    return None


def _mean_seconds(folder: Path, keys: Sequence[str]) -> float | None:
    found = [outcome for key in keys[:MOST_ASKED] if (outcome := kept(folder, key)) is not None]
    each = [float(one["seconds"]) + float(one["build_seconds"]) for one in found if str(one["status"].item()) in SOLVED]
    return sum(each) / len(each) if each else None


def _is_like(folder: Path, plan: SweepPlan) -> bool:
    """Whether the members of a sweep take about as long: the same study with the same fixed values."""
    try:
        other = read_record(folder)
    except BadInput:  # of another version
        return False
    return (other.scenario, other.design.fixed) == (plan.base.name, described(plan.design)["fixed"])


def _limit_each(plan: SweepPlan) -> float:
    return float(plan.design.fixed.get("solver.time_limit_s", plan.base.solver.time_limit_s))


class Teller:
    """Counts what is done and estimates what is left from the members of this run."""

    def __init__(self, plan: SweepPlan, work: Work, listen: Listener) -> None:
        self.listen, self.work = listen, work
        self.workers: int | None = None if work.here else work.workers
        self.total = len({member.key for member in plan.members})
        self.begun = self.ready = perf_counter()
        self.done = 0
        self.without_plan = sum(status not in SOLVED for status in work.known.values())

    def begin(self) -> None:
        """Tell what is known before the first member."""
        self.listen(self._event(self.work.estimate_s, ""))

    def begin_solving(self) -> None:
        """Count the time of members from here: workers are there."""
        self.ready = perf_counter()

    def tell(self, member: Member, found: xr.Dataset) -> None:
        """Count an outcome and tell it."""
        self.done += 1
        status = str(found["status"].item())
        self.without_plan += status not in SOLVED
        left = len(self.work.todo) - self.done
        each = (perf_counter() - self.ready) / max(self.done, self.workers or 1)  # all work on one before the first
        reason = f": {found['reason'].item()}" if status not in SOLVED else ""
        self.listen(self._event(each * left, f"member {member.number + 1} {status.replace('_', ' ')}{reason}"))

    def _event(self, left: float | None, told: str) -> SweepEvent:
        done = self.total - len(self.work.todo) + self.done
        seconds = perf_counter() - self.begun
        return SweepEvent(done, self.total, self.without_plan, self.workers, seconds, left, told)
