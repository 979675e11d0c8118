"""What a running solve tells on standard error: one live line on a terminal, plain lines elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console

    from model.events import Event

QUIET_SECONDS = 5.0


@contextmanager
def progress(console: Console, quiet: bool, log: list[Event]) -> Iterator[Callable[[Event], None]]:
    """A listener that keeps every event in `log` and shows where the solve stands."""
    if quiet:
        yield log.append
        return
    if not console.is_terminal:
        yield _PlainLines(console, log)
        return
    from rich.live import Live
    from rich.text import Text

    with Live(console=console, refresh_per_second=8) as live:

        def show(event: Event) -> None:
            log.append(event)
            live.update(Text(event_line(event)))

        yield show


class _PlainLines:
    """Prints an event when the phase or the best plan changes, and now and then in between."""

    def __init__(self, console: Console, log: list[Event]) -> None:
        self.console, self.log = console, log
        self.last: Event | None = None

    def __call__(self, event: Event) -> None:
        self.log.append(event)
        last = self.last
        if (
            last is None
            or (event.phase, event.incumbent) != (last.phase, last.incumbent)
            or event.seconds >= last.seconds + QUIET_SECONDS
        ):
            self.console.print(event_line(event), highlight=False, soft_wrap=True)
            self.last = event


def event_line(event: Event) -> str:
    """Time, phase, best plan, bound and gap in one line.

    >>> from model.events import Event
    >>> event_line(Event("plans", 3.21, incumbent=73.4e9, bound=73.1e9, gap=0.0041))
    '   3.2 s  plans           plan 73.40 bn CNY   bound 73.10 bn CNY   gap 0.41 % (300.0 m CNY)'
    """
    from model.amounts import money, percent

    parts = [f"{event.seconds:6.1f} s  {event.phase:<14}"]
    if event.incumbent is not None:
        parts.append(f"plan {money(event.incumbent)}")
    if event.bound is not None:
        parts.append(f"bound {money(event.bound)}")
    if event.gap is not None and event.incumbent is not None and event.bound is not None:
        parts.append(f"gap {percent(event.gap)} ({money(event.incumbent - event.bound)})")
    if event.message:
        parts.append(event.message)
    return "   ".join(parts).rstrip() if len(parts) == 1 else "  ".join([parts[0], "   ".join(parts[1:])])
