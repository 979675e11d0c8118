"""One member of a sweep, solved where it is called: on a worker or in this process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from time import perf_counter
from typing import Any

import xarray as xr

from data.catalogue import catalogue_fingerprint, package_version
from data.errors import BadInput
from data.scenario import Scenario
from data.scenario.reading import with_overrides
from model.batch.design import Changes
from model.batch.outcome import no_outcome, outcome
from model.batch.packing import packed, unpacked
from model.batch.shared import Builder
from model.errors import Infeasible, NoPlan
from model.events import SolveOptions
from model.solver import solve

Extra = Callable[[Any], None]
_builder = Builder()
_one_at_a_time = Lock()  # HiGHS has one scheduler per process, whatever the threads of a worker


def provenance() -> tuple[str, str]:
    """Version of hallsite and fingerprint of its catalogue where this is called."""
    return package_version(), catalogue_fingerprint()


@dataclass(frozen=True)
class Solved:
    """What came of a member: its outcome and, where there is one, its whole plan, packed."""

    outcome: xr.Dataset
    plan: bytes | None = None


def solve_member(
    base: Scenario,
    changes: Changes,
    expected: tuple[str, str] | None = None,
    extra: Extra | None = None,
    start: bytes | None = None,
    keep_plan: bool = False,
) -> Solved:
    """The outcome of one member; whatever goes wrong is told in it, nothing is raised.

    `expected` is the provenance of whoever asks: a worker that has another version does not solve.
    `start` is the plan of another member to begin from; with `keep_plan` this one's is returned as well.
    """
    with _one_at_a_time:
        started = perf_counter()
        try:
            if expected is not None and expected != provenance():
                theirs, ours = " with catalogue ".join(provenance()), " with catalogue ".join(expected)
                return _none("failed", f"the worker runs hallsite {theirs}, the sweep is planned by {ours}", started)
            return _solved(base, changes, extra, start, keep_plan)
        except Infeasible as error:
            return _none("infeasible", "; ".join(error.requirements), started)
        except NoPlan as error:
            return _none("no_plan", str(error), started)
        except BadInput as error:
            return _none("bad_input", str(error), started)
        except Exception as error:  # one broken member must not end the others
            return _none("failed", f"{type(error).__name__}: {error}", started)


def _solved(base: Scenario, changes: Changes, extra: Extra | None, start: bytes | None, keep_plan: bool) -> Solved:
    started = perf_counter()
    scenario = with_overrides(base, changes)
    instance = _builder.build(scenario)
    built = perf_counter() - started
    options = SolveOptions(**scenario.solver.model_dump())
    solution = solve(instance, options, extra=extra, start=unpacked(start))
    return Solved(outcome(instance, solution, built), packed(solution) if keep_plan else None)


def _none(status: str, reason: str, started: float) -> Solved:
    return Solved(no_outcome(status, reason, perf_counter() - started))
