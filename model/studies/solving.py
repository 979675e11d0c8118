"""How the solves inside a study are run, told apart and stopped."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from time import perf_counter

import xarray as xr

from model.events import Event, Listener, SolveOptions, StopRequest


class StoppedEarly(Exception):
    """Who asked for a study asked to stop before it had an answer."""


@dataclass(frozen=True)
class Solving:
    """Options, listener and stop request that every solve of a study shares."""

    options: SolveOptions = field(default_factory=SolveOptions)
    on_event: Listener | None = None
    should_stop: StopRequest | None = None

    def solve(self, instance: xr.Dataset, label: str) -> xr.Dataset:
        """Solve one instance of the study; its events begin with the label. Raises as model.solver.solve."""
        from model.solver import solve

        return solve(instance, self.options, self._labelled(label), self.should_stop)

    def tell(self, phase: str, started: float, message: str) -> None:
        """Say where a study stands that solves nothing; `started` by perf_counter. Raises StoppedEarly if asked to."""
        if self.should_stop is not None and self.should_stop():
            raise StoppedEarly(message)
        if self.on_event is not None:
            self.on_event(Event(phase, perf_counter() - started, message=message))

    def _labelled(self, label: str) -> Listener | None:
        if (listen := self.on_event) is None:
            return None

        def tell(event: Event) -> None:
            listen(replace(event, message=f"{label}: {event.message}" if event.message else label))

        return tell


def gap_cny(solution: xr.Dataset) -> float:
    """What a better plan could save at most, CNY."""
    return max(0.0, float(solution.attrs["objective_cny"]) - float(solution.attrs["bound_cny"]))


def opened(solution: xr.Dataset) -> set[str]:
    """Sites with new halls in the last period."""
    halls = solution["built_halls"].sum("hall_type").isel(period=-1)
    return {str(site) for site in halls["site"].values[halls.values > 0]}
