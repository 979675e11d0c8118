"""What a running sweep tells on standard error: members done, time left, and members without a plan."""

from __future__ import annotations

import signal
from types import TracebackType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

    from model.batch.running import SweepEvent

QUIET_SECONDS = 5.0


class Progress:
    """A line rewritten on a terminal, lines now and then elsewhere. A polite end (SIGTERM) is a Ctrl-C."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.live: Any = None
        self.last = -QUIET_SECONDS

    def __enter__(self) -> Progress:
        self.before = signal.signal(signal.SIGTERM, signal.default_int_handler)
        if self.console.is_terminal and not self.console.quiet:
            from rich.live import Live

            self.live = Live(console=self.console, refresh_per_second=4).__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        signal.signal(signal.SIGTERM, self.before)
        if self.live is not None:
            self.live.__exit__(kind, error, trace)

    def listen(self, event: SweepEvent) -> None:
        """Take one event of the sweep."""
        from rich.text import Text

        if ":" in event.told:  # a member without a plan says why
            self.console.print(f"{event.seconds:6.1f} s  {event.told[:300]}", soft_wrap=True)
        line = sweep_line(event)
        if self.live is not None:
            self.live.update(Text(line))
        elif event.seconds >= self.last + QUIET_SECONDS or event.done in (0, event.total):
            self.console.print(line, soft_wrap=True)
            self.last = event.seconds


def sweep_line(event: SweepEvent) -> str:
    """Members done, without a plan, time left.

    >>> from model.batch.running import SweepEvent
    >>> sweep_line(SweepEvent(12, 200, 1, 2, 31.4, 492.0))
    '  31.4 s  12 of 200 members, 1 without a plan, 2 workers; about 8 min left'
    """
    without = f", {event.without_plan} without a plan" if event.without_plan else ""
    who = "in this process" if event.workers is None else f"{event.workers or 'no'} worker{'s' * (event.workers != 1)}"
    left = "" if event.left_s is None else f"; about {duration(event.left_s)} left"
    return f"{event.seconds:6.1f} s  {event.done} of {event.total} members{without}, {who}{left}"


def duration(seconds: float) -> str:
    """Seconds in words of their size.

    >>> duration(42), duration(492), duration(7300)
    ('42 s', '8 min', '2.0 h')
    """
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
