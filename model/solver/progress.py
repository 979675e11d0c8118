"""The state of a run that everyone may ask for: clock, incumbent, bound, and whether to go on."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import RLock

from model.events import Event, Listener, SolveOptions, StopRequest
from model.problem import MONEY


@dataclass
class Progress:
    """Money inside is million CNY; events tell CNY, one at a time, from whichever thread has news."""

    options: SolveOptions
    listener: Listener | None = None
    should_stop: StopRequest | None = None
    begun: float = field(default_factory=time.perf_counter)
    incumbent: float = float("inf")
    bound: float = float("-inf")
    phase: str = "build"
    phase_begun: float = field(default_factory=time.perf_counter)
    phases: dict[str, float] = field(default_factory=dict)
    columns: int = 0
    rows: int = 0
    told: float = 0.0
    stopped: bool = False
    listen: Callable[[], float] | None = None  # a bound that someone else is raising
    _one: RLock = field(default_factory=RLock, repr=False)

    @property
    def seconds(self) -> float:
        """Wall seconds since the start."""
        return time.perf_counter() - self.begun

    @property
    def left(self) -> float:
        """Wall seconds until the time limit."""
        return self.options.time_limit_s - self.seconds

    @property
    def gap(self) -> float | None:
        """Certified gap relative to the incumbent, or None while there is none."""
        if self.incumbent == float("inf") or self.bound == float("-inf"):
            return None
        return max(0.0, self.incumbent - self.bound) / max(1e-12, abs(self.incumbent))

    @property
    def close_enough(self) -> bool:
        """The gap asked for is certified."""
        return self.gap is not None and self.gap <= self.options.gap

    def enter(self, phase: str, message: str = "") -> None:
        """Begin a phase; its predecessor's time is booked."""
        now = time.perf_counter()
        self.phases[self.phase] = self.phases.get(self.phase, 0.0) + now - self.phase_begun
        self.phase, self.phase_begun = phase, now
        self.tell(message)

    def tell(self, message: str = "") -> None:
        """Send an event."""
        self.told = self.seconds
        if self.listener is not None:
            known = None if self.incumbent == float("inf") else self.incumbent / MONEY
            # A bound that is met exactly may come out a few digits above the plan.
            bound = None if self.bound == float("-inf") else min(self.bound, self.incumbent) / MONEY
            with self._one:
                self.listener(Event(self.phase, self.seconds, known, bound, self.gap, self.columns, self.rows, message))

    def improve(self, incumbent: float) -> bool:
        """Note a better plan; returns whether it is one."""
        if incumbent >= self.incumbent - 1e-9 * abs(incumbent):
            return False
        self.incumbent = incumbent
        self.tell("better plan")
        return True

    def raise_bound(self, bound: float) -> None:
        """Note a better bound."""
        if bound > self.bound:
            self.bound = bound
            if self.seconds - self.told > 0.2:
                self.tell()

    def go_on(self) -> bool:
        """Whether there is time left and nobody asked to stop."""
        if self.listen is not None:
            self.raise_bound(self.listen())
        if not self.stopped and self.should_stop is not None and self.should_stop():
            self.stopped = True
        return not self.stopped and self.left > 0
