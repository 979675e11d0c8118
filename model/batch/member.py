"""One member of a sweep, solved where it is called: on a worker or in this process."""

from __future__ import annotations

from collections.abc import Callable
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


def solve_member(
    base: Scenario, changes: Changes, expected: tuple[str, str] | None = None, extra: Extra | None = None
) -> xr.Dataset:
    """The outcome of one member; whatever goes wrong is told in it, nothing is raised.

    `expected` is the provenance of whoever asks: a worker that has another version does not solve.
    """
    with _one_at_a_time:
        started = perf_counter()
        try:
            if expected is not None and expected != provenance():
                theirs, ours = " with catalogue ".join(provenance()), " with catalogue ".join(expected)
                return no_outcome("failed", f"the worker runs hallsite {theirs}, the sweep is planned by {ours}")
            return _solved(base, changes, extra)
        except Infeasible as error:
            return no_outcome("infeasible", "; ".join(error.requirements), perf_counter() - started)
        except NoPlan as error:
            return no_outcome("no_plan", str(error), perf_counter() - started)
        except BadInput as error:
            return no_outcome("bad_input", str(error), perf_counter() - started)
        except Exception as error:  # one broken member must not end the others
            return no_outcome("failed", f"{type(error).__name__}: {error}", perf_counter() - started)


def _solved(base: Scenario, changes: Changes, extra: Extra | None) -> xr.Dataset:
    started = perf_counter()
    scenario = with_overrides(base, changes)
    instance = _builder.build(scenario)
    built = perf_counter() - started
    solution = solve(instance, SolveOptions(**scenario.solver.model_dump()), extra=extra)
    return outcome(instance, solution, built)
