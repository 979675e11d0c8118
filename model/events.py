"""What a running solve tells: one stream of events for the command line, the dashboard and scripts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Event:
    """One step of a solve. Money in CNY, present value; gap relative to the incumbent; None where not yet known."""

    phase: str
    seconds: float
    incumbent: float | None = None
    bound: float | None = None
    gap: float | None = None
    columns: int = 0
    rows: int = 0
    message: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The event as plain JSON values."""
        return asdict(self)


Listener = Callable[[Event], None]
StopRequest = Callable[[], bool]


@dataclass(frozen=True)
class SolveOptions:
    """When to stop and with what means. `gap` is relative, certified against a bound valid for the full problem.

    `effort` is how much search goes into a better plan before the bound is raised further, 1 as usual, 0 none.
    """

    gap: float = 0.005
    time_limit_s: float = 600.0
    threads: int = 2
    seed: int = 0
    effort: float = 1.0
